"""Decides how wide the columns of a section sheet are, and how its rows are cut into printed pages."""

from collections.abc import Mapping

from questionnaire.layout import HEADINGS, HELPERS, Column, Layout, RowKind, SectionSheet
from questionnaire.workbook.looks.pages import Pages

WIDTHS = {
    Column.KEY: 4,
    Column.NUMBER: 10,
    Column.QUESTION: 40,
    Column.ANSWER: 28,
    Column.IF_NONE: 12,
    Column.HELP: 36,
    Column.CHECK: 60,
    Column.COMMENT: 26,
    Column.PREVIOUS: 22,
    Column.CONFIRM: 11,
    **dict.fromkeys(HELPERS[1:], 8),
}

PRINTED = (Column.NUMBER, Column.HELP)
"""Paper is for reading and for answers noted by hand; what the sheet says to them is on the Check sheet."""


def widths(layout: Layout, across: tuple[Column, Column]) -> list[float]:
    """The widths, in digits, of the columns in use from the first to the last given."""
    first, last = across
    return [WIDTHS[column] for column in layout.columns if first <= column <= last]


def section_pages(layout: Layout, heights: Mapping[int, float]) -> Pages:
    """The pages of a section whose rows have these heights, in points."""
    return Pages(widths(layout, PRINTED), heights[HEADINGS])


def page_breaks(layout: Layout, section: SectionSheet, heights: Mapping[int, float]) -> list[int]:
    """The rows that begin a page."""
    return list(section_pages(layout, heights).breaks(heights, _units(section)))


def _units(section: SectionSheet) -> list[list[int]]:
    """The rows that a page keeps together: a band and its first question, a choice and its options."""
    units: list[list[int]] = []
    above = RowKind.GAP
    for row in section.rows:
        if row.kind is RowKind.BAND or (row.kind is RowKind.QUESTION and above is not RowKind.OBJECTIVE):
            units.append([])
        units[-1].append(row.row)
        above = row.kind
    return units
