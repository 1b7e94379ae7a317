"""Goes through the records of the binary parts of an .xlsb workbook ([MS-XLSB] 2.1.4)."""

import struct
from collections.abc import Iterator


def records(part: bytes) -> Iterator[tuple[int, bytes]]:
    """The kind and content of each record."""
    for kind, start, size in spans(part):
        yield kind, part[start : start + size]


def spans(part: bytes) -> Iterator[tuple[int, int, int]]:
    """The kind of each record, where its content begins, and its size."""
    position = 0
    while position < len(part):
        kind, position = _number(part, position, 2)
        size, position = _number(part, position, 4)
        if position + size > len(part):
            return
        yield kind, position, size
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


def text_of(record: bytes) -> tuple[str, bytes]:
    """A text with its length before it, and what follows."""
    length = struct.unpack_from("<I", record)[0]
    end = 4 + 2 * length
    return record[4:end].decode("utf-16-le", "replace"), record[end:]
