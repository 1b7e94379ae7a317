"""Finds in one step what the cells of a sheet tell beside their values, where they are written in the plain usual way.

The values are taken out of the rows. What is left of a row is the same in many returns, whatever they answer, and is
looked at once. It decides nothing: a part with anything else between its cells, or with anything wrong, is left whole
to the parser.
"""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from html import unescape
from itertools import chain
from typing import Any

from pipeline.reading.workbooks.metadata import At, column_number
from pipeline.reading.workbooks.office.plain_values import (
    NUMBER,
    READERS,
    SHARED,
    Reader,
    UnsureError,
    Value,
    is_text,
    is_utf_8,
)

_PLAIN = rb"[^<&\x00-\x08\x0b\x0c\x0e-\x1f]*+"
_TEXT = _PLAIN + rb"(?:&(?:amp|lt|gt|quot|apos);" + _PLAIN + rb")*+"
_STATES = rb'(?: t="\w+")?+(?: aca="\w+")?+(?: ref="[A-Z\d:]+")?+(?: ca="\w+")?+(?: si="\d+")?+'
_FORMULA = rb"<f" + _STATES + rb"(?:/>|>" + _TEXT + rb"</f>)"
_TAKEN, _OF_TEXT = b"\1", b"\2"
"""What stands in a row for a value that was taken out, and behind that for one that was a text of its own.

No part of XML may hold these signs.
"""

_INLINE = rb' t="inlineStr">(?:\x01\x02|<is><t(?: xml:space="preserve")?+/></is>)</c>'
_CELL = rb'<c r="[A-Z]{1,3}[1-9]\d{0,6}"(?: s="\d+")?+'
_CELL += rb"(?:" + _INLINE + rb'|(?: t="(?:s|str|b|n)")?+(?:/>|>(?:' + _FORMULA + rb")?+(?:\x01|<v/>)?+</c>))"
_ROW = rb'<row r="[1-9]\d{0,6}"((?: [A-Za-z\d:]+="[^"<>&\x00-\x1f]*")*+)'
_ROWS = re.compile(rb"(?:" + _ROW + rb"(?:/>|>(?:" + _CELL + rb")*+</row>))*+")
"""Rows of cells without a surprise. What repeats is possessive: a hostile file makes it no slower."""

_VALUE = re.compile(rb"<v>([^<]*)</v>")
_INLINE_TEXT = re.compile(rb'<is><t(?: xml:space="preserve")?+>([^<]*)</t></is>')
_INLINE_WORD, _AS_VALUE = b"<is>", b"<v>\\1</v>" + _OF_TEXT
_BEGIN, _END, _END_OF_ROW, _ROWS_WORD = b"<sheetData>", b"</sheetData>", b"</row>", b"sheetData"
_LEADING = b"HYPERLINK("
_ODD = (b"<!", b"]]>", b"\xef\xbf\xbe", b"\xef\xbf\xbf")
"""What the parser refuses in a text, and what could hide an element from a look for its name."""

_END_OF_BEHIND = re.compile(rb"<(?:printOptions|pageMargins|pageSetup|headerFooter)[\s/>]")
_IDENTITY = re.compile(rb' xr:uid="\{[\dA-F-]{36}\}"')
_ELEMENT = re.compile(rb"<[/?]?([^\s/>]*)")
_BEHIND = frozenset({
    b"sheetProtection", b"mergeCells", b"mergeCell", b"conditionalFormatting", b"cfRule", b"formula",
    b"dataValidations", b"dataValidation", b"formula1", b"formula2", b"hyperlinks", b"hyperlink",
})  # fmt: skip
"""The elements behind the rows that say something of cells."""

_ONE_ROW = re.compile(rb'<row r="(\d+)"([^<>]*?)(?:/>|>(.*?)</row>)', re.DOTALL)
_STYLED = re.compile(rb'<c r="([A-Z]+)(\d+)"(?: s="(\d+)")?([^<>]*><f)?')
_FILLED = re.compile(
    rb'<c r="([A-Z]+)\d+"(?: s="(\d+)")?(?: t="(\w+)")?>(?:<f[^<>]*/>|<f[^<>]*>[^<]*</f>)?(\x01|<v/>|<is>)'
)
_LEADS = re.compile(rb'<c r="([^"]+)"[^<>]*><f[^<>]*>([^<]*HYPERLINK\([^<]*)</f>')
_SHARED = re.compile(rb'<c r="([^"]+)"(?: s="(\d+)")? t="s">(?:<f[^<]*(?:</f>)?)?<v>([^<]*)</v>')
_STATE = re.compile(r'([A-Za-z\d:]+)="([^"]*)"')

