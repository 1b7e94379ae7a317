"""Reads what the part of one sheet in an Office package (.xlsx, .xlsm) holds beside its values.

The parser hands it each element as it begins; positions that are left out count on, as the reading library counts them.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Self
from xml.etree.ElementTree import Element

from pipeline.reading.workbooks.links import address_in, cells_of, is_outside
from pipeline.reading.workbooks.metadata import (
    Area,
    At,
    Checkbox,
    Drawn,
    Raised,
    Restyled,
    SheetMetadata,
    area_place,
    column_number,
)
from pipeline.reading.workbooks.office.cell_looks import Cells, is_hidden, told_by
from pipeline.reading.workbooks.office.conditional_formats import restyled_by
from pipeline.reading.workbooks.office.plain_cells import (
    KEPT_SHEETS,
    MOST_ROWS,
    PlainCells,
    PlainRow,
    behind_apart,
    plain_cells,
)
from pipeline.reading.workbooks.office.styles import Styles, may_be_rich, rich_text
from pipeline.reading.workbooks.restyled import settled
from pipeline.reading.workbooks.rich_texts import RichText, judge_faint
from pipeline.reading.workbooks.xml_parts import Attributes, PartError, capture, local, new_parser, parse, truth

Handler = Callable[[str, Attributes], None]

_LONGEST_AROUND = 1024 * 1024
"""The bytes around the rows of a sheet that is kept."""

_OF_NO_CELL = frozenset({"columns", "hides_zeros"})
_DIGITS, _LINKING = "0123456789", b"HYPERLINK("
_TWICE = re.compile(rb"</(?:\w+:)?(?:v|is)>\s*<(?:\w+:)?(?:v|is)[\s>]")
_NO_INDEX = re.compile(rb"\st\s*=\s*[\"']s[\"'][^>]*>\s*<(?:\w+:)?v(?:\s[^>]*)?>(?!(?:0|[1-9]\d{0,8})?<)")
"""A shared text by what is no number of one: the reading library takes the first text of the list instead."""


@dataclass(frozen=True)
class Looks:
    """What the cells of a workbook share: their styles, and of their texts those whose formats say something."""

    styles: Styles = field(default_factory=Styles)
    texts: Mapping[str, RichText] = field(default_factory=dict)


@dataclass(frozen=True)
class Beside:
    """What other parts say of a sheet: its comments, what lies over its cells, and the addresses of its relations."""

    notes: Mapping[At, str] = field(default_factory=dict)
    drawn: tuple[Drawn, ...] = ()
    checkboxes: tuple[Checkbox, ...] = ()
    addresses: Mapping[str, str] = field(default_factory=dict)

    @property
    def says_nothing(self) -> bool:
        """True where there is none of that but addresses."""
        return not (self.notes or self.drawn or self.checkboxes)


class _Columns(dict[str, int]):
    """The number of each column by its letters."""

    def __missing__(self, letters: str) -> int:
        if not (letters.isascii() and letters.isalpha() and len(letters) <= 3):
            raise PartError(f"a cell has the column {letters!r}")
        self[letters] = column_number(letters.upper())
        return self[letters]


_COLUMNS = _Columns()


class _Handlers(dict[str, Handler]):
    """What to do where an element begins, by its name; whatever its prefix, and nothing for most."""

    def __missing__(self, name: str) -> Handler:
        if ":" in name:
            return self[local(name)]
        self[name] = _nothing
        return _nothing


class _Walk(Cells):
    """What is found while the parser goes through the part of a sheet; a method begins with each element."""

    def __init__(self, looks: Looks, addresses: Mapping[str, str], part: bytes) -> None:
        super().__init__(looks.styles)
        self.errors: dict[At, str] = {}
        self.raised: dict[At, Raised] = {}
        self.pictures: set[At] = set()
        self.objects = self.formats = 0
        self.restyled: list[Restyled] = []
        self.hides_zeros = False
        self.columns: list[tuple[int, int, float]] = []
        self.merged: list[str] = []
        self.validated: list[str] = []
        self.is_protected = False
        self._looks, self._addresses = looks, addresses
        # Where the cell is: as its address says, or behind the last one; most cells tell nothing and need no place.
        self._row, self._number, self._address = -1, "", ""
        self._sort = self._look = ""
        self._known: set[str] = set()
        self._parser = new_parser()
        handlers = _Handlers({
            "row": self._row_begins, "c": self._cell, "f": self._formula, "mergeCell": self._merged,
            "dataValidation": self._validation, "conditionalFormatting": self._format,
            "sheetProtection": self._protection, "oleObject": self._object, "Fallback": self._fallback,
            "hyperlink": self._link, "sheetView": self._view, "col": self._column,
        })  # fmt: skip
        if looks.texts:
            handlers["v"] = self._value
        handlers["is"] = self._text if may_be_rich(part) else self._inline
        if _LINKING in part:
            handlers["f"] = self._linking_formula
        self._handlers = handlers
        self._parser.StartElementHandler = lambda name, attributes: handlers[name](name, attributes)

    def through(self, part: bytes) -> Self:
        """Go through a part; raises PartError."""
        parse(self._parser, part)
        return self

    def take(self, rows: Iterable[PlainRow], rich: Iterable[tuple[At, str, str]] = ()) -> None:
        """Note what plain rows tell, as if the parser had gone through them, and the `rich` texts in them."""
        for row in rows:
            for name, found in told_by(row, self._styles):
                getattr(self, name).update(found)
        for place, style, number in rich:
            self._at, self._look = place, style
            self._rich(self._looks.texts[number])

    def join_behind(self, part: bytes, addresses: tuple[tuple[str, str], ...]) -> None:
        """Note what stands behind the cells, as if the parser had gone through it."""
        if not part:
            return
        behind = _behind(part, self._styles, addresses)
        self.merged += behind.merged
        self.validated += behind.validated
        self.restyled += behind.restyled
        self.formats += behind.formats
        self.links |= behind.links
        self.is_protected |= behind.is_protected

    # --- cells ----------------------------------------------------------------------------------------------

    def _row_begins(self, _: str, attributes: Attributes) -> None:
        self._number = attributes.get("r", "")
        self._row = _row(self._number) if self._number else self._row + 1
        self._at, self._address = (self._row, -1), ""
        if is_hidden(attributes):
            self.hidden_rows.add(self._row)

    def _cell(self, _: str, attributes: Attributes) -> None:
        if "r" in attributes:
            self._address = attributes["r"]
            if self._address in self._known:
                raise PartError(f"the cell {self._address} stands there twice")
            self._known.add(self._address)
        else:
            self._at, self._address = (self._row, self._place()[1] + 1), ""
        self._look = attributes.get("s", "0")
        if self._look in self._telling:
            self._style(self._look)
        self._sort = attributes.get("t", "")
        if self._sort == "e":
            self._handlers["v"] = self._value
            if "vm" in attributes:
                # What is no value has its place in another part; this one is for programs that know nothing of it.
                self.pictures.add(self._place())

    def _place(self) -> At:
        """The place of the cell."""
        if self._address:
            letters = self._address.rstrip(_DIGITS)
            number = self._address[len(letters) :]
            self._at = self._row if number == self._number else _row(number), _COLUMNS[letters]
            self._address = ""
        return self._at

    def _formula(self, _name: str, _attributes: Attributes) -> None:
        self.formulas.add(self._place())

    def _linking_formula(self, name: str, attributes: Attributes) -> None:
        self._formula(name, attributes)
        capture(self._parser, name, attributes, self._leads)

    def _leads(self, formula: Element) -> None:
        if address := address_in(formula.text or ""):
            self.links[self._place()] = address

    def _value(self, name: str, attributes: Attributes) -> None:
        if self._sort in ("e", "s"):
            capture(self._parser, name, attributes, self._noted)

    def _noted(self, value: Element) -> None:
        """Note an error, or the number of a shared text."""
        text = (value.text or "").strip()
        if self._sort == "e":
            self.errors[self._place()] = text
        elif text in self._looks.texts:
            self._rich(self._looks.texts[text])

    def _inline(self, _name: str, _attributes: Attributes) -> None:
        """Refuse a text in a cell that says it holds something else: the library shows it, spreadsheets do not."""
        if self._sort != "inlineStr":
            raise PartError(f"a text stands in a cell of the type {self._sort!r}")

    def _text(self, name: str, attributes: Attributes) -> None:
        self._inline(name, attributes)
        capture(self._parser, name, attributes, lambda text: self._rich(rich_text(text, self._looks.styles.colours)))

    def _rich(self, text: RichText) -> None:
        if text.is_struck:
            self.struck.add(self._place())
        if text.raised:
            self.raised[self._place()] = text.raised
        judge_faint(self.faint, self._place(), text, self._looks.styles.inks.get(self._look, ("", ())))

    # --- what stands for cells, behind them all -------------------------------------------------------------

    def _merged(self, _: str, attributes: Attributes) -> None:
        self.merged.append(attributes.get("ref", ""))

    def _validation(self, name: str, attributes: Attributes) -> None:
        if "sqref" in attributes:
            self.validated.append(attributes["sqref"])
        else:
            # A list that another sheet holds stands apart, in an extension that Excel 2010 brought.
            capture(self._parser, name, attributes, self._later_validation)

    def _later_validation(self, element: Element) -> None:
        self.validated += [found.text or "" for found in element.iter("sqref")]

    def _format(self, name: str, attributes: Attributes) -> None:
        self.formats += 1
        capture(self._parser, name, attributes, self._restyle)

    def _restyle(self, element: Element) -> None:
        self.restyled += restyled_by(element, self._looks.styles)

    def _column(self, _: str, attributes: Attributes) -> None:
        first, last = int(attributes.get("min", "1")) - 1, int(attributes.get("max", "1")) - 1
        width = "0" if truth(attributes.get("hidden")) else attributes.get("width")
        if width is not None:
            self.columns.append((first, last, float(width)))

    def _view(self, _: str, attributes: Attributes) -> None:
        self.hides_zeros |= not truth(attributes.get("showZeros", "1"))

    def _protection(self, _: str, attributes: Attributes) -> None:
        self.is_protected = truth(attributes.get("sheet"))

    def _link(self, _: str, attributes: Attributes) -> None:
        relation = next((value for name, value in attributes.items() if local(name) == "id"), "")
        area, address = area_place(attributes.get("ref", "")), self._addresses.get(relation, "")
        if area and is_outside(address):
            address += f"#{attributes['location']}" if attributes.get("location") else ""
            self.links.update(dict.fromkeys(cells_of(area), address))

    def _object(self, _name: str, _attributes: Attributes) -> None:
        self.objects += 1

    def _fallback(self, name: str, attributes: Attributes) -> None:
        """Leave out what is for programs that know less; the reading library takes cells in it for cells."""
        capture(self._parser, name, attributes, _without_cells)


def _without_cells(element: Element) -> None:
    if element.find(".//c") is not None:
        raise PartError("cells stand there in two ways")


def _nothing(_name: str, _attributes: Attributes) -> None:
    pass


@dataclass(frozen=True)
class _Part:
    """The part of a sheet taken apart: plain cells, what stands behind them, and the rest, which is all if None is."""

    cells: PlainCells | None
    behind: bytes
    rest: bytes


def _taken_apart(part: bytes, styles: Styles) -> _Part:
    # Where the style of cells that state none tells something, every cell is looked at.
    cells = None if "0" in styles.telling else plain_cells(part)
    rest, behind = behind_apart(cells.around) if cells else (part, b"")
    if _TWICE.search(rest):
        raise PartError("a cell has two values")
    if _NO_INDEX.search(rest):
        raise PartError("a cell has a text whose number is none")
    return _Part(cells, behind, rest)


@lru_cache(maxsize=256)
def _behind(piece: bytes, styles: Styles, addresses: tuple[tuple[str, str], ...]) -> _Walk:
    """What stands around the cells of a sheet, which is the same in every return that one program saved."""
    return _Walk(Looks(styles), dict(addresses), piece).through(piece)


def read_sheet_part(part: bytes, looks: Looks = Looks(), beside: Beside = Beside()) -> SheetMetadata:
    """The metadata of a sheet; raises PartError."""
    return look_at_sheet(part, looks, beside)[0]


def look_at_sheet(part: bytes, looks: Looks, beside: Beside) -> tuple[SheetMetadata, PlainCells | None]:
    """The metadata of a sheet, and its cells where they are written plainly; raises PartError."""
    apart = _taken_apart(part, looks.styles)
    addresses = tuple(beside.addresses.items())
    if apart.cells is None:
        return _metadata(_Walk(looks, beside.addresses, part).through(part), beside), None
    is_kept = len(apart.cells.said) <= MOST_ROWS and len(apart.behind) + len(apart.rest) <= _LONGEST_AROUND
    rich = tuple(apart.cells.shared(looks.texts)) if looks.texts else ()
    if is_kept and not looks.texts:
        walk = _behind(apart.rest, looks.styles, addresses)
    else:
        walk = _Walk(looks, beside.addresses, apart.rest).through(apart.rest)
    if rich or not {name for name, _ in walk.told()} <= _OF_NO_CELL:
        whole = _Walk(looks, beside.addresses, apart.rest)
        whole.take(apart.cells.said, rich)
        whole.join_behind(apart.behind, addresses)
        return _metadata(whole.through(apart.rest), beside), apart.cells
    look = _as_before if is_kept else _as_before.__wrapped__
    kept = look(apart.cells.said, apart.behind, looks.styles, addresses, tuple(walk.columns), walk.hides_zeros)
    if beside.says_nothing:
        return kept, apart.cells
    return replace(kept, notes=beside.notes, drawn=beside.drawn, checkboxes=beside.checkboxes), apart.cells


@lru_cache(maxsize=KEPT_SHEETS)
def _as_before(
    said: tuple[PlainRow, ...],
    behind: bytes,
    styles: Styles,
    addresses: tuple[tuple[str, str], ...],
    columns: tuple[tuple[int, int, float], ...],
    hides_zeros: bool,
) -> SheetMetadata:
    """The metadata of a sheet that differs from one seen before in what it is filled with, and in nothing else."""
    walk = _Walk(Looks(styles), dict(addresses), b"")
    walk.take(said)
    walk.join_behind(behind, addresses)
    walk.columns, walk.hides_zeros = list(columns), hides_zeros
    return _metadata(walk, Beside())


def _metadata(walk: _Walk, beside: Beside) -> SheetMetadata:
    return SheetMetadata(
        errors=walk.errors,
        formulas=frozenset(walk.formulas),
        notes=beside.notes,
        struck=frozenset(walk.struck),
        raised=walk.raised,
        # An embedded file says no place that people would know it by.
        drawn=(*beside.drawn, *(Drawn(None) for _ in range(walk.objects))),
        checkboxes=beside.checkboxes,
        links=walk.links,
        pictures=frozenset(walk.pictures),
        boxes=frozenset(walk.boxes),
        number_formats=walk.number_formats,
        faint=frozenset(walk.faint),
        restyled=tuple(settled(walk.restyled, walk.inks)),
        hides_zeros=walk.hides_zeros,
        fits=walk.fits,
        columns=tuple(walk.columns),
        merged=tuple(filter(None, map(area_place, walk.merged))),
        hidden_rows=frozenset(walk.hidden_rows),
        validations=len(walk.validated),
        validated=tuple(_areas(walk.validated)),
        formats=walk.formats,
        is_protected=walk.is_protected,
    )


def _row(number: str) -> int:
    if not (number.isascii() and number.isdecimal() and int(number)):
        raise PartError(f"a cell or a row has the number {number!r}")
    return int(number) - 1


def _areas(lists: list[str]) -> Iterator[Area]:
    for addresses in lists:
        yield from filter(None, map(area_place, addresses.split()))
