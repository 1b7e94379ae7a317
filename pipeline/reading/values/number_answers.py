"""Reads numbers, percentages and years: in numeric cells, in cells that show days, and typed as text."""

import datetime as dt
import re
from collections.abc import Iterator, Mapping

from pipeline.reading.values.cell_texts import cell_text
from pipeline.reading.values.days import likely_day
from pipeline.reading.values.numbers import NumberReading, read_number
from pipeline.reading.values.parsed import Context, Fault, Parsed, unreadable
from pipeline.reading.values.shown import Shown
from pipeline.reading.workbooks.grids import CellValue
from questionnaire.blanks import AnswerStatus, visible_text
from questionnaire.day_numbers import day_number
from questionnaire.declaration.answer_types import Money, NumericType, Percent, Year
from questionnaire.rules.rule import Severity

_YEAR = re.compile(r"[(\[]?([^()\[\]]*\d)[)\]]?[\s*†.;,]*")


def number_answer(scalar: NumericType, answer: CellValue, raw: str, context: Context) -> Parsed:
    """The number, percentage or year of an answer cell."""
    whole = scalar.traits.whole
    refused = "not_a_year" if isinstance(scalar, Year) else "not_a_number"
    currencies: frozenset[str] | None = None
    faults: tuple[Fault, ...] = ()
    is_percent = False
    if isinstance(answer, bool | dt.time | dt.timedelta) or _is_day(scalar, answer):
        return unreadable(raw, "date_in_number" if _is_day(scalar, answer) else refused)
    match answer:
        case int() | float():
            number, rule = float(answer), "number"
        case Shown() if isinstance(scalar, Percent) and (hundredth := _hundredth(scalar, answer)) is not None:
            number, rule, is_percent = hundredth, "number", True
        case dt.date():
            return _year_behind(answer, raw, context)
        case _:
            typed = _year_alone(raw) if isinstance(scalar, Year) else raw
            reading = read_number(typed, context.decimal_sign, whole)
            if reading.named is not None:
                return unreadable(raw, "contradictory", first=typed, second=str(reading.named))
            if (fault := _refused(scalar, reading)) or reading.value is None:
                return unreadable(raw, fault or refused)
            number, rule, currencies = reading.value, _rule(reading), reading.words.currencies
            faults = tuple(_said_of(reading, {"typed": raw, "number": cell_text(number)}))
            is_percent = reading.words.percent
            if isinstance(answer, Shown) and rule == "number:text":
                rule, faults = "number:shown", ()
    if isinstance(scalar, Percent):
        return _percent(scalar, number, is_percent, raw, rule, faults)
    if isinstance(scalar, Year) and not _is_year(number):
        return _no_year(number, rule, raw, context)
    if whole and not number.is_integer():
        return unreadable(raw, "not_whole")
    return Parsed(AnswerStatus.ANSWERED, raw, rule, number=number, currencies=currencies, faults=faults)


def _is_day(scalar: NumericType, answer: CellValue) -> bool:
    """True for a day where no year is asked, also for one of which the cell shows the year alone."""
    held = answer.value if isinstance(answer, Shown) else answer
    return isinstance(held, dt.date) and not isinstance(scalar, Year)


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
        return unreadable(raw, "percent_unclear", points=cell_text(number), times=times)
    elif not is_percent and rule == "number" and number:
        rule, faults = "percent:points", (Fault("percent_from_points", Severity.WARNING, {"typed": raw}),)
    return Parsed(AnswerStatus.ANSWERED, raw, rule, number=number, faults=faults)


def _no_year(number: float, rule: str, raw: str, context: Context) -> Parsed:
    """A number that is no year; alone in its cell it may be a day whose format got lost."""
    day = likely_day(number, context.date_1904) if rule == "number" else None
    return unreadable(raw, "year_is_day", date=day.isoformat()) if day else unreadable(raw, "not_a_year")


def _refused(scalar: NumericType, reading: NumberReading) -> str:
    """The code of what keeps a number typed as text from being read as this type, "" if nothing more is known."""
    words = reading.words
    if words.percent and not isinstance(scalar, Percent):
        return "percentage"
    if words.currencies is not None and not isinstance(scalar, Money):
        return "currency_in_number"
    if isinstance(scalar, Year) and (words.least or words.unit):
        return "not_a_year"
    if isinstance(scalar, Percent) and words.unit:
        return "not_a_number"
    if words.year and not isinstance(scalar, Year):
        return "not_a_number"
    return "number_unclear" if reading.ambiguous and reading.value is None else ""


def _year_alone(text: str) -> str:
    """A year without brackets around it and a mark behind it: nobody means another one by them."""
    found = _YEAR.fullmatch(visible_text(text))
    return found[1] if found else text


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


def _year_behind(day: dt.date, raw: str, context: Context) -> Parsed:
    """The year that was typed into a cell formatted as a date, which shows it as a day of 1905."""
    has_time = isinstance(day, dt.datetime) and day.time() != dt.time()
    number = float(day_number(day.date() if isinstance(day, dt.datetime) else day, context.date_1904))
    if has_time or not _is_year(number):
        return unreadable(raw, "not_a_year")
    fault = Fault("number_from_date", Severity.WARNING, {"typed": raw, "number": cell_text(number)})
    return Parsed(AnswerStatus.ANSWERED, raw, "number:date", number=number, faults=(fault,))


def _is_year(number: float) -> bool:
    return number.is_integer() and 1000 <= number <= 9999
