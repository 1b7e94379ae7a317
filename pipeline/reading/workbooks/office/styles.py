"""Reads what the styles and the shared texts of an Office workbook (.xlsx, .xlsm) say of the cells that use them."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from xml.etree.ElementTree import Element

from pipeline.reading.workbooks.colours import SMALLEST, is_faint, is_unusual
from pipeline.reading.workbooks.metadata import Fit
from pipeline.reading.workbooks.number_formats import GENERAL, format_code, in_seen_colours
from pipeline.reading.workbooks.office.colours import OFFICE, Colours, read_palette, read_theme
from pipeline.reading.workbooks.rich_texts import Inks, RichText, Run, rich_text_of
from pipeline.reading.workbooks.xml_parts import is_on, tree, truth

_RICH = re.compile(rb"strike|vertAlign|[<:](?:color|sz)\b")


@dataclass(frozen=True)
class PutOn:
    """What a conditional format puts on cells: a number format, whether it hides or crosses out a text, its colours.

    A colour is None where it stays that of the cell.
    """

    code: str = ""
    hides: bool = False
    ink: str | None = None
    ground: str | None = None


@dataclass(frozen=True, eq=False)
class Styles:
    """By the number of a cell's style: those that cross out, that show boxes to tick, that hide by colours or size, how
    they fit a text, the number formats, and the colours of text and ground; `unusual` are those that are not dark on
    light. `put_on` are the styles of conditional
    formats, `colours` what the numbers of colours stand for.
    """

    struck: frozenset[str] = frozenset()
    boxes: frozenset[str] = frozenset()
    faint: frozenset[str] = frozenset()
    fits: Mapping[str, Fit] = field(default_factory=dict)
    number_formats: Mapping[str, str] = field(default_factory=dict)
    inks: Mapping[str, Inks] = field(default_factory=dict)
    unusual: frozenset[str] = frozenset()
    put_on: Sequence[PutOn] = ()
    colours: Colours = OFFICE

    @cached_property
    def telling(self) -> frozenset[str]:
        """The styles that say something of a cell; most say nothing."""
        shown = self.number_formats.keys() | self.fits.keys() | self.unusual
        return self.struck | self.boxes | self.faint | shown


def read_styles(part: bytes, theme: bytes = b"") -> Styles:
    """By the parts of the styles and of the theme; raises PartError."""
    root = tree(part)
    colours = Colours(read_theme(theme) if theme else OFFICE.theme, read_palette(root))
    fonts = [is_on(font.find("strike")) for font in root.iterfind("fonts/font")]
    own = {int(entry.get("numFmtId", "0")): entry.get("formatCode", "") for entry in root.iterfind("numFmts/numFmt")}
    texts = [colours.of(font.find("color")) for font in root.iterfind("fonts/font")]
    tiny = [_is_tiny(font) for font in root.iterfind("fonts/font")]
    grounds = [colours.grounds(fill) for fill in root.iterfind("fills/fill")]
    struck, boxes, faint, formats = set[str](), set[str](), set[str](), dict[str, str]()
    fits, inks = dict[str, Fit](), dict[str, Inks]()
    for number, form in enumerate(root.iterfind("cellXfs/xf")):
        font, code = int(form.get("fontId", "0")), format_code(int(form.get("numFmtId", "0")), own)
        fill = int(form.get("fillId", "0"))
        ink, ground = texts[font] if font < len(texts) else "", grounds[fill] if fill < len(grounds) else ()
        inks[str(number)] = ink, ground
        if is_faint(ink, *ground) or (font < len(tiny) and tiny[font]):
            faint.add(str(number))
        if fit := _fit(form.find("alignment")):
            fits[str(number)] = fit
        if font < len(fonts) and fonts[font]:
            struck.add(str(number))
        if form.find(".//xfComplement") is not None:
            boxes.add(str(number))
        if code.casefold() != GENERAL.casefold():
            formats[str(number)] = in_seen_colours(code, ground, colours.indexed)
    unusual = frozenset(number for number, (ink, ground) in inks.items() if is_unusual(ink, *ground))
    put_on = tuple(put_on_by(entry, colours) for entry in root.iterfind("dxfs/dxf"))
    return Styles(frozenset(struck), frozenset(boxes), frozenset(faint), fits, formats, inks, unusual, put_on, colours)


def _fit(alignment: Element | None) -> Fit | None:
    if alignment is None:
        return None
    if alignment.get("horizontal") == "fill":
        return Fit.REPEATED
    return Fit.SHRUNK if truth(alignment.get("shrinkToFit")) or alignment.get("textRotation", "0") != "0" else None


def _is_tiny(font: Element | None) -> bool:
    size = font.find("sz") if font is not None else None
    return size is not None and float(size.get("val", "11")) < SMALLEST


def put_on_by(style: Element, colours: Colours) -> PutOn:
    """What the style of a conditional format puts on."""
    ink, ground = style.find("font/color"), style.find("fill/patternFill/bgColor")
    number_format = style.find("numFmt")
    code = number_format.get("formatCode", "") if number_format is not None else ""
    return PutOn(
        code,
        is_on(style.find("font/strike")),
        None if ink is None else colours.of(ink),
        None if ground is None else colours.of(ground),
    )


def rich_texts(part: bytes, colours: Colours = OFFICE) -> dict[str, RichText]:
    """By the number of a shared text what the formats within it say, where they do; raises PartError."""
    if not may_be_rich(part):
        return {}
    texts = ((str(number), rich_text(item, colours)) for number, item in enumerate(tree(part).iterfind("si")))
    return {number: text for number, text in texts if text}


def may_be_rich(part: bytes) -> bool:
    """False for a part of whose texts surely none has a format of its own that matters: most have none at all."""
    return b"\0" in part or (b"rPr" in part and _RICH.search(part) is not None)


def rich_text(text: Element, colours: Colours) -> RichText:
    """What the formats within a text say."""
    return rich_text_of(_runs(text, colours))


def _runs(text: Element, colours: Colours) -> Iterator[Run]:
    for run in text.iterfind("r"):
        own, raised = run.find("rPr"), run.find("rPr/vertAlign")
        yield Run(
            run.findtext("t") or "",
            is_on(run.find("rPr/strike")),
            raised is not None and raised.get("val") == "superscript",
            raised is not None and raised.get("val") == "subscript",
            _is_tiny(own),
            None if own is None else colours.of(own.find("color")),
        )
