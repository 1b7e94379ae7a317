"""The question in sight against the number before it: followed where it is clear, else an error at each answer."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from pipeline.reading.places.form_texts import FormTexts
from pipeline.reading.places.visible_questions import Compared, compare
from pipeline.reading.submission import Submission
from pipeline.reading.workbooks.grids import Sheet
from questionnaire.declaration.earlier.wordings_before import INDICATOR, OPTION, QUESTION, WordingBefore
from questionnaire.layout import Column, Layout, Slot
from tests.given import mini
from tests.pipeline.returned import Book, Rows, answer_of, book, layout, read, row_of, section_map

ANSWERS: dict[tuple[str, str], Any] = {
    ("F01", "total"): 7, ("F01", "urban"): 3, ("F01", "rural"): 4, ("F01", "targeted.SOUTH"): "Yes",
    ("W02", "total"): 5, ("W02", "started"): 2020,
}  # fmt: skip
LEAVE = slice(Column.QUESTION, Column.COMMENT + 1)
"""What is sorted where the visible number stays."""


def slots(indicator: str) -> list[Slot]:
    return [slot for slot in layout().slots if slot.block.code == indicator]


def show(rows: Rows, at: list[Slot], whose: list[Slot]) -> None:
    """Put the question and answer columns of some rows into others."""
    cells = [rows[slot.row][LEAVE] for slot in whose]
    for slot, content in zip(at, cells, strict=True):
        rows[slot.row][LEAVE] = content


def exchanged(sheets: Book, one: tuple[str, str], other: tuple[str, str]) -> Book:
    first, second = row_of(sheets, *one), row_of(sheets, *other)
    first[LEAVE], second[LEAVE] = second[LEAVE], first[LEAVE]
    return sheets


def numbers(submission: Submission) -> dict[str, Any]:
    return {code: answer_of(submission, "F01", code)["number"] for code in ("total", "urban", "rural")}


def found(submission: Submission) -> list[tuple[str, str, str]]:
    return [(entry.code, str(entry.severity), entry.cell) for entry in submission.findings]


@pytest.mark.parametrize("language", ["en", "fr"])
def test_rows_of_a_block__sorted_beside_their_numbers__the_questions_are_followed(language: str) -> None:
    sheets = book(ANSWERS, language=language)
    block = slots("F01")
    show(sheets["F"], block, sorted(block, key=lambda slot: slot.field.label[language]))
    submission, plain = read(sheets), read(book(ANSWERS, language=language))
    for slot in block:
        key = slot.block.code, slot.field.code
        now, then = answer_of(submission, *key), answer_of(plain, *key)
        assert {**now, "cell": "", "submission": ""} == {**then, "cell": "", "submission": ""}
    [entry] = submission.findings
    cells = [(answer_of(submission, "F01", slot.field.code)["cell"], slot.cell(Column.ANSWER)) for slot in block]
    moved = sorted(int(now[1:]) for now, sent in cells if now != sent)
    assert (entry.code, str(entry.severity), entry.sheet) == ("questions_moved", "warning", "F")
    assert (entry.cell, entry.values["count"]) == (f"C{moved[0]}", len(moved))


def test_two_rows_of_a_block__exchanged__each_answer_is_that_of_its_question_and_cell() -> None:
    submission = read(exchanged(book(ANSWERS), ("F01", "urban"), ("F01", "rural")))
    assert numbers(submission) == {"total": 7, "urban": 3, "rural": 4}
    assert answer_of(submission, "F01", "urban")["cell"] == layout().slot("F01", "rural").cell(Column.ANSWER)
    assert found(submission) == [("questions_moved", "warning", layout().slot("F01", "urban").cell(Column.QUESTION))]


def test_question__copied_over_another__no_answer_of_the_block_is_taken() -> None:
    sheets = book(ANSWERS)
    row_of(sheets, "F01", "urban")[Column.QUESTION] = row_of(sheets, "F01", "rural")[Column.QUESTION]
    row_of(sheets, "F01", "total")[Column.COMMENT] = "approximately"
    submission = read(sheets)
    answered = [layout().slot("F01", code) for code in ("total", "urban", "rural", "targeted.SOUTH")]
    assert found(submission) == [("question_differs", "error", slot.cell(Column.ANSWER)) for slot in answered]
    assert [(entry.field, entry.value) for entry in submission.findings] == [
        ("total", "7"), ("urban", "3"), ("rural", "4"), ("targeted.SOUTH", "Yes"),
    ]  # fmt: skip
    total = answer_of(submission, "F01", "total")
    assert (total["status"], total["raw"], total["comment"]) == ("unreadable", "7", "approximately")
    assert answer_of(submission, "F01", "targeted")["status"] == "blank"
    assert answer_of(submission, "W02", "total")["number"] == 5


def test_reason_beside_an_answer__in_a_block_in_doubt__is_not_taken_either() -> None:
    sheets = book(ANSWERS)
    row_of(sheets, "F01", "urban")[Column.QUESTION] = row_of(sheets, "F01", "rural")[Column.QUESTION]
    row_of(sheets, "F01", "depth")[Column.IF_NONE] = "Not available"
    row_of(sheets, "F01", "targeted")[Column.IF_NONE] = "Confidential"
    submission = read(sheets)
    assert [answer_of(submission, "F01", code)["status"] for code in ("depth", "targeted")] == ["unreadable"] * 2


def test_rows__sorted_across_blocks__answers_under_their_own_question_are_in_doubt_too() -> None:
    """The level of W02 stands under W02 by chance: that it is of W02 nobody knows."""
    sheets = book({**ANSWERS, ("W01b", "spent"): 9, ("W02", "status"): "3 – Partly"})
    exchanged(sheets, ("W02", "started"), ("W01b", "spent"))
    submission = read(sheets)
    assert {(entry.code, entry.indicator) for entry in submission.findings} == {
        ("question_differs", "W01b"),
        ("question_differs", "W02"),
    }
    assert answer_of(submission, "W02", "status")["status"] == "unreadable"
    assert answer_of(submission, "W02", "total")["number"] is None
    assert numbers(submission) == {"total": 7, "urban": 3, "rural": 4}


def test_blocks__exchanged_with_their_heads__are_in_doubt_though_both_ask_the_same() -> None:
    sheets = book(ANSWERS)
    rows = sheets["W"]
    heads = [slots(code)[0].row - 2 for code in ("W01a", "W02")]
    one, other = (rows[row] for row in heads)
    one[LEAVE], other[LEAVE] = other[LEAVE], one[LEAVE]
    assert found(read(sheets)) == [
        ("question_differs", "error", layout().slot("W02", code).cell(Column.ANSWER)) for code in ("total", "started")
    ]


def test_options_with_the_same_text_twice_in_a_block__are_never_followed() -> None:
    sheets = book({("W01a", "total"): 1, ("W01a", "urban"): 2, ("F01", "total"): 7})
    submission = read(exchanged(sheets, ("W01a", "total"), ("W01a", "urban")))
    assert [(entry.code, entry.value) for entry in submission.findings] == [
        ("question_differs", "2"), ("question_differs", "1"),
    ]  # fmt: skip


def test_option_whose_text_stands_twice_in_a_block__is_not_followed_though_one_of_the_rows_is_gone() -> None:
    sheets = book({("W01a", "total"): 1, ("W01a", "urban"): 2, ("F01", "total"): 7})
    exchanged(sheets, ("W01a", "total"), ("W01a", "urban"))
    gone = [slot.row for slot in slots("W01a") if slot.question.code == "targeted"]
    del sheets["W"][gone[0] : gone[-1] + 1]
    assert [entry.code for entry in read(sheets).findings if entry.code != "row_missing"] == ["question_differs"] * 2


def test_number_that_stands_twice_in_a_block__leaves_what_was_sorted_in_doubt() -> None:
    sheets = exchanged(book(ANSWERS), ("F01", "urban"), ("F01", "rural"))
    note = [""] * len(Column)
    note[Column.NUMBER], note[Column.QUESTION] = layout().slot("F01", "total").number, "see annex"
    sheets["F"].append(note)
    assert {entry.code for entry in read(sheets).findings if entry.severity == "error"} == {"question_differs"}


def test_block_under_the_head_of_another__is_not_followed_where_its_rows_were_exchanged_too() -> None:
    sheets = exchanged(book(ANSWERS), ("F01", "urban"), ("F01", "rural"))
    sheets["F"][slots("F01")[0].row - 2][Column.QUESTION] = mini().indicator("W01a").text["fr"]
    assert [(entry.code, entry.field, entry.value) for entry in read(sheets).findings][:2] == [
        ("question_differs", "total", "7"), ("question_differs", "urban", "4"),
    ]  # fmt: skip


def test_question_without_text_or_in_other_words__leaves_the_number_to_decide() -> None:
    for text in ("", None, 0, "Nandi porandu", "… in towns (2024)", "Yes"):
        sheets = book(ANSWERS)
        row_of(sheets, "F01", "urban")[Column.QUESTION] = text
        assert numbers(read(sheets)) == {"total": 7, "urban": 3, "rural": 4}


def test_question_without_text__in_a_block_that_was_sorted__leaves_it_in_doubt() -> None:
    sheets = exchanged(book(ANSWERS), ("F01", "urban"), ("F01", "rural"))
    row_of(sheets, "F01", "depth")[Column.QUESTION] = ""
    assert {entry.code for entry in read(sheets).findings} == {"question_differs"}


def test_x_beside_a_question__in_a_block_in_doubt__confirms_nothing() -> None:
    made = Layout(mini(), prefilled=True)
    slot = made.slot("F01", "urban")
    rows = book(ANSWERS)["F"]
    rows[slot.row][Column.QUESTION] = rows[slot.row + 1][Column.QUESTION]
    sheet = Sheet("F", rows)
    assert compare(sheet, section_map(sheet, made), FormTexts(made)) == Compared({}, frozenset(("F01",)))


def compared(rows: Rows, *before: WordingBefore) -> Compared:
    """What is compared where the instrument was worded otherwise before."""
    made = Layout(replace(mini(), wordings_before=before))
    sheet = Sheet("F", rows)
    return compare(sheet, section_map(sheet, made), FormTexts(made))


def test_older_wording__is_the_question_as_that_of_today__and_is_followed() -> None:
    rows = exchanged(book(ANSWERS), ("F01", "urban"), ("F01", "targeted.SOUTH"))["F"]
    urban, south = layout().slot("F01", "urban"), layout().slot("F01", "targeted.SOUTH")
    rows[south.row][Column.QUESTION], rows[urban.row][Column.QUESTION] = "In the cities", "The South"
    rows[slots("F01")[0].row - 2][Column.QUESTION] = "How it was said"
    before = (
        WordingBefore(QUESTION, "urban", "In the cities"),
        WordingBefore(OPTION, "regions.SOUTH", "The South"),
        WordingBefore(INDICATOR, "W01a", "How it was said"),
    )
    assert compared(rows, *before[:2]).followed == {south.row: urban, urban.row: south}
    assert compared(rows, before[0]) == Compared({}, frozenset(("F01",)))
    assert compared(rows).doubted == frozenset()
    assert compared(rows, *before).doubted == {"F01"}


def test_cells__inserted_beside_the_hidden_columns__each_row_in_sight_is_followed() -> None:
    """The number, the question and the answer of each row moved down together; the keys stayed."""
    sheets = book(ANSWERS)
    rows, first = sheets["F"], layout().slot("F01", "urban").row
    shown = [row[Column.NUMBER : Column.COMMENT + 1] for row in rows]
    rows.append([""] * len(Column))
    for row in range(first + 1, len(rows)):
        rows[row][Column.NUMBER : Column.COMMENT + 1] = shown[row - 1]
    rows[first][Column.NUMBER : Column.COMMENT + 1] = ["", "Wetlands", *[""] * (Column.COMMENT - Column.QUESTION)]
    plain, submission = read(book(ANSWERS)), read(sheets)
    assert numbers(submission) == numbers(plain) == {"total": 7, "urban": 3, "rural": 4}
    assert "question_differs" not in [code for code, *_ in found(submission)]


def test_row__that_has_kept_its_key_alone_and_shows_another_question__leaves_its_block_in_doubt() -> None:
    sheets = book(ANSWERS)
    row = row_of(sheets, "F01", "urban")
    row[Column.NUMBER], row[Column.QUESTION] = "", row_of(sheets, "F01", "rural")[Column.QUESTION]
    assert {entry.field for entry in read(sheets).findings if entry.code == "question_differs"} >= {"urban", "rural"}
