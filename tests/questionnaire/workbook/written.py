"""Reads a written questionnaire back in tests: its cells, its parts, its names."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from xml.etree import ElementTree

from openpyxl import load_workbook
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet
from python_calamine import CalamineWorkbook

from questionnaire.layout import Column, Layout, Slot
from questionnaire.rounds.round import Respondent, Round
from questionnaire.sheet_names import tab_names
from tests.engines import RawGrid
from tests.given import write_questionnaire

_EPOCH = dt.date(1899, 12, 30).toordinal()
MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


@dataclass
class Written:
    """One respondent's questionnaire on disk."""

    path: Path
    round: Round
    respondent: Respondent
    layout: Layout

    @cached_property
    def tabs(self) -> dict[str, str]:
        return tab_names(self.layout)

    @cached_property
    def book(self) -> Workbook:
        """With formulas."""
        return load_workbook(self.path)

    @cached_property
    def values(self) -> dict[str, list[list[object]]]:
        """Cached values as calamine reads them, by sheet."""
        book = CalamineWorkbook.from_filelike(io.BytesIO(self.path.read_bytes()))
        grids = {name: book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in book.sheet_names}
        return {name: [list[object](row) for row in grid] for name, grid in grids.items()}

    @cached_property
    def package(self) -> dict[str, bytes]:
        with zipfile.ZipFile(self.path) as package:
            return {name: package.read(name) for name in package.namelist()}

    def section(self, code: str) -> Worksheet:
        sheet = self.book[self.tabs[code]]
        assert isinstance(sheet, Worksheet)
        return sheet

    def cell(self, slot: Slot, column: Column) -> object:
        return self.section(slot.sheet)[slot.cell(column)].value

    def sheets(self) -> Iterator[tuple[str, ElementTree.Element]]:
        for name, content in self.package.items():
            if name.startswith("xl/worksheets/sheet"):
                yield name, ElementTree.fromstring(content)

    def formulas(self) -> Iterator[tuple[str, str]]:
        """Every formula of cells, validations and conditional formats: (where, formula)."""
        for name, root in self.sheets():
            for cell in root.iter(f"{MAIN}c"):
                if (formula := cell.find(f"{MAIN}f")) is not None:
                    yield f"{name} {cell.get('r')}", formula.text or ""
            for tag in ("formula", "formula1", "formula2"):
                yield from ((name, found.text or "") for found in root.iter(f"{MAIN}{tag}"))


def write(folder: Path, round_: Round, respondent: Respondent) -> Written:
    """Write a questionnaire into a folder."""
    path = folder / f"{respondent.code}_{respondent.language}.xlsx"
    layout = Layout.of(round_)
    write_questionnaire(path, round_, respondent, layout)
    return Written(path, round_, respondent, layout)


def different_cells(first: Mapping[str, RawGrid], calculated: Mapping[str, RawGrid]) -> list[tuple[object, ...]]:
    """The cells that do not show their first value any more: sheet, row, column, then, now."""
    return [
        (tab, row, column, then, now)
        for tab, grid in first.items()
        for row, cells in enumerate(grid)
        for column, then in enumerate(cells)
        if _plain(now := _cell(calculated[tab], row, column)) != _plain(then)
    ]


def _cell(grid: RawGrid, row: int, column: int) -> object:
    """What stands in a cell; programs save no empty rows and columns at the end."""
    return grid[row][column] if row < len(grid) and column < len(grid[row]) else ""


def _plain(value: object) -> object:
    """Nothing as an empty text, a day as the number that cells hold of it."""
    if isinstance(value, dt.date):
        return float(value.toordinal() - _EPOCH)
    return "" if value is None else value