KEPT, _LONGEST_KEPT, _WIDEST_KEPT = 8_192, 8_192, 256
"""How many pieces of rows are kept, their bytes, and the columns they reach over.

A questionnaire has a thousand in each language, of a kilobyte.
"""

KEPT_SHEETS, MOST_ROWS = 64, 4096
"""How many sheets are kept, and their rows: a questionnaire has ten sheets in each language."""


@dataclass(frozen=True, eq=False, slots=True)
class PlainRow:
    """What one row says beside its values; rows that say the same are the same, whatever they are filled with.

    `number` counts from 0, `width` is how far its cells reach, `styled` are those that state a style, `leading` the
    formulas that may lead somewhere.
    """

    number: int
    width: int
    states: tuple[tuple[str, str], ...]
    formulas: frozenset[At]
    styled: tuple[tuple[At, str], ...]
    leading: tuple[tuple[At, str], ...] = ()


@dataclass(frozen=True, eq=False, slots=True)
class BareRow:
    """A row without its values: what it says, and the cells that have one, in the order in which they are written.

    `columns` are those of the cells, `readers` say how each is read, `shared` are the columns of shared texts, `styled`
    those of numbers with their styles. `is_sure` is False where cells are out of order, or one has nothing in it.
    """

    said: PlainRow
    columns: tuple[int, ...]
    readers: tuple[Reader, ...]
    shared: tuple[int, ...]
    styled: tuple[tuple[int, str], ...]
    is_sure: bool


@dataclass(frozen=True, eq=False, slots=True)
class FilledRow:
    """A row as it is filled in: without its values, and its cells up to the last with a value.

    In `cells` stands the number of a shared text, and "" for nothing; they are None where a value might be read in two
    ways.
    """

    bare: BareRow
    cells: tuple[Any, ...] | None


@dataclass(frozen=True)
class PlainCells:
    """A part whose rows are plain: the part itself, what is around its rows, and the rows in their order.

    `said` is what the rows say beside their values, `extent` how many cells the part spans from its first on.
    """

    part: bytes
    around: bytes
    rows: tuple[FilledRow, ...]
    said: tuple[PlainRow, ...]
    extent: int

    def shared(self, texts: Collection[str]) -> Iterator[tuple[At, str, str]]:
        """The cells that show one of these shared texts, each with its style and the number of the text."""
        for cell, style, number in _SHARED.findall(self.part):
            if (text := number.decode().strip()) in texts:
                yield _place(cell), style.decode() or "0", text


def plain_cells(part: bytes) -> PlainCells | None:
    """The rows of a part; None for one in which something is not as plain as it seems, or wrong."""
    pieces = part.split(_END_OF_ROW)
    head, begin, pieces[0] = pieces[0].partition(_BEGIN)
    pieces[-1], end, tail = pieces[-1].partition(_END)
    around = head + begin + end + tail
    if not begin or not end or around.count(_ROWS_WORD) != 2 or any(sign in around for sign in (*_ODD, _LEADING)):
        return None
    *closed, last = pieces
    found = [_filled_in(piece) if len(piece) <= _LONGEST_KEPT else [] for piece in closed]
    new = [place for place, rows in enumerate(found) if not rows]
    made = _taken_apart([*(closed[place] for place in new), last])
    if made is None:
        return None
    for place, own in zip(new, made, strict=False):
        if len(own[-1].cells or ()) <= _WIDEST_KEPT:
            found[place][:] = own
        else:
            found[place] = own
    rows = (*chain.from_iterable(found), *made[-1])
    said = tuple([row.bare.said for row in rows])
    numbers, extent = (_spanned if len(said) <= MOST_ROWS else _spanned.__wrapped__)(said)
    return PlainCells(part, around, rows, said, extent) if numbers == len(said) else None


@lru_cache(maxsize=KEPT)
def _filled_in(_: bytes) -> list[FilledRow]:
    """The rows of a piece up to the end of a row, with their values; none yet of one that is new."""
    return []


def _taken_apart(pieces: Sequence[bytes]) -> list[list[FilledRow]] | None:
    """The rows of pieces that end with a row, but for the last, with their values; None where they are not plain."""
    whole = _END_OF_ROW.join(pieces)
    if _TAKEN in whole or _OF_TEXT in whole:
        return None
    if _INLINE_WORD in whole:
        whole = _INLINE_TEXT.sub(_AS_VALUE, whole)
    apart = _VALUE.split(whole)
    values = apart[1::2]
    if not is_text(b"\n".join(values)):
        return None
    found, begin = [], 0
    bare = _TAKEN.join(apart[::2]).split(_END_OF_ROW)
    for place, piece in enumerate(bare, 1):
        look = _rows_in if len(piece) <= _LONGEST_KEPT else _rows_in.__wrapped__
        rows = look(piece, place < len(bare))
        if rows is None:
            return None
        # Only the last row of a piece has cells: behind those of another, its end would be cut off.
        end = begin + piece.count(_TAKEN)
        found.append([FilledRow(row, _cells(row, values[begin:end]) if row is rows[-1] else ()) for row in rows])
        begin = end
    return found


