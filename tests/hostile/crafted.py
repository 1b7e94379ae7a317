"""Makes files crafted to harm whoever opens them: bombs, loops, lies about sizes, broken structures, traps in names.

Each is a name and the bytes, or what is put there instead of a file; none is bigger than a few megabytes.
"""

from __future__ import annotations

import base64
import functools
import gzip
import io
import random
import struct
import zipfile
from collections.abc import Callable, Iterator, Mapping

import xlsxwriter

from tests.pipeline.mails import part, signed

_SHEET = "xl/worksheets/sheet1.xml"
_STRINGS = "xl/sharedStrings.xml"
_NAMESPACE = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
_ENTITIES = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
_LAUGHS = f'<!DOCTYPE x [<!ENTITY l0 "ha">{_ENTITIES}]>'
_EXTERNAL = '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
_MEGABYTE = 1024 * 1024

Parts = dict[str, bytes]


def crafted(questionnaire: bytes) -> Iterator[tuple[str, bytes]]:
    """(name, content) of every crafted file; some are damaged copies of a filled questionnaire."""
    for make in (_packages, _sheets, _cells, _workbooks, _opendocument, _old_format, _others, _mails):
        yield from make()
    yield from _damaged(questionnaire)


# --- zip packages -------------------------------------------------------------------------------------------


def _packages() -> Iterator[tuple[str, bytes]]:
    parts = _parts()
    yield "bomb-one-part.xlsx", _zip(parts | {_SHEET: _sheet("") + b" " * (40 * _MEGABYTE)})
    yield "bomb-many-parts.xlsx", _zip(parts | {f"xl/media/{n}.xml": b"" for n in range(6_000)})
    yield "bomb-nested.xlsx", _zip(parts | {"xl/media/1.zip": _nested(12)})
    yield "bomb-nested.zip", _nested(12)
    yield "bomb-quoted.zip", _overlapping()
    yield "size-lie.xlsx", _with_size(_zip(parts | {_SHEET: _sheet("") + b" " * (4 * _MEGABYTE)}), _SHEET, 100)
    yield "size-huge.xlsx", _with_size(_zip(parts), _SHEET, 0xFFFFFFF0)
    yield "encrypted-flag.xlsx", _with_flag(_zip(parts), 0x1)
    yield "twice.xlsx", _twice(parts)
    yield "traversal.xlsx", _zip(parts | {"../../../../tmp/escaped.xml": b"<x/>", "/tmp/escaped2.xml": b"<x/>"})
    yield "traversal.zip", _zip({"../../escaped.xlsx": _zip(parts), "..\\..\\escaped2.xlsx": _zip(parts)})
    yield "nul-name.zip", _zip({"a\0b.xlsx": _zip(parts), "x" * 300 + ".xlsx": _zip(parts)})
    yield "no-content-types.xlsx", _zip({name: part for name, part in parts.items() if "Content_Types" not in name})
    yield "bare-directory.xlsx", b"PK\x05\x06" + b"\0" * 18
    yield "bare-signature.xlsx", b"PK\x03\x04"
    yield "sfx.xlsx", b"MZ" + b"\x90" * 500 + _zip(parts)
    yield "prefixed.xlsx", b"\n\n" + _zip(parts)
    yield "trailing.xlsx", _zip(parts) + b"\0" * 5_000


# --- one worksheet ------------------------------------------------------------------------------------------


