"""Decides what an answer cell and its `if no answer` cell mean together: a value, a status, or something unreadable.

One function per scalar type; the text as typed is always kept. docs/typed-answers.md shows what is read as what, and is
tested line by line. `parsed_by` names the rule that decided:

| rule | when |
|---|---|
| `blank` | nothing visible in either cell |
| `choice:code`, `choice:label` | a code of the list, or its label in any language |
| `choice:wording` | a choice in other signs or words (`choice_texts` and `yes_texts` of `pipeline.reading.values`) |
| `mark:no` | an option marked with No: not marked |
| `number` | a numeric cell |
| `number:text` | a number typed as text, one reading only (`pipeline.reading.values.numbers`) |
| `number:words` | the same with words around it: about, more than, a unit (`pipeline.reading.values.number_words`) |
| `number:ambiguous` | `1.234` or `1,234`, read by the decimal sign of the return or as a whole number |
| `percent` | a numeric cell that shows a percentage: the number in it times 100 |
| `percent:points` | a number above 1 in a cell that shows no percentage: it is one all the same |
| `number:shown` | a number whose format shows a sign or a word with it (`pipeline.reading.values.shown`) |
| `number:date` | a year in a cell formatted as a date: back through its serial |
| `date` | a cell that holds a day, with or without a time |
| `date:serial` | a number that stands for a day: its cell lost the format of a date |
| `date:text` | a day typed as text, one reading only |
| `text`, `text:other` | visible text; a number, a logical value or a day as its text |
| `text:link` | the address that a text leads to, where a web reference is asked |
| `selection` | options marked below the head of a multiple choice |
| `declared:answer`, `declared:if_none` | a code or label of the missing list, in that cell |
| `declared:wording` | another text of the table in `pipeline.reading.values.missing_texts` |
| `confirmed` | an x that confirms the answer of the previous round (`pipeline.reading.confirming`) |
| `computed` | the formula of a computed question (`pipeline.reading.computed`) |
| `edition` | a value of an older edition that answers another question today (`pipeline.reading.moved_values`) |
| `unreadable` | content that none of these explains |
"""

import datetime as dt
import re
from dataclasses import replace
from typing import assert_never

from pipeline.reading.values.cell_texts import cell_text
from pipeline.reading.values.choice_texts import named
from pipeline.reading.values.choices import choice
from pipeline.reading.values.day_answers import day_answer
from pipeline.reading.values.missing_texts import is_unclear, missing_status
from pipeline.reading.values.number_answers import number_answer
from pipeline.reading.values.parsed import BLANK, Context, Fault, Parsed, unreadable
from pipeline.reading.values.shown import Doubtful, Footnoted, Linked, Shown, is_behind
from pipeline.reading.workbooks.grids import CellValue, ErrorText
from questionnaire.blanks import AnswerStatus, is_blank
from questionnaire.codelists import Codelist
from questionnaire.day_numbers import before_1904
from questionnaire.declaration.answer_types import (
    Coded,
    Date,
    Derived,
    InUnits,
    Money,
    Number,
    Numeric,
    ScalarType,
    Selection,
    SingleChoice,
    WebReference,
    WholeNumber,
    Written,
    Year,
    is_text,
)
from questionnaire.rules.rule import Severity

_NUMBER_SIGNS = re.compile(r"[\d\s.,'’+\-−]+")
"""What is no word beside a number."""

_AS_DAYS = ("date", "number:shown", "text:other")
"""The rules by which the day that a cell holds is read as it is shown."""


def parse(scalar: ScalarType, answer: CellValue, if_none: CellValue, context: Context) -> Parsed:
    """What the two cells of a field say. A Selection's answer cell is not read: its options are (see `selected`)."""
    given = BLANK if isinstance(scalar, Selection) or is_blank(answer) else _answered(scalar, answer, context)
    if isinstance(answer, Doubtful):
        fault = Fault("may_show_otherwise", Severity.WARNING, {"typed": given.raw})
        given = replace(given, faults=(*given.faults, fault))
    if context.date_1904 and (moved := _moved_day(given, answer)):
        given = replace(given, faults=(*given.faults, moved))
    return with_reason(given, if_none, context)


def _moved_day(given: Parsed, answer: CellValue) -> Fault | None:
    """What to say of a day in a workbook that counts from 1904: the questionnaire was sent with another count.

    Whoever changes the count, or copies the sheets into a workbook that has it, moves every day typed before.
    """
    held = answer.value if isinstance(answer, Shown) else answer
    if not isinstance(held, dt.date) or given.parsed_by not in _AS_DAYS:
        return None
    day = held.date() if isinstance(held, dt.datetime) else held
    values = {"typed": given.raw, "date": before_1904(day).isoformat()}
    return Fault("days_from_1904", Severity.WARNING, values)


def selected(codes: list[str], if_none: CellValue, context: Context) -> Parsed:
    """What the head of a multiple choice says, by the codes marked below it, in the order of the list."""
    given = Parsed(AnswerStatus.ANSWERED, parsed_by="selection", code=";".join(codes)) if codes else BLANK
    return with_reason(given, if_none, context)


