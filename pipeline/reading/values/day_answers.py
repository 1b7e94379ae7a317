"""Reads days: in cells that hold one, as the number behind one, and typed as text."""

import datetime as dt

from pipeline.reading.values.days import read_day, year_behind
from pipeline.reading.values.parsed import Context, Fault, Parsed, unreadable
from pipeline.reading.values.shown import PartOfDay
from pipeline.reading.workbooks.grids import CellValue
from questionnaire.blanks import AnswerStatus
from questionnaire.day_numbers import day_of
from questionnaire.rules.rule import Severity


def day_answer(answer: CellValue, raw: str, context: Context) -> Parsed:
    """The day of an answer cell."""
    day: dt.date | None
    faults: tuple[Fault, ...] = ()
    match answer:
        case bool() | dt.time() | dt.timedelta() | PartOfDay():
            return unreadable(raw, "not_a_date")
        case dt.datetime():
            day, rule = answer.date(), "date"
            if answer.time() != dt.time():
                faults = (Fault("date_with_time", Severity.INFO, {"typed": raw, "date": day.isoformat()}),)
        case dt.date():
            day, rule = answer, "date"
        case int() | float():
            day, rule = day_of(answer, context.date_1904), "date:serial"
            faults = (Fault("date_from_number", Severity.WARNING, {"typed": raw, "date": f"{day}"}),)
        case _:
            return _day_as_text(raw)
    if day is None:
        return unreadable(raw, "not_a_date")
    if (year := year_behind(day, context.date_1904)) is not None:
        return unreadable(raw, "date_is_year", year=year)
    return Parsed(AnswerStatus.ANSWERED, raw, rule, date=day, faults=faults)


def _day_as_text(raw: str) -> Parsed:
    reading = read_day(raw)
    if reading.other is not None:
        return unreadable(raw, "weekday_disagrees", date=reading.other.isoformat())
    if reading.value is None:
        return unreadable(raw, "date_ambiguous" if reading.ambiguous else "not_a_date")
    fault = Fault("date_from_text", Severity.INFO, {"typed": raw, "date": reading.value.isoformat()})
    return Parsed(AnswerStatus.ANSWERED, raw, "date:text", date=reading.value, faults=(fault,))