def _sheets() -> Iterator[tuple[str, bytes]]:
    deep = b"<a>" * 200_000
    contents: Mapping[str, bytes] = {
        "laughs": _sheet("<row r='1'><c r='A1' t='inlineStr'><is><t>&l9;</t></is></c></row>", _LAUGHS),
        "external": _sheet("<row r='1'><c r='A1' t='inlineStr'><is><t>&e;</t></is></c></row>", _EXTERNAL),
        "doctype-utf16": _sheet("", _LAUGHS).decode().encode("utf-16"),
        "far-cell": _sheet('<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'),
        "far-corners": _sheet(
            '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
        ),
        "far-wide": _sheet('<row r="1"><c r="XFD1"><v>1</v></c></row><row r="9999"><c r="A9999"><v>1</v></c></row>'),
        "dimension-lie": _sheet('<row r="1"><c r="A1"><v>1</v></c></row>', dimension="A1:XFD1048576"),
        "row-number-huge": _sheet('<row r="4294967295"><c r="A4294967295"><v>1</v></c></row>'),
        "row-number-negative": _sheet('<row r="-1"><c r="A-1"><v>1</v></c></row>'),
        "row-number-zero": _sheet('<row r="0"><c r="A0"><v>1</v></c></row>'),
        "column-huge": _sheet('<row r="1"><c r="ZZZZZZZZ1"><v>1</v></c></row>'),
        "address-empty": _sheet('<row r=""><c r=""><v>1</v></c></row>'),
        "rows-backwards": _sheet("".join(f'<row r="{n}"><c r="A{n}"><v>{n}</v></c></row>' for n in range(500, 0, -1))),
        "deep": b"<worksheet>" + deep,
        "long-attribute": _sheet(f'<row r="1" spans="{"9" * (5 * _MEGABYTE)}"><c r="A1"><v>1</v></c></row>'),
        "open-error-cells": _sheet('<row r="1">' + '<c r="A1" t="e"><v' * 60_000),
        "many-attributes": _sheet("<row " + " ".join(f'a{n}="1"' for n in range(50_000)) + "/>"),
        "not-utf8": _sheet("<row r='1'><c r='A1' t='inlineStr'><is><t>\xe9</t></is></c></row>").replace(
            b"\xc3\xa9", b"\xe9\xff"
        ),
        "nul": _sheet("<row r='1'><c r='A1' t='inlineStr'><is><t>a\0b</t></is></c></row>"),
        "truncated": _sheet('<row r="1"><c r="A1"><v>1</v></c></row>')[:120],
        "empty": b"",
        "no-xml": b"\x00\x01\x02 not xml at all",
        "merge-all": _sheet("", after='<mergeCells count="1"><mergeCell ref="A1:XFD1048576"/></mergeCells>'),
        "merge-many": _sheet("", after="<mergeCells>" + '<mergeCell ref="A1:B2"/>' * 50_000 + "</mergeCells>"),
        "merge-nonsense": _sheet("", after='<mergeCells><mergeCell ref="ZZZ0:-1"/></mergeCells>'),
        "one-million-rows": _sheet("<row/>" * 1_000_000),
    }
    for name, content in contents.items():
        yield f"sheet-{name}.xlsx", _zip(_parts() | {_SHEET: content})


def _cells() -> Iterator[tuple[str, bytes]]:
    values = {
        "infinite": '<c r="A1"><v>1e999</v></c>',
        "nan": '<c r="A1"><v>NaN</v></c>',
        "underscore": '<c r="A1"><v>1_000</v></c>',
        "no-number": '<c r="A1"><v>abc</v></c>',
        "string-index-far": '<c r="A1" t="s"><v>99999999</v></c>',
        "string-index-negative": '<c r="A1" t="s"><v>-1</v></c>',
        "style-far": '<c r="A1" s="4000000000"><v>1</v></c>',
        "bool-seven": '<c r="A1" t="b"><v>7</v></c>',
        "error-unknown": '<c r="A1" t="e"><v>#BOOM!</v></c>',
        "type-unknown": '<c r="A1" t="zz"><v>1</v></c>',
        "date-iso": '<c r="A1" t="d"><v>2024-13-45T99:99:99</v></c>',
        "formula-dde": '<c r="A1" t="str"><f>cmd|\'/C calc\'!A0</f><v>x</v></c>',
        "formula-webservice": '<c r="A1" t="str"><f>WEBSERVICE("http://127.0.0.1:9/x")</f><v>x</v></c>',
        "formula-shared-missing": '<c r="A1"><f t="shared" si="999"/><v>1</v></c>',
        "text-huge": f'<c r="A1" t="inlineStr"><is><t>{"x" * (3 * _MEGABYTE)}</t></is></c>',
        "text-escapes": '<c r="A1" t="inlineStr"><is><t>_x0000__x001B__xD800__xFFFF_</t></is></c>',
    }
    for name, cell in values.items():
        yield f"cell-{name}.xlsx", _zip(_parts() | {_SHEET: _sheet(f'<row r="1">{cell}</row>')})
    unique = f'<sst {_NAMESPACE} count="4000000000" uniqueCount="4000000000"><si><t>a</t></si></sst>'
    yield "strings-unique-count.xlsx", _zip(_parts() | {_STRINGS: unique.encode()})
    yield (
        "strings-laughs.xlsx",
        _zip(_parts() | {_STRINGS: f"<?xml version='1.0'?>{_LAUGHS}<sst {_NAMESPACE}/>".encode()}),
    )
    yield "strings-truncated.xlsx", _zip(_parts() | {_STRINGS: f"<sst {_NAMESPACE}><si><t>a".encode()})


