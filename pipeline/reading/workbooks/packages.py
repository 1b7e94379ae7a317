"""Owns what a workbook's zip package tells beside its cell values: who saved it and when, properties, names, sheets.

Everything is found by regular expression in parts that the gate has passed; no part is parsed as a whole. What stands
in the part of a sheet is found in `sheet_parts`, `opendocument` and `binary_sheets`.
"""

import datetime as dt
import html
import posixpath
import re
from collections.abc import Mapping
from dataclasses import replace

from pipeline.reading.workbooks.binary_sheets import counts_from_1904, read_binary_sheet, read_binary_tabs
from pipeline.reading.workbooks.cell_formats import read_number_formats
from pipeline.reading.workbooks.extent import check_part
from pipeline.reading.workbooks.metadata import NO_METADATA, NamedCell, SheetMetadata, WorkbookMetadata, cell_place
from pipeline.reading.workbooks.opendocument import read_content
from pipeline.reading.workbooks.sheet_parts import Struck, read_drawing, read_notes, read_sheet_part, read_struck
from pipeline.receiving.zip_gate import read_parts

_SHEET = re.compile(r"<(?:\w+:)?sheet\s[^>]*>")
_RELATION = re.compile(r"<(?:\w+:)?Relationship\s[^>]*>")
_ATTRIBUTE = re.compile(r"([\w:]+)=\"([^\"]*)\"")
_NAME = re.compile(r"<(?:\w+:)?definedName\s(?:[^>]*?\s)?name=\"([^\"]{1,255})\"[^>]*>([^<]*)<")
_NAMED_CELL = re.compile(r"(?:'((?:[^']|'')+)'|([^'!:#\[\]]+))!(\$?[A-Z]{1,3}\$?\d{1,7})(?::.*)?")
_MODIFIED = re.compile(r"<(?:dcterms:modified|dc:date)\b[^>]*>([^<]+)<")
_PROGRAM = re.compile(r"<(?:Application|meta:generator)>([^<]+)<")
_PROPERTY = re.compile(r"<(?:vt:lpwstr|vt:lpstr|meta:user-defined\b[^>]*)>([^<]+)<")
_DATE_1904 = re.compile(r"<(?:\w+:)?workbookPr\b[^>]*\bdate1904=\"(?:1|true)\"")
_NULL_DATE_1904 = re.compile(r"<table:null-date\s[^>]*\btable:date-value=\"1904-01-01")
_WORKBOOK = ("xl/workbook.xml", "xl/workbook.bin")
_DESCRIPTION = ("docProps/core.xml", "docProps/app.xml", "docProps/custom.xml", "meta.xml")
_CONTENT = "content.xml"
_SHEET_PART = re.compile(r"xl/worksheets/[^/]+\.(?:xml|bin)")
_SMALL = re.compile(
    r"xl/_rels/workbook\.(?:xml|bin)\.rels|xl/worksheets/_rels/[^/]+\.rels|xl/styles\.xml|xl/sharedStrings\.xml"
    r"|xl/drawings/[^/]+\.xml|xl/comments[^/]*\.xml|xl/comments/[^/]+\.xml|xl/threadedComments/[^/]+\.xml"
)
_MACROS = re.compile(r"xl/vbaProject\.bin|Basic/script-lc\.xml")
_LINK = re.compile(r"xl/externalLinks/[^/]+\.(?:xml|bin)")

_Parts = Mapping[str, bytes]


def read_package(data: bytes) -> WorkbookMetadata:
    """The metadata of a zip package; raises PackageError for one that is unsafe or damaged."""
    parts: dict[str, bytes] = {}
    names: list[str] = []
    for name, content in read_parts(data):
        names.append(name)
        if _SHEET_PART.fullmatch(name) or name == _CONTENT:
            check_part(name, content)
            parts[name] = content
        elif name in (*_WORKBOOK, *_DESCRIPTION) or _SMALL.fullmatch(name):
            parts[name] = content
    metadata = _described("".join(_text(parts, name) for name in _DESCRIPTION))
    metadata = replace(
        metadata,
        has_macros=any(map(_MACROS.fullmatch, names)),
        external_links=sum(bool(_LINK.fullmatch(name)) for name in names),
    )
    try:
        return _behind_cells(metadata, parts)
    except Exception:
        # What stands behind the cells is a second look: whatever it stumbles over, the cells can be read without it.
        return metadata


