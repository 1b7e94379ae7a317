"""Determines what kind of file some bytes are, by their content alone: a name or an extension proves nothing."""

import codecs
import io
import re
import zipfile
from enum import StrEnum

import olefile

from pipeline.receiving.envelopes.sealed import is_signed, sealed_bytes


class Format(StrEnum):
    """What a file is, as far as it matters to whoever asks for a better one."""

    XLSX = "xlsx"
    XLSM = "xlsm"
    XLSB = "xlsb"
    XLS = "xls"
    ODS = "ods"
    ENCRYPTED = "encrypted"
    FLAT = "flat_xml"
    HTML = "html"
    CSV = "csv"
    TEXT = "text"
    NUMBERS = "numbers"
    PDF = "pdf"
    DOCUMENT = "document"
    IMAGE = "image"
    ZIP = "zip"
    COMPRESSED = "compressed"
    ARCHIVE = "archive"
    MAIL = "mail"
    MAILBOX = "mailbox"
    OUTLOOK = "outlook"
    APPLE_MAIL = "emlx"
    OUTLOOK_PARCEL = "winmail"
    SIGNED = "signed"
    SEALED = "sealed"
    PGP = "pgp"
    RIGHTS_PROTECTED = "rights_protected"
    GOOGLE_FILE = "google_file"
    SHORTCUT = "shortcut"
    EMPTY = "empty"
    OTHER = "other"


ZIPPED = frozenset({Format.XLSX, Format.XLSM, Format.XLSB, Format.ODS})
WORKBOOKS = ZIPPED | {Format.XLS}
READABLE = WORKBOOKS | {Format.ENCRYPTED}
"""What is worth an attempt: programs lock workbooks with a password of their own, too, which nobody has to know."""
MAILS = frozenset({Format.MAIL, Format.OUTLOOK, Format.APPLE_MAIL})
CONTAINERS = MAILS | {Format.ZIP, Format.COMPRESSED, Format.MAILBOX, Format.SIGNED}
"""What is opened to see what it holds."""

_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_STARTS = (
    ((b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"II*\x00", b"MM\x00*"), Format.IMAGE),
    ((b"\x1f\x8b\x08", b"BZh", b"\xfd7zXZ"), Format.COMPRESSED),
    ((b"7z\xbc\xaf\x27\x1c", b"Rar!\x1a\x07"), Format.ARCHIVE),
    ((b"{\\rtf",), Format.DOCUMENT),
    ((b"\x78\x9f\x3e\x22",), Format.OUTLOOK_PARCEL),
    # What Outlook makes of a mail whose rights are restricted (message.rpmsg).
    ((b"\x76\xe8\x04\x60\xc4\x11\xe3\x86",), Format.RIGHTS_PROTECTED),
    ((b"-----BEGIN PGP MESSAGE-----",), Format.PGP),
    ((b"L\0\0\0\x01\x14\x02\0",), Format.SHORTCUT),
    # Excel before 5.0 wrote its records without a container around them.
    ((b"\x09\x00\x04\x00", b"\x09\x02\x06\x00", b"\x09\x04\x06\x00"), Format.XLS),
)
# Photos of telephones, and what PGP encrypts without its letters ([RFC 4880] 5.1 and 5.3, for a key or a password).
_HEADS = (
    (re.compile(rb"\0\0\0.ftyp(?:hei[cfmsx]|hev[cx]|mif1|msf1|avif)", re.DOTALL), Format.IMAGE),
    (
        re.compile(rb"(?:\x84.|\x85..|\xc1(?:.|[\xc0-\xdf].))\x03|(?:\x8c|\xc3).\x04[\x01-\x0d]", re.DOTALL),
        Format.PGP,
    ),
)
_HEADER_LINE = re.compile(rb"[A-Za-z][\w-]{0,70}:[^\n]*\n")
_MAIL_HEADERS = re.compile(
    rb"^(from|to|date|subject|received|message-id|mime-version|return-path|delivered-to):", re.IGNORECASE | re.MULTILINE
)
# Outlook keeps a signed mail as one part, whose head says nothing of sender and date.
_SIGNED_MAIL = re.compile(
    rb"^content-type:\s*(?:multipart/(?:signed|encrypted)|application/(?:x-)?pkcs7-mime)", re.IGNORECASE | re.MULTILINE
)
_PART = re.compile(rb"^content-type:", re.IGNORECASE | re.MULTILINE)
_BYTE_COUNT = re.compile(rb"\d{1,12}[ \t]*\r?\n")
_MAILBOX = re.compile(rb"From [^\n]*\d\d:\d\d[^\n]*\n[\w-]+:")
_FLAT = (b"<office:document", b'progid="Excel.Sheet"', b"urn:schemas-microsoft-com:office:spreadsheet")
_HTML = re.compile(rb"<(?:!doctype\s+html|html|table|meta|body)\b", re.IGNORECASE)
_OPENDOCUMENT = b"application/vnd.oasis.opendocument."
_TEXT_SAMPLE = 65536

