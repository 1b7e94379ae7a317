"""Decides whether a cell has room to show what it holds: a number in a column too narrow shows ####, and a text that is
repeated until its cell is full shows 8 as 888.

It is certain only where no font could make room; a cell about which the file says nothing is taken to have enough.
"""

import datetime as dt
from functools import lru_cache

from pipeline.reading.values.cell_texts import cell_text
from pipeline.reading.values.shown import HiddenValue, Shown, shown
from pipeline.reading.workbooks.grids import CellValue, ErrorText
from pipeline.reading.workbooks.metadata import At, Fit, SheetMetadata

_USUAL = 8.0
"""Digits that a column takes where nobody set its width."""

_NARROWEST = 0.6
"""What a digit takes at least, of one in the usual font."""

_PADDING = 5 / 7
"""What a column keeps free at its sides, in digits."""

_SCIENTIFIC = 5
"""Digits within which any number without a format of its own can be written, as 1E+05."""

_SHORTEST_DAY = 6


class TooNarrow(ErrorText):
    """The text of a number that its column has no room for: #### is seen."""

    __slots__ = ()
    code = "too_narrow"


@lru_cache(maxsize=4096)
def number_in(value: float, code: str, width: float | None) -> CellValue:
    """What a bare cell with this number format shows of a number, by the room that it has: most are seen again."""
    number = shown(value, code)
    return _in_width(number, width, is_general=not code) if width else number


def fitted(value: CellValue, metadata: SheetMetadata, at: At) -> CellValue:
    """What a cell shows of a value, by the room that it has."""
    width, fit = metadata.width(at[1]), metadata.fits.get(at)
    if fit is Fit.REPEATED and 2 * len(cell_text(value)) <= (_USUAL if width is None else width):
        return HiddenValue(cell_text(value))
    if not width or fit is not None or at in metadata.merging:
        return value
    return _in_width(value, width, is_general=at not in metadata.number_formats)


def _in_width(value: CellValue, width: float, *, is_general: bool) -> CellValue:
    if not _is_numeric(value):
        return value
    if not isinstance(value, dt.date) and is_general and width >= _SCIENTIFIC:
        return value
    return TooNarrow(cell_text(value)) if _NARROWEST * _length(value) > width - _PADDING else value


def _is_numeric(value: CellValue) -> bool:
    if isinstance(value, Shown):
        value = value.value
    return isinstance(value, int | float | dt.date) and not isinstance(value, bool)


def _length(value: CellValue) -> int:
    """How many signs a value takes at least: a number may be rounded, and a day shortened."""
    if isinstance(value, dt.date):
        return _SHORTEST_DAY
    return len(str(value)) if isinstance(value, Shown) else len(cell_text(value).partition(".")[0])
