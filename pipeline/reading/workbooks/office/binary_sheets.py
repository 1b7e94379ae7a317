"""Reads what the binary parts of an .xlsb workbook hold beside its values: errors, formulas, merges, what is hidden.

It reads a field here and there of the records ([MS-XLSB] 2.4); a sheet that does not come to its end is not understood.
"""

import struct
from collections.abc import Iterator, Mapping

from pipeline.reading.workbooks.links import cells_of, is_outside
from pipeline.reading.workbooks.metadata import LOWEST, Area, At, Fit, Raised, Restyled, SheetMetadata
from pipeline.reading.workbooks.office.binary_records import records, text_of
from pipeline.reading.workbooks.office.binary_styles import BinaryLooks, rich_text
from pipeline.reading.workbooks.office.sheet_parts import Beside
from pipeline.reading.workbooks.rich_texts import judge_faint
from pipeline.reading.workbooks.xml_parts import PartError

_ROW, _CELLS, _FORMULAS = 0, range(1, 12), range(8, 12)
_ERROR, _SHARED_TEXT, _FORMULA_ERROR = 3, 7, 11
_NOTE, _NOTE_TEXT, _LINK = 635, 637, 494
_MERGED, _VALIDATION, _PROTECTED, _FORMAT, _TAB, _WORKBOOK = 176, 64, 535, 461, 156, 153
_END_OF_SHEET = 130
_FORMAT_RULE, _VIEW, _SHOWS_ZEROS = 463, 137, 0x10
_ICONS, _BARS, _ICON_ONLY = 465, 467, 0x02
_LOGICAL, _COLUMN, _HIDDEN_COLUMN, _DIGIT, _TWIPS = 4, 60, 0x01, 256, 20
_VALUE_ELSEWHERE = 50
_HIDING = frozenset((_FORMAT, _FORMAT_RULE, _VIEW, _ICONS, _BARS))
_HIDDEN_ROW = 0x10
_UNREAD = frozenset((*range(12, 19), 62))
"""Cells that the reading library passes over: those without a column of their own, and texts with formats."""

_PLAIN, _NOTHING = BinaryLooks(), Beside()
_ERRORS = {
    0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!",
    0x1D: "#NAME?", 0x24: "#NUM!", 0x2A: "#N/A", 0x2B: "#GETTING_DATA",
}  # fmt: skip


def read_binary_tabs(part: bytes) -> dict[str, str]:
    """The relation of each sheet, by the sheet's name."""
    found: dict[str, str] = {}
    for kind, record in records(part):
        if kind == _TAB:
            relation, rest = text_of(record[8:])
            name, _ = text_of(rest)
            found.setdefault(name, relation)
    return found


def counts_from_1904(part: bytes) -> bool:
    """True for a workbook whose days are counted from 1904 ([MS-XLSB] 2.4.827, first bit)."""
    return any(kind == _WORKBOOK and record[0] & 1 for kind, record in records(part))


def read_binary_sheet(part: bytes, looks: BinaryLooks = _PLAIN, beside: Beside = _NOTHING) -> SheetMetadata:
    """The metadata of a sheet; raises PartError for one that is not understood."""
    walk = _Walk(looks, beside.addresses)
    for kind, record in records(part):
        walk.take(kind, record)
    if not walk.is_whole:
        raise PartError("it has no end")
    return SheetMetadata(
        errors=walk.errors,
        formulas=frozenset(walk.formulas),
        notes=beside.notes,
        struck=frozenset(walk.struck),
        raised=walk.raised,
        drawn=beside.drawn,
        checkboxes=beside.checkboxes,
        links=walk.links,
        pictures=frozenset(walk.pictures),
        boxes=frozenset(walk.boxes),
        number_formats=walk.number_formats,
        faint=frozenset(walk.faint),
        restyled=tuple(walk.restyled),
        hides_zeros=walk.hides_zeros,
        fits=walk.fits,
        columns=tuple(walk.columns),
        merged=tuple(walk.merged),
        hidden_rows=frozenset(walk.hidden),
        validations=walk.counts[_VALIDATION],
        formats=walk.counts[_FORMAT],
        is_protected=walk.is_protected,
    )


def read_binary_notes(part: bytes) -> dict[At, str]:
    """The comments of a sheet by its comments part."""
    found: dict[At, str] = {}
    at: At = (0, 0)
    for kind, record in records(part):
        if kind == _NOTE:
            row, _, column = struct.unpack_from("<3I", record, 4)
            at = row, column
        elif kind == _NOTE_TEXT and (text := rich_text(record, ())[0].strip()):
            found[at] = text
    return found