# What only says where a file lies: of Google Drive, of Windows (.url) and Linux (.desktop), of macOS (.webloc).
_POINTERS = (
    (re.compile(rb"\{[^\0]*(?:\"doc_id\"\s*:|://(?:docs|drive)\.google\.com/)"), Format.GOOGLE_FILE),
    (re.compile(rb"(?im)\[(?:[^\0]*^\[)?(?:internetshortcut|desktop entry)\]"), Format.SHORTCUT),
    (re.compile(rb"(?is)(?:<\?xml|<!doctype plist|<plist)[^\0]*<key>URL</key>|bplist00.*URL"), Format.SHORTCUT),
)
_LONGEST_POINTER = 32_768

_LOCKS = "\x06dataspaces"
# Streams of an OLE file tell what it is; their names stand in its directory in UTF-16.
_OLE_STREAMS = (
    ("DRMEncryptedDataSpace", Format.RIGHTS_PROTECTED),
    ("\tDRMContent", Format.RIGHTS_PROTECTED),
    ("EncryptedPackage", Format.ENCRYPTED),
    ("Workbook", Format.XLS),
    ("Book", Format.XLS),
    ("__properties_version1.0", Format.OUTLOOK),
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
        return _of_ole(data)
    if b"%PDF-" in data[:1024]:
        return Format.PDF
    if sealed_bytes(data) is not None:
        return Format.SIGNED if is_signed(data) else Format.SEALED
    known = next((found for starts, found in _STARTS if data.startswith(starts)), None)
    known = known or next((found for head, found in _HEADS if head.match(data)), None)
    if known is not None:
        return known
    return _of_text(data[:_TEXT_SAMPLE])


def _of_ole(data: bytes) -> Format:
    """By the names of its streams, regardless of capitals; one that is damaged by those found anywhere in it."""
    try:
        with olefile.OleFileIO(io.BytesIO(data)) as container:
            paths = [[step.casefold() for step in path] for path in container.listdir()]
    except Exception:
        return next((found for name, found in _OLE_STREAMS if name.encode("utf-16-le") in data), Format.OTHER)
    # Only the topmost: a mail with a workbook attached holds the streams of both. How a locked one opens stands deeper.
    names = {path[-1] if path[0] == _LOCKS else path[0] for path in paths}
    return next((found for name, found in _OLE_STREAMS if name.casefold() in names), Format.OTHER)


def _of_zip(data: bytes) -> Format:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            names = {name.replace("\\", "/") for name in package.namelist()}
            if "mimetype" in names and package.getinfo("mimetype").file_size < 200:
                return _of_opendocument(package, package.read("mimetype").strip())
            types = _content_types(package)
    except Exception:
        names, types = set[str](), b""
    # Some programs write capitals, or the separators of Windows.
    names |= {name.lower() for name in names}
    if b"macroEnabled.main" in types and "xl/workbook.xml" in names:
        return Format.XLSM
    if "xl/workbook.bin" in names or b"sheet.binary" in types:
        return Format.XLSB
    if "xl/workbook.xml" in names or b"spreadsheetml.sheet.main" in types:
        return Format.XLSX
    if {"word/document.xml", "ppt/presentation.xml"} & names:
        return Format.DOCUMENT
    if "Index/Document.iwa" in names or "Index.zip" in names:
        return Format.NUMBERS
    return Format.ZIP if names else _of_damaged(data)


def _of_damaged(data: bytes) -> Format:
    """What a package cut short was, by the names of its parts: "damaged workbook" says more than "archive"."""
    if _OPENDOCUMENT + b"spreadsheet" in data[:200]:
        return Format.ODS
    return Format.XLSX if b"xl/" in data else Format.ZIP


def _content_types(package: zipfile.ZipFile) -> bytes:
    return _small_part(package, "[Content_Types].xml")


def _of_opendocument(package: zipfile.ZipFile, mimetype: bytes) -> Format:
    if not mimetype.startswith(_OPENDOCUMENT):
        return Format.ZIP
    if not mimetype.startswith(_OPENDOCUMENT + b"spreadsheet"):
        return Format.DOCUMENT
    manifest = _small_part(package, "META-INF/manifest.xml")
    return Format.ENCRYPTED if b"encryption-data" in manifest else Format.ODS


def _small_part(package: zipfile.ZipFile, name: str) -> bytes:
    if name not in package.namelist() or package.getinfo(name).file_size > 1_000_000:
        return b""
    return package.read(name)


def _of_text(sample: bytes) -> Format:
    # A mail may carry bytes that are no text; what tells it is its head.
    message = _of_message(sample.removeprefix(codecs.BOM_UTF8).lstrip())
    if message is not None:
        return message
    text = _as_utf8(sample)
    start = (sample if text is None else text).lstrip()
    pointer = next((found for sort, found in _POINTERS if len(start) < _LONGEST_POINTER and sort.match(start)), None)
    if pointer is not None or text is None:
        return pointer or Format.OTHER
    if start.startswith(b"<") and any(mark in text for mark in _FLAT):
        return Format.FLAT
    if _HTML.match(start) or (start.startswith(b"<") and _HTML.search(text[:2048])):
        return Format.HTML
    return Format.CSV if _is_table(start) else Format.TEXT


def _of_message(start: bytes) -> Format | None:
    """Which sort of mail something is, by its beginning; None for what is none."""
    if _MAILBOX.match(start):
        return Format.MAILBOX
    if _is_mail(start):
        return Format.MAIL
    count = _BYTE_COUNT.match(start)
    return Format.APPLE_MAIL if count and _is_mail(start[count.end() :]) else None


def _is_mail(start: bytes) -> bool:
    if not _HEADER_LINE.match(start):
        return False
    head = _head(start)
    headers = {header.lower() for header in _MAIL_HEADERS.findall(head)}
    return len(headers) > 1 or bool(_SIGNED_MAIL.search(head))


def is_mail_part(data: bytes) -> bool:
    """True for what stands in a mail: a head that says what follows it, and need not say who sent it."""
    start = data[:_TEXT_SAMPLE].lstrip()
    return bool(_HEADER_LINE.match(start) and _PART.search(_head(start)))


def _head(text: bytes) -> bytes:
    """The lines before the first empty one."""
    return re.split(rb"\r?\n\r?\n", text, maxsplit=1)[0]


def _is_table(text: bytes) -> bool:
    """Three lines with the same number of the same separator, or as many as there are if fewer."""
    lines = [line for line in text.splitlines()[:4] if line.strip()][:3]
    return len(lines) > 1 and any(
        lines[0].count(sign) and len({line.count(sign) for line in lines}) == 1 for sign in (b";", b"\t", b",")
    )


def _as_utf8(sample: bytes) -> bytes | None:
    """The beginning of a text, None for what is no text."""
    for mark, encoding in ((codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be")):
        if sample.startswith(mark):
            return sample[2:].decode(encoding, "replace").encode()
    sample = sample.removeprefix(codecs.BOM_UTF8)
    if b"\0" in sample:
        return None
    try:
        codecs.getincrementaldecoder("utf-8")().decode(sample)
    except UnicodeDecodeError:
        # Western single-byte texts hold no control characters but white space.
        return None if re.search(rb"[\x01-\x08\x0e-\x1a\x1c-\x1f]", sample) else sample
    return sample
