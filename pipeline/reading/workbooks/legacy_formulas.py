"""Reads the formulas of an .xls workbook, and whether the result of each is in the file; it calculates nothing.

LibreOffice writes 0 in place of a text or logical result wherever the cell has a format for numbers, and a true 0 looks
just the same (field `val` of the FORMULA record, [MS-XLS] 2.4.127). Only the tokens of the formula, in postfix order
(2.5.198.25), tell the two apart: a sum can only give a number. Where they may give a text, there is no result.
"""

import re
import struct
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from enum import Enum, auto

from xlrd.formula import func_defs

from pipeline.reading.workbooks.links import is_outside
from pipeline.reading.workbooks.metadata import Area, At

Cell = tuple[str, At]
"""A sheet, and the place of a cell on it."""

FORMULA, SHARED = 0x06, 0x4BC
"""The kinds of the records that are added here."""

_EMPTY_TEXT = 3
_DEEPEST = 20
"""References followed one after the other; a longer chain says nothing."""

_SHARED_TOKEN, _TEXT, _ATTRIBUTE = 0x01, 0x17, 0x19
_ARITHMETIC, _OTHER_BINARY, _SIGNED, _UNCHANGED = range(0x03, 0x08), range(0x08, 0x12), (0x13, 0x14), (0x12, 0x15)
_FUNCTION, _FUNCTION_OF_MANY = 0x21, 0x22
_TEXT_TOKEN = bytes([_TEXT])
# HYPERLINK, with one argument or two.
_LEADS = re.compile(rb"[\x22\x42\x62][\x01\x02]\x67\x01")
_REFERENCE, _RELATIVE, _ELSEWHERE = 0x24, 0x2C, 0x3A
_NUMBERS = (0x1E, 0x1F)
# Bytes behind a token that stands for a value: constants, names, areas, what is missing.
_SIZES = {
    0x16: 0, 0x1C: 1, 0x1D: 1, 0x1E: 2, 0x1F: 8, 0x20: 7, 0x23: 4, 0x25: 8, 0x2A: 4, 0x2B: 8, 0x2D: 8,
    0x39: 6, 0x3B: 10, 0x3C: 6, 0x3D: 10,
}  # fmt: skip
_HAS_JUMPS, _IS_SUM = 0x04, 0x10
_IF = "IF"
_NUMERIC = frozenset({
    "ABS", "AVERAGE", "CEILING", "COLUMNS", "COUNT", "COUNTA", "COUNTBLANK", "COUNTIF", "DATE", "DAY", "FLOOR", "INT",
    "LEN", "MAX", "MIN", "MOD", "MONTH", "N", "PRODUCT", "ROUND", "ROUNDDOWN", "ROUNDUP", "ROWS", "SIGN", "SUBTOTAL",
    "SUM", "SUMIF", "SUMPRODUCT", "TRUNC", "VALUE", "YEAR",
})  # fmt: skip


class Zero(Enum):
    """What the result 0 of a formula is worth, which depends on the program that wrote the file."""

    A_NUMBER = auto()
    BY_TOKENS = auto()
    NO_RESULT = auto()


class Formulas:
    """The formulas of a workbook.

    `tabs` are the sheets in the order in which references to other sheets number them. `is_number` tells of a cell
    without a formula whether it counts as a number, as an empty one does.
    """

    def __init__(self, zero: Zero, tabs: Sequence[str], is_number: Callable[[Cell], bool]) -> None:
        self.tabs = tabs
        self._zero, self._is_number = zero, is_number
        self._results: dict[str, dict[At, bytes]] = defaultdict(dict)
        self._tokens: dict[Cell, bytes] = {}
        self._shared: dict[str, list[tuple[Area, bytes]]] = defaultdict(list)
        self._known: dict[Cell, bool] = {}
        self._depth = 0

    def add(self, sheet: str, kind: int, record: bytes) -> None:
        """Note a record of a sheet: a formula, or one that stands for the cells of an area."""
        if kind == FORMULA:
            row, column = struct.unpack_from("<2H", record)
            self._results[sheet][row, column] = record[6:14]
            self._tokens[sheet, (row, column)] = _counted(record, 20)
        elif kind == SHARED:
            first, last, left, right = struct.unpack_from("<2H2B", record)
            self._shared[sheet].append(((first, left, last, right), _counted(record, 8)))

    def results(self, sheet: str) -> Mapping[At, bool]:
        """The formulas of a sheet: True where the result is in the file."""
        return {at: self._has_result((sheet, at), result) for at, result in self._results[sheet].items()}

    def without_result(self, sheet: str) -> dict[At, bytes]:
        """The tokens of the formulas of a sheet whose result is not in the file."""
        return {at: self._tokens_of((sheet, at)) for at, has_result in self.results(sheet).items() if not has_result}

    def links(self, sheet: str) -> dict[At, str]:
        """The addresses outside the file that formulas of a sheet lead to, where they are written out in them."""
        tokens = {at: self._tokens[sheet, at] for at in self._results[sheet]}
        found = {at: _first_text(own) for at, own in tokens.items() if own[:1] == _TEXT_TOKEN and _LEADS.search(own)}
        return {at: address for at, address in found.items() if is_outside(address)}

    def gives_number(self, cell: Cell) -> bool:
        """True for a cell that can only show a number: by its formula, else by what stands there."""
        if cell not in self._tokens:
            return self._is_number(cell)
        if cell not in self._known:
            # A formula that leads back to itself says nothing.
            self._known[cell] = False
            self._known[cell] = self._depth < _DEEPEST and self._can_only_be_number(cell)
        return self._known[cell]

    def _has_result(self, cell: Cell, result: bytes) -> bool:
        if result[6:] == b"\xff\xff":
            return result[0] != _EMPTY_TEXT
        if result.strip(b"\0"):
            return True
        return self._zero is Zero.A_NUMBER or (self._zero is Zero.BY_TOKENS and self.gives_number(cell))

    def _can_only_be_number(self, cell: Cell) -> bool:
        self._depth += 1
        try:
            return _Stack(self, cell).after(self._tokens_of(cell)) == [True]
        except (LookupError, struct.error):
            return False
        finally:
            self._depth -= 1

    def _tokens_of(self, cell: Cell) -> bytes:
        tokens = self._tokens[cell]
        if tokens[0] != _SHARED_TOKEN:
            return tokens
        sheet, (row, column) = cell
        areas = self._shared[sheet]
        fits = (own for (first, left, last, right), own in areas if first <= row <= last and left <= column <= right)
        return next(fits, b"")


