"""Owns what the part of one sheet in an Office package (.xlsx, .xlsm) tells beside its values.

Found by regular expression, in one pass for each thing; it knows no other part but that of the sheet's comments.
"""

import html
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from pipeline.reading.workbooks.metadata import Area, At, Drawn, SheetMetadata, area_place, cell_place, column_number

_ERROR = re.compile(
    r"<(?:\w+:)?c\s(?=[^>]*\bt=\"e\")[^>]*?\br=\"([A-Z]{1,3}\d{1,7})\"[^>]*>(?:(?!</?(?:\w+:)?c[\s>]).)*?<(?:\w+:)?v>([^<]*)<",
    re.DOTALL,
)
_FORMULA = re.compile(
    r"<(?:\w+:)?c\s(?:[^>]*?\s)?r=\"([A-Z]{1,3})(\d{1,7})\"[^>]*>\s*"
    r"<(?:\w+:)?f\b(?:[^>]*/>|[^>]*>[^<]*<[^>]*>)\s*(?:<(?:\w+:)?v(?:\s[^>]*)?>([^<]*)<)?"
)
# Positions may be left out (ECMA-376-1, 18.3.1.4), as our own questionnaires do: no program that saves one does.
_WITHOUT_POSITION = re.compile(r"<(?:\w+:)?c(?=[\s/>])(?![^>]*\br=)")
_HIDDEN_ROW = re.compile(r"<(?:\w+:)?row\s(?=[^>]*\bhidden=\"(?:1|true)\")[^>]*?\br=\"(\d{1,7})\"")
_MERGED = re.compile(r"<(?:\w+:)?mergeCell\s[^>]*?\bref=\"([^\"]{2,30})\"")
_VALIDATION = re.compile(r"<(?:\w+:)?dataValidation\s[^>]*?\bsqref=\"([^\"]*)\"")
# A list that another sheet holds stands apart, in an extension that Excel 2010 brought.
_LATER_VALIDATION = re.compile(r"<x14:dataValidation\s.*?<xm:sqref>([^<]*)<", re.DOTALL)
_FORMAT = re.compile(r"<(?:\w+:)?conditionalFormatting[\s>]")
_PROTECTED = re.compile(r"<(?:\w+:)?sheetProtection\s(?=[^>]*\bsheet=\"(?:1|true)\")")
_STRUCK_TEXT = re.compile(r"<(?:\w+:)?strike(?=[\s/>])(?![^>]*\bval=\"(?:0|false)\")")
_CELL_STYLE = re.compile(r"<(?:\w+:)?c\s(?=[^>]*\br=\"([A-Z]{1,3}\d{1,7})\")(?=[^>]*\bs=\"(\d{1,6})\")[^>]*>")
_CELL_FORMAT = re.compile(
    r"<(?:\w+:)?c\s(?=[^>]*\br=\"([A-Z]{1,3})(\d{1,7})\")(?=[^>]*\bs=\"(\d{1,6})\")[^>]*(?<!/)>(?!</)"
)
_CELL_TEXT = re.compile(
    r"<(?:\w+:)?c\s(?=[^>]*\br=\"([A-Z]{1,3}\d{1,7})\")(?=[^>]*\bt=\"s\")[^>]*>\s*<(?:\w+:)?v>(\d{1,9})<"
)
_FONTS = re.compile(r"<(?:\w+:)?fonts[\s>].*?</(?:\w+:)?fonts>", re.DOTALL)
_FONT = re.compile(r"<(?:\w+:)?font(?:\s[^>]*)?(?:/>|>.*?</(?:\w+:)?font>)", re.DOTALL)
_FORMS = re.compile(r"<(?:\w+:)?cellXfs[\s>].*?</(?:\w+:)?cellXfs>", re.DOTALL)
_FORM = re.compile(r"<(?:\w+:)?xf\s[^>]*?\bfontId=\"(\d{1,6})\"")
_SHARED = re.compile(r"<(?:\w+:)?si(?:\s[^>]*)?(?:/>|>.*?</(?:\w+:)?si>)", re.DOTALL)
_OBJECT = re.compile(r"<(?:\w+:)?oleObject\s")
_ANCHOR = re.compile(
    r"<(\w+:)?(?:twoCell|oneCell|absolute)Anchor[\s>].*?</(?:\w+:)?(?:twoCell|oneCell|absolute)Anchor>", re.DOTALL
)
_CORNER = re.compile(r"<(?:\w+:)?from>.*?<(?:\w+:)?col>(\d{1,5})<.*?<(?:\w+:)?row>(\d{1,7})<", re.DOTALL)
_PARAGRAPH = re.compile(r"<a:p[\s>].*?</a:p>", re.DOTALL)
_RUN = re.compile(r"<a:t(?:\s[^>]*)?>([^<]+)<")
_NOTE = re.compile(
    r"<(?:\w+:)?(comment|threadedComment)\s(?:[^>]*?\s)?ref=\"([A-Z]{1,3}\d{1,7})\"[^>]*>(.*?)</(?:\w+:)?\1>", re.DOTALL
)
_NOTE_TEXT = re.compile(r"<(?:\w+:)?(?:t|text)(?:\s[^>]*)?>([^<]+)<")


