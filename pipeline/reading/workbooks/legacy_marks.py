"""Reads what people show in an .xls workbook beside values: formats, what is crossed out or raised, boxes and pictures.

Formats come from xlrd; what lies over the cells from the records of the file ([MS-XLS] 2.4).
"""

import struct
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from types import MappingProxyType
from typing import Any

import xlrd

from pipeline.reading.workbooks.colours import SMALLEST, is_faint, is_unusual, numbered_grounds
from pipeline.reading.workbooks.links import cells_of, is_outside
from pipeline.reading.workbooks.metadata import Area, At, Checkbox, Drawn, Fit, Raised, Restyled
from pipeline.reading.workbooks.number_formats import GENERAL, format_code, in_seen_colours
from pipeline.reading.workbooks.office.colours import OFFICE
from pipeline.reading.workbooks.restyled import settled
from pipeline.reading.workbooks.rich_texts import Inks, Run, judge_faint, rich_text_of

Records = Iterable[tuple[int, bytes]]
Palette = Callable[[int], str]
"""The colour that a number stands for, "" for the one that a program takes by itself."""

_OBJECT, _OBJECT_TEXT, _CONTINUED, _SHAPE = 0x5D, 0x1B6, 0x3C, 0xEC
_ANCHOR = b"\x10\xf0\x12\0\0\0"
"""The head of the place of a shape within its record ([MS-XLS] 2.5.193): its sort and its length."""
_PICTURE, _NOTE, _TICKED = 0x08, 0x19, (0x0B, 0x0C)
_STATE, _STATE_OF_LIBREOFFICE, _END = 0x12, (0x0A, 8), 0x00
_RAISED, _LOWERED = 1, 2
_TWIPS, _REPEATED = 20, 4
_CONDITIONAL, _CONDITION, _HAS_FORMAT, _HAS_FONT = 0x1B0, 0x1B1, 1 << 25, 1 << 26
_FONT_PUT_ON, _FONT_SIZE, _CROSSES_OUT, _BACK_COLOUR = 12, 118, 0x80, 23
_HAS_FILL, _BEFORE_FILL = 1 << 29, ((1 << 27, 8), (1 << 28, 8))
_CONDITIONAL_12, _CONDITION_12, _EXTENDED, _BARS, _ICONS, _BEHIND_FORMULA = 0x879, 0x87A, 0x87B, 4, 6, 22
_SHOWS_NUMBER, _ICON_ONLY = 0x02, 0x01
_EMPTY = (xlrd.XL_CELL_EMPTY, xlrd.XL_CELL_BLANK)


def _usual_colour(number: int) -> str:
    return OFFICE.indexed(number)


@dataclass
class Marks:
    """What the formats of a sheet's cells and texts say."""

    struck: set[At] = field(default_factory=set)
    raised: dict[At, Raised] = field(default_factory=dict)
    number_formats: dict[At, str] = field(default_factory=dict)
    faint: set[At] = field(default_factory=set)
    fits: dict[At, Fit] = field(default_factory=dict)
    inks: dict[At, Inks] = field(default_factory=dict)


@dataclass(frozen=True)
class Looks:
    """By the number of a cell's style: those that cross out, those that hide by colours or size, the number formats,
    how they fit a text, and the colours of text and ground.
    """

    struck: frozenset[int]
    faint: frozenset[int]
    number_formats: Mapping[int, str]
    fits: Mapping[int, Fit]
    inks: Mapping[int, Inks]
    unusual: frozenset[int]


def looks_of(book: Any) -> Looks:
    """What the styles of a workbook say."""
    own = {entry.format_key: entry.format_str for entry in book.format_list}
    inks = {number: _inks(book, form) for number, form in enumerate(book.xf_list)}
    codes = {
        number: in_seen_colours(format_code(form.format_key, own), inks[number][1], partial(colour_in, book))
        for number, form in enumerate(book.xf_list)
    }
    return Looks(
        frozenset(number for number, form in enumerate(book.xf_list) if _font(book, form.font_index).struck_out),
        frozenset(number for number, form in enumerate(book.xf_list) if _is_faint(book, form)),
        {number: code for number, code in codes.items() if code.casefold() != GENERAL.casefold()},
        {number: fit for number, form in enumerate(book.xf_list) if (fit := _fit(form.alignment))},
        inks,
        frozenset(number for number, (ink, ground) in inks.items() if is_unusual(ink, *ground)),
    )


