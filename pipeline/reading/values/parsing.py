"""Decides what an answer cell and its `if no answer` cell mean together: a value, a status, or something unreadable.

One function per scalar type; the text as typed is always kept. docs/typed-answers.md shows what is read as what, and is
tested line by line. `parsed_by` names the rule that decided:

| rule | when |
|---|---|
| `blank` | nothing visible in either cell |
| `choice:code`, `choice:label` | a code of the list, or its label in any language |
| `choice:wording` | a yes, a no or a mark in other words (table in `pipeline.reading.values.yes_texts`) |
| `mark:no` | an option marked with No: not marked |
| `number` | a numeric cell |
| `number:text` | a number typed as text, one reading only (`pipeline.reading.values.numbers`) |
| `number:words` | the same with words around it: about, more than, a unit (`pipeline.reading.values.number_words`) |
| `number:ambiguous` | `1.234` or `1,234`, read by the decimal sign of the return or as a whole number |
| `percent` | a numeric cell that shows a percentage: the number in it times 100 |
| `percent:points` | a number above 1 in a cell that shows no percentage: it is one all the same |
| `number:shown` | a number whose format shows a sign or a word with it (`pipeline.reading.values.shown`) |
| `number:date` | a number in a cell formatted as a date: back through its serial |
| `date` | a cell that holds a day |
| `date:serial` | a number that stands for a day: its cell lost the format of a date |
| `date:text` | a day typed as text, one reading only |
| `text`, `text:other` | visible text; a number, a logical value or a day as its text |
| `text:link` | the address that a text leads to, where a web reference is asked |
| `selection` | options marked below the head of a multiple choice |
| `declared:answer`, `declared:if_none` | a code or label of the missing list, in that cell |
| `declared:wording` | another text of the table in `pipeline.reading.values.missing_texts` |
| `confirmed` | an x that confirms the answer of the previous round (`pipeline.reading.confirming`) |
| `computed` | the formula of a computed question (`pipeline.reading.computed`) |
| `unreadable` | content that none of these explains |
"""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import assert_never

from pipeline.reading.values.days import likely_day, read_day, year_behind
from pipeline.reading.values.missing_texts import is_unclear, missing_status
from pipeline.reading.values.numbers import NumberReading, read_number
from pipeline.reading.values.shown import Footnoted, Linked, PartOfDay, Shown, is_behind
from pipeline.reading.values.yes_texts import is_marked, is_yes
from pipeline.reading.workbooks.grids import CellValue, ErrorText
from questionnaire.blanks import AnswerStatus, is_blank, visible_text
from questionnaire.codelists import Codelist
from questionnaire.day_numbers import day_number, day_of
from questionnaire.declaration.answer_types import (
    Coded,
    Computed,
    Date,
    Mark,
    Money,
    Numeric,
    NumericType,
    Percent,
    ScalarType,
    Selection,
    SingleChoice,
    WebReference,
    WholeNumber,
    Written,
    Year,
    YesNo,
    is_text,
)
from questionnaire.rules.rule import Severity


@dataclass(frozen=True)
class Fault:
    """What is wrong or notable in a cell: the code of a finding, its severity, and what fills its placeholders."""

    code: str
    severity: Severity
    values: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Parsed:
    """What was answered: at most one of code, number, text and date is set, and only where the status is answered.

    `currencies` are the codes that a sign beside an amount may stand for, None where there is no sign.
    """

    status: AnswerStatus
    raw: str = ""
    parsed_by: str = "unreadable"
    code: str | None = None
    number: float | None = None
    text: str | None = None
    date: dt.date | None = None
    currencies: frozenset[str] | None = None
    faults: tuple[Fault, ...] = ()

    @property
    def value(self) -> str | float | dt.date | None:
        """The one value there is, None without any."""
        return next((item for item in (self.code, self.number, self.text, self.date) if item is not None), None)


@dataclass(frozen=True)
class Context:
    """What a cell cannot say by itself: the missing codes, the decimal sign of the return, the date system of the file.

    `decimal_sign` is "" where it is not known (see `pipeline.reading.values.numbers.decimal_sign`).
    """

    missing: Codelist
    decimal_sign: str = ""
    date_1904: bool = False


BLANK = Parsed(AnswerStatus.BLANK, parsed_by="blank")


def parse(scalar: ScalarType, answer: CellValue, if_none: CellValue, context: Context) -> Parsed:
    """What the two cells of a field say. A Selection's answer cell is not read: its options are (see `selected`)."""
    given = BLANK if isinstance(scalar, Selection) or is_blank(answer) else _answered(scalar, answer, context)
    return with_reason(given, if_none, context)


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


def currency_faults(amount: Parsed, currency: Parsed) -> tuple[Fault, ...]:
    """The fault of an amount whose sign is not one of the currency chosen; a sign alone chooses none."""
    if amount.currencies is None or currency.code is None or currency.code in amount.currencies:
        return ()
    return (Fault("currency_disagrees", Severity.ERROR, {"typed": amount.raw, "currency": currency.code}),)


