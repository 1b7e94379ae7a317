"""Owns how wide the columns of the sheet of a list are, and how large the letters of its lines."""

from questionnaire.declaration.answer_types import Date, Text, WholeNumber, Year
from questionnaire.declaration.blocks import Field

KEY_WIDTH, LINE_WIDTH, CONFIRM_WIDTH, CHECK_WIDTH, HELPER_WIDTH = 4, 7, 11, 40, 8
SIZE = 10

_LONG_TEXT = 250


def width(field: Field) -> float:
    """The width of the column of a field, in digits, by what is written into it."""
    match field.type:
        case Text(length):
            return 40 if length > _LONG_TEXT else 26
        case Year() | WholeNumber() | Date():
            return 14
        case _:
            return 26
