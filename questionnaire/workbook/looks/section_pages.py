"""Decides how wide the columns of a section sheet are, and how its rows are cut into printed pages."""

from collections.abc import Mapping, Sequence

from questionnaire.layout import HEADINGS, HELPERS, Column, Layout, RowKind, SectionSheet
from questionnaire.workbook.looks.pages import Pages

PREVIOUS_WIDTH = 13
"""Of the column with the answers of the previous round, in digits."""

_WIDTHS = {
    Column.KEY: 4,
    Column.NUMBER: 9,
    Column.QUESTION: 30,
    Column.ANSWER: 23,
    Column.IF_NONE: 10,
    Column.CHECK: 39,
    Column.HELP: 31,
    Column.PREVIOUS: PREVIOUS_WIDTH,
    Column.CONFIRM: 10,
    Column.COMMENT: 21,
    **dict.fromkeys(HELPERS[1:], 8),
}
_BESIDE_PREVIOUS = {
    Column.QUESTION: 26,
    Column.ANSWER: 20,
    Column.IF_NONE: 9,
    Column.CHECK: 35,
    Column.HELP: 24,
    Column.COMMENT: 16,
}
"""Where the answers of the previous round take their share."""

SHOWN = (Column.NUMBER, Column.COMMENT)
"""The columns that people see: on a screen of 1366 pixels, and on paper."""


def width(column: Column, layout: Layout) -> int:
    """The width of a column in digits: all that people see fits on a screen of 1366 pixels, at full size."""
    return _BESIDE_PREVIOUS.get(column, _WIDTHS[column]) if layout.prefilled else _WIDTHS[column]


def widths(layout: Layout, across: tuple[Column, Column]) -> list[float]:
    """The widths, in digits, of the columns in use from the first to the last given."""
    first, last = across
    return [width(column, layout) for column in layout.columns if first <= column <= last]


def section_pages(layout: Layout, heights: Mapping[int, float]) -> Pages:
    """The pages of a section whose rows have these heights, in points."""
    return Pages(widths(layout, SHOWN), heights[HEADINGS])


def page_breaks(layout: Layout, kept_together: Sequence[Sequence[int]], heights: Mapping[int, float]) -> list[int]:
    """The rows that begin a page."""
    return list(section_pages(layout, heights).breaks(heights, kept_together))


def units(section: SectionSheet) -> list[list[int]]:
    """The rows that a page keeps together: a band and its first question, a choice and its options, a table."""
    found: list[list[int]] = []
    above = RowKind.GAP
    for row in section.rows:
        begins = row.kind in (RowKind.QUESTION, RowKind.TABLE) and above not in (RowKind.OBJECTIVE, RowKind.TABLE)
        if row.kind is RowKind.BAND or begins:
            found.append([])
        found[-1].append(row.row)
        above = row.kind
    return found
