"""Owns how wide the columns of a roster sheet are, and how large the letters of its lines."""

from questionnaire.declaration.answer_types import Written
from questionnaire.declaration.lists import RosterColumn

KEY_WIDTH, LINE_WIDTH, CONFIRM_WIDTH, CHECK_WIDTH, HELPER_WIDTH = 4, 7, 11, 40, 8
SIZE = 10

_LONG_TEXT = 250
_ROOMY = 40


def width(column: RosterColumn) -> float:
    """The width of a column, in digits, by what is written into it."""
    if isinstance(column.type, Written) and column.type.max_length > _LONG_TEXT:
        return _ROOMY
    return column.type.traits.width
