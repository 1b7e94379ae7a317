"""Owns what people draw in an .xls workbook beside values: cells crossed out, and boxes and pictures over the cells.

It goes through the records of the file ([MS-XLS] 2.4); of a text of which only a part is crossed out it does not know.
"""

import struct
from collections.abc import Iterable, Iterator

from pipeline.reading.workbooks.metadata import At, Drawn

Records = Iterable[tuple[int, bytes]]

_FONT, _FORM = 0x31, 0xE0
_CROSSES_OUT = 0x08
_CELLS = frozenset({0x06, 0xFD, 0x203, 0x204, 0x205, 0x27E})
_NUMBERS_IN_ROW = 0xBD
_OBJECT, _OBJECT_TEXT, _CONTINUED = 0x5D, 0x1B6, 0x3C
_PICTURE, _NOTE = 0x08, 0x19


def struck_forms(records: Records) -> frozenset[int]:
    """The cell formats of a workbook that cross out, by the records before its sheets."""
    fonts: list[bool] = []
    forms: list[int] = []
    for kind, record in records:
        if kind == _FONT:
            fonts.append(bool(record[2] & _CROSSES_OUT))
        elif kind == _FORM:
            forms.append(struct.unpack_from("<H", record)[0])
    # There is no font of the number 4.
    crossing = {number + (number > 3) for number, crosses_out in enumerate(fonts) if crosses_out}
    return frozenset(number for number, font in enumerate(forms) if font in crossing)


def struck_cells(records: Records, forms: frozenset[int]) -> Iterator[At]:
    """The cells of a sheet that have one of these formats."""
    for kind, record in records if forms else ():
        if kind in _CELLS:
            row, column, form = struct.unpack_from("<3H", record)
            if form in forms:
                yield row, column
        elif kind == _NUMBERS_IN_ROW:
            row, first = struct.unpack_from("<2H", record)
            for place in range((len(record) - 6) // 6):
                if struct.unpack_from("<H", record, 4 + 6 * place)[0] in forms:
                    yield row, first + place


def drawn_over(records: Records) -> Iterator[Drawn]:
    """What lies over the cells of a sheet, but for comments; where, these records do not say."""
    sort, has_text = _NOTE, False
    for kind, record in records:
        if kind == _OBJECT:
            (sort,) = struct.unpack_from("<H", record, 4)
            if sort == _PICTURE:
                yield Drawn(None)
        elif kind == _CONTINUED and has_text:
            text = record[1:].decode("utf-16-le" if record[0] & 1 else "latin-1", "replace")
            yield Drawn(None, text.strip())
        has_text = kind == _OBJECT_TEXT and sort != _NOTE
