"""Reads days that were typed as text, and distinguishes days from years; it refuses what could be two days.

A time of day behind it is left out. A weekday must be that of the day; where two days are possible, it decides.

`2024-12-31` (also with `/` or `.`) is read; so are day, month and four-digit year in the one order that is a day
(`31/12/2024`, `12/31/2024`), and in any usual order where the month has its name in one of four languages
(`31 de diciembre de 2024`, `Dec. 31st, 2024`). `05/04/2024` could be two days and is refused.
"""

import datetime as dt
import re
from dataclasses import dataclass

from pipeline.reading.values.plain_texts import plain_signs, without_accents
from questionnaire.day_numbers import day_number, day_of

_ISO_DAY = re.compile(r"(\d{4})([-/. _,\\])(\d{1,2})\2(\d{1,2})|((?:19|20)\d\d)(\d\d)(\d\d)", re.ASCII)
_PARTED_DAY = re.compile(r"(\d{1,2})([-/. _,\\])(\d{1,2})\2(\d{4})", re.ASCII)
_SPACED_SIGN = re.compile(r"\s*([-/._,\\—])\s*")
_FIRST_YEAR = 1000
"""Before it stands a year that is not written to its end: 0202-04-05."""

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

_ROMAN = ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii")
FIRST = ("premier", "primero", "primeiro", "first")
"""The first of a month, in words."""

BEFORE = ("le", "el", "on", "em", "fecha", "date", "data")
"""Before a day, with or without a colon: that it is one."""

WEEKDAYS = (
    ("lundi", "lun.", "lunes", "monday", "mon.", "segunda-feira", "segunda", "seg."),
    ("mardi", "mar.", "martes", "tuesday", "tue.", "tues.", "terça-feira", "terça", "ter."),
    ("mercredi", "mer.", "miércoles", "mié.", "wednesday", "wed.", "quarta-feira", "quarta", "qua."),
    ("jeudi", "jeu.", "jueves", "jue.", "thursday", "thu.", "thur.", "thurs.", "quinta-feira", "quinta", "qui."),
    ("vendredi", "ven.", "viernes", "vie.", "friday", "fri.", "sexta-feira", "sexta", "sex."),
    ("samedi", "sam.", "sábado", "sáb.", "saturday", "sat."),
    ("dimanche", "dim.", "domingo", "dom.", "sunday", "sun."),
)
"""The names of the days of the week from Monday on, written like those of the months."""

_MONTH = {without_accents(name.rstrip(".")): number for number, names in enumerate(MONTHS, 1) for name in names}
_JOINED = re.compile(rf"(?<=\d)(?=(?:{'|'.join(_MONTH)})(?![a-z]))|(?<=[a-z])(?=\d)")
_ORDINAL = re.compile(r"(?<=\d)(?:\.?[oa°]|\s?er|ro|ero|st|nd|rd|th)(?![a-z])")
_BEFORE = re.compile(rf"(?:{'|'.join(BEFORE)})(?:\s*:\s*|\s+)")
_WEEKDAY = {without_accents(name.rstrip(".")): number for number, names in enumerate(WEEKDAYS) for name in names}
_NAMES = "|".join(sorted(_WEEKDAY, key=len, reverse=True))
_AROUND = re.compile(
    rf"(?:(?:le|el|on)\s+)?({_NAMES})\b[\s,.]*(?P<behind>.*\d.*)|(?P<before>.*\d.*?)[\s,(\[]+({_NAMES})\.?[)\]]?"
)
_TIME = re.compile(
    r"(.*\d)(?:t|,?\s+(?:a las |à |at |às )?)(\d{1,2})[:h](\d{2})(?:[:m](\d{2})(?:[.,]\d+)?)?"
    r"\s*(?:h|hrs?|hs|s)?\s*(?:[ap]\.?\s?m\.?)?\s*(?:z|utc|[+-]\d{2}:?\d{2})?"
)
_ZONE = re.compile(r"(\d{4}-\d\d-\d\d)(?:z|[+-]\d\d:\d\d)")
_LAST_HOUR, _LAST_MINUTE = 23, 59
_NAMED_DAY = re.compile(r"\d{1,2}", re.ASCII)
_YEAR = re.compile(r"\d{4}", re.ASCII)
_BETWEEN = re.compile(r"[\s,./-]+")
_LINKS = frozenset({"de", "del", "do", "of", "the", "le", "el", "on", "em"})

