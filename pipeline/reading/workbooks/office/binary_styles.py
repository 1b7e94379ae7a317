"""Reads what the styles and the shared texts of an .xlsb workbook say of the cells that use them ([MS-XLSB] 2.4)."""

import struct
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from pipeline.reading.workbooks.colours import SMALLEST, is_faint, numbered_grounds
from pipeline.reading.workbooks.metadata import Fit
from pipeline.reading.workbooks.number_formats import GENERAL, format_code, in_seen_colours
from pipeline.reading.workbooks.office.binary_records import records, text_of
from pipeline.reading.workbooks.office.colours import OFFICE, Colours, read_theme
from pipeline.reading.workbooks.office.styles import PutOn
from pipeline.reading.workbooks.rich_texts import Inks, RichText, Run, rich_text_of

_FORMAT, _FONT, _FILL, _FORM, _FORMS_BEGIN, _FORMS_END, _TEXT, _PUT_ON = 44, 43, 45, 47, 617, 618, 19, 507
_CROSSES_OUT = 0x08
_RAISED, _LOWERED = 1, 2
_TWIPS = 20
_INDEXED, _RGB, _THEME = 1, 2, 3
_GROUND_COLOUR, _TEXT_COLOUR, _STRUCK_OUT, _OWN_FORMATS = 2, 5, 0x1D, (0x26, 0x29)
_REPEATED, _SHRUNK = 4, 0x01
_IS_RICH = 0x01


@dataclass(frozen=True)
class Font:
    """What a font does to a text beside its looks, its colour, and whether it is too small to read."""

    is_struck: bool = False
    is_raised: bool = False
    colour: str = ""
    is_lowered: bool = False
    is_tiny: bool = False


@dataclass(frozen=True)
class BinaryLooks:
    """By the number of a cell's style those that cross out, those that hide by colours or size, the number formats, how
    they fit a text, and the colours of text and ground; the fonts; the shared texts; the styles of conditional formats.

    `has_boxes` is True for a workbook that shows some logical values as boxes to tick; which, is not looked at.
    """

    struck: frozenset[int] = frozenset()
    faint: frozenset[int] = frozenset()
    number_formats: Mapping[int, str] = field(default_factory=dict)
    fonts: tuple[Font, ...] = ()
    texts: Mapping[int, RichText] = field(default_factory=dict)
    put_on: Sequence[PutOn] = ()
    fits: Mapping[int, Fit] = field(default_factory=dict)
    inks: Mapping[int, Inks] = field(default_factory=dict)
    has_boxes: bool = False


@dataclass(frozen=True)
class _Form:
    """A style of cells: its number format, font and fill, and how it fits a text."""

    code: int
    font: int
    fill: int
    fit: Fit | None


def read_binary_looks(styles: bytes, texts: bytes, theme: bytes = b"", has_boxes: bool = False) -> BinaryLooks:
    """By the parts of the styles, of the shared texts and of the theme; raises PartError."""
    colours = Colours(read_theme(theme)) if theme else OFFICE
    own: dict[int, str] = {}
    fonts: list[Font] = []
    grounds: list[tuple[str, ...]] = []
    forms: list[_Form] = []
    put_on: list[PutOn] = []
    is_of_cells = False
    for kind, record in records(styles):
        if kind == _FORMAT:
            own[struct.unpack_from("<H", record)[0]] = text_of(record[2:])[0]
        elif kind == _FONT:
            fonts.append(_font(record, colours))
        elif kind == _FILL:
            grounds.append(_grounds(record, colours))
        elif kind == _PUT_ON:
            put_on.append(_put_on(record, colours))
        elif kind in (_FORMS_BEGIN, _FORMS_END):
            is_of_cells = kind == _FORMS_BEGIN
        elif kind == _FORM and is_of_cells:
            forms.append(_form(record))
    used = {number: fonts[form.font] for number, form in enumerate(forms) if form.font < len(fonts)}
    under = {number: grounds[form.fill] for number, form in enumerate(forms) if form.fill < len(grounds)}
    inks = {number: (font.colour, under.get(number, ())) for number, font in used.items()}
    codes = {
        number: in_seen_colours(format_code(form.code, own), under.get(number, ()), colours.indexed)
        for number, form in enumerate(forms)
    }
    return BinaryLooks(
        frozenset(number for number, font in used.items() if font.is_struck),
        frozenset(number for number, (ink, ground) in inks.items() if used[number].is_tiny or is_faint(ink, *ground)),
        {number: code for number, code in codes.items() if code.casefold() != GENERAL.casefold()},
        tuple(fonts),
        dict(_texts(texts, fonts)),
        tuple(put_on),
        {number: form.fit for number, form in enumerate(forms) if form.fit},
        inks,
        has_boxes,
    )