def _workbooks() -> Iterator[tuple[str, bytes]]:
    parts = _parts()
    book, relations = parts["xl/workbook.xml"].decode(), parts["xl/_rels/workbook.xml.rels"].decode()
    sheet = book[book.index("<sheet ") : book.index("</sheets>")]
    many = "".join(f'<sheet name="s{n}" sheetId="{n + 1}" r:id="rId1"/>' for n in range(5_000))
    names = "".join(f'<definedName name="n{n}">n{n + 1}</definedName>' for n in range(50_000))
    books = {
        "no-sheets": book.replace(sheet, ""),
        "same-name-twice": book.replace(sheet, sheet + sheet),
        "five-thousand-sheets": book.replace(sheet, many),
        "name-long": book.replace('name="Sheet1"', f'name="{"n" * 5_000}"'),
        "name-control": book.replace('name="Sheet1"', 'name="a&#10;b&#x202E;c"'),
        "name-recursive": book.replace("</sheets>", f"</sheets><definedNames>{names}</definedNames>"),
        "laughs": book.replace("<workbook", f"{_LAUGHS}<workbook"),
        "chart-only": book,
    }
    for name, content in books.items():
        yield f"book-{name}.xlsx", _zip(parts | {"xl/workbook.xml": content.encode()})
    targets = {
        "missing": "worksheets/none.xml",
        "traversal": "../../../../../../etc/passwd",
        "absolute": "/etc/passwd",
        "network": "http://127.0.0.1:9/sheet.xml",
        "itself": "workbook.xml",
    }
    for name, target in targets.items():
        changed = relations.replace("worksheets/sheet1.xml", target).encode()
        yield f"target-{name}.xlsx", _zip(parts | {"xl/_rels/workbook.xml.rels": changed})
    yield "no-workbook.xlsx", _zip({name: part for name, part in parts.items() if name != "xl/workbook.xml"})
    yield "styles-broken.xlsx", _zip(parts | {"xl/styles.xml": b"<styleSheet><numFmts count='9999999999'>"})
    yield "macros-junk.xlsm", _zip(_with_macros(parts))


# --- other formats ------------------------------------------------------------------------------------------


