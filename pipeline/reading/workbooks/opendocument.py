"""Owns what the content of an OpenDocument spreadsheet (.ods) tells beside its values.

It walks the tags of tables, rows and cells and counts repeated ones without unfolding them. It reads no values, and
makes indented content fit for the library that does.
"""

import html
import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field

from pipeline.reading.workbooks.metadata import Area, At, Drawn, NamedCell, SheetMetadata, cell_place
from pipeline.receiving.zip_gate import read_parts

_MOST = 200_000
"""Cells of which something is kept: more than any questionnaire has, and no file can ask for more."""

_TAG = re.compile(
    r"<(/?)(table:table|table:table-row|table:table-cell|table:covered-table-cell|office:annotation"
    r"|calcext:conditional-format|table:table-source"
    r"|draw:(?:frame|custom-shape|rect|ellipse|path|polygon|caption))(?=[\s/>])([^>]*?)(/?)>"
)
_ATTRIBUTE = re.compile(r"([\w:-]+)=\"([^\"]*)\"")
_NAMED = re.compile(r"<table:named-range\s[^>]*>")
_NAMED_CELL = re.compile(r"\$?(?:'((?:[^']|'')+)'|([^'.#]+))\.(\$?[A-Z]{1,3}\$?\d{1,7})(?::.*)?")
_PARAGRAPH = re.compile(r"<text:p\b[^>]*>(.*?)</text:p>", re.DOTALL)
_MARKUP = re.compile(r"<[^>]*>")
_STYLE = re.compile(r"<style:style\s([^>]*[^/])>(.*?)</style:style>", re.DOTALL)
_STYLE_NAME = re.compile(r"(?:table|text):style-name=\"([^\"]*)\"")
_LINE_THROUGH = re.compile(r"style:text-line-through-style=\"(?!none\")")
_PERCENTAGE = 'office:value-type="percentage"'
_CONTENT = "content.xml"
_INDENT = re.compile(rb">\s+(?=</?(?:table|office|calcext|draw):|<text:p[\s>])")
_TELLING = ("formula", "error", "spanned", "validation")


def without_indents(data: bytes) -> bytes:
    """The same package without white space between the tags around cells: calamine takes it for a broken cell.

    Gnumeric indents them so. White space within the text of a cell stays.
    """
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as package:
        for name, content in read_parts(data):
            package.writestr(name, _INDENT.sub(b">", content) if name == _CONTENT else content)
    return packed.getvalue()


@dataclass
class _Sheet:
    """A sheet while it is walked through."""

    name: str
    is_protected: bool
    row: int = -1
    rows: int = 1
    column: int = 0
    at: At = (0, 0)
    cells: int = 0
    errors: dict[At, str] = field(default_factory=dict)
    formulas: dict[At, bool] = field(default_factory=dict)
    notes: dict[At, str] = field(default_factory=dict)
    struck: set[At] = field(default_factory=set)
    drawn: list[Drawn] = field(default_factory=list)
    number_formats: dict[At, str] = field(default_factory=dict)
    merged: list[Area] = field(default_factory=list)
    hidden: set[int] = field(default_factory=set)
    validated: list[Area] = field(default_factory=list)
    kinds: set[str] = field(default_factory=set)
    formats: int = 0

    def metadata(self) -> SheetMetadata:
        return SheetMetadata(
            errors=self.errors,
            formulas=self.formulas,
            notes=self.notes,
            struck=frozenset(self.struck),
            drawn=tuple(self.drawn),
            number_formats=self.number_formats,
            merged=tuple(self.merged),
            hidden_rows=frozenset(self.hidden),
            validations=len(self.kinds),
            validated=tuple(self.validated),
            formats=self.formats,
            is_protected=self.is_protected,
        )


def read_content(content: str) -> tuple[dict[str, SheetMetadata], dict[str, NamedCell | None], int]:
    """The metadata of each sheet, the defined names, and how many sheets are fed from other files."""
    sheets = list(_sheets(content))
    names = {}
    for tag in _NAMED.findall(content):
        attributes = _attributes(tag)
        names[attributes.get("table:name", "")] = _named_cell(attributes.get("table:cell-range-address", ""))
    found: dict[str, SheetMetadata] = {}
    for sheet in sheets:
        found.setdefault(sheet.name, sheet.metadata())
    return found, names, content.count("<table:table-source")


