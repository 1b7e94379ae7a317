"""Owns reading days that were typed as text, and distinguishing days from years; it refuses what could be two days.

`2024-12-31` (also with `/` or `.`) is read; so are day, month and four-digit year in the one order that is a day
(`31/12/2024`, `12/31/2024`), and in any usual order where the month has its name in one of four languages
(`31 de diciembre de 2024`, `Dec. 31st, 2024`). `05/04/2024` could be two days and is refused.
"""

import datetime as dt
import re
from dataclasses import dataclass

from pipeline.reading.values.numbers import plain_signs
from questionnaire.day_numbers import day_number, day_of

_ISO_DAY = re.compile(r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})", re.ASCII)
_PARTED_DAY = re.compile(r"(\d{1,2})([-/.])(\d{1,2})\2(\d{4})", re.ASCII)

MONTHS = (
    ("janvier", "janv.", "enero", "ene.", "january", "jan.", "janeiro"),
    ("février", "fevrier", "févr.", "fév.", "febrero", "feb.", "february", "fevereiro", "fev."),
    ("mars", "marzo", "mar.", "march", "março", "marco"),
    ("avril", "avr.", "abril", "abr.", "april", "apr."),
    ("mai", "mai.", "mayo", "may.", "may", "maio"),
    ("juin", "junio", "jun.", "june", "junho"),
    ("juillet", "juil.", "julio", "jul.", "july", "julho"),
    ("août", "aout", "agosto", "ago.", "august", "aug."),
    ("septembre", "sept.", "septiembre", "setiembre", "sep.", "september", "setembro", "set."),
    ("octobre", "oct.", "octubre", "october", "outubro", "out."),
    ("novembre", "nov.", "noviembre", "november", "novembro"),
    ("décembre", "decembre", "déc.", "diciembre", "dic.", "december", "dec.", "dezembro", "dez."),
)
"""The names of the months from January on; one that is short stands with or without its point."""

_MONTH = {name.rstrip("."): number for number, names in enumerate(MONTHS, 1) for name in names}
_NAMED_DAY = re.compile(r"(\d{1,2})(?:er|st|nd|rd|th|º|°|ª)?", re.ASCII)
_YEAR = re.compile(r"\d{4}", re.ASCII)
_BETWEEN = re.compile(r"[\s,./-]+")
_LINKS = frozenset({"de", "del", "do", "of", "the", "le", "el"})

_YEARS = range(1900, 2101)
_LIKELY = range(1901, 2101)


@dataclass(frozen=True)
class DayReading:
    """A day typed as text. `value` is None where it is refused; `ambiguous` where two readings were possible."""

    value: dt.date | None
    ambiguous: bool = False


def read_day(text: str) -> DayReading:
    """The day that a text states."""
    text = plain_signs(text)
    if found := _ISO_DAY.fullmatch(text):
        return DayReading(_day(int(found[1]), int(found[3]), int(found[4])))
    if found := _PARTED_DAY.fullmatch(text):
        first, second, year = int(found[1]), int(found[3]), int(found[4])
        readings = {day for day in (_day(year, second, first), _day(year, first, second)) if day is not None}
        return DayReading(readings.pop()) if len(readings) == 1 else DayReading(None, ambiguous=len(readings) > 1)
    return DayReading(_with_month_name(text))


def _with_month_name(text: str) -> dt.date | None:
    """The day of a text with the name of a month between or before day and year; the year may also stand first."""
    parts = [part for part in _BETWEEN.split(text.casefold()) if part and part not in _LINKS]
    if len(parts) != 3:
        return None
    first, second, third = parts
    for day, month, year in ((first, second, third), (second, first, third), (third, second, first)):
        found = _NAMED_DAY.fullmatch(day)
        if found and month in _MONTH and _YEAR.fullmatch(year):
            return _day(int(year), _MONTH[month], int(found[1]))
    return None


def _day(year: int, month: int, day: int) -> dt.date | None:
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None


def likely_day(number: float, date_1904: bool) -> dt.date | None:
    """The day that a number too great for a year may stand for, None for one that is no day of our times."""
    day = day_of(number, date_1904)
    return day if day is not None and day.year in _LIKELY else None


def year_behind(day: dt.date, date_1904: bool) -> int | None:
    """The year that was typed where a cell shows a day of 1905, or of 1909: the number behind it is that of a year."""
    number = day_number(day, date_1904)
    return number if number in _YEARS else None
