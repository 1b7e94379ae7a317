"""Writes the finished package: the parts of a workbook, of which most is the same for every respondent.

A part is text with places in it. A long stretch in whose places nothing is given is deflated once for all packages that
leave it so. That may be done stretch by stretch: a deflated part is a sequence of blocks (RFC 1951, section 2), and
blocks that know nothing of one another can follow each other. So one more package costs what is different in it, and
what stands close by. The same content gives the same bytes.
"""

import re
import struct
import zipfile
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from io import BytesIO
from itertools import accumulate, pairwise
from typing import NamedTuple
from xml.sax.saxutils import escape

_LEVEL, _QUICK_LEVEL = 6, 2
"""How thoroughly is deflated what is the same in all packages, and what is not."""

_APART = 16_384
"""Bytes from which on what is the same is a stretch of its own; less takes less room with its neighbours."""

_MOST_KEPT = 256
"""Stretches of a part that are kept; those of respondents who answer differently begin and end elsewhere."""

_RAW = -15  # deflated without a header of its own, as the zip format wants it
_LAST_BLOCK = b"\x03\x00"  # an empty block that is marked as the last

# The records of a zip file (APPNOTE.TXT, 4.3.7, 4.3.12 and 4.3.16). All parts are of the first day that it knows.
_LOCAL, _CENTRAL, _END = struct.Struct("<4s5H3I2H"), struct.Struct("<4s6H3I5H2I"), struct.Struct("<4s4H2IH")
_VERSION, _METHOD, _TIME, _DAY = 20, 8, 0, (1 << 5) | 1  # 2.0, deflated, midnight, 1980-01-01


UNWRITABLE = re.compile("[\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]")
"""What XML cannot hold (XML 1.0, section 2.2)."""

_NOT_PLAIN = re.compile(UNWRITABLE.pattern + '|[&<>"_]')
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
    if not _NOT_PLAIN.search(text):
        return text
    return escape(_LIKE_AN_ESCAPE.sub("_x005F_", UNWRITABLE.sub("", text)), {'"': "&quot;"})


class Package:
    """A package in the making: its parts by name, with their places."""

    def __init__(self, parts: Mapping[str, Pieces]) -> None:
        self._parts = [_Part(name, pieces) for name, pieces in parts.items()]

    def filled(self, everywhere: Mapping[str, str], within: Mapping[str, Mapping[str, str]]) -> bytes:
        """The finished package; in the places stands what is given for all parts or, by its name, for one."""
        return _zipped([part.filled({**everywhere, **within.get(part.name, {})}) for part in self._parts])


class _Entry(NamedTuple):
    """A part as it stands in the zip file."""

    name: bytes
    crc: int
    size: int
    deflated: bytes

    @classmethod
    def of(cls, name: str, content: bytes, stretches: Iterable[bytes]) -> "_Entry":
        return cls(name.encode("ascii"), zlib.crc32(content), len(content), b"".join((*stretches, _LAST_BLOCK)))


class _Part:
    """A part in the making: what stands in each of its pieces if nothing is given, and which of them are places."""

    def __init__(self, name: str, pieces: Pieces) -> None:
        self.name = name
        self._contents = [_encoded(piece if isinstance(piece, str) else piece.otherwise or "") for piece in pieces]
        self._begins = list(accumulate(map(len, self._contents), initial=0))
        self._places: dict[str, list[int]] = {}
        for number, piece in enumerate(pieces):
            if isinstance(piece, Place):
                self._places.setdefault(piece.key, []).append(number)
        self._needed = {piece.key for piece in pieces if isinstance(piece, Place) and piece.otherwise is None}
        # Whoever leaves out the same questions has the same stretches between the others.
        self._kept = lru_cache(maxsize=_MOST_KEPT)(self._stretch)

    def filled(self, given: Mapping[str, str]) -> _Entry:
        """The part with what is given in its places."""
        if missing := self._needed - given.keys():
            raise KeyError(*sorted(missing))
        contents, changed = self._contents.copy(), []
        for key, text in given.items():
            if numbers := self._places.get(key):
                content = _encoded(text)
                for number in numbers:
                    contents[number] = content
                changed += numbers
        return self._changed(contents, sorted(changed)) if changed else self._unchanged

    @cached_property
    def _unchanged(self) -> _Entry:
        return _Entry.of(self.name, b"".join(self._contents), [self._stretch(0, len(self._contents))])

    def _changed(self, contents: Sequence[bytes], changed: Iterable[int]) -> _Entry:
        """The part with these contents, of which those pieces are changed."""
        stretches = []
        done = 0
        for before, after in pairwise((-1, *changed, len(contents))):
            start = before + 1
            if self._begins[after] - self._begins[start] >= _APART:
                stretches += [_deflated(b"".join(contents[done:start]), _QUICK_LEVEL), self._kept(start, after)]
                done = after
        stretches.append(_deflated(b"".join(contents[done:]), _QUICK_LEVEL))
        return _Entry.of(self.name, b"".join(contents), stretches)

    def _stretch(self, start: int, end: int) -> bytes:
        """Some pieces one after the other in which nothing is given."""
        return _deflated(b"".join(self._contents[start:end]), _LEVEL)


def _deflated(content: bytes, level: int) -> bytes:
    """A stretch that knows nothing of any other: it ends on a whole byte, and another one can follow."""
    packer = zlib.compressobj(level, zlib.DEFLATED, _RAW)
    return packer.compress(content) + packer.flush(zlib.Z_FULL_FLUSH) if content else b""


def _encoded(text: str) -> bytes:
    return text.encode(errors="surrogateescape")


def _zipped(entries: Sequence[_Entry]) -> bytes:
    package, directory = bytearray(), bytearray()
    for entry in entries:
        header = (_VERSION, 0, _METHOD, _TIME, _DAY, entry.crc, len(entry.deflated), entry.size, len(entry.name), 0)
        directory += _CENTRAL.pack(b"PK\x01\x02", _VERSION, *header, 0, 0, 0, 0, len(package)) + entry.name
        package += _LOCAL.pack(b"PK\x03\x04", *header) + entry.name + entry.deflated
    end = _END.pack(b"PK\x05\x06", 0, 0, len(entries), len(entries), len(directory), len(package), 0)
    return b"".join((package, directory, end))
