"""Decides how wide the columns of the sheet of a list are, and how large the letters of its lines."""

from questionnaire.declaration.answer_types import Written
from questionnaire.declaration.blocks import Field

LINE_WIDTH, CONFIRM_WIDTH, CHECK_WIDTH, HELPER_WIDTH, REASON_WIDTH = 6, 10, 36, 8, 18
SIZE = 10
SCREEN = 165
"""The digits that a screen of 1366 pixels has room for, side by side."""

_LONG_TEXT = 250
_ROOMY = 40


def width(field: Field) -> float:
    """The width of the column of a field, in digits, by what is written into it."""
    if isinstance(field.type, Written) and field.type.max_length > _LONG_TEXT:
        return _ROOMY
    return field.type.traits.width
