"""Names columns as the hidden headers of sheets do, and the lines of lists and tables as people read them."""

from enum import IntEnum

from questionnaire.rounds.identity import MARK

_HEADER = {"previous": "last", "previous_code": "last_code", "previous_numeric": "last_numeric"}
"""What the hidden header calls these columns: workbooks that were sent out are found by it, so the values must stay."""


def column_key(column: IntEnum) -> str:
    """The static text in the hidden header row above a column of a section sheet."""
    name = column.name.lower()
    return f"{MARK}:{_HEADER.get(name, name)}"


def line_number(line: int) -> str:
    """What a person reads before a line."""
    return f"L{line}"


def code_column(field: str) -> str:
    """The name of the hidden column with the code that a field is taken for."""
    return f"{field}.code"


def number_column(field: str) -> str:
    """The name of the hidden column with the number in a field."""
    return f"{field}.number"


def fault_column(field: str) -> str:
    """The name of the hidden column that says what is wrong with a cell of a table."""
    return f"{field}.fault"


def previous_column(field: str) -> str:
    """The name of the column with what a cell of a table held in the previous round."""
    return f"{field}.last"
