"""Owns how the package tests look into a workbook: its parts, cells, names and formulas, by the XML alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from openpyxl.utils import column_index_from_string, get_column_letter

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
WORKBOOK, STRINGS = "xl/workbook.xml", "xl/sharedStrings.xml"
_PACKAGE = "{http://schemas.openxmlformats.org/package/2006/relationships}"


@dataclass(frozen=True)
class Cell:
    """A cell where it stands, its position worked out as the standard says: the next one, unless told otherwise."""

    part: str
    row: int
    column: int
    element: Element

    @property
    def address(self) -> str:
        return f"{get_column_letter(self.column)}{self.row}"

    def __str__(self) -> str:
        return f"{self.part} {self.address}"


class Package:
    """The parts of a workbook."""

    def __init__(self, parts: Mapping[str, bytes]) -> None:
        self.parts = parts

    def root(self, part: str) -> Element:
        return ElementTree.fromstring(self.parts[part])

    @cached_property
    def sheets(self) -> dict[str, Element]:
        """The worksheets, by part."""
        return {name: self.root(name) for name in self.parts if name.startswith("xl/worksheets/sheet")}

    @cached_property
    def tabs(self) -> list[str]:
        return [item.get("name", "") for item in self.root(WORKBOOK).iter(f"{MAIN}sheet")]

    @cached_property
    def names(self) -> list[Element]:
        return list(self.root(WORKBOOK).iter(f"{MAIN}definedName"))

    @cached_property
    def cells(self) -> list[Cell]:
        return [cell for part, root in self.sheets.items() for cell in _cells(part, root)]

    @cached_property
    def strings(self) -> list[Element]:
        """The texts that cells point to."""
        return list(self.root(STRINGS).iter(f"{MAIN}si")) if STRINGS in self.parts else []

    def formulas(self) -> Iterator[tuple[str, str]]:
        """Every formula of cells, names, validations and conditional formats, with where it stands."""
        for cell in self.cells:
            if (formula := cell.element.findtext(f"{MAIN}f")) is not None:
                yield str(cell), formula
        yield from ((f"the name {item.get('name')}", item.text or "") for item in self.names)
        for part, root in self.sheets.items():
            for tag in ("formula", "formula1", "formula2"):
                yield from ((f"{part} {tag}", item.text or "") for item in root.iter(f"{MAIN}{tag}"))

    def relations(self) -> Iterator[tuple[str, Element]]:
        for name in self.parts:
            if name.endswith(".rels"):
                yield from ((name, relation) for relation in self.root(name).iter(f"{_PACKAGE}Relationship"))


def _cells(part: str, root: Element) -> Iterator[Cell]:
    row = 0
    for line in root.iter(f"{MAIN}row"):
        row = int(line.get("r", row + 1))
        column = 0
        for element in line.iter(f"{MAIN}c"):
            address = element.get("r")
            column = column_index_from_string(address.rstrip("0123456789")) if address else column + 1
            yield Cell(part, row, column, element)
