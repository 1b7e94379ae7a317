"""Finds in one step what the cells of a sheet tell beside their values, where they are written in the plain usual way.

The values are taken out of the rows. What is left of a row as it was sent is the same in every return, and is looked
at once. It decides nothing: a part with anything else between its cells, or with anything wrong, is left whole to the
parser.
"""

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from html import unescape

from pipeline.reading.workbooks.metadata import At, column_number

_SIGN = rb"(?:[^<&\x00-\x08\x0b\x0c\x0e-\x1f]|&(?:amp|lt|gt|quot|apos);)"
_TEXT = _SIGN + rb"*+"
_STATES = rb'(?: t="\w+")?+(?: aca="\w+")?+(?: ref="[A-Z\d:]+")?+(?: ca="\w+")?+(?: si="\d+")?+'
_FORMULA = rb"<f" + _STATES + rb"(?:/>|>" + _TEXT + rb"</f>)"
_TAKEN_VALUE, _TAKEN_TEXT = b"\1", b"\2"
"""What stands in a row for a value and for a text that were taken out: signs that no part of XML may hold."""

_INLINE = rb' t="inlineStr">(?:\x02|<is><t(?: xml:space="preserve")?+/></is>)</c>'
_CELL = rb'<c r="[A-Z]{1,3}[1-9]\d{0,6}"(?: s="\d+")?+'
_CELL += rb"(?:" + _INLINE + rb'|(?: t="(?:s|str|b|n)")?+(?:/>|>(?:' + _FORMULA + rb")?+(?:\x01|<v/>)?+</c>))"
_ROW = rb'<row r="[1-9]\d{0,6}"((?: [A-Za-z\d:]+="[^"<>&\x00-\x1f]*")*+)'
_ROWS = re.compile(rb"(?:" + _ROW + rb"(?:/>|>(?:" + _CELL + rb")*+</row>))*+")
"""Rows of cells without a surprise. What repeats is possessive: a hostile file makes it no slower."""

_VALUE = re.compile(rb"<v>([^<]*)</v>")
_INLINE_TEXT = re.compile(rb'<is><t(?: xml:space="preserve")?+>([^<]*)</t></is>')
_INLINE_WORD = b"<is>"
_NO_SIGNS = bytes(sorted({*range(0x20)} - {*b"\t\n\r"}))
_ODD_ENTITY = re.compile(rb"&(?!(?:amp|lt|gt|quot|apos);)")

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
    rb'<c r="([A-Z]+)\d+"(?: s="(\d+)")?(?: t="(\w+)")?>(?:<f[^<>]*/>|<f[^<>]*>[^<]*</f>)?(\x01|\x02|<v/>|<is>)'
)
_LEADS = re.compile(rb'<c r="([^"]+)"[^<>]*><f[^<>]*>([^<]*HYPERLINK\([^<]*)</f>')
_SHARED = re.compile(rb'<c r="([^"]+)"(?: s="(\d+)")? t="s">(?:<f[^<]*(?:</f>)?)?<v>([^<]*)</v>')
_STATE = re.compile(r'([A-Za-z\d:]+)="([^"]*)"')

KEPT, _LONGEST_KEPT = 8_192, 8_192
"""How many pieces of rows are kept, and their bytes: a questionnaire has a thousand in each language, of a kilobyte."""

KEPT_SHEETS, MOST_ROWS = 64, 4096
"""How many sheets are kept, and their rows: a questionnaire has ten sheets in each language."""

_KEPT_VALUES, LONGEST_VALUE = 16_384, 1024
_KNOWN: set[bytes] = set()
"""Values that are texts, seen before."""


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


PlainCell = tuple[int, str, str, bytes]
"""Column, style and type of a cell with a value, perhaps an empty one, or a text of its own; and the sign for that."""


@dataclass(frozen=True, eq=False, slots=True)
class FilledRow:
    """A row by what it says, and its cells with values in the order in which they are written.

    `values` are those of the cells, None where one is written without anything in it.
    """

    row: PlainRow
    cells: tuple[PlainCell, ...]
    values: tuple[bytes | None, ...]