def _is_faint(book: Any, form: Any) -> bool:
    ink, grounds = _inks(book, form)
    return _is_tiny(_font(book, form.font_index)) or is_faint(ink, *grounds)


def _inks(book: Any, form: Any) -> Inks:
    ground = form.background
    fore, back = (colour_in(book, index) for index in (ground.pattern_colour_index, ground.background_colour_index))
    ink = colour_in(book, _font(book, form.font_index).colour_index)
    return ink, numbered_grounds(ground.fill_pattern, fore, back)


def _is_tiny(font: Any) -> bool:
    return bool(0 < font.height < SMALLEST * _TWIPS)


def _fit(alignment: Any) -> Fit | None:
    if alignment.hor_align == _REPEATED:
        return Fit.REPEATED
    return Fit.SHRUNK if alignment.shrink_to_fit or alignment.rotation else None


def colour_in(book: Any, number: int) -> str:
    """A colour of the palette; "" for the one that a program takes by itself."""
    rgb = book.colour_map.get(number)
    return "".join(f"{part:02X}" for part in rgb) if rgb else ""


def _put_on(condition: bytes, colours: Palette) -> Restyled:
    """What a conditional format puts on ([MS-XLS] 2.5.92); its area stays open.

    With a number format it counts as one that may hide, since when it holds is a formula of its own sort.
    """
    (parts,) = struct.unpack_from("<I", condition, 6)
    if parts & _HAS_FORMAT:
        return Restyled((0, 0, 0, 0), hides=True)
    at, is_struck, ink, ground = _FONT_PUT_ON, False, None, None
    if parts & _HAS_FONT:
        look, _, _, _, colour, _, unchanged = struct.unpack_from("<I2HIi2I", condition, at + 68)
        is_struck, ink = bool(look & ~unchanged & _CROSSES_OUT), colours(colour) if colour >= 0 else None
        at += _FONT_SIZE
    at += sum(size for flag, size in _BEFORE_FILL if parts & flag)
    if parts & _HAS_FILL and len(condition) >= at + 4:
        # The colour of a plain fill stands as that behind its pattern.
        ground = colours(struct.unpack_from("<I", condition, at)[0] >> _BACK_COLOUR & 0x7F)
    return Restyled((0, 0, 0, 0), hides=is_struck, ink=ink or None, ground=ground or None)


def restyled_on(
    records: Records, colours: Palette = _usual_colour, inks: Mapping[At, Inks] = MappingProxyType({})
) -> Iterator[Restyled]:
    """The conditional formats that may change what is seen; when they do is a formula of its own sort."""
    return settled(_restyled(records, colours), inks)


def _restyled(records: Records, colours: Palette) -> Iterator[Restyled]:
    areas: list[Area] = []
    later: list[Area] = []
    for kind, record in records:
        if kind == _CONDITIONAL:
            areas = list(_areas(record, 12))
        elif kind == _CONDITION:
            found = _put_on(record, colours)
            yield from (replace(found, area=area) for area in areas)
        elif kind == _CONDITIONAL_12:
            later = list(_areas(record, 24))
        elif kind == _EXTENDED:
            first, last, left, right = struct.unpack_from("<4H", record, 4)
            later = [(first, left, last, right)]
        elif kind == _CONDITION_12 and _stands_alone(record):
            yield from (Restyled(area, hides=True, limits=()) for area in later)


def _areas(record: bytes, start: int) -> Iterator[Area]:
    """The areas of a conditional format, whose number stands at `start`."""
    for number in range(struct.unpack_from("<H", record, start)[0]):
        first, last, left, right = struct.unpack_from("<4H", record, start + 2 + 8 * number)
        yield first, left, last, right


def _stands_alone(record: bytes) -> bool:
    """True for bars or icons that stand in place of the number ([MS-XLS] 2.4.43, 2.5.22, 2.5.36)."""
    sort, _, first, second, look = struct.unpack_from("<2B2HI", record, 12)
    if sort not in (_BARS, _ICONS):
        return False
    at = _BEHIND_FORMULA + (look or 2) + first + second
    at += 2 + struct.unpack_from("<H", record, at)[0]
    # A flag, a priority, a template and the 16 bytes of its parameters stand before the bars or icons.
    at += 1 + 2 + 2 + 1 + 16
    return not record[at + 3] & _SHOWS_NUMBER if sort == _BARS else bool(record[at + 5] & _ICON_ONLY)


