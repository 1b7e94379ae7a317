"""Writes the rows of the design sheets as the text files of an instrument, and keeps where each line comes from."""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from questionnaire.design_sheets.plan import (
    EDITIONS,
    INDICATORS,
    LISTS,
    QUESTIONS,
    README,
    REFERENCES,
    RULES,
    SECTIONS,
    SETTING_TEXTS,
    SETTINGS,
    TABLES,
    TYPES,
    WORDINGS,
    Holds,
    plan_of,
)
from questionnaire.design_sheets.rows import DesignRow, DesignRows, objective_of
from questionnaire.design_sheets.toml_values import pairs, toml_value
from questionnaire.indicator_table.plain_table import HEADS
from questionnaire.tables import Spot
from questionnaire.tables_written import inline, quoted

TABLE = "table.csv"
"""The file of the indicator table."""

_NOT_KEYS = ("table", "part")
"""Columns of the sheet Tables that say to what a line belongs."""

From = tuple[str, DesignRow]
"""The sheet and the row that something was written from."""


@dataclass(frozen=True)
class DesignFiles:
    """The texts of the files by name, and what each line or entry of them comes from."""

    texts: Mapping[str, str]
    lines: Mapping[tuple[str, int | str], From]

    def origin(self, spot: Spot) -> tuple[str, DesignRow, str] | None:
        """The sheet, the row and the column or key that a place in a file comes from; None for one of no row."""
        part, name = spot.part, spot.name
        while (spot.file, part) not in self.lines:
            if not isinstance(part, str) or not part:
                return None
            part, _, last = part.rpartition(".")
            name = last or name
        sheet, row = self.lines[spot.file, part]
        if row.get("part") == "cannot_occur":
            name = "codes"
        return sheet, row, name.replace(".", "_")


def design_files(rows: DesignRows, table: str = TABLE) -> DesignFiles:
    """The files of an instrument with these rows; `table` is what the file of its indicator table is called."""
    writer = _Writer(rows)
    writer.settings(table)
    writer.indicators(table)
    for file, sheet in (("indicator_types.csv", TYPES), ("questions.csv", QUESTIONS), ("codelists.csv", LISTS)):
        writer.table(file, sheet, rows.sheets[sheet], [one.name for one in plan_of(sheet).columns])
    for file, sheet in (("editions.csv", EDITIONS), ("wordings_before.csv", WORDINGS)):
        if rows.sheets[sheet]:
            writer.table(file, sheet, rows.sheets[sheet], [one.name for one in plan_of(sheet).columns])
    writer.rules()
    writer.blocks("lists.toml", "list")
    writer.blocks("tables.toml", "table")
    writer.translations()
    return DesignFiles(writer.texts, writer.lines)


