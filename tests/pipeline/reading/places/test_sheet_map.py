"""Where the columns of a section sheet went, by what stands in its head."""

from __future__ import annotations

import pytest

from pipeline.reading.places.form_texts import FormTexts
from pipeline.reading.places.plans import section_plan
from pipeline.reading.places.sheet_map import SheetMap, find_marks, map_sheet
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


@pytest.mark.parametrize(("kept", "is_section"), [(1, False), (2, True)])
def test_keys_alone__two_of_them_are_a_section__one_may_have_been_noted_anywhere(kept: int, is_section: bool) -> None:
    rows = [[cells[Column.KEY]] for cells in book()["W"] if cells[Column.KEY] in PREFILLED.by_key][:kept]
    plan = section_plan(PREFILLED, FormTexts(PREFILLED))
    sheet = Sheet("W", [["", "a note"], *rows])
    assert (map_sheet(find_marks(sheet, plan), plan, lambda *_: False) is not None) is is_section
