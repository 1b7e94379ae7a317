"""Reads what the content of an OpenDocument spreadsheet (.ods) holds beside its values.

The parser hands it each element as it begins; cells and rows that are repeated are counted, not unfolded. It reads no
values, and makes indented content fit for the library that does.
"""

import io
import re
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from xml.etree.ElementTree import Element

from pipeline.reading.workbooks.links import address_in, is_outside
from pipeline.reading.workbooks.metadata import (
    Checkbox,
    Drawn,
    NamedCell,
    SheetMetadata,
)
from pipeline.reading.workbooks.opendocument.conditions import limits_of, restyled_by
from pipeline.reading.workbooks.opendocument.found_sheet import MOST, FoundSheet
from pipeline.reading.workbooks.opendocument.styles import read_styles
from pipeline.reading.workbooks.rich_texts import Run, judge_faint, rich_text_of
from pipeline.reading.workbooks.xml_parts import Attributes, capture, new_parser, parse, tree
from pipeline.receiving.zip_gate import read_parts
from questionnaire.rounds.cover_page import LOGO

_NAMED_CELL = re.compile(r"\$?(?:'((?:[^']|'')+)'|([^'.#]+))\.(\$?[A-Z]{1,3}\$?\d{1,7})(?::.*)?")
_CONTENT = "content.xml"
_INDENT = re.compile(rb">\s+(?=</?(?:table|office|calcext|draw):|<text:p[\s>])")

_XMLNS = "urn:oasis:names:tc:opendocument:xmlns:{}:1.0 "
_TABLE, _OFFICE, _TEXT, _DRAW, _STYLE = map(_XMLNS.format, ("table", "office", "text", "drawing", "style"))
_CALC = "urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0 "
_SHAPES = ("frame", "custom-shape", "rect", "ellipse", "path", "polygon", "caption", "g", "line")

_COLUMNS_REPEATED, _ROWS_REPEATED = f"{_TABLE}number-columns-repeated", f"{_TABLE}number-rows-repeated"
_COLUMNS_SPANNED, _ROWS_SPANNED = f"{_TABLE}number-columns-spanned", f"{_TABLE}number-rows-spanned"
_CELL_STYLE, _DEFAULT_STYLE = f"{_TABLE}style-name", f"{_TABLE}default-cell-style-name"
_FORMULA, _VALIDATION = f"{_TABLE}formula", f"{_TABLE}content-validation-name"
_VALUE_TYPE, _CURRENCY = f"{_OFFICE}value-type", f"{_OFFICE}currency"
_LINK = "http://www.w3.org/1999/xlink href"
_CALC_TYPE = f"{_CALC}value-type"
_NO_SIGN = "[$]"
"""A currency by no sign of its own: that of the language in which the program runs, as the cell shows it."""

_AMOUNT = "0123456789-−().,'’ \u00a0\u202f"


def without_indents(data: bytes) -> bytes:
    """The same package without white space between the tags around cells: calamine takes it for a broken cell.

    Gnumeric indents them so. White space within the text of a cell stays.
    """
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as package:
        for name, content in read_parts(data):
            package.writestr(name, _INDENT.sub(b">", content) if name == _CONTENT else content)
    return packed.getvalue()


@dataclass(frozen=True)
class Content:
    """The metadata of each sheet, the defined names, how many sheets are fed from other files, and the date system."""

    sheets: dict[str, SheetMetadata]
    names: dict[str, NamedCell | None]
    links: int
    date_1904: bool


def read_content(content: bytes, styles: bytes = b"") -> Content:
    """What the content describes; `styles` is the part of the styles that it shares. Raises PartError."""
    walk = _Walk(tree(styles) if styles else Element("styles"))
    walk.through(content)
    found: dict[str, SheetMetadata] = {}
    for sheet in walk.sheets:
        found.setdefault(sheet.name, sheet.metadata())
    return Content(found, walk.names, walk.links, walk.date_1904)


