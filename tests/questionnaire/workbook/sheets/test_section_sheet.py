"""A section's sheet: every question where the layout says, static where it must be, live everywhere else."""

from __future__ import annotations

from typing import get_args

import pytest
from openpyxl.cell.cell import MergedCell
from openpyxl.worksheet.worksheet import Worksheet

from questionnaire.addresses import column_letter
from questionnaire.declaration.answer_types import Derived, DerivedType, Mark, ScalarType, Selection, Text, WebReference
from questionnaire.layout import FIRST_BLOCK, HEADER_KEYS, HELPERS, IDENTITY, Column, Layout, RowKind, Slot
from questionnaire.rounds.identity import find_identity
from questionnaire.table_columns import column_key
from questionnaire.workbook.looks.heights import lines_height
from questionnaire.workbook.looks.section_pages import SHOWN, widths
from questionnaire.workbook.looks.styles import BLACK, WHITE
from tests.given import mini
from tests.questionnaire.workbook.written import MAIN, Written

_STATIC = (Column.KEY, Column.NUMBER)
_TYPED = (Column.ANSWER, Column.IF_NONE, Column.COMMENT)
_SAID = (Column.QUESTION, Column.CHECK)


def test_slots__every_one__has_its_key_number_and_name(written: Written) -> None:
    names = written.book.defined_names
    for slot in written.layout.slots:
        assert written.cell(slot, Column.KEY) == slot.key
        assert written.cell(slot, Column.NUMBER) == slot.number
        tab = written.tabs[slot.sheet].replace("'", "''")
        letter = column_letter(Column.ANSWER)
        assert names[slot.name].attr_text == f"'{tab}'!${letter}${slot.row + 1}"


def test_cells__whatever_a_person_reads__is_live(written: Written) -> None:
    for section in written.layout.sheets:
        sheet = written.section(section.code)
        for row in sheet.iter_rows(min_row=2, max_col=Column.PREVIOUS):
            for cell in row:
                if isinstance(cell, MergedCell) or cell.value in (None, ""):
                    continue
                static = cell.column - 1 in _STATIC and cell.row > FIRST_BLOCK
                hidden = cell.row == IDENTITY + 1 and cell.column - 1 == Column.KEY
                assert static or hidden or str(cell.value).startswith("="), f"{sheet.title}!{cell.coordinate}"


def test_slots__question_and_check__are_formulas_with_a_first_value(written: Written) -> None:
    for slot in written.layout.slots:
        values = written.values[written.tabs[slot.sheet]][slot.row]
        for column in _SAID:
            assert str(written.cell(slot, column)).startswith("=")
        assert values[Column.QUESTION]


def test_header__hidden_row__names_every_column_in_use(written: Written) -> None:
    for section in written.layout.sheets:
        sheet = written.section(section.code)
        assert sheet.row_dimensions[HEADER_KEYS + 1].hidden
        for column in Column:
            expected = column_key(column) if column in written.layout.columns else None
            assert sheet.cell(HEADER_KEYS + 1, column + 1).value == expected
        hidden = {
            column
            for item in sheet.column_dimensions.values()
            if item.hidden
            for column in range((item.min or 1) - 1, item.max or 0)
        }
        assert hidden == {*HELPERS, Column.PREVIOUS, Column.CONFIRM} - {Column.DIFFERENCE}


def test_identity__each_section_sheet__states_it_in_the_key_column(written: Written) -> None:
    for section in written.layout.sheets:
        found = find_identity(written.section(section.code).cell(IDENTITY + 1, Column.KEY + 1).value)
        assert found is not None
        assert (found.respondent, found.round) == (written.respondent.code, written.round.name)
        assert written.respondent.name[written.respondent.language] in str(
            written.values[written.tabs[section.code]][IDENTITY][Column.NUMBER]
        )


