"""Declares what is known of a workbook beside its cell values, the same for every format; it reads nothing itself."""

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cached_property, lru_cache
from itertools import chain, islice
from typing import TypeVar

At = tuple[int, int]
"""Row and column of a cell, both counted from 0."""

Area = tuple[int, int, int, int]
"""First row, first column, last row, last column, counted from 0."""


Value = TypeVar("Value")

_MOST_COVERED = 200_000

LOWEST = 1
"""Points below which a row is as good as hidden."""


@dataclass(frozen=True)
class Drawn:
    """Something that lies over the cells: the cell of its corner, None if untold, and its text, "" for a picture."""

    at: At | None
    text: str = ""


@dataclass(frozen=True)
class Raised:
    """A text of which a part is raised, as footnote marks are, or lowered: what stands on the line, and the mark."""

    text: str
    mark: str
    is_lowered: bool = False


@dataclass(frozen=True)
class Checkbox:
    """A box to tick over the cells: the cell of its corner, the cell that it writes to, and the words beside it."""

    at: At | None
    is_ticked: bool
    linked: At | None = None
    text: str = ""

    @property
    def cells(self) -> tuple[At, ...]:
        """The cells that it may speak for."""
        return tuple(cell for cell in (self.linked, self.at) if cell)


@dataclass(frozen=True)
class Restyled:
    """A conditional format that may change what cells show: the number format it puts on, or that it hides them.

    `limits` are comparisons with the value of the cell that must all hold; None where they cannot be judged here.
    `ink` and `ground` are the colours that it gives to texts and behind them, None for one that it leaves alone. `but`
    are cells of its area for which it does not count.
    """

    area: Area
    code: str = ""
    hides: bool = False
    limits: tuple[tuple[str, float], ...] | None = None
    ink: str | None = None
    ground: str | None = None
    but: frozenset[At] = frozenset()

    def covers(self, at: At) -> bool:
        """True for a cell within its area."""
        first, left, last, right = self.area
        return first <= at[0] <= last and left <= at[1] <= right and at not in self.but


class Fit(StrEnum):
    """How a cell fits its text: over and over until the cell is full, or smaller or turned until it fits."""

    REPEATED = "repeated"
    SHRUNK = "shrunk"


@dataclass(frozen=True)
class SheetMetadata:
    """What stands behind the cells of a sheet.

    `errors` holds the text of each error cell. `formulas` are the cells with a formula, `without_result` those of them
    that give 0 because their result is not in the file; where a formula gives nothing at all, that shows. `notes` are
    comments of the program's own sort, replies included. `struck` are cells of which something is crossed out, `raised`
    those with a mark above the line, `drawn` and `checkboxes` what lies over cells. `links` are the addresses outside
    the file that cells lead to. `pictures` are cells filled with something that is no value, `boxes` those that show
    TRUE and FALSE as a box to tick. `number_formats` are the formats of cells that have another than General, as Excel
    writes them. `faint` are cells whose text has the colour of its ground, `restyled` what conditional formats may make
    of cells; `hides_zeros` that the sheet shows none. `fits` is how cells fit their texts, `columns` the first and last
    of some columns and their width in digits, 0 where they are hidden. `validated` are the areas with a data
    validation, None where the format does not tell which; `validations` and `formats` count the validations and the
    conditional formats.

    `is_seen` is False where nothing of this could be looked at: then what is missing here proves nothing.
    """

    errors: Mapping[At, str] = field(default_factory=dict)
    formulas: frozenset[At] = frozenset()
    without_result: frozenset[At] = frozenset()
    notes: Mapping[At, str] = field(default_factory=dict)
    struck: frozenset[At] = frozenset()
    raised: Mapping[At, Raised] = field(default_factory=dict)
    drawn: tuple[Drawn, ...] = ()
    checkboxes: tuple[Checkbox, ...] = ()
    links: Mapping[At, str] = field(default_factory=dict)
    pictures: frozenset[At] = frozenset()
    boxes: frozenset[At] = frozenset()
    number_formats: Mapping[At, str] = field(default_factory=dict)
    faint: frozenset[At] = frozenset()
    restyled: tuple[Restyled, ...] = ()
    hides_zeros: bool = False
    fits: Mapping[At, Fit] = field(default_factory=dict)
    columns: tuple[tuple[int, int, float], ...] = ()
    merged: tuple[Area, ...] = ()
    hidden_rows: frozenset[int] = frozenset()
    validations: int = 0
    validated: tuple[Area, ...] | None = None
    formats: int = 0
    is_protected: bool = False
    is_seen: bool = True

    @cached_property
    def calculated(self) -> Mapping[int, frozenset[int]]:
        """The columns with a formula in each row that has one."""
        found: dict[int, set[int]] = defaultdict(set)
        for row, column in self.formulas:
            found[row].add(column)
        return {row: frozenset(columns) for row, columns in found.items()}

    @cached_property
    def covered(self) -> frozenset[At]:
        """The cells that lie under the first one of a merged area, as many as a sheet with answers may have."""
        return frozenset(islice(chain.from_iterable(map(_beneath, self.merged)), _MOST_COVERED))

    @cached_property
    def merging(self) -> frozenset[At]:
        """The first cells of merged areas."""
        return frozenset(area[:2] for area in self.merged)

    def is_bare(self, at: At) -> bool:
        """True for a cell whose text shows as it is, but for what its number format makes of it."""
        known = self._bare
        if at not in known:
            if len(known) >= _MOST_COVERED:
                known.clear()
            marked = (self.pictures, self.struck, self.faint, self.covered, self.raised, self.links, self.fits)
            known[at] = not (any(at in cells for cells in marked) or any(rule.covers(at) for rule in self.restyled))
        return known[at]

    @cached_property
    def _bare(self) -> dict[At, bool]:
        """What is known of the cells that were asked for: sheets as they were sent are the same in many returns."""
        return {}

    def turned(self) -> "SheetMetadata":
        """The same of a sheet whose rows become columns; what lies over its cells is reported of the sheet as it is."""
        return SheetMetadata(
            errors=_turned(self.errors),
            formulas=frozenset(map(_across, self.formulas)),
            without_result=frozenset(map(_across, self.without_result)),
            notes=_turned(self.notes),
            struck=frozenset(map(_across, self.struck)),
            raised=_turned(self.raised),
            pictures=frozenset(map(_across, self.pictures)),
            number_formats=_turned(self.number_formats),
            faint=frozenset(map(_across, self.faint)),
            restyled=tuple(
                replace(item, area=_turned_area(item.area), but=frozenset(map(_across, item.but)))
                for item in self.restyled
            ),
            hides_zeros=self.hides_zeros,
            fits=_turned(self.fits),
            columns=tuple((row, row, 0.0) for row in sorted(self.hidden_rows)),
            merged=tuple(map(_turned_area, self.merged)),
            hidden_rows=frozenset(
                islice(
                    (at for first, last, width in self.columns if not width for at in range(first, last + 1)),
                    _MOST_COVERED,
                )
            ),
            is_seen=self.is_seen,
        )

    def width(self, column: int) -> float | None:
        """How many digits a column is wide, 0 for one that is hidden; None where the file does not say."""
        known = self._widths
        if column not in known:
            known[column] = next((width for first, last, width in self.columns if first <= column <= last), None)
        return known[column]

    @cached_property
    def _widths(self) -> dict[int, float | None]:
        """The widths that were asked for."""
        return {}


