"""Owns how answers of the previous round stand in a workbook: shown beside the question, and as static helper values.

Whatever such an answer holds, it is a text, a number, or the row of a label: never a formula of its own.
"""

from dataclasses import dataclass

from questionnaire.declaration.answer_types import Selection, is_text
from questionnaire.declaration.blocks import Field
from questionnaire.layout import Column, SectionSheet
from questionnaire.rules.answer_cells import helper_code, helper_number, listed
from questionnaire.rules.evaluate import Answer, Answers
from questionnaire.workbook.prefill.prefilled_sheet import Content
from questionnaire.workbook.prefill.previous_heights import shows_whole
from questionnaire.workbook.texts.codelist_sheet import ListAddresses

_COLUMNS = (Column.PREVIOUS, Column.PREVIOUS_CODE, Column.PREVIOUS_NUMERIC)


def addresses(section: SectionSheet) -> set[str]:
    """The cells of a section that hold something of the previous round."""
    return {slot.cell(column) for slot in section.slots for column in _COLUMNS}


@dataclass(frozen=True)
class PreviousAnswers:
    """The answers of one respondent in the previous round, as they are shown in `language`.

    A text that a row cannot show whole takes another look, `long_text`, named by its number.
    """

    answers: Answers
    lists: ListAddresses
    language: str
    long_text: int

    def cells(self, section: SectionSheet) -> dict[str, Content]:
        """What stands where on the sheet of a section."""
        cells = {}
        for slot in section.slots:
            answer = self.answers.get((slot.block.code, slot.field.code))
            if answer is None:
                continue
            if shown := self._shown(slot.field, answer):
                cells[slot.cell(Column.PREVIOUS)] = shown
            if code := helper_code(slot.field, answer, self.lists.missing_list):
                cells[slot.cell(Column.PREVIOUS_CODE)] = Content(code)
            number = helper_number(slot.field, answer)
            if number is not None:
                cells[slot.cell(Column.PREVIOUS_NUMERIC)] = Content(number)
        return cells

    def _shown(self, field: Field, answer: Answer) -> Content | None:
        """An answer in words, those of a list in whatever language is chosen; None for one that says nothing."""
        found = listed(field, answer, self.lists.missing_list)
        if found is not None:
            codelist, code = found
            return Content(self.lists.label(code, self.language), self.lists.label_at(codelist, code))
        if isinstance(field.type, Selection) and answer.value is not None:
            return Content(len(str(answer.value).split(";")))
        if is_text(field.type) and answer.value is not None:
            return Content(str(answer.value), style=None if shows_whole(answer) else self.long_text)
        number = helper_number(field, answer)
        return None if number is None else Content(field.type.in_cell(number))