def test_protection__only_cells_to_fill_in__are_open(written: Written) -> None:
    for section in written.layout.sheets:
        sheet = written.section(section.code)
        assert sheet.protection.sheet
        assert not sheet.protection.formatColumns
        opened = {
            (cell.row - 1, cell.column - 1)
            for row in sheet.iter_rows()
            for cell in row
            if not isinstance(cell, MergedCell) and not cell.protection.locked
        }
        answers = {
            (slot.row, Column.ANSWER) for slot in section.slots if not isinstance(slot.field.type, Selection | Derived)
        }
        reasons = {(slot.row, Column.IF_NONE) for slot in section.slots if slot.field.takes_missing}
        assert answers | reasons == {place for place in opened if place[1] != Column.COMMENT}
        assert {place[1] for place in opened} <= set(_TYPED)


def test_comment__every_question__has_room_for_one(written: Written) -> None:
    for slot in written.layout.slots:
        if not isinstance(slot.field.type, Mark):
            assert not written.section(slot.sheet)[slot.cell(Column.COMMENT)].protection.locked


def test_text_answers__keep_what_is_typed(written: Written) -> None:
    for slot in written.layout.slots:
        if isinstance(slot.field.type, Text | WebReference):
            assert written.section(slot.sheet)[slot.cell(Column.ANSWER)].number_format == "@"


def test_validation__every_open_answer__has_one(written: Written) -> None:
    seen: set[type[ScalarType]] = set()
    for section in written.layout.sheets:
        validated = {cell for item in _validations(written, section.code) for cell in item}
        for slot in section.slots:
            if not isinstance(slot.field.type, Selection):
                assert slot.cell(Column.ANSWER) in validated, slot.key
                seen.add(type(slot.field.type))
            if slot.field.takes_missing:
                assert slot.cell(Column.IF_NONE) in validated
    if written.layout.instrument.name == "mini":
        assert seen == set(get_args(ScalarType)) - {Selection, *get_args(DerivedType)}


def _validations(written: Written, section: str) -> list[set[str]]:
    return [
        {cell for area in item.sqref.ranges for row in area.rows for cell in _coordinates(row)}
        for item in written.section(section).data_validations.dataValidation
    ]


def _coordinates(row: object) -> list[str]:
    assert isinstance(row, list | tuple)
    return [f"{column_letter(column - 1)}{number}" for number, column in row]


def test_links__bands_and_overview__lead_to_one_another(written: Written) -> None:
    overview = written.book[written.tabs["overview"]]
    assert isinstance(overview, Worksheet)
    forth = _links(overview)
    for sheet in written.layout.sheets:
        back = {cell: target for target, cell in _links(written.section(sheet.code)).items()}
        tab = f"'{written.tabs[sheet.code]}'"
        for row in sheet.rows:
            if row.kind is RowKind.BAND:
                line = forth[f"{tab}!B{row.row + 1}"]
                assert overview[line].value == row.indicator.code
                assert back[f"{column_letter(Column.NUMBER)}{row.row + 2}"].endswith(f"!{line}")


def test_links__computed_from_a_list__lead_to_its_first_line(real: Written) -> None:
    (listed,) = real.layout.lists
    first = f"'{real.tabs[listed.code]}'!{column_letter(listed.columns['indicator'])}{listed.first + 1}"
    for sheet in real.layout.sheets:
        found = {cell for row in real.section(sheet.code).iter_rows() for cell in row if _target(cell) == first}
        computed = [slot for slot in sheet.slots if isinstance(slot.field.type, Derived)]
        assert {cell.coordinate for cell in found} == {slot.cell(Column.HELP) for slot in computed}
        for slot in computed:
            assert str(real.values[real.tabs[sheet.code]][slot.row][Column.HELP]).endswith("\nLista de acordos →")


def _target(cell: object) -> str:
    link = getattr(cell, "hyperlink", None)
    return "" if link is None else str(link.location)


