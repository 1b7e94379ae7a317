"""Cuts a long sheet into printed pages: on A4 and on Letter alike, and never between what belongs together.

A sheet is fitted to the width of the page, so that nothing falls beside it where another font is used, and a wider one.
How large that makes it, each program finds out; the breaks are reckoned for the largest of those that keep to them, so
that no page overflows. Excel ignores them while it fits a sheet to a width, and cuts where a page is full.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from questionnaire.workbook.looks.heights import points

MARGINS = {"left": 0.25, "right": 0.25, "top": 0.4, "bottom": 0.5}
"""In inches."""

LEAST = 7.5
"""Points that letters have on paper at least."""

_INCH = 72
_WIDTH = 792.0 - _INCH * (MARGINS["left"] + MARGINS["right"])
"""Points between the margins of a Letter on its side, which is narrower than an A4."""

_WIDTH_OF_A4 = 842.0 - _INCH * (MARGINS["left"] + MARGINS["right"])

_HEIGHT = 595.0 - _INCH * (MARGINS["top"] + MARGINS["bottom"])
"""Points between the margins of an A4 on its side, which is lower than a Letter."""

_FILLED = 0.985
"""The share of a page that is filled: programs round every row and column to dots of the printer."""

_WIDER = 1.065
"""Columns in LibreOffice against columns in Excel, which cuts the width of a digit to whole pixels."""


@dataclass(frozen=True)
class Pages:
    """Pages on their side, for columns of these widths, each below `heading` points of repeated rows."""

    widths: Sequence[float]
    heading: float

    @property
    def smallest(self) -> int:
        """The smallest scale at which a program prints them, in per cent."""
        return int(100 * _FILLED * _WIDTH / (_WIDER * sum(map(points, self.widths))))

    @property
    def largest(self) -> float:
        """The largest one of a program that keeps to our breaks, which is LibreOffice; no sheet is enlarged."""
        return min(100.0, 100 * _WIDTH_OF_A4 / (_WIDER * sum(map(points, self.widths))))

    def breaks(self, heights: Mapping[int, float], units: Sequence[Sequence[int]]) -> Iterator[int]:
        """The rows that begin a page; `units` are the rows, top down, that are kept together where one page holds them.

        What stands above the first unit, headings included, is on the first page.
        """
        room = 100 * _FILLED * _HEIGHT / self.largest
        used = sum(height for row, height in heights.items() if row < units[0][0])
        for first, tall in _pieces(heights, units, room - self.heading):
            if used + tall > room:
                yield first
                used = self.heading
            used += tall


def pages_across(widths: Sequence[float], repeated: int, size: float) -> int:
    """How many pages side by side leave letters of `size` points large enough, the first columns repeated on each.

    `widths` are those of the columns, in digits.
    """
    room = _FILLED * _WIDTH / _WIDER * size / LEAST
    start = sum(map(points, widths[:repeated]))
    pages, used = 1, start
    for wide in map(points, widths[repeated:]):
        if used > start and used + wide > room:
            pages, used = pages + 1, start
        used += wide
    return pages


def _pieces(heights: Mapping[int, float], units: Iterable[Sequence[int]], room: float) -> Iterator[tuple[int, float]]:
    """The first row of each unit and how tall it is; of one that no page holds, each row."""
    for unit in units:
        tall = sum(map(heights.__getitem__, unit))
        if tall <= room:
            yield unit[0], tall
        else:
            yield from ((row, heights[row]) for row in unit)
