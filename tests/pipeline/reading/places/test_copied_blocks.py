"""Blocks copied to the right of themselves: answers that stand there only are read there."""

from __future__ import annotations

from typing import Any

import pytest

from pipeline.reading.submission import Submission
from questionnaire.addresses import column_letter
from questionnaire.layout import HEADINGS, Column, Slot
from tests.pipeline.returned import Book, answer_of, book, layout, read

ANSWERS: dict[tuple[str, str], Any] = {
    ("F01", "total"): 7, ("F01", "urban"): 3, ("F01", "targeted.SOUTH"): "Yes", ("W02", "total"): 5,
}  # fmt: skip
AT = len(Column) + 2
COPIED = (Column.NUMBER, Column.QUESTION, Column.ANSWER, Column.IF_NONE)
BLOCK = [slot for slot in layout().slots if slot.block.code == "F01"]


def copied(*, headed: bool, columns: tuple[Column, ...] = COPIED, moved: bool = True, down: int = 0) -> Book:
    """The questionnaire with the columns of the block F01 copied; its answers are only there if they were `moved`."""
    sheets = book(ANSWERS)
    rows = sheets["F"]
    rows += [[""] * len(Column) for _ in range(down)]
    for cells in rows:
        cells += [""] * (AT + len(columns) - len(cells))
    for row in [HEADINGS, *(slot.row for slot in BLOCK)] if headed else [slot.row for slot in BLOCK]:
        rows[row + down][AT : AT + len(columns)] = [rows[row][column] for column in columns]
    if moved:
        for slot in BLOCK:
            rows[slot.row][Column.ANSWER] = rows[slot.row][Column.CODE] = ""
    return sheets


def found(submission: Submission) -> list[tuple[str, str, str]]:
    return [(entry.code, str(entry.severity), entry.cell) for entry in submission.findings]


def beside(slot: Slot, column: int) -> str:
    return f"{column_letter(AT + column)}{slot.row + 1}"


@pytest.mark.parametrize("headed", [True, False])
def test_block_copied_to_the_right__answers_are_read_there_and_it_is_reported(headed: bool) -> None:
    submission = read(copied(headed=headed))
    assert [answer_of(submission, "F01", code)["number"] for code in ("total", "urban")] == [7, 3]
    assert answer_of(submission, "F01", "targeted")["code"] == "SOUTH"
    assert answer_of(submission, "F01", "total")["cell"] == beside(BLOCK[1], 2)
    assert answer_of(submission, "W02", "total")["number"] == 5
    assert found(submission) == [("block_copied", "warning", beside(BLOCK[0], 0))]
    assert submission.findings[0].values["count"] == len(BLOCK)


def test_block_copied_to_the_right__fewer_columns_with_headings__each_heading_says_what_it_is() -> None:
    submission = read(copied(headed=True, columns=(Column.NUMBER, Column.ANSWER, Column.QUESTION)))
    assert answer_of(submission, "F01", "total")["cell"] == beside(BLOCK[1], 1)
    assert answer_of(submission, "F01", "total")["number"] == 7


def test_block_copied_to_the_right_and_down__the_numbers_say_whose_each_row_is() -> None:
    submission = read(copied(headed=False, down=2))
    assert [answer_of(submission, "F01", code)["number"] for code in ("total", "urban")] == [7, 3]
    assert "block_copied" in [entry.code for entry in submission.findings]


def test_block_copied_to_the_right__both_say_the_same__counts_once() -> None:
    submission = read(copied(headed=True, moved=False))
    assert answer_of(submission, "F01", "total")["cell"] == BLOCK[1].cell(Column.ANSWER)
    assert found(submission) == [("block_copied", "warning", beside(BLOCK[0], 0))]


def test_block_copied_to_the_right__another_answer_in_each__is_an_error() -> None:
    sheets = copied(headed=True, moved=False)
    sheets["F"][BLOCK[1].row][AT + 2] = 8
    submission = read(sheets)
    assert found(submission)[-1] == ("row_repeated", "error", BLOCK[1].cell(Column.ANSWER))
    assert answer_of(submission, "F01", "total")["raw"] == "7 | 8"


@pytest.mark.parametrize("columns", [(Column.QUESTION, Column.ANSWER), (Column.NUMBER, Column.ANSWER)])
def test_answers_copied_to_the_right__without_number_and_question__are_errors_in_their_rows(
    columns: tuple[Column, ...],
) -> None:
    submission = read(copied(headed=False, columns=columns))
    errors = {entry.field for entry in submission.findings if entry.code == "unplaced" and entry.severity == "error"}
    assert {"total", "urban", "targeted.SOUTH"} <= errors
    assert answer_of(submission, "F01", "total")["status"] == "blank"


def test_block_in_doubt__and_copied_to_the_right__is_in_doubt_there_too() -> None:
    sheets = copied(headed=True)
    rows = sheets["F"]
    # One question stands twice in the block itself: which row answers what, nobody can say.
    rows[BLOCK[1].row][Column.QUESTION] = rows[BLOCK[2].row][Column.QUESTION]
    submission = read(sheets)
    doubted = {entry.cell: entry for entry in submission.findings if entry.code == "question_differs"}
    assert {beside(BLOCK[1], 2), beside(BLOCK[2], 2)} <= doubted.keys()
    assert doubted[beside(BLOCK[1], 2)].severity == "error"
    assert answer_of(submission, "F01", "total")["status"] == "unreadable"
    assert answer_of(submission, "F01", "total")["number"] is None
