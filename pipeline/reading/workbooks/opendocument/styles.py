"""Reads what the styles of an OpenDocument spreadsheet (.ods) say of the cells and texts that use them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from pipeline.reading.workbooks.colours import SMALLEST, is_faint, is_unusual
from pipeline.reading.workbooks.metadata import LOWEST, Fit, Restyled
from pipeline.reading.workbooks.number_formats import in_seen_colours
from pipeline.reading.workbooks.opendocument.formats import number_formats
from pipeline.reading.workbooks.rich_texts import Inks

_EVERYWHERE = "Default"
"""The style that all cells have: a condition does not put it on."""

_LENGTH = re.compile(r"(\d+(?:\.\d+)?)(cm|mm|in|pt)")
_POINTS = re.compile(r"(\d+(?:\.\d+)?)pt")
_CENTIMETRES = {"cm": 1.0, "mm": 0.1, "in": 2.54, "pt": 2.54 / 72}
_DIGIT = 0.185
"""Centimetres that a digit takes in the usual font."""

_LOWEST = LOWEST * 2.54 / 72 / _DIGIT

_DEEPEST = 20
"""Styles that build on each other; a longer chain leads nowhere."""


@dataclass(frozen=True)
class OwnStyles:
    """By the name of a style: the cells and texts that it crosses out, the texts off the line, and number formats.

    `faint` are the cells whose text is hidden by its colour or its size; `inks` the colours of text and ground of
    cells, `colours` those of texts, `tiny_texts` those too small to read; `fits` how cells fit a text. `widths` and
    `low` are the widths of columns in digits and the rows without a height. `put_on` is what
    each does where a condition puts it on, `unusual` those that are not dark on light, `concealed` those that show
    nothing on a protected sheet; `mapped` the conditions under which a style gives way to another.
    """

    struck: frozenset[str] = frozenset()
    struck_texts: frozenset[str] = frozenset()
    raised_texts: frozenset[str] = frozenset()
    lowered_texts: frozenset[str] = frozenset()
    tiny_texts: frozenset[str] = frozenset()
    colours: dict[str, str] = field(default_factory=dict)
    number_formats: dict[str, str] = field(default_factory=dict)
    faint: frozenset[str] = frozenset()
    put_on: dict[str, Restyled] = field(default_factory=dict)
    unusual: frozenset[str] = frozenset()
    concealed: frozenset[str] = frozenset()
    mapped: dict[str, list[tuple[str, str]]] = field(default_factory=dict)
    inks: dict[str, Inks] = field(default_factory=dict)
    fits: dict[str, Fit] = field(default_factory=dict)
    widths: dict[str, float] = field(default_factory=dict)
    low: frozenset[str] = frozenset()

    @property
    def has_rich_texts(self) -> bool:
        """True where the formats within some text matter."""
        return bool(self.struck_texts or self.raised_texts or self.lowered_texts or self.tiny_texts or self.colours)


def read_styles(*roots: Element) -> OwnStyles:
    """By the styles that a document shares, and by those that its content brings itself."""
    codes = number_formats(list(_entries(roots)))
    cells = {entry.get("name", ""): entry for entry in _entries(roots) if _is(entry, "table-cell")}
    texts = {entry.get("name", ""): entry for entry in _entries(roots) if _is(entry, "text")}
    own = {name: entry for name, entry in cells.items() if name != _EVERYWHERE}
    inks = {name: _inks(cells, name) for name in cells}
    formats = {
        name: in_seen_colours(codes.get(_data_style(cells, name), ""), inks[name][1], _no_palette) for name in cells
    }
    faint = frozenset(name for name, (ink, ground) in inks.items() if is_faint(ink, *ground) or _is_tiny(cells, name))
    struck = frozenset(name for name in cells if _is_struck(cells, name))
    return OwnStyles(
        struck=struck,
        struck_texts=frozenset(name for name in texts if _is_struck(texts, name)),
        raised_texts=frozenset(name for name in texts if _is_raised(_position(texts, name))),
        lowered_texts=frozenset(name for name in texts if _is_lowered(_position(texts, name))),
        tiny_texts=frozenset(name for name in texts if _is_tiny(texts, name)),
        colours={name: colour for name in texts if (colour := _ink(texts, name)) is not None},
        number_formats={name: code for name, code in formats.items() if code},
        faint=faint,
        put_on={name: _put_on(own, name, code, name in struck) for name, code in formats.items()},
        unusual=frozenset(name for name, (ink, ground) in inks.items() if is_unusual(ink, *ground)),
        concealed=frozenset(name for name in cells if _is_concealed(cells, name)),
        mapped={name: maps for name, entry in cells.items() if (maps := _maps(entry))},
        inks=inks,
        fits={name: fit for name in cells if (fit := _fit(cells, name))},
        widths=_lengths(roots, "table-column", "column-width"),
        low=frozenset(name for name, height in _lengths(roots, "table-row", "row-height").items() if height < _LOWEST),
    )


def _no_palette(_: int) -> str:
    """Formats of this sort name no colour by a number."""
    return ""


def _lengths(roots: tuple[Element, ...], family: str, name: str) -> dict[str, float]:
    """The widths of columns or the heights of rows, in digits, by the names of their styles."""
    entries = (entry for entry in _entries(roots) if _is(entry, family))
    found = {entry.get("name", ""): _property(entry, name, of=f"{family}-properties") for entry in entries}
    lengths = ((style, _LENGTH.fullmatch(text)) for style, text in found.items())
    return {style: float(length[1]) * _CENTIMETRES[length[2]] / _DIGIT for style, length in lengths if length}


def _entries(roots: tuple[Element, ...]) -> Iterator[Element]:
    """The styles themselves: they stand right in one of the two sorts of lists."""
    for root in roots:
        for styles in root.iter():
            if styles.tag in ("styles", "automatic-styles"):
                yield from styles


def _is(entry: Element, family: str) -> bool:
    return entry.tag == "style" and entry.get("family") == family


def _chain(styles: dict[str, Element], name: str) -> Iterator[Element]:
    """A style and those that it builds on."""
    for _ in range(_DEEPEST):
        if name not in styles:
            return
        yield styles[name]
        name = styles[name].get("parent-style-name", "")


def _is_struck(styles: dict[str, Element], name: str) -> bool:
    said = (_property(style, "text-line-through-style", "text-line-through-type") for style in _chain(styles, name))
    return next((line != "none" for line in said if line), False)


def _ink(styles: dict[str, Element], name: str) -> str | None:
    """The colour that a style gives to a text, "" for that of the program; None where it gives none."""
    for style in _chain(styles, name):
        if _property(style, "use-window-font-color") == "true":
            return ""
        if colour := _property(style, "color"):
            return bare(colour)
    return None


def _inks(cells: dict[str, Element], name: str) -> Inks:
    chain = _chain(cells, name)
    ground = _first(_property(style, "background-color", of="table-cell-properties") for style in chain)
    return _ink(cells, name) or "", (bare(ground.removeprefix("transparent")),)


def _put_on(cells: dict[str, Element], name: str, code: str, is_struck: bool) -> Restyled:
    """What a style makes of a cell where a condition puts it on; its area stays open."""
    ground = _first(_property(style, "background-color", of="table-cell-properties") for style in _chain(cells, name))
    ink = _ink(cells, name)
    return Restyled((0, 0, 0, 0), code, is_struck, ink=ink, ground=bare(ground) if ground.startswith("#") else None)


def _is_concealed(cells: dict[str, Element], name: str) -> bool:
    """True for cells that show nothing while their sheet is protected."""
    said = _first(_property(style, "cell-protect", of="table-cell-properties") for style in _chain(cells, name))
    return said == "hidden-and-protected"


def bare(colour: str) -> str:
    """A colour as RRGGBB."""
    return colour.removeprefix("#").upper()


def _is_tiny(styles: dict[str, Element], name: str) -> bool:
    size = _POINTS.fullmatch(_first(_property(style, "font-size") for style in _chain(styles, name)))
    return size is not None and float(size[1]) < SMALLEST


def _fit(cells: dict[str, Element], name: str) -> Fit | None:
    chain = list(_chain(cells, name))
    repeats, shrinks, turned = (
        _first(_property(style, said, of="table-cell-properties") for style in chain)
        for said in ("repeat-content", "shrink-to-fit", "rotation-angle")
    )
    if repeats == "true":
        return Fit.REPEATED
    return Fit.SHRUNK if shrinks == "true" or turned not in ("", "0") else None


def _maps(style: Element) -> list[tuple[str, str]]:
    return [(entry.get("condition", ""), entry.get("apply-style-name", "")) for entry in style.iterfind("map")]


def _position(styles: dict[str, Element], name: str) -> str:
    """Where the text of a style stands to the line: a word, or a part of its height."""
    return _first(_property(style, "text-position") for style in _chain(styles, name)).split(" ")[0]


def _is_lowered(position: str) -> bool:
    return position == "sub" or position.startswith("-")


def _is_raised(position: str) -> bool:
    return position == "super" or (position.endswith("%") and position[:1].isdecimal() and position != "0%")


def _first(texts: Iterator[str]) -> str:
    return next(filter(None, texts), "")


def _property(style: Element, *names: str, of: str = "text-properties") -> str:
    properties = style.find(of)
    found = (properties.get(name, "") for name in names) if properties is not None else ()
    return next(filter(None, found), "")


def _data_style(styles: dict[str, Element], name: str) -> str:
    return next((found for style in _chain(styles, name) if (found := style.get("data-style-name", ""))), "")
