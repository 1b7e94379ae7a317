"""Writes the finished package: the parts of a workbook, of which most is the same for every respondent.

A part is text with places in it. What is the same is deflated once for all packages. That may be done piece by piece: a
deflated part is a sequence of blocks (RFC 1951, section 2), and blocks that know nothing of one another can follow each
other. So one more package costs what is different in it. The same content gives the same bytes.
"""

import re
import struct
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from io import BytesIO
from xml.sax.saxutils import escape

_LEVEL, _QUICK_LEVEL = 6, 4
"""How thoroughly is deflated what is the same in all packages, and what is not."""

_APART = 16_384
"""Characters from which on a stretch is deflated by itself; a shorter one takes less room with its neighbours."""

_TOGETHER = 65_536
"""Characters from which on a stretch with places ends: one in whose places nothing is given is deflated once."""

_RAW = -15  # deflated without a header of its own, as the zip format wants it
_LAST_BLOCK = b"\x03\x00"  # an empty block that is marked as the last

# The records of a zip file (APPNOTE.TXT, 4.3.7, 4.3.12 and 4.3.16). All parts are of the first day that it knows.
_LOCAL, _CENTRAL, _END = struct.Struct("<4s5H3I2H"), struct.Struct("<4s6H3I5H2I"), struct.Struct("<4s4H2IH")
_VERSION, _METHOD, _TIME, _DAY = 20, 8, 0, (1 << 5) | 1  # 2.0, deflated, midnight, 1980-01-01


UNWRITABLE = re.compile("[\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]")
"""What XML cannot hold (XML 1.0, section 2.2)."""

_LIKE_AN_ESCAPE = re.compile("_(?=x[0-9A-Fa-f]{4}_)")


@dataclass(frozen=True)
class Place:
    """A stretch of a part that may differ: what it is called, and what stands there otherwise (None: always given)."""

    key: str
    otherwise: str | None = None


Pieces = Sequence[str | Place]
"""A part from its beginning to its end."""


def parts_of(package: bytes) -> dict[str, str]:
    """The parts of a workbook by name; what is not text, a picture, comes through as it is (PEP 383)."""
    with zipfile.ZipFile(BytesIO(package)) as source:
        return {name: source.read(name).decode(errors="surrogateescape") for name in source.namelist()}


def xml_text(text: str) -> str:
    """A text as it stands in a part; programs take “_x0041_” for an escaped letter (ECMA-376 part 1, 22.9.2.19)."""
    return escape(_LIKE_AN_ESCAPE.sub("_x005F_", UNWRITABLE.sub("", text)), {'"': "&quot;"})


class Package:
    """A package in the making: its parts by name, with their places."""

    def __init__(self, parts: Mapping[str, Pieces]) -> None:
        self._parts = {name: tuple(_runs(pieces)) for name, pieces in parts.items()}

    def filled(self, everywhere: Mapping[str, str], within: Mapping[str, Mapping[str, str]]) -> bytes:
        """The finished package; in the places stands what is given for all parts or, by its name, for one."""
        entries = []
        for name, runs in self._parts.items():
            given = {**everywhere, **within[name]} if name in within else everywhere
            entries.append(_Entry.of(name, [run.filled(given) for run in runs]))
        return _zipped(entries)


@dataclass(frozen=True)
class _Fixed:
    """A stretch that is the same in all packages; also what a stretch with places is once these are filled."""

    content: bytes
    deflated: bytes

    @classmethod
    def of(cls, content: bytes, level: int) -> "_Fixed":
        packer = zlib.compressobj(level, zlib.DEFLATED, _RAW)
        # A full flush ends on a whole byte and without the mark of a last block: another stretch can follow.
        return cls(content, packer.compress(content) + packer.flush(zlib.Z_FULL_FLUSH))

    def filled(self, _given: Mapping[str, str]) -> "_Fixed":
        return self


class _Mixed:
    """A stretch with places."""

    def __init__(self, pieces: Pieces) -> None:
        texts = (piece if isinstance(piece, str) else piece.otherwise or "" for piece in pieces)
        self._contents = [_encoded(text) for text in texts]
        self._places: dict[str, list[int]] = {}
        for number, piece in enumerate(pieces):
            if isinstance(piece, Place):
                self._places.setdefault(piece.key, []).append(number)
        self._needed = {piece.key for piece in pieces if isinstance(piece, Place) and piece.otherwise is None}

    def filled(self, given: Mapping[str, str]) -> _Fixed:
        if missing := self._needed - given.keys():
            raise KeyError(*sorted(missing))
        places = self._places.keys() & given.keys()
        if not places:
            return self._otherwise
        contents = self._contents.copy()
        for key in places:
            content = _encoded(given[key])
            for number in self._places[key]:
                contents[number] = content
        return _Fixed.of(b"".join(contents), _QUICK_LEVEL)

    @cached_property
    def _otherwise(self) -> _Fixed:
        return _Fixed.of(b"".join(self._contents), _LEVEL)


def _encoded(text: str) -> bytes:
    return text.encode(errors="surrogateescape")


def _runs(pieces: Pieces) -> Iterator[_Fixed | _Mixed]:
    """The stretches of a part: those worth deflating once, and between them those with places."""
    mixed: list[str | Place] = []
    size = 0
    for piece in pieces:
        is_fixed = isinstance(piece, str) and (len(piece) >= _APART or len(pieces) == 1)
        if mixed and (is_fixed or size >= _TOGETHER):
            yield _Mixed(mixed)
            mixed, size = [], 0
        if isinstance(piece, str) and is_fixed:
            yield _Fixed.of(_encoded(piece), _LEVEL)
        else:
            mixed.append(piece)
            size += len(piece if isinstance(piece, str) else piece.otherwise or "")
    if mixed:
        yield _Mixed(mixed)


@dataclass(frozen=True)
class _Entry:
    """A part as it stands in the zip file."""

    name: bytes
    crc: int
    size: int
    deflated: bytes

    @classmethod
    def of(cls, name: str, stretches: Iterable[_Fixed]) -> "_Entry":
        crc, size, deflated = 0, 0, []
        for stretch in stretches:
            crc = zlib.crc32(stretch.content, crc)
            size += len(stretch.content)
            deflated.append(stretch.deflated)
        return cls(name.encode("ascii"), crc, size, b"".join((*deflated, _LAST_BLOCK)))


def _zipped(entries: Sequence[_Entry]) -> bytes:
    package, directory = bytearray(), bytearray()
    for entry in entries:
        header = (_VERSION, 0, _METHOD, _TIME, _DAY, entry.crc, len(entry.deflated), entry.size, len(entry.name), 0)
        directory += _CENTRAL.pack(b"PK\x01\x02", _VERSION, *header, 0, 0, 0, 0, len(package)) + entry.name
        package += _LOCAL.pack(b"PK\x03\x04", *header) + entry.name + entry.deflated
    end = _END.pack(b"PK\x05\x06", 0, 0, len(entries), len(entries), len(directory), len(package), 0)
    return bytes(package + directory + end)
