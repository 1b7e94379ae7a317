"""Owns what the styles and the shared texts of an Office workbook (.xlsx, .xlsm) say of the cells that use them."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from pipeline.reading.workbooks.number_formats import GENERAL, format_code
from pipeline.reading.workbooks.rich_texts import RichText, Run, told_by
from pipeline.reading.workbooks.xml_parts import is_on, tree

_RICH = re.compile(rb"strike|vertAlign")


@dataclass(frozen=True)
class Styles:
    """By the number of a cell's style: those that cross out, that show boxes to tick, and the number formats."""

    struck: frozenset[str] = frozenset()
    boxes: frozenset[str] = frozenset()
    number_formats: Mapping[str, str] = field(default_factory=dict)


def read_styles(part: bytes) -> Styles:
    """By the part of the styles; raises PartError."""
    root = tree(part)
    fonts = [is_on(font.find("strike")) for font in root.iterfind("fonts/font")]
    own = {int(entry.get("numFmtId", "0")): entry.get("formatCode", "") for entry in root.iterfind("numFmts/numFmt")}
    struck, boxes, formats = set[str](), set[str](), dict[str, str]()
    for number, form in enumerate(root.iterfind("cellXfs/xf")):
        font, code = int(form.get("fontId", "0")), format_code(int(form.get("numFmtId", "0")), own)
        if font < len(fonts) and fonts[font]:
            struck.add(str(number))
        if form.find(".//xfComplement") is not None:
            boxes.add(str(number))
        if code.casefold() != GENERAL.casefold():
            formats[str(number)] = code
    return Styles(frozenset(struck), frozenset(boxes), formats)


def rich_texts(part: bytes) -> dict[str, RichText]:
    """By the number of a shared text what the formats within it tell, where they do; raises PartError."""
    if not may_be_rich(part):
        return {}
    told = ((str(number), rich_text(item)) for number, item in enumerate(tree(part).iterfind("si")))
    return {number: text for number, text in told if text}


def may_be_rich(part: bytes) -> bool:
    """False for a part of whose texts surely none has a format of its own that matters: most have none at all."""
    return b"\0" in part or _RICH.search(part) is not None


def rich_text(text: Element) -> RichText:
    """What the formats within a text tell."""
    return told_by(_runs(text))


def _runs(text: Element) -> Iterator[Run]:
    for run in text.iterfind("r"):
        raised = run.find("rPr/vertAlign")
        yield Run(
            run.findtext("t") or "",
            is_on(run.find("rPr/strike")),
            raised is not None and raised.get("val") == "superscript",
        )
