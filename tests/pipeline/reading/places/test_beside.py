"""What stands in a row but in no cell for an answer: an error where the question has none, whatever the column."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from typing import Any

import pytest

from pipeline.reading.places.locate import find, identities_in, locate
from pipeline.reading.workbooks.grids import read_grids
from pipeline.receiving.formats import sniff
from questionnaire.layout import Column
from tests.pipeline.returned import Book, book, layout, put, read, row_of, write

TOTAL, BESIDE = ("F01", "total"), len(Column) + 1
GIVEN: dict[tuple[str, str], Any] = {("W02", "total"): 5, ("F01", "rural"): 4}


def found(sheets: Book) -> list[tuple[str, str, str, str]]:
    return [(entry.code, str(entry.severity), entry.field, entry.value) for entry in read(sheets).findings]


def with_beside(column: int, value: Any, answer: Any = "", key: tuple[str, str] = TOTAL) -> Book:
    sheets = book({**GIVEN, key: answer})
    row = row_of(sheets, *key)
    row += [""] * (column + 1 - len(row))
    row[column] = value
    return sheets


@pytest.mark.parametrize(
    "column",
    [Column.KEY, Column.PREVIOUS, Column.CONFIRM, Column.HELP, Column.CHECK, Column.CODE, Column.NUMERIC, BESIDE],
)
def test_number_in_another_column__of_an_unanswered_question__is_an_error(column: int) -> None:
    assert ("unplaced", "error", "total", "20") in found(with_beside(column, 20))


@pytest.mark.parametrize("column", [Column.PREVIOUS, Column.HELP, Column.CHECK, BESIDE])
def test_number_in_another_column__of_an_answered_question__is_a_warning(column: int) -> None:
    assert found(with_beside(column, 20, answer=7)) == [("unplaced", "warning", "", "20")]


@pytest.mark.parametrize(("typed", "severity"), [("20", "error"), ("Combien ?", "warning"), (20, "error")])
@pytest.mark.parametrize("column", [Column.QUESTION, Column.HELP])
def test_text_of_the_form_written_anew__is_an_error_only_where_it_reads_as_the_answer(
    column: Column, typed: Any, severity: str
) -> None:
    expected = ("unplaced", severity, "total" if severity == "error" else "", str(typed))
    assert found(with_beside(column, typed)) == [expected]


def test_sign_without_a_word__beside_an_unanswered_question__is_no_answer() -> None:
    assert found(with_beside(BESIDE, "–")) == [("unplaced", "warning", "", "–")]


@pytest.mark.parametrize(
    ("typed", "marked", "severity"), [("x", True, "error"), ("annex 3", True, "warning"), ("annex 3", False, "error")]
)
def test_text_beside_an_unmarked_option__may_be_its_mark_or_the_answer_to_the_whole_question(
    typed: str, marked: bool, severity: str
) -> None:
    sheets = with_beside(BESIDE, typed, key=("F01", "targeted.SOUTH"))
    if marked:
        put(sheets, "F01", "targeted.WEST", "Yes")
    assert [(code, grave) for code, grave, _, _ in found(sheets)] == [("unplaced", severity)]


def test_reason_beside_a_question__answers_it() -> None:
    sheets = put(with_beside(BESIDE, "annex 3"), *TOTAL, "Not available", Column.IF_NONE)
    assert found(sheets) == [("unplaced", "warning", "", "annex 3")]


def test_question_that_was_not_to_be_answered__what_stands_beside_it_is_a_warning() -> None:
    """W02 asks for the year only from a level on."""
    sheets = with_beside(BESIDE, 2020, key=("W02", "started"))
    assert ("unplaced", "error", "started", "2020") in found(sheets)
    put(sheets, "W02", "status", "0 – None")
    assert [(code, severity) for code, severity, *_ in found(sheets) if code == "unplaced"] == [("unplaced", "warning")]


@pytest.mark.parametrize(
    ("key", "comment", "severity"),
    [
        (TOTAL, "20", "error"),
        (TOTAL, "Ana Paz:\n20", "error"),
        (("W02", "free"), "Yes", "error"),
        (("W02", "source"), "https://example.org/law", "error"),
        (("W02", "source"), "see annex", "info"),
        (("W02", "report"), "Forest report", "info"),
        (TOTAL, "Not available", "error"),
    ],
)
def test_comment_that_reads_as_the_answer__where_there_is_none__is_an_error(
    key: tuple[str, str], comment: str, severity: str
) -> None:
    assert found(put(book({**GIVEN, key: ""}), *key, comment, Column.COMMENT)) == [
        ("answer_in_comment", severity, key[1], comment)
    ]


def test_text_in_the_comment_column__where_another_answer_of_the_block_stands_there__is_an_error() -> None:
    sheets = put(book({TOTAL: 7}), "W02", "report", "Forest report", Column.COMMENT)
    put(sheets, "W02", "total", 5, Column.COMMENT)
    assert [(severity, field) for _, severity, field, _ in found(sheets)] == [("error", "total"), ("error", "report")]


def results_of_the_form(sheets: Book, formulas: Collection[int]) -> list[tuple[str, str]]:
    """What is found where the helper column holds formulas in these rows of F."""
    data = write(sheets)
    workbook = read_grids(data, sniff(data))
    at = frozenset((row, int(Column.CODE)) for row in formulas)
    seen = tuple(
        replace(sheet, metadata=replace(sheet.metadata, formulas=at)) if sheet.name == "F" else sheet
        for sheet in workbook.sheets
    )
    workbook = replace(workbook, sheets=seen)
    located = locate(find(workbook, identities_in(workbook), layout()), layout())
    return [(entry.code, entry.value) for entry in located.findings]


def test_hidden_columns__hold_results_of_the_form_beside_answers__unless_formulas_show_what_was_typed() -> None:
    slot = layout().slot(*TOTAL)
    sheets = with_beside(Column.CODE, "20", answer=7)
    everywhere = range(len(sheets["F"]))
    assert found(sheets) == []
    assert results_of_the_form(sheets, everywhere) == []
    marked = put(with_beside(Column.CODE, "*", key=("F01", "targeted")), "F01", "targeted.WEST", "Yes")
    assert found(marked) == []
    others = [row for row in everywhere if row != slot.row]
    assert results_of_the_form(sheets, others) == [("unplaced", "20")]
    assert results_of_the_form(with_beside(Column.NUMERIC, 0, answer=7), everywhere) == []
