"""The open points on the Check sheet: where their links lead."""

from __future__ import annotations

import re

from openpyxl.worksheet.worksheet import Worksheet

from questionnaire.addresses import column_letter
from questionnaire.layout import Column
from questionnaire.sheet_names import CHECKS
from questionnaire.workbook.sheets import open_points
from tests.questionnaire.workbook.written import Written


def test_page__has_lines_for_all_points_of_an_untouched_questionnaire(real: Written) -> None:
    sheet = real.book[real.tabs[CHECKS]]
    assert isinstance(sheet, Worksheet)
    rows = [cell.row for cell in sheet[column_letter(open_points.NUMBER)] if "HYPERLINK" in str(cell.value)]
    points = [row for row in real.values[real.tabs[CHECKS]][rows[0] - 1 :] if row[open_points.POINT]]
    assert (len(points), len(rows)) == (53, open_points.LINES)
    assert str(sheet.print_area).endswith(f"$B$1:$G${rows[0] + 52}")


def test_link__of_a_point__leads_to_the_cell_that_is_filled_in(real: Written) -> None:
    sheet = real.book[real.tabs[CHECKS]]
    assert isinstance(sheet, Worksheet)
    letter = column_letter(open_points.NUMBER)
    links = [str(cell.value) for cell in sheet[letter] if "HYPERLINK" in str(cell.value)]
    assert len(links) == open_points.LINES
    sections = [f"#'{real.tabs[section.code]}'!{column_letter(Column.ANSWER)}" for section in real.layout.sheets]
    lists = [
        f"#'{real.tabs[listed.code]}'!{column_letter(listed.columns[listed.block.fields[0].code])}"
        for listed in real.layout.lists
    ]
    assert {tuple(re.findall(r'"(#[^"]+)"', link)) for link in links} == {(*sections, *lists)}
