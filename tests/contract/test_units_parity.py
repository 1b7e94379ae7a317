"""Numbers in units that the respondent chooses: sheet, evaluator and vectorised checks convert and judge them alike."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import isnan
from pathlib import Path
from random import Random

import pytest

from pipeline.reading.tidy import tidy
from pipeline.receiving.receive import receive_file
from pipeline.simulation.fill import CellValue, FilledWorkbook
from pipeline.validation.validate import validate
from questionnaire.layout import Column, Layout
from questionnaire.rounds.round import Round
from questionnaire.sheet_names import tab_names
from questionnaire.workbook.formulas.checks import Sign
from schemas.answers_table import answers_frame
from tests.engines import Engine, IronCalc, engine_named, in_other_programs
from tests.given import write_questionnaire
from tests.office import AS_IT_IS
from tests.with_units import units_round

SETS = 8
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


@dataclass(frozen=True)
class Chosen:
    """Drawn answers typed into questionnaires."""

    round: Round
    layout: Layout
    paths: tuple[Path, ...]

    def differing(self, engine: Engine, every: int = 1) -> tuple[list[str], set[str]]:
        """Where the sheets show something else than the pipeline finds; the findings that were met."""
        paths, tab = self.paths[::every], tab_names(self.layout)["W"]
        differing, seen = list[str](), set[str]()
        for path, (step,) in zip(paths, engine.calculated([(path, [AS_IT_IS]) for path in paths]), strict=True):
            for key, row, number, sign in self._expected(path, seen):
                cells = step.sheets[tab][row]
                shown = cells[Column.NUMERIC] if cells[Column.NUMERIC] not in ("", None) else None
                said = str(cells[Column.CHECK] or "")[:1]
                if (None if key.endswith((".unit", ".currency")) else shown, said) != (number, sign):
                    differing.append(f"{path.name} {key}: {shown!r} {said!r}, found {number!r} {sign!r}")
        return differing, seen

    def _expected(self, path: Path, seen: set[str]) -> Iterator[tuple[str, int, float | None, str]]:
        """The number that each cell holds, and the sign that its check should have."""
        submission = tidy(receive_file(path), path.read_bytes(), self.round, self.layout)
        found = validate(answers_frame(submission.rows), self.round.instrument, self.round.period.parameters, {})
        found += submission.findings
        graves = {(entry.indicator, entry.field, str(entry.severity)) for entry in found}
        seen |= {f"{entry.code} {entry.field}" for entry in found}
        names = ("block", "field", "number", "status")
        for block, field, number, status in zip(*(submission.rows[name] for name in names), strict=True):
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
        book.save(path, dt.datetime(2026, 3, 1))
    return Chosen(round_, layout, paths)


def test_units__of_drawn_answers__show_in_the_sheet_what_the_desk_finds(chosen: Chosen) -> None:
    differing, seen = chosen.differing(IronCalc())
    assert differing == []
    assert seen >= {
        "two_years lasted", "unit_required lasted.unit", "unit_required reached.unit", "more_than_aimed reached",
        "many_persons aimed", "overspent spent",
    }  # fmt: skip


@pytest.mark.parametrize(("name", "every"), in_other_programs(4))
def test_units__in_other_programs__show_the_same(
    chosen: Chosen, name: str, every: int, request: pytest.FixtureRequest
) -> None:
    differing, _ = chosen.differing(engine_named(name, request), every)
    assert differing == []
