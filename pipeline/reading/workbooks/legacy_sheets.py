"""Reads what an .xls workbook holds beside the values that calamine gives, by xlrd and by the records of the file.

A second look: it stumbles over files that are read all the same, and then gives nothing.
"""

import datetime as dt
import io
import re
import struct
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import partial
from typing import Any

import olefile
import xlrd

from pipeline.reading.workbooks.legacy_formulas import FORMULA, SHARED, Cell, Formulas, Zero
from pipeline.reading.workbooks.legacy_marks import (
    Looks,
    Marks,
    colour_in,
    drawn_over,
    links_on,
    looks_of,
    marks_on,
    restyled_on,
)
from pipeline.reading.workbooks.legacy_texts import texts_behind
from pipeline.reading.workbooks.metadata import (
    LOWEST,
    UNSEEN,
    Area,
    At,
    Checkbox,
    Drawn,
    NamedCell,
    SheetMetadata,
    WorkbookMetadata,
)

_END, _SHEET, _PROTECT, _ROW, _SHEET_AREAS = 0x0A, 0x85, 0x12, 0x208, 0x17
_MERGED, _VALIDATION, _FORMAT, _BOOK = 0xE5, 0x1BE, 0x1B0, 0x1AE
_SHARED_TEXT = 0xFD
_MACROS = "_VBA_PROJECT_CUR"
_STREAMS = ("Workbook", "Book")
_HIDDEN_ROW, _HEIGHT, _TWIPS, _DIGIT = 0x20, 0x7FFF, 20, 256
_THIS_BOOK = b"\x01\x04"
_LIKE_NUMBERS = (xlrd.XL_CELL_NUMBER, xlrd.XL_CELL_DATE, xlrd.XL_CELL_EMPTY, xlrd.XL_CELL_BLANK)
_PRINTABLE = re.compile(rb"[\x20-\x7e\xa0-\xff]{4,}")


def read_legacy(
    data: bytes, unread: frozenset[str] = frozenset()
) -> tuple[WorkbookMetadata, Mapping[str, Mapping[At, float | str]]]:
    """The metadata of a workbook, and by sheet what cells hold that are easily misread.

    That is a plain number, whatever its format looks like, and the text of a formula for which 0 was written.
    Of the sheets called as in `unread` only the formulas are looked at: others may refer to them.
    """
    metadata, plain = WorkbookMetadata(), dict[str, dict[At, float | str]]()
    # Each look may fail for itself: whatever it stumbles over, the cells can be read without it.
    with suppress(Exception), olefile.OleFileIO(data) as container:
        metadata = _described(container)
        book = xlrd.open_workbook(file_contents=data, ragged_rows=True, logfile=io.StringIO(), formatting_info=True)
        plain = {sheet.name: dict(_numbers(sheet)) for sheet in book.sheets() if sheet.name not in unread}
        stream = _stream(container)
        records = _sheet_records(stream)
        formulas = Formulas(_zero(metadata.program, book), _tabs(stream, book), partial(_is_number, book))
        looks = looks_of(book)
        sheets = {
            sheet.name: _seen(sheet, records.get(sheet.name), formulas, None if sheet.name in unread else looks)
            for sheet in book.sheets()
        }
        for name, cells in plain.items():
            cells |= texts_behind(book, formulas.without_result(name))
        metadata = replace(
            metadata,
            date_1904=book.datemode == 1,
            sheets={name: _with_formulas(seen, formulas, name) for name, seen in sheets.items()},
            names=_names(book),
            is_complete=True,
        )
    return metadata, plain