def _across(at: At) -> At:
    return at[1], at[0]


def _turned(cells: Mapping[At, Value]) -> dict[At, Value]:
    return {_across(at): value for at, value in cells.items()}


def _turned_area(area: Area) -> Area:
    first, left, last, right = area
    return left, first, right, last


def _beneath(area: Area) -> Iterator[At]:
    first, left, last, right = area
    places = ((row, column) for row in range(first, last + 1) for column in range(left, right + 1))
    return islice(places, 1, None)


@dataclass(frozen=True)
class NamedCell:
    """Where a defined name points: a sheet and the first cell of its area."""

    sheet: str
    at: At

    @classmethod
    def written(cls, target: str, form: re.Pattern[str]) -> "NamedCell | None":
        """What a name points to, as a format writes it: the sheet, quoted or not, then the cell; None for all else."""
        found = form.fullmatch(target)
        place = cell_place(found[3]) if found else None
        return cls((found[1] or found[2]).replace("''", "'"), place) if found and place else None


@dataclass(frozen=True)
class WorkbookMetadata:
    """What stands behind a workbook as a whole.

    `names` are its defined names, None where what a name stood for is gone. `is_complete` is False where the format
    or the state of the file did not allow a look at what stands behind the cells.
    """

    last_saved: dt.datetime | None = None
    program: str = ""
    properties: tuple[str, ...] = ()
    date_1904: bool = False
    sheets: Mapping[str, SheetMetadata] = field(default_factory=dict)
    names: Mapping[str, NamedCell | None] = field(default_factory=dict)
    has_macros: bool = False
    external_links: int = 0
    is_complete: bool = False


NO_COLUMNS = frozenset[int]()
NO_METADATA = SheetMetadata()
UNSEEN = SheetMetadata(is_seen=False)

_ADDRESS = re.compile(r"\$?([A-Z]{1,3})\$?(\d{1,7})")


def cell_place(address: str) -> At | None:
    """The place of an address such as D12 or $D$12; None for anything else."""
    found = _ADDRESS.fullmatch(address)
    return (int(found[2]) - 1, column_number(found[1])) if found else None


@lru_cache(maxsize=8192)
def area_place(address: str) -> Area | None:
    """The place of an address such as D12:E14 or D12; None for anything else."""
    first, _, last = address.partition(":")
    start, end = cell_place(first), cell_place(last or first)
    return (*start, *end) if start and end else None


@lru_cache(maxsize=1024)
def column_number(letters: str) -> int:
    """A -> 0, AA -> 26."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1
