"""Describes the grid: the cells of one table of a document as texts, each with the address a person finds it by."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from questionnaire.addresses import column_letter


class Shape(StrEnum):
    """Where a grid comes from, and so how its cells are called."""

    SHEET = "sheet"
    """A sheet of a workbook: Sheet1!D9."""
    TEXT = "text"
    """Lines of a text: line 9, column D."""
    TABLE = "table"
    """A table in a document: table 2, row 9, column D."""


At = tuple[int, int]
"""A row and a column, counted from 0."""


@dataclass(frozen=True)
class Grid:
    """The cells of one table, each row as long as the others.

    The text of a merged area stands in each of its cells; `origins` names for these the first cell of the area.
    `numbers` are the rows as a person counts them; `struck` are cells of which something is crossed out. `titles`
    are those above the table in a document, the nearest last.
    """

    name: str
    shape: Shape
    rows: tuple[tuple[str, ...], ...]
    numbers: tuple[int, ...]
    origins: dict[At, At] = field(default_factory=dict)
    struck: frozenset[At] = frozenset()
    titles: tuple[str, ...] = ()

    @property
    def width(self) -> int:
        return len(self.rows[0]) if self.rows else 0

    def origin(self, row: int, column: int) -> At:
        """The first cell of the merged area that a cell belongs to; the cell itself if it is not merged."""
        return self.origins.get((row, column), (row, column))

    def repeats_above(self, row: int, column: int) -> bool:
        """True for a cell that only continues a merged area from the row above."""
        return self.origin(row, column)[0] < row

    def address(self, row: int, column: int) -> str:
        """How a person finds a cell."""
        row, column = self.origin(row, column)
        number, letters = self.numbers[row], column_letter(column)
        if self.shape is Shape.SHEET:
            return f"{self.name}!{letters}{number}"
        if self.shape is Shape.TEXT:
            return f"line {number}, column {letters}"
        return f"{self.name}, row {number}, column {letters}"

    def row_address(self, row: int) -> str:
        """How a person finds a row."""
        if self.shape is Shape.TEXT:
            return f"line {self.numbers[row]}"
        return f"{self.name}, row {self.numbers[row]}"


def column_position(letters: str) -> int:
    """The column that spreadsheet programs call by these letters, counted from 0."""
    position = 0
    for letter in letters.upper():
        position = position * 26 + ord(letter) - ord("A") + 1
    return position - 1


def filled(name: str, shape: Shape, rows: list[list[str]], areas: list[tuple[int, int, int, int]]) -> Grid:
    """A grid of these rows, padded to one width, with the text of each merged area in all of its cells.

    `areas` are (first row, first column, last row, last column).
    """
    width = max(map(len, rows), default=0)
    padded = [row + [""] * (width - len(row)) for row in rows]
    origins: dict[At, At] = {}
    for top, left, bottom, right in areas:
        if top >= len(padded) or left >= width:
            continue
        for row in range(top, min(bottom, len(padded) - 1) + 1):
            for column in range(left, min(right, width - 1) + 1):
                if (row, column) != (top, left):
                    padded[row][column] = padded[top][left]
                    origins[row, column] = (top, left)
    return Grid(name, shape, tuple(map(tuple, padded)), tuple(range(1, len(padded) + 1)), origins)
