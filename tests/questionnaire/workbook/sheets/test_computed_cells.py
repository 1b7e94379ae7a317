"""The row of a computed question: a result to read, beside which nothing is to be typed or confirmed."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from pipeline.simulation.fill import FilledWorkbook
from questionnaire.layout import Column, Slot
from questionnaire.rules.evaluate import Answer
from questionnaire.workbook.looks import styles
from questionnaire.workbook.sheets import overview
from tests.contract.list_sets import COMPUTED, listing_round
from tests.engines import IronCalc
from tests.given import following
from tests.questionnaire.workbook.written import Written, different_cells, write

BEFORE = {("W01a", "status"): Answer("3"), ("W01a", "all_projects"): Answer(12.0)}


@pytest.fixture(scope="module")
def sent(tmp_path_factory: pytest.TempPathFactory) -> Written:
    root = tmp_path_factory.mktemp("computed")
    round_ = listing_round(root)
    return write(root, round_, round_.participants[0])


@pytest.fixture(scope="module")
def prefilled(tmp_path_factory: pytest.TempPathFactory) -> Written:
    root = tmp_path_factory.mktemp("computed")
    round_ = following(listing_round(root), {"AAA": BEFORE})
    return write(root, round_, round_.participants[0])


def slots(written: Written) -> list[Slot]:
    return [written.layout.slot(block, code) for block in ("W01a", "F01") for code in COMPUTED]


def test_answer__of_every_computed_question__is_a_locked_result_and_no_field(sent: Written) -> None:
    for slot in slots(sent):
        cell = sent.section(slot.sheet)[slot.cell(Column.ANSWER)]
        assert cell.value == f"={slot.cell(Column.NUMERIC)}"
        assert cell.protection.locked
        assert cell.fill.fgColor.rgb[-6:] not in (styles.FIELD[1:], styles.MARGIN[1:])
        assert sent.section(slot.sheet)[slot.cell(Column.IF_NONE)].protection.locked
        assert not sent.section(slot.sheet)[slot.cell(Column.COMMENT)].protection.locked


def test_first_values__what_does_not_hang_on_a_level__is_shown_at_once(sent: Written) -> None:
    shown = {
        slot.key: [sent.values[sent.tabs[slot.sheet]][slot.row][column] for column in (Column.ANSWER, Column.CODE)]
        for slot in slots(sent)
    }
    assert shown == {f"{block}:{code}": ["", ""] for block in ("W01a", "F01") for code in COMPUTED} | {
        f"{block}:free_projects": [0, "*"] for block in ("W01a", "F01")
    }


def test_ironcalc__of_a_questionnaire_with_computed_questions__calculates_the_first_values(sent: Written) -> None:
    assert different_cells(sent.values, IronCalc().grids(sent.path)) == []


def test_ironcalc__of_lines_and_a_number_over_a_formula__shows_the_count_and_asks(
    sent: Written, tmp_path: Path
) -> None:
    book = FilledWorkbook(sent.path, sent.layout, sent.tabs, "en")
    book.answer({("W01a", "status"): Answer("2"), ("W01a", "unlisted"): Answer(3.0)})
    book.fill_lines(sent.layout.lists[0], [{"indicator": Answer("W01a"), "free_use": Answer("Y")}])
    book.type(sent.layout.slot("W01a", "free_projects"), 7)
    book.save(tmp_path / "AAA.xlsx", dt.datetime(2026, 3, 1))
    calculated = IronCalc().grids(tmp_path / "AAA.xlsx")

    def value(code: str, column: Column) -> object:
        slot = sent.layout.slot("W01a", code)
        return calculated[sent.tabs[slot.sheet]][slot.row][column]

    assert (value("all_projects", Column.ANSWER), str(value("all_projects", Column.CHECK))[:1]) == (4, "✓")
    assert (value("free_projects", Column.NUMERIC), str(value("free_projects", Column.CHECK))[:1]) == (1, "!")
    assert (value("people_served", Column.ANSWER), value("people_served", Column.CHECK)) == ("", "")


def test_overview__what_is_computed__is_neither_asked_nor_answered(sent: Written, tmp_path: Path) -> None:
    book = FilledWorkbook(sent.path, sent.layout, sent.tabs, "en")
    book.answer({("W01a", "status"): Answer("2"), ("W01a", "unlisted"): Answer(3.0)})
    book.save(tmp_path / "AAA.xlsx", dt.datetime(2026, 3, 1))
    calculated, instrument = IronCalc().grids(tmp_path / "AAA.xlsx"), sent.layout.instrument
    row = overview.indicator_row(instrument, "W01a")
    counted = [calculated[sent.tabs["overview"]][row][column] for column in (overview.DONE, overview.DUE)]
    assert counted == [2, 3]


def test_previous__of_a_computed_question__is_shown_and_takes_no_x(prefilled: Written) -> None:
    slot = prefilled.layout.slot("W01a", "all_projects")
    assert prefilled.values[prefilled.tabs[slot.sheet]][slot.row][Column.PREVIOUS] == 12
    assert prefilled.section(slot.sheet)[slot.cell(Column.CONFIRM)].protection.locked
    assert prefilled.cell(slot, Column.CONFIRMED) is None
    assert prefilled.cell(slot, Column.DIFFERENCE), "what changed much is asked about"
