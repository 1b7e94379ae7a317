"""Reads the grids of a workbook: the visible sheets with their cells as texts, merged areas filled."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from pipeline.reading.values.shown import HiddenValue, PartOfDay, shown
from pipeline.reading.workbooks.grids import CellValue, NoResult, Sheet, StruckOut, read_grids
from pipeline.reading.workbooks.metadata import At
from pipeline.receiving.formats import Format
from questionnaire.addresses import address
from questionnaire.indicator_table.document import Document
from questionnaire.indicator_table.grids.grid import Grid, Shape, filled
from questionnaire.indicator_table.records import UNSAVED, Irregularity

_DECIMALS = re.compile(r"[#,]*0\.(0{1,6})")
_MOST_SHOWN = 12
_TENTH = re.compile(r"(\d{1,3})\.([1-9])")


def workbook_document(data: bytes, source: str, format_: Format) -> Document:
    """The document of a workbook; raises ReadError for one that is damaged, unsafe or locked with a password."""
    sheets = read_grids(data, format_).sheets
    seen = [sheet for sheet in sheets if sheet.is_visible] or list(sheets)
    hidden = [sheet.name for sheet in sheets if sheet not in seen and sheet.rows]
    notes = []
    if hidden:
        names = ", ".join(f"“{name}”" for name in hidden)
        notes = [Irregularity(0, "sheet_not_read", f"Hidden, and not read: {names}. Show a sheet to have it read.")]
    notes += [note for sheet in seen if (note := _hidden_rows(sheet))]
    grids = tuple(_grid(sheet, notes) for sheet in seen if sheet.rows)
    return Document(source, grids, notes=tuple(notes))


def _hidden_rows(sheet: Sheet) -> Irregularity | None:
    """What to say of rows that are hidden, as a filter does it, and read all the same."""
    rows = [row + 1 for row in sorted(sheet.metadata.hidden_rows) if row < len(sheet.rows) and any(sheet.rows[row])]
    if not rows:
        return None
    listed = ", ".join(map(str, rows[:_MOST_SHOWN]))
    more = f" and {len(rows) - _MOST_SHOWN} more" if len(rows) > _MOST_SHOWN else ""
    message = f"Hidden rows were read: {listed}{more}. If they are not meant, remove them, or give a copy without them."
    return Irregularity(rows[0], "rows_hidden", message, sheet.name)


def _grid(sheet: Sheet, notes: list[Irregularity]) -> Grid:
    """The grid of a sheet; what was mended in it comes to the notes."""
    formats, unsaved = sheet.metadata.number_formats, _without_result(sheet)
    rows = [
        ["" if (r, c) in unsaved else cell_text(value, formats.get((r, c), "")) for c, value in enumerate(row)]
        for r, row in enumerate(sheet.rows)
    ]
    notes += _unsaved(sheet.name, unsaved)
    for column in range(max(map(len, rows), default=0)):
        for row, message in _mend_tenths(rows, column):
            place = f"{sheet.name}!{address(row, column)}"
            notes.append(Irregularity(row + 1, "identifier_tenth", message, place))
    grid = filled(sheet.name, Shape.SHEET, rows, list(sheet.metadata.merged))
    struck = {(r, c) for r, row in enumerate(sheet.rows) for c, value in enumerate(row) if isinstance(value, StruckOut)}
    return replace(grid, struck=frozenset(struck | set(sheet.metadata.struck)))


def _without_result(sheet: Sheet) -> list[At]:
    """The cells with a formula whose result is not in the file, as of a program that calculates nothing.

    Such a program saves no result at all; where some are there, a formula without one gives an empty text.
    """
    values = {at: sheet.rows[at[0]][at[1]] for at in sorted(sheet.metadata.formulas) if _is_within(sheet, at)}
    zeros = sheet.metadata.without_result
    without = [at for at, value in values.items() if isinstance(value, NoResult) or (at in zeros and value == 0)]
    empty = [at for at, value in values.items() if value in ("", None) and not isinstance(value, NoResult)]
    return sorted((*without, *empty)) if len(without) + len(empty) == len(values) else without


def _is_within(sheet: Sheet, at: At) -> bool:
    return at[0] < len(sheet.rows) and at[1] < len(sheet.rows[at[0]])


def _unsaved(sheet: str, cells: Sequence[At]) -> Iterator[Irregularity]:
    """What to say of formulas without a result: nobody knows what stands there."""
    if not cells:
        return
    listed = ", ".join(address(*at) for at in cells[:_MOST_SHOWN])
    more = f" and {len(cells) - _MOST_SHOWN} more" if len(cells) > _MOST_SHOWN else ""
    message = (
        f"Formulas without a saved result were read as empty cells: {listed}{more}. Open the file in a spreadsheet "
        "program, save it once, and give that."
    )
    yield Irregularity(cells[0][0] + 1, UNSAVED, message, f"{sheet}!{address(*cells[0])}")


def _mend_tenths(rows: list[list[str]], column: int) -> Iterator[tuple[int, str]]:
    """Put back the zero of identifiers that were typed as numbers: after 1.8 and 1.9 comes 1.10, not 1.1 again."""
    before: list[str] = []
    for at, row in enumerate(rows):
        if column >= len(row):
            continue
        found = _TENTH.fullmatch(row[column])
        if found:
            # 1.1 after 1.8 and 1.9, 1.2 after 1.18 and 1.19.
            tens = int(found[2]) * 10
            if before[-2:] == [f"{found[1]}.{tens - 2}", f"{found[1]}.{tens - 1}"]:
                typed, row[column] = row[column], f"{row[column]}0"
                message = (
                    f"The identifier {typed} was typed as a number and lost its zero there; after {before[-1]}, it was "
                    f"read as {row[column]}."
                )
                yield at, message
        if row[column]:
            before.append(row[column])


def cell_text(value: CellValue, code: str = "") -> str:
    """A value as its number format shows it: 12 % for 0.12; else with as many digits as programs keep (15).

    No format rounds it; a value that its format hides is given as it is.
    """
    seen = shown(value, code) if code else value
    if isinstance(seen, PartOfDay):
        return seen.text
    if isinstance(value, int | float) and not isinstance(value, bool) and not isinstance(seen, str):
        decimals = _DECIMALS.fullmatch(code)
        written = f"{value:.{len(decimals[1])}f}" if decimals else ""
        return written if written and float(written) == value else _unformatted(value)
    return _unformatted(value if isinstance(seen, HiddenValue) else seen)


def _unformatted(value: CellValue) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else f"{value:.15g}"
    if isinstance(value, dt.datetime):
        return value.date().isoformat() if value.time() == dt.time() else value.isoformat(" ")
    return str(value).replace("\r\n", "\n").replace("\r", "\n").replace("_x000D_", "")
