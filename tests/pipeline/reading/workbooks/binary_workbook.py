"""Owns .xlsb workbooks, put together record by record ([MS-XLSB] 2.4), since no program here writes them."""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence

from tests.pipeline.reading.workbooks.small_package import Parts, packed, relations

Cell = bytes
Run = tuple[int, int]
"""Where in a text a font begins, and its number."""

GENERAL, PERCENT, STRUCK, OWN = range(4)
"""The styles of a workbook."""

PLAIN, CROSSED_OUT, RAISED = range(3)
"""Its fonts."""


def record(kind: int, content: bytes = b"") -> bytes:
    kinds = bytes([kind]) if kind < 128 else bytes([kind & 0x7F | 0x80, kind >> 7])
    size, sizes = len(content), b""
    while True:
        sizes += bytes([size & 0x7F | (0x80 if size > 0x7F else 0)])
        size >>= 7
        if not size:
            return kinds + sizes + content


def text(content: str) -> bytes:
    return struct.pack("<I", len(content)) + content.encode("utf-16-le")


def rich(content: str, *runs: Run) -> bytes:
    """A text with fonts of its own from some places on."""
    if not runs:
        return b"\0" + text(content)
    return b"\1" + text(content) + struct.pack("<I", len(runs)) + b"".join(struct.pack("<2H", *run) for run in runs)


def row(number: int, *cells: Cell, hidden: bool = False) -> bytes:
    return record(0, struct.pack("<IIHBB", number, 0, 300, 0, 0x10 if hidden else 0) + bytes(5)) + b"".join(cells)


def real(column: int, number: float, style: int = GENERAL) -> Cell:
    return record(5, struct.pack("<IId", column, style, number))


def shared(column: int, number: int, style: int = GENERAL) -> Cell:
    return record(7, struct.pack("<III", column, style, number))


def typed(column: int, content: str, style: int = GENERAL) -> Cell:
    return record(6, struct.pack("<II", column, style) + text(content))


def error(column: int, code: int = 0x17) -> Cell:
    return record(3, struct.pack("<IIB", column, GENERAL, code))


def formula(column: int, result: str) -> Cell:
    return record(8, struct.pack("<II", column, GENERAL) + text(result) + bytes(10))


def formula_error(column: int, code: int = 0x17) -> Cell:
    return record(11, struct.pack("<IIB", column, GENERAL, code) + bytes(10))


def sheet(*rows: bytes, after: bytes = b"") -> bytes:
    head = record(129) + record(148, struct.pack("<4I", 0, 99, 0, 99)) + record(145)
    return head + b"".join(rows) + record(146) + after + record(130)


def styles(own_format: str = '0" mil"') -> bytes:
    fonts = b"".join(
        record(43, struct.pack("<4H", 220, flags, 400, raised) + bytes(12) + text("Calibri"))
        for flags, raised in ((0, 0), (0x08, 0), (0, 1))
    )
    forms = ((0, PLAIN), (9, PLAIN), (0, CROSSED_OUT), (164, PLAIN))
    cells = b"".join(record(47, struct.pack("<3H", 0, *form) + bytes(10)) for form in forms)
    return (
        record(278)
        + record(615, struct.pack("<I", 1)) + record(44, struct.pack("<H", 164) + text(own_format)) + record(616)
        + record(611, struct.pack("<I", 3)) + fonts + record(612)
        + record(626, struct.pack("<I", 1)) + record(47, struct.pack("<3H", 0xFFFF, 9, CROSSED_OUT) + bytes(10)) + record(627)
        + record(617, struct.pack("<I", len(forms))) + cells + record(618)
        + record(279)
    )  # fmt: skip


def strings(items: Sequence[bytes]) -> bytes:
    count = struct.pack("<II", len(items), len(items))
    return record(159, count) + b"".join(record(19, item) for item in items) + record(160)


def workbook(names: Sequence[str]) -> bytes:
    tabs = (
        record(156, struct.pack("<II", 0, number) + text(f"rId{number}") + text(name))
        for number, name in enumerate(names, 1)
    )
    head = record(131) + record(153, struct.pack("<II", 0, 0)) + record(143)
    return head + b"".join(tabs) + record(144) + record(157) + record(132)


def binary_parts(
    sheets: Mapping[str, bytes], items: Sequence[bytes] = (), own_format: str = '0" mil"', related: Parts | None = None
) -> Parts:
    """The parts of a workbook with these sheets and shared texts; `related` are parts that the first sheet refers to."""
    targets = [("worksheet", f"worksheets/sheet{number}.bin") for number in range(1, len(sheets) + 1)]
    targets += [("styles", "styles.bin"), ("sharedStrings", "sharedStrings.bin")]
    types = b'<Types><Override ContentType="application/vnd.ms-excel.sheet.binary.macroEnabled.main"/></Types>'
    parts = {
        "[Content_Types].xml": types,
        "_rels/.rels": relations(("officeDocument", "xl/workbook.bin")),
        "xl/workbook.bin": workbook(list(sheets)),
        "xl/_rels/workbook.bin.rels": relations(*targets),
        "xl/styles.bin": styles(own_format),
        "xl/sharedStrings.bin": strings(items),
    }
    parts |= {f"xl/worksheets/sheet{number}.bin": part for number, part in enumerate(sheets.values(), 1)}
    return parts | (related or {})


def binary_book(sheets: Mapping[str, bytes], items: Sequence[bytes] = (), **more: Parts | None) -> bytes:
    return packed(binary_parts(sheets, items, related=more.get("related")))
