"""One workbook that goes back makes those of many respondents: each with what it returned, and nothing of any other."""

from __future__ import annotations

import datetime as dt
import io
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from openpyxl import load_workbook
from openpyxl.workbook import Workbook

from questionnaire.declaration.answer_types import is_text
from questionnaire.layout import Column, Layout, Slot, TableSheet
from questionnaire.messages import long_date
from questionnaire.rounds.previous_round import Previous
from questionnaire.rounds.slices import Slice
from questionnaire.rules.evaluate import Answer, Line
from questionnaire.sheet_names import IDENTITY_SHEET, POINTS, SIGNS, TEXTS_SHEET, tab_names
from questionnaire.table_columns import previous_column
from questionnaire.workbook.corrected import CorrectedWorkbooks
from questionnaire.workbook.looks import styles
from questionnaire.workbook.looks.heights import Box, row_height
from questionnaire.workbook.looks.section_pages import width
from questionnaire.workbook.package import parts_of
from questionnaire.workbook.returned import Point, PointCell, Returned
from questionnaire.workbook.template import template
from tests.given import following
from tests.questionnaire.workbook.written import Written
from tests.with_list import list_round
from tests.with_table import table_round

BY, SAVED = dt.date(2026, 5, 20), dt.datetime(2026, 4, 2, 8, 30, tzinfo=dt.UTC)
LONG = "much to say " * 30


def _slot(layout: Layout) -> Slot:
    return next(slot for slot in layout.slots if is_text(slot.field.type))


def _returned(layout: Layout, typed: str, *messages: str) -> Returned:
    slot = _slot(layout)
    at = (slot.row, slot.columns[Column.ANSWER])
    cell = PointCell(slot.sheet, at, slot.number, "Which?", typed)
    points = tuple(Point(message, "", (cell,)) for message in messages)
    return Returned(points, SAVED, {slot.sheet: {at: typed}}, {"cover_name": f"Who said {typed[:9]}"})


@pytest.fixture(scope="module")
def make(small: Written) -> Callable[[], CorrectedWorkbooks]:
    return lambda: CorrectedWorkbooks(small.round, "fr", small.layout, None, BY)


@pytest.fixture(scope="module")
def of_all(make: Callable[[], CorrectedWorkbooks]) -> CorrectedWorkbooks:
    return make()


def _book(content: bytes) -> Workbook:
    return load_workbook(io.BytesIO(content))


def test_corrected__after_another_respondent__is_as_if_made_for_it_alone(
    make: Callable[[], CorrectedWorkbooks], small: Written
) -> None:
    first, second, *_ = small.round.participants
    of_all = make()
    of_all.workbook(first, _returned(small.layout, LONG, "Once", "Twice", "And again"))
    given = second, _returned(small.layout, "little", "Only this")
    made, alone = of_all.workbook(*given), make().workbook(*given)
    assert parts_of(made) == parts_of(alone)
    assert made == alone
    assert not any(
        "much to say" in part or "Twice" in part or "Who said much" in part for part in parts_of(made).values()
    )
    assert any("Who said little" in part for part in parts_of(made).values())


def test_corrected__in_its_head__names_the_respondent_the_slice_and_the_day_and_asks_nothing_else(
    small: Written,
) -> None:
    part = Slice("water", "*", {"en": "Water authority", "fr": "Autorité de l’eau"}, frozenset({"W01a", "W02"}))
    content = CorrectedWorkbooks(small.round, "fr", small.layout, part, BY).workbook(
        small.respondent, Returned((), SAVED)
    )
    assert not any(re.search("[\ufdd0-\ufdef]", text) for text in parts_of(content).values())
    book = load_workbook(io.BytesIO(content), data_only=True)
    who, said = (str(book[SIGNS[POINTS]][cell].value) for cell in ("B3", "B4"))
    assert who == "Bétalande (BBB)  ·  Autorité de l’eau  ·  Un petit tour"
    assert long_date(BY, "fr").replace(" ", "\xa0") in said.replace(" ", "\xa0")
    tabs = tab_names(small.layout.part(part.indicators))
    assert [tab for tab in small.tabs.values() if tab in book.sheetnames] == list(tabs.values())


