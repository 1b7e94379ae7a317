"""Opens a design workbook in a child process, with the same limits as an indicator table: it is hostile until read."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from pipeline.documents.opening import LIMITS, Refused, found_or_refused, isolated
from pipeline.documents.workbooks import cell_text
from pipeline.reading.workbooks.grids import CellValue, ErrorText, Sheet, read_grids
from pipeline.reading.workbooks.metadata import Area, At
from pipeline.receiving.formats import WORKBOOKS, sniff
from questionnaire.rounds.limits import ReadingLimits

MOST_ROWS, MOST_COLUMNS = 20_000, 120
_OTHER = ("This is no workbook.", "Save the design workbook as .xlsx, and give that.")
_LONG = (
    f"A sheet has more than {MOST_ROWS} rows or {MOST_COLUMNS} columns, which no design workbook needs.",
    "Remove what stands below and beside the lines, and save the file again.",
)


@dataclass(frozen=True)
class SheetCells:
    """The cells of a sheet as texts, and what is not a plain text: numbers, formulas, errors, merged areas."""

    name: str
    rows: list[list[str]]
    is_visible: bool
    numbers: frozenset[At]
    formulas: frozenset[At]
    errors: frozenset[At]
    merged: tuple[Area, ...]


def open_design(path: Path, limits: ReadingLimits = LIMITS) -> tuple[SheetCells, ...]:
    """The sheets of a file; IndicatorTableError for one that cannot be read."""
    return isolated(path, design_of_bytes, limits)


def design_of_bytes(_: object, item: tuple[str, bytes]) -> tuple[SheetCells, ...] | Refused:
    """The sheets that the bytes of a workbook hold, or why they cannot be read; `item` is its name and they."""
    return found_or_refused(lambda: _sheets(item[1]) if sniff(item[1]) in WORKBOOKS else Refused(None, *_OTHER))


def _sheets(data: bytes) -> tuple[SheetCells, ...] | Refused:
    sheets = read_grids(data, sniff(data)).sheets
    if any(len(sheet.rows) > MOST_ROWS or max(map(len, sheet.rows), default=0) > MOST_COLUMNS for sheet in sheets):
        return Refused(None, *_LONG)
    return tuple(map(_cells, sheets))


def _cells(sheet: Sheet) -> SheetCells:
    placed = {(r, c): value for r, row in enumerate(sheet.rows) for c, value in enumerate(row) if value is not None}
    return SheetCells(
        sheet.name,
        [[cell_text(value) for value in row] for row in sheet.rows],
        sheet.is_visible,
        frozenset(at for at, value in placed.items() if _is_number(value)),
        sheet.metadata.formulas,
        frozenset(at for at, value in placed.items() if isinstance(value, ErrorText)),
        sheet.metadata.merged,
    )


def _is_number(value: CellValue) -> bool:
    return not isinstance(value, str | bool | None)