def cell_text(value: CellValue) -> str:
    """What was typed, as text: whole numbers without decimals, days in ISO 8601, "" for nothing visible."""
    match value:
        case None:
            return ""
        case str():
            return "" if not value or is_blank(value) else str(value)
        case bool():
            return "TRUE" if value else "FALSE"
        case PartOfDay():
            return value.text
        case float() if value.is_integer():
            return str(int(value))
        case dt.datetime():
            return value.date().isoformat() if value.time() == dt.time() else value.isoformat(sep=" ")
        case dt.date() | dt.time():
            return value.isoformat()
        case _:
            return str(value)


# --- one answer cell ----------------------------------------------------------------------------------------


def _answered(  # noqa: PLR0911  one line a type
    scalar: ScalarType, answer: CellValue, context: Context
) -> Parsed:
    raw = cell_text(answer)
    if isinstance(answer, ErrorText):
        return _unreadable(raw, answer.code)
    if isinstance(answer, Footnoted) and not is_text(scalar):
        return _footnoted(scalar, answer, context)
    if isinstance(scalar, Coded) and (found := _choice(scalar, raw)):
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
            return _unreadable(raw, "missing_unclear")
        case Numeric():
            return _number(scalar, answer, raw, context)
        case Computed():
            return _number(WholeNumber(), answer, raw, context)
        case Date():
            return _date(answer, raw, context)
        case Coded() | Selection():
            return _unreadable(raw, "unknown_choice")
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
        return _unreadable(str(answer), "footnote_mark", **values)
    parsed = _answered(scalar, answer.plain, context)
    fault = Fault("footnote_mark", Severity.INFO, values)
    return replace(parsed, raw=str(answer), faults=(*parsed.faults, fault))


def _choice(scalar: SingleChoice | YesNo | Mark, raw: str) -> Parsed | None:
    code = scalar.codelist.find(raw)
    if code is None:
        return None if isinstance(scalar, SingleChoice) else _yes_or_no(scalar, raw)
    if code.missing is not None:
        return Parsed(code.missing, raw, "declared:answer")
    if isinstance(scalar, Mark) and code.code != "Y":
        return Parsed(AnswerStatus.BLANK, raw, "mark:no")
    rule = "choice:code" if visible_text(raw).upper() == code.code else "choice:label"
    return Parsed(AnswerStatus.ANSWERED, raw, rule, code=code.code)


def _yes_or_no(scalar: YesNo | Mark, raw: str) -> Parsed | None:
    yes = is_marked(raw) if isinstance(scalar, Mark) else is_yes(raw)
    if yes is None:
        return None
    faults = (Fault("read_as_yes" if yes else "read_as_no", Severity.INFO, {"typed": raw}),)
    if isinstance(scalar, Mark) and not yes:
        return Parsed(AnswerStatus.BLANK, raw, "mark:no", faults=faults)
    return Parsed(AnswerStatus.ANSWERED, raw, "choice:wording", code="Y" if yes else "N", faults=faults)


def _declared(text: str, reasons: Codelist, wordings: bool) -> Parsed | None:
    """The reason for no value that a text declares, if it is one of those on offer."""
    code = reasons.find(text)
    if code is not None and code.missing is not None:
        return Parsed(code.missing, text, "declared:answer")
    status = missing_status(text) if wordings else None
    offered = next((code for code in reasons if status is not None and code.missing is status), None)
    if status is None or offered is None:
        return None
    fault = Fault("missing_from_wording", Severity.INFO, {"typed": text, "code": offered.code})
    return Parsed(status, text, "declared:wording", faults=(fault,))


def _unreadable(raw: str, code: str, **values: object) -> Parsed:
    fault = Fault(code, Severity.ERROR, {**values, "typed": raw})
    return Parsed(AnswerStatus.UNREADABLE, raw, "unreadable", faults=(fault,))


# --- numbers and days ---------------------------------------------------------------------------------------


def _number(scalar: NumericType, answer: CellValue, raw: str, context: Context) -> Parsed:
    whole = scalar.traits.whole
    refused = "not_a_year" if isinstance(scalar, Year) else "not_a_number"
    currencies: frozenset[str] | None = None
    faults: tuple[Fault, ...] = ()
    is_percent = False
    match answer:
        case bool() | dt.time() | dt.timedelta():
            return _unreadable(raw, refused)
        case int() | float():
            number, rule = float(answer), "number"
        case Shown() if isinstance(scalar, Percent) and (hundredth := _hundredth(scalar, answer)) is not None:
            number, rule, is_percent = hundredth, "number", True
        case dt.date():
            number, rule, is_percent = scalar.of_cell(_serial(answer, context)), "number:date", True
            faults = (Fault("number_from_date", Severity.WARNING, {"typed": raw, "number": cell_text(number)}),)
        case _:
            reading = read_number(raw, context.decimal_sign, whole)
            if (fault := _refused(scalar, reading)) or reading.value is None:
                return _unreadable(raw, fault or refused)
            number, rule, currencies = reading.value, _rule(reading), reading.words.currencies
            faults = tuple(_said_of(reading, {"typed": raw, "number": cell_text(number)}))
            is_percent = reading.words.percent
            if isinstance(answer, Shown) and rule == "number:text":
                rule, faults = "number:shown", ()
    if isinstance(scalar, Percent):
        return _percent(scalar, number, is_percent, raw, rule, faults)
    if isinstance(scalar, Year) and not (number.is_integer() and 1000 <= number <= 9999):
        return _no_year(number, rule, raw, context)
    if whole and not number.is_integer():
        return _unreadable(raw, "not_whole")
    return Parsed(AnswerStatus.ANSWERED, raw, rule, number=number, currencies=currencies, faults=faults)


