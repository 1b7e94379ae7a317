"""Works out how tall a row must be to show its texts whole; neither Excel nor LibreOffice grows such rows by itself.

Rows of merged cells and of formulas keep the height they were given, so it is computed from the widths of letters.
"""

import math
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

# Advance widths of Calibri (and of Carlito, which has the same) in thousandths of the font size. Letters with
# accents are as wide as those without. Source: the font's hmtx table, rounded to tens.
_LETTERS_BY_WIDTH = {
    220: "'", 230: " \u00a0il", 240: "j", 250: ",.I’", 270: ":;", 290: "`", 300: "()f", 310: "-[]{}", 320: "!J",
    330: "t", 350: "r", 390: "/\\s", 400: '"z', 420: "Lc“”", 430: "x", 450: "kvy", 460: "?FS|", 470: "Zg", 480: "a",
    490: "ETY", 500: "#*+<=>^_e~–", 510: "$0123456789«»", 520: "KPXbdhnpqu", 530: "Co", 540: "BR", 570: "V",
    580: "A", 620: "DH", 630: "G", 640: "NU", 660: "O", 670: "Q", 680: "&", 690: "…", 710: "%w", 800: "m",
    850: "M", 890: "@W", 910: "—←→↑",
}  # fmt: skip
_WIDTHS = {letter: width for width, letters in _LETTERS_BY_WIDTH.items() for letter in letters}
_WIDEST = 910

_BOLD = 1.05  # bold letters against regular ones
_SLACK = 1.04  # programs round letters to whole pixels, each in its own way
_LEADING = {
    9.0: 12.0,
    10.0: 12.75,
    11.0: 15.0,
    12.0: 15.75,
}  # points of a line, as Excel grows rows; LibreOffice needs less
_LEADING_ELSE = 1.37  # of any other size, against the size
_PADDING = 6.0  # points inside a cell, left and right together
_AIR = 2.5  # points above and below the text together
TALLEST = 409.0
"""The greatest height of a row, in points (ECMA-376, as Excel and LibreOffice keep it)."""


class Box(NamedTuple):
    """A text in every language it may be shown in, and the room it is shown in: column width, size, indent."""

    texts: tuple[str, ...]
    columns: float
    size: float
    bold: bool = False
    indent: int = 0


def row_height(boxes: Iterable[Box], least: float = 18.0) -> float:
    """Points that the tallest of the boxes needs, in the language that needs most."""
    return max((least, *(lines_height(_lines(box), box.size) for box in boxes)))


def lines_height(lines: int, size: float) -> float:
    """Points that some lines of text need, as far as a row can be as tall."""
    return min(TALLEST, float(math.ceil(_AIR + lines * _LEADING.get(size, size * _LEADING_ELSE))))


def points(columns: float) -> float:
    """The width in points of a column that is `columns` digits wide, as spreadsheet programs reckon it."""
    return (columns * 7 + 5) * 0.75


def columns_for(texts: Iterable[str], size: float, *, bold: bool = False, indent: int = 0, whole: bool = False) -> int:
    """The width in digits of a column in which no word of some texts is broken or, if wanted, no text is."""
    pieces = {piece for text in texts for piece in (text.split("\n") if whole else text.split())}
    widest = max(map(_width, pieces), default=0) / 1000 * size * _SLACK * (_BOLD if bold else 1)
    return math.ceil(((widest + _PADDING + indent * 7) / 0.75 - 5) / 7)


def line_count(text: str, room: float, size: float, *, bold: bool = False) -> int:
    """How many lines a text takes in `room` points, broken between words."""
    return sum(_broken_lines(line, room / (size * _SLACK * (_BOLD if bold else 1)) * 1000) for line in text.split("\n"))


def _lines(box: Box) -> int:
    room = points(box.columns) - _PADDING - box.indent * 7
    return max((line_count(text, room, box.size, bold=box.bold) for text in box.texts if text), default=1)


@lru_cache(maxsize=8192)
def _broken_lines(line: str, room: float) -> int:
    count, used, space = 1, 0, _WIDTHS[" "]
    for width in map(_width, line.split(" ")):
        if used and used + space + width > room:
            count, used = count + 1, 0
        if width > room:
            count += int(width // room)
            width = int(width % room)
        used += width + (space if used else 0)
    return count


@lru_cache(maxsize=65_536)
def _width(word: str) -> int:
    return sum(_WIDTHS.get(letter, _WIDEST) for letter in unicodedata.normalize("NFD", word) if not _is_accent(letter))


def _is_accent(letter: str) -> bool:
    return unicodedata.combining(letter) != 0
