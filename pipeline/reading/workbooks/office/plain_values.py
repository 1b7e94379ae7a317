"""Gives the values of cells that are written in the plain usual way, as the reading library would give them.

It takes them from what was looked at anyway. Whatever might be read in two ways is left to the library: a format that
may be that of a day, a text with blanks around it, the number of no text.
"""

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from html import unescape

from pipeline.reading.workbooks.office.plain_cells import KEPT, LONGEST_VALUE, FilledRow, PlainCells, is_text
from pipeline.reading.workbooks.office.styles import Styles
from questionnaire.day_numbers import day_of

Value = str | float | bool | dt.date
Rows = list[list[Value]]

_TEXTS = re.compile(
    rb'(?:<\?xml [^<>?]*\?>)?\s*<sst(?: [A-Za-z\d:]+="[^"<>&]*")*>(?:<si>(.*)</si>)?</sst>\s*', re.DOTALL
)
_BETWEEN_TEXTS = b"</si><si>"
_TEXT = re.compile(rb"<t( xml:space=\"preserve\")?>([^<]*)</t>")
_ESCAPED = re.compile(r"_x[\dA-Fa-f]{4}_")
"""What programs write for a sign that no part of XML may hold, and for the end of a line."""

_ODD_AREA = re.compile(
    rb'<(?:dimension|mergeCell)(?=[ /])(?! ref="[A-Z]{1,3}[1-9]\d{0,6}(?::[A-Z]{1,3}[1-9]\d{0,6})?"/>)'
)
"""An area that is none, for which the library refuses a whole sheet."""

_NUMBER = re.compile(r"-?(?:0|[1-9]\d{0,17})(?:\.\d{1,20})?(?:[eE][+-]?\d{1,2})?")
_INDEX = re.compile(r"0|[1-9]\d{0,7}")
_OF_NUMBERS = re.compile(r'(?:"[^"]*"|[#0.,;%@–\- ])*')
_OF_DAYS = frozenset({"yyyy-mm-dd"})
_FIRST_DAY = 61
"""The days before were counted wrongly once."""

_LOGICAL_VALUES = {"0": False, "1": True}
_WIDEST_KEPT = 256
"""Columns that a row reaches over that is kept."""

_KEPT_TEXTS = 16_384


class UnsureError(Exception):
    """A value that might be read in two ways."""


class _Texts(dict[bytes, str]):
    """What shared texts say, those of them that were seen before: most are the form's own, in every return."""

    def __missing__(self, piece: bytes) -> str:
        found = _TEXT.fullmatch(piece)
        if found is None or not is_text(found[2]):
            raise UnsureError
        text = _as_read(found[2])
        if not found[1] and text != text.strip():
            raise UnsureError
        if len(piece) <= LONGEST_VALUE and len(self) < _KEPT_TEXTS:
            self[piece] = text
        return text


_KNOWN_TEXTS = _Texts()


def shared_texts(part: bytes) -> list[str]:
    """The shared texts of a workbook; raises UnsureError where they are more than texts."""
    found = _TEXTS.fullmatch(part)
    if found is None:
        raise UnsureError
    return list(map(_KNOWN_TEXTS.__getitem__, found[1].split(_BETWEEN_TEXTS))) if found[1] is not None else []


@dataclass(frozen=True, eq=False, slots=True)
class _Line:
    """The cells of a row up to the last with a value; those that hang on the workbook have only their places in it.

    `number` is that of the row. `shared` are columns and the numbers of texts, `numbers` columns, styles and numbers as
    they are written.
    """

    number: int
    cells: tuple[Value, ...]
    shared: tuple[tuple[int, int], ...]
    numbers: tuple[tuple[int, str, str], ...]


def rows_of(cells: PlainCells, texts: Sequence[str], styles: Styles, date_1904: bool) -> Rows:
    """The rows of a sheet from its first cell to the last that holds something; raises UnsureError."""
    if _ODD_AREA.search(cells.around):
        raise UnsureError
    lines = [
        _line(entry) if entry.row.width <= _WIDEST_KEPT else _line.__wrapped__(entry)
        for entry in cells.filled
        if entry.cells
    ]
    blank: list[Value] = [""] * max((len(line.cells) for line in lines), default=0)
    rows: Rows = []
    last = -1
    for line in lines:
        if line.number <= last:
            raise UnsureError
        last = line.number
        if not line.cells:
            continue
        while len(rows) < last:
            rows.append(blank.copy())
        row = [*line.cells, *blank[len(line.cells) :]]
        for column, text in line.shared:
            if text >= len(texts):
                raise UnsureError
            row[column] = texts[text]
        for column, style, written in line.numbers:
            row[column] = _number(written, styles.number_formats.get(style, ""), date_1904)
        rows.append(row)
    return rows


@lru_cache(maxsize=KEPT)
def _line(entry: FilledRow) -> _Line:
    """What can be said of a row whatever workbook it is in."""
    cells: list[Value] = [""] * entry.row.width
    shared: list[tuple[int, int]] = []
    numbers: list[tuple[int, str, str]] = []
    last, end = -1, 0
    for (column, style, sort, _), written in zip(entry.cells, entry.values, strict=True):
        if column <= last or written is None:
            raise UnsureError
        last = column
        value = (_value if len(written) <= LONGEST_VALUE else _value.__wrapped__)(sort, written)
        if value is None:
            continue
        end = column + 1
        if sort == "s":
            shared.append((column, int(value)))
        elif sort in ("", "n"):
            numbers.append((column, style, str(value)))
        else:
            cells[column] = value
    return _Line(entry.row.number, tuple(cells[:end]), tuple(shared), tuple(numbers))


@lru_cache(maxsize=_KEPT_TEXTS)
def _value(sort: str, written: bytes) -> str | bool | None:
    """What is written in a cell of a type, None for nothing; raises UnsureError."""
    text = _as_read(written)
    match sort:
        case "s":
            is_sure = _INDEX.fullmatch(text) is not None
        case "b":
            is_sure = text in _LOGICAL_VALUES
        case "str":
            is_sure = True
        case "inlineStr":
            is_sure = text == text.strip()
        case _:
            is_sure = not text or _NUMBER.fullmatch(text) is not None
    if not is_sure:
        raise UnsureError
    return _LOGICAL_VALUES[text] if sort == "b" else text if text or sort in ("str", "inlineStr") else None


def _number(written: str, code: str, date_1904: bool) -> float | dt.date:
    """A number, or the day that its cell shows; raises UnsureError."""
    number = float(written)
    if _shows_number(code):
        return number
    day = day_of(number) if code in _OF_DAYS and number >= _FIRST_DAY and not date_1904 else None
    if day is None:
        raise UnsureError
    return day


@lru_cache(maxsize=512)
def _shows_number(code: str) -> bool:
    """True for a format without a letter that may stand for a part of a day."""
    return _OF_NUMBERS.fullmatch(code) is not None


def _as_read(written: bytes) -> str:
    """A text as it is read; raises UnsureError where programs take it for another."""
    text = written.decode()
    if "\r" in text or ("_x" in text and _ESCAPED.search(text)):
        raise UnsureError
    return unescape(text) if "&" in text else text
