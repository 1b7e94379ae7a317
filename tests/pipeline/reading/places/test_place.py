"""What stands in the cells of a row: results of formulas, crossed-out cells, comments in bubbles."""

from __future__ import annotations

import pytest

from pipeline.reading.places.place import Place, SectionReading, calculated
from pipeline.reading.workbooks.grids import CellValue, ErrorText, NoResult, Sheet, StruckOut
from pipeline.reading.workbooks.metadata import At, SheetMetadata
from questionnaire.layout import Column
from tests.pipeline.returned import book, layout, put, section_map

FORMULA = frozenset({(0, 0)})
WITHOUT_RESULT, WITH_RESULT = SheetMetadata(formulas=FORMULA, without_result=FORMULA), SheetMetadata(formulas=FORMULA)


@pytest.mark.parametrize("value", [None, "", 0, 0.0])
def test_calculated__a_formula_whose_result_is_not_in_the_file__is_no_answer(value: CellValue) -> None:
    found = calculated(Sheet("W", [[value]], WITHOUT_RESULT), (0, 0))
    assert (type(found), found) == (NoResult, "=")


def test_calculated__a_result_that_is_there__is_the_value() -> None:
    assert calculated(Sheet("W", [[7.0]], WITHOUT_RESULT), (0, 0)) == 7
    assert calculated(Sheet("W", [[0.0]], WITH_RESULT), (0, 0)) == 0
    assert calculated(Sheet("W", [[0.0]]), (0, 0)) == 0
    assert calculated(Sheet("W", [[7.0]]), (5, 0)) is None


def test_calculated__what_is_crossed_out__is_content_and_no_answer() -> None:
    struck = SheetMetadata(struck=frozenset({(0, 0)}))
    found = calculated(Sheet("W", [[12.0]], struck), (0, 0))
    assert (type(found), found) == (StruckOut, "12")
    assert calculated(Sheet("W", [[" "]], struck), (0, 0)) == " "


def place(comment: str, notes: dict[At, str]) -> Place:
    """The place of one answer with a comment beside it and these bubbles on its sheet."""
    sheets = put(book(), "W01a", "total", comment, Column.COMMENT)
    sheet = Sheet("W", sheets["W"], SheetMetadata(notes=notes))
    found = section_map(sheet, layout())
    return next(each for each in SectionReading(sheet, found).places() if each.slot.key == "W01a:total")


def test_comment__in_a_bubble_on_the_answer__counts_where_none_is_typed_beside() -> None:
    slot = layout().slot("W01a", "total")
    bubble, elsewhere = {(slot.row, int(Column.ANSWER)): "in 2025 only"}, {(slot.row + 1, int(Column.ANSWER)): "no"}
    assert (place("", bubble).comment, place("", bubble).note) == ("in 2025 only", "in 2025 only")
    assert (place("typed", bubble).comment, place("typed", bubble).note) == ("typed", "in 2025 only")
    assert place("", elsewhere) == place("", {})._replace(comment="")


@pytest.mark.parametrize("comment", ["typed", ErrorText("")])
def test_place__with_a_comment_or_an_error__says_something_else(comment: CellValue) -> None:
    blank = place("", {})
    assert blank.says_nothing_else
    assert not blank._replace(comment=comment).says_nothing_else
    assert not blank._replace(if_none=0.0).says_nothing_else
    assert not blank._replace(confirm="x").says_nothing_else
