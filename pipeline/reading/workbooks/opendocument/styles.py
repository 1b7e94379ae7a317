"""Reads what the styles of an OpenDocument spreadsheet (.ods) say of the cells and texts that use them."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from pipeline.reading.workbooks.colours import is_faint
from pipeline.reading.workbooks.opendocument.formats import number_formats

_DEEPEST = 20
"""Styles that build on each other; a longer chain leads nowhere."""


@dataclass(frozen=True)
class OwnStyles:
    """By the name of a style: the cells and texts that it crosses out, the texts off the line, and number formats.

    `faint` and `faint_texts` are those that hide a text by its colour. `put_on` are the number formats of cells, and
    whether they are hidden, by those that do either; `mapped` the conditions under which a style gives way to another.
    """

    struck: frozenset[str] = frozenset()
    struck_texts: frozenset[str] = frozenset()
    raised_texts: frozenset[str] = frozenset()
    lowered_texts: frozenset[str] = frozenset()
    faint_texts: frozenset[str] = frozenset()
    number_formats: dict[str, str] = field(default_factory=dict)
    faint: frozenset[str] = frozenset()
    put_on: dict[str, tuple[str, bool]] = field(default_factory=dict)
    mapped: dict[str, list[tuple[str, str]]] = field(default_factory=dict)

    @property
    def has_rich_texts(self) -> bool:
        """True where the formats within some text matter."""
        return bool(self.struck_texts or self.raised_texts or self.lowered_texts or self.faint_texts)


def read_styles(*roots: Element) -> OwnStyles:
    """By the styles that a document shares, and by those that its content brings itself."""
    codes = number_formats(list(_entries(roots)))
    cells = {entry.get("name", ""): entry for entry in _entries(roots) if _is(entry, "table-cell")}
    texts = {entry.get("name", ""): entry for entry in _entries(roots) if _is(entry, "text")}
    formats = {name: codes.get(_data_style(cells, name), "") for name in cells}
    faint = frozenset(name for name in cells if _is_faint(cells, name))
    struck = frozenset(name for name in cells if _is_struck(cells, name))
    hiding = faint | struck
    return OwnStyles(
        struck=struck,
        struck_texts=frozenset(name for name in texts if _is_struck(texts, name)),
        raised_texts=frozenset(name for name in texts if _is_raised(_position(texts, name))),
        lowered_texts=frozenset(name for name in texts if _is_lowered(_position(texts, name))),
        faint_texts=frozenset(name for name in texts if _is_faint(texts, name)),
        number_formats={name: code for name, code in formats.items() if code},
        faint=faint,
        put_on={name: (code, name in hiding) for name, code in formats.items() if code or name in hiding},
        mapped={name: maps for name, entry in cells.items() if (maps := _maps(entry))},
    )


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


def _is_faint(styles: dict[str, Element], name: str) -> bool:
    chain = list(_chain(styles, name))
    text = _first(_property(style, "color") for style in chain)
    ground = _first(_property(style, "background-color", of="table-cell-properties") for style in chain)
    return is_faint(*(colour.removeprefix("#").upper() for colour in (text, ground.removeprefix("transparent"))))


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
