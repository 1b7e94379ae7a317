"""What IronCalc calculates, an engine that shares no code with LibreOffice, Excel or Gnumeric: the same in every cell.

One thing it cannot do: it takes a range for one cell where a function of one text gets it, as in LEN(D5:D8) within
SUMPRODUCT. So it misjudges an x beside a question of several cells (a multiple choice, an amount with its currency)
that is answered too: `workbook.formulas.confirming` counts what is typed that way.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import ironcalc
import pytest

from pipeline.simulation.fill import FilledWorkbook
from questionnaire.blanks import AnswerStatus
from questionnaire.layout import Column
from questionnaire.rules.evaluate import Answer
from questionnaire.workbook.sheets import overview
from tests.given import following, mini_round
from tests.questionnaire.workbook.written import Written, write

EPOCH = dt.date(1899, 12, 30)
PREVIOUS = {
    ("W01a", "status"): Answer("3"),
    ("W01a", "total"): Answer(12.0),
    ("W01a", "regions"): Answer("NORTH;WEST"),
    ("W01a", "regions.NORTH"): Answer("Y"),
    ("W01a", "regions.WEST"): Answer("Y"),
    ("W01a", "targeted"): Answer(None, AnswerStatus.NOT_AVAILABLE),
    ("W02", "opened"): Answer(dt.date(2020, 5, 4)),
    ("W02", "report"): Answer("Report & <annex>"),
}
TYPED: dict[tuple[str, str], str | int] = {
    ("W01a", "status"): "3 – En partie",
    ("W01a", "total"): 3,
    ("W01a", "urban"): "beaucoup",
    ("W01b", "status"): "0 – Aucun",
    ("W02", "status"): "zéro",
}


class Calculated:
    """A workbook whose formulas IronCalc has calculated, all of them."""

    def __init__(self, path: Path) -> None:
        self._model = ironcalc.load_from_xlsx(str(path), "en", "UTC", "en")
        self._model.evaluate()
        self._tabs = [sheet["name"] for sheet in self._model.get_worksheets_properties()]

    def value(self, tab: str, row: int, column: int) -> object:
        """What a cell holds; rows and columns count from 0."""
        found = self._model.get_cell_value(self._tabs.index(tab), row + 1, column + 1)
        return "" if found is None else found


@pytest.fixture(scope="module")
def prefilled(tmp_path_factory: pytest.TempPathFactory) -> Written:
    """The questionnaire of the small instrument with answers of a previous round."""
    folder = tmp_path_factory.mktemp("prefilled")
    round_ = following(mini_round(folder), {"BBB": PREVIOUS})
    respondent = round_.respondent("BBB")
    assert respondent is not None
    return write(folder, round_, respondent)


@pytest.mark.parametrize("name", ["small", "real", "prefilled"])
def test_ironcalc__of_a_questionnaire_nobody_has_touched__calculates_the_first_values(
    request: pytest.FixtureRequest, name: str
) -> None:
    written: Written = request.getfixturevalue(name)
    calculated = Calculated(written.path)
    different = [
        (tab, row, column, first, found)
        for tab, grid in written.values.items()
        for row, cells in enumerate(grid)
        for column, first in enumerate(cells)
        if (found := calculated.value(tab, row, column)) != _number_of(first)
    ]
    assert different == []


@pytest.fixture(scope="module")
def answered(small: Written, tmp_path_factory: pytest.TempPathFactory) -> Calculated:
    """The questionnaire of the small instrument with some answers; one level leaves other questions idle."""
    book = FilledWorkbook(small.path, small.layout, small.tabs, "fr")
    for key, value in TYPED.items():
        book.type(small.layout.slot(*key), value)
    path = tmp_path_factory.mktemp("answered") / "answered.xlsx"
    book.save(path, dt.datetime(2026, 3, 1))
    return Calculated(path)


def test_ironcalc__of_answers__says_what_the_check_column_is_there_for(small: Written, answered: Calculated) -> None:
    slots = {key: small.layout.slot(*key) for key in (*TYPED, ("W01b", "spent"))}
    said = {key: answered.value(small.tabs[slot.sheet], slot.row, Column.CHECK) for key, slot in slots.items()}
    assert {key: str(text)[:1] for key, text in said.items()} == {
        ("W01a", "status"): "✓",
        ("W01a", "total"): "✓",
        ("W01a", "urban"): "×",
        ("W01b", "status"): "✓",
        ("W01b", "spent"): "–",
        ("W02", "status"): "×",
    }


def test_ironcalc__of_answers__counts_what_is_due_and_answered(small: Written, answered: Calculated) -> None:
    idle = 0
    for indicator in small.layout.instrument.indicators:
        blocks = [slot for slot in small.layout.slots if slot.indicator.code == indicator.code]
        slots = [slot for slot in blocks if slot.field.is_first]
        cells = [
            [str(answered.value(small.tabs[slot.sheet], slot.row, column)) for column in (Column.CHECK, Column.CODE)]
            for slot in slots
        ]
        asked = [code for check, code in cells if not check.startswith("–")]
        idle += len(cells) - len(asked)
        row = overview.indicator_row(small.layout.instrument, indicator.code)
        counted = [answered.value(small.tabs["overview"], row, column) for column in (overview.DONE, overview.DUE)]
        missing = sum(
            str(answered.value(small.tabs[slot.sheet], slot.row, Column.CHECK)).startswith("●") for slot in blocks
        )
        done = sum(code != "" for code in asked)
        assert counted == [done, done + missing], indicator.code
    assert idle


def _number_of(value: object) -> object:
    """A day as the number that cells hold of it."""
    return float((value - EPOCH).days) if isinstance(value, dt.date) else value
