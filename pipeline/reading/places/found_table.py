"""Finds the lines of a table in a returned sheet: each is known by the texts printed on it, else by its number or key.

It also finds tables whose lines were made columns, and reads no answer.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from pipeline.reading.places.form_texts import FormTexts
from pipeline.reading.places.list_sheets import FoundList, find_list
from pipeline.reading.places.place import calculated
from pipeline.reading.values.cell_texts import cell_text
from pipeline.reading.workbooks.grids import CellValue, Sheet
from questionnaire.blanks import is_blank
from questionnaire.codelists import choice_key
from questionnaire.declaration.table_block import TableBlock
from questionnaire.layout import REASON, Layout, TableSheet
from questionnaire.messages import wording

WHOLE = 0
"""The number of the row whose reason holds for the whole table."""

_WHOLE_TEXTS = frozenset(choice_key(text) for text in wording("workbook", "table_whole").values())


@dataclass(frozen=True)
class FoundTable:
    """The sheet of a table as it came back, and the line that each of its rows is."""

    found: FoundList
    layout: TableSheet

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


def find_lines(sheet: Sheet, layout: Layout, texts: FormTexts) -> FoundList | None:
    """The list or table that a sheet is of, None for a sheet that is of none; of a table, also where it was turned."""
    found = find_list(sheet, layout, texts)
    if found is not None and (not isinstance(found.layout, TableSheet) or FoundTable(found, found.layout).is_printed):
        return found
    if found is None and texts.is_own_sheet(sheet.name):
        return None
    turned = find_list(sheet.turned(), layout, texts)
    if turned is None or not isinstance(turned.layout, TableSheet):
        return found
    return turned if FoundTable(turned, turned.layout).is_printed else found
