"""Writes the answers of the previous round into a workbook: shown beside the question, and as static helper values.

Whatever such an answer holds, it is a text, a number, or the row of a label: never a formula of its own.
"""

from collections.abc import Mapping

from questionnaire.declaration.answer_types import Coded, Selection, is_text
from questionnaire.declaration.blocks import Field
from questionnaire.layout import Column, SectionSheet
from questionnaire.rules.answer_cells import helper_code, helper_number, listed
from questionnaire.rules.evaluate import Answer, Answers
from questionnaire.workbook.prefill.prefilled_sheet import Content, PrefilledSheet
from questionnaire.workbook.prefill.previous_heights import shows_whole
from questionnaire.workbook.texts.codelist_sheet import ListAddresses

_COLUMNS = (Column.PREVIOUS, Column.PREVIOUS_CODE, Column.PREVIOUS_NUMERIC)


def addresses(section: SectionSheet) -> set[str]:
    """The cells of a section that hold something of the previous round."""
    return {slot.cell(column) for slot in section.slots for column in _COLUMNS}


class PreviousAnswers:
    """The answers of the previous round on the sheet of a section, as they are shown in `language`.

    A text that a row cannot show whole takes another look, `long_text`, named by its number.
    """

    def __init__(
        self, section: SectionSheet, sheet: PrefilledSheet, lists: ListAddresses, language: str, long_text: int
    ) -> None:
        self._slots = {
            (slot.block.code, slot.field.code): (slot.field, {column: slot.cell(column) for column in _COLUMNS})
            for slot in section.slots
        }
        self._sheet, self._lists, self._language, self._long_text = sheet, lists, language, long_text
        self._of_codes: dict[tuple[object, ...], dict[str, str]] = {}

    def places(self, answers: Answers) -> dict[str, str]:
        """What stands in the places of the sheet if these were the answers."""
        places: dict[str, str] = {}
        others: dict[str, Content] = {}
        for key, (field, at) in self._slots.items():
            answer = answers.get(key)
            if answer is None:
                continue
            if not isinstance(field.type, Coded):
                others |= self.cells(field, answer, at)
                continue
            # A question has as many different ones as there are codes.
            kept = key, answer.value, answer.status
            found = self._of_codes.get(kept)
            if found is None:
                found = self._of_codes[kept] = self._sheet.filled(self.cells(field, answer, at), {})
            places |= found
        return places | self._sheet.filled(others, {})

    def cells(self, field: Field, answer: Answer, at: Mapping[Column, str]) -> dict[str, Content]:
        """What stands where of an answer, in cells with these addresses."""
        cells = {}
        if shown := self._shown(field, answer):
            cells[at[Column.PREVIOUS]] = shown
        if code := helper_code(field, answer, self._lists.missing_list):
            cells[at[Column.PREVIOUS_CODE]] = Content(code)
        number = helper_number(field, answer)
        if number is not None:
            cells[at[Column.PREVIOUS_NUMERIC]] = Content(number)
        return cells

    def _shown(self, field: Field, answer: Answer) -> Content | None:
        """An answer in words, those of a list in whatever language is chosen; None for one that says nothing."""
        found = listed(field, answer, self._lists.missing_list)
        if found is not None:
            codelist, code = found
            return Content(self._lists.label(code, self._language), self._lists.label_at(codelist, code))
        if isinstance(field.type, Selection) and answer.value is not None:
            return Content(len(str(answer.value).split(";")))
        if is_text(field.type) and answer.value is not None:
            return Content(str(answer.value), style=None if shows_whole(answer) else self._long_text)
        number = helper_number(field, answer)
        return None if number is None else Content(field.type.in_cell(number))
