"""Opens the workbook of an XLSForm in a child process, with the same limits as an indicator table."""

from __future__ import annotations

from pathlib import Path

from pipeline.documents.opening import LIMITS, Refused, found_or_refused, isolated
from pipeline.documents.workbooks import cell_text
from pipeline.reading.workbooks.grids import read_grids
from pipeline.receiving.formats import WORKBOOKS, sniff
from questionnaire.rounds.limits import ReadingLimits

Sheets = dict[str, list[list[str]]]
_SHEETS = ("survey", "choices", "settings")
_OTHER = (
    "This is not a workbook, and an XLSForm is one.",
    "Save the form as .xlsx; in ODK Build or Kobo, export it as XLSForm.",
)


def read_sheets(path: Path, limits: ReadingLimits = LIMITS) -> Sheets:
    """The cells, as texts, of the sheets of a form; of other sheets no more than the name.

    Raises IndicatorTableError for a file that cannot be read.
    """
    return isolated(path, sheets_of_bytes, limits)


def sheets_of_bytes(_: object, item: tuple[str, bytes]) -> Sheets | Refused:
    """The sheets that the bytes of a workbook hold, or why they cannot be read; `item` is its name and they."""
    return found_or_refused(lambda: _sheets(item[1]) if sniff(item[1]) in WORKBOOKS else Refused(None, *_OTHER))


def _sheets(data: bytes) -> Sheets | Refused:
    return {
        sheet.name: [[cell_text(value) for value in row] for row in sheet.rows]
        if sheet.name.strip().casefold() in _SHEETS
        else []
        for sheet in read_grids(data, sniff(data)).sheets
    }