def test_corrected__an_empty_text__leaves_its_cell_as_it_was_sent(of_all: CorrectedWorkbooks, small: Written) -> None:
    blank = of_all.workbook(small.respondent, Returned((), SAVED))
    assert of_all.workbook(small.respondent, _returned(small.layout, "")) != blank, "who said it stands on the Cover"
    assert of_all.workbook(small.respondent, replace(_returned(small.layout, ""), cover={})) == blank


def test_corrected__after_a_previous_round__shows_its_answers_but_the_lines_of_the_return_only(tmp_path: Path) -> None:
    round_ = list_round(tmp_path)
    layout = Layout(round_.instrument, prefilled=True)
    slot, (listed,) = _slot(layout), layout.lists
    answers = {(slot.block.code, slot.field.code): Answer("said then")}
    lines: tuple[Line, ...] = ({"partner": Answer("BBB"), "name": Answer("a line of then")},)
    round_ = replace(following(round_, {"AAA": answers}), previous_lines={"AAA": {"projects": lines}})
    at = (listed.row(1), listed.columns["name"])
    returned = _returned(layout, "said now")
    returned = replace(returned, cells={**returned.cells, listed.code: {at: "a line of now"}})
    content = CorrectedWorkbooks(round_, "en", layout, None, BY).workbook(round_.participants[0], returned)
    texts = "".join(parts_of(content).values())
    assert [said in texts for said in ("said then", "said now", "a line of now", "a line of then")] == [
        True, True, True, False,
    ]  # fmt: skip


def test_corrected__after_a_previous_round__shows_the_numbers_of_its_tables_as_a_questionnaire_does(
    tmp_path: Path,
) -> None:
    round_ = table_round(tmp_path)
    lines: tuple[Line, ...] = ({"sorts": Answer("OAK"), "grounds": Answer("PLAIN"), "planted": Answer(4711)},)
    round_ = replace(following(round_, {}), previous_lines={"AAA": {"trees": lines}})
    layout, respondent = Layout(round_.instrument, prefilled=True), round_.participants[0]
    sheet = layout.list_of("trees")
    assert isinstance(sheet, TableSheet)
    tab, at = tab_names(layout)[sheet.code], (sheet.row(2) + 1, sheet.columns[previous_column("planted")] + 1)
    given_back = CorrectedWorkbooks(round_, "en", layout, None, BY).workbook(respondent, Returned((), SAVED))
    sent = template(round_, "en", layout).questionnaire_for(respondent)
    assert [_book(content)[tab].cell(*at).value for content in (given_back, sent)] == [4711, 4711]


def test_corrected__with_points__has_each_text_where_its_formula_looks_for_it(
    of_all: CorrectedWorkbooks, small: Written
) -> None:
    messages = [f"Message {number}" for number in range(9)]
    content = of_all.workbook(small.respondent, _returned(small.layout, "a & <b>", *messages))
    formulas, values = _book(content), load_workbook(io.BytesIO(content), data_only=True)
    points, texts = SIGNS[POINTS], values[TEXTS_SHEET]
    language = [str(cell.value) for cell in texts["C"]]
    said = {}
    for (shown,), (cell,) in zip(values[points]["C7:C30"], formulas[points]["C7:C30"], strict=True):
        if found := re.fullmatch(r"=INDEX\(acopio_texts,(\d+)\)", str(cell.value)):
            said[shown.value] = language[int(found[1]) - 1]
    assert [text for text in said if text in messages] == messages
    assert all(shown == text for shown, text in said.items())
    for name in ("acopio_texts", "acopio_official"):
        assert formulas.defined_names[name].value.endswith(f"${len(language)}")
    stated = load_workbook(io.BytesIO(content), read_only=True)[TEXTS_SHEET].calculate_dimension()
    assert stated == texts.calculate_dimension()
    assert values[points]["A1"].value == values[IDENTITY_SHEET]["A1"].value, "the identity vouches for the sheet"
    assert formulas[points].print_area.endswith(f"${6 + 2 * len(messages)}"), "a row for each point and each cell"
    assert formulas.properties.created == formulas.properties.modified == SAVED.replace(tzinfo=None)


