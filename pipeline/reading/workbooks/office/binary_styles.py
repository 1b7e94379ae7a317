"""Reads what the styles and the shared texts of an .xlsb workbook say of the cells that use them ([MS-XLSB] 2.4)."""

import struct
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from pipeline.reading.workbooks.colours import is_faint
from pipeline.reading.workbooks.number_formats import GENERAL, format_code
from pipeline.reading.workbooks.office.binary_records import records, text_of
from pipeline.reading.workbooks.office.colours import indexed_colour, theme_colour
from pipeline.reading.workbooks.office.styles import PutOn
from pipeline.reading.workbooks.rich_texts import RichText, Run, rich_text_of

_FORMAT, _FONT, _FILL, _FORM, _FORMS_BEGIN, _FORMS_END, _TEXT, _PUT_ON = 44, 43, 45, 47, 617, 618, 19, 507
_CROSSES_OUT = 0x08
_RAISED, _LOWERED = 1, 2
_SOLID = 1
_INDEXED, _RGB, _THEME = 1, 2, 3
_GROUND_COLOUR, _TEXT_COLOUR, _OWN_FORMATS = 2, 5, (0x26, 0x29)
_IS_RICH = 0x01


@dataclass(frozen=True)
class Font:
    """What a font does to a text beside its looks, and its colour."""

    is_struck: bool = False
    is_raised: bool = False
    colour: str = ""
    is_lowered: bool = False


@dataclass(frozen=True)
class BinaryLooks:
    """By the number of a cell's style those that cross out, those that hide by their colours, and the number formats;
    the fonts; the shared texts; and the styles of conditional formats.
    """

    struck: frozenset[int] = frozenset()
    faint: frozenset[int] = frozenset()
    number_formats: Mapping[int, str] = field(default_factory=dict)
    fonts: tuple[Font, ...] = ()
    texts: Mapping[int, RichText] = field(default_factory=dict)
    put_on: Sequence[PutOn] = ()


def read_binary_looks(styles: bytes, texts: bytes) -> BinaryLooks:
    """By the parts of the styles and of the shared texts; raises PartError."""
    own: dict[int, str] = {}
    fonts: list[Font] = []
    grounds: list[str] = []
    forms: list[tuple[int, int, int]] = []
    put_on: list[PutOn] = []
    is_of_cells = False
    for kind, record in records(styles):
        if kind == _FORMAT:
            own[struct.unpack_from("<H", record)[0]] = text_of(record[2:])[0]
        elif kind == _FONT:
            _, flags, _, raised = struct.unpack_from("<4H", record)
            fonts.append(
                Font(bool(flags & _CROSSES_OUT), raised == _RAISED, _colour(record[12:20]), raised == _LOWERED)
            )
        elif kind == _FILL:
            pattern = struct.unpack_from("<I", record)[0]
            grounds.append("" if not pattern else _colour(record[4:12]) if pattern == _SOLID else "a pattern")
        elif kind == _PUT_ON:
            put_on.append(_put_on(record))
        elif kind in (_FORMS_BEGIN, _FORMS_END):
            is_of_cells = kind == _FORMS_BEGIN
        elif kind == _FORM and is_of_cells:
            _, code, font, fill = struct.unpack_from("<4H", record)
            forms.append((code, font, fill))
    codes = {number: format_code(code, own) for number, (code, _, _) in enumerate(forms)}
    used = {number: fonts[font] for number, (_, font, _) in enumerate(forms) if font < len(fonts)}
    under = {number: grounds[fill] for number, (_, _, fill) in enumerate(forms) if fill < len(grounds)}
    return BinaryLooks(
        frozenset(number for number, font in used.items() if font.is_struck),
        frozenset(number for number, font in used.items() if is_faint(font.colour, under.get(number, ""))),
        {number: code for number, code in codes.items() if code.casefold() != GENERAL.casefold()},
        tuple(fonts),
        dict(_texts(texts, fonts)),
        tuple(put_on),
    )


def _colour(record: bytes) -> str:
    """A colour ([MS-XLSB] 2.5.12) as `office.colours` names it."""
    sort, number, tint = record[0] >> 1, record[1], struct.unpack_from("<h", record, 2)[0]
    if sort == _RGB:
        return record[4:7].hex().upper()
    return indexed_colour(number) if sort == _INDEXED else theme_colour(number, tint / 32767) if sort == _THEME else ""


def _put_on(record: bytes) -> PutOn:
    """What the style of a conditional format puts on, by its properties ([MS-XLSB] 2.5.159).

    When it does is a formula of its own sort, so that a number format counts as one that may hide.
    """
    text, ground, position, has_format = "", "", 6, False
    for _ in range(struct.unpack_from("<H", record, 4)[0]):
        sort, size = struct.unpack_from("<2H", record, position)
        content = record[position + 4 : position + size]
        has_format |= sort in _OWN_FORMATS
        if sort == _TEXT_COLOUR:
            text = _colour(content)
        elif sort == _GROUND_COLOUR:
            ground = _colour(content)
        position += max(size, 4)
    return PutOn(hides=has_format or is_faint(text, ground))


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
        runs.append(Run(text[start:end], font.is_struck, font.is_raised, font.is_lowered, is_faint(font.colour, "")))
    return text, rich_text_of(runs)


def _texts(part: bytes, fonts: list[Font]) -> Iterator[tuple[int, RichText]]:
    """The shared texts whose formats say something."""
    items = (record for kind, record in records(part) if kind == _TEXT)
    for number, record in enumerate(items):
        if record[0] & _IS_RICH and (rich := rich_text(record, fonts)[1]):
            yield number, rich
