"""Owns reading days that were typed as text, and the numbers behind days; it refuses what could be two days.

`2024-12-31` (also with `/` or `.`) is read; so are day, month and four-digit year in the one order that is a day
(`31/12/2024`, `12/31/2024`). `05/04/2024` could be two days and is refused.
"""

import datetime as dt
import re
from dataclasses import dataclass

from pipeline.reading.numbers import plain_signs

_ISO_DAY = re.compile(r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})", re.ASCII)
_PARTED_DAY = re.compile(r"(\d{1,2})([-/.])(\d{1,2})\2(\d{4})", re.ASCII)

# Day 60 of the 1900 system is 29 February 1900, which never was: days before it are one off.
_EPOCH_1900, _EPOCH_1904 = dt.date(1899, 12, 30), dt.date(1904, 1, 1)
_LAST_SERIAL = 2_958_465
_YEARS = range(1900, 2101)


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
    return DayReading(None)


def _day(year: int, month: int, day: int) -> dt.date | None:
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None


def serial_of(day: dt.date, date_1904: bool) -> int:
    """The number behind a cell that shows a day."""
    if date_1904:
        return (day - _EPOCH_1904).days
    serial = (day - _EPOCH_1900).days
    return serial if serial > 60 else serial - 1


def day_of(serial: float, date_1904: bool) -> dt.date | None:
    """The day behind a number, None where no spreadsheet program shows one."""
    if serial != int(serial) or not 1 <= serial <= _LAST_SERIAL:
        return None
    if date_1904:
        return _EPOCH_1904 + dt.timedelta(days=int(serial))
    return _EPOCH_1900 + dt.timedelta(days=int(serial) + (1 if serial < 60 else 0))


def year_behind(day: dt.date, date_1904: bool) -> int | None:
    """The year that was typed where a cell shows a day of 1905, or of 1909: the number behind it is that of a year."""
    serial = serial_of(day, date_1904)
    return serial if serial in _YEARS else None