def test_corrected__a_text_that_needs_room__has_it_and_is_marked_while_it_stays(
    of_all: CorrectedWorkbooks, small: Written
) -> None:
    slot = _slot(small.layout)
    short, long = (
        _book(of_all.workbook(small.respondent, _returned(small.layout, typed, "Why?")))[small.tabs[slot.sheet]]
        for typed in ("x", LONG)
    )
    assert long.row_dimensions[slot.row + 1].height > short.row_dimensions[slot.row + 1].height
    assert short.row_dimensions[slot.row + 1].height == small.section(slot.sheet).row_dimensions[slot.row + 1].height
    assert [one.id for one in long.row_breaks.brk] != [one.id for one in short.row_breaks.brk]
    rules = {str(found.sqref): [rule.formula for rule in found.rules] for found in short.conditional_formatting}
    assert rules[slot.cell(Column.ANSWER)] == [[f'EXACT(LEFT({slot.cell(Column.ANSWER)}&"",1),"x")']]
    priorities = [rule.priority for found in short.conditional_formatting for rule in found.rules]
    assert sorted(priorities) == [*range(1, len(priorities) + 1)]


@pytest.mark.parametrize("column", [Column.ANSWER, Column.COMMENT])
def test_corrected__a_long_answer_or_comment__makes_its_row_as_many_whole_pixels_taller(
    of_all: CorrectedWorkbooks, small: Written, column: Column
) -> None:
    slot = _slot(small.layout)
    needed, found = [], []
    for times in (8, 12, 20, 60):
        typed = "much to say " * times
        box = Box((typed,), width(column, small.layout), styles.ENTRY.size, indent=1)
        needed.append(row_height([box]))
        cells = {slot.sheet: {(slot.row, slot.columns[column]): typed}}
        book = _book(of_all.workbook(small.respondent, Returned((), SAVED, cells)))
        found.append(float(book[small.tabs[slot.sheet]].row_dimensions[slot.row + 1].height or 0))
    assert any(height % 0.75 for height in needed), "the tallest that a row can be is none"
    assert [height % 0.75 for height in found] == [0] * len(found), "XlsxWriter writes whole pixels"
    assert found == pytest.approx(needed, abs=0.375)


def test_corrected__beside_a_long_answer_of_the_previous_round__has_room_for_the_longer_of_both(small: Written) -> None:
    previous = Previous(Path("answers.parquet"), small.round.instrument.edition, "2022–2023")
    layout = Layout(small.round.instrument, prefilled=True)
    slot = _slot(layout)
    key = slot.block.code, slot.field.code

    def height(before: str, typed: str) -> float:
        answers = {small.respondent.code: {key: Answer(before)}}
        round_ = replace(small.round, previous=previous, previous_answers=answers)
        of_all = CorrectedWorkbooks(round_, "fr", layout, None, BY)
        book = _book(of_all.workbook(small.respondent, _returned(layout, typed)))
        return float(book[small.tabs[slot.sheet]].row_dimensions[slot.row + 1].height or 0)

    usual, now, then = height("x", "x"), height("x", LONG), height(LONG, "x")
    assert usual < then < now, "an answer of the previous round is not shown whole"
    assert height(LONG, LONG) == now
    assert height(LONG, LONG[:120]) == then > height("x", LONG[:120]) > usual


def test_corrected__a_sheet_that_is_not_there__is_refused(of_all: CorrectedWorkbooks, small: Written) -> None:
    with pytest.raises(KeyError, match="list_lost"):
        of_all.workbook(small.respondent, Returned((), SAVED, {"list_lost": {(6, 5): "lost"}}))


def test_corrected__a_cell_that_is_no_place_for_answers__is_refused(of_all: CorrectedWorkbooks, small: Written) -> None:
    with pytest.raises(KeyError, match="A1"):
        of_all.workbook(small.respondent, Returned((), SAVED, {_slot(small.layout).sheet: {(0, 0): "lost"}}))
