"""Owns telling what kind of file some bytes are, by their content alone: a name or an extension proves nothing."""

import codecs
import io
import re
import zipfile
from enum import StrEnum


class Format(StrEnum):
    """What a file is, as far as it matters to whoever asks for a better one."""

    XLSX = "xlsx"
    XLSM = "xlsm"
    XLSB = "xlsb"
    XLS = "xls"
    ODS = "ods"
    ENCRYPTED = "encrypted"
    TEXT = "text"
    PDF = "pdf"
    DOCUMENT = "document"
    IMAGE = "image"
    ARCHIVE = "archive"
    MAIL = "mail"
    EMPTY = "empty"
    OTHER = "other"


ZIPPED = frozenset({Format.XLSX, Format.XLSM, Format.XLSB, Format.ODS})
WORKBOOKS = ZIPPED | {Format.XLS}
READABLE = WORKBOOKS | {Format.ENCRYPTED}
"""What is worth an attempt: programs lock workbooks with a password of their own, too, which nobody has to know."""

_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_STARTS = (
    ((b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"II*\x00", b"MM\x00*"), Format.IMAGE),
    ((b"7z\xbc\xaf\x27\x1c", b"Rar!\x1a\x07", b"\x1f\x8b", b"BZh", b"\xfd7zXZ"), Format.ARCHIVE),
    ((b"{\\rtf",), Format.DOCUMENT),
)
_MAIL_HEADER = re.compile(
    rb"(?:Return-Path|Received|Delivered-To|MIME-Version|Message-ID|X-[\w-]+): |From ", re.IGNORECASE
)
_OPENDOCUMENT = b"application/vnd.oasis.opendocument."
_TEXT_SAMPLE = 65536

# Streams of an OLE file tell what it is; their names stand in its directory in UTF-16.
_OLE_STREAMS = (
    ("EncryptedPackage", Format.ENCRYPTED),
    ("Workbook", Format.XLS),
    ("Book", Format.XLS),
    ("__nameid_version1.0", Format.MAIL),
    ("WordDocument", Format.DOCUMENT),
    ("PowerPoint Document", Format.DOCUMENT),
)


def sniff(data: bytes) -> Format:
    """The format of a file's content."""
    if not data.strip(b"\0 \t\r\n"):
        return Format.EMPTY
    if data.startswith(_ZIP):
        return _of_zip(data)
    if data.startswith(_OLE):
        return next((found for name, found in _OLE_STREAMS if name.encode("utf-16-le") in data), Format.OTHER)
    if b"%PDF-" in data[:1024]:
        return Format.PDF
    known = next((found for starts, found in _STARTS if data.startswith(starts)), None)
    if known is not None:
        return known
    if _MAIL_HEADER.match(data):
        return Format.MAIL
    return Format.TEXT if _is_text(data[:_TEXT_SAMPLE]) else Format.OTHER


def _of_zip(data: bytes) -> Format:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            names = set(package.namelist())
            if "mimetype" in names and package.getinfo("mimetype").file_size < 200:
                return _of_opendocument(package.read("mimetype").strip())
            types = _content_types(package)
    except Exception:
        names, types = set(), b""
    if b"macroEnabled.main" in types and "xl/workbook.xml" in names:
        return Format.XLSM
    if "xl/workbook.bin" in names or b"sheet.binary" in types:
        return Format.XLSB
    if "xl/workbook.xml" in names or b"spreadsheetml.sheet.main" in types:
        return Format.XLSX
    if {"word/document.xml", "ppt/presentation.xml"} & names:
        return Format.DOCUMENT
    return Format.ARCHIVE if names else _of_damaged(data)


def _of_damaged(data: bytes) -> Format:
    """What a package cut short was, by the names of its parts: "damaged workbook" says more than "archive"."""
    if _OPENDOCUMENT + b"spreadsheet" in data[:200]:
        return Format.ODS
    return Format.XLSX if b"xl/" in data else Format.ARCHIVE


def _content_types(package: zipfile.ZipFile) -> bytes:
    name = "[Content_Types].xml"
    if name not in package.namelist() or package.getinfo(name).file_size > 1_000_000:
        return b""
    return package.read(name)


def _of_opendocument(mimetype: bytes) -> Format:
    if not mimetype.startswith(_OPENDOCUMENT):
        return Format.ARCHIVE
    return Format.ODS if mimetype.startswith(_OPENDOCUMENT + b"spreadsheet") else Format.DOCUMENT


def _is_text(sample: bytes) -> bool:
    if sample.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return True
    if b"\0" in sample:
        return False
    try:
        codecs.getincrementaldecoder("utf-8")().decode(sample)
    except UnicodeDecodeError:
        # Western single-byte texts hold no control characters but white space.
        return not re.search(rb"[\x01-\x08\x0e-\x1a\x1c-\x1f]", sample)
    return True