def _cells(row: BareRow, written: Sequence[bytes]) -> tuple[Value, ...] | None:
    """The cells of a row with these values."""
    if not row.is_sure:
        return None
    try:
        values = [reader[value] for reader, value in zip(row.readers, written, strict=True)]
    except UnsureError:
        return None
    end = 0
    cells: list[Value] = [""] * row.said.width
    for column, value in zip(row.columns, values, strict=True):
        if value is not None:
            cells[column] = value
            end = column + 1
    return tuple(cells[:end])


@lru_cache(maxsize=KEPT_SHEETS)
def _spanned(rows: tuple[PlainRow, ...]) -> tuple[int, int]:
    """How many different numbers rows have, and how many cells they span from the first of the sheet on."""
    numbers = {row.number for row in rows}
    return len(numbers), (max(numbers, default=-1) + 1) * max((row.width for row in rows), default=0)


def behind_apart(around: bytes) -> tuple[bytes, bytes]:
    """What is around the cells of a part without, and alone, what stands for them behind their rows: as XML of its own.

    Nothing is taken apart where it has other elements than these.
    """
    begin, end = around.find(_END) + len(_END), _END_OF_BEHIND.search(around)
    behind = _IDENTITY.sub(b"", around[begin : end.start()]) if end and begin < end.start() else b""
    if not behind or not _is_behind(behind):
        return around, b""
    return around[:begin] + around[end.start() :] if end else around, b"<behind>" + behind + b"</behind>"


@lru_cache(maxsize=256)
def _is_behind(piece: bytes) -> bool:
    """True for elements that say something of cells and hold none, one after the other."""
    return set(_ELEMENT.findall(piece)) <= _BEHIND


@lru_cache(maxsize=KEPT)
def _rows_in(piece: bytes, is_closed: bool) -> tuple[BareRow, ...] | None:
    """The rows of a piece, of which the last `is_closed` by what is cut off; None where they are not plain."""
    whole = piece + _END_OF_ROW if is_closed else piece
    if any(sign in whole for sign in _ODD) or not is_utf_8(whole) or not _ROWS.fullmatch(whole):
        return None
    rows = [_row(*found) for found in _ONE_ROW.findall(whole)]
    return tuple(row for row in rows if row is not None) if None not in rows else None


def _row(number: bytes, stated: bytes, cells: bytes) -> BareRow | None:
    """One row; None where something in it stands twice, or in another row."""
    states = _STATE.findall(stated.decode())
    found = _STYLED.findall(cells)
    names, columns = ["r", *(name for name, _ in states)], {letters for letters, *_ in found}
    if len(set(names)) != len(names) or len(columns) != len(found) or any(at != number for _, at, *_ in found):
        return None
    row = int(number) - 1
    places = [((row, column_number(letters.decode())), style.decode(), formula) for letters, _, style, formula in found]
    said = (_said if len(cells) <= _LONGEST_KEPT else PlainRow)(
        row,
        max((at[1] + 1 for at, *_ in places), default=0),
        tuple(states),
        frozenset(at for at, _, formula in places if formula),
        tuple((at, style) for at, style, _ in places if style),
        tuple((_place(cell), unescape(text.decode())) for cell, text in _LEADS.findall(cells)),
    )
    filled = _FILLED.findall(cells)
    at = [column_number(letters.decode()) for letters, *_ in filled]
    is_sure = at == sorted(at) and all(sign == _TAKEN for *_, sign in filled)
    sorts = [sort.decode() or NUMBER for _, _, sort, _ in filled]
    shared = tuple(column for column, sort in zip(at, sorts, strict=True) if sort == SHARED)
    styled = [
        (column, style.decode())
        for column, sort, (_, style, *_) in zip(at, sorts, filled, strict=True)
        if sort == NUMBER
    ]
    return BareRow(said, tuple(at), tuple([READERS[sort] for sort in sorts]), shared, tuple(styled), is_sure)


@lru_cache(maxsize=KEPT)
def _said(
    number: int,
    width: int,
    states: tuple[tuple[str, str], ...],
    formulas: frozenset[At],
    styled: tuple[tuple[At, str], ...],
    leading: tuple[tuple[At, str], ...],
) -> PlainRow:
    """The one row that says this."""
    return PlainRow(number, width, states, formulas, styled, leading)


def _place(address: bytes) -> At:
    """Row and column of a cell."""
    letters = address.rstrip(b"0123456789")
    return int(address[len(letters) :]) - 1, column_number(letters.decode())
