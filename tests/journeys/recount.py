"""Recounts every measure of a round from the cells of the returned workbooks, in plain Python, without the program.

It knows the CSV files of the instrument, the frame of the round, and which files count (returns.csv); from the
program it takes nothing. Where a measure has a definition, it is written here a second time, from the documentation.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from fractions import Fraction
from functools import cached_property
from itertools import product
from pathlib import Path
from statistics import median, quantiles
from typing import Any

import pyarrow.parquet as pq

from tests.journeys.returned_cells import Cell, Declaration, read, table

Rows = dict[tuple[Any, ...], tuple[Any, ...]]
"""The rows of a measure by their key."""

_SCOPE = ("scope", "section", "indicator")
MEASURES: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "unit_response": (
        ("round",),
        ("frame_size", "participants", "returned", "responding", "return_rate", "response_rate"),
    ),
    "item_nonresponse": (
        ("indicator", "field"),
        ("responding", "applicable", "answered", "nothing_to_report", "nonresponse", "nonresponse_rate"),
    ),
    "level_distribution": (
        (*_SCOPE, "level"),
        ("count", "responding", "applicable", "share_of_responding", "share_of_applicable"),
    ),
    "share_met": (
        _SCOPE,
        (
            "participants", "not_applicable", "applicable", "known", "met", "met_at_most",
            "share_of_known", "share_at_least", "share_at_most",
            "unknown_no_return", "unknown_not_accepted", "unknown_item",
        ),
    ),
    "section_scores": (
        ("respondent", "section"),
        (
            "items", "applicable_items", "answered_items", "coverage", "score", "median_level",
            "at_level_0", "at_level_1", "at_level_2", "at_level_3", "at_level_4",
        ),
    ),
    "composite": (
        ("respondent", "weighting"),
        ("composite", "rank", "best_rank", "worst_rank", "lowest_composite", "highest_composite"),
    ),
    "adoption": (
        ("indicator", "field", "year"),
        ("adopted_in_year", "adopted_by_year", "with_year", "responding", "participants"),
    ),
    "level_change": (_SCOPE, ("matched", "higher", "same", "lower", "mean_change")),
    "level_transitions": ((*_SCOPE, "previous_level", "level"), ("count",)),
    "bilateral": (
        ("list", "indicator", "respondent", "partner"),
        ("respondent_names_partner", "partner_names_respondent", "consistency"),
    ),
    "sums": (
        ("table", "indicator", "column", "unit"),
        (
            "sum", "reporting", "participants", "not_applicable",
            "unknown_no_return", "unknown_not_accepted", "unknown_item", "unknown_suppressed",
        ),
    ),
    "quartiles": (
        ("table", "indicator", "column", "unit"),
        ("reporting", "lowest", "lower_quartile", "median", "upper_quartile", "highest"),
    ),
}  # fmt: skip
"""Of each measure its key, and the columns that a method of `Recount` of the same name gives."""

LEVELS, YEARS = (0, 1, 2, 3, 4), ("year_adopted",)
_IDLE = ("not_applicable", "skipped")


def published(folder: Path, measure: str) -> Rows:
    """The rows of a measure as the program published them."""
    key, columns = MEASURES[measure]
    rows = pq.read_table(folder / f"measure_{measure}.parquet").to_pylist()
    return {tuple(row[name] for name in key): tuple(row[name] for name in columns) for row in rows}


def differences(found: Rows, recounted: Rows) -> list[str]:
    """Each row that one of them lacks, or of which a figure is not the same."""
    return [
        f"{key}: {found.get(key)}, recounted {recounted.get(key)}"
        for key in sorted(found.keys() | recounted.keys(), key=str)
        if not _same(found.get(key, ()), recounted.get(key, ()))
    ]


def _same(one: tuple[Any, ...], other: tuple[Any, ...]) -> bool:
    if len(one) != len(other):
        return False
    return all(
        a == b or (_is_number(a, b) and math.isclose(a, b, rel_tol=1e-12)) for a, b in zip(one, other, strict=True)
    )


def _is_number(*values: Any) -> bool:
    return all(isinstance(value, int | float | Fraction) for value in values)


def hidden_in(folder: Path) -> frozenset[tuple[str, str, str]]:
    """The respondent, indicator and question of each answer that a folder does not show, as its tables say."""
    end = "__answer_status"
    return frozenset(
        (row["respondent"], row["indicator"], name.removesuffix(end))
        for path in folder.glob("type_*.csv")
        for row in table(path)
        for name, value in row.items()
        if name.endswith(end) and value == "suppressed"
    )


class Recount:
    """The measures of a round, each as rows by key.

    `hidden` are the answers that an edition does not show, `previous` the levels of the previous round, by respondent.
    """

    def __init__(
        self,
        round_: Path,
        instrument: Path,
        returns: Path,
        hidden: frozenset[tuple[str, str, str]] = frozenset(),
        previous: Mapping[str, Mapping[str, int | None]] | None = None,
    ) -> None:
        self.declared = Declaration(instrument)
        self.frame = table(round_ / "respondents.csv")
        self.asked = [row["respondent"] for row in self.frame if row["participates"] == "yes"]
        rows = table(returns)
        # A file that cannot be used came from whom its name names.
        self.came = {row["respondent"] or row["file"].partition("_")[0] for row in rows}
        counted = {row["respondent"]: row["file"] for row in rows if row["verdict"] == "accepted"}
        self.books = {
            code: read(round_ / "returns" / counted[code], self.declared) for code in self.asked if code in counted
        }
        self.indicators = list(self.declared.met_from)
        self.hidden, self.previous = hidden, previous or {}

    @cached_property
    def scopes(self) -> dict[tuple[str, str, str], list[str]]:
        """The indicators that a row of sums is about."""
        found = {("indicator", code[0], code): [code] for code in self.indicators}
        for section in self.declared.sections:
            found["section", section, ""] = [code for code in self.indicators if code[0] == section]
        return found | {("all", "", ""): self.indicators}

    @property
    def levels(self) -> dict[str, dict[str, int | None]]:
        """The level of each indicator, by respondent: what the next round calls the previous ones."""
        return {code: {one: book.level(one) for one in self.indicators} for code, book in self.books.items()}

    def cell(self, respondent: str, indicator: str, name: str = "status") -> Cell | None:
        book = self.books.get(respondent)
        return None if book is None else book.cells.get((indicator, name))

    def unit_response(self) -> Rows:
        asked, returned, counted = len(self.asked), len(self.came & set(self.asked)), len(self.books)
        return {("demo",): (len(self.frame), asked, returned, counted, returned / asked, counted / asked)}

    def item_nonresponse(self) -> Rows:
        found: Rows = {}
        fields = {key for book in self.books.values() for key in book.cells}
        for indicator, name in fields:
            if self.declared.questions[name]["type"] == "computed":
                continue
            states = Counter(cell.state for code in self.books if (cell := self.cell(code, indicator, name)))
            unanswered = sum(states[state] for state in ("blank", "not_available", "confidential", "unreadable"))
            applicable = sum(states.values()) - states["skipped"] - states["not_applicable"]
            found[indicator, name] = (
                len(self.books), applicable, states["answered"], states["nothing_to_report"], unanswered,
                unanswered / applicable if applicable else None,
            )  # fmt: skip
        return found

    def _pairs(self, members: Iterable[str]) -> list[Cell | None]:
        return [self.cell(respondent, code) for respondent, code in product(self.asked, members)]

    def level_distribution(self) -> Rows:
        found: Rows = {}
        for scope, members in self.scopes.items():
            cells = [cell for cell in self._pairs(members) if cell is not None]
            responding, applicable = len(cells), sum(cell.state not in _IDLE for cell in cells)
            at = Counter(int(cell.value) for cell in cells if cell.value is not None)
            for level in LEVELS:
                shares = (at[level] / responding, at[level] / applicable)
                found[(*scope, level)] = (at[level], responding, applicable, *shares)
        return found

    def share_met(self) -> Rows:
        found: Rows = {}
        for scope, members in self.scopes.items():
            counts: Counter[str] = Counter()
            for respondent, code in product(self.asked, members):
                cell = self.cell(respondent, code)
                if cell is None:
                    counts["not_accepted" if respondent in self.came else "no_return"] += 1
                elif cell.state in _IDLE:
                    counts["idle"] += 1
                elif cell.value is None:
                    counts["item"] += 1
                else:
                    counts["known"] += 1
                    counts["met"] += int(cell.value) >= self.declared.met_from[code]
            participants, met, known = len(self.asked) * len(members), counts["met"], counts["known"]
            applicable = participants - counts["idle"]
            at_most = met + (applicable - known)
            found[scope] = (
                participants, counts["idle"], applicable, known, met, at_most,
                met / known, met / applicable, at_most / applicable,
                counts["no_return"], counts["not_accepted"], counts["item"],
            )  # fmt: skip
        return found

    def section_scores(self) -> Rows:
        found: Rows = {}
        for respondent, section in product(self.asked, self.declared.sections):
            members = self.scopes["section", section, ""]
            book = self.books.get(respondent)
            if book is None:
                found[respondent, section] = (len(members), *[None] * 10)
                continue
            applicable = sum(book.cells[code, "status"].state not in _IDLE for code in members)
            levels = [level for code in members if (level := book.level(code)) is not None]
            coverage = Fraction(len(levels), applicable)
            score = 100 * Fraction(sum(levels), 4 * len(levels)) if coverage >= Fraction(3, 4) else None
            at = [levels.count(level) for level in LEVELS]
            found[respondent, section] = (
                len(members), applicable, len(levels), coverage, score, median(levels) if levels else None, *at,
            )  # fmt: skip
        return found

    def composite(self) -> Rows:
        sections = self.declared.sections
        scores = {key: row[4] for key, row in self.section_scores().items()}
        whole = [code for code in self.asked if all(scores[code, section] is not None for section in sections)]
        weights = {"equal": (1, 1, 1), "items": tuple(len(self.scopes["section", one, ""]) for one in sections)}
        for place, section in enumerate(sections):
            weights[f"double_{section}"] = tuple(1 + (place == other) for other in range(3))
            weights[f"without_{section}"] = tuple(int(place != other) for other in range(3))
        values = {
            (code, name): Fraction(
                sum(w * scores[code, one] for w, one in zip(given, sections, strict=True)), sum(given)
            )
            for code, (name, given) in product(whole, weights.items())
        }
        ranks = {
            (code, name): 1 + sum(values[other, name] > value for other in whole)
            for (code, name), value in values.items()
        }
        return {
            (code, name): (
                value, ranks[code, name],
                min(ranks[code, other] for other in weights), max(ranks[code, other] for other in weights),
                min(values[code, other] for other in weights), max(values[code, other] for other in weights),
            )
            for (code, name), value in values.items()
        }  # fmt: skip

    def adoption(self) -> Rows:
        found: Rows = {}
        for indicator, name in product(self.indicators, YEARS):
            cells = (self.cell(code, indicator, name) for code in self.books)
            years = Counter(int(cell.value) for cell in cells if cell is not None and cell.value is not None)
            for year in years:
                by = sum(count for other, count in years.items() if other <= year)
                found[indicator, name, year] = (years[year], by, years.total(), len(self.books), len(self.asked))
        return found

    def _moves(self, members: Iterable[str]) -> list[tuple[int, int]]:
        return [
            (earlier, level)
            for code, indicator in product(self.books, members)
            if (earlier := self.previous.get(code, {}).get(indicator)) is not None
            and (level := self.books[code].level(indicator)) is not None
        ]

    def level_change(self) -> Rows:
        found: Rows = {}
        for scope, members in self.scopes.items():
            steps = [level - earlier for earlier, level in self._moves(members)]
            up, down = sum(step > 0 for step in steps), sum(step < 0 for step in steps)
            mean = Fraction(sum(steps), len(steps)) if steps else None
            found[scope] = (len(steps), up, len(steps) - up - down, down, mean)
        return found

    def level_transitions(self) -> Rows:
        return {
            (*scope, *pair): (count,)
            for scope, members in self.scopes.items()
            for pair, count in Counter(self._moves(members)).items()
        }

    def bilateral(self) -> Rows:
        named: dict[str, set[tuple[str, str]]] = defaultdict(set)
        for respondent, book in self.books.items():
            for line in book.lines:
                if line["partner"]:
                    named[""].add((respondent, line["partner"]))
                    if line["form"] == "BILATERAL":
                        named[line["indicator"]].add((respondent, line["partner"]))
        in_frame = {row["respondent"] for row in self.frame}
        found: Rows = {}
        for indicator, pairs in named.items():
            for one, other in {(min(pair), max(pair)) for pair in pairs if pair[1] in in_frame}:
                said = [pair in pairs if pair[0] in self.books else None for pair in ((one, other), (other, one))]
                consistency = "unknown" if None in said else "confirmed" if all(said) else "contradicted"
                found["agreements", indicator, one, other] = (*said, consistency)
        return found

    def sums(self) -> Rows:
        found = dict(self._sums_of_questions())
        for indicator in {line["indicator"] for book in self.books.values() for line in book.lines}:
            own = {
                code: [line for line in book.lines if line["indicator"] == indicator]
                for code, book in self.books.items()
            }
            lines, reporting = sum(map(len, own.values())), sum(map(bool, own.values()))
            absent = [code for code in self.asked if code not in self.books]
            came = sum(code in self.came for code in absent)
            found["agreements", indicator, "", ""] = (
                lines, reporting, len(self.asked), None, len(absent) - came, came, None, 0,
            )  # fmt: skip
        return found

    def quartiles(self) -> Rows:
        types = ("whole_number", "number", "percent", "amount", "computed")
        counted = {name for name, row in self.declared.questions.items() if row["type"] in types}
        found: Rows = {}
        for indicator, name in {key for book in self.books.values() for key in book.cells if key[1] in counted}:
            for unit, numbers in _by_unit(self._shown(indicator, name)[1]).items():
                # The statistics module needs two numbers; of one, everything is that one.
                three = quantiles(numbers * 2 if len(numbers) == 1 else numbers, n=4, method="inclusive")
                kind = f"type_{self.declared.types[indicator].lower()}"
                found[kind, indicator, name, unit] = (len(numbers), min(numbers), *three, max(numbers))
        return found

    def _shown(self, indicator: str, name: str) -> tuple[list[str], list[Cell]]:
        """Who shows an answer to a question, and what it says."""
        shown = [code for code in self.books if (code, indicator, name) not in self.hidden]
        cells = ((code, cell) for code in shown if (cell := self.cell(code, indicator, name)) is not None)
        return shown, [self._in_its_currency(code, indicator, name, cell) for code, cell in cells]

    def _in_its_currency(self, respondent: str, indicator: str, name: str, cell: Cell) -> Cell:
        """A number with the currency of the amount that its line of questions.csv names."""
        amount = self.declared.questions[name]["sums"]
        if amount in ("", "no") or cell.value is None:
            return cell
        other = self.cell(respondent, indicator, amount)
        currency = other.value[1] if other is not None and isinstance(other.value, tuple) else ""
        return replace(cell, value=(cell.value, currency))

    def _sums_of_questions(self) -> Iterator[tuple[tuple[Any, ...], tuple[Any, ...]]]:
        counted = {
            name
            for name, row in self.declared.questions.items()
            if row["type"] in ("whole_number", "amount") and row["sums"] != "no"
        }
        fields = {key for book in self.books.values() for key in book.cells if key[1] in counted}
        absent = [code for code in self.asked if code not in self.books]
        came = sum(code in self.came for code in absent)
        for indicator, name in fields:
            shown, cells = self._shown(indicator, name)
            idle = sum(cell.state in (*_IDLE, "nothing_to_report") for cell in cells)
            by_unit = _by_unit(cells)
            known = sum(map(len, by_unit.values()))
            missing = (idle, len(absent) - came, came, len(cells) - idle - known, len(self.books) - len(shown))
            kind = f"type_{self.declared.types[indicator].lower()}"
            for unit, numbers in (by_unit or {"": []}).items():
                total = math.fsum(numbers) if numbers else None
                yield (kind, indicator, name, unit), (total, len(numbers), len(self.asked), *missing)


def _by_unit(cells: Iterable[Cell]) -> dict[str, list[float]]:
    """The numbers that were given, by what they count."""
    found: dict[str, list[float]] = defaultdict(list)
    for cell in cells:
        if cell.value is not None:
            number, unit = cell.value if isinstance(cell.value, tuple) else (cell.value, "")
            found[unit].append(float(number))
    return found
