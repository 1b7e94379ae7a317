"""Gives the rows of a sheet that is written in the plain usual way, as the reading library would give them.

It takes them from what was looked at anyway. Whatever might be read in two ways is left to the library, such as a
format that may be that of a day.
"""

import datetime as dt
import re
from collections.abc import Sequence
from functools import lru_cache

from pipeline.reading.workbooks.office.plain_cells import PlainCells
from pipeline.reading.workbooks.office.plain_values import UnsureError, Value
from pipeline.reading.workbooks.office.styles import Styles
from questionnaire.day_numbers import day_of

Rows = list[list[Value | dt.date]]

_ODD_AREA = re.compile(
    rb'<(?:dimension|mergeCell)(?=[ /])(?! ref="[A-Z]{1,3}[1-9]\d{0,6}(?::[A-Z]{1,3}[1-9]\d{0,6})?"/>)'
)
"""An area that is none, for which the library refuses a whole sheet."""

_OF_NUMBERS = re.compile(r'(?:"[^"]*"|[#0.,;%@–\- ])*')
_OF_DAYS = frozenset({"yyyy-mm-dd"})
_FIRST_DAY = 61
"""The days before were counted wrongly once."""


def rows_of(cells: PlainCells, texts: Sequence[str], styles: Styles, date_1904: bool) -> Rows:
    """The rows of a sheet from its first cell to the last that holds something; raises UnsureError."""
    if _ODD_AREA.search(cells.around):
        raise UnsureError
    odd = {style: code for style, code in styles.number_formats.items() if not _shows_number(code)}
    blank: list[Value | dt.date] = [""] * max([len(row.cells or ()) for row in cells.rows], default=0)
    rows: Rows = []
    last = -1
    for filled in cells.rows:
        bare, held = filled.bare, filled.cells
        if not bare.columns:
            continue
        if held is None or bare.said.number <= last:
            raise UnsureError
        last = bare.said.number
        if not held:
            continue
        rows += [blank.copy() for _ in range(last - len(rows))]
        row = [*held, *blank[len(held) :]]
        try:
            for column in bare.shared:
                row[column] = texts[held[column]]
        except IndexError:
            raise UnsureError from None
        for column, style in bare.styled:
            if style in odd and column < len(held) and held[column] != "":
                row[column] = _day(held[column], odd[style], date_1904)
        rows.append(row)
    return rows


def _day(number: Value, code: str, date_1904: bool) -> dt.date:
    """The day that the cell of a number shows; raises UnsureError."""
    is_of_day = code in _OF_DAYS and not date_1904
    if is_of_day and isinstance(number, float) and number >= _FIRST_DAY and (day := day_of(number)) is not None:
        return day
    raise UnsureError


@lru_cache(maxsize=512)
def _shows_number(code: str) -> bool:
    """True for a format without a letter that may stand for a part of a day."""
    return _OF_NUMBERS.fullmatch(code) is not None
