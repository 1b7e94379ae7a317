"""Makes the elements of a page: tables that scroll, bars inside them, keys to their looks; every text is escaped.

What an element holds may be a text, which is escaped, or `Markup`, which only the functions here make.
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from pipeline.safe_text import escape


class Markup(str):
    """What may stand in a page as it is."""

    __slots__ = ()


class Part(NamedTuple):
    """A part of a bar: its look (a class of report.css) and how much of the whole it is."""

    look: str
    size: int


def tag(name: str, *content: str, **attributes: str) -> Markup:
    """An element; `class_` is written `class`, `aria_label` is written `aria-label`, and "" leaves one out."""
    written = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{escape(value)}"' for key, value in attributes.items() if value
    )
    return Markup(f"<{name}{written}>{joined(content)}</{name}>")


def joined(content: Iterable[str], between: str = "") -> Markup:
    """Several things after one another, the texts among them escaped."""
    parts = (part if isinstance(part, Markup) else escape(part) for part in content)
    return Markup(between.join(parts))


def heading(content: str, look: str = "") -> Markup:
    """The head of a column."""
    return tag("th", content, scope="col", class_=look)


def row(head: str, cells: Iterable[str], look: str = "") -> Markup:
    """A row of figures with what it is about at its beginning; `look` is that of what it is about."""
    return tag("tr", tag("th", head, scope="row", class_=look), *(tag("td", cell) for cell in cells))


def group(label: str, columns: int, rows: Iterable[Markup]) -> Markup:
    """Rows that belong together, under a heading across all columns; without one where `label` is ""."""
    head = tag("tr", tag("th", label, scope="rowgroup", colspan=str(columns)), class_="group") if label else Markup()
    return tag("tbody", head, joined(rows, "\n"))


def table(caption: str, heads: Sequence[Markup], groups: Iterable[Markup], look: str = "") -> Markup:
    """A table that scrolls by itself where the page is narrower."""
    inner = tag("table", tag("caption", caption), tag("thead", tag("tr", *heads)), *groups, class_=look)
    return tag("div", inner, class_="scroll", tabindex="0", role="region", aria_label=caption)


def grouped(number: int) -> str:
    """A whole number with its thousands apart."""
    return f"{number:,}".replace(",", "\N{NARROW NO-BREAK SPACE}")


def bar(parts: Iterable[Part], whole: int) -> Markup:
    """A bar of parts of a whole, for the eye alone: the figures must stand in the same row."""
    # A part of less than a twentieth has no room for its number.
    shown = (
        tag("span", grouped(part.size) if part.size * 20 >= whole else "", class_=part.look, style=f"flex:{part.size}")
        for part in parts
        if part.size > 0
    )
    return tag("span", *shown, class_="bar", aria_hidden="true") if whole else Markup()


def key(entries: Iterable[tuple[str, str, str]]) -> Markup:
    """The key to looks: of each its class, the sign that stands there, and what it means."""
    items = (
        tag("li", tag("span", sign, class_=f"swatch {look}", aria_hidden="true"), " ", meaning)
        for look, sign, meaning in entries
    )
    return tag("ul", *items, class_="key")


def paragraph(text: str, look: str = "") -> Markup:
    """A paragraph."""
    return tag("p", text, class_=look)
