"""Owns the number formats of an .xls workbook: the format code of each cell with content, by xlrd."""

import io
from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import Any

import xlrd

from pipeline.reading.workbooks.metadata import At

_EMPTY = (xlrd.XL_CELL_EMPTY, xlrd.XL_CELL_BLANK)


def legacy_number_formats(data: bytes) -> Mapping[str, Mapping[At, str]]:
    """By sheet; nothing for a workbook whose formats xlrd stumbles over."""
    with suppress(Exception):
        book = xlrd.open_workbook(file_contents=data, formatting_info=True, ragged_rows=True, logfile=io.StringIO())
        return {sheet.name: dict(_formats(book, sheet)) for sheet in book.sheets()}
    return {}


def _formats(book: Any, sheet: Any) -> Iterator[tuple[At, str]]:
    for row in range(sheet.nrows):
        for column, kind in enumerate(sheet.row_types(row)):
            if kind not in _EMPTY:
                code = book.format_map[book.xf_list[sheet.cell_xf_index(row, column)].format_key].format_str
                if code.casefold() != "general":
                    yield (row, column), code
