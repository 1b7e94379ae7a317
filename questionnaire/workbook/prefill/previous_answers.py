"""Owns how answers of the previous round stand in a workbook: shown beside the question, and as static helper values.

Whatever such an answer holds, it is a text, a number, or the row of a label: never a formula of its own.
"""

import datetime as dt
from dataclasses import dataclass

from questionnaire.blanks import AnswerStatus
from questionnaire.codelists import Code, Codelist
from questionnaire.declaration.answer_types import CODED, Selection
from questionnaire.declaration.form import Field
from questionnaire.layout import Column, SectionSheet
from questionnaire.rules.evaluate import Answer, Answers
from questionnaire.workbook.formulas.cell_formulas import is_text
from questionnaire.workbook.prefill.prefilled_sheet import Content
from questionnaire.workbook.prefill.previous_heights import shows_whole
from questionnaire.workbook.texts.codelist_sheet import BLANK, VALUED, ListAddresses

_COLUMNS = (Column.PREVIOUS, Column.PREVIOUS_CODE, Column.PREVIOUS_NUMERIC)

EPOCH = dt.date(1899, 12, 30)


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
            answer = self.answers.get((slot.indicator.code, slot.field.code))
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
        return None if number is None else Content(number)


def listed(field: Field, answer: Answer, missing: Codelist) -> tuple[Codelist, Code] | None:
    """The code that an answer is, and its list; None for a number, a day, a text, or the head of a multiple choice."""
    own = field.type.codelist if isinstance(field.type, CODED) else None
    if answer.status is AnswerStatus.ANSWERED:
        return (own, own[str(answer.value)]) if own is not None else None
    for codelist in filter(None, (own, missing)):
        for code in codelist.codes:
            if code.missing is answer.status:
                return codelist, code
    return None


def helper_code(field: Field, answer: Answer, missing: Codelist) -> str:
    """What PREVIOUS_CODE holds of an answer."""
    found = listed(field, answer, missing)
    if found is None:
        return VALUED if answer.status is AnswerStatus.ANSWERED else BLANK
    return found[1].code


def helper_number(field: Field, answer: Answer) -> float | None:
    """What PREVIOUS_NUMERIC holds: the number, rank or day number, of a text its length; None for nothing."""
    match answer.value:
        case None:
            return 0 if is_text(field.type) else None
        case dt.date():
            return (answer.value - EPOCH).days
        case str() if isinstance(field.type, CODED):
            return field.type.codelist[answer.value].rank
        case str():
            return len(answer.value) if is_text(field.type) else None
        case number:
            return number
