"""Owns what a workbook's zip package tells beside its cell values: who saved it and when, properties, error cells.

Everything is found by regular expression in parts that the gate has passed; no part is parsed as a whole.
"""

import datetime as dt
import html
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from pipeline.zip_gate import PackageError, read_parts

MAX_CELLS = 8_000_000
"""Cells that one sheet may span, from its first to its last used one: reading libraries set up room for all of them."""

# Without a column of three letters or a row of five digits a sheet has at most 702 x 9,999 cells.
_FAR_CELL = re.compile(rb" r=\"(?:[A-Z]{3}\d|[A-Z]{1,2}\d{5})")
_CELL = re.compile(rb"<(?:\w+:)?c\s(?:[^>]*?\s)?r=\"([A-Z]{1,3})(\d{1,7})\"[^>]*[^/]>")
_ERROR_CELL = re.compile(
    rb"<(?:\w+:)?c\s(?=[^>]*\bt=\"e\")[^>]*?\br=\"([A-Z]{1,3})(\d{1,7})\"[^>]*>(?:(?!</(?:\w+:)?c>).)*?<(?:\w+:)?v>([^<]*)<",
    re.DOTALL,
)
_SHEET = re.compile(r"<(?:\w+:)?sheet\s[^>]*>")
_RELATION = re.compile(r"<(?:\w+:)?Relationship\s[^>]*>")
_ATTRIBUTE = re.compile(r"([\w:]+)=\"([^\"]*)\"")
_MODIFIED = re.compile(r"<(?:dcterms:modified|dc:date)\b[^>]*>([^<]+)<")
_PROGRAM = re.compile(r"<(?:Application|meta:generator)>([^<]+)<")
_PROPERTY = re.compile(r"<(?:vt:lpwstr|vt:lpstr|meta:user-defined\b[^>]*)>([^<]+)<")
_DATE_1904 = re.compile(r"<(?:\w+:)?workbookPr\b[^>]*\bdate1904=\"(?:1|true)\"")
_WORKBOOK = ("xl/workbook.xml", "xl/_rels/workbook.xml.rels")
_DESCRIPTION = ("docProps/core.xml", "docProps/app.xml", "docProps/custom.xml", "meta.xml")


@dataclass(frozen=True)
class PackageFacts:
    """`errors` holds, by sheet name, the text of each error cell by (row, column), both counted from 0."""

    last_saved: dt.datetime | None = None
    program: str = ""
    properties: tuple[str, ...] = ()
    date_1904: bool = False
    errors: Mapping[str, Mapping[tuple[int, int], str]] = field(default_factory=dict)


def read_package(data: bytes) -> PackageFacts:
    """The facts of a zip package; raises PackageError for one that is unsafe or damaged."""
    small: dict[str, str] = {}
    errors: dict[str, dict[tuple[int, int], str]] = {}
    for name, content in read_parts(data):
        if name in (*_WORKBOOK, *_DESCRIPTION):
            small[name] = content.decode("utf-8", "replace")
        elif name.startswith("xl/worksheets/") and name.endswith(".xml"):
            _check_extent(name, content)
            if found := dict(_errors(content)):
                errors[name] = found
    described = "".join(small.get(name, "") for name in _DESCRIPTION)
    sheets = _sheet_parts(small)
    return PackageFacts(
        last_saved=_time(_MODIFIED.search(described)),
        program=_text(_PROGRAM.search(described)),
        properties=tuple(html.unescape(text) for text in _PROPERTY.findall(described)),
        date_1904=bool(_DATE_1904.search(small.get("xl/workbook.xml", ""))),
        errors={sheet: errors[part] for sheet, part in sheets.items() if part in errors},
    )


def _check_extent(name: str, content: bytes) -> None:
    """Refuse a sheet that spans more cells than memory should hold, before anything sets up room for them."""
    cells = _CELL.findall(content) if _FAR_CELL.search(content) else []
    if not cells:
        return
    rows = max(int(row) for _, row in cells)
    columns = max(_column(letters) for letters in {letters for letters, _ in cells}) + 1
    if rows * columns > MAX_CELLS:
        raise PackageError("workbook_unsafe", f"{name} spans {rows} rows and {columns} columns")


def _errors(content: bytes) -> Iterator[tuple[tuple[int, int], str]]:
    if b't="e"' not in content:
        return
    for letters, row, text in _ERROR_CELL.findall(content):
        yield (int(row) - 1, _column(letters)), text.decode("utf-8", "replace")


def _column(letters: bytes) -> int:
    """A -> 0, AA -> 26."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number - 1


def _sheet_parts(small: Mapping[str, str]) -> dict[str, str]:
    """The part of each sheet, by the sheet's name."""
    relations = {}
    for tag in _RELATION.findall(small.get("xl/_rels/workbook.xml.rels", "")):
        attributes = dict(_ATTRIBUTE.findall(tag))
        target = attributes.get("Target", "")
        relations[attributes.get("Id", "")] = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
    sheets = {}
    for tag in _SHEET.findall(small.get("xl/workbook.xml", "")):
        attributes = {name.rpartition(":")[2]: value for name, value in _ATTRIBUTE.findall(tag)}
        sheets[html.unescape(attributes.get("name", ""))] = relations.get(attributes.get("id", ""), "")
    return sheets


def _time(match: re.Match[str] | None) -> dt.datetime | None:
    """The time in UTC; one without a zone is taken as UTC, since nothing tells where it was written."""
    try:
        found = dt.datetime.fromisoformat(_text(match))
    except ValueError:
        return None
    return found.replace(tzinfo=dt.UTC) if found.tzinfo is None else found.astimezone(dt.UTC)


def _text(match: re.Match[str] | None) -> str:
    return html.unescape(match[1]).strip() if match else ""
