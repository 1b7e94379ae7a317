"""Owns what a Word document (.docx) holds: its paragraphs with their printed numbers, and its tables as grids.

Nothing a document refers to is fetched. Deleted and hidden text is left out, and so are drawings.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import docx
from docx.oxml.ns import qn

from pipeline.documents.lines import Lines
from pipeline.documents.raised import raised
from pipeline.documents.word_numbering import Numbering
from pipeline.receiving.zip_gate import read_parts
from questionnaire.indicator_table.document import Document
from questionnaire.indicator_table.grids.grid import At, Grid, Shape, filled

MAX_CELLS = 200_000
_SKIPPED = {
    qn(f"w:{name}")
    for name in ("drawing", "pict", "object", "footnoteReference", "endnoteReference", "del", "instrText", "pPr", "rPr")
} | {"{http://schemas.openxmlformats.org/markup-compatibility/2006}AlternateContent"}
_HEADING_STYLES = ("heading", "titre", "título", "titulo")
_OFF = {"0", "false", "off"}


class TooLargeError(Exception):
    """A document with more cells than any indicator table has."""


def word_document(data: bytes, source: str) -> Document:
    """The document; raises PackageError for an unsafe or damaged package, TooLargeError for too many cells."""
    for _ in read_parts(data):
        pass
    document = docx.Document(io.BytesIO(data))
    reader = _Reader(document)
    lines = Lines()
    for element in _blocks(document.element.body):
        if element.tag == qn("w:tbl"):
            lines.add_grid(reader.grid(element, f"table {len(lines.grids) + 1}"))
        else:
            lines.add(reader.paragraph(element), reader.heading(element))
    return lines.document(source)


def _blocks(parent: Any) -> Iterator[Any]:
    """The paragraphs and tables of a body or cell, also those in content controls."""
    for element in parent:
        if element.tag in (qn("w:p"), qn("w:tbl")):
            yield element
        elif element.tag in (qn("w:sdt"), qn("w:sdtContent"), qn("w:ins"), qn("w:customXml")):
            yield from _blocks(element)


class _Reader:
    def __init__(self, document: Any) -> None:
        self._numbering = Numbering(document)
        self._headings = {style.style_id: level for style in document.styles if (level := _level(style))}
        self._cells = 0

    def heading(self, paragraph: Any) -> int:
        """The level of a heading, 0 for another paragraph."""
        style = paragraph.style
        return self._headings.get(style, 0) if style else 0

    def paragraph(self, paragraph: Any) -> str:
        """The text of a paragraph, with the number or bullet that Word prints before it."""
        text = "".join(_texts(paragraph))
        return self._numbering.label(paragraph) + text if text.strip() else text

    def grid(self, table: Any, name: str) -> Grid:
        rows: list[list[str]] = []
        areas: list[tuple[int, int, int, int]] = []
        open_: dict[int, tuple[int, int]] = {}
        struck: set[At] = set()
        for number, row in enumerate(_children(table, "w:tr")):
            cells: list[str] = [""] * _number(row, "w:trPr/w:gridBefore")
            for cell in _children(row, "w:tc"):
                at, span = len(cells), max(1, _number(cell, "w:tcPr/w:gridSpan", 1))
                self._count(span)
                merge = cell.find(qn("w:tcPr") + "/" + qn("w:vMerge"))
                goes_on = merge is not None and merge.get(qn("w:val")) != "restart"
                if goes_on and at in open_:
                    top, right = open_[at]
                    areas.append((top, at, number, right))
                elif merge is not None:
                    open_[at] = number, at + span - 1
                else:
                    open_.pop(at, None)
                if span > 1 and not goes_on:
                    areas.append((number, at, number, at + span - 1))
                text = "" if goes_on else self._cell(cell)
                if text.strip() and _is_struck(cell):
                    struck.add((number, at))
                cells += [text] + [""] * (span - 1)
            rows.append(cells)
        return replace(filled(name, Shape.TABLE, rows, areas), struck=frozenset(struck))

    def _count(self, cells: int) -> None:
        self._cells += cells
        if self._cells > MAX_CELLS:
            raise TooLargeError

    def _cell(self, cell: Any) -> str:
        lines = []
        for element in _blocks(cell):
            if element.tag == qn("w:tbl"):
                lines += [self._cell(inner) for row in _children(element, "w:tr") for inner in _children(row, "w:tc")]
            else:
                lines.append(self.paragraph(element))
        return "\n".join(lines).strip("\n")


def _children(parent: Any, tag: str) -> Iterator[Any]:
    for element in parent:
        if element.tag == qn(tag):
            yield element
        elif element.tag in (qn("w:sdt"), qn("w:sdtContent"), qn("w:ins"), qn("w:customXml")):
            yield from _children(element, tag)


def _texts(element: Any) -> Iterator[str]:
    for child in element:
        if child.tag in _SKIPPED:
            continue
        if child.tag == qn("w:r"):
            yield from _run(child)
        else:
            yield from _texts(child)


def _run(run: Any) -> Iterator[str]:
    if _is_on(run, "w:rPr/w:vanish"):
        return
    text = "".join(_pieces(run))
    align = _find(run, "w:rPr/w:vertAlign")
    yield raised(text) if align is not None and align.get(qn("w:val")) == "superscript" else text


def _pieces(run: Any) -> Iterator[str]:
    for child in run:
        if child.tag == qn("w:t"):
            yield child.text or ""
        elif child.tag in (qn("w:br"), qn("w:cr")):
            yield "\n"
        elif child.tag == qn("w:tab"):
            yield "\t"
        elif child.tag == qn("w:noBreakHyphen"):
            yield "-"


def _is_struck(cell: Any) -> bool:
    """Whether all the text of a cell is crossed out."""
    runs = [run for run in cell.iter(qn("w:r")) if "".join(_pieces(run)).strip()]
    return bool(runs) and all(_is_on(run, "w:rPr/w:strike") or _is_on(run, "w:rPr/w:dstrike") for run in runs)


def _find(element: Any, path: str) -> Any:
    return element.find("/".join(map(qn, path.split("/"))))


def _is_on(element: Any, path: str) -> bool:
    found = _find(element, path)
    return found is not None and found.get(qn("w:val"), "1") not in _OFF


def _number(element: Any, path: str, default: int = 0) -> int:
    found = _find(element, path)
    text = found.get(qn("w:val"), "") if found is not None else ""
    return min(int(text), 1000) if text.isdecimal() else default


def _level(style: Any) -> int:
    """The level of headings of a style, by its name or outline level; 0 for none."""
    name = (style.name or "").casefold()
    if name in ("title", "titre", "título"):
        return 1
    for start in _HEADING_STYLES:
        rest = name.removeprefix(start).strip()
        if name.startswith(start) and rest.isdecimal():
            return int(rest) + 1
    outline = style.element.find(qn("w:pPr") + "/" + qn("w:outlineLvl"))
    value = outline.get(qn("w:val"), "") if outline is not None else ""
    return int(value) + 2 if value.isdecimal() and int(value) < 9 else 0
