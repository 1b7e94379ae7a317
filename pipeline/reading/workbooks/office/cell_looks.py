"""Collects what the rows of a sheet and the styles of their cells tell, for rows as they were sent once and for all."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from pipeline.reading.workbooks.links import address_in
from pipeline.reading.workbooks.metadata import LOWEST, At, Fit
from pipeline.reading.workbooks.office.plain_cells import KEPT, PlainRow
from pipeline.reading.workbooks.office.styles import Styles
from pipeline.reading.workbooks.rich_texts import Inks
from pipeline.reading.workbooks.xml_parts import truth

Told = tuple[tuple[str, Any], ...]
"""What a piece of a sheet tells, by name; without what is empty."""


class Cells:
    """What rows and the styles of their cells tell; `_at` is the cell that is looked at."""

    def __init__(self, styles: Styles) -> None:
        self.hidden_rows: set[int] = set()
        self.formulas: set[At] = set()
        self.struck: set[At] = set()
        self.boxes: set[At] = set()
        self.faint: set[At] = set()
        self.number_formats: dict[At, str] = {}
        self.inks: dict[At, Inks] = {}
        self.fits: dict[At, Fit] = {}
        self.links: dict[At, str] = {}
        self._styles, self._telling, self._at = styles, styles.telling, (0, 0)

    def told(self) -> Told:
        """All of it."""
        return tuple((name, found) for name, found in vars(self).items() if found and not name.startswith("_"))

    def take_row(self, row: PlainRow) -> None:
        """Note what a plain row tells, as if the parser had gone through it; the formats within its texts are left."""
        if is_hidden(dict(row.states)):
            self.hidden_rows.add(row.number)
        self.formulas |= row.formulas
        for at, style in row.styled:
            if style in self._telling:
                self._at = at
                self._style(style)
        self.links |= {at: address for at, text in row.leading if (address := address_in(text))}

    def _place(self) -> At:
        """The place of the cell."""
        return self._at

    def _style(self, style: str) -> None:
        styles = self._styles
        if style in styles.struck:
            self.struck.add(self._place())
        if style in styles.boxes:
            self.boxes.add(self._place())
        if style in styles.faint:
            self.faint.add(self._place())
        if code := styles.number_formats.get(style):
            self.number_formats[self._place()] = code
        if style in styles.unusual:
            self.inks[self._place()] = styles.inks[style]
        if fit := styles.fits.get(style):
            self.fits[self._place()] = fit


@lru_cache(maxsize=KEPT)
def told_by(row: PlainRow, styles: Styles) -> Told:
    """What a plain row tells."""
    cells = Cells(styles)
    cells.take_row(row)
    return cells.told()


def is_hidden(row: Mapping[str, str]) -> bool:
    """True for a row by what is stated of it; one too low to be read is as good as hidden."""
    return truth(row.get("hidden")) or float(row.get("ht", "15")) < LOWEST
