"""Numbers in units that the respondent chooses: sheet, evaluator and vectorised checks convert and judge them alike."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import isnan
from pathlib import Path
from random import Random
from typing import Any

import pytest

from pipeline.findings import Finding
from pipeline.reading.tidy import tidy
from pipeline.receiving.receive import receive_file
from pipeline.simulation.fill import CellValue, FilledWorkbook
from pipeline.validation.validate import validate
from questionnaire.addresses import column_letter
from questionnaire.layout import CHECK, GUIDANCE, Column, Layout, TableSheet
from questionnaire.rounds.round import Round
from questionnaire.rules.evaluate import Answer, Answers
from questionnaire.rules.rule import Severity
from questionnaire.sheet_names import tab_names
from questionnaire.workbook.formulas.checks import Sign
from schemas.answers_table import answers_frame
from tests.engines import Engine, IronCalc, engine_named, in_other_programs
from tests.given import following, write_questionnaire
from tests.office import AS_IT_IS
from tests.with_units import units_round

SETS = 6
VALUES: Mapping[str, tuple[CellValue, ...]] = {
    "lasted": (0, 0.5, 1, 2, 2.1, 24, 24.5, 49, 1005, None, "many"),
    "lasted.unit": ("Days", "Months", "Years", "Ages", "YEAR", None, "Decades"),
    "reached": (0, 3, 700, 1200, None),
    "reached.unit": ("Persons", "Households", None),
    "aimed": (0, 2, 800, 1200, None, "ND"),
    "aimed.unit": ("Persons", "Households", None),
    "herd": (0, 1, 14, 3.5, None),
    "herd.unit": ("Head", "Dozens", None),
    "spent": (0, 100, 2000, None),
    "spent.currency": ("EUR", "USD", None),
    "planned": (0, 150, 900, None),
    "planned.currency": ("EUR", "USD", None),
}

FIXED: tuple[Mapping[str, CellValue], ...] = (
    {
        "lasted": 3, "lasted.unit": "Years", "reached": 1200, "reached.unit": "Persons", "aimed": 1100,
        "aimed.unit": "Persons", "spent": 2000, "spent.currency": "EUR", "planned": 900, "planned.currency": "EUR",
    },
    {
        "lasted": 48, "lasted.unit": "Days", "reached": 1200, "reached.unit": "Persons", "aimed": 1100,
        "aimed.unit": "Households", "spent": 2000, "spent.currency": "EUR", "planned": 900, "planned.currency": "USD",
    },
)  # fmt: skip
"""The same numbers in one unit, which break rules, and in several, which are not compared."""

LINES: Mapping[str, Mapping[str, tuple[CellValue, ...]]] = {
    "assets": {
        "indicator": ("One thing",), "size": (90, 20, 3, None), "size_unit": ("Head", "Dozens", None),
        "lost": (95, 2, None), "lost_unit": ("Head", "Dozens", None),
    },
    "held": {"held": (3, 5, None), "share": (0.5, None)},
    "sold": {"sold_low": (4, 1, None), "sold_mid": (7, None)},
}  # fmt: skip
"""What is typed into the two first lines of the list and of each table."""

CHOSEN: Mapping[str, tuple[CellValue, ...]] = {"W01": ("Head", "Dozens", None), "W02": ("Head", None)}
"""The units chosen for the tables of these indicators."""


def place_of(found: Finding) -> tuple[str, int]:
    """The sheet and the row, from 0, that a finding is about."""
    return found.sheet, int("".join(sign for sign in found.cell if sign.isdigit()) or 0) - 1


@dataclass(frozen=True)
class Chosen:
    """Drawn answers typed into questionnaires."""

    round: Round
    layout: Layout
    paths: tuple[Path, ...]

    def differing(self, engine: Engine, every: int = 1) -> tuple[list[str], set[str]]:
        """Where the sheets show something else than the pipeline finds; the findings that were met."""
        paths, tabs = self.paths[::every], tab_names(self.layout)
        tab = tabs["W"]
        differing, seen = list[str](), set[str]()
        for path, (step,) in zip(paths, engine.calculated([(path, [AS_IT_IS]) for path in paths]), strict=True):
            found, rows = self._found(path)
            differing += self._said_above(path, step.sheets, rows)
            seen |= {f"{entry.code} {entry.field}" for entry in found}
            for sheet in self.layout.lists:
                for line in (1, 2):
                    at = tabs[sheet.code], sheet.row(line)
                    said = str(step.sheets[at[0]][at[1]][sheet.columns[CHECK]] or "")[:1]
                    wrong = {one.code for one in found if place_of(one) == at and one.severity is Severity.ERROR}
                    # A line that lacks something is open in the sheet, and an error once it is sent.
                    sign = Sign.TO_DO if wrong == {"line_incomplete"} else Sign.ERROR if wrong else said
                    if said != sign or (said == Sign.ERROR and not wrong):
                        differing.append(f"{path.name} {sheet.code} {line}: {said!r}, wrong: {wrong}")
            for key, row, number, sign in self._expected(found, rows):
                cells = step.sheets[tab][row]
                shown = cells[Column.NUMERIC] if cells[Column.NUMERIC] not in ("", None) else None
                said = str(cells[Column.CHECK] or "")[:1]
                if (None if key.endswith((".unit", "_unit", ".currency")) else shown, said) != (number, sign):
                    differing.append(f"{path.name} {key}: {shown!r} {said!r}, found {number!r} {sign!r}")
        return differing, seen

    def _said_above(self, path: Path, sheets: Mapping[str, Any], rows: Mapping[str, list[Any]]) -> Iterator[str]:
        """Where a table does not say above its numbers in which unit they are, or where to choose it."""
        labels = {"HEAD": "Head", "DOZEN": "Dozens"}
        units = dict(zip(rows["field"], rows["code"], strict=True))
        for sheet in (one for one in self.layout.lists if isinstance(one, TableSheet)):
            column = next(iter(sheet.block.measured))
            slot = self.layout.slot(sheet.block.indicator, sheet.block.field(column).unit_in)
            wanted = labels.get(units[slot.field.code], f"Unit: to be chosen at question {slot.number}")
            said = sheets[tab_names(self.layout)[sheet.code]][GUIDANCE][sheet.columns[column]]
            if said != wanted:
                yield f"{path.name} {sheet.code}: {said!r} above, wanted {wanted!r}"

    def _found(self, path: Path) -> tuple[list[Finding], Mapping[str, list[Any]]]:
        """The findings about a return, and its answers."""
        submission = tidy(receive_file(path), path.read_bytes(), self.round, self.layout)
        found = validate(answers_frame(submission.rows), self.round.instrument, self.round.period.parameters, {})
        return [*found, *submission.findings], submission.rows

    def _expected(
        self, found: Sequence[Finding], rows: Mapping[str, list[Any]]
    ) -> Iterator[tuple[str, int, float | None, str]]:
        """The number that each cell of an indicator holds, and the sign that its check should have."""
        graves = {(entry.indicator, entry.field, str(entry.severity)) for entry in found}
        names = ("block", "field", "number", "status")
        for block, field, number, status in zip(*(rows[name] for name in names), strict=True):
            if block not in ("W01", "W02"):
                continue
            slot = self.layout.slot(str(block), str(field))
            known = number if isinstance(number, float) and not isnan(number) else None
            sign = "" if status == "blank" else Sign.OK
            for severity, graver in (("warning", Sign.WARNING), ("error", Sign.ERROR)):
                sign = graver if (block, field, severity) in graves else sign
            yield slot.key, slot.row, known, sign


@pytest.fixture(scope="module")
def chosen(tmp_path_factory: pytest.TempPathFactory) -> Chosen:
    folder = tmp_path_factory.mktemp("units")
    round_ = units_round(folder)
    layout, random = Layout.of(round_), Random(60)
    write_questionnaire(folder / "AAA.xlsx", round_, round_.participants[0], layout)
    paths = tuple(folder / f"{number:02}.xlsx" for number in range(SETS))
    for number, path in enumerate(paths):
        fixed = FIXED[number] if number < len(FIXED) else {}
        book = FilledWorkbook(folder / "AAA.xlsx", layout, tab_names(layout), "en")
        for indicator in ("W01", "W02"):
            for code, values in VALUES.items():
                book.type(layout.slot(indicator, code), fixed.get(code, random.choice(values)))
            for code in ("held_unit", "sold_unit"):
                if (indicator, code) in {("W01", "held_unit"), ("W02", "sold_unit")}:
                    book.type(layout.slot(indicator, code), random.choice(CHOSEN[indicator]))
        for sheet in layout.lists:
            for line in (1, 2):
                for column, values in LINES[sheet.block.code].items():
                    address = f"{column_letter(sheet.columns[column])}{sheet.row(line) + 1}"
                    drawn = random.choice(values)
                    book.type_at(sheet.code, address, values[0] if number == 0 else drawn)
        book.save(path, dt.datetime(2026, 3, 1))
    return Chosen(round_, layout, paths)


def test_units__of_drawn_answers__show_in_the_sheet_what_the_desk_finds(chosen: Chosen) -> None:
    differing, seen = chosen.differing(IronCalc())
    assert differing == []
    assert seen >= {
        "two_years lasted", "unit_required lasted.unit", "unit_required reached.unit", "more_than_aimed reached",
        "many_persons aimed", "overspent spent", "line_incomplete assets.size_unit", "lost_at_most assets.lost",
        "heads_in_all aimed", "unit_required held_unit", "unit_required sold_unit", "sold_at_most sold.sold_low",
    }  # fmt: skip


@pytest.mark.parametrize(("name", "every"), in_other_programs(4, wide=True))
def test_units__in_other_programs__show_the_same(
    chosen: Chosen, name: str, every: int, request: pytest.FixtureRequest
) -> None:
    differing, _ = chosen.differing(engine_named(name, request), every)
    assert differing == []


BEFORE: Mapping[str, Answers] = {
    "W01": {
        ("W01", "reached"): Answer(20.0), ("W01", "reached.unit"): Answer("PERSON"),
        ("W01", "herd"): Answer(20.0), ("W01", "herd.unit"): Answer("DOZEN"), ("W01", "herd_converted"): Answer(240.0),
    },
}  # fmt: skip
"""What AAA said in the previous round."""


@pytest.mark.parametrize(
    ("typed", "asked"),
    [
        ({"reached": 2000, "reached.unit": "Persons", "herd": 250, "herd.unit": "Head"}, {"reached"}),
        ({"reached": 2000, "reached.unit": "Households", "herd": 20, "herd.unit": "Head"}, {"herd_converted"}),
        ({"reached": 2000, "herd": 20, "herd.unit": "Dozens"}, set[str]()),
    ],
)
def test_counts__since_the_previous_round__are_compared_in_one_unit_in_sheet_and_desk(
    typed: Mapping[str, CellValue], asked: set[str], tmp_path: Path
) -> None:
    previous = {"AAA": BEFORE["W01"]}
    round_ = following(units_round(tmp_path), previous)
    layout, path = Layout.of(round_), tmp_path / "filled.xlsx"
    write_questionnaire(tmp_path / "AAA.xlsx", round_, round_.participants[0], layout)
    book = FilledWorkbook(tmp_path / "AAA.xlsx", layout, tab_names(layout), "en")
    for code, value in typed.items():
        book.type(layout.slot("W01", code), value)
    book.save(path, dt.datetime(2026, 3, 1))
    rows = tidy(receive_file(path), path.read_bytes(), round_, layout).rows
    found = validate(answers_frame(rows), round_.instrument, round_.period.parameters, previous)
    ((step,),) = IronCalc().calculated([(path, [AS_IT_IS])])
    tab = step.sheets[tab_names(layout)["W"]]
    codes = ("reached", "herd", "herd_converted")
    shown = {code for code in codes if str(tab[layout.slot("W01", code).row][Column.CHECK])[:1] == Sign.WARNING}
    assert {one.field for one in found if one.code in ("W18c", "W18d")} == asked
    assert shown == asked
