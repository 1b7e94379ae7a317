"""The small instrument with a list and tables, its design workbook, and edits of what is read of that."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from pipeline.design_workbook.opening import SheetCells, design_of_bytes
from pipeline.design_workbook.take_back import TakenBack, take_back
from pipeline.reading.workbooks.metadata import area_place, cell_place
from questionnaire.addresses import column_letter
from questionnaire.design_sheets.from_folder import rows_of_folder
from questionnaire.workbook.design.write import write_design
from tests import with_list, with_table

HEADS = 2
"""The row of the heads, from 0."""


def instrument_folder(target: Path) -> Path:
    """The folder of the small instrument with three tables and a list."""
    folder = with_table.instrument_folder(target)
    (folder / "lists.toml").write_text(with_list.LIST, encoding="utf-8")
    with (folder / "codelists.csv").open("a", encoding="utf-8") as file:
        file.write(with_list.LANDS)
    return folder


@cache
def workbook() -> bytes:
    """Its design workbook."""
    with TemporaryDirectory() as folder:
        return write_design(rows_of_folder(instrument_folder(Path(folder) / "mini")))


@cache
def _sheets() -> tuple[SheetCells, ...]:
    found = design_of_bytes(None, ("mini.design.xlsx", workbook()))
    assert isinstance(found, tuple)
    return found


class Edited:
    """What is read of the workbook, to be edited as a person would."""

    def __init__(self) -> None:
        self.sheets = {sheet.name: replace(sheet, rows=[list(row) for row in sheet.rows]) for sheet in _sheets()}

    def cell(self, sheet: str, line: str, column: str, key: int = 1) -> str:
        """The address of a cell by the code of its line (the first with it) and the head of its column."""
        rows = self.sheets[sheet].rows
        row = next(row for row, cells in enumerate(rows) if row > HEADS and cells[key] == line)
        return f"{column_letter(rows[HEADS].index(column))}{row + 1}"

    def write(self, sheet: str, at: str, text: str, **marks: bool) -> str:
        """Type into a cell; `marks` (number, formula) say as what. The address."""
        row, column = cell_place(at) or (0, 0)
        cells = self.sheets[sheet]
        cells.rows[row][column] = text
        for mark, is_so in marks.items():
            kept = getattr(cells, f"{mark}s")
            self.sheets[sheet] = cells = replace(cells, **{f"{mark}s": kept | {(row, column)} if is_so else kept})
        return at

    def type(self, sheet: str, line: str, column: str, text: str, **marks: bool) -> str:
        return self.write(sheet, self.cell(sheet, line, column), text, **marks)

    def merge(self, sheet: str, area: str) -> None:
        place = area_place(area)
        assert place
        first, left, last, right = place
        cells = self.sheets[sheet]
        for row in range(first, last + 1):
            for column in range(left, right + 1):
                if (row, column) != (first, left):
                    cells.rows[row][column] = ""
        self.sheets[sheet] = replace(cells, merged=(*cells.merged, place))

    def remove_column(self, sheet: str, head: str) -> None:
        place = self.sheets[sheet].rows[HEADS].index(head)
        cells = self.sheets[sheet]
        for row in cells.rows:
            del row[place]
        moved = {(r, c - (c > place)) for r, c in cells.numbers if c != place}
        self.sheets[sheet] = replace(cells, numbers=frozenset(moved), formulas=frozenset())

    def add_column(self, sheet: str, head: str, text: str) -> str:
        rows = self.sheets[sheet].rows
        for number, row in enumerate(rows):
            row.append(head if number == HEADS else text if number == HEADS + 1 else "")
        return f"{column_letter(len(rows[HEADS]) - 1)}{HEADS + 1}"

    def remove_line(self, sheet: str, line: str, key: int = 1) -> None:
        rows = self.sheets[sheet].rows
        del rows[next(row for row, cells in enumerate(rows) if row > HEADS and cells[key] == line)]

    def add_line(self, to: str, **cells: str) -> int:
        """Type a line below the others; its row."""
        rows = self.sheets[to].rows
        last = max(row for row, texts in enumerate(rows) if any(texts[1:]))
        if last + 1 == len(rows):
            rows.append([""] * len(rows[HEADS]))
        for head, text in cells.items():
            rows[last + 1][rows[HEADS].index(head)] = text
        return last + 2

    def empty(self, sheet: str) -> None:
        self.sheets[sheet] = replace(self.sheets[sheet], rows=self.sheets[sheet].rows[: HEADS + 1])

    def rename(self, sheet: str, name: str) -> None:
        self.sheets[sheet] = replace(self.sheets[sheet], name=name)

    def taken(self, folder: Path) -> TakenBack:
        """Taken back into a folder."""
        return take_back(folder, tuple(self.sheets.values()))


def places(taken: TakenBack) -> list[tuple[str, str, str]]:
    """Each finding by its code, sheet and cell."""
    return [(one.code, one.sheet, one.cell) for one in taken.findings]
