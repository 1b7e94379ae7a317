"""Where the columns of a section sheet went, by what stands in its head."""

from __future__ import annotations

import pytest

from pipeline.reading.places.form_texts import FormTexts
from pipeline.reading.places.plans import EARLIER_COLUMNS, READ, list_plan, section_plan
from pipeline.reading.places.sheet_map import SheetMap, find_marks, map_sheet
from pipeline.reading.workbooks.grids import Sheet
from questionnaire.layout import HEADER_KEYS, HEADINGS, KEY, Column, Layout, Slot
from questionnaire.messages import wording
from questionnaire.table_columns import column_key
from tests.given import mini
from tests.pipeline.returned import Rows, book, codes, edited, insert_column, read, section_map
from tests.with_list import instrument

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


def earlier(rows: Rows, without: Column | None = None) -> Rows:
    """The rows as they were sent before the check stood beside the answer, with x and answers of the previous round."""
    for column in (Column.PREVIOUS, Column.CONFIRM):
        rows[HEADINGS][column] = wording("workbook", f"column_{column.name.lower()}")["en"]
        rows[HEADER_KEYS][column] = column_key(column)
    order = sorted((column for column in Column if column is not without), key=lambda column: EARLIER_COLUMNS[column])
    return [[row[column] for column in order] for row in rows]


@pytest.mark.parametrize("lost", [(), (HEADER_KEYS,), (HEADINGS,)])
def test_columns__of_a_questionnaire_sent_earlier__are_found_where_they_stood(lost: tuple[int, ...]) -> None:
    rows = earlier(book()["W"])
    for row in lost:
        rows[row] = [""] * len(rows[row])
    found = mapped(rows)
    assert {column: found.columns[column] for column in READ} == {column: EARLIER_COLUMNS[column] for column in READ}
    assert found.gone == ()


@pytest.mark.parametrize("column", [Column.IF_NONE, Column.COMMENT])
def test_column__deleted_from_a_questionnaire_sent_earlier__is_gone(column: Column) -> None:
    assert mapped(earlier(book()["W"], without=column)).gone == (column,)


def test_questionnaire_sent_earlier__filled_in__is_read_like_one_of_today() -> None:
    def sent_earlier(rows: Rows) -> None:
        order = sorted(Column, key=lambda column: EARLIER_COLUMNS[column])
        rows[:] = [[row[column] for column in order] for row in rows]

    earlier_one, today = read(edited(sent_earlier)), read(book())
    assert codes(earlier_one) == codes(today)
    assert earlier_one.rows["raw"] == today.rows["raw"]


@pytest.mark.parametrize("earlier", [False, True])
def test_list__of_which_only_the_keys_are_left__has_its_fields_where_they_were_sent(earlier: bool) -> None:
    (listed,) = Layout(instrument()).lists
    rows: Rows = [[""] * len(listed.columns) for _ in range(listed.last + 1)]
    key = (listed.earlier_columns if earlier else listed.columns)[KEY]
    for line in range(1, listed.block.most_lines + 1):
        rows[listed.row(line)][key] = listed.key(line)
    plan = list_plan(listed)
    found = map_sheet(find_marks(Sheet("list", rows), plan), plan, lambda *_: False)
    assert found
    assert [found.columns[name] for name in listed.block.field_codes] == [
        listed.columns[name] for name in listed.block.field_codes
    ]


@pytest.mark.parametrize(("kept", "is_section"), [(1, False), (2, True)])
def test_keys_alone__two_of_them_are_a_section__one_may_have_been_noted_anywhere(kept: int, is_section: bool) -> None:
    rows = [[cells[Column.KEY]] for cells in book()["W"] if cells[Column.KEY] in PREFILLED.by_key][:kept]
    plan = section_plan(PREFILLED, FormTexts(PREFILLED))
    sheet = Sheet("W", [["", "a note"], *rows])
    assert (map_sheet(find_marks(sheet, plan), plan, lambda *_: False) is not None) is is_section