def _described(container: Any) -> WorkbookMetadata:
    summary = container.get_metadata()
    saved = summary.last_saved_time
    program = summary.creating_application or b""
    properties = [summary.comments, summary.keywords, *_own_properties(container)]
    return WorkbookMetadata(
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


def _zero(program: str, book: Any) -> Zero:
    """What a formula's result 0 is worth: Excel writes every result, LibreOffice (`Calc`) not every text."""
    if program.startswith("Microsoft"):
        return Zero.A_NUMBER
    return Zero.BY_TOKENS if book.user_name == "Calc" else Zero.NO_RESULT


def _is_number(book: Any, cell: Cell) -> bool:
    name, (row, column) = cell
    sheet = book.sheet_by_name(name)
    there = row < sheet.nrows and column < sheet.row_len(row)
    return not there or sheet.cell_type(row, column) in _LIKE_NUMBERS


def _seen(sheet: Any, part: bytes | None, formulas: Formulas, looks: Looks | None) -> SheetMetadata:
    """What stands behind the cells of a sheet; nothing is known where its records are not found or not understood."""
    try:
        return UNSEEN if part is None else _facts(sheet, list(_records(part, 0)), formulas, looks)
    except Exception:
        return UNSEEN


def _with_formulas(seen: SheetMetadata, formulas: Formulas, name: str) -> SheetMetadata:
    if not seen.is_seen:
        return seen
    results = formulas.results(name)
    without = frozenset(formulas.without_result(name))
    links = {**formulas.links(name), **seen.links}
    return replace(seen, formulas=frozenset(results), without_result=without, links=links)


def _facts(sheet: Any, records: Sequence[tuple[int, bytes]], formulas: Formulas, looks: Looks | None) -> SheetMetadata:
    """What stands behind the cells but for formulas, which are added to those of the workbook."""
    errors = {
        (row, column): xlrd.error_text_from_code.get(sheet.cell_value(row, column), "#ERR!")
        for row in range(sheet.nrows)
        for column, kind in enumerate(sheet.row_types(row))
        if kind == xlrd.XL_CELL_ERROR
    }
    merged: list[Area] = []
    hidden: set[int] = set()
    counts = {_VALIDATION: 0, _FORMAT: 0}
    is_protected = False
    over = list(drawn_over(records))
    marks = Marks() if looks is None else marks_on(sheet, looks)
    for kind, record in records:
        if kind in (FORMULA, SHARED):
            formulas.add(sheet.name, kind, record)
        elif kind == _SHARED_TEXT and struct.unpack_from("<i", record, 6)[0] < 0:
            # The library takes it for a blank, and xlrd for the last text of the list.
            raise ValueError("a cell has a text whose number is none")
        elif kind == _MERGED:
            merged += _merged(record)
        elif kind == _ROW and _is_hidden(record):
            hidden.add(struct.unpack_from("<H", record)[0])
        elif kind == _PROTECT:
            is_protected = record[:1] == b"\1"
        elif kind in counts:
            counts[kind] += 1
    return SheetMetadata(
        errors=errors,
        notes={at: note.text.strip() for at, note in sheet.cell_note_map.items() if note.text.strip()},
        struck=frozenset(marks.struck),
        raised=marks.raised,
        number_formats=marks.number_formats,
        faint=frozenset(marks.faint),
        restyled=tuple(restyled_on(records, partial(colour_in, sheet.book), marks.inks)),
        hides_zeros=not sheet.show_zero_values,
        fits=marks.fits,
        columns=tuple(_columns(sheet)),
        drawn=tuple(found for found in over if isinstance(found, Drawn)),
        checkboxes=tuple(found for found in over if isinstance(found, Checkbox)),
        links=links_on(sheet),
        merged=tuple(merged),
        hidden_rows=frozenset(hidden),
        validations=counts[_VALIDATION],
        formats=counts[_FORMAT],
        is_protected=is_protected,
    )


def _is_hidden(row: bytes) -> bool:
    """True for a row that is hidden, or has no height ([MS-XLS] 2.4.221)."""
    height = struct.unpack_from("<H", row, 6)[0] & _HEIGHT
    return bool(struct.unpack_from("<H", row, 12)[0] & _HIDDEN_ROW) or height < LOWEST * _TWIPS


def _columns(sheet: Any) -> Iterator[tuple[int, int, float]]:
    for number, column in sheet.colinfo_map.items():
        yield number, number, 0 if column.hidden else column.width / _DIGIT


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


def _stream(container: Any) -> bytes:
    content: bytes = next(container.openstream(name).read() for name in _STREAMS if container.exists(name))
    return content


def _tabs(stream: bytes, book: Any) -> list[str]:
    """The sheets that references to other sheets number; "" for what is no sheet, or several, or of another file."""
    names, are_own, found = book.sheet_names(), [], []
    for kind, record in _records(stream, 0):
        if kind == _BOOK:
            are_own.append(record[2:4] == _THIS_BOOK)
        elif kind == _SHEET_AREAS:
            for number in range(struct.unpack_from("<H", record)[0]):
                of, first, last = struct.unpack_from("<3H", record, 2 + 6 * number)
                found.append(names[first] if are_own[of] and first == last < len(names) else "")
    return found


def _sheet_records(stream: bytes) -> dict[str, bytes]:
    """The records of each sheet, by its name."""
    found: dict[str, bytes] = {}
    for kind, record in _records(stream, 0):
        if kind == _SHEET:
            length, is_wide = record[6], record[7] & 1
            raw = record[8 : 8 + length * (2 if is_wide else 1)]
            name = raw.decode("utf-16-le" if is_wide else "latin-1", "replace")
            found.setdefault(name, stream[struct.unpack_from("<I", record)[0] :])
    return found


def _records(stream: bytes, start: int) -> Iterator[tuple[int, bytes]]:
    """The kind and content of each record, to the end of the part that begins here; parts within it are given too."""
    position, depth = start, 0
    while position + 4 <= len(stream):
        kind, size = struct.unpack_from("<2H", stream, position)
        yield kind, stream[position + 4 : position + 4 + size]
        position += 4 + size
        depth += (kind == 0x809) - (kind == _END)
        if kind == _END and depth <= 0:
            return