def _hundredth(scalar: Percent, answer: Shown) -> float | None:
    """The 0.273 of a cell that shows 27.3% for it; None where it shows 27.3 % for 27.3."""
    value = answer.value
    if isinstance(value, bool) or not isinstance(value, int | float) or not answer.endswith("%"):
        return None
    return float(value) if cell_text(scalar.of_cell(value)) in answer else None


def _percent(
    scalar: Percent, number: float, is_percent: bool, raw: str, rule: str, faults: tuple[Fault, ...]
) -> Parsed:
    """A percentage in points. Its cell holds a hundredth of it; where that is not certain, 0.273 could be either."""
    if is_percent and rule == "number":
        number, rule = scalar.of_cell(number), "percent"
        raw = f"{cell_text(number)}%"
    elif not is_percent and 0 < abs(number) <= 1:
        times = cell_text(scalar.of_cell(number))
        return _unreadable(raw, "percent_unclear", points=cell_text(number), times=times)
    elif not is_percent and rule == "number" and number:
        rule, faults = "percent:points", (Fault("percent_from_points", Severity.WARNING, {"typed": raw}),)
    return Parsed(AnswerStatus.ANSWERED, raw, rule, number=number, faults=faults)


def _no_year(number: float, rule: str, raw: str, context: Context) -> Parsed:
    """A number that is no year; alone in its cell it may be a day whose format got lost."""
    day = likely_day(number, context.date_1904) if rule == "number" else None
    return _unreadable(raw, "year_is_day", date=day.isoformat()) if day else _unreadable(raw, "not_a_year")


def _refused(scalar: NumericType, reading: NumberReading) -> str:
    """The code of what keeps a number typed as text from being read as this type, "" if nothing more is known."""
    words = reading.words
    if words.percent and not isinstance(scalar, Percent):
        return "percentage"
    if words.currencies is not None and not isinstance(scalar, Money):
        return "currency_in_number"
    if isinstance(scalar, Year) and (words.least or words.unit):
        return "not_a_year"
    return "number_unclear" if reading.ambiguous and reading.value is None else ""


def _rule(reading: NumberReading) -> str:
    if reading.ambiguous:
        return "number:ambiguous"
    return "number:words" if reading.words.asks else "number:text"


def _said_of(reading: NumberReading, values: Mapping[str, object]) -> Iterator[Fault]:
    """The faults of a number typed as text that was read."""
    if reading.ambiguous:
        yield Fault("number_ambiguous", Severity.WARNING, values)
    if reading.words.asks:
        yield Fault("number_with_words", Severity.WARNING, values)
    if not reading.ambiguous and not reading.words.asks:
        yield Fault("number_from_text", Severity.INFO, values)


def _serial(day: dt.date, context: Context) -> float:
    if not isinstance(day, dt.datetime):
        return float(day_number(day, context.date_1904))
    seconds = day.hour * 3600 + day.minute * 60 + day.second
    return day_number(day.date(), context.date_1904) + seconds / 86400


def _date(answer: CellValue, raw: str, context: Context) -> Parsed:
    day: dt.date | None
    faults: tuple[Fault, ...] = ()
    match answer:
        case bool() | dt.time() | dt.timedelta() | PartOfDay():
            return _unreadable(raw, "not_a_date")
        case dt.datetime():
            day, rule = (answer.date() if answer.time() == dt.time() else None), "date"
        case dt.date():
            day, rule = answer, "date"
        case int() | float():
            day, rule = day_of(answer, context.date_1904), "date:serial"
            faults = (Fault("date_from_number", Severity.WARNING, {"typed": raw, "date": f"{day}"}),)
        case _:
            return _day_as_text(raw)
    if day is None:
        return _unreadable(raw, "not_a_date")
    if (year := year_behind(day, context.date_1904)) is not None:
        return _unreadable(raw, "date_is_year", year=year)
    return Parsed(AnswerStatus.ANSWERED, raw, rule, date=day, faults=faults)


def _day_as_text(raw: str) -> Parsed:
    reading = read_day(raw)
    if reading.value is None:
        return _unreadable(raw, "date_ambiguous" if reading.ambiguous else "not_a_date")
    fault = Fault("date_from_text", Severity.INFO, {"typed": raw, "date": reading.value.isoformat()})
    return Parsed(AnswerStatus.ANSWERED, raw, "date:text", date=reading.value, faults=(fault,))
