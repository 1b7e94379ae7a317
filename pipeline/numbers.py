"""Owns reading numbers and days that were typed as text, by one documented table; it refuses what it cannot be sure of.

| as typed | read as | why |
|---|---|---|
| `1234`, `-5`, `٣٠`, `３０` | the number | digits, in any script |
| `1 234`, `1’234,5`, `1'234.5` | 1234, 1234.5 | spaces of any width and apostrophes part thousands |
| `1.234,5`, `1,234.5`, `1.234.567` | 1234.5, 1234567 | the sign that comes first or twice parts thousands |
| `3,7`, `12.25`, `0,125`, `1234.567` | the decimal number | no group of thousands looks so |
| `1.234`, `1,234` | see below | thousands or three decimals: **ambiguous** |
| anything else (`env. 30`, `12 %`, `$ 5`, `1e3`, `1_000`) | nothing | somebody has to say what is meant |

The ambiguous form is read by the language of the return where its use is uniform: in French and Portuguese the comma
is the decimal sign, in English the point (CLDR 46). Spanish has both in the Americas (CLDR `es-MX` point, `es-AR`
comma): there it is read only where the answer must be a whole number, since no count has three decimals. A reading that
gives decimals where a whole number is asked contradicts itself and is refused.

Days: `2024-12-31` (also with `/` or `.`); day, month and four-digit year in the one order that is a day (`31/12/2024`,
`12/31/2024`); `05/04/2024` could be two days and is refused.
"""

import datetime as dt
import re
import unicodedata
from dataclasses import dataclass

from questionnaire.blanks import visible_text

_DECIMAL_SIGN = {"fr": ",", "pt": ",", "en": "."}

_PLAIN = re.compile(r"\d+", re.ASCII)
_SPACED = re.compile(r"(\d{1,3}(?:([ '’])\d{3})(?:\2\d{3})*)(?:[.,](\d+))?", re.ASCII)
_POINT_LAST = re.compile(r"(\d{1,3}(?:,\d{3})+)\.(\d+)", re.ASCII)
_COMMA_LAST = re.compile(r"(\d{1,3}(?:\.\d{3})+),(\d+)", re.ASCII)
_REPEATED = re.compile(r"\d{1,3}([.,])\d{3}(?:\1\d{3})+", re.ASCII)
_AMBIGUOUS = re.compile(r"([1-9]\d{0,2})([.,])(\d{3})", re.ASCII)
_DECIMAL = re.compile(r"(\d+)[.,](\d+)", re.ASCII)

_ISO_DAY = re.compile(r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})", re.ASCII)
_PARTED_DAY = re.compile(r"(\d{1,2})([-/.])(\d{1,2})\2(\d{4})", re.ASCII)

# Day 60 of the 1900 system is 29 February 1900, which never was: days before it are one off.
_EPOCH_1900, _EPOCH_1904 = dt.date(1899, 12, 30), dt.date(1904, 1, 1)
_LAST_SERIAL = 2_958_465


@dataclass(frozen=True)
class NumberReading:
    """A number typed as text. `value` is None where it is refused; `ambiguous` where two readings were possible."""

    value: float | None
    ambiguous: bool = False


@dataclass(frozen=True)
class DayReading:
    """A day typed as text. `value` is None where it is refused; `ambiguous` where two readings were possible."""

    value: dt.date | None
    ambiguous: bool = False


NO_NUMBER = NumberReading(None)


def read_number(text: str, language: str, whole: bool) -> NumberReading:
    """The number that a text states; `whole` says that only a whole number can be meant."""
    text = _plain_digits(visible_text(text))
    sign = -1.0 if text[:1] in ("-", "−") else 1.0
    reading = _unsigned(text[1:] if text[:1] in ("-", "−", "+") else text, language, whole)
    return reading if reading.value is None else NumberReading(sign * reading.value, reading.ambiguous)


def _unsigned(text: str, language: str, whole: bool) -> NumberReading:
    if _PLAIN.fullmatch(text):
        return NumberReading(float(text))
    if found := _AMBIGUOUS.fullmatch(text):
        return _ambiguous(found, language, whole)
    if found := _SPACED.fullmatch(text):
        return _joined(found[1], found[3])
    if found := _POINT_LAST.fullmatch(text) or _COMMA_LAST.fullmatch(text):
        return _joined(found[1], found[2])
    if _REPEATED.fullmatch(text):
        return _joined(text, None)
    if found := _DECIMAL.fullmatch(text):
        return _joined(found[1], found[2])
    return NO_NUMBER


def _ambiguous(found: re.Match[str], language: str, whole: bool) -> NumberReading:
    decimal_sign = _DECIMAL_SIGN.get(language)
    if found[2] == decimal_sign:
        decimals = float(f"{found[1]}.{found[3]}")
        return NumberReading(None if whole else decimals, ambiguous=True)
    if decimal_sign is None and not whole:
        return NumberReading(None, ambiguous=True)
    return NumberReading(float(found[1] + found[3]), ambiguous=True)


def _joined(whole: str, decimals: str | None) -> NumberReading:
    digits = "".join(character for character in whole if character.isdigit())
    return NumberReading(float(f"{digits}.{decimals or 0}"))


def _plain_digits(text: str) -> str:
    """The text with the decimal digits of any script as 0 to 9."""
    if text.isascii():
        return text
    return "".join(str(unicodedata.decimal(sign)) if sign.isdecimal() else sign for sign in text)


def read_day(text: str) -> DayReading:
    """The day that a text states."""
    text = _plain_digits(visible_text(text))
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
