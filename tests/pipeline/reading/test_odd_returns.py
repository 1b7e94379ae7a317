"""Odd but honest returns: whatever a ministry does, each answer is right or reported with its cell, and no text is lost."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest

from questionnaire.layout import Column
from tests.pipeline.returned import SOME, Book, Rows, answer_of, book, edited, layout, put, read, row_of

TOTAL, STATUS, NOTE = ("W01a", "total"), ("W01a", "status"), ("W02", "title")
Found = tuple[str, str, str]


def cell(key: tuple[str, str], column: Column = Column.ANSWER) -> str:
    return layout().slot(*key).cell(column)


def found(sheets: Book) -> list[Found]:
    return [(entry.code, str(entry.severity), entry.cell) for entry in read(sheets).findings]


@pytest.mark.parametrize(
    ("typed", "value", "code"),
    [
        ("•\t12", 12, "number_from_text"),
        ("12\n", 12, "number_from_text"),
        ("12 (2024) / 15 (2025)", None, "not_a_number"),
        ("idem", None, "not_a_number"),
        ("see above", None, "not_a_number"),
        ("0 (cero)", 0, "number_from_text"),
        ("0 (uno)", None, "contradictory"),
        ("30-40", None, "not_a_number"),
        (">100", 100, "number_with_words"),
        ("10%", None, "percentage"),
        ("٣٠", 30, "number_from_text"),
        ("３０", 30, "number_from_text"),
        ("\u200b30\u00a0", 30, "number_from_text"),
        ("3\u00a00", None, "not_a_number"),
        ("12¹", None, "not_a_number"),
        ("1O", None, "not_a_number"),
        ("-", None, "missing_unclear"),
        ("N.A.", None, "missing_unclear"),
        (dt.date(1900, 1, 12), None, "date_in_number"),
    ],
)
def test_number__typed_oddly__is_read_or_asked_back_and_its_text_stays(typed: Any, value: Any, code: str) -> None:
    submission = read(book({**SOME, TOTAL: typed}))
    assert [(entry.code, entry.cell) for entry in submission.findings] == [(code, cell(TOTAL))]
    answer = answer_of(submission, *TOTAL)
    assert (answer["number"], answer["status"]) == (value, "unreadable" if value is None else "answered")
    assert answer["raw"] == (typed if isinstance(typed, str) else "1900-01-12")


def other_texts(column: Column) -> Callable[[Rows], None]:
    """The ministry writes the texts of a column anew, in a language of its own."""

    def edit(rows: Rows) -> None:
        for slot in layout().sheets[0].slots:
            rows[slot.row][column] = f"Nandi porandu {slot.row}"

    return edit


@pytest.mark.parametrize("column", [Column.QUESTION, Column.HELP])
def test_texts__translated_by_hand__are_one_finding_with_all_of_them(column: Column) -> None:
    submission = read(edited(other_texts(column)))
    rows = sorted(slot.row for slot in layout().sheets[0].slots)
    [entry] = submission.findings
    assert (entry.code, str(entry.severity), entry.sheet) == ("texts_overwritten", "warning", "W")
    assert entry.value.count("Nandi porandu") == len(rows) == entry.values["count"]
    assert entry.value.startswith(f"{entry.cell}: Nandi porandu {rows[0]} | ")
    assert answer_of(submission, *TOTAL)["number"] == 12


def test_answer__written_behind_its_question__is_reported_with_its_cell() -> None:
    sheets = book()
    row_of(sheets, *TOTAL)[Column.QUESTION] += " 15"
    assert found(sheets) == [("unplaced", "warning", cell(TOTAL, Column.QUESTION))]


@pytest.mark.parametrize(
    ("column", "code", "severity"),
    [
        (Column.HELP, "unplaced", "error"),
        (Column.COMMENT, "answer_in_comment", "error"),
        (Column.IF_NONE, "if_none_unknown", "error"),
    ],
)
def test_answer__in_another_column__is_reported(column: Column, code: str, severity: str) -> None:
    sheets = put(book({STATUS: "3 – Partly", ("F01", "total"): 7}), *TOTAL, 15, column)
    at = column if code == "unplaced" else Column.ANSWER
    assert found(sheets) == [(code, severity, cell(TOTAL, at))]


def test_answers__below_the_last_question__are_reported() -> None:
    last = len(book()["W"])

    def edit(rows: Rows) -> None:
        rows += [["", "", "Other cases", 33]]

    assert found(edited(edit)) == [("unplaced", "warning", f"C{last + 1}")]


def test_workbook__split_into_one_file_for_each_section__says_what_each_lacks() -> None:
    for kept, lost in (("W", "F"), ("F", "W")):
        sheets = {name: rows for name, rows in book().items() if name != lost}
        submission = read(sheets)
        assert [(entry.code, str(entry.severity)) for entry in submission.findings] == [("section_missing", "error")]
        assert submission.findings[0].values["section"] == lost
        assert {str(sheet) for sheet in submission.rows["sheet"]} == {kept, ""}


def test_choice__of_two_levels_in_one_cell__is_asked_back() -> None:
    for typed in ("2 / 3", "nivel 2 o 3", "2 → 3"):
        submission = read(book({**SOME, STATUS: typed}))
        assert ("unknown_choice", cell(STATUS)) in [(entry.code, entry.cell) for entry in submission.findings]
        assert answer_of(submission, *STATUS)["raw"] == typed
