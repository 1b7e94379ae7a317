"""Reads pages of the report in tests: their parts, tables and links; that the body is well-formed is checked thereby."""

from __future__ import annotations

from collections.abc import Iterator
from xml.etree import ElementTree as ET


class ReportPage:
    """One page; `text` is its source."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.body = ET.fromstring(text[text.index("<body>") : text.index("</body>") + len("</body>")])

    @property
    def parts(self) -> list[str]:
        """The ids of its parts, in order."""
        return [part.attrib["id"] for part in self.body.iter("section")]

    def part(self, name: str) -> ET.Element:
        return next(part for part in self.body.iter("section") if part.get("id") == name)

    def paragraphs(self, name: str) -> list[str]:
        return [seen(one) for one in self.part(name).iter("p")]

    def rows(self, name: str, number: int = 0) -> list[list[str]]:
        """The rows of a table of a part, heads included, as texts without the bars in them."""
        tables = list(self.part(name).iter("table"))
        return [[seen(cell) for cell in row] for row in tables[number].iter("tr")]

    def bars(self, name: str) -> list[list[tuple[str, str]]]:
        """The bars of a part: of each of their pieces the look and the size."""
        return [
            [(piece.attrib["class"], piece.attrib["style"].removeprefix("flex:")) for piece in bar]
            for bar in self.part(name).iter("span")
            if bar.get("class") == "bar"
        ]


def seen(element: ET.Element) -> str:
    """The text of an element, without the bars in it."""
    return " ".join("".join(_texts(element)).split())


def _texts(element: ET.Element) -> Iterator[str]:
    if element.get("class") != "bar":
        yield element.text or ""
        for child in element:
            yield from _texts(child)
            yield child.tail or ""
