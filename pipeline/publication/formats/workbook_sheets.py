"""Writes sheets of a workbook row by row, in memory that does not grow with them: heads, filters, widths, shades."""

import datetime as dt
import functools
import math
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from pipeline.publication.formats.row_sheet import RowSheet, Value
from pipeline.safe_text import harmless
from questionnaire.cell_texts import beginning
from questionnaire.messages import in_language
from schemas.tables.table import Column, Table

# How many characters side by side can still be read on a printed page.
_PAGE = 200
_WIDEST = 46
_NARROWEST = 8
_LINE = 14.5
_ROWS_AT_A_TIME = 5_000
_LOGICAL = '"TRUE";"TRUE";"FALSE"'
_INK, _HEAD, _RULE = "#1F2933", "#17324D", "#D5DCE3"
# One blue from light to dark: more is darker, in print and to colour-blind eyes too; the figure stands in the cell.
_LEVELS = ("#F3F6F9", "#D6E4F0", "#A9C8E2", "#5B95C6", "#1F5F99")
_DARK = _LEVELS[-1]


class Book:
    """A workbook that is being written, with its formats. Use it as a context manager."""

    def __init__(self, path: Path, title: str, created: dt.date) -> None:
        options = {
            "constant_memory": True, "tmpdir": str(path.parent),
            "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False,
        }  # fmt: skip
        self.workbook = xlsxwriter.Workbook(str(path), options)
        self.workbook.set_properties({"title": title, "created": dt.datetime.combine(created, dt.time())})
        base = {"font_name": "Calibri", "font_size": 10, "font_color": _INK, "valign": "top"}
        self.plain = self.workbook.add_format(base)
        self.text = self.workbook.add_format({**base, "text_wrap": True})
        self.label = self.workbook.add_format({**base, "bold": True})
        self.link = self.workbook.add_format({**base, "font_color": "#1F5F99", "underline": 1})
        self.title = self.workbook.add_format({**base, "bold": True, "font_size": 18, "font_color": _HEAD})
        # Away from the text in the next column, which begins where a number ends.
        number = {**base, "align": "right", "indent": 1}
        self.number = self.workbook.add_format(number)
        self.share = self.workbook.add_format({**number, "num_format": "0.0%"})
        # LibreOffice shows some as 0 and 1 otherwise.
        self.logical = self.workbook.add_format({**base, "align": "center", "num_format": _LOGICAL})
        self.day = self.workbook.add_format({**base, "num_format": "yyyy-mm-dd", "align": "left"})
        white = {**base, "bold": True, "font_color": "#FFFFFF", "bg_color": _HEAD, "valign": "vcenter"}
        self.head = self.workbook.add_format({**white, "text_wrap": True})
        self.upright = self.workbook.add_format({**white, "rotation": 90, "text_wrap": True, "font_size": 8})
        centred = {**base, "align": "center", "border": 1, "border_color": _RULE}
        self.levels = [
            self.workbook.add_format(
                {**centred, "bg_color": colour, "font_color": "#FFFFFF" if colour == _DARK else _INK, "bold": True}
            )
            for colour in _LEVELS
        ]
        self.none = self.workbook.add_format({**centred, "font_color": "#5F6B76", "italic": True})
        self.total = self.workbook.add_format({**centred, "bold": True, "bg_color": "#EEF1F4"})
        self.total_share = self.workbook.add_format({**centred, "bg_color": "#EEF1F4", "num_format": "0%"})

    def __enter__(self) -> "Book":
        return self

    def __exit__(self, *_: object) -> None:
        self.workbook.close()

    def add(self, tab: str) -> RowSheet:
        """A new sheet, to be printed on pages of one width."""
        sheet: RowSheet = self.workbook.add_worksheet(tab, RowSheet)
        sheet.hide_gridlines(2)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        return sheet