_BareRow = tuple[PlainRow, tuple[PlainCell, ...]]
"""What a row says, and its cells without what was taken out."""


@dataclass(frozen=True)
class PlainCells:
    """A part whose rows are plain: the part itself, what is around its rows, and the rows in their order.

    `said` is what the rows say beside their values, `extent` how many cells the part spans from its first on.
    """

    part: bytes
    around: bytes
    filled: tuple[FilledRow, ...]
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
    filled: list[FilledRow] = []
    last = len(pieces) - 1
    for place, piece in enumerate(pieces):
        look = _filled_in if len(piece) <= _LONGEST_KEPT else _filled_in.__wrapped__
        if (found := look(piece, place < last)) is None:
            return None
        filled += found
    said = tuple([entry.row for entry in filled])
    numbers, extent = (_spanned if len(said) <= MOST_ROWS else _spanned.__wrapped__)(said)
    return PlainCells(part, around, tuple(filled), said, extent) if numbers == len(said) else None


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
def _filled_in(piece: bytes, is_closed: bool) -> tuple[FilledRow, ...] | None:
    """The rows of a piece, of which the last `is_closed` by what is cut off; None where they are not plain."""
    if _TAKEN_VALUE in piece or _TAKEN_TEXT in piece:
        return None
    bare, values = _apart(_VALUE, piece, _TAKEN_VALUE)
    bare, texts = _apart(_INLINE_TEXT, bare, _TAKEN_TEXT) if _INLINE_WORD in bare else (bare, [])
    if not _are_texts((*values, *texts)):
        return None
    found = _rows_in(bare, is_closed)
    if found is None:
        return None
    taken = {_TAKEN_VALUE: iter(values), _TAKEN_TEXT: iter(texts)}
    return tuple(
        [
            FilledRow(said, cells, tuple([next(taken[sign]) if sign in taken else None for *_, sign in cells]))
            for said, cells in found
        ]
    )


def _apart(values: re.Pattern[bytes], rows: bytes, sign: bytes) -> tuple[bytes, list[bytes]]:
    """The rows with a sign for each value, and the values."""
    pieces = values.split(rows)
    return sign.join(pieces[::2]), pieces[1::2]


@lru_cache(maxsize=KEPT)
def _rows_in(piece: bytes, is_closed: bool) -> tuple[_BareRow, ...] | None:
    """The rows of a piece without its values; None where they are not plain."""
    whole = piece + _END_OF_ROW if is_closed else piece
    if any(sign in whole for sign in _ODD) or not _is_utf_8(whole) or not _ROWS.fullmatch(whole):
        return None
    rows = [_row(*found) for found in _ONE_ROW.findall(whole)]
    return tuple(row for row in rows if row is not None) if None not in rows else None


def _row(number: bytes, stated: bytes, cells: bytes) -> _BareRow | None:
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
    filled = [
        (column_number(letters.decode()), style.decode(), sort.decode(), sign)
        for letters, style, sort, sign in _FILLED.findall(cells)
    ]
    return said, tuple(filled)


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


def _are_texts(values: Iterable[bytes]) -> bool:
    """True where each is a text; most were seen before, in other rows."""
    new = [value for value in values if value not in _KNOWN]
    if new and not is_text(b"\n".join(new)):
        return False
    if len(_KNOWN) < _KEPT_VALUES:
        _KNOWN.update(value for value in new if len(value) <= LONGEST_VALUE)
    return True


def is_text(values: bytes) -> bool:
    """True for texts that the parser takes as they are, but for the five signs that are written in letters."""
    is_plain = not _ODD_ENTITY.search(values) and b"]]>" not in values
    return is_plain and len(values.translate(None, _NO_SIGNS)) == len(values) and _is_utf_8(values)


def _is_utf_8(content: bytes) -> bool:
    """True for what is UTF-8, without the two signs in it that are none."""
    try:
        text = content.decode()
    except UnicodeDecodeError:
        return False
    return "\ufffe" not in text and "\uffff" not in text
