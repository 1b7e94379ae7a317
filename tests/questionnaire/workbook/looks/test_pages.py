"""Printed pages: what is kept together, how large letters are on paper, how many pages a section takes."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from questionnaire.layout import HEADINGS, RowKind
from questionnaire.workbook.looks.pages import Pages
from tests.questionnaire.workbook.written import Written

PAGES = Pages([10, 40, 28, 12, 36], heading=30)
A4 = 595 - 72 * 0.9

_heights = st.lists(st.lists(st.integers(12, 409), min_size=1, max_size=12), min_size=1, max_size=40)


@given(_heights)
def test_breaks__whatever_the_heights__no_page_is_too_long_and_units_stay_whole(unit_heights: list[list[int]]) -> None:
    heights: dict[int, float] = {0: 30.0}
    units: list[list[int]] = []
    for unit in unit_heights:
        units.append([len(heights) + place for place in range(len(unit))])
        heights.update(zip(units[-1], map(float, unit), strict=True))
    breaks = list(PAGES.breaks(heights, units))
    room = A4 * 100 / PAGES.scale
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
    assert sum(1 + len(real.section(sheet.code).row_breaks.brk) for sheet in real.layout.sheets) <= 75


def test_letters__on_paper__are_large_enough_to_read(real: Written) -> None:
    for sheet in real.layout.sheets:
        worksheet = real.section(sheet.code)
        area = worksheet[worksheet.print_area.split("!")[-1].replace("$", "")]
        sizes = [cell.font.sz for row in area[HEADINGS:] for cell in row if cell.value not in (None, "")]
        assert min(sizes) * worksheet.page_setup.scale / 100 >= 7.5
        assert worksheet.print_title_rows == f"${HEADINGS + 1}:${HEADINGS + 1}"
