"""Finds in one step what the cells of a sheet tell beside their values, where they are written in the plain usual way.

It decides nothing: a part with anything else between its cells, or with anything wrong, is left whole to the parser.
"""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from pipeline.reading.workbooks.metadata import At, column_number

_TEXT = rb"(?:[^<&\x00-\x08\x0b\x0c\x0e-\x1f]|&(?:amp|lt|gt|quot|apos);)*+"
_STATES = rb'(?: t="\w+")?+(?: aca="\w+")?+(?: ref="[A-Z\d:]+")?+(?: ca="\w+")?+(?: si="\d+")?+'
_FORMULA = rb"<f" + _STATES + rb"(?:/>|>" + _TEXT + rb"</f>)"
_VALUE = rb"<v(?:/>|>" + _TEXT + rb"</v>)"
_INLINE = rb' t="inlineStr"><is><t(?: xml:space="preserve")?+(?:/>|>' + _TEXT + rb"</t>)</is></c>"
_CELL = rb'<c r="[A-Z]{1,3}[1-9]\d{0,6}"(?: s="\d+")?+'
_CELL += rb"(?:" + _INLINE + rb'|(?: t="(?:s|str|b|n)")?+(?:/>|>(?:' + _FORMULA + rb")?+(?:" + _VALUE + rb")?+</c>))"
_ROW = rb'<row r="[1-9]\d{0,6}"((?: [A-Za-z\d:]+="[^"<>&\x00-\x1f]*")*+)'
_ROWS = re.compile(rb"(?:" + _ROW + rb"(?:/>|>(?:" + _CELL + rb")*+</row>))*+")
"""Rows of cells without a surprise. What repeats is possessive: a hostile file makes it no slower."""

_BEGIN, _END = b"<sheetData>", b"</sheetData>"
_ODD = (b"<!", b"]]>", b"\xef\xbf\xbe", b"\xef\xbf\xbf", b"HYPERLINK(")
"""What the parser refuses in a text, what could hide an element from a look for its name, and formulas that lead."""

_ADDRESS = re.compile(rb'<c r="([^"]+)"')
_STYLED = re.compile(rb'<c r="([^"]+)" s="(\d+)"')
_CALCULATED = re.compile(rb'<c r="([^"]+)"[^<>]*><f')
_SHARED = re.compile(rb'<c r="([^"]+)"(?: s="(\d+)")? t="s">(?:<f[^<]*(?:</f>)?)?<v>([^<]*)</v>')
_ROW_HEAD = re.compile(rb'<row r="(\d+)"([^<>]*?)/?>')
_STATE = re.compile(r'([A-Za-z\d:]+)="([^"]*)"')


@dataclass(frozen=True)
class PlainCells:
    """The rows of a part with their cells, as they are written, and `around`: the part without them.

    `heads` gives for what is stated of rows, once for all that state the same, the numbers of these rows.
    """

    rows: bytes
    around: bytes
    heads: Mapping[bytes, Sequence[int]]

    def row_states(self) -> Iterator[tuple[dict[str, str], Sequence[int]]]:
        """What is stated of rows, and the rows of which it is, counted from 0."""
        for states, rows in self.heads.items():
            yield dict(_STATE.findall(states.decode())), rows

    def styled(self, styles: Collection[str]) -> Iterator[tuple[At, str]]:
        """The cells that have one of these styles, each with its style."""
        wanted = {style.encode(): style for style in styles}
        return ((_place(cell), wanted[style]) for cell, style in _STYLED.findall(self.rows) if style in wanted)

    def formulas(self) -> Iterator[At]:
        """The cells with a formula."""
        return map(_place, _CALCULATED.findall(self.rows))

    def shared(self, texts: Collection[str]) -> Iterator[tuple[At, str, str]]:
        """The cells that show one of these shared texts, each with its style and the number of the text."""
        for cell, style, number in _SHARED.findall(self.rows):
            if (text := number.decode().strip()) in texts:
                yield _place(cell), style.decode() or "0", text


def plain_cells(part: bytes) -> PlainCells | None:
    """The rows of a part; None for one in which something is not as plain as it seems, or wrong."""
    begin, end = part.find(_BEGIN), part.rfind(_END)
    if begin < 0 or end < 0 or part.count(b"sheetData") != 2 or any(sign in part for sign in _ODD):
        return None
    rows = part[begin + len(_BEGIN) : end]
    addresses = _ADDRESS.findall(rows)
    if len(set(addresses)) != len(addresses) or not _is_text(rows) or not _ROWS.fullmatch(rows):
        return None
    heads: dict[bytes, list[int]] = {}
    for number, states in _ROW_HEAD.findall(rows):
        heads.setdefault(states, []).append(int(number) - 1)
    for states in heads:
        names = ["r", *(name for name, _ in _STATE.findall(states.decode()))]
        if len(set(names)) != len(names):
            return None
    return PlainCells(rows, part[: begin + len(_BEGIN)] + part[end:], heads)


@lru_cache(maxsize=32_768)
def _place(address: bytes) -> At:
    """Row and column of a cell; the same addresses stand in every return."""
    letters = address.rstrip(b"0123456789")
    return int(address[len(letters) :]) - 1, column_number(letters.decode())


def _is_text(content: bytes) -> bool:
    try:
        content.decode()
    except UnicodeDecodeError:
        return False
    return True
