"""Decides what an x under “unchanged?” means for a return: the previous answer, and how answers compare to it.

What is confirmed comes from the dataset of that round, never from what the workbook shows of it.
"""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import replace
from enum import StrEnum

from pipeline.reading.places.place import Place
from pipeline.reading.reading import Reading
from pipeline.reading.values.cell_texts import cell_text
from pipeline.reading.values.parsed import BLANK, Context, Fault, Parsed
from pipeline.reading.values.parsing import parse
from pipeline.reading.values.shown import shown as seen_in
from pipeline.reading.workbooks.grids import CellValue, ErrorText
from pipeline.safe_text import harmless
from questionnaire.blanks import EMPTY, AnswerStatus, is_blank, visible_text
from questionnaire.declaration.answer_types import Mark, ScalarType, Selection, is_text
from questionnaire.declaration.blocks import Field
from questionnaire.rules.answer_cells import CONFIRM_MARK, helper_code, helper_number, listed
from questionnaire.rules.evaluate import DECIMALS, Answer, Answers
from questionnaire.rules.rule import Severity

PARSED_BY = "confirmed"
"""The parsing rule of an answer that was confirmed with an x."""


class Change(StrEnum):
    """How an answer compares to that of the previous round."""

    NONE = ""
    NEW = "new"
    CONFIRMED = "confirmed"
    CHANGED = "changed"


def confirm(question: Sequence[Reading], previous: Answers, context: Context) -> tuple[Reading, ...]:
    """The readings of a question with the previous answers, if it is confirmed and nothing else is answered."""
    head, *parts = question
    if head.place is None or is_blank(head.place.confirm):
        return tuple(question)
    typed = cell_text(head.place.confirm)
    if not _confirms(head.place):
        return head.noting(Fault("confirm_unknown", Severity.ERROR, {"typed": typed})), *parts
    if head.key not in previous:
        return head.noting(Fault("confirm_nothing", Severity.ERROR, {"typed": typed})), *parts
    if _is_answered(question):
        return tuple(question)
    return tuple(_confirmed(reading, previous.get(reading.key), context) for reading in question)


def _confirmed(reading: Reading, answer: Answer | None, context: Context) -> Reading:
    parsed = confirmed(reading.slot.field.type, answer)
    return reading._replace(parsed=parsed).noting(*_alterations(reading, answer, context))


def contradict(question: Sequence[Reading], previous: Answers) -> tuple[Reading, ...]:
    """The readings, with a note where a question is confirmed and another answer is given too: that answer counts."""
    head, *parts = question
    if head.place is None or not _confirms(head.place) or head.key not in previous:
        return tuple(question)
    if all(is_same(reading.parsed, previous.get(reading.key)) for reading in question):
        return tuple(question)
    typed = head.parsed.raw or head.if_none
    return head.noting(Fault("confirm_contradicted", Severity.WARNING, {"typed": typed})), *parts


def is_same(parsed: Parsed, answer: Answer | None) -> bool:
    """True if what was answered is what was answered in the previous round."""
    if answer is None:
        return parsed.status in EMPTY
    if parsed.status is not answer.status:
        return False
    match parsed.value, answer.value:
        case float() as now, int() | float() as then:
            return round(now - then, DECIMALS) == 0
        case str() as now, str() as then:
            # What is copied from the workbook is the text as it is shown there.
            return visible_text(now) in (visible_text(then), visible_text(harmless(then)))
        case now, then:
            return now == then


def change(scalar: ScalarType, parsed: Parsed, answer: Answer | None, head: Answer | None = None) -> Change:
    """How an answer compares to the previous one; `head` is the previous one at the head of its question.

    An option left unmarked is an answer where the question had one.
    """
    if isinstance(scalar, Mark) and head is not None and head.status is AnswerStatus.ANSWERED:
        now, then = parsed.status is AnswerStatus.ANSWERED, answer is not None
        return Change.CHANGED if now is not then else Change.CONFIRMED if now else Change.NONE
    if parsed.status in (*EMPTY, AnswerStatus.UNREADABLE):
        return Change.NONE
    if answer is None:
        return Change.NEW
    return Change.CONFIRMED if is_same(parsed, answer) else Change.CHANGED


def previous_text(answer: Answer | None) -> str:
    """A previous answer as the dataset has it: its value, or the status that says why there was none."""
    if answer is None:
        return ""
    value = answer.value
    return str(answer.status) if value is None else value if isinstance(value, str) else cell_text(value)


def _confirms(place: Place) -> bool:
    """True if the mark that confirms a previous answer stands beside it."""
    # One that is crossed out, or that nobody sees, is no mark.
    is_seen = not isinstance(place.confirm, ErrorText)
    return is_seen and visible_text(cell_text(place.confirm)).lower() == CONFIRM_MARK


def _is_answered(question: Sequence[Reading]) -> bool:
    """True if something stands in a cell for the answers, or a reason beside it."""
    place = question[0].place
    return any(reading.parsed.raw for reading in question) or (place is not None and not is_blank(place.if_none))


def confirmed(scalar: ScalarType, answer: Answer | None) -> Parsed:
    """What is read where an answer of the previous round is confirmed."""
    if answer is None:
        return BLANK
    made = Parsed(answer.status, parsed_by=PARSED_BY)
    match answer.value:
        case None:
            return made
        case dt.date():
            return replace(made, date=answer.value)
        case int() | float():
            return replace(made, number=float(answer.value))
        case str() if is_text(scalar):
            return replace(made, text=answer.value)
        case str():
            return replace(made, code=answer.value)


def _alterations(reading: Reading, answer: Answer | None, context: Context) -> Iterator[Fault]:
    """What the workbook shows as the previous answer, where it is another one than was published."""
    if reading.place is not None and not _shows(reading.place, reading.slot.field, answer, context):
        typed = next((text for text in map(cell_text, reading.place.printed) if text), "–")
        yield Fault("confirm_altered", Severity.ERROR, {"typed": typed, "previous": previous_text(answer) or "–"})


def _shows(place: Place, field: Field, answer: Answer | None, context: Context) -> bool:
    """True unless what is shown of the previous answer contradicts it: programs lose some of it, people change it."""
    shown, code, number = place.printed
    if answer is None:
        return is_blank(shown) and is_blank(code)
    if not is_blank(code) and cell_text(code) != helper_code(field, answer, context.missing):
        return False
    if isinstance(number, float) and not is_text(field.type) and number != helper_number(field, answer):
        return False
    return is_blank(shown) or _is_shown(shown, field, answer, context)


def _is_shown(shown: CellValue, field: Field, answer: Answer, context: Context) -> bool:
    found = listed(field, answer, context.missing)
    if found is not None:
        # A label is a formula: some programs save a number in its place.
        codelist, code = found
        return not isinstance(shown, str) or codelist.find(shown) is code
    if isinstance(field.type, Selection):
        return True
    # The cell is locked, and was sent in the format of its type.
    return is_same(parse(field.type, seen_in(shown, field.type.number_format), None, context), answer)
