"""Writes the lines of the previous round into the sheet of a list: in the cells themselves, as if typed there."""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from questionnaire.addresses import address
from questionnaire.blanks import visible_text
from questionnaire.day_numbers import day_number
from questionnaire.declaration.answer_types import Coded, Derived, is_text
from questionnaire.declaration.blocks import Field
from questionnaire.layout import CHECK, CONTENT, PREVIOUS, Column, ListSheet, Slot
from questionnaire.rounds.previous_round import lines_shown
from questionnaire.rules.answer_cells import has_helper_number, helper_code, helper_number, listed
from questionnaire.rules.evaluate import Answer, Line
from questionnaire.workbook.formulas.checks import Sign
from questionnaire.workbook.formulas.line_arrays import BETWEEN
from questionnaire.workbook.looks.heights import Box, row_height
from questionnaire.workbook.looks.list_columns import SIZE, width
from questionnaire.workbook.prefill.prefilled_sheet import Content
from questionnaire.workbook.texts.codelist_sheet import ListAddresses
from questionnaire.workbook.texts.texts import Texts


def addresses(sheet: ListSheet) -> set[str]:
    """The cells of a list's sheet that hold something of the previous round, or are calculated from what does."""
    lines = range(1, sheet.block.most_lines + 1)
    of_line = {address(sheet.row(line), sheet.columns[name]) for line in lines for name in (CHECK, CONTENT, PREVIOUS)}
    return of_line | {cell for line in lines for slot in sheet.slots(line) for cell in _cells(slot)}


def _cells(slot: Slot) -> Iterator[str]:
    yield slot.cell(Column.ANSWER)
    yield slot.cell(Column.CODE)
    if has_helper_number(slot.field.type):
        yield slot.cell(Column.NUMERIC)


def waiting(texts: Texts) -> str:
    """What the check says at first beside a line of the previous round, which has no x yet."""
    return f"{Sign.NOT_NEEDED} {texts.say('check_line_unconfirmed').cached}"


@dataclass(frozen=True)
class PreviousLines:
    """The lines that one respondent had in the previous round, by list, as they are shown in `language`.

    `waiting` is what the check says at first beside each.
    """

    lines: Mapping[str, tuple[Line, ...]]
    lists: ListAddresses
    language: str
    waiting: str

    def cells(self, sheet: ListSheet) -> dict[str, Content]:
        """What stands where on the sheet of a list."""
        cells: dict[str, Content] = {}
        for number, line in enumerate(self._shown(sheet), 1):
            if not line:
                continue
            for slot in sheet.slots(number):
                if slot.field.code in line:
                    cells |= self._of(slot, line[slot.field.code])
            said = self._content(sheet, line)
            for name, content in ((PREVIOUS, said), (CONTENT, said), (CHECK, self.waiting)):
                cells[address(sheet.row(number), sheet.columns[name])] = Content(content)
        return cells

    def taller(self, sheet: ListSheet, heights: Mapping[int, float]) -> dict[int, float]:
        """The rows that do not show all of their line as they are, and the heights with which they do."""
        needed = {sheet.row(number): self._height(sheet, line) for number, line in enumerate(self._shown(sheet), 1)}
        return {row: height for row, height in needed.items() if height > heights[row]}

    def _shown(self, sheet: ListSheet) -> tuple[Line, ...]:
        return lines_shown(sheet.block, self.lines.get(sheet.block.code, ()))

    def _of(self, slot: Slot, answer: Answer) -> dict[str, Content]:
        """One answer in its cell, and what the helper cells beside it hold."""
        typed = self._typed(slot.field, answer)
        cells = {slot.cell(Column.ANSWER): Content(typed)}
        cells[slot.cell(Column.CODE)] = Content(helper_code(slot.field, answer, self.lists.missing_list))
        # A text is shown as it can be seen, and measured so.
        number = len(str(typed)) if is_text(slot.field.type) else helper_number(slot.field, answer)
        if number is not None and has_helper_number(slot.field.type):
            cells[slot.cell(Column.NUMERIC)] = Content(number)
        return cells

    def _content(self, sheet: ListSheet, line: Line) -> str:
        """What `LineChecks.content` makes of a line as it is shown."""
        return BETWEEN.join(self._said(field, line.get(field.code)) for field in sheet.block.fields)

    def _said(self, field: Field, answer: Answer | None) -> str:
        if answer is None or isinstance(field.type, Derived):
            return ""
        found = listed(field, answer, self.lists.missing_list)
        if found is not None and isinstance(field.type, Coded):
            return found[1].code
        value = self._typed(field, answer)
        # As programs turn a number into a text: with 15 digits.
        return f"{value:.15G}" if isinstance(value, float) else value

    def _typed(self, field: Field, answer: Answer) -> str | float:
        """What the respondent would have typed: a label, a number, the number of a day, a text."""
        found = listed(field, answer, self.lists.missing_list)
        if found is not None:
            return self.lists.label(found[1], self.language)
        match answer.value:
            case dt.date():
                return float(day_number(answer.value))
            case int() | float():
                return float(field.type.in_cell(answer.value))
            case text:
                return visible_text(str(text))

    def _height(self, sheet: ListSheet, line: Line) -> float:
        shown = ((field, self._typed(field, line[field.code])) for field in sheet.block.fields if field.code in line)
        return row_height(Box((str(text),), width(field), SIZE, indent=1) for field, text in shown)
