"""Computed columns of lists and tables: sheet, evaluator and vectorised checks come to the same number and verdict."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from random import Random

import numpy as np
import pytest

from pipeline.reading.tidy import tidy
from pipeline.receiving.receive import receive_file
from pipeline.simulation.fill import CellValue
from pipeline.validation.validate import validate
from questionnaire.layout import CHECK, Column, Layout, ListSheet, TableSheet
from questionnaire.rounds.round import Round
from questionnaire.rules.rule import Severity
from questionnaire.sheet_names import tab_names
from questionnaire.workbook.formulas.checks import Sign
from questionnaire.workbook.formulas.rule_formulas import TO_DO
from schemas.answers_table import answers_frame
from schemas.conditions import Conditions
from schemas.frame import fields_of
from tests.contract.several_sets import books, together
from tests.engines import Engine, IronCalc, engine_named, in_other_programs
from tests.office import AS_IT_IS
from tests.with_ratio_columns import columns_round

SETS, LAST = 12, 4
VALUES: Mapping[str, tuple[CellValue, ...]] = {
    "indicator": ("J01 – One thing",),
    "seen": (0, 1, 3, 7, 200, 1000, None, "many"),
    "helped": (0, 0.3, 1.5, 5, 201, 1005, None),
    "prosecuted": (0, 1, 3, 8, 200, 1000, None, "ND"),
    "paid_2024": (0, 1.5, 2, None, "ND"),
    "paid_2025": (0, 0.5, 2.5, 7, None, "many"),
    "convicted": (0, 1, 1, 3, 3, 57, 201, None, "many"),
}
"""What is typed, so that quotients end in the half of their last decimal, and divisors are 0."""
FIXED: Mapping[tuple[int, str, int, str], CellValue] = {
    (3, "visits", 2, "seen"): 3, (3, "visits", 2, "helped"): 1.5, (3, "visits", 2, "helped_share"): 0.5,
    (3, "visits", 4, "both"): 5,
    (3, "courts", 1, "prosecuted"): 8, (3, "courts", 1, "convicted"): 3, (3, "courts", 1, "rate"): 12,
    (3, "courts", 3, "rate"): 100,
    (2, "courts", 1, "prosecuted"): 0, (2, "courts", 1, "convicted"): 0,
    (5, "courts", 2, "prosecuted"): None, (5, "courts", 2, "convicted"): None,
    (4, "courts", 2, "together"): 5, **{(4, "courts", 2, column): None for column in ("prosecuted", "convicted")},
}  # fmt: skip
"""What is typed in some of the sets: over formulas, and none of none."""


@dataclass(frozen=True)
class Filled:
    """Drawn lines typed into questionnaires."""

    round: Round
    layout: Layout
    paths: tuple[Path, ...]

    def differing(self, engine: Engine, every: int = 1) -> tuple[list[str], set[str]]:
        """Where the sheets show something else than the pipeline finds; what was met."""
        tabs, paths = tab_names(self.layout), self.paths[::every]
        differing, seen = list[str](), set[str]()
        for path, (step,) in zip(paths, engine.calculated([(path, [AS_IT_IS]) for path in paths]), strict=True):
            for sheet, line, numbers, sign in self._expected(path):
                cells = step.sheets[tabs[sheet.code]][sheet.row(line)]
                slots = {slot.field.code: slot for slot in sheet.slots(line) if slot.field.code in numbers}
                shown = {code: cells[slot.columns[Column.NUMERIC]] or None for code, slot in slots.items()}
                wanted = {code: number or None for code, number in numbers.items()}
                said = str(cells[sheet.columns[CHECK]] or "")[:1]
                seen |= {f"{sign} {'at' if number is not None else 'without'} {c}" for c, number in numbers.items()}
                if (shown, said) != (wanted, sign):
                    where = f"{path.name} {sheet.block.code} L{line}"
                    differing.append(f"{where}: {shown} {said!r}, found {wanted} {sign!r}")
            counted = step.sheets[tabs["J"]][self.layout.slot("J01", "visits_made").row][Column.NUMERIC]
            if (lines := self._lines(path)) != counted:
                differing.append(f"{path.name}: {counted} lines, found {lines}")
        return differing, seen

    def _lines(self, path: Path) -> int:
        """How many lines of the list say something."""
        rows = tidy(receive_file(path), path.read_bytes(), self.round, self.layout).rows
        return len({line for block, line in zip(rows["block"], rows["line"], strict=True) if block == "visits"})

    def _expected(self, path: Path) -> Iterator[tuple[ListSheet, int, dict[str, float | None], str]]:
        """The numbers that each line computes, and the sign that its check should have."""
        submission = tidy(receive_file(path), path.read_bytes(), self.round, self.layout)
        found = validate(answers_frame(submission.rows), self.round.instrument, self.round.period.parameters, {})
        graves = {
            (entry.sheet, entry.cell, Sign.TO_DO if entry.code in TO_DO else entry.severity)
            for entry in (*found, *submission.findings)
            if entry.cell and entry.field
        }
        names = ("block", "line", "field", "number", "status", "parsed_by")
        rows = [*zip(*(submission.rows[name] for name in names), strict=True)]
        tabs = tab_names(self.layout)
        for sheet in self.layout.lists:
            for line in range(1, sheet.block.most_lines + 1):
                own = {str(row[2]): row[3:] for row in rows if row[:2] == (sheet.block.code, line)}
                cells = {(tabs[sheet.code], slot.cell(Column.ANSWER)) for slot in sheet.slots(line)}
                given = {code: row for code, row in own.items() if code not in sheet.block.computed_questions}
                blank = [row[1] == "blank" for row in given.values() if row[2] != "printed"]
                sign = _sign({grave for *at, grave in graves if tuple(at) in cells}, blank, sheet, line)
                computed = [slot.field.code for slot in sheet.slots(line) if slot.is_computed]
                numbers = {code: own[code][0] if code in own else None for code in computed if code != "sex"}
                yield sheet, line, {code: n if isinstance(n, float) else None for code, n in numbers.items()}, sign


def _sign(graves: set[str], blank: list[bool], sheet: ListSheet, line: int) -> str:
    """The sign of a line: nothing where it says nothing; in a table what is blank comes before what is only asked."""
    if all(blank) and not graves:
        return ""
    if Severity.ERROR in graves:
        return Sign.ERROR
    is_open = any(blank) and isinstance(sheet, TableSheet) and not sheet.block.is_computed(line)
    if is_open or Sign.TO_DO in graves:
        return Sign.TO_DO
    return Sign.WARNING if Severity.WARNING in graves else Sign.OK


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Filled:
    folder = tmp_path_factory.mktemp("columns")
    round_ = columns_round(folder)
    layout, random = Layout.of(round_), Random(61)
    paths: list[Path] = []
    for number, (path, book) in enumerate(books(folder, round_, layout, SETS)):
        paths.append(path)
        for sheet in layout.lists:
            for slot in (slot for line in range(1, sheet.block.most_lines + 1) for slot in sheet.slots(line)):
                code = slot.field.code
                is_typed = code in VALUES and not slot.is_computed and slot.line < LAST
                value = random.choice(VALUES[code]) if is_typed else None
                value = FIXED.get((number, sheet.block.code, slot.line, code), value)
                if value is not None:
                    book.type_at(sheet.code, slot.cell(Column.ANSWER), value)
        book.save(path, dt.datetime(2026, 3, 1))
    return Filled(round_, layout, tuple(paths))


def test_columns__of_drawn_lines__show_in_the_sheet_what_the_desk_computes(filled: Filled) -> None:
    differing, seen = filled.differing(IronCalc())
    assert differing == []
    assert seen >= {
        f"{Sign.OK} at rate", f"{Sign.ERROR} at rate", f"{Sign.WARNING} without rate", " without rate",
        f"{Sign.TO_DO} without rate", f"{Sign.WARNING} without helped_share", f"{Sign.OK} at helped_share",
        f"{Sign.OK} at paid_all", f"{Sign.TO_DO} at paid_all", f"{Sign.ERROR} at paid_all",
        f"{Sign.OK} at by_area", f"{Sign.WARNING} at twice_rate",
    }  # fmt: skip


@pytest.mark.parametrize(("name", "every"), in_other_programs(6, wide=True))
def test_columns__in_other_programs__show_the_same(
    filled: Filled, name: str, every: int, request: pytest.FixtureRequest
) -> None:
    differing, _ = filled.differing(engine_named(name, request), every)
    assert differing == []


def test_columns__of_the_whole_batch_at_once__come_to_the_number_of_each(filled: Filled) -> None:
    frames = together(filled.round, filled.layout, filled.paths)
    instrument, parameters = filled.round.instrument, filled.round.period.parameters
    compared = 0
    for (block, code), question in instrument.computed_columns.items():
        frame = frames[block]
        batch = Conditions(frame, fields_of(instrument, block), instrument, parameters)
        formula, shown = question.formula, frame[code].to_numpy(dtype=np.float64)
        assert formula
        known = ~np.isnan(shown)
        assert shown[known].tolist() == batch.quantity(formula.value)[known].tolist()
        assert np.isnan(batch.quantity(formula.value)[~known & batch.holds(formula.known_when)]).all()
        compared += int(known.sum())
    assert compared > SETS