class _Walk:
    """What is found while the parser goes through the content."""

    def __init__(self, shared: Element) -> None:
        self.sheets: list[FoundSheet] = []
        self.names: dict[str, NamedCell | None] = {}
        self.links = 0
        self.date_1904 = False
        self._shared = shared
        self._styles = read_styles(shared)
        self._sheet: FoundSheet | None = None
        self._said: list[str] | None = None
        self._unsigned = ""
        self._runs: list[Run] = []
        self._look = ""
        self._controls: dict[str, Element] = {}
        self._parser = new_parser(namespaces=True)
        self._parser.StartElementHandler = self._start
        self._handlers: dict[str, Callable[[FoundSheet, str, Attributes], None]] = {
            f"{_TABLE}table-column": self._begin_column,
            f"{_TABLE}table-row": self._begin_row,
            f"{_TABLE}table-cell": self._begin_cell,
            f"{_TABLE}covered-table-cell": self._begin_cell,
            f"{_OFFICE}annotation": self._note,
            f"{_CALC}conditional-format": self._format,
            f"{_TEXT}p": self._paragraph,
            f"{_TEXT}a": self._link,
            f"{_OFFICE}forms": self._forms,
            f"{_DRAW}control": self._control,
            **dict.fromkeys((f"{_DRAW}{shape}" for shape in _SHAPES), self._draw),
        }
        self._elsewhere: dict[str, Callable[[str, Attributes], None]] = {
            f"{_TABLE}table": self._begin_table,
            f"{_TABLE}table-source": self._source,
            f"{_TABLE}named-range": self._named,
            f"{_TABLE}null-date": self._null_date,
            f"{_OFFICE}automatic-styles": lambda name, attributes: capture(
                self._parser, name, attributes, self._own_styles
            ),
        }

    def through(self, content: bytes) -> None:
        parse(self._parser, content)
        self._end_cell()

    def _start(self, name: str, attributes: Attributes) -> None:
        if self._sheet is not None and (found := self._handlers.get(name)) is not None:
            found(self._sheet, name, attributes)
        elif (other := self._elsewhere.get(name)) is not None:
            other(name, attributes)

    # --- around the sheets ----------------------------------------------------------------------------------

    def _own_styles(self, styles: Element) -> None:
        own = Element("own")
        own.append(styles)
        self._styles = read_styles(self._shared, own)

    def _begin_table(self, name: str, attributes: Attributes) -> None:
        self._end_cell()
        if attributes.get(f"{_TABLE}is-sub-table") == "true":
            capture(self._parser, name, attributes, lambda _: None)
            return
        title = attributes.get(f"{_TABLE}name")
        # What other files were asked for stands in tables without a name.
        self._sheet = None if title is None else FoundSheet(title, attributes.get(f"{_TABLE}protected") == "true")
        if self._sheet is not None:
            self.sheets.append(self._sheet)

    def _source(self, _name: str, _attributes: Attributes) -> None:
        self.links += 1

    def _named(self, _: str, attributes: Attributes) -> None:
        address = attributes.get(f"{_TABLE}cell-range-address", "")
        self.names[attributes.get(f"{_TABLE}name", "")] = NamedCell.written(address, _NAMED_CELL)

    def _null_date(self, _: str, attributes: Attributes) -> None:
        self.date_1904 = attributes.get(f"{_TABLE}date-value", "").startswith("1904-01-01")

    # --- rows and cells -------------------------------------------------------------------------------------

    def _begin_column(self, sheet: FoundSheet, _: str, attributes: Attributes) -> None:
        start = sheet.defaults[-1][0] if sheet.defaults else 0
        end = start + _count(attributes, _COLUMNS_REPEATED)
        sheet.defaults.append((end, attributes.get(_DEFAULT_STYLE, "")))
        width = 0 if _is_hidden(attributes) else self._styles.widths.get(attributes.get(_CELL_STYLE, ""))
        if width is not None:
            sheet.columns.append((start, end - 1, width))

    def _begin_row(self, sheet: FoundSheet, _: str, attributes: Attributes) -> None:
        self._end_cell()
        sheet.row += sheet.rows
        sheet.rows, sheet.column = _count(attributes, _ROWS_REPEATED), 0
        sheet.row_style = attributes.get(_DEFAULT_STYLE, "")
        is_hidden = _is_hidden(attributes) or attributes.get(_CELL_STYLE) in self._styles.low
        if is_hidden and len(sheet.hidden) < MOST:
            sheet.hidden.update(range(sheet.row, sheet.row + min(sheet.rows, MOST)))

    def _begin_cell(self, sheet: FoundSheet, _: str, attributes: Attributes) -> None:
        self._end_cell()
        row, column = sheet.at = sheet.row, sheet.column
        sheet.width = _count(attributes, _COLUMNS_REPEATED) if _COLUMNS_REPEATED in attributes else 1
        sheet.column += sheet.width
        if _VALIDATION in attributes and len(sheet.validated) < MOST:
            sheet.kinds.add(attributes[_VALIDATION])
            sheet.validated.append((row, column, row + sheet.rows - 1, column + sheet.width - 1))
        if _COLUMNS_SPANNED in attributes or _ROWS_SPANNED in attributes:
            down, across = _count(attributes, _ROWS_SPANNED), _count(attributes, _COLUMNS_SPANNED)
            if (down, across) != (1, 1) and len(sheet.merged) < MOST:
                sheet.merged.append((row, column, row + down - 1, column + across - 1))
        sort = attributes.get(_VALUE_TYPE)
        if sort is not None or _FORMULA in attributes:
            self._content(sheet, sort, attributes)

    def _content(self, sheet: FoundSheet, sort: str | None, attributes: Attributes) -> None:
        """Note what is behind a cell with content; what it says itself is waited for where that matters."""
        style = self._look = attributes.get(_CELL_STYLE) or sheet.default_style()
        if style in self._styles.struck:
            sheet.struck.update(sheet.places())
        if style in self._styles.faint or (sheet.is_protected and style in self._styles.concealed):
            sheet.faint.update(sheet.places())
        for condition, other in self._styles.mapped.get(style, ()):
            if found := self._styles.put_on.get(other):
                limits = limits_of(condition)
                sheet.restyled += [replace(found, area=(*at, *at), limits=limits) for at in sheet.places()]
        if style in self._styles.unusual:
            sheet.inks.update(dict.fromkeys(sheet.places(), self._styles.inks[style]))
        if fit := self._styles.fits.get(style):
            sheet.fits.update(dict.fromkeys(sheet.places(), fit))
        if code := self._number_format(style, sort, attributes):
            sheet.number_formats.update(dict.fromkeys(sheet.places(), code))
        if _FORMULA in attributes:
            sheet.formulas.update(sheet.places())
            if address := address_in(attributes[_FORMULA]):
                sheet.links.update(dict.fromkeys(sheet.places(), address))
        self._unsigned = code if _NO_SIGN in code else ""
        if self._unsigned or attributes.get(_CALC_TYPE) == "error":
            self._said = []
            self._parser.CharacterDataHandler = self._said.append

    def _number_format(self, style: str, sort: str | None, attributes: Attributes) -> str:
        if code := self._styles.number_formats.get(style):
            return code
        if sort == "currency":
            return f"General [${attributes.get(_CURRENCY, '')}]"
        return "0%" if sort == "percentage" else ""

    def _end_cell(self) -> None:
        """Take what the cell that ends says: the formats within its text, its error, or the sign of its currency."""
        if self._runs and self._sheet is not None:
            rich = rich_text_of(self._runs)
            if rich.is_struck:
                self._sheet.struck.update(self._sheet.places())
            if rich.raised:
                self._sheet.raised.update(dict.fromkeys(self._sheet.places(), rich.raised))
            inks = self._styles.inks.get(self._look, ("", ()))
            for at in self._sheet.places():
                judge_faint(self._sheet.faint, at, rich, inks)
            self._runs.clear()
        if self._said is not None and self._sheet is not None:
            text = "".join(self._said).strip()
            if self._unsigned:
                sign = f"[${text.strip(_AMOUNT) or '¤'}]"
                code = self._unsigned.replace(_NO_SIGN, sign)
                self._sheet.number_formats.update(dict.fromkeys(self._sheet.places(), code))
            else:
                self._sheet.errors.update(dict.fromkeys(self._sheet.places(), text or "#ERR!"))
            self._parser.CharacterDataHandler, self._said = None, None

    # --- within a cell, and over it -------------------------------------------------------------------------

    def _paragraph(self, _: FoundSheet, name: str, attributes: Attributes) -> None:
        """Look into the formats within the text of a cell, where the document has any."""
        if self._styles.has_rich_texts:
            capture(self._parser, name, attributes, self._text)

    def _text(self, paragraph: Element) -> None:
        self._runs += self._runs_of(paragraph, Run(""))
        if self._said is not None:
            self._said += paragraph.itertext()
        for link in paragraph.iter("a"):
            self._leads(link.get("href", ""))

    def _runs_of(self, element: Element, within: Run) -> Iterator[Run]:
        style = element.get("style-name")
        styles = self._styles
        run = Run(
            element.text or "",
            within.is_struck or style in styles.struck_texts,
            within.is_raised or style in styles.raised_texts,
            within.is_lowered or style in styles.lowered_texts,
            within.is_tiny or style in styles.tiny_texts,
            styles.colours.get(style or "", within.colour),
        )
        yield run
        for child in element:
            yield from self._runs_of(child, run)
            yield replace(run, text=child.tail or "")

    def _link(self, _sheet: FoundSheet, _name: str, attributes: Attributes) -> None:
        self._leads(attributes.get(_LINK, ""))

    def _leads(self, address: str) -> None:
        if is_outside(address) and self._sheet is not None:
            self._sheet.links.update(dict.fromkeys(self._sheet.places(), address))

    def _forms(self, _: FoundSheet, name: str, attributes: Attributes) -> None:
        """Keep the controls of a sheet, which stand before its cells; where they lie, their shapes say."""

        def keep(forms: Element) -> None:
            self._controls = {entry.get("id", ""): entry for entry in forms.iter() if "id" in entry.attrib}

        capture(self._parser, name, attributes, keep)

    def _control(self, sheet: FoundSheet, name: str, attributes: Attributes) -> None:
        control = self._controls.get(attributes.get(f"{_DRAW}control", ""))
        if control is None or control.tag not in ("checkbox", "radio"):
            self._draw(sheet, name, attributes)
            return
        at = sheet.at if sheet.row >= 0 else None
        target = NamedCell.written(control.get("linked-cell", ""), _NAMED_CELL)
        linked = target.at if target is not None and target.sheet == sheet.name else None
        is_ticked = control.get("current-state", control.get("state")) == "checked"
        is_ticked = is_ticked or control.get("current-selected", control.get("selected")) == "true"
        sheet.checkboxes.append(Checkbox(at, is_ticked, linked, control.get("label", "")))

    def _note(self, sheet: FoundSheet, name: str, attributes: Attributes) -> None:
        if len(sheet.notes) < MOST:
            at = sheet.at
            capture(self._parser, name, attributes, lambda note: sheet.notes.__setitem__(at, _plain(note)))

    def _draw(self, sheet: FoundSheet, name: str, attributes: Attributes) -> None:
        """Note what lies over the cells; what is tied to no cell stands before the first row."""
        at = sheet.at if sheet.row >= 0 else None

        def keep(shape: Element) -> None:
            text = _plain(shape)
            if text or not any(said.text == LOGO for said in shape.iter("desc")):
                sheet.drawn.append(Drawn(at, text))

        if len(sheet.drawn) < MOST:
            capture(self._parser, name, attributes, keep)

    def _format(self, sheet: FoundSheet, name: str, attributes: Attributes) -> None:
        sheet.formats += 1
        # It stands behind all cells of the sheet.
        capture(self._parser, name, attributes, lambda found: sheet.restyled.extend(restyled_by(found, self._styles)))


def _is_hidden(attributes: Attributes) -> bool:
    return attributes.get(f"{_TABLE}visibility") in ("collapse", "filter")


def _count(attributes: Attributes, name: str) -> int:
    text = attributes.get(name, "1")
    return max(int(text), 1) if text.isdecimal() and len(text) < 8 else 1


def _plain(element: Element) -> str:
    """The text of paragraphs, each on a line of its own."""
    return "\n".join("".join(paragraph.itertext()) for paragraph in element.iter("p")).strip()