@dataclass(frozen=True)
class Struck:
    """What is crossed out in a workbook: the styles that do so, and the shared texts of which a part is."""

    styles: frozenset[str] = frozenset()
    texts: frozenset[str] = frozenset()


def read_struck(styles: str, texts: str) -> Struck:
    """By the parts of the styles and of the shared texts."""
    found = Struck()
    if _STRUCK_TEXT.search(styles):
        fonts, forms = _FONTS.search(styles), _FORMS.search(styles)
        struck = {
            str(n) for n, font in enumerate(_FONT.findall(fonts[0] if fonts else "")) if _STRUCK_TEXT.search(font)
        }
        of_forms = enumerate(_FORM.findall(forms[0] if forms else ""))
        found = replace(found, styles=frozenset(str(n) for n, font in of_forms if font in struck))
    if _STRUCK_TEXT.search(texts):
        items = enumerate(_SHARED.findall(texts))
        found = replace(found, texts=frozenset(str(n) for n, item in items if _STRUCK_TEXT.search(item)))
    return found


def read_drawing(part: str) -> Iterator[Drawn]:
    """What lies over the cells of a sheet, by its drawing part."""
    for anchor in _ANCHOR.finditer(part):
        corner = _CORNER.search(anchor[0])
        lines = ("".join(_RUN.findall(paragraph)) for paragraph in _PARAGRAPH.findall(anchor[0]))
        text = html.unescape("\n".join(filter(None, lines))).strip()
        yield Drawn((int(corner[2]), int(corner[1])) if corner else None, text)


def read_sheet_part(
    part: str,
    notes: dict[At, str],
    struck: Struck = Struck(),
    drawn: tuple[Drawn, ...] = (),
    formats: Mapping[str, str] | None = None,
) -> SheetMetadata:
    """The metadata of a sheet; `notes` are those of its comments part, `drawn` what its drawing part tells.

    `formats` are the number formats of the workbook's styles.
    """
    # What is said of cells follows them (ECMA-376-1, 18.3.1.99), and they are by far the most of a part.
    cells, _, after = part.rpartition("sheetData>")
    validated = [*_VALIDATION.findall(after), *_LATER_VALIDATION.findall(after)]
    return SheetMetadata(
        errors=dict(_errors(cells)),
        formulas=dict(_formulas(cells)),
        notes=notes,
        struck=frozenset(_struck(cells, struck)),
        # An embedded file says no place that people would know it by.
        number_formats=_number_formats(cells, formats or {}),
        drawn=(*drawn, *(Drawn(None) for _ in _OBJECT.finditer(after))),
        merged=tuple(filter(None, map(area_place, _MERGED.findall(after)))),
        hidden_rows=frozenset(int(row) - 1 for row in _HIDDEN_ROW.findall(cells)),
        validations=len(validated),
        validated=tuple(_areas(validated)),
        formats=len(_FORMAT.findall(after)),
        is_protected=_PROTECTED.search(after) is not None,
    )


def read_notes(parts: list[str]) -> dict[At, str]:
    """The comments of a sheet; a conversation counts once, without the copy that is kept for older programs."""
    old: dict[At, list[str]] = {}
    threads: dict[At, list[str]] = {}
    for part in parts:
        for kind, address, content in _NOTE.findall(part):
            place = cell_place(address)
            text = html.unescape("".join(_NOTE_TEXT.findall(content))).strip()
            if place and text:
                (threads if kind == "threadedComment" else old).setdefault(place, []).append(text)
    return {place: "\n".join(texts) for place, texts in {**old, **threads}.items()}


def _struck(cells: str, struck: Struck) -> Iterator[At]:
    for pattern, known in ((_CELL_STYLE, struck.styles), (_CELL_TEXT, struck.texts)):
        for address, number in pattern.findall(cells) if known else ():
            if number in known and (place := cell_place(address)):
                yield place


def _number_formats(cells: str, formats: Mapping[str, str]) -> dict[At, str]:
    """The format codes of the cells with content that have one of these, by style."""
    return {
        (int(row) - 1, column_number(letters)): formats[style]
        for letters, row, style in _CELL_FORMAT.findall(cells)
        if style in formats
    }


def _formulas(cells: str) -> Iterator[tuple[At, bool]]:
    """The formulas of a sheet and whether they have a result; none where some cannot be told a place."""
    if _WITHOUT_POSITION.search(cells):
        return
    for letters, row, result in _FORMULA.findall(cells):
        yield (int(row) - 1, column_number(letters)), result != ""


def _errors(part: str) -> Iterator[tuple[At, str]]:
    if 't="e"' not in part:
        return
    for address, text in _ERROR.findall(part):
        if place := cell_place(address):
            yield place, text


def _areas(lists: list[str]) -> Iterator[Area]:
    for addresses in lists:
        yield from filter(None, map(area_place, addresses.split()))
