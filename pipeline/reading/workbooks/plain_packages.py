"""Writes a package the way the reading library takes it, where a program wrote it in another way that is as good.

The library reads parts in UTF-8 alone, loses a number with a comment, a CDATA section or a character by its number in
it, follows relations only to plain paths, and knows eight errors by their texts.
"""

import codecs
import io
import posixpath
import re
import zipfile
from collections.abc import Callable
from html import escape, unescape

from pipeline.reading.workbooks.office.binary_records import spans
from pipeline.receiving.zip_gate import PackageError, read_parts

_XML = (".xml", ".rels", ".vml")
_WIDE = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE, b"<\0", b"\0<")
_DECLARED = re.compile(r"<\?xml[^>]*?\sencoding=[\"']([\w.-]+)[\"'][^>]*\?>")
_READ = frozenset({"utf-8", "utf8", "us-ascii"})
_TARGET = re.compile(rb"(?<=\sTarget=)([\"'])([^\"':]*)\1")
_ERROR = re.compile(
    rb"(<(?:\w+:)?c\s[^>]*?\bt=[\"']e[\"'][^>]*>(?:(?!</?(?:\w+:)?c[\s>]).)*?<(?:\w+:)?v>)([^<]*)"
    rb"(?=</(?:\w+:)?v>)",
    re.DOTALL,
)
_HOLDS_CELLS = re.compile(rb"<(?:\w+:)?(?:sheetData|sst)[\s/>]")
_COMMENT, _CDATA = re.compile(rb"<!--.*?-->", re.DOTALL), re.compile(rb"<!\[CDATA\[(.*?)\]\]>", re.DOTALL)
_BY_NUMBER = re.compile(rb"(?<=<v>)[\d.eE+-]*&#[^<]*")
_ODD = ((b"<!--", _COMMENT), (b"<![CDATA[", _CDATA), (b"&#", _BY_NUMBER))
_KNOWN = frozenset((b"#NULL!", b"#DIV/0!", b"#VALUE!", b"#REF!", b"#NAME?", b"#NUM!", b"#N/A", b"#DATA!"))
_SHEET, _BINARY_SHEET = re.compile(rb"<(?:\w+:)?sheetData[\s/>]"), b"\x81\x01"
_BINARY_ERROR, _ERROR_AT, _NOT_AVAILABLE = 3, 8, 0x2A
_BINARY_KNOWN = frozenset((0x00, 0x07, 0x0F, 0x17, 0x1D, 0x24, 0x2A, 0x2B))


class NotPlainError(PackageError):
    """A package with a part that is XML, but not in UTF-8, or with more than tags and texts between its cells."""


def check_plain(name: str, content: bytes, is_marked: bool = True) -> None:
    """Raise NotPlainError for a part of XML that the reading library would take for another text, or for none.

    `is_marked` is False for one that is known to hold tags and texts alone.
    """
    if not name.lower().endswith(_XML):
        return
    if _encoding(content) not in _READ:
        raise NotPlainError("workbook_damaged", f"{name} is not written in UTF-8")
    # Most parts have none of these signs, and the fewer letters a sign has, the faster it is not found.
    is_odd = is_marked or b"#" in content
    odd = [pattern for sign, pattern in _ODD if sign in content] if is_odd else []
    if odd and _HOLDS_CELLS.search(content) and any(pattern.search(content) for pattern in odd):
        raise NotPlainError("workbook_damaged", f"{name} has comments or marked sections between its cells")


def in_plain_xml(data: bytes) -> bytes:
    """The same package with all XML in UTF-8 and its cells without comments and marked sections.

    Raises PackageError for a part that is not in the encoding it states.
    """
    return _rewritten(data, _part_in_plain_xml)


def for_the_library(data: bytes) -> bytes:
    """The same package with plain paths in its relations, and with #N/A for errors that the library does not know."""
    return _rewritten(data, _plain)


def _rewritten(data: bytes, rewrite: Callable[[str, bytes], bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as package:
        for name, content in read_parts(data):
            package.writestr(name, rewrite(name, content))
    return packed.getvalue()


def _encoding(content: bytes) -> str:
    """The encoding of a part by its first bytes, else as it states it."""
    if content.startswith(_WIDE):
        return "utf-16-le" if content.startswith((codecs.BOM_UTF16_LE, b"<\0")) else "utf-16-be"
    declared = _DECLARED.match(content[:200].decode("latin-1").removeprefix("ï»¿"))
    return declared[1].lower() if declared else "utf-8"


def _part_in_plain_xml(name: str, content: bytes) -> bytes:
    if not name.lower().endswith(_XML):
        return content
    content = _encoded_plainly(name, content)
    if not _HOLDS_CELLS.search(content):
        return content
    content = _COMMENT.sub(b"", _CDATA.sub(lambda found: escape(found[1].decode()).encode(), content))
    return _BY_NUMBER.sub(lambda found: escape(unescape(found[0].decode()), quote=False).encode(), content)


def _encoded_plainly(name: str, content: bytes) -> bytes:
    encoding = _encoding(content)
    if encoding in _READ:
        return content
    try:
        text = content.decode(encoding).removeprefix("\ufeff")
    except (LookupError, UnicodeDecodeError) as error:
        raise PackageError("workbook_damaged", f"{name}: {error}") from error
    head = _DECLARED.match(text)
    return (text.replace(head[0], '<?xml version="1.0" encoding="UTF-8"?>', 1) if head else text).encode()


def _plain(name: str, content: bytes) -> bytes:
    if name.lower().endswith(".rels"):
        folder = posixpath.join("/", posixpath.dirname(posixpath.dirname(name.replace("\\", "/"))))
        return _TARGET.sub(lambda found: _target(found, folder), content)
    if content.startswith(_BINARY_SHEET):
        return _with_known_errors(content)
    return _ERROR.sub(_known, content) if _SHEET.search(content) else content


def _with_known_errors(part: bytes) -> bytes:
    """A sheet in records, each error in it one that the library knows."""
    made = bytearray(part)
    for kind, start, size in spans(part):
        if kind == _BINARY_ERROR and size > _ERROR_AT and made[start + _ERROR_AT] not in _BINARY_KNOWN:
            made[start + _ERROR_AT] = _NOT_AVAILABLE
    return bytes(made)


def _target(found: re.Match[bytes], folder: str) -> bytes:
    """The path of a part from the folder it lies in, the whole path where it lies elsewhere."""
    path = posixpath.normpath(posixpath.join(folder, found[2].decode("utf-8", "replace").replace("\\", "/")))
    return found[1] + path.removeprefix(f"{folder.rstrip('/')}/").encode() + found[1]


def _known(found: re.Match[bytes]) -> bytes:
    text = found[2].strip()
    return found[1] + (text if text in _KNOWN else b"#N/A")