def _sheets(content: str) -> Iterator[_Sheet]:
    sheet: _Sheet | None = None
    noted = drawn = 0
    struck = _struck_styles(content)
    for tag in _TAG.finditer(content):
        closing, name, rest, empty = tag.groups()
        if name == "table:table":
            if closing and sheet is not None:
                yield sheet
                sheet = None
            elif sheet is None and not empty:
                attributes = _attributes(rest)
                sheet = _Sheet(attributes.get("table:name", ""), attributes.get("table:protected") == "true")
        elif sheet is None:
            continue
        elif name == "office:annotation":
            if closing:
                sheet.notes[sheet.at] = _plain(content[noted : tag.start()])
            noted = tag.end()
        elif name.startswith("draw:"):
            if empty or closing:
                _draw(sheet, content[drawn : tag.start()] if closing else "")
            drawn = tag.end()
        elif name == "calcext:conditional-format":
            sheet.formats += not closing
        elif not closing and name == "table:table-row":
            _start_row(sheet, _attributes(rest))
        elif not closing and name != "table:table-source":
            _cell(sheet, rest, content, tag.end(), struck)


def _start_row(sheet: _Sheet, attributes: dict[str, str]) -> None:
    sheet.row += sheet.rows
    sheet.rows, sheet.column = _count(attributes, "table:number-rows-repeated"), 0
    if attributes.get("table:visibility") in ("collapse", "filter") and len(sheet.hidden) < _MOST:
        sheet.hidden.update(range(sheet.row, sheet.row + min(sheet.rows, _MOST)))


def _draw(sheet: _Sheet, markup: str) -> None:
    """Note what lies over the cells; what is tied to no cell stands before the first row."""
    if len(sheet.drawn) < _MOST:
        sheet.drawn.append(Drawn(sheet.at if sheet.row >= 0 else None, _plain(markup)))


def _struck_styles(content: str) -> frozenset[str]:
    """The styles of cells and of texts that cross out."""
    if not _LINE_THROUGH.search(content):
        return frozenset()
    found = (
        _attributes(style[1]).get("style:name", "")
        for style in _STYLE.finditer(content)
        if _LINE_THROUGH.search(style[2])
    )
    return frozenset(found)


def _cell(sheet: _Sheet, rest: str, content: str, end: int, struck: frozenset[str]) -> None:
    """Note a cell, or as many equal ones as the tag stands for; `struck` are the styles that cross out."""
    attributes = _attributes(rest) if "repeated" in rest or any(word in rest for word in _TELLING) else {}
    row, column = sheet.at = sheet.row, sheet.column
    width = _count(attributes, "table:number-columns-repeated")
    sheet.column += width
    if struck and len(sheet.struck) + width < _MOST and _is_struck(rest, content, end, struck):
        sheet.struck.update((row, place) for place in range(column, column + width))
    if _PERCENTAGE in rest and len(sheet.number_formats) + width < _MOST:
        sheet.number_formats |= dict.fromkeys(((row, place) for place in range(column, column + width)), "0%")
    sheet.cells += bool(attributes)
    if not attributes or sheet.cells > _MOST:
        return
    is_error = attributes.get("calcext:value-type") == "error"
    if is_error:
        shown = _PARAGRAPH.match(content, end)
        sheet.errors[sheet.at] = _plain(shown[0]) if shown else "#ERR!"
    if "table:formula" in attributes:
        shown = _PARAGRAPH.match(content, end)
        sheet.formulas[sheet.at] = (
            is_error or attributes.get("office:value-type") not in (None, "string") or bool(shown and _plain(shown[0]))
        )
    down, across = _count(attributes, "table:number-rows-spanned"), _count(attributes, "table:number-columns-spanned")
    if (down, across) != (1, 1):
        sheet.merged.append((row, column, row + down - 1, column + across - 1))
    if kind := attributes.get("table:content-validation-name"):
        sheet.kinds.add(kind)
        sheet.validated.append((row, column, row + sheet.rows - 1, column + width - 1))


def _is_struck(rest: str, content: str, end: int, struck: frozenset[str]) -> bool:
    """True for a cell that is crossed out, or of whose text a part is; never for an empty one, as most of a row are."""
    if content.endswith("/>", 0, end):
        return False
    within = content[end : content.find("</table:table-cell>", end)] if content.startswith("<text:p", end) else ""
    return not struck.isdisjoint(_STYLE_NAME.findall(rest + within))


def _count(attributes: dict[str, str], name: str) -> int:
    text = attributes.get(name, "1")
    return max(int(text), 1) if text.isdecimal() and len(text) < 8 else 1


def _named_cell(address: str) -> NamedCell | None:
    found = _NAMED_CELL.fullmatch(address)
    place = cell_place(found[3]) if found else None
    return NamedCell((found[1] or found[2]).replace("''", "'"), place) if found and place else None


def _attributes(tag: str) -> dict[str, str]:
    return {name: html.unescape(value) for name, value in _ATTRIBUTE.findall(tag)}


def _plain(markup: str) -> str:
    """The text of paragraphs, each on a line of its own."""
    return "\n".join(html.unescape(_MARKUP.sub("", text)) for text in _PARAGRAPH.findall(markup)).strip()
