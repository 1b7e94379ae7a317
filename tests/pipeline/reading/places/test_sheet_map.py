"""Where the columns of a section sheet went, by what stands in its head."""

from __future__ import annotations

from pipeline.reading.places.sheet_map import SheetMap
from pipeline.reading.workbooks.grids import Sheet
from questionnaire.layout import HEADER_KEYS, HEADINGS, Column, Layout, Slot
from questionnaire.messages import wording
from tests.given import mini
from tests.pipeline.returned import Rows, book, insert_column, section_map

PREFILLED = Layout(mini(), prefilled=True)


def mapped(rows: Rows) -> SheetMap[Column, Slot]:
    return section_map(Sheet("W", rows), PREFILLED)


def test_column_of_the_previous_answers__is_found_by_its_heading_with_the_period_below() -> None:
    rows = book()["W"]
    rows[HEADINGS] += [""] * (Column.PREVIOUS + 1 - len(rows[HEADINGS]))
    rows[HEADINGS][Column.PREVIOUS] = f"{wording('workbook', 'column_previous')['en']}\n2022–2023"
    rows[HEADER_KEYS] = [""] * len(rows[HEADER_KEYS])
    insert_column(rows, Column.PREVIOUS)
    assert mapped(rows).columns[Column.PREVIOUS] == Column.PREVIOUS + 1


def test_numbers__in_the_column_headed_so__count_before_more_of_them_elsewhere() -> None:
    rows = book()["W"]
    own = [row for row, cells in enumerate(rows) if cells[Column.KEY] in PREFILLED.by_key]
    numbers = [rows[row][Column.NUMBER] for row in own]
    for row, number in zip(own, numbers[1:] + numbers[:1], strict=True):
        rows[row].append(number)
    rows[own[0]][Column.NUMBER] = ""
    assert mapped(rows).columns[Column.NUMBER] == Column.NUMBER
