"""Printed pages: what is kept together, how large letters are on paper, how many pages a section takes."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st
from openpyxl.utils import column_index_from_string
from openpyxl.worksheet.worksheet import Worksheet

from questionnaire.layout import HEADINGS, RowKind
from questionnaire.sheet_names import CHECKS, COVER, GLOSSARY, OVERVIEW
from questionnaire.workbook.looks.pages import LEAST, Pages, pages_across
from questionnaire.workbook.looks.section_pages import section_pages
from tests.questionnaire.workbook.written import Written

PAGES = Pages([10, 40, 28, 12, 39, 26, 22], heading=30)
A4 = 595 - 72 * 0.9
_BESIDE = 0.7109375
"""What a file adds to the width of a column, in digits: the room beside the text."""

_heights = st.lists(st.lists(st.integers(12, 409), min_size=1, max_size=12), min_size=1, max_size=40)


@given(_heights)
def test_breaks__whatever_the_heights__no_page_is_too_long_and_units_stay_whole(unit_heights: list[list[int]]) -> None:
    heights: dict[int, float] = {0: 30.0}
    units: list[list[int]] = []
    for unit in unit_heights:
        units.append([len(heights) + place for place in range(len(unit))])
        heights.update(zip(units[-1], map(float, unit), strict=True))
    breaks = list(PAGES.breaks(heights, units))
    room = A4 * 100 / PAGES.largest
    for first, after in pairwise([0, *breaks, len(heights)]):
        repeated = 0 if first == 0 else PAGES.heading
        assert repeated + sum(heights[row] for row in range(first, after)) <= room
    for unit in units:
        inside = [row for row in unit[1:] if row in breaks]
        assert not inside or PAGES.heading + sum(heights[row] for row in unit) > room * 0.98


def test_breaks__of_the_questionnaire__stand_above_a_band_or_a_question(real: Written) -> None:
    for sheet in real.layout.sheets:
        kinds = {row.row: row.kind for row in sheet.rows}
        rows = [item.id for item in real.section(sheet.code).row_breaks.brk]
        assert rows
        assert {kinds[row] for row in rows} <= {RowKind.BAND, RowKind.QUESTION}
        before = {kinds[row - 1] for row in rows}
        assert not before & {RowKind.BAND, RowKind.OBJECTIVE}


def test_pages__of_the_sections__are_few_enough_to_be_printed(real: Written) -> None:
    assert sum(1 + len(real.section(sheet.code).row_breaks.brk) for sheet in real.layout.sheets) <= 90


def test_letters__on_paper__are_large_enough_to_read(real: Written) -> None:
    for sheet in real.layout.sheets:
        worksheet = real.section(sheet.code)
        area = worksheet[worksheet.print_area.split("!")[-1].replace("$", "")]
        sizes = [cell.font.sz for row in area[HEADINGS:] for cell in row if cell.value not in (None, "")]
        assert min(sizes) * section_pages(real.layout, {HEADINGS: 40.0}).smallest / 100 >= LEAST
        assert worksheet.page_setup.fitToHeight == 0
        assert worksheet.sheet_properties.pageSetUpPr is not None
        assert worksheet.sheet_properties.pageSetUpPr.fitToPage
        assert worksheet.print_title_rows == f"${HEADINGS + 1}:${HEADINGS + 1}"


def test_letters__on_other_sheets__are_as_large_on_the_pages_that_they_take(real: Written) -> None:
    for key in (COVER, OVERVIEW, CHECKS, GLOSSARY, *(listed.code for listed in real.layout.lists)):
        worksheet = real.book[real.tabs[key]]
        area = worksheet[worksheet.print_area.split("!")[-1].replace("$", "")]
        widths = [_width(worksheet, int(cell.column or 0)) for cell in area[0]]
        smallest = min(cell.font.sz for row in area for cell in row if cell.value not in (None, ""))
        repeated = len(_columns(worksheet.print_title_cols)) if worksheet.print_title_cols else 0
        across = worksheet.page_setup.fitToWidth or 1
        portrait = worksheet.page_setup.orientation == "portrait"
        assert pages_across(widths, repeated, smallest) == across or (portrait and sum(widths) < 125), key
        assert worksheet.page_setup.fitToHeight == 0


def _width(worksheet: Worksheet, column: int) -> float:
    """In digits; a file says it once for columns that are alike."""
    alike = (
        group for group in worksheet.column_dimensions.values() if int(group.min or 0) <= column <= int(group.max or 0)
    )
    return float(next(alike).width) - _BESIDE


def _columns(titles: str) -> range:
    first, last = titles.replace("$", "").split(":")
    return range(column_index_from_string(first), column_index_from_string(last) + 1)


def test_pages_across__columns_that_would_be_too_small__go_to_a_further_page() -> None:
    assert pages_across([40, 20, 60], 1, 10) == 1
    assert pages_across([40, 20, 60, 60], 1, 10) == 2
    assert pages_across([40, 20, 60, 60], 1, 12) == 1
    assert pages_across([40, *[60] * 6], 1, 10) == 3
    assert pages_across([40, *[50] * 5], 1, 10) == 3
    assert pages_across([40, 400, 400], 1, 10) == 2