class _Stack:
    """What the tokens of one formula leave behind: of each value whether it can only be a number."""

    def __init__(self, formulas: Formulas, cell: Cell) -> None:
        self._formulas = formulas
        self._sheet, self._at = cell
        self._values: list[bool] = []

    def after(self, tokens: bytes) -> list[bool]:
        """The values after all tokens; raises LookupError or struct.error for what is not known here."""
        position = 0
        while position < len(tokens):
            token = tokens[position]
            # From 0x20 on there are three of each, which differ in what they may give.
            kind = token if token < 0x20 else 0x20 | token & 0x1F
            position += 1 + self._take(kind, tokens[position + 1 :])
        return self._values

    def _take(self, kind: int, rest: bytes) -> int:
        """Do what one token says; gives how many bytes of the rest belong to it."""
        if kind in _UNCHANGED:
            return 0
        if kind in _SIGNED:
            return self._put(True, instead_of=1)
        if kind in _ARITHMETIC or kind in _OTHER_BINARY:
            return self._put(kind in _ARITHMETIC, instead_of=2)
        if kind == _TEXT:
            return self._put(False) + 2 + rest[0] * (2 if rest[1] & 1 else 1)
        if kind == _ATTRIBUTE:
            return self._attribute(*struct.unpack_from("<BH", rest))
        if kind in (_FUNCTION, _FUNCTION_OF_MANY):
            return self._function(kind, rest)
        if kind in (_REFERENCE, _RELATIVE, _ELSEWHERE):
            return self._reference(kind, rest)
        return self._put(kind in _NUMBERS) + _SIZES[kind]

    def _put(self, is_number: bool, instead_of: int = 0) -> int:
        left = len(self._values) - instead_of
        if left < 0:
            raise LookupError
        self._values[left:] = [is_number]
        return 0

    def _attribute(self, kind: int, number: int) -> int:
        if kind & _IS_SUM:
            self._put(True, instead_of=1)
        return 3 + (2 * (number + 1) if kind & _HAS_JUMPS else 0)

    def _function(self, kind: int, rest: bytes) -> int:
        if kind == _FUNCTION:
            (number,), size = struct.unpack_from("<H", rest), 2
            count = func_defs[number][1]
        else:
            (count, number), size = struct.unpack_from("<BH", rest), 3
        name = func_defs[number][0]
        # Without a third argument IF may give FALSE.
        chosen = name == _IF and count == 3 and all(self._values[-2:])
        return self._put(chosen or name in _NUMERIC, instead_of=count) + size

    def _reference(self, kind: int, rest: bytes) -> int:
        sheet, size = self._sheet, 4
        if kind == _ELSEWHERE:
            sheet, size = self._formulas.tabs[struct.unpack_from("<H", rest)[0]], 6
        row, column = struct.unpack_from("<2H", rest, size - 4)
        if kind == _RELATIVE:
            row = (row + self._at[0]) & 0xFFFF if column & 0x8000 else row
            column = column + self._at[1] if column & 0x4000 else column
        return self._put(self._formulas.gives_number((sheet, (row, column & 0xFF)))) + size


def _first_text(tokens: bytes) -> str:
    """The text that a formula begins with, as the address in HYPERLINK stands first."""
    length, is_wide = tokens[1], tokens[2] & 1
    raw = tokens[3 : 3 + length * (1 + is_wide)]
    return raw.decode("utf-16-le" if is_wide else "latin-1", "replace")


def _counted(record: bytes, start: int) -> bytes:
    """Tokens with their length before them."""
    (length,) = struct.unpack_from("<H", record, start)
    return record[start + 2 : start + 2 + length]
