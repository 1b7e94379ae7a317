"""What a return said stands in the cells of the next questionnaire as it was typed or chosen."""

from __future__ import annotations

import pytest

from pipeline.feedback.given_answers import given_answers
from questionnaire.declaration.answer_types import is_text
from questionnaire.layout import Column, Layout
from tests.given import mini


@pytest.mark.parametrize(
    ("more", "cells"),
    [
        ({}, {Column.CONFIRM: "x"}),
        ({"if_none": "Not available"}, {Column.IF_NONE: "Not available"}),
        ({"status": "answered", "raw": "7", "number": 7.0}, {Column.ANSWER: 7.0}),
    ],
)
def test_given_answers__the_same_as_in_the_previous_round__stand_as_they_were_given(
    more: dict[str, object], cells: dict[Column, object]
) -> None:
    layout = Layout(mini(), prefilled=True)
    slot = layout.slot("W01a", "total")
    row = {"block": "W01a", "field": "total", "line": 1, "status": "not_available", "change": "confirmed"}
    row |= dict.fromkeys(("code", "number", "text", "date"), None) | dict.fromkeys(("raw", "if_none", "comment"), "")
    given = given_answers(layout, "en", [row | more]).cells
    assert given == {slot.sheet: {(slot.row, slot.columns[column]): value for column, value in cells.items()}}


def test_given_answers__longer_than_a_cell__have_their_beginning() -> None:
    layout = Layout(mini())
    slot = next(one for one in layout.slots if is_text(one.field.type))
    row = {"block": slot.block.code, "field": slot.field.code, "line": 1, "status": "answered", "change": ""}
    row |= dict.fromkeys(("code", "number", "date"), None) | dict.fromkeys(("raw", "if_none", "comment"), "")
    given = given_answers(layout, "en", [row | {"text": "😀" * 20_000}]).cells
    assert given[slot.sheet][slot.row, slot.columns[Column.ANSWER]] == "😀" * 16_383
