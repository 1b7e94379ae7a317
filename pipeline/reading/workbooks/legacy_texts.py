"""Finds what formulas of an .xls workbook show where a program wrote 0 for a text: texts of the file, by their row.

LibreOffice writes 0 in place of the text that a formula gives wherever the cell has a format for numbers. The texts of
a questionnaire are such: INDEX(acopio_texts,325) shows the text of that row, which stands there in each language. Only
formulas of this one shape are followed, one step, and nothing is calculated.
"""

import re
import struct
from collections.abc import Iterator, Mapping
from typing import Any

import xlrd

from pipeline.reading.workbooks.metadata import At

_ROW_OF_NAME = re.compile(rb"[\x23\x43\x63](..)\0\0\x1e(..)[\x22\x42\x62]\x02\x1d\0", re.DOTALL)
"""A name, a whole number, INDEX of two arguments ([MS-XLS] 2.5.198.76, 2.5.198.66, 2.5.198.63)."""


def texts_behind(book: Any, formulas: Mapping[At, bytes]) -> Iterator[tuple[At, str]]:
    """The cells, of those with these formulas, that show a text of the file, and the first text of its row."""
    for at, tokens in formulas.items():
        found = _ROW_OF_NAME.fullmatch(tokens)
        text = _text_of_row(book, *(struct.unpack("<H", number)[0] for number in found.groups())) if found else ""
        if text:
            yield at, text


def _text_of_row(book: Any, name: int, number: int) -> str:
    """The first text in a row, counted from 1, of the cells that a name stands for; "" if there is none."""
    if not 0 < name <= len(book.name_obj_list):
        return ""
    try:
        sheet, first, last, left, _ = book.name_obj_list[name - 1].area2d()
    except (xlrd.XLRDError, AttributeError, TypeError, ValueError):
        return ""
    row = first + number - 1
    if not first <= row < min(last, sheet.nrows):
        return ""
    return next((value for value in sheet.row_values(row, left) if isinstance(value, str) and value), "")
