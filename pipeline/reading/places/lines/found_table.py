"""Finds the lines of a table in a returned sheet: each is known by the texts printed on it, else by its number or key.

It also finds tables whose lines were made columns, and reads no answer.
"""

import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from pipeline.reading.places.form_texts import FormTexts
from pipeline.reading.places.lines.list_sheets import FoundList, find_list, not_asked_then
from pipeline.reading.places.place import calculated
from pipeline.reading.values.cell_texts import cell_text
from pipeline.reading.workbooks.grids import CellValue, Sheet
from questionnaire.blanks import is_blank
from questionnaire.codelists import choice_key
from questionnaire.declaration.lists.series import is_series
from questionnaire.declaration.lists.table_block import Cell, Dimension, TableBlock
from questionnaire.layout import REASON, Layout, TableSheet
from questionnaire.messages import wording

WHOLE = 0
"""The number of the row whose reason holds for the whole table."""

_YEAR = re.compile(r"\d{4}")

_WHOLE_TEXTS = frozenset(choice_key(text) for text in wording("workbook", "table_whole").values())


@dataclass(frozen=True)
class FoundTable:
    """The sheet of a table as it came back, and the line of each of its rows; `is_older` if one of an older edition."""

    found: FoundList
    layout: TableSheet
    is_older: bool = False

    @property
    def block(self) -> TableBlock:
        return self.layout.block

    @property
    def name(self) -> str:
        """The name of the sheet."""
        return self.found.sheet.name

    @cached_property
    def claims(self) -> Mapping[int, tuple[int, ...]]:
        """The rows that say they are a line, by its number; first the one whose number and texts agree."""
        found: dict[int, list[int]] = defaultdict(list)
        for row in range(self.found.map.first_row, len(self.found.sheet.rows)):
            stated, shown = self.found.lines.get(row), self.shown[row]
            line = stated if shown is None else shown
            if row in self.other_years:
                continue
            if line is not None and line <= self.block.most_lines:
                found[line].append(row)
        return {
            line: tuple(sorted(rows, key=lambda row: (self.shown[row] != line, self.found.lines.get(row) != line, row)))
            for line, rows in found.items()
        }

    @cached_property
    def shown(self) -> Mapping[int, int | None]:
        """The line that the texts printed on each row say it is, in any language; None where they do not."""
        return {row: self._shown(row) for row in range(self.found.map.first_row, len(self.found.sheet.rows))}

    @cached_property
    def years(self) -> frozenset[str]:
        """The years that the rows of a time series in lines show."""
        rows = range(self.found.map.first_row, len(self.found.sheet.rows))
        return frozenset(year for row in rows for dimension in self._series if (year := self._year(row, dimension)))

    @cached_property
    def other_years(self) -> Mapping[int, str]:
        """The rows that are about a year which only an older edition asked for."""
        if not self.is_older:
            return {}
        return {
            row: self._year(row, dimension)
            for row in range(self.found.map.first_row, len(self.found.sheet.rows))
            for dimension in self._series
            if _is_before(self._year(row, dimension), dimension)
        }

    @property
    def _series(self) -> tuple[Dimension, ...]:
        return tuple(dimension for dimension in self.block.dimensions if is_series(dimension.codelist))

    def _year(self, row: int, dimension: Dimension) -> str:
        text = cell_text(self.value(row, dimension.name))
        return text if _YEAR.fullmatch(text) else ""

    @cached_property
    def other_columns(self) -> Mapping[int, str]:
        """The columns, by their places, headed by a year which only an older edition asked for."""
        across, head = self.block.across, self.found.map.headings
        if not self.is_older or across is None or not is_series(across.codelist) or head < 0:
            return {}
        texts = {at: cell_text(value) for at, value in enumerate(self.found.sheet.rows[head])}
        return {at: text for at, text in texts.items() if _is_before(text, across) and at not in self.found.own}

    @cached_property
    def lines_not_asked(self) -> Mapping[int, str]:
        """The lines of today, each with its year, for which an older edition had none."""
        if not self.is_older or not self.years:
            return {}
        lines = ((line, self.block.coordinates(line)) for line in range(1, self.block.most_lines + 1))
        there = {*self.years, *(item.total for item in self._series)}
        return {line: at[item.name] for line, at in lines for item in self._series if at[item.name] not in there}

    @cached_property
    def years_not_asked(self) -> Mapping[Cell, str]:
        """The cells of today for whose year an older edition had no line, or no column; each with its year."""
        columns = not_asked_then(self.found) if self.is_older else frozenset[str]()
        return {
            (line, column): self.lines_not_asked.get(line, self.block.measured[column].code)
            for line in range(1, self.block.most_lines + 1)
            for column in self.block.cells(line)
            if line in self.lines_not_asked or column in columns
        }

    @cached_property
    def is_printed(self) -> bool:
        """True if some row says by its texts which line it is."""
        return any(self.shown.values())

    @cached_property
    def rows(self) -> Mapping[int, int]:
        """The row of each line that is there."""
        return {line: rows[0] for line, rows in sorted(self.claims.items())}

    @property
    def moved(self) -> tuple[int, ...]:
        """The lines whose printed texts stand beside the number of another line."""
        numbers = self.found.map.by_number
        return tuple(line for line, row in self.rows.items() if numbers.get(row, line) != line)

    def value(self, row: int, name: str) -> CellValue:
        """What a cell of a row shows, None where its column is gone."""
        return calculated(self.found.sheet, (row, self.found.map.columns.get(name, -1)))

    def cell(self, row: int, name: str) -> str:
        """The address of a cell, "" where its column is gone."""
        at = self.found.map.columns.get(name, -1)
        return self.found.sheet.address((row, at)) if at >= 0 else ""

    def typed(self, row: int) -> list[str]:
        """What stands in the cells of a row that somebody fills in, and in those where nothing is asked."""
        values = (self.value(row, name) for name in (*self.block.measured, REASON))
        return [cell_text(value) for value in values if not is_blank(value)]

    def is_line(self, row: int) -> bool:
        """True for a row that is a line of the table, or that of the whole table."""
        return any(row in rows for rows in self.claims.values())

    def _shown(self, row: int) -> int | None:
        texts = [self.value(row, dimension.name) for dimension in self.block.dimensions]
        first = texts[0]
        if isinstance(first, str) and choice_key(first) in _WHOLE_TEXTS:
            return WHOLE
        codes = [
            dimension.codelist.find(cell_text(text)) if not is_blank(text) else None
            for dimension, text in zip(self.block.dimensions, texts, strict=True)
        ]
        if any(code is None for code in codes):
            return None
        return self.block.line_of(tuple(code.code for code in codes if code is not None)) or None


def _is_before(text: str, series: Dimension) -> bool:
    """True for a year before those of a time series."""
    return _YEAR.fullmatch(text) is not None and text < min(series.codes)


def find_lines(sheet: Sheet, layout: Layout, texts: FormTexts, code: str = "") -> FoundList | None:
    """The list or table that a sheet is of, None for a sheet that is of none; of a table, also where it was turned.

    `code` is that of the table of which all of a sheet is, where that is known.
    """
    found = find_list(sheet, layout, texts, code)
    if found is not None and (not isinstance(found.layout, TableSheet) or FoundTable(found, found.layout).is_printed):
        return found
    if found is None and not code and texts.is_own_sheet(sheet.name):
        return None
    turned = find_list(sheet.turned(), layout, texts, code)
    if turned is None or not isinstance(turned.layout, TableSheet):
        return found
    return turned if FoundTable(turned, turned.layout).is_printed else found
