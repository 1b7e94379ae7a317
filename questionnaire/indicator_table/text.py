"""Owns the step from the bytes of an indicator table to its text; never looks at what the text says."""

from __future__ import annotations

import re
from pathlib import Path

from questionnaire.indicator_table.encodings import single_byte_encoding, wide_encoding
from questionnaire.indicator_table.records import IndicatorTableError, Irregularity

MAXIMUM_BYTES = 5_000_000

_SAVE_AS_TEXT = "Open it in the program that made it and save the table as plain text (UTF-8)."
_SAVE_AS_UTF8 = "Save the file again as plain text with the encoding UTF-8."
_OTHER_FORMATS = (
    (b"PK\x03\x04", "an Office file (xlsx, docx, odt) or another zip archive"),
    (b"\xd0\xcf\x11\xe0", "an old Office file (xls, doc)"),
    (b"%PDF", "a PDF file"),
    (b"{\\rtf", "a rich text (RTF) file"),
)
_NAMES = {
    "cp1252": "Windows-1252 (which includes Latin-1)",
    "mac_roman": "Mac OS Roman, since its accented letters make sense only so",
    "cp850": "code page 850 (MS-DOS), since its accented letters make sense only so",
}
_UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")
_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1f\x7f]")
# Accented letters and curly quotes as UTF-8 writes them: a file that has some cannot be Windows-1252.
_UTF8_SEQUENCE = re.compile(rb"[\xc3-\xc5][\x80-\xbf]|\xe2\x80[\x80-\xbf]")


def read_text(path: Path) -> tuple[str, list[Irregularity]]:
    """The text of the file, and which encoding was assumed if it is not UTF-8.

    Raises IndicatorTableError if the file cannot be opened, is too large, or is no text.
    """
    source = path.name
    try:
        data = _bytes_within_limit(path)
    except OSError as error:
        what = f"The file cannot be opened ({error.strerror})."
        raise IndicatorTableError(source, None, what, "Check its name and that it may be read.") from error
    for start, name in _OTHER_FORMATS:
        if data.startswith(start):
            raise IndicatorTableError(source, None, f"This is {name}, not plain text.", _SAVE_AS_TEXT)
    return decode(data, source)


def _bytes_within_limit(path: Path) -> bytes:
    with path.open("rb") as file:
        data = file.read(MAXIMUM_BYTES + 1)
    if len(data) > MAXIMUM_BYTES:
        raise IndicatorTableError(
            path.name,
            None,
            "The file is larger than 5 MB, far more than an indicator table holds.",
            "Keep only the table in the file.",
        )
    return data


def decode(data: bytes, source: str) -> tuple[str, list[Irregularity]]:
    """Bytes as text: UTF-8 or UTF-16, with a byte order mark or without, else the single bytes that make most sense."""
    if data.startswith(_UTF16_MARKS):
        return _decode_strictly(data, "utf-16", source), [_assumed("UTF-16, from its byte order mark")]
    if wide := wide_encoding(data):
        return _decode_strictly(data, wide, source), [_assumed("UTF-16, from its pattern of bytes")]
    control = _CONTROL.search(data)
    if control:
        what = f"The file holds the byte {control.group()[0]:#04x}, which no plain text has."
        raise IndicatorTableError(source, _line_at(data, control.start()), what, _SAVE_AS_TEXT)
    try:
        return data.decode("utf-8-sig"), []
    except UnicodeDecodeError as error:
        if _UTF8_SEQUENCE.search(data):
            what = "Most of the file is UTF-8, but this line is not: some characters are damaged."
            raise IndicatorTableError(source, _line_at(data, error.start), what, _SAVE_AS_UTF8) from error
    encoding = single_byte_encoding(data)
    return _decode_strictly(data, encoding, source), [_assumed(_NAMES[encoding])]


def _decode_strictly(data: bytes, encoding: str, source: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        what = "The characters of the file can be read neither as UTF-8 nor as Windows-1252."
        raise IndicatorTableError(source, _line_at(data, error.start), what, _SAVE_AS_UTF8) from error


def _assumed(encoding: str) -> Irregularity:
    return Irregularity(1, "encoding", f"The file is not UTF-8; it was read as {encoding}: check accents.")


def _line_at(data: bytes, position: int) -> int:
    return len(re.split(rb"\r\n|\n|\r", data[:position]))