def with_reason(given: Parsed, if_none: CellValue, context: Context) -> Parsed:
    """An answer together with the cell that says why there is none; where both say something, the answer stays."""
    if is_blank(if_none):
        return given
    declared = None if isinstance(if_none, ErrorText) else _declared(cell_text(if_none), context.missing, wordings=True)
    if declared is None:
        fault = Fault("if_none_unknown", Severity.ERROR, {"typed": cell_text(if_none)})
        kept = replace(given, faults=(*given.faults, fault))
        blank = given.status is AnswerStatus.BLANK
        return replace(kept, status=AnswerStatus.UNREADABLE, parsed_by="unreadable") if blank else kept
    if given.status is AnswerStatus.BLANK:
        rule = "declared:if_none" if declared.parsed_by == "declared:answer" else declared.parsed_by
        return replace(declared, raw=given.raw, parsed_by=rule)
    if given.status is declared.status:
        return given
    return replace(given, faults=(*given.faults, Fault("conflict", Severity.ERROR)))


def unit_faults(number: Parsed, unit: Parsed, asked: InUnits) -> tuple[Fault, ...]:
    """What to say of a unit beside a number: another one than was chosen or, if no currency, in the place of a choice.

    A sign of a currency alone chooses none.
    """
    if isinstance(asked.number, Money):
        if number.currencies is None or unit.code is None or unit.code in number.currencies:
            return ()
        return (Fault("currency_disagrees", Severity.ERROR, {"typed": number.raw, "currency": unit.code}),)
    beside = asked.units.find(_NUMBER_SIGNS.sub(" ", number.raw))
    if beside is not None and unit.code is not None and beside.code != unit.code:
        return (Fault("unit_disagrees", Severity.ERROR, {"typed": number.raw, "unit": unit.code}),)
    is_sign = any(fault.code == "currency_in_number" for fault in number.faults)
    if (is_sign or beside is not None) and (unit.code is None or number.status is AnswerStatus.UNREADABLE):
        return (Fault("unit_in_number", Severity.WARNING, {"typed": number.raw}),)
    return ()


def _answered(  # noqa: PLR0911  one line a type
    scalar: ScalarType, answer: CellValue, context: Context
) -> Parsed:
    raw = cell_text(answer)
    if isinstance(answer, ErrorText):
        return unreadable(raw, answer.code)
    if isinstance(answer, Footnoted) and not is_text(scalar):
        return _footnoted(scalar, answer, context)
    if isinstance(scalar, Coded) and (found := choice(scalar, answer, raw)):
        return found
    free = is_text(scalar)
    own = isinstance(scalar, SingleChoice) and scalar.codelist.declares
    reasons = scalar.codelist if isinstance(scalar, SingleChoice) and own else context.missing
    if isinstance(answer, str) and (declared := _declared(raw, reasons, wordings=not free)):
        return declared
    match scalar:
        case Written():
            return _free(scalar, answer, raw)
        case _ if isinstance(answer, str) and is_unclear(answer):
            return unreadable(raw, "missing_unclear")
        case Numeric():
            return number_answer(scalar, answer, raw, context)
        case Derived():
            return number_answer(WholeNumber() if scalar.traits.whole else Number(), answer, raw, context)
        case Date():
            return day_answer(answer, raw, context)
        case Coded() | Selection():
            return unreadable(raw, "unknown_choice")
        case _:
            assert_never(scalar)


def _free(scalar: Written, answer: CellValue, raw: str) -> Parsed:
    if isinstance(scalar, WebReference) and isinstance(answer, Linked) and is_behind(answer):
        fault = Fault("link_used", Severity.INFO, {"typed": raw, "address": answer.address})
        return Parsed(AnswerStatus.ANSWERED, raw, "text:link", text=answer.address, faults=(fault,))
    return Parsed(AnswerStatus.ANSWERED, raw, "text" if isinstance(answer, str) else "text:other", text=raw)


def _footnoted(scalar: ScalarType, answer: Footnoted, context: Context) -> Parsed:
    """What stands before a footnote mark; a number is asked back, since a raised digit may be meant as its power."""
    values = {"typed": str(answer), "text": answer.plain, "mark": answer.mark}
    if isinstance(scalar, Numeric) and not isinstance(scalar, Year):
        return unreadable(str(answer), "footnote_mark", **values)
    parsed = _answered(scalar, answer.plain, context)
    fault = Fault("footnote_mark", Severity.INFO, values)
    return replace(parsed, raw=str(answer), faults=(*parsed.faults, fault))


def _declared(text: str, reasons: Codelist, wordings: bool) -> Parsed | None:
    """The reason for no value that a text declares, if it is one of those on offer.

    `wordings`: by other texts too, or by its label alone in other signs; a text of one's own may be such a text.
    """
    code = reasons.find(text)
    if code is not None and code.missing is not None:
        return Parsed(code.missing, text, "declared:answer")
    found = named(reasons, text)
    code = found.code if wordings or found.is_whole else None
    status = missing_status(text) if wordings else None
    if status is not None:
        code = next((code for code in reasons if code.missing is status), None)
    if code is None or code.missing is None:
        return None
    fault = Fault("missing_from_wording", Severity.INFO, {"typed": text, "code": code.code})
    return Parsed(code.missing, text, "declared:wording", faults=(fault,))
