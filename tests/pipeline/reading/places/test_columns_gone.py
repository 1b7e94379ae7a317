"""A column that somebody deleted is reported, and its neighbour is never read in its place."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import openpyxl
import pytest
from openpyxl.cell.cell import MergedCell

from pipeline.reading.submission import Submission
from pipeline.reading.tidy import tidy
from pipeline.receiving.receive import receive_file
from pipeline.simulation.fill import FilledWorkbook
from questionnaire.layout import CHECK, KEY, Column, Layout, ListSheet
from questionnaire.rounds.round import Round
from questionnaire.sheet_names import tab_names
from tests.given import write_questionnaire
from tests.with_list import list_round


@pytest.fixture(scope="module")
def round_(tmp_path_factory: pytest.TempPathFactory) -> Round:
    return list_round(tmp_path_factory.mktemp("gone"))


@pytest.fixture
def filled(round_: Round, tmp_path: Path) -> Path:
    layout = Layout.of(round_)
    write_questionnaire(tmp_path / "sent.xlsx", round_, round_.participants[0], layout)
    book = FilledWorkbook(tmp_path / "sent.xlsx", layout, tab_names(layout), "en")
    (listed,) = layout.lists
    typed: dict[str, str | int] = {"indicator": "W01a – Wells", "partner": "Betaland", "name": "Spring", "begun": 2001}
    for field, value in typed.items():
        book.type_at(listed.code, next(s for s in listed.slots(1) if s.field.code == field).cell(Column.ANSWER), value)
    book.type(layout.slot("W01a", "total"), 12)
    book.type(layout.slot("W01a", "urban"), "ND", Column.IF_NONE)
    book.save(tmp_path / "filled.xlsx", dt.datetime(2026, 3, 1))
    return tmp_path / "filled.xlsx"


def without(round_: Round, path: Path, tab: str, column: int) -> Submission:
    book = openpyxl.load_workbook(path)
    book[tab].delete_cols(column + 1)
    book.save(path)
    return tidy(receive_file(path), path.read_bytes(), round_, Layout.of(round_))


def gone(submission: Submission) -> list[tuple[str, str, str]]:
    return [(entry.severity, entry.sheet, entry.field) for entry in submission.findings if entry.code == "column_gone"]


def answer(submission: Submission, block: str, field: str) -> tuple[object, ...]:
    rows = submission.rows
    names = ("block", "field", "status", "code", "number", "text")
    return next(row[2:] for row in zip(*(rows[name] for name in names), strict=True) if row[:2] == (block, field))


def sent_earlier(path: Path, tab: str, listed: ListSheet) -> None:
    """Put the check last and the keys first, as on the sheets of lists before."""
    book = openpyxl.load_workbook(path)
    check, key = listed.columns[CHECK] + 1, listed.columns[KEY] + 1
    for row in range(1, book[tab].max_row + 1):
        left, right = book[tab].cell(row, check), book[tab].cell(row, key)
        if not isinstance(left, MergedCell):
            left.value, right.value = right.value, left.value
    book.save(path)


@pytest.mark.parametrize("earlier", [False, True])
@pytest.mark.parametrize("field", ["indicator", "partner", "name", "begun", "free_use"])
def test_column_of_a_list__deleted__is_an_error_and_blank(
    round_: Round, filled: Path, field: str, earlier: bool
) -> None:
    layout = Layout.of(round_)
    (listed,) = layout.lists
    if earlier:
        sent_earlier(filled, tab_names(layout)[listed.code], listed)
    submission = without(round_, filled, tab_names(layout)[listed.code], listed.columns[field])
    assert gone(submission) == [("error", "≡", f"projects.{field}")]
    assert answer(submission, "projects", field) == ("blank", None, None, None)
    others = {"partner": ("answered", "BBB", None, None), "begun": ("answered", None, 2001.0, None)}
    assert {code: answer(submission, "projects", code) for code in others if code != field} == {
        code: expected for code, expected in others.items() if code != field
    }


def test_column_of_answers__deleted__is_an_error_and_no_reason_is_read_as_answer(round_: Round, filled: Path) -> None:
    submission = without(round_, filled, "W…", Column.ANSWER)
    assert gone(submission) == [("error", "W…", "")]
    assert answer(submission, "W01a", "total") == ("blank", None, None, None)
    assert answer(submission, "W01a", "urban")[0] == "not_available"
    raw = dict(
        zip(zip(submission.rows["block"], submission.rows["field"], strict=True), submission.rows["raw"], strict=True)
    )
    assert raw["W01a", "urban"] == ""


@pytest.mark.parametrize(("column", "severity"), [(Column.IF_NONE, "error"), (Column.COMMENT, "warning")])
def test_column_beside_the_answers__deleted__is_reported(
    round_: Round, filled: Path, column: Column, severity: str
) -> None:
    submission = without(round_, filled, "W…", column)
    assert gone(submission) == [(severity, "W…", "")]
    assert answer(submission, "W01a", "total") == ("answered", None, 12.0, None)
