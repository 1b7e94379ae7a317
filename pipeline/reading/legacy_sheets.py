"""Owns what an .xls workbook tells beside the values that calamine gives, by xlrd and by the records of the file.

A second look: it stumbles over files that are read all the same, and then gives nothing.
"""

import datetime as dt
import io
import re
import struct
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from typing import Any

import olefile
import xlrd

from pipeline.reading.facts import Area, At, BookFacts, NamedCell, SheetFacts

_END, _SHEET, _FORMULA, _PROTECT, _ROW = 0x0A, 0x85, 0x06, 0x12, 0x208
_MERGED, _VALIDATION, _FORMAT, _TEXT_RESULT = 0xE5, 0x1BE, 0x1B0, 0x207
_MACROS = "_VBA_PROJECT_CUR"
_STREAMS = ("Workbook", "Book")
_HIDDEN_ROW = 0x20
_PRINTABLE = re.compile(rb"[\x20-\x7e\xa0-\xff]{4,}")


def read_legacy(data: bytes) -> tuple[BookFacts, Mapping[str, Mapping[At, float]]]:
    """The facts of a workbook, and by sheet the cells that hold a plain number, whatever their format looks like."""
    facts, numbers = BookFacts(), {}
    # Each look may fail for itself: whatever it stumbles over, the cells can be read without it.
    with suppress(Exception), olefile.OleFileIO(data) as container:
        facts = _described(container)
        book = xlrd.open_workbook(file_contents=data, ragged_rows=True, logfile=io.StringIO())
        numbers = {sheet.name: dict(_numbers(sheet)) for sheet in book.sheets()}
        records = _sheet_records(container)
        facts = replace(
            facts,
            date_1904=book.datemode == 1,
            sheets={sheet.name: _facts(sheet, records.get(sheet.name, b"")) for sheet in book.sheets()},
            names=_names(book),
            is_complete=True,
        )
    return facts, numbers


def _described(container: Any) -> BookFacts:
    told = container.get_metadata()
    saved = told.last_saved_time
    program = told.creating_application or b""
    properties = [told.comments, told.keywords, *_own_properties(container)]
    return BookFacts(
        last_saved=saved.replace(tzinfo=dt.UTC) if isinstance(saved, dt.datetime) and saved.year > 1900 else None,
        program=_plain(program),
        properties=tuple(text for text in map(_plain, properties) if text),
        has_macros=container.exists(_MACROS),
    )


def _own_properties(container: Any) -> list[object]:
    """The texts of the section that holds what a user or a program added to a document's properties."""
    stream = "\x05DocumentSummaryInformation"
    if not container.exists(stream):
        return []
    content = container.openstream(stream).read()
    return [match[0] for match in _PRINTABLE.finditer(content)]


def _plain(text: object) -> str:
    shown = text.decode("utf-8", "replace") if isinstance(text, bytes) else str(text or "")
    return shown.strip("\0 ")


def _numbers(sheet: Any) -> Iterator[tuple[At, float]]:
    for row in range(sheet.nrows):
        for column, kind in enumerate(sheet.row_types(row)):
            if kind == xlrd.XL_CELL_NUMBER:
                yield (row, column), sheet.cell_value(row, column)


def _facts(sheet: Any, records: bytes) -> SheetFacts:
    errors = {
        (row, column): xlrd.error_text_from_code.get(sheet.cell_value(row, column), "#ERR!")
        for row in range(sheet.nrows)
        for column, kind in enumerate(sheet.row_types(row))
        if kind == xlrd.XL_CELL_ERROR
    }
    formulas: dict[At, bool] = {}
    merged: list[Area] = []
    hidden: set[int] = set()
    counts = {_VALIDATION: 0, _FORMAT: 0}
    is_protected = False
    for kind, record in _records(records, 0):
        if kind == _FORMULA:
            row, column = struct.unpack_from("<2H", record)
            formulas[row, column] = _has_result(record)
        elif kind == _MERGED:
            merged += _merged(record)
        elif kind == _ROW and struct.unpack_from("<H", record, 12)[0] & _HIDDEN_ROW:
            hidden.add(struct.unpack_from("<H", record)[0])
        elif kind == _PROTECT:
            is_protected = record[:1] == b"\1"
        elif kind in counts:
            counts[kind] += 1
    return SheetFacts(
        errors=errors,
        formulas=formulas,
        notes={at: note.text.strip() for at, note in sheet.cell_note_map.items() if note.text.strip()},
        merged=tuple(merged),
        hidden_rows=frozenset(hidden),
        validations=counts[_VALIDATION],
        formats=counts[_FORMAT],
        is_protected=is_protected,
    )


def _has_result(record: bytes) -> bool:
    """False for an empty text and for 0: LibreOffice writes 0 where it did not keep a text."""
    result = record[6:14]
    if result[6:] == b"\xff\xff":
        return result[0] != 3
    return result.strip(b"\0") != b""


def _merged(record: bytes) -> Iterator[Area]:
    for number in range(struct.unpack_from("<H", record)[0]):
        first, last, left, right = struct.unpack_from("<4H", record, 2 + 8 * number)
        yield first, left, last, right


def _names(book: Any) -> dict[str, NamedCell | None]:
    found: dict[str, NamedCell | None] = {}
    tabs = book.sheet_names()
    for name in book.name_obj_list:
        value = name.result.value if name.result is not None else None
        place: tuple[int, ...] = value[0].coords if isinstance(value, list) and len(value) == 1 else ()
        is_cell = len(place) == 6 and 0 <= place[0] < len(tabs)
        found[name.name] = NamedCell(tabs[place[0]], (place[2], place[4])) if is_cell else None
    return found


def _sheet_records(container: Any) -> dict[str, bytes]:
    """The records of each sheet, by its name."""
    stream: bytes = next(container.openstream(name).read() for name in _STREAMS if container.exists(name))
    found: dict[str, bytes] = {}
    for kind, record in _records(stream, 0):
        if kind == _SHEET:
            length, is_wide = record[6], record[7] & 1
            raw = record[8 : 8 + length * (2 if is_wide else 1)]
            name = raw.decode("utf-16-le" if is_wide else "latin-1", "replace")
            found.setdefault(name, stream[struct.unpack_from("<I", record)[0] :])
    return found


def _records(stream: bytes, start: int) -> Iterator[tuple[int, bytes]]:
    """The kind and content of each record, to the end of the part that begins here; parts within it are told too."""
    position, depth = start, 0
    while position + 4 <= len(stream):
        kind, size = struct.unpack_from("<2H", stream, position)
        yield kind, stream[position + 4 : position + 4 + size]
        position += 4 + size
        depth += (kind == 0x809) - (kind == _END)
        if kind == _END and depth <= 0:
            return