class _Writer:
    """Writes one file after the other."""

    def __init__(self, rows: DesignRows) -> None:
        self.rows = rows
        self.texts: dict[str, str] = {}
        self.lines: dict[tuple[str, int | str], From] = {}

    def table(self, file: str, sheet: str, rows: Iterable[DesignRow], columns: Sequence[str]) -> None:
        """A CSV file of these columns, texts with their languages."""
        heads: list[str] = []
        wordings = plan_of(sheet).wordings
        for column in columns:
            heads += [f"{column}_{language}" for language in self.rows.languages] if column in wordings else [column]
        self.csv(file, heads, ((sheet, row, [row.get(head) for head in heads]) for row in rows))

    def csv(self, file: str, heads: Sequence[str], lines: Iterable[tuple[str, DesignRow, Sequence[str]]]) -> None:
        texts = [_csv_line(heads)]
        number = 2
        for sheet, row, cells in lines:
            self.lines[file, number] = sheet, row
            texts.append(_csv_line(cells))
            number += texts[-1].count("\n")
        self.texts[file] = "".join(texts)

    def settings(self, table: str) -> None:
        """instrument.toml."""
        row = self.rows.settings
        self.lines["instrument.toml", ""] = README, row
        lines = []
        for name in SETTINGS:
            text = row.get(name)
            if name in ("languages", "core_questions"):
                lines.append(f"{name} = [{', '.join(map(quoted, text.split()))}]")
            elif text:
                lines.append(f"{name} = {quoted(text)}")
        lines.append(f"table = {quoted(table)}")
        for name in SETTING_TEXTS:
            if wording := self.rows.in_order(row.wording(name)):
                lines += ["", f"[{name}]", *(f"{language} = {quoted(text)}" for language, text in wording.items())]
        for number, section in enumerate(self.rows.sheets[SECTIONS], 1):
            self.lines["instrument.toml", f"section {number}"] = SECTIONS, section
            lines += ["", "[[section]]", *self.keys(section, SECTIONS)]
        for number, reference in enumerate(self.rows.sheets[REFERENCES], 1):
            self.lines["instrument.toml", f"reference {number}"] = REFERENCES, reference
            lines += ["", "[[reference]]", *self.keys(reference, REFERENCES)]
        self.texts["instrument.toml"] = "\n".join(lines) + "\n"

    def indicators(self, table: str) -> None:
        """The indicator table, and indicators.csv."""
        official, rows = self.rows.official, self.rows.sheets[INDICATORS]
        # Of two sections with one code the first is meant; the reader of the declaration reports the other.
        headings = {row.get("code"): row.get(f"heading_{official}") for row in reversed(self.rows.sheets[SECTIONS])}
        # A code that no section has is written as it is: the reader of the declaration says that there is none.
        listed = [
            (
                INDICATORS,
                row,
                [
                    row.get("indicator"),
                    headings.get(row.get("section"), row.get("section")),
                    row.get("objective_code"),
                    row.get(f"objective_{official}"),
                    row.get(f"text_{official}"),
                ],
            )
            for row in rows
        ]
        self.csv(table, HEADS, listed)
        columns = ("indicator", "indicator_type", "questions", "met_from_level", "reference", "help", "note")
        self.table("indicators.csv", INDICATORS, rows, columns)

    def keys(self, row: DesignRow, sheet: str, code: str = "") -> Iterator[str]:
        """The cells of a row as keys of a TOML file; a heading is in the official language alone."""
        if code:
            yield f"code = {quoted(code)}"
        for column in plan_of(sheet).columns:
            text = row.get(column.name)
            if column.name == "heading":
                yield f"heading = {quoted(row.get(f'heading_{self.rows.official}'))}"
            elif column.holds is Holds.WORDING:
                if wording := self.rows.in_order(row.wording(column.name)):
                    yield f"{column.name} = {inline(wording)}"
            elif column.name == "codes":
                yield from (f"{quoted(name)} = {quoted(code)}" for name, code in pairs(text).items())
            elif (text or column.name == "scope") and column.name not in _NOT_KEYS:
                yield f"{column.name} = {toml_value(text, column.holds)}"

    def rules(self) -> None:
        """rules.toml."""
        lines: list[str] = []
        for number, row in enumerate(self.rows.sheets[RULES], 1):
            self.lines["rules.toml", f"rule {number}"] = RULES, row
            lines += ["", "[[rule]]", *self.keys(row, RULES)]
        self.texts["rules.toml"] = "\n".join(lines[1:]) + "\n"

    def blocks(self, file: str, word: str) -> None:
        """lists.toml or tables.toml: the lines of the sheet that begin with such a part, each with what follows it."""
        lines: list[str] = []
        counts: dict[str, int] = {}
        within = ""
        column = ""
        for row in self.rows.sheets[TABLES]:
            part = row.get("part")
            if part in ("list", "table"):
                within = ""
            if part == word:
                counts[word] = counts.get(word, 0) + 1
                within = f"{word} {counts[word]}"
                counts = {word: counts[word]}
            if not within:
                continue
            place, heading = _placed(part, word, within, column, counts)
            column = place if part == "column" else column
            self.lines[file, place] = TABLES, row
            lines += ["", heading, *self.keys(row, TABLES, row.get("table") if part == word else "")]
        if lines:
            self.texts[file] = "\n".join(lines[1:]) + "\n"

    def translations(self) -> None:
        """translations.csv: the table in further languages, and beside it what is translated."""
        official = self.rows.official
        others = [language for language in self.rows.languages if language != official]
        lines = []
        seen: set[tuple[str, str]] = set()
        sections = {row.get("code") for row in self.rows.sheets[SECTIONS]}
        for kind, sheet, column in (
            ("section", SECTIONS, "heading"),
            ("objective", INDICATORS, "objective"),
            ("indicator", INDICATORS, "text"),
        ):
            for row in self.rows.sheets[sheet]:
                own = "code" if kind == "section" else "indicator"
                code = objective_of(row) if kind == "objective" else row.get(own)
                original = row.get(f"{column}_{official}")
                texts = [row.get(f"{column}_{language}") for language in others]
                is_placed = not sections or sheet == SECTIONS or row.get("section") in sections
                if others and is_placed and (kind, code) not in seen:
                    seen.add((kind, code))
                    lines.append((sheet, row, [kind, code, original, *texts]))
        if lines:
            self.csv("translations.csv", ["kind", "code", "original", *others], lines)


def _csv_line(cells: Sequence[str]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerow(cells)
    return text.getvalue()


def _placed(part: str, word: str, within: str, column: str, counts: dict[str, int]) -> tuple[str, str]:
    """What a part is called where a fault is reported, and its heading in the file."""
    if part == word:
        return within, f"[[{word}]]"
    if part in ("across", "bilateral"):
        return f"{within}.{part}", f"[{word}.{part}]"
    parent = column if part == "option" and column.startswith(within) else within
    counted = f"{parent}.{part}"
    counts[counted] = counts.get(counted, 0) + 1
    path = f"{word}.column.option" if part == "option" else f"{word}.{part}"
    return f"{counted} {counts[counted]}", f"[[{path}]]"