class TableSheet:
    """A sheet that takes the rows of a table, one after the other; `finish` it when all are written."""

    def __init__(self, book: Book, tab: str, columns: Sequence[Column], language: str, frozen: int = 0) -> None:
        """`frozen` columns stay in sight on the left; heads are names, and below them what the columns mean."""
        self._sheet, self._frozen = book.add(tab), frozen
        self._widths = [max(_NARROWEST, len(column.name) + 2) for column in columns]
        self._row = 2
        self._sheet.set_row(0, 18)
        for place, column in enumerate(columns):
            self._sheet.write_string(0, place, column.name, book.head)
        meanings = [harmless(in_language(column.label, language)) for column in columns]
        self._sheet.set_row(1, min(4, max(map(_lines, meanings), default=1)) * _LINE)
        for place, meaning in enumerate(meanings):
            self._sheet.write_string(1, place, meaning, book.text)
        self._sheet.columns([_format(book, column) for column in columns])

    def write(self, rows: pa.RecordBatch) -> None:
        """Add rows; what is missing leaves its cell empty."""
        self._widths = list(map(max, self._widths, self._sheet.append(self._row, rows.columns)))
        self._row += len(rows)

    def finish(self) -> None:
        """Set widths, filters, what stays in sight and, in print, readable pages with heads on each."""
        for place, width in enumerate(self._widths):
            self._sheet.set_column(place, place, min(width + 2, _WIDEST))
        self._sheet.freeze_panes(2, self._frozen)
        self._sheet.repeat_rows(0, 1)
        if self._frozen:
            self._sheet.repeat_columns(0, self._frozen - 1)
        across = sum(min(width + 2, _WIDEST) for width in self._widths)
        self._sheet.fit_to_pages(math.ceil(across / _PAGE), 0)
        if self._row > 2:
            self._sheet.autofilter(1, 0, self._row - 1, len(self._widths) - 1)


def rows_of(path: Path, columns: Sequence[str]) -> Iterator[tuple[Value, ...]]:
    """The rows of a Parquet file, some columns of it, read some at a time."""
    for batch in batches_of(path, columns):
        yield from zip(*(column.to_pylist() for column in batch.columns), strict=True)


def batches_of(path: Path, columns: Sequence[str]) -> Iterator[pa.RecordBatch]:
    """The same as Arrow has them, the columns in this order."""
    with pq.ParquetFile(path) as file:
        for batch in file.iter_batches(_ROWS_AT_A_TIME, columns=list(columns)):
            yield batch.select(list(columns))


def write_table(book: Book, tab: str, table: Table, path: Path, language: str) -> None:
    """A sheet with all rows of a table."""
    sheet = TableSheet(book, tab, table.columns, language)
    for rows in batches_of(path, table.names):
        sheet.write(rows)
    sheet.finish()


def height(text: str, width: int) -> float:
    """The height, in points, of a text that wraps in a column `width` characters wide."""
    return _LINE * max(1, math.ceil(len(text) / (width * 1.1)))


def shades(levels: int) -> list[int]:
    """For each of so many levels the place of its colour: from the lightest to the darkest, in even steps."""
    steps = max(levels - 1, 1)
    return [round(place * (len(_LEVELS) - 1) / steps) for place in range(levels)]


def write_row(sheet: Worksheet, row: int, values: Iterable[Any], format_: Format, start: int = 0) -> None:
    """Texts or numbers beside each other, in one format."""
    for column, value in enumerate(values, start):
        if value == "":
            sheet.write_blank(row, column, None, format_)
            continue
        _write(sheet, row, column, value, format_)


def _write(sheet: Worksheet, row: int, column: int, value: Any, format_: Format) -> int:
    """Write a value and return how many characters wide it is."""
    if type(value) is str:
        seen = _shown(value)
        sheet.write_string(row, column, seen, format_)
        return len(seen)
    if isinstance(value, bool):
        sheet.write_boolean(row, column, value, format_)
        return 5
    if isinstance(value, dt.date):
        sheet.write_datetime(row, column, dt.datetime.combine(value, dt.time()), format_)
        return 10
    sheet.write_number(row, column, value, format_)
    return 8


@functools.lru_cache(maxsize=50_000)
def _shown(text: str) -> str:
    return beginning(harmless(text))


def _format(book: Book, column: Column) -> Format:
    if column.type == "date32":
        return book.day
    if column.type == "bool":
        return book.logical
    if column.type == "string":
        return book.plain
    return book.share if _is_share(column) else book.number


def _is_share(column: Column) -> bool:
    """Whether its numbers go from 0 to 1, and are read in percent."""
    named = column.name.startswith("share_") or column.name.endswith("_rate")
    return column.type == "double" and (named or column.name in ("completeness", "coverage"))


def _lines(text: str) -> int:
    return math.ceil(len(text) / 16)
