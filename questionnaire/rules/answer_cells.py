"""Works out what a questionnaire's cells hold of an answer: its code and number in hidden helper cells, and the x.

The workbook is written by it, and the reader compares what comes back with it; it knows no address.
"""

import datetime as dt
from typing import assert_never

from questionnaire.blanks import AnswerStatus
from questionnaire.codelists import Code, Codelist
from questionnaire.day_numbers import day_number
from questionnaire.declaration.answer_types import (
    Coded,
    Date,
    Derived,
    Mark,
    Numeric,
    ScalarType,
    Selection,
    SingleChoice,
    Written,
    YesNo,
    is_text,
)
from questionnaire.declaration.blocks import Field
from questionnaire.rules.evaluate import Answer

UNREADABLE, VALUED = "?", "*"
"""What the helper cell CODE holds for a cell that cannot be read, and for one whose value is no code."""

CONFIRM_MARK = "x"
"""What is typed to confirm an answer or a line of the previous round."""


def listed(field: Field, answer: Answer, missing: Codelist) -> tuple[Codelist, Code] | None:
    """The code that an answer is, and its list; None for a number, a day, a text, or the head of a multiple choice."""
    own = field.type.codelist if isinstance(field.type, Coded) else None
    if answer.status is AnswerStatus.ANSWERED:
        return (own, own[str(answer.value)]) if own is not None else None
    for codelist in filter(None, (own, missing)):
        for code in codelist.codes:
            if code.missing is answer.status:
                return codelist, code
    return None


def helper_code(field: Field, answer: Answer, missing: Codelist) -> str:
    """What the helper cell CODE holds of an answer, "" for a blank one."""
    found = listed(field, answer, missing)
    if found is None:
        return VALUED if answer.status is AnswerStatus.ANSWERED else ""
    return found[1].code


def helper_number(field: Field, answer: Answer) -> float | None:
    """What the helper cell NUMERIC holds of an answer: number, that of a code, day number, length of a text, None."""
    match answer.value:
        case None:
            return 0 if is_text(field.type) else None
        case dt.date():
            return day_number(answer.value)
        case str() if isinstance(field.type, Coded):
            return field.type.codelist[answer.value].number
        case str():
            return len(answer.value) if is_text(field.type) else None
        case number:
            return number


def has_helper_number(scalar: ScalarType) -> bool:
    """True for a type of which the helper cell NUMERIC holds something."""
    match scalar:
        case SingleChoice(codelist) | YesNo(codelist):
            return codelist.has_numbers
        case Numeric() | Date() | Written() | Derived():
            return True
        case Mark() | Selection():
            return False
        case _:
            assert_never(scalar)
