"""Reads the values of cells that are written in the plain usual way, as the reading library would.

Whatever might be read in two ways is left to the library: a text with blanks around it, the number of no text.
"""

import re
from collections.abc import Callable, Mapping
from html import unescape
from typing import TypeVar

Value = str | float | bool

SHARED, NUMBER = "s", "n"
"""The types of a cell with the number of a shared text, and of one that states none."""

_ALL_TEXTS = re.compile(
    rb'(?:<\?xml [^<>?]*\?>)?\s*<sst(?: [A-Za-z\d:]+="[^"<>&]*")*>(?:<si>(.*)</si>)?</sst>\s*', re.DOTALL
)
_BETWEEN_TEXTS = b"</si><si>"
_TEXT = re.compile(rb"<t( xml:space=\"preserve\")?>([^<]*)</t>")
_ESCAPED = re.compile(r"_x[\dA-Fa-f]{4}_")
"""What programs write for a sign that no part of XML may hold, and for the end of a line."""

_NUMBER = re.compile(rb"-?(?:0|[1-9]\d{0,17})(?:\.\d{1,20})?(?:[eE][+-]?\d{1,2})?")
_INDEX = re.compile(rb"0|[1-9]\d{0,7}")
_LOGICAL_VALUES = {b"0": False, b"1": True}
_NO_SIGNS = bytes(sorted({*range(0x20)} - {*b"\t\n\r"}))
_ODD_ENTITY = re.compile(rb"&(?!(?:amp|lt|gt|quot|apos);)")


_KEPT, _LONGEST_KEPT = 16_384, 1024
"""How many values of a sort are known by what they are read as, and their bytes."""

Read = TypeVar("Read")


class UnsureError(Exception):
    """A value that might be read in two ways."""


class _Known(dict[bytes, Read]):
    """What was written before, by what it is read as: most is the form's own, in every return."""

    def __init__(self, read: Callable[[bytes], Read]) -> None:
        super().__init__()
        self._read = read

    def __missing__(self, written: bytes) -> Read:
        read = self._read(written)
        if len(written) <= _LONGEST_KEPT:
            if len(self) >= _KEPT:
                self.clear()
            self[written] = read
        return read


Reader = _Known[Value | None]
"""What is written in cells of a type by what it says, None for nothing; of shared texts it says their numbers."""


def shared_texts(part: bytes) -> list[str]:
    """The shared texts of a workbook; raises UnsureError where they are more than texts."""
    found = _ALL_TEXTS.fullmatch(part)
    if found is None:
        raise UnsureError
    return list(map(_TEXTS.__getitem__, found[1].split(_BETWEEN_TEXTS))) if found[1] is not None else []


def _shared_text(piece: bytes) -> str:
    found = _TEXT.fullmatch(piece)
    if found is None or not is_text(found[2]):
        raise UnsureError
    return _as_read(found[2]) if found[1] else _own_text(found[2])


def _own_text(written: bytes) -> str:
    """A text with nothing around it that programs may leave out."""
    text = _as_read(written)
    if text != text.strip():
        raise UnsureError
    return text


def _index(written: bytes) -> int:
    if not _INDEX.fullmatch(written):
        raise UnsureError
    return int(written)


def _number(written: bytes) -> float | None:
    if written and not _NUMBER.fullmatch(written):
        raise UnsureError
    return float(written) if written else None


def _logical(written: bytes) -> bool:
    if written not in _LOGICAL_VALUES:
        raise UnsureError
    return _LOGICAL_VALUES[written]


def _as_read(written: bytes) -> str:
    """A text as it is read; raises UnsureError where programs take it for another."""
    text = written.decode()
    if "\r" in text or ("_x" in text and _ESCAPED.search(text)):
        raise UnsureError
    return unescape(text) if "&" in text else text


def is_text(values: bytes) -> bool:
    """True for texts that the parser takes as they are, but for the five signs that are written in letters."""
    is_plain = not _ODD_ENTITY.search(values) and b"]]>" not in values
    return is_plain and len(values.translate(None, _NO_SIGNS)) == len(values) and is_utf_8(values)


def is_utf_8(content: bytes) -> bool:
    """True for what is UTF-8, without the two signs in it that are none."""
    try:
        text = content.decode()
    except UnicodeDecodeError:
        return False
    return "\ufffe" not in text and "\uffff" not in text


_TEXTS = _Known(_shared_text)
READERS: Mapping[str, Reader] = {
    SHARED: _Known(_index), "str": _Known(_as_read), "inlineStr": _Known(_own_text), "b": _Known(_logical),
    NUMBER: _Known(_number),
}  # fmt: skip
"""How what is written in a cell of a type is read; each raises UnsureError."""
