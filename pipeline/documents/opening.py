"""Reads the indicator table of a document in a child process, which a hostile file may kill."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from pipeline.documents.html_pages import TooLargeError as PageTooLargeError
from pipeline.documents.html_pages import html_document
from pipeline.documents.markdown import is_markdown, markdown_document
from pipeline.documents.word import TooLargeError, word_document
from pipeline.documents.workbooks import workbook_document
from pipeline.reading.workbooks.grids import ReadError
from pipeline.receiving.formats import WORKBOOKS, Format, sniff
from pipeline.receiving.isolation import Isolation, Lost
from pipeline.receiving.zip_gate import PackageError
from questionnaire.indicator_table.document import Document
from questionnaire.indicator_table.grids.header import Choices
from questionnaire.indicator_table.reader import table_of
from questionnaire.indicator_table.records import IndicatorTable, IndicatorTableError
from questionnaire.indicator_table.text import decode
from questionnaire.rounds.limits import ReadingLimits

LIMITS = ReadingLimits(file_mb=20)
Found = TypeVar("Found")
"""What is read of a document."""
_TEXTS = {Format.CSV, Format.TEXT, Format.MAIL, Format.MAILBOX, Format.OTHER}
_CHARSET = re.compile(rb"<meta[^>]*charset=[\"']?\s*([\w-]+)", re.IGNORECASE)
_TABLE = re.compile(r"<table[\s>].*</tr", re.IGNORECASE | re.DOTALL)
_PROGRAM = ("<?php", "{", "[{", "const ", "export ", "import ", "#!")
_MARKDOWN = (".md", ".markdown")

_KNOWN = {
    Format.EMPTY: ("The file is empty.", "Give the file that holds the table."),
    Format.PDF: (
        "This is a PDF: it shows a table without saying what its cells are.",
        "Open it with Word, which turns it into a document, and save that as .docx; or ask who published it for the "
        "Word or Excel file.",
    ),
    Format.ENCRYPTED: ("The file is locked with a password.", "Save it without the password."),
    Format.NUMBERS: ("This is a Numbers document.", "In Numbers, export it as Excel (File, Export To)."),
    Format.IMAGE: ("This is a picture.", "Give the document that the picture shows, or type the table."),
    Format.FLAT: ("This is a workbook as plain XML.", "Open it in a spreadsheet program and save it as .xlsx."),
    Format.DOCUMENT: (
        "This is a text document in a format other than .docx (doc, odt, rtf, a presentation).",
        "Open it with the program that made it and save it as .docx.",
    ),
    Format.OUTLOOK: ("This is an e-mail.", "Save its attachment, and give that."),
    Format.OUTLOOK_PARCEL: ("This is an e-mail.", "Save its attachment, and give that."),
}  # fmt: skip
_CODE = (
    "This is data or a program as programs read it (JSON, PHP or the like), not a document.",
    "Give the table that it was made from; or open the page that shows it in a browser and save that (Save as, .html).",
)
_PACKED = ("This is an archive.", "Unpack it, and give the file that holds the table.")
_FAULTS = {
    "workbook_encrypted": _KNOWN[Format.ENCRYPTED],
    "workbook_without_sheets": ("The workbook has charts or macros only.", "Give the one that holds the table."),
    "workbook_unsafe": (
        "The file asks for more room than any indicator table needs, or hides what no such file holds.",
        "Copy the table into a new file.",
    ),
}
_DAMAGED = ("The file is damaged.", "Open it in the program that made it, save it again, and give that.")
_LOST = {
    "reading_too_long": ("Reading the file took too long.", "Copy the table into a new file."),
    "reading_too_large": ("Reading the file took too much memory.", "Copy the table into a new file."),
}


@dataclass(frozen=True)
class Refused:
    """A file that is not read: where in it (a line, if any), what is wrong, what to do."""

    line: int | None
    what: str
    remedy: str


def read_table(path: Path, choices: Choices, limits: ReadingLimits = LIMITS) -> IndicatorTable:
    """The indicator table of a file, opened and read in a child process.

    Raises IndicatorTableError for a file that cannot be read or holds none.
    """
    return isolated(path, table_of_bytes, limits, choices)


def isolated(
    path: Path,
    read: Callable[[Any, tuple[str, bytes]], Found | Refused],
    limits: ReadingLimits = LIMITS,
    shared: Any = None,
) -> Found:
    """What a function reads in the bytes of a file, in a child process; `shared` is its first argument.

    Raises IndicatorTableError for a file that cannot be read.
    """
    source = path.name
    try:
        data = _bytes_within(path, limits.file_mb)
    except OSError as error:
        what = f"The file cannot be opened ({error.strerror})."
        raise IndicatorTableError(source, None, what, "Check its name and that it may be read.") from error
    with Isolation(limits, shared, workers=1) as isolation:
        found = next(iter(isolation.map(read, [(source, data)])))
    if isinstance(found, Lost):
        what, remedy = _LOST.get(found.code, (f"The file cannot be read ({found.detail}).", _DAMAGED[1]))
        raise IndicatorTableError(source, None, what, remedy)
    if isinstance(found, Refused):
        raise IndicatorTableError(source, found.line, found.what, found.remedy)
    return found


def table_of_bytes(choices: Choices, item: tuple[str, bytes]) -> IndicatorTable | Refused:
    """The indicator table that the bytes of a document hold, or why there is none; `item` is its name and they."""
    return found_or_refused(lambda: table_of(open_document(*item), choices))


def found_or_refused(read: Callable[[], Found]) -> Found | Refused:
    """What is read of a document, or why it cannot be read."""
    try:
        return read()
    except (ReadError, PackageError) as fault:
        return Refused(None, *_FAULTS.get(fault.code, _DAMAGED))
    except (TooLargeError, PageTooLargeError):
        return Refused(None, *_FAULTS["workbook_unsafe"])
    except IndicatorTableError as error:
        return Refused(error.line, error.what, error.remedy)


def open_document(source: str, data: bytes) -> Document:
    """The document that bytes are, by their content; its name tells no more than whether a text is Markdown.

    Raises IndicatorTableError for what is no document, or another library's error for a damaged or hostile one.
    """
    format_ = sniff(data)
    if format_ in WORKBOOKS:
        return workbook_document(data, source, format_)
    if format_ is Format.DOCUMENT and data.startswith(b"PK") and b"word/document.xml" in data:
        return word_document(data, source)
    if format_ is Format.HTML:
        return html_document(_page(data, source), source)
    if format_ not in _TEXTS:
        raise IndicatorTableError(source, None, *_KNOWN.get(format_, _PACKED))
    text, notes = decode(data, source)
    if text.lstrip("\ufeff \r\n").startswith(_PROGRAM):
        raise IndicatorTableError(source, None, *_CODE)
    if _TABLE.search(text) and not source.casefold().endswith(_MARKDOWN):
        return html_document(text, source)
    if source.casefold().endswith(_MARKDOWN) or is_markdown(text):
        return markdown_document(text, source)
    return Document(source, text=text, notes=tuple(notes))


def _page(data: bytes, source: str) -> str:
    """The text of a page: in the encoding that it names, if that is right, else as any text."""
    named = _CHARSET.search(data[:4096])
    try:
        return data.decode(named[1].decode("ascii")) if named else decode(data, source)[0]
    except (UnicodeDecodeError, LookupError):
        return decode(data, source)[0]


def _bytes_within(path: Path, megabytes: int) -> bytes:
    with path.open("rb") as file:
        data = file.read(megabytes * 1024 * 1024 + 1)
    if len(data) > megabytes * 1024 * 1024:
        what = f"The file is larger than {megabytes} MB, far more than an indicator table holds."
        raise IndicatorTableError(path.name, None, what, "Keep only the table in the file.")
    return data