def _opendocument() -> Iterator[tuple[str, bytes]]:
    cell = '<table:table-cell office:value-type="float" office:value="1"{}><text:p>1</text:p></table:table-cell>'
    wide = cell.format(' table:number-columns-repeated="16384"')
    contents = {
        "repeated-rows": f'<table:table-row table:number-rows-repeated="1048576">{wide}</table:table-row>',
        "repeated-huge": f'<table:table-row table:number-rows-repeated="4000000000">{cell.format("")}</table:table-row>',
        "repeated-negative": f'<table:table-row table:number-rows-repeated="-5">{cell.format("")}</table:table-row>',
        "repeated-empty": '<table:table-row table:number-rows-repeated="1048576"><table:table-cell/></table:table-row>'
        + f"<table:table-row>{cell.format('')}</table:table-row>",
    }
    for name, rows in contents.items():
        yield f"ods-{name}.ods", _ods(_content(rows))
    yield "ods-laughs.ods", _ods(_content("", _LAUGHS))
    yield "ods-truncated.ods", _ods(_content("")[:200])
    yield "ods-no-content.ods", _zip({"mimetype": b"application/vnd.oasis.opendocument.spreadsheet"})
    locked = (
        b"<manifest:manifest><manifest:file-entry><manifest:encryption-data/></manifest:file-entry></manifest:manifest>"
    )
    yield "ods-locked.ods", _ods(random.Random(1).randbytes(2_000), {"META-INF/manifest.xml": locked})
    yield "flat.fods", b'<?xml version="1.0"?>' + _content("")


