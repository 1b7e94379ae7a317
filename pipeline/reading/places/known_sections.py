"""Knows a section sheet again that is as one before, but for what people wrote in it and what the form made of that.

Nothing was odd about the one before. Whose its rows are and which column holds what hangs on the texts of the form
alone: where these are the same, and none of the others names a row or a column, it is found the same again, and nothing
is odd about it either. Anything else is looked at cell by cell, as if nothing were known.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import chain

from pipeline.reading.places.form_texts import FormTexts
from pipeline.reading.places.place import KeptPlaces, SectionReading
from pipeline.reading.places.plans import SectionPlan, section_plan
from pipeline.reading.places.sheet_map import NOWHERE, Pick, names_something, picking
from pipeline.reading.workbooks.grids import CellValue, Sheet
from pipeline.reading.workbooks.metadata import NO_COLUMNS, At, SheetMetadata
from questionnaire.blanks import is_blank
from questionnaire.layout import Column, Layout
from questionnaire.rounds.identity import MARK

_KEPT, _MOST_ROWS, _WIDEST = 64, 4096, 64
"""How many sheets are known, their rows and their columns: a questionnaire has some sections in each language."""

_OF_FORM = (Column.KEY, Column.NUMBER, Column.QUESTION, Column.HELP)
"""The columns in which the form says whose a row is, and what is asked."""

_RESULTS = (Column.CHECK, Column.CODE, Column.NUMERIC)
"""Those in which its formulas say something of the answers."""


@dataclass(frozen=True, eq=False, slots=True)
class _Known:
    """A sheet as it was found: of each row the cells that must be the same, and in some those that may differ.

    `metadata` is what stands behind its cells.
    """

    reading: SectionReading
    metadata: SheetMetadata
    width: int
    fixed: tuple[Pick, ...]
    same: list[tuple[CellValue, ...]]
    open: tuple[tuple[int, Pick], ...]
    identities: tuple[At, ...]


class KnownSections:
    """The section sheets of one questionnaire about which nothing was odd."""

    def __init__(self, plan: SectionPlan) -> None:
        self._plan = plan
        self._known: dict[str, list[_Known]] = {}

    def like(self, sheet: Sheet) -> SectionReading | None:
        """How a sheet is found that is as one before; None for one that has to be looked at."""
        for known in self._known.get(sheet.name, ()):
            if known.metadata == sheet.metadata and self._is_like(sheet, known):
                return replace(known.reading, sheet=sheet)
        return None

    def remember(self, reading: SectionReading) -> None:
        """Keep how a sheet was found about which nothing is odd."""
        sheet, width = reading.sheet, _width(reading.sheet)
        if width is None or not _is_in_sight(reading):
            return
        if max(_at(reading, Column)) >= width:
            # Of a column that was cut off at the edge of the sheet no row has a cell.
            return
        identities = tuple(
            (row, column)
            for row, cells in enumerate(sheet.rows)
            for column, value in enumerate(cells)
            if self._is_identity(value)
        )
        may_differ = [self._may_differ(reading, row) for row in range(len(sheet.rows))]
        fixed = [frozenset(range(width)) - columns for columns in may_differ]
        if not all(self._is_decided_by(reading, row, fixed[row]) for row in reading.slots):
            return
        for row, column in identities:
            fixed[row] -= {column}
        if sum(map(len, self._known.values())) >= _KEPT:
            self._known.clear()
        self._known.setdefault(sheet.name, []).append(
            _Known(
                replace(reading, kept=KeptPlaces()),
                sheet.metadata,
                width,
                tuple(map(picking, fixed)),
                [picking(columns)(cells) for columns, cells in zip(fixed, sheet.rows, strict=True)],
                tuple((row, picking(columns)) for row, columns in enumerate(may_differ) if columns),
                identities,
            )
        )

    def _is_like(self, sheet: Sheet, known: _Known) -> bool:
        rows, before = sheet.rows, known.reading.sheet
        if len(rows) != len(known.fixed) or _width(sheet) != known.width or sheet.is_visible != before.is_visible:
            return False
        if not all(pick(cells) == same for pick, cells, same in zip(known.fixed, rows, known.same, strict=True)):
            return False
        if not all(self._is_identity(rows[row][column]) for row, column in known.identities):
            return False
        others = set(chain.from_iterable([pick(rows[row]) for row, pick in known.open]))
        return not any(map(self._names_something, others - self._plan.silent))

    def _may_differ(self, reading: SectionReading, row: int) -> frozenset[int]:
        """The columns of a row that say neither whose it is nor what is asked, nor anything that may be odd."""
        calculated = reading.sheet.metadata.calculated.get(row, NO_COLUMNS)
        own = _at(reading, Column)
        if row in reading.slots:
            results = _at(reading, _RESULTS)
            return own - _at(reading, _OF_FORM) - results | results & calculated
        if row < reading.map.first_row:
            cells = reading.sheet.rows[row]
            return frozenset(column for column in own & calculated if not self._names_something(cells[column]))
        return NO_COLUMNS

    def _is_decided_by(self, reading: SectionReading, row: int, fixed: frozenset[int]) -> bool:
        """True for the row of a question of which all that says anything about the form is in the fixed columns.

        Whether a result that no formula gives is odd hangs on the answer beside it.
        """
        cells, typed = reading.sheet.rows[row], fixed & _at(reading, (Column.CODE, Column.NUMERIC))
        others = (value for column, value in enumerate(cells) if column not in fixed)
        return all(is_blank(cells[column]) for column in typed) and not any(map(self._names_something, others))

    def _names_something(self, value: CellValue) -> bool:
        return isinstance(value, str) and names_something(value.strip(), self._plan)

    def _is_identity(self, value: CellValue) -> bool:
        is_marked = isinstance(value, str) and value.startswith(MARK)
        return is_marked and str(value).strip() not in self._plan.header_keys


@lru_cache(maxsize=64)
def known_sections(layout: Layout, texts: FormTexts) -> KnownSections:
    """What is known of the section sheets of a questionnaire."""
    return KnownSections(section_plan(layout, texts))


def _width(sheet: Sheet) -> int | None:
    """How many cells each row has; None where they differ, or there are too many to keep."""
    widths = set(map(len, sheet.rows))
    width = widths.pop() if len(widths) == 1 else 0
    return width if 0 < width <= _WIDEST and len(sheet.rows) <= _MOST_ROWS else None


def _is_in_sight(reading: SectionReading) -> bool:
    """True where no answer is hidden with its column: whether one is would hang on the answers."""
    columns = _at(reading, (Column.ANSWER, Column.IF_NONE))
    return reading.sheet.is_visible and all(reading.sheet.metadata.width(column) != 0 for column in columns)


def _at(reading: SectionReading, columns: Iterable[Column]) -> frozenset[int]:
    found = reading.map.columns
    return frozenset(found[column] for column in columns if found.get(column, NOWHERE) != NOWHERE)