def marks_on(sheet: Any, looks: Looks) -> Marks:
    """What the formats of a sheet say of its cells with content."""
    found = Marks()
    telling = looks.struck | looks.faint | looks.number_formats.keys() | looks.fits.keys() | looks.unusual
    for row in range(sheet.nrows):
        for column, kind in enumerate(sheet.row_types(row)):
            if kind not in _EMPTY and (style := sheet.cell_xf_index(row, column)) in telling:
                if style in looks.struck:
                    found.struck.add((row, column))
                if style in looks.faint:
                    found.faint.add((row, column))
                if style in looks.number_formats:
                    found.number_formats[row, column] = looks.number_formats[style]
                if style in looks.unusual:
                    found.inks[row, column] = looks.inks[style]
                if style in looks.fits:
                    found.fits[row, column] = looks.fits[style]
    for at, starts in sheet.rich_text_runlist_map.items():
        rich = rich_text_of(_runs(sheet, at, starts))
        if rich.is_struck:
            found.struck.add(at)
        if rich.raised:
            found.raised[at] = rich.raised
        judge_faint(found.faint, at, rich, looks.inks.get(sheet.cell_xf_index(*at), ("", ())))
    return found


def drawn_over(records: Records) -> Iterator[Drawn | Checkbox]:
    """What lies over the cells of a sheet, but for comments, each with the cell of its corner."""
    box, has_text, is_note = None, False, True
    at: At | None = None
    corner: At | None = None
    for kind, record in records:
        if kind == _SHAPE:
            corner = _corner(record)
        elif kind == _OBJECT:
            at, corner = corner, None
            if box is not None:
                yield box
            (sort,) = struct.unpack_from("<H", record, 4)
            box, is_note = (Checkbox(at, _is_ticked(record)) if sort in _TICKED else None), sort == _NOTE
            if sort == _PICTURE:
                yield Drawn(at)
        elif kind == _CONTINUED and has_text:
            text = record[1:].decode("utf-16-le" if record[0] & 1 else "latin-1", "replace").strip()
            if box is None:
                yield Drawn(at, text)
            else:
                box = replace(box, text=text)
        has_text = kind == _OBJECT_TEXT and not is_note
    if box is not None:
        yield box


def _corner(record: bytes) -> At | None:
    """The cell of the upper left corner of the last shape that a record places."""
    start = record.rfind(_ANCHOR)
    if start < 0 or len(record) < start + len(_ANCHOR) + 8:
        return None
    _, column, _, row = struct.unpack_from("<4H", record, start + len(_ANCHOR))
    return row, column


def links_on(sheet: Any) -> dict[At, str]:
    """The addresses outside the file that the cells of a sheet lead to."""
    found: dict[At, str] = {}
    for link in sheet.hyperlink_list:
        if link.type != "workbook" and is_outside(address := _plain(link.url_or_path)):
            area = link.frowx, link.fcolx, link.lrowx, link.lcolx
            found.update(dict.fromkeys(cells_of(area), address))
    return found


def _plain(address: object) -> str:
    return address.decode("utf-8", "replace") if isinstance(address, bytes) else str(address or "")


def _is_ticked(record: bytes) -> bool:
    """The state of a control ([MS-XLS] 2.5.145), which one of the parts of its record tells."""
    position = 0
    while position + 4 <= len(record):
        part, size = struct.unpack_from("<2H", record, position)
        if part == _STATE or (part, size) == _STATE_OF_LIBREOFFICE:
            return bool(struct.unpack_from("<H", record, position + 4)[0] == 1)
        if part == _END:
            break
        position += 4 + size
    return False


def _runs(sheet: Any, at: At, starts: list[tuple[int, int]]) -> Iterator[Run]:
    """The pieces of a text: from each start on it has the font of that number."""
    text = str(sheet.cell_value(*at))
    ends = [*(start for start, _ in starts[1:]), len(text)]
    yield Run(text[: starts[0][0]] if starts else text)
    for (start, number), end in zip(starts, ends, strict=False):
        font = _font(sheet.book, number)
        is_raised, is_lowered = font.escapement == _RAISED, font.escapement == _LOWERED
        colour = colour_in(sheet.book, font.colour_index)
        yield Run(text[start:end], bool(font.struck_out), is_raised, is_lowered, _is_tiny(font), colour)


def _font(book: Any, number: int) -> Any:
    return book.font_list[number] if number < len(book.font_list) else xlrd.formatting.Font()