def test_idle__whoever_cannot_be_asked__is_emptied_but_for_what_people_wrote(written: Written) -> None:
    code, field = ("W01b", "spent") if written.layout.instrument.name == "mini" else ("P01", "policy_areas")
    slot = written.layout.slot(code, field)
    looks = {column: _idle_look(written, slot, column) for column in (Column.QUESTION, Column.HELP, Column.NUMBER)}
    assert looks == {Column.QUESTION: (WHITE, None), Column.HELP: (WHITE, None), Column.NUMBER: None}
    for column in (Column.ANSWER, Column.IF_NONE, Column.COMMENT):
        assert _idle_look(written, slot, column) == (BLACK, WHITE)


def test_idle__an_option_of_a_choice__follows_its_head_unless_it_has_a_check_of_its_own(real: Written) -> None:
    head, option, *_ = [slot for slot in real.layout.slots if slot.question.code == "policy_areas"]
    sheet, letter = real.section(head.sheet), column_letter(Column.CHECK)
    rules = [
        rule.formula[0]
        for area in sheet.conditional_formatting
        if option.cell(Column.QUESTION) in area and f"{letter}${head.row + 1}" in str(area.rules[0].formula)
        for rule in area.rules
    ]
    assert rules == [f'AND(EXACT(LEFT(${letter}${head.row + 1},1),"–"),${letter}{option.row + 1}="")']


def _idle_look(written: Written, slot: Slot, column: Column) -> tuple[str, str | None] | None:
    """Ink and ground of a cell where the check of its row says that nothing is asked, None for no change."""
    for area in written.section(slot.sheet).conditional_formatting:
        for rule in area.rules:
            if slot.cell(column) in area and '"–"' in rule.formula[0] and rule.stopIfTrue:
                ground = rule.dxf.fill and f"#{rule.dxf.fill.bgColor.rgb[2:]}"
                return f"#{rule.dxf.font.color.rgb[2:]}", ground
    return None


def _links(sheet: Worksheet) -> dict[str, str]:
    """Target -> cell; of links to the same target the last."""
    return {
        str(cell.hyperlink.location): cell.coordinate
        for row in sheet.iter_rows()
        for cell in row
        if not isinstance(cell, MergedCell) and cell.hyperlink is not None
    }


def test_rows__every_one__has_a_height_that_programs_keep(written: Written) -> None:
    for name, root in written.sheets():
        for row in root.iter(f"{MAIN}row"):
            assert float(row.get("ht", "15")) <= 409, name


def test_rows__of_every_text__have_room_for_three_lines_of_it(written: Written) -> None:
    texts = [slot for slot in written.layout.slots if isinstance(slot.field.type, Text | WebReference)]
    assert texts
    for slot in texts:
        assert written.section(slot.sheet).row_dimensions[slot.row + 1].height >= lines_height(3, 10), slot.name


def test_untranslated__falls_back__visibly_to_the_official_text(small: Written) -> None:
    (slot, *_) = [slot for slot in small.layout.slots if slot.block.code == "F01"]
    band = small.values[small.tabs["F"]][FIRST_BLOCK]
    assert slot.sheet == "F"
    assert band[Column.QUESTION] == "[en] Trees planted"


@pytest.mark.parametrize("prefilled", [False, True])
def test_columns__that_people_see__fit_on_a_small_screen_at_full_size(prefilled: bool) -> None:
    """1366 pixels, less numbers of rows, a scroll bar and a side bar; LibreOffice makes columns 3 % wider than Excel."""
    shown = widths(Layout(mini(), prefilled), SHOWN)
    assert len(shown) == (9 if prefilled else 7)
    assert sum(1.03 * (7 * digits + 5) for digits in shown) <= 1366 - 115


def test_check__stands_beside_the_answer() -> None:
    assert [*Column][Column.ANSWER : Column.COMMENT + 1] == [
        Column.ANSWER, Column.IF_NONE, Column.CHECK, Column.HELP, Column.PREVIOUS, Column.CONFIRM, Column.COMMENT
    ]  # fmt: skip