def _font(record: bytes, colours: Colours) -> Font:
    height, flags, _, raised = struct.unpack_from("<4H", record)
    colour = _colour(record[12:20], colours)
    is_tiny = height < SMALLEST * _TWIPS
    return Font(bool(flags & _CROSSES_OUT), raised == _RAISED, colour, raised == _LOWERED, is_tiny)


def _grounds(record: bytes, colours: Colours) -> tuple[str, ...]:
    """The colours of a fill ([MS-XLSB] 2.4.652); a gradient is taken for its first colours."""
    pattern = struct.unpack_from("<I", record)[0]
    fore, back = _colour(record[4:12], colours), _colour(record[12:20], colours)
    return numbered_grounds(pattern, fore, back)


def _form(record: bytes) -> _Form:
    """A style of cells ([MS-XLSB] 2.4.876)."""
    _, code, font, fill, _, turned, _, aligned, more = struct.unpack_from("<5H4B", record)
    is_repeated, is_shrunk = aligned & 0x07 == _REPEATED, turned or more & _SHRUNK
    return _Form(code, font, fill, Fit.REPEATED if is_repeated else Fit.SHRUNK if is_shrunk else None)


def _colour(record: bytes, colours: Colours) -> str:
    """A colour ([MS-XLSB] 2.5.12)."""
    sort, number, tint = record[0] >> 1, record[1], struct.unpack_from("<h", record, 2)[0]
    if sort == _RGB:
        return record[4:7].hex().upper()
    if sort == _INDEXED:
        return colours.indexed(number)
    return colours.themed(number, tint / 32767) if sort == _THEME else ""


def _put_on(record: bytes, colours: Colours) -> PutOn:
    """What the style of a conditional format puts on, by its properties ([MS-XLSB] 2.5.159).

    When it does is a formula of its own sort, so that a number format counts as one that may hide.
    """
    text, ground, position, has_format, is_struck = "", "", 6, False, False
    for _ in range(struct.unpack_from("<H", record, 4)[0]):
        sort, size = struct.unpack_from("<2H", record, position)
        content = record[position + 4 : position + size]
        has_format |= sort in _OWN_FORMATS
        if sort == _TEXT_COLOUR:
            text = _colour(content, colours)
        elif sort == _GROUND_COLOUR:
            ground = _colour(content, colours)
        elif sort == _STRUCK_OUT:
            is_struck = any(content)
        position += max(size, 4)
    return PutOn(hides=has_format or is_struck or is_faint(text, ground))


def rich_text(record: bytes, fonts: list[Font] | tuple[Font, ...]) -> tuple[str, RichText]:
    """A text ([MS-XLSB] 2.5.121) and what the formats within it say."""
    text, rest = text_of(record[1:])
    if not record[0] & _IS_RICH:
        return text, RichText()
    count = struct.unpack_from("<I", rest)[0]
    starts = [struct.unpack_from("<2H", rest, 4 + 4 * number) for number in range(count)]
    ends = [*(start for start, _ in starts[1:]), len(text)]
    runs = [Run(text[: starts[0][0]])] if starts else [Run(text)]
    for (start, number), end in zip(starts, ends, strict=False):
        font = fonts[number] if number < len(fonts) else Font()
        off = font.is_raised, font.is_lowered
        runs.append(Run(text[start:end], font.is_struck, *off, font.is_tiny, font.colour))
    return text, rich_text_of(runs)


def _texts(part: bytes, fonts: list[Font]) -> Iterator[tuple[int, RichText]]:
    """The shared texts whose formats say something."""
    items = (record for kind, record in records(part) if kind == _TEXT)
    for number, record in enumerate(items):
        if record[0] & _IS_RICH and (rich := rich_text(record, fonts)[1]):
            yield number, rich
