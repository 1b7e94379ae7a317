"""Owns the addresses outside a workbook that its cells lead to, whichever way a format writes them."""

import re
from collections.abc import Iterator

from pipeline.reading.workbooks.metadata import Area, At

_MOST = 1_000
"""Cells of one area that lead to the same address."""

_FORMULA = re.compile(r"HYPERLINK\(\s*\"((?:[^\"]|\"\")*)\"", re.IGNORECASE)
_INSIDE = ("#", "internal:")


def is_outside(address: str) -> bool:
    """True for an address that leads out of the workbook."""
    return bool(address.strip()) and not address.startswith(_INSIDE)


def address_in(formula: str) -> str:
    """The address that a formula leads to, "" where none is written out in it."""
    found = _FORMULA.search(formula)
    address = found[1].replace('""', '"') if found else ""
    return address if is_outside(address) else ""


def cells_of(area: Area) -> Iterator[At]:
    """The cells of an area, as many as are kept."""
    first, left, last, right = area
    cells = ((row, column) for row in range(first, last + 1) for column in range(left, right + 1))
    yield from (cell for cell, _ in zip(cells, range(_MOST), strict=False))
