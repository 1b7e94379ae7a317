"""Measures how many cells a sheet spans, from the bytes before a reading library sets up room for them.

A file of two kilobytes can ask for 500 GB: with one cell in the last row and column, a cell repeated a million times,
or a record that announces dimensions. It reads no values.
"""

import io
import re
import struct
from collections.abc import Iterator

import olefile

from pipeline.reading.workbooks.metadata import column_number
from pipeline.reading.workbooks.office.binary_records import records
from pipeline.receiving.zip_gate import PackageError

MAX_CELLS = 8_000_000
"""Cells that one sheet may span, from A1 to its last used row and column."""

# Without a column of three letters or a row of five digits a sheet has at most 702 x 9,999 cells.
_FAR_CELL = re.compile(rb" r=[\"'](?:[A-Z]{3,}\d|[A-Z]{1,2}\d{5}|\d{8})")
_CELL = re.compile(rb"<(?:\w+:)?c\s(?:[^>]*?\s)?r=[\"']([A-Z]{1,3})(\d{1,7})[\"'][^>]*(?<!/)>")
_NO_ADDRESS = re.compile(rb"<(?:\w+:)?(?:c|row)\s(?:[^>]*?\s)?r=[\"']((?:[A-Z]{4,}\d|[A-Z]*\d{8,})[^\"']{0,20})")

_TAG = re.compile(rb"<(/?)table:(table|table-row|table-cell|covered-table-cell)(?=[\s/>])([^>]*?)(/?)>")
_REPEATED = re.compile(rb"table:number-(?:rows|columns)-repeated=[\"'](\d{1,18})[\"']")

_BINARY_ROW, _BINARY_CELLS = 0, range(1, 12)
_DIMENSIONS, _END_OF_STREAM = 0x200, 4
_LEGACY_ROWS, _LEGACY_COLUMNS = 65536, 256


def check_part(name: str, content: bytes) -> None:
    """Refuse the part of a package in which a sheet spans more than MAX_CELLS; raises PackageError."""
    if name == "content.xml":
        extents = _opendocument(content)
    elif name.endswith(".bin"):
        extents = iter([_binary(content)])
    else:
        extents = iter([_xml(name, content)])
    for rows, columns in extents:
        if rows * columns > MAX_CELLS:
            raise PackageError("workbook_unsafe", f"{name} spans {rows} rows and {columns} columns")


def check_legacy(data: bytes) -> None:
    """Refuse an .xls file that announces more rows or columns than its format has; raises PackageError."""
    try:
        with olefile.OleFileIO(io.BytesIO(data)) as container:
            stream = next(container.openstream(name).read() for name in ("Workbook", "Book") if container.exists(name))
    except Exception:
        # No such container: the reading library will say what it makes of it.
        return
    for rows, columns in _announced(stream):
        if rows > _LEGACY_ROWS or columns > _LEGACY_COLUMNS:
            raise PackageError("workbook_unsafe", f"a sheet announces {rows} rows and {columns} columns")


def _xml(name: str, content: bytes) -> tuple[int, int]:
    if not _FAR_CELL.search(content):
        return 0, 0
    if beyond := _NO_ADDRESS.search(content):
        raise PackageError("workbook_unsafe", f"{name} has a cell {beyond[1].decode('ascii', 'replace')}")
    cells = _CELL.findall(content)
    if not cells:
        return 0, 0
    columns = {letters for letters, _ in cells}
    return max(int(row) for _, row in cells), max(column_number(letters.decode()) for letters in columns) + 1


def _opendocument(content: bytes) -> Iterator[tuple[int, int]]:
    """The extent of each sheet, without the empty rows and cells that programs write to its very end."""
    row = rows = column = height = width = 0
    for closing, name, attributes, empty in _TAG.findall(content):
        if name == b"table":
            yield height, width
            row = rows = column = height = width = 0
        elif closing:
            continue
        elif name == b"table-row":
            row, column, rows = row + rows, 0, _times(attributes)
        else:
            column += _times(attributes)
            if not empty or b"office:" in attributes or b"table:formula" in attributes:
                height, width = row + rows, max(width, column)
    yield height, width


def _times(attributes: bytes) -> int:
    found = _REPEATED.search(attributes) if b"repeated" in attributes else None
    return int(found[1]) if found else 1


def _binary(content: bytes) -> tuple[int, int]:
    """The extent of a sheet of an .xlsb file ([MS-XLSB] 2.4: a row, then its cells)."""
    row = height = width = 0
    for kind, record in records(content):
        if kind == _BINARY_ROW and len(record) >= 4:
            row = struct.unpack_from("<I", record)[0] + 1
        elif kind in _BINARY_CELLS and len(record) >= 4:
            height, width = max(height, row), max(width, struct.unpack_from("<I", record)[0] + 1)
    return height, width


def _announced(stream: bytes) -> Iterator[tuple[int, int]]:
    """The dimensions that the sheets of an .xls file announce ([MS-XLS] 2.4.90)."""
    position = 0
    while position + _END_OF_STREAM <= len(stream):
        kind, size = struct.unpack_from("<2H", stream, position)
        if kind == _DIMENSIONS and size >= 14:
            _, rows, _, columns = struct.unpack_from("<2I2H", stream, position + 4)
            yield rows, columns
        position += 4 + size
