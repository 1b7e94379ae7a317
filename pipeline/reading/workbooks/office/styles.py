"""Reads what the styles and the shared texts of an Office workbook (.xlsx, .xlsm) say of the cells that use them."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from pipeline.reading.workbooks.colours import is_faint
from pipeline.reading.workbooks.number_formats import GENERAL, format_code
from pipeline.reading.workbooks.office.colours import colour_of, ground_of, ground_put_on
from pipeline.reading.workbooks.rich_texts import RichText, Run, rich_text_of
from pipeline.reading.workbooks.xml_parts import is_on, tree

_RICH = re.compile(rb"strike|vertAlign|[<:]color\b")


@dataclass(frozen=True)
class PutOn:
    """What a conditional format puts on cells: a number format, and whether it hides or crosses out their text."""

    code: str = ""
    hides: bool = False


@dataclass(frozen=True)
class Styles:
    """By the number of a cell's style: those that cross out, that show boxes to tick, that hide by their colours, and
    the number formats. `put_on` are the styles of conditional formats.
    """

    struck: frozenset[str] = frozenset()
    boxes: frozenset[str] = frozenset()
    faint: frozenset[str] = frozenset()
    number_formats: Mapping[str, str] = field(default_factory=dict)
    put_on: Sequence[PutOn] = ()


def read_styles(part: bytes) -> Styles:
    """By the part of the styles; raises PartError."""
    root = tree(part)
    fonts = [is_on(font.find("strike")) for font in root.iterfind("fonts/font")]
    own = {int(entry.get("numFmtId", "0")): entry.get("formatCode", "") for entry in root.iterfind("numFmts/numFmt")}
    texts = [colour_of(font.find("color")) for font in root.iterfind("fonts/font")]
    grounds = [ground_of(fill) for fill in root.iterfind("fills/fill")]
    struck, boxes, faint, formats = set[str](), set[str](), set[str](), dict[str, str]()
    for number, form in enumerate(root.iterfind("cellXfs/xf")):
        font, code = int(form.get("fontId", "0")), format_code(int(form.get("numFmtId", "0")), own)
        if is_faint(_of(texts, font), _of(grounds, int(form.get("fillId", "0")))):
            faint.add(str(number))
        if font < len(fonts) and fonts[font]:
            struck.add(str(number))
        if form.find(".//xfComplement") is not None:
            boxes.add(str(number))
        if code.casefold() != GENERAL.casefold():
            formats[str(number)] = code
    put_on = tuple(put_on_by(entry) for entry in root.iterfind("dxfs/dxf"))
    return Styles(frozenset(struck), frozenset(boxes), frozenset(faint), formats, put_on)


def put_on_by(style: Element) -> PutOn:
    """What the style of a conditional format puts on."""
    text, ground = colour_of(style.find("font/color")), ground_put_on(style.find("fill"))
    number_format = style.find("numFmt")
    code = number_format.get("formatCode", "") if number_format is not None else ""
    return PutOn(code, is_faint(text, ground) or is_on(style.find("font/strike")))


def _of(colours: Sequence[str], number: int) -> str:
    return colours[number] if number < len(colours) else ""


def rich_texts(part: bytes) -> dict[str, RichText]:
    """By the number of a shared text what the formats within it say, where they do; raises PartError."""
    if not may_be_rich(part):
        return {}
    texts = ((str(number), rich_text(item)) for number, item in enumerate(tree(part).iterfind("si")))
    return {number: text for number, text in texts if text}


def may_be_rich(part: bytes) -> bool:
    """False for a part of whose texts surely none has a format of its own that matters: most have none at all."""
    return b"\0" in part or _RICH.search(part) is not None


def rich_text(text: Element) -> RichText:
    """What the formats within a text say."""
    return rich_text_of(_runs(text))


def _runs(text: Element) -> Iterator[Run]:
    for run in text.iterfind("r"):
        raised = run.find("rPr/vertAlign")
        yield Run(
            run.findtext("t") or "",
            is_on(run.find("rPr/strike")),
            raised is not None and raised.get("val") == "superscript",
            raised is not None and raised.get("val") == "subscript",
            is_faint(colour_of(run.find("rPr/color")), ""),
        )
