"""Texts that an .xls workbook has in place of those formulas for which 0 was written, and nothing else."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import Any

import pytest
import xlrd

from pipeline.reading.workbooks.legacy_texts import texts_behind

ROWS = [["", 0.0, "Combien ?", "How many?"], ["", 0.0, "", ""], ["", 0.0, "", "Where?"]]


@dataclass
class Sheet:
    nrows: int = len(ROWS)

    def row_values(self, row: int, left: int) -> list[Any]:
        return ROWS[row][left:]


@dataclass
class Name:
    is_area: bool = True

    def area2d(self) -> tuple[Sheet, int, int, int, int]:
        if not self.is_area:
            raise xlrd.XLRDError("no area")
        return Sheet(), 0, 2, 1, 2


@dataclass
class Book:
    name_obj_list: tuple[Name, ...] = (Name(is_area=False), Name())


def tokens(name: int, row: int, function: int = 29) -> bytes:
    return (
        b"\x23"
        + struct.pack("<HH", name, 0)
        + b"\x1e"
        + struct.pack("<H", row)
        + b"\x42\x02"
        + struct.pack("<H", function)
    )


@pytest.mark.parametrize(
    ("formula", "text"),
    [
        (tokens(2, 1), "Combien ?"),
        (tokens(2, 2), None),  # nothing stands there
        (tokens(2, 3), None),  # beyond the rows that the name stands for
        (tokens(2, 0), None),
        (tokens(1, 1), None),  # a name that stands for no cells
        (tokens(3, 1), None),  # a name that is not there
        (tokens(2, 1, function=6), None),  # another function than INDEX
        (tokens(2, 1) + b"\x03", None),  # something is done with the text
        (b"", None),
    ],
)
def test_texts_behind__a_formula__that_names_a_row_of_texts(formula: bytes, text: str | None) -> None:
    assert dict(texts_behind(Book(), {(4, 2): formula})) == ({} if text is None else {(4, 2): text})
