"""Owns the numbers and bullets that Word prints before paragraphs and does not write into their texts.

It counts as Word does ([ECMA-376-1] 17.9): a level goes on until a lower one comes, and then begins anew.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from docx.oxml.ns import qn

_PLACE = re.compile(r"%([1-9])")
_ROMANS = ((10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))


@dataclass(frozen=True)
class _Level:
    form: str
    text: str
    start: int


@dataclass
class Numbering:
    """The lists of a document, and how far each has counted."""

    document: Any
    _levels: dict[str, dict[int, _Level]] = field(default_factory=dict)
    _lists: dict[str, str] = field(default_factory=dict)
    _counts: dict[str, dict[int, int]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        part = next((rel.target_part for rel in self._relations() if rel.reltype.endswith("/numbering")), None)
        if part is None:
            return
        root = part.element
        for abstract in root.iter(qn("w:abstractNum")):
            levels = {int(level.get(qn("w:ilvl"), "0")): _level(level) for level in abstract.iter(qn("w:lvl"))}
            self._levels[abstract.get(qn("w:abstractNumId"), "")] = levels
        for number in root.iter(qn("w:num")):
            of = number.find(qn("w:abstractNumId"))
            if of is not None:
                self._lists[number.get(qn("w:numId"), "")] = of.get(qn("w:val"), "")

    def label(self, paragraph: Any) -> str:
        """The number or bullet of a paragraph with a space behind it, "" for one without; it counts on."""
        list_, depth = self._place(paragraph)
        level = self._levels.get(self._lists.get(list_, ""), {}).get(depth)
        if level is None:
            return ""
        if level.form == "bullet":
            return "• "
        if level.form == "none":
            return ""
        counts = self._counts.setdefault(self._lists[list_], {})
        counts[depth] = counts.get(depth, level.start - 1) + 1
        for deeper in [other for other in counts if other > depth]:
            del counts[deeper]
        levels = self._levels[self._lists[list_]]

        def shown(match: re.Match[str]) -> str:
            at = int(match[1]) - 1
            form = levels[at].form if at in levels else "decimal"
            return _written(counts.get(at, levels[at].start if at in levels else 1), form)

        label = _PLACE.sub(shown, level.text).strip()
        return f"{label} " if label else ""

    def _place(self, paragraph: Any) -> tuple[str, int]:
        """The list and depth of a paragraph: its own, else those of its style."""
        own = paragraph.find(qn("w:pPr") + "/" + qn("w:numPr"))
        list_, depth = _numbered(own)
        if list_ is None and paragraph.style:
            style = next((s for s in self.document.styles if s.style_id == paragraph.style), None)
            seen = 0
            while style is not None and list_ is None and seen < 10:
                list_, depth = _numbered(style.element.find(qn("w:pPr") + "/" + qn("w:numPr")))
                style, seen = getattr(style, "base_style", None), seen + 1
        return list_ or "", depth

    def _relations(self) -> list[Any]:
        return [rel for rel in self.document.part.rels.values() if not rel.is_external]


def _numbered(properties: Any) -> tuple[str | None, int]:
    if properties is None:
        return None, 0
    list_, depth = properties.find(qn("w:numId")), properties.find(qn("w:ilvl"))
    value = depth.get(qn("w:val"), "0") if depth is not None else "0"
    return (list_.get(qn("w:val")) if list_ is not None else None), int(value) if value.isdecimal() else 0


def _level(level: Any) -> _Level:
    found = {name: level.find(qn(f"w:{name}")) for name in ("numFmt", "lvlText", "start")}
    value = {name: element.get(qn("w:val"), "") if element is not None else "" for name, element in found.items()}
    start = int(value["start"]) if value["start"].isdecimal() else 1
    return _Level(value["numFmt"] or "decimal", value["lvlText"], start)


def _written(number: int, form: str) -> str:
    if form in ("lowerLetter", "upperLetter"):
        letter = chr(ord("a") + (number - 1) % 26) * ((number - 1) // 26 + 1)
        return letter if form == "lowerLetter" else letter.upper()
    if form in ("lowerRoman", "upperRoman"):
        text, rest = "", min(number, 399)
        for value, sign in ((100, "c"), (90, "xc"), (50, "l"), (40, "xl"), *_ROMANS):
            text, rest = text + sign * (rest // value), rest % value
        return text if form == "lowerRoman" else text.upper()
    return f"{number:02}" if form == "decimalZero" else str(number)