def _old_format() -> Iterator[tuple[str, bytes]]:
    header = bytearray(512)
    header[:8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
    struct.pack_into("<HHHHH", header, 24, 0x3E, 3, 0xFFFE, 9, 6)
    loop = bytearray(header)
    struct.pack_into("<IIIIIIIII", loop, 44, 1, 0, 0, 4096, 0, 1, 0, 0, 0)
    directory = "Workbook".encode("utf-16-le").ljust(64, b"\0") + struct.pack("<HBB", 18, 2, 1) + b"\xff" * 12
    huge = bytearray(header)
    struct.pack_into("<IIIIIIIII", huge, 44, 0xFFFFFF, 0, 0, 4096, 0, 0xFFFFFF, 0, 0xFFFFFF, 0)
    yield "ole-header.xls", bytes(header) + "Workbook".encode("utf-16-le")
    yield "ole-loop.xls", bytes(loop) + directory.ljust(512, b"\0") + b"\0\0\0\0" * 128
    yield "ole-huge.xls", bytes(huge) + directory.ljust(1024, b"\0")
    yield "biff-bare.xls", struct.pack("<HHHH", 0x809, 4, 0x600, 0x10) + struct.pack("<HHII", 0x200, 8, 0, 0xFFFFFFFF)


def _others() -> Iterator[tuple[str, bytes]]:
    noise = random.Random(7)
    yield "empty.xlsx", b""
    yield "one-byte.xlsx", b"P"
    yield "zeros.xlsx", b"\0" * _MEGABYTE
    yield "noise.xlsx", noise.randbytes(65_536)
    yield "page.xls", b"<html><body><table><tr><td>1</td></tr></table></body></html>"
    yield "table.csv", b"a;b\n1;2\n"
    yield "pdf.xlsx", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"
    yield "picture.xlsx", b"\x89PNG\r\n\x1a\n" + b"\0" * 100
    yield "program.xlsx", b"MZ" + noise.randbytes(1_000)
    yield "letter.docx", _zip({"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<w/>"})
    yield "gzip-bomb.gz", gzip.compress(b"\0" * (64 * _MEGABYTE))
    yield "shortcut.url", b"[InternetShortcut]\nURL=file:///etc/passwd\x1b[2J\n"
    yield "shortcut-lines.url", b"[InternetShortcut]\n" + b" \n\t" * 9_000 + b"URL"
    yield "shortcut-laughs.webloc", f'<?xml version="1.0"?>{_LAUGHS}<plist><dict><key>URL</key></dict></plist>'.encode()
    yield "shortcut-self.webloc", b"bplist00\xd1\x00\x00URL" + bytes(40)
    yield "signed-bomb.zip.p7m", signed(_nested(12))
    yield "signed-cut.xlsx.p7m", signed(_zip(_parts()), streamed=True)[:-900]
    yield "signed-deep.p7m", signed(b"")[:20] + b"\x24\x80" * 200_000
    yield "signed-letters.p7m", b"MII" + b"A" * _MEGABYTE
    yield "signed-in-signed.p7m", functools.reduce(lambda inner, _: signed(inner), range(40), b"x")
    yield "signed-names.p7m", signed(part(_zip(_parts()), "../../../tmp/escaped.xlsx"))
    yield "rar.rar", b"Rar!\x1a\x07\x01\x00" + noise.randbytes(100)
    yield "archive-empty.zip", b"PK\x05\x06" + b"\0" * 18
    yield "=cmd.xlsx", b"x"
    yield "-rf.xlsx", b"y"
    yield "new\nline.xlsx", b"z"
    yield "right\u202exslx.exe.xlsx", b"w"
    yield "n" * 240 + ".xlsx", b"v"


def _mails() -> Iterator[tuple[str, bytes]]:
    book = base64.encodebytes(_zip(_parts()))
    head = b"From: a@x.example\r\nSubject: s\r\nMIME-Version: 1.0\r\n"
    mixed = head + b'Content-Type: multipart/mixed; boundary="b"\r\n\r\n'

    def attached(name: bytes, content: bytes = book) -> bytes:
        disposition = b'Content-Disposition: attachment; filename="' + name + b'"\r\n'
        return (
            b"--b\r\nContent-Type: application/octet-stream\r\nContent-Transfer-Encoding: base64\r\n"
            + disposition
            + b"\r\n"
            + content
        )

    nested = b"".join(b'Content-Type: multipart/mixed; boundary="%d"\r\n\r\n--%d\r\n' % (n, n) for n in range(5_000))
    yield "mail-nested.eml", head + nested
    yield "mail-header.eml", head + b"X-Long: " + b"a" * _MEGABYTE + b"\r\n\r\nbody"
    yield "mail-folded.eml", head + b"Subject: " + b"=?utf-8?q?x?=\r\n " * 30_000 + b"\r\n\r\nbody"
    yield (
        "mail-names.eml",
        mixed + b"".join(map(attached, (b"../../x.xlsx", b"a\0b.xlsx", b"C:\\x.xlsx", b"n" * 3_000))) + b"--b--",
    )
    yield "mail-same-name.eml", mixed + attached(b"x.xlsx") * 50 + b"--b--"
    yield "mail-base64.eml", mixed + attached(b"x.xlsx", b"!!!!not base64!!!!\xff\n") + b"--b--"
    yield "mail-charset.eml", head + b'Content-Type: text/plain; charset="no-such"\r\n\r\n\xff\xfe'
    yield (
        "mail-header-bytes.eml",
        b"From: \xff\xfe <a@x.example>\r\nSubject: =?utf-8?b?////?=\r\nDate: never\r\n\r\n\xff",
    )
    yield "mail-links.eml", head + b"\r\n" + b"<img http://" * 60_000 + b" https://x.sharepoint.example/\x1b[2J\r\n"
    yield "mail-attachments.eml", mixed + attached(b"x.txt", b"eA==\n") * 1_000 + b"--b--"
    yield "mail-attachments-more.eml", mixed + attached(b"x.txt", b"eA==\n") * 1_001 + b"--b--"
    yield "mail-count.emlx", b"999999999999\n" + mixed + attached(b"x.xlsx") + b"--b--"
    yield "mail-count-only.emlx", b"7\n" * 10_000
    yield "mail-no-end.eml", mixed + attached(b"x.xlsx")[:-700]
    yield (
        "mails.mbox",
        b"".join(
            b"From a@x.example Mon Jan  1 00:00:00 2026\n"
            + mixed.replace(b"\r", b"")
            + attached(b"x.xlsx").replace(b"\r", b"")
            + b"--b--\n\n"
            for _ in range(3)
        ),
    )


def _damaged(questionnaire: bytes) -> Iterator[tuple[str, bytes]]:
    """A questionnaire cut short, and with single bytes changed: some still open, none may say something else."""
    for tenth in range(1, 10):
        yield f"cut-{tenth}.xlsx", questionnaire[: len(questionnaire) * tenth // 10]
    drawn = random.Random(2026)
    for number in range(25):
        changed = bytearray(questionnaire)
        for _ in range(drawn.choice((1, 3, 30))):
            changed[drawn.randrange(len(changed))] = drawn.randrange(256)
        yield f"changed-{number:02}.xlsx", bytes(changed)


# --- how they are made --------------------------------------------------------------------------------------


def _parts() -> Parts:
    """The parts of a sound workbook with one cell."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        book.add_worksheet().write(0, 0, "a")
    with zipfile.ZipFile(buffer) as package:
        return {name: package.read(name) for name in package.namelist()}


def _zip(parts: Mapping[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            entry = zipfile.ZipInfo("x")
            entry.filename, entry.compress_type = name, zipfile.ZIP_DEFLATED
            package.writestr(entry, content)
    return buffer.getvalue()


def _sheet(rows: str, doctype: str = "", dimension: str = "A1", after: str = "") -> bytes:
    inner = f'<dimension ref="{dimension}"/><sheetData>{rows}</sheetData>{after}'
    return f'<?xml version="1.0" encoding="UTF-8"?>{doctype}<worksheet {_NAMESPACE}>{inner}</worksheet>'.encode()


def _nested(levels: int) -> bytes:
    content = b"\0" * _MEGABYTE
    for level in range(levels):
        content = _zip({f"{level}-{copy}.zip": content for copy in range(4)})
    return content


def _overlapping() -> bytes:
    """Thousands of entries that all stand for the same bytes, each of which unpacks to a megabyte."""
    one = _zip({"a.xlsx": b"\0" * _MEGABYTE})
    start = one.index(b"PK\x01\x02")
    entry, end = one[start : one.index(b"PK\x05\x06")], bytearray(one[one.index(b"PK\x05\x06") :])
    directory = b"".join(entry.replace(b"a.xlsx", b"%06d" % number) for number in range(3_000))
    struct.pack_into("<HHII", end, 8, 3_000, 3_000, len(directory), start)
    return one[:start] + directory + bytes(end)


def _with_size(package: bytes, part: str, size: int) -> bytes:
    """A package that lies about the unpacked size of a part, in both places where it stands."""
    changed = bytearray(package)
    for signature, offset, name_at in ((b"PK\x03\x04", 22, 30), (b"PK\x01\x02", 24, 46)):
        at = package.find(signature)
        while at >= 0 and not package[at + name_at :].startswith(part.encode()):
            at = package.find(signature, at + 1)
        struct.pack_into("<I", changed, at + offset, size)
    return bytes(changed)


def _with_flag(package: bytes, flag: int) -> bytes:
    changed = bytearray(package)
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        changed[package.find(signature) + offset] |= flag
    return bytes(changed)


def _twice(parts: Parts) -> bytes:
    second = _zip(parts | {"xl/worksheets/sheet2.xml": _sheet("")})
    return second.replace(b"xl/worksheets/sheet2.xml", _SHEET.encode())


def _with_macros(parts: Parts) -> Parts:
    kind = b"application/vnd.ms-excel.sheet.macroEnabled.main+xml"
    plain = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
    types = parts["[Content_Types].xml"].replace(plain, kind)
    return parts | {"[Content_Types].xml": types, "xl/vbaProject.bin": random.Random(3).randbytes(4_000)}


def _content(rows: str, doctype: str = "") -> bytes:
    spaces = "".join(
        f' xmlns:{prefix}="urn:oasis:names:tc:opendocument:xmlns:{prefix}:1.0"'
        for prefix in ("office", "table", "text")
    )
    body = f'<office:body><office:spreadsheet><table:table table:name="S">{rows}</table:table></office:spreadsheet></office:body>'
    return f"{doctype}<office:document-content{spaces}>{body}</office:document-content>".encode()


def _ods(content: bytes, others: Mapping[str, bytes] | None = None) -> bytes:
    kind = b"application/vnd.oasis.opendocument.spreadsheet"
    return _zip({"mimetype": kind, "content.xml": content, **(others or {})})


Maker = Callable[[], Iterator[tuple[str, bytes]]]
