"""Owns what the binary parts of an .xlsb workbook tell beside its values: errors, formulas, merges, what is hidden.

It walks the records ([MS-XLSB] 2.1.4) and reads a field here and there; what is cut short ends the walk.
"""

import struct
from collections.abc import Iterator

from pipeline.reading.workbooks.metadata import Area, At, SheetMetadata

_ROW, _ERROR, _FORMULAS, _FORMULA_ERROR = 0, 3, (8, 9, 10, 11), 11
_MERGED, _VALIDATION, _PROTECTED, _FORMAT, _TAB, _WORKBOOK = 176, 64, 535, 461, 156, 153
_HIDDEN_ROW = 0x10
_ERRORS = {
    0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!",
    0x1D: "#NAME?", 0x24: "#NUM!", 0x2A: "#N/A", 0x2B: "#GETTING_DATA",
}  # fmt: skip


def read_binary_tabs(part: bytes) -> dict[str, str]:
    """The relation of each sheet, by the sheet's name."""
    found: dict[str, str] = {}
    for kind, record in records(part):
        if kind == _TAB:
            relation, rest = _text(record[8:])
            name, _ = _text(rest)
            found.setdefault(name, relation)
    return found


def counts_from_1904(part: bytes) -> bool:
    """True for a workbook whose days are counted from 1904 ([MS-XLSB] 2.4.827, first bit)."""
    return any(kind == _WORKBOOK and record[0] & 1 for kind, record in records(part))


def read_binary_sheet(part: bytes) -> SheetMetadata:
    """The metadata of a sheet."""
    errors: dict[At, str] = {}
    formulas: dict[At, bool] = {}
    merged: list[Area] = []
    hidden: set[int] = set()
    counts = {_VALIDATION: 0, _FORMAT: 0}
    row, is_protected = 0, False
    for kind, record in records(part):
        if kind == _ROW:
            row = struct.unpack_from("<I", record)[0]
            if record[11] & _HIDDEN_ROW:
                hidden.add(row)
        elif kind == _MERGED:
            first, last, left, right = struct.unpack_from("<4I", record)
            merged.append((first, left, last, right))
        elif kind == _PROTECTED:
            is_protected = struct.unpack_from("<I", record, 2)[0] != 0
        elif kind in counts:
            counts[kind] += 1
        elif kind in (_ERROR, *_FORMULAS):
            at = row, struct.unpack_from("<I", record)[0]
            if kind in _FORMULAS:
                # A text result of no length is none.
                formulas[at] = kind != _FORMULAS[0] or struct.unpack_from("<I", record, 8)[0] > 0
            if kind in (_ERROR, _FORMULA_ERROR):
                errors[at] = _ERRORS.get(record[8], "#ERR!")
    return SheetMetadata(
        errors=errors,
        formulas=formulas,
        merged=tuple(merged),
        hidden_rows=frozenset(hidden),
        validations=counts[_VALIDATION],
        formats=counts[_FORMAT],
        is_protected=is_protected,
    )


def records(part: bytes) -> Iterator[tuple[int, bytes]]:
    """The kind and content of each record."""
    position = 0
    while position < len(part):
        kind, position = _number(part, position, 2)
        size, position = _number(part, position, 4)
        record = part[position : position + size]
        if len(record) < size:
            return
        yield kind, record
        position += size


def _number(part: bytes, position: int, most: int) -> tuple[int, int]:
    """A number of seven bits a byte, as kinds and sizes are written, and where it ends."""
    number = shift = 0
    for byte in part[position : position + most]:
        position += 1
        number |= (byte & 0x7F) << shift
        shift += 7
        if not byte & 0x80:
            break
    return number, position


def _text(record: bytes) -> tuple[str, bytes]:
    """A text with its length before it, and what follows."""
    length = struct.unpack_from("<I", record)[0]
    end = 4 + 2 * length
    return record[4:end].decode("utf-16-le", "replace"), record[end:]
