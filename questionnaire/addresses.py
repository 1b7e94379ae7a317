"""Names the columns and cells of sheets as spreadsheet programs do: A, AA, D12."""

from functools import cache


@cache
def column_letter(column: int) -> str:
    """0 -> A, 25 -> Z, 26 -> AA; "" for what stands nowhere, which is counted as less than 0."""
    letters = ""
    column += 1
    while column > 0:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def address(row: int, column: int) -> str:
    """The address of a cell, as D12; row and column count from 0."""
    return f"{column_letter(column)}{row + 1}"