def _behind_cells(metadata: WorkbookMetadata, parts: _Parts) -> WorkbookMetadata:
    if _CONTENT in parts:
        sheets, names, links = read_content(_text(parts, _CONTENT))
        date_1904 = bool(_NULL_DATE_1904.search(_text(parts, _CONTENT)))
        return replace(
            metadata, date_1904=date_1904, sheets=sheets, names=names, external_links=links, is_complete=True
        )
    workbook, binary = _text(parts, _WORKBOOK[0]), parts.get(_WORKBOOK[1], b"")
    tabs = _tabs(workbook) if workbook else read_binary_tabs(binary)
    relations = _relations(parts, _WORKBOOK[0] if workbook else _WORKBOOK[1])
    styles = _text(parts, "xl/styles.xml")
    struck, formats = read_struck(styles, _text(parts, "xl/sharedStrings.xml")), read_number_formats(styles)
    return replace(
        metadata,
        date_1904=bool(_DATE_1904.search(workbook)) if workbook else counts_from_1904(binary),
        sheets={tab: _sheet(parts, relations.get(identity, ""), struck, formats) for tab, identity in tabs.items()},
        names={html.unescape(name): _named_cell(html.unescape(target)) for name, target in _NAME.findall(workbook)},
        is_complete=bool(workbook),
    )


def _sheet(parts: _Parts, name: str, struck: Struck, formats: Mapping[str, str]) -> SheetMetadata:
    if name not in parts:
        return NO_METADATA
    if name.endswith(".bin"):
        return read_binary_sheet(parts[name])
    related = [_text(parts, other) for other in _relations(parts, name).values()]
    drawn = tuple(found for part in related for found in read_drawing(part))
    return read_sheet_part(_text(parts, name), read_notes(related), struck, drawn, formats)


def _tabs(workbook: str) -> dict[str, str]:
    """The relation of each sheet, by the sheet's name."""
    found: dict[str, str] = {}
    for tag in _SHEET.findall(workbook):
        attributes = {name.rpartition(":")[2]: value for name, value in _ATTRIBUTE.findall(tag)}
        found.setdefault(html.unescape(attributes.get("name", "")), attributes.get("id", ""))
    return found


def _relations(parts: _Parts, source: str) -> dict[str, str]:
    """The parts that a part names, by relation."""
    folder, name = posixpath.split(source)
    found = {}
    for tag in _RELATION.findall(_text(parts, f"{folder}/_rels/{name}.rels")):
        attributes = dict(_ATTRIBUTE.findall(tag))
        target = posixpath.normpath(posixpath.join("/", folder, attributes.get("Target", "")))
        found[attributes.get("Id", "")] = target.lstrip("/")
    return found


def _named_cell(target: str) -> NamedCell | None:
    found = _NAMED_CELL.fullmatch(target)
    place = cell_place(found[3]) if found else None
    return NamedCell((found[1] or found[2]).replace("''", "'"), place) if found and place else None


def _described(described: str) -> WorkbookMetadata:
    return WorkbookMetadata(
        last_saved=_time(_MODIFIED.search(described)),
        program=_found(_PROGRAM.search(described)),
        properties=tuple(html.unescape(text) for text in _PROPERTY.findall(described)),
    )


def _time(match: re.Match[str] | None) -> dt.datetime | None:
    """The time in UTC; one without a zone is taken as UTC, since nothing tells where it was written."""
    try:
        found = dt.datetime.fromisoformat(_found(match))
    except ValueError:
        return None
    return found.replace(tzinfo=dt.UTC) if found.tzinfo is None else found.astimezone(dt.UTC)


def _found(match: re.Match[str] | None) -> str:
    return html.unescape(match[1]).strip() if match else ""


def _text(parts: _Parts, name: str) -> str:
    return parts.get(name, b"").decode("utf-8", "replace")
