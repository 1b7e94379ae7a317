"""The sheets of the tables of the small instrument as rows of cells, and what is read from them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

from pipeline.reading.computed import without_answers
from pipeline.reading.lines.lists import ListLines, read_lists
from pipeline.reading.places.lines.found_table import find_lines
from pipeline.reading.places.locate import form_texts
from pipeline.reading.values.parsed import Context
from pipeline.reading.workbooks.grids import Sheet
from questionnaire.layout import CHECK, HEADER_KEYS, KEY, LINE, LIST_HEADINGS, REASON, TITLE, Layout, TableSheet
from tests.with_table import instrument

TREES: dict[tuple[int, str], Any] = {
    (1, "planted"): 11.0, (1, "alive"): "50%", (2, "planted"): 22.0, (2, "alive"): "ND",
    (4, "planted"): 44.0, (5, "planted"): 11.0, (6, "planted"): 66.0, (6, "alive"): "25%",
}  # fmt: skip
READ = {**TREES, (1, "alive"): 50.0, (6, "alive"): 25.0}


@cache
def layout() -> Layout:
    return Layout(instrument())


def table(code: str = "trees") -> TableSheet:
    found = layout().list_of(code)
    assert isinstance(found, TableSheet)
    return found


Column = str | None
"""The name of a column; None for one that was added without a heading."""

Row = dict[Column, Any]


@dataclass
class Made:
    """The sheet of a table as rows of cells by column, and the columns in their order; None is one that was added."""

    sheet: TableSheet
    rows: list[Row]
    columns: list[Column]
    name: str = "Hoja 7"

    def row(self, line: int) -> Row:
        return self.rows[self.sheet.row(line) if line else self.sheet.whole]

    def places(self) -> list[int]:
        """The rows of the lines."""
        numbers = {self.sheet.number(line) for line in range(1, self.sheet.block.most_lines + 1)}
        return [place for place, row in enumerate(self.rows) if row.get(LINE) in numbers]

    def swap(self, *names: str) -> None:
        """Exchange two columns."""
        first, second = (self.columns.index(name) for name in names)
        self.columns[first], self.columns[second] = self.columns[second], self.columns[first]

    def clear_header(self) -> None:
        """Empty the hidden rows above the table."""
        for row in self.rows:
            if str(row.get(KEY, "")).startswith("acopio"):
                row.clear()

    def read(self) -> ListLines:
        grid = [[row.get(column, "") for column in self.columns] for row in self.rows]
        found = find_lines(Sheet(self.name, grid), layout(), form_texts(layout()))
        assert found is not None
        assert found.layout.code == self.sheet.code
        return read_lists([found], Context(instrument().missing), without_answers(instrument(), {}, ""))


def made(code: str = "trees", language: str = "en", typed: dict[tuple[int, str], Any] | None = None) -> Made:
    """The sheet as programs save it, with what was typed."""
    sheet, block = table(code), table(code).block
    rows: list[Row] = [{} for _ in range(sheet.last + 1)]
    rows[HEADER_KEYS] = {name: key for key, name in sheet.header_keys.items()}
    rows[TITLE] = {CHECK: block.label[language]}
    heads: Row = {field.code: field.label[language] for field in block.fields}
    number, check, reason = (
        ("No.", "Check", "If no answer") if language == "en" else ("N°", "Vérification", "Si pas de réponse")
    )
    rows[LIST_HEADINGS] = {LINE: number, CHECK: check, REASON: reason, **heads}
    rows[sheet.whole] = {KEY: sheet.key(0), LINE: sheet.number(0), block.dimensions[0].name: "Whole table"}
    for line in range(1, block.most_lines + 1):
        at = block.coordinates(line)
        shown: Row = {
            dimension.name: dimension.codelist[at[dimension.name]].label[language] for dimension in block.dimensions
        }
        rows[sheet.row(line)] = {KEY: sheet.key(line), LINE: sheet.number(line), **shown}
    found = Made(sheet, rows, [*sorted(sheet.columns, key=lambda name: sheet.columns[name])])
    for (line, column), value in (TREES if typed is None else typed).items():
        found.row(line)[column] = value
    return found


def values(read: ListLines) -> dict[tuple[int, str], object]:
    """What was read, without dimensions and blanks: a reason by its code in the table of reasons."""
    return {
        (line.number, code): cell.parsed.value if cell.parsed.value is not None else cell.parsed.raw
        for line in read.lines
        for code, cell in line.cells.items()
        if code in line.block.field_codes and cell.parsed.parsed_by not in ("printed", "blank")
    }


def codes(read: ListLines) -> list[tuple[str, str]]:
    """What was found, without the notes on blank cells and on percentages typed as text."""
    return [
        (entry.code, str(entry.severity))
        for entry in read.findings
        if entry.code not in ("cells_blank", "number_from_text")
    ]
