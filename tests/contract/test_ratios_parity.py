"""Ratios and what is divided: the sheet, the evaluator and the vectorised checks come to the same number and verdict."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import isnan
from pathlib import Path
from random import Random

import numpy as np
import pytest

from pipeline.reading.tidy import tidy
from pipeline.receiving.receive import receive_file
from pipeline.simulation.fill import CellValue
from pipeline.validation.validate import validate
from questionnaire.addresses import column_letter
from questionnaire.declaration.form import INDICATORS
from questionnaire.layout import Column, Layout
from questionnaire.rounds.round import Round
from questionnaire.rules.conditions import refs
from questionnaire.sheet_names import tab_names
from questionnaire.workbook.formulas.checks import Sign
from schemas.answers_table import answers_frame
from schemas.conditions import Conditions
from schemas.frame import fields_of
from tests.contract.several_sets import books, together
from tests.engines import Engine, IronCalc, engine_named, in_other_programs
from tests.office import AS_IT_IS
from tests.with_ratio import ratio_round

SETS = 12
VALUES: Mapping[str, tuple[CellValue, ...]] = {
    "begun": (0, 1, 3, 7, 8, 13, 1000, 200_000, None, "many"),
    "ended": (0, 1, 3, 5, 8, 201, 1005, None),
    "weight": (0, 0.3, 1.6, 8, -16, -3, 0.0000001, 200, None, "ND"),
}
"""What is typed, so that many a quotient ends in the half of its last decimal, and many a divisor is 0."""
HALVES = ({"begun": 201, "weight": 200}, {"begun": 1, "weight": -8}, {"begun": 57, "weight": 200})
"""What ends in a half, which not every float and not every program shows: 1.005, -0.125, 0.285."""
TREES: tuple[CellValue, ...] = (0, 1, 8, 16, None, "ND")


@dataclass(frozen=True)
class Ratios:
    """Drawn answers typed into questionnaires."""

    round: Round
    layout: Layout
    paths: tuple[Path, ...]

    def differing(self, engine: Engine, every: int = 1) -> tuple[list[str], set[str]]:
        """Where the sheets show something else than the pipeline finds; what was met."""
        paths, tab = self.paths[::every], tab_names(self.layout)["W"]
        differing, seen = list[str](), set[str]()
        for path, (step,) in zip(paths, engine.calculated([(path, [AS_IT_IS]) for path in paths]), strict=True):
            for key, row, number, sign in self._expected(path):
                cells = step.sheets[tab][row]
                shown = cells[Column.NUMERIC] if cells[Column.NUMERIC] not in ("", None) else None
                said = str(cells[Column.CHECK] or "")[:1]
                seen |= {f"{sign} at a number" if number is not None else f"{sign} at none"}
                seen |= {f"{sign} at an answer"} if key.endswith("begun") else set()
                if (shown, said) != (number, sign):
                    differing.append(f"{path.name} {key}: {shown!r} {said!r}, found {number!r} {sign!r}")
        return differing, seen

    def _expected(self, path: Path) -> Iterator[tuple[str, int, float | None, str]]:
        """The number that each cell of a question holds, and the sign that its check should have."""
        submission = tidy(receive_file(path), path.read_bytes(), self.round, self.layout)
        found = validate(answers_frame(submission.rows), self.round.instrument, self.round.period.parameters, {})
        found += submission.findings
        graves = {(entry.indicator, entry.field, str(entry.severity)) for entry in found}
        names = ("block", "field", "number", "status")
        for block, field, number, status in zip(*(submission.rows[name] for name in names), strict=True):
            if block in ("W01", "W02"):
                slot = self.layout.slot(str(block), str(field))
                known = number if isinstance(number, float) and not isnan(number) else None
                sign = "" if status == "blank" else Sign.OK
                sign = Sign.NOT_NEEDED if status == "skipped" else sign
                for severity, graver in (("warning", Sign.WARNING), ("error", Sign.ERROR)):
                    sign = graver if (block, field, severity) in graves else sign
                yield slot.key, slot.row, known, sign


@pytest.fixture(scope="module")
def ratios(tmp_path_factory: pytest.TempPathFactory) -> Ratios:
    folder = tmp_path_factory.mktemp("ratios")
    round_ = ratio_round(folder)
    layout, random = Layout.of(round_), Random(52)
    paths: list[Path] = []
    for number, (path, book) in enumerate(books(folder, round_, layout, SETS)):
        paths.append(path)
        for indicator in ("W01", "W02"):
            fixed = HALVES[number] if number < len(HALVES) else {}
            for code, values in VALUES.items():
                book.type(layout.slot(indicator, code), fixed.get(code, random.choice(values)))
        sheet = layout.lists[0]
        for line in (1, 2):
            for column in ("count_hill", "count_plain"):
                address = f"{column_letter(sheet.columns[column])}{sheet.row(line) + 1}"
                book.type_at(sheet.code, address, random.choice(TREES))
        book.save(path, dt.datetime(2026, 3, 1))
    return Ratios(round_, layout, tuple(paths))


def test_ratios__of_drawn_answers__show_in_the_sheet_what_the_desk_computes(ratios: Ratios) -> None:
    differing, seen = ratios.differing(IronCalc())
    assert differing == []
    assert seen >= {
        f"{Sign.OK} at a number", f"{Sign.ERROR} at a number", f"{Sign.WARNING} at none", " at none",
        f"{Sign.NOT_NEEDED} at none", f"{Sign.WARNING} at an answer", f"{Sign.ERROR} at an answer",
    }  # fmt: skip


@pytest.mark.parametrize(("name", "every"), in_other_programs(5))
def test_ratios__in_other_programs__show_the_same(
    ratios: Ratios, name: str, every: int, request: pytest.FixtureRequest
) -> None:
    differing, _ = ratios.differing(engine_named(name, request), every)
    assert differing == []


def test_formulas__of_the_whole_batch_at_once__come_to_the_number_of_each(ratios: Ratios) -> None:
    instrument, parameters = ratios.round.instrument, ratios.round.period.parameters
    at_hand: dict[str, Conditions] = {}
    for table, frame in together(ratios.round, ratios.layout, ratios.paths).items():
        at_hand[table] = Conditions(frame, fields_of(instrument, table), instrument, parameters, at_hand)
    batch, compared = at_hand[INDICATORS], 0
    for (indicator, code), question in instrument.computed.items():
        formula = question.formula
        assert formula
        if any(ref.indicator for ref in refs(formula.value)):
            continue  # only what rules look at of other indicators stands in the frame
        own = (batch.frame["block"] == indicator).to_numpy()
        shown = batch.frame[code].to_numpy()[own]
        known = ~np.isnan(shown)
        assert shown[known].tolist() == batch.quantity(formula.value)[own][known].tolist()
        compared += int(known.sum())
    assert compared > SETS