class _Walk:
    """What is found while going through the records of a sheet."""

    def __init__(self, looks: BinaryLooks, addresses: Mapping[str, str]) -> None:
        self.errors: dict[At, str] = {}
        self.formulas: set[At] = set()
        self.struck: set[At] = set()
        self.raised: dict[At, Raised] = {}
        self.number_formats: dict[At, str] = {}
        self.faint: set[At] = set()
        self.restyled: list[Restyled] = []
        self.hides_zeros = False
        self.pictures: set[At] = set()
        self.boxes: set[At] = set()
        self.fits: dict[At, Fit] = {}
        self.columns: list[tuple[int, int, float]] = []
        self._is_elsewhere = False
        self._formatted: list[Area] = []
        self.merged: list[Area] = []
        self.hidden: set[int] = set()
        self.counts = {_VALIDATION: 0, _FORMAT: 0}
        self.is_protected = self.is_whole = False
        self.links: dict[At, str] = {}
        self._looks, self._addresses = looks, addresses
        self._row = 0

    def take(self, kind: int, record: bytes) -> None:
        """Note what a record describes."""
        if kind in _HIDING:
            self._may_hide(kind, record)
        if kind == _ROW:
            self._row = struct.unpack_from("<I", record)[0]
            if record[11] & _HIDDEN_ROW or struct.unpack_from("<H", record, 8)[0] < LOWEST * _TWIPS:
                self.hidden.add(self._row)
        elif kind in _CELLS:
            self._cell(kind, record)
            self._is_elsewhere = False
        elif kind == _VALUE_ELSEWHERE:
            self._is_elsewhere = True
        elif kind in _UNREAD:
            raise PartError(f"a cell of the kind {kind}")
        elif kind == _END_OF_SHEET:
            self.is_whole = True
        else:
            self._around(kind, record)

    def _around(self, kind: int, record: bytes) -> None:
        """Note what a record describes that is about no cell alone."""
        if kind == _COLUMN:
            start, end, width, _, flags = struct.unpack_from("<4IH", record)
            self.columns.append((start, end, 0 if flags & _HIDDEN_COLUMN else width / _DIGIT))
        elif kind == _MERGED:
            first, last, left, right = struct.unpack_from("<4I", record)
            self.merged.append((first, left, last, right))
        elif kind == _PROTECTED:
            self.is_protected = struct.unpack_from("<I", record, 2)[0] != 0
        elif kind in self.counts:
            self.counts[kind] += 1
        elif kind == _LINK:
            first, last, left, right = struct.unpack_from("<4I", record)
            if is_outside(address := self._addresses.get(text_of(record[16:])[0], "")):
                self.links.update(dict.fromkeys(cells_of((first, left, last, right)), address))

    def _may_hide(self, kind: int, record: bytes) -> None:
        """Note what may keep values from being seen: conditional formats, and a sheet without zeros."""
        if kind == _FORMAT:
            self._formatted = list(_areas(record))
        elif kind == _FORMAT_RULE:
            number = struct.unpack_from("<I", record, 8)[0]
            if number < len(self._looks.put_on) and self._looks.put_on[number].hides:
                self.restyled += [Restyled(area, hides=True) for area in self._formatted]
        elif kind in (_ICONS, _BARS):
            is_alone = struct.unpack_from("<H", record, 4)[0] & _ICON_ONLY if kind == _ICONS else not record[2]
            self.restyled += [Restyled(area, hides=True, limits=()) for area in self._formatted if is_alone]
        else:
            self.hides_zeros |= not struct.unpack_from("<H", record)[0] & _SHOWS_ZEROS

    def _cell(self, kind: int, record: bytes) -> None:
        column, style = struct.unpack_from("<2I", record)
        at, style = (self._row, column), style & 0xFFFFFF
        if style in self._looks.struck:
            self.struck.add(at)
        if style in self._looks.faint:
            self.faint.add(at)
        if style in self._looks.number_formats:
            self.number_formats[at] = self._looks.number_formats[style]
        if style in self._looks.fits:
            self.fits[at] = self._looks.fits[style]
        if kind == _LOGICAL and self._looks.has_boxes:
            # Which of them are boxes, an extension of the styles says; FALSE is rarely typed.
            self.boxes.add(at)
        if kind in _FORMULAS:
            self.formulas.add(at)
        if kind in (_ERROR, _FORMULA_ERROR):
            self.errors[at] = _ERRORS.get(record[8], "#ERR!")
            if self._is_elsewhere:
                # What is no value has its place in another part; this one is for programs that know nothing of it.
                self.pictures.add(at)
        if kind == _SHARED_TEXT and (text := self._looks.texts.get(struct.unpack_from("<I", record, 8)[0])):
            if text.is_struck:
                self.struck.add(at)
            if text.raised:
                self.raised[at] = text.raised
            judge_faint(self.faint, at, text, self._looks.inks.get(style, ("", ())))


def _areas(record: bytes) -> Iterator[Area]:
    """The areas of conditional formats ([MS-XLSB] 2.4.32)."""
    for number in range(struct.unpack_from("<I", record, 8)[0]):
        first, last, left, right = struct.unpack_from("<4I", record, 12 + 16 * number)
        yield first, left, last, right
