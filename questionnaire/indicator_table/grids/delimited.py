"""Reads texts whose cells are separated by a comma, semicolon, bar or TAB: whether a text is one, and its grid."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

from questionnaire.indicator_table.grids.grid import Grid, Shape, filled
from questionnaire.indicator_table.grids.header import FIRST_ROWS, score
from questionnaire.indicator_table.grids.heads import meaning
from questionnaire.indicator_table.lines import split_lines
from questionnaire.indicator_table.records import IndicatorTableError

DELIMITERS = ",;|\t"
_NONE = "\x1f"
"""Separates nothing: no text that a person typed has it."""
_ENDINGS = (".csv", ".tsv", ".tab")
_QUOTE = "Put each text that holds the separator between double quotes, and close every quote."
_LONGEST_CELL = 200_000


def delimited_grid(text: str, source: str) -> Grid | None:
    """The grid of a text in cells, or None for a text in lines.

    It is one if a row has column heads, or its name says so. Raises IndicatorTableError for a row that has more cells
    than the heads, or a quote that is never closed.
    """
    found: tuple[int, str] | None = None
    for delimiter in DELIMITERS:
        points = _best_score(text, delimiter)
        if points and (found is None or points > found[0]):
            found = points, delimiter
    if found:
        return _grid(text, found[1], source)
    if source.casefold().endswith(_ENDINGS):
        return _grid(text, _NONE if _is_one_column(text) else _likely(text), source)
    return None


def _is_one_column(text: str) -> bool:
    """Whether the first line is a head for indicators without a separator: what looks like one below is of the text."""
    first = next((line for line in split_lines(text) if line.strip()), "")
    found = meaning(first)
    return found is not None and found.role == "indicator" and found.exact and not set(DELIMITERS) & set(first)


def _best_score(text: str, delimiter: str) -> int:
    """How much one of the first rows looks like heads, separated so."""
    rows = _first_rows(text, delimiter)
    # A table of only two columns separated by TAB is left to the line grammar, which reads it with its numbers.
    least = 3 if delimiter == "\t" else 2
    grid = filled("", Shape.TEXT, rows, [])
    return max(
        (score(grid, at) for at, row in enumerate(rows) if sum(bool(cell.strip()) for cell in row) >= least), default=0
    )


def _first_rows(text: str, delimiter: str) -> list[list[str]]:
    found = []
    try:
        for row in _reader(text, delimiter, strict=False):
            if any(cell.strip() for cell in row):
                found.append(row)
            if len(found) == FIRST_ROWS:
                break
    except csv.Error:
        return []
    return found


def _likely(text: str) -> str:
    """The separator that gives the most rows the same number of cells, more than one."""
    best = {}
    for delimiter in DELIMITERS:
        counts = Counter(len(row) for row in _first_rows(text, delimiter) if len(row) > 1)
        best[delimiter] = max(counts.values(), default=0)
    return max(DELIMITERS, key=lambda delimiter: best[delimiter])


def _grid(text: str, delimiter: str, source: str) -> Grid:
    rows, numbers = [], []
    for line, row in _rows(text, delimiter, source):
        rows.append(row)
        numbers.append(line)
    grid = replace(filled("", Shape.TEXT, rows, []), numbers=tuple(numbers))
    head = max(range(min(len(rows), FIRST_ROWS)), key=lambda at: (score(grid, at), -at), default=0)
    if rows and score(grid, head):
        _check_widths(rows, numbers, head, source)
    return grid


def _check_widths(rows: list[list[str]], numbers: list[int], head: int, source: str) -> None:
    width = len(rows[head])
    for row, line in zip(rows[head + 1 :], numbers[head + 1 :], strict=True):
        if len(row) > width and any(cell.strip() for cell in row[width:]):
            what = f"The row has {len(row)} cells, but there are {width} column heads."
            raise IndicatorTableError(source, line, what, _QUOTE)


def _rows(text: str, delimiter: str, source: str) -> Iterator[tuple[int, list[str]]]:
    """The rows that hold something, each with the line it starts on."""
    rows = _reader(text, delimiter, strict=True)
    start = 1
    try:
        for row in rows:
            if any(cell.strip() for cell in row):
                yield start, row
            start = rows.line_num + 1
    except csv.Error as error:
        raise IndicatorTableError(source, start, f"The row cannot be read ({error}).", _QUOTE) from error


def _reader(text: str, delimiter: str, strict: bool):  # type: ignore[no-untyped-def]
    csv.field_size_limit(_LONGEST_CELL)
    # Only these end a line, as everywhere; the csv module would also take others for one.
    lines = "\n".join(split_lines(text))
    return csv.reader(io.StringIO(lines, newline=""), delimiter=delimiter, strict=strict)