_YEARS = range(1900, 2101)
_LIKELY = range(1901, 2101)


@dataclass(frozen=True)
class DayReading:
    """A day typed as text. `value` is None where it is refused; `ambiguous` where two readings were possible.

    `other` is the day that the text states but for its weekday, which is another one: the text contradicts itself.
    """

    value: dt.date | None
    ambiguous: bool = False
    other: dt.date | None = None


def read_day(text: str) -> DayReading:
    """The day that a text states."""
    text = _unwrapped(_without_time(plain_signs(text).casefold()))
    text = text[found.end() :] if (found := _BEFORE.match(text)) else text
    days = _days(text)
    if not days and (found := _AROUND.fullmatch(without_accents(text))):
        weekday = _WEEKDAY[found[1] or found[4]]
        days = _days(_unwrapped(found["behind"] or found["before"]))
        agreeing = {day for day in days if day.weekday() == weekday}
        if days and not agreeing:
            return DayReading(None, other=min(days))
        days = agreeing
    return DayReading(min(days)) if len(days) == 1 else DayReading(None, ambiguous=len(days) > 1)


def _days(text: str) -> set[dt.date]:
    """The days that a text without time and weekday may state."""
    plain = _SPACED_SIGN.sub(r"\1", text).replace("—", "-")
    if found := _ISO_DAY.fullmatch(plain):
        days = {_day(int(found[1] or found[5]), int(found[3] or found[6]), int(found[4] or found[7]))}
    elif found := _PARTED_DAY.fullmatch(plain):
        first, second, year = int(found[1]), int(found[3]), int(found[4])
        days = {_day(year, second, first), _day(year, first, second)}
    else:
        days = {_with_month_name(text)}
    return {day for day in days if day is not None}


def _without_time(text: str) -> str:
    """A text without the time of day behind a day."""
    text = zoned[1] if (zoned := _ZONE.fullmatch(text)) else text
    found = _TIME.fullmatch(text)
    is_time = found and int(found[2]) <= _LAST_HOUR and max(int(found[3]), int(found[4] or 0)) <= _LAST_MINUTE
    return found[1] if found and is_time else text


def _unwrapped(text: str) -> str:
    """A text without brackets around it, and without a footnote mark and a full stop behind it."""
    text = text.rstrip("*† ;,").strip().removesuffix(".")
    return text[1:-1].strip() if text[:1] + text[-1:] in ("()", "[]") else text


def _with_month_name(text: str) -> dt.date | None:
    """The day of a text with the name of a month between or before day and year; the year may also stand first."""
    text = _JOINED.sub(" ", _ORDINAL.sub("", without_accents(text)))
    parts = ["1" if part in FIRST else part for part in _BETWEEN.split(text) if part and part not in _LINKS]
    if len(parts) != 3:
        return None
    first, second, third = parts
    for day, month, year in ((first, second, third), (second, first, third), (third, second, first)):
        if _NAMED_DAY.fullmatch(day) and month in _MONTH and _YEAR.fullmatch(year):
            return _day(int(year), _MONTH[month], int(day))
    # `5 x 2024` may be a product.
    is_roman = second in _ROMAN and (len(second) > 1 or f" {second} " not in text)
    if is_roman and _NAMED_DAY.fullmatch(first) and _YEAR.fullmatch(third):
        return _day(int(third), _ROMAN.index(second) + 1, int(first))
    return None


def _day(year: int, month: int, day: int) -> dt.date | None:
    try:
        return dt.date(year, month, day) if year >= _FIRST_YEAR else None
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
