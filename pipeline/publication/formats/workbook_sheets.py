"""Writes sheets of a workbook row by row, in memory that does not grow with them: heads, filters, widths, shades."""

import datetime as dt
import functools
import math
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from pipeline.publication.formats.row_sheet import RowSheet, Value
from pipeline.publication.formats.spelled_columns import spelled
from pipeline.safe_text import harmless
from questionnaire.cell_texts import beginning
from questionnaire.messages import LANGUAGES, in_language
from schemas.tables.table import Column, Table

# How many characters side by side can still be read on a printed page.
_PAGE = 200
_WIDEST, _WIDEST_WHOLE = 46, 60
_LETTERS = 72
"""So many letters stand on a line of the widest column, which is measured in digits: most letters are narrower."""
_NARROWEST = 8
_WHOLE = frozenset((
    "indicator_text", "question_text", "label", "text", "table_title", "slice_title", "message", "remedy", "reason",
    "message_to_respondent", "remedy_to_respondent", "met_reason", "not_asked_because",
))  # fmt: skip
"""The columns whose texts are read whole, on as many lines as they need, in each language: what is asked or found."""
_LINE, _TALLEST = 14.5, 409.0
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
        self._widest = [_WIDEST_WHOLE if _is_whole(column) else _WIDEST for column in columns]
        self._sheet.columns([_format(book, column) for column in columns])

    def write(self, rows: pa.RecordBatch) -> None:
        """Add rows; what is missing leaves its cell empty."""
        widths = self._sheet.append(self._row, rows.columns, self._heights(rows))
        self._widths = list(map(max, self._widths, widths))
        self._row += len(rows)

    def _heights(self, rows: pa.RecordBatch) -> pa.Array | None:
        """How tall rows are with texts that are read whole: LibreOffice leaves one as it is, whatever it holds."""
        whole = [column for column, most in zip(rows.columns, self._widest, strict=True) if most == _WIDEST_WHOLE]
        return pc.max_element_wise(*(spelled(one, _heights_of, pa.float64()) for one in whole)) if whole else None

    def finish(self) -> None:
        """Set widths, filters, what stays in sight and, in print, readable pages with heads on each."""
        widths = [min(width + 2, widest) for width, widest in zip(self._widths, self._widest, strict=True)]
        for place, width in enumerate(widths):
            self._sheet.set_column(place, place, width)
        self._sheet.freeze_panes(2, self._frozen)
        self._sheet.repeat_rows(0, 1)
        if self._frozen:
            self._sheet.repeat_columns(0, self._frozen - 1)
        self._sheet.fit_to_pages(math.ceil(sum(widths) / _PAGE), 0)
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
        return book.text if _is_whole(column) else book.plain
    return book.share if _is_share(column) else book.number


def _is_whole(column: Column) -> bool:
    """Whether its texts are words of the instrument or of Acopio that a reader needs whole; answers are cut off."""
    stem, _, language = column.name.rpartition("_")
    return column.field is None and (stem if language in LANGUAGES else column.name) in _WHOLE


def _heights_of(texts: Iterable[str | None]) -> Iterator[float | None]:
    """The height that each text needs where it is read whole; None for one of a single line."""
    for text in texts:
        lines = math.ceil(len(text or "") / _LETTERS)
        yield min(lines * _LINE, _TALLEST) if lines > 1 else None


def _is_share(column: Column) -> bool:
    """Whether its numbers go from 0 to 1, and are read in percent."""
    named = column.name.startswith("share_") or column.name.endswith("_rate")
    return column.type == "double" and (named or column.name in ("completeness", "coverage"))


def _lines(text: str) -> int:
    return math.ceil(len(text) / 16)
