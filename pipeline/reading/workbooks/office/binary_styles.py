"""Owns what the styles and the shared texts of an .xlsb workbook say of the cells that use them ([MS-XLSB] 2.4)."""

import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from pipeline.reading.workbooks.number_formats import GENERAL, format_code
from pipeline.reading.workbooks.office.binary_records import records, text_of
from pipeline.reading.workbooks.rich_texts import RichText, Run, told_by

_FORMAT, _FONT, _FORM, _FORMS_BEGIN, _FORMS_END, _TEXT = 44, 43, 47, 617, 618, 19
_CROSSES_OUT = 0x08
_RAISED = 1
_IS_RICH = 0x01


@dataclass(frozen=True)
class Font:
    """What a font does to a text beside its looks."""

    is_struck: bool = False
    is_raised: bool = False


@dataclass(frozen=True)
class BinaryLooks:
    """By the number of a cell's style those that cross out and the number formats; the fonts; and the shared texts."""

    struck: frozenset[int] = frozenset()
    number_formats: Mapping[int, str] = field(default_factory=dict)
    fonts: tuple[Font, ...] = ()
    texts: Mapping[int, RichText] = field(default_factory=dict)


def read_binary_looks(styles: bytes, texts: bytes) -> BinaryLooks:
    """By the parts of the styles and of the shared texts; raises PartError."""
    own: dict[int, str] = {}
    fonts: list[Font] = []
    forms: list[tuple[int, int]] = []
    is_of_cells = False
    for kind, record in records(styles):
        if kind == _FORMAT:
            own[struct.unpack_from("<H", record)[0]] = text_of(record[2:])[0]
        elif kind == _FONT:
            _, flags, _, raised = struct.unpack_from("<4H", record)
            fonts.append(Font(bool(flags & _CROSSES_OUT), raised == _RAISED))
        elif kind in (_FORMS_BEGIN, _FORMS_END):
            is_of_cells = kind == _FORMS_BEGIN
        elif kind == _FORM and is_of_cells:
            _, code, font = struct.unpack_from("<3H", record)
            forms.append((code, font))
    codes = {number: format_code(code, own) for number, (code, _) in enumerate(forms)}
    struck = (number for number, (_, font) in enumerate(forms) if font < len(fonts) and fonts[font].is_struck)
    return BinaryLooks(
        frozenset(struck),
        {number: code for number, code in codes.items() if code.casefold() != GENERAL.casefold()},
        tuple(fonts),
        dict(_texts(texts, fonts)),
    )


def rich_text(record: bytes, fonts: list[Font] | tuple[Font, ...]) -> tuple[str, RichText]:
    """A text ([MS-XLSB] 2.5.121) and what the formats within it tell."""
    text, rest = text_of(record[1:])
    if not record[0] & _IS_RICH:
        return text, RichText()
    count = struct.unpack_from("<I", rest)[0]
    starts = [struct.unpack_from("<2H", rest, 4 + 4 * number) for number in range(count)]
    ends = [*(start for start, _ in starts[1:]), len(text)]
    runs = [Run(text[: starts[0][0]])] if starts else [Run(text)]
    for (start, number), end in zip(starts, ends, strict=False):
        font = fonts[number] if number < len(fonts) else Font()
        runs.append(Run(text[start:end], font.is_struck, font.is_raised))
    return text, told_by(runs)


def _texts(part: bytes, fonts: list[Font]) -> Iterator[tuple[int, RichText]]:
    """The shared texts whose formats tell something."""
    items = (record for kind, record in records(part) if kind == _TEXT)
    for number, record in enumerate(items):
        if record[0] & _IS_RICH and (told := rich_text(record, fonts)[1]):
            yield number, told
