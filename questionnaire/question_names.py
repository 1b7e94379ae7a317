"""Names what commands and decisions are about: an answer, a cell of a list or table, the lines about an indicator.

`W01a.total`; `projects[3].partner`, 3 as on the sheet; `wells[grounds=HILL].y2024`; `projects.W01a`.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from questionnaire.declaration.blocks import ListBlock
from questionnaire.declaration.form import Instrument
from questionnaire.declaration.lists.table_block import TableBlock

_UNKNOWN = re.compile(r"[^\s.\[\]]+")
_WITHIN = re.compile(r"(?:\[(?P<place>[^\[\]]*)\])?(?:[.\s]\s*(?P<field>[^\[\]]+))?")
_LINE = re.compile(r"L?0*([1-9]\d{0,4})")
_BETWEEN = re.compile(r"[,;\s]+")


@dataclass(frozen=True)
class QuestionName:
    """The parts of a name, as typed: `place` is what stands in brackets, a line or codes of a table, "" without any."""

    block: str
    place: str
    field: str

    def __str__(self) -> str:
        return f"{self.block}{f'[{self.place}]' if self.place else ''}{f'.{self.field}' if self.field else ''}"


def split_name(text: str, blocks: Iterable[str]) -> QuestionName | None:
    """The parts of a name; None for a text that is none.

    The code of an indicator may have dots itself, 1.a.total: of the codes of `blocks`, the longest one counts.
    """
    text = text.strip()
    begun = max((code for code in blocks if _begins_with(text, code)), key=len, default="")
    unknown = _UNKNOWN.match(text)
    length = len(begun) or (unknown.end() if unknown else 0)
    found = _WITHIN.fullmatch(text, length)
    if found is None or not length:
        return None
    return QuestionName(text[:length], (found["place"] or "").strip(), (found["field"] or "").strip())


def _begins_with(text: str, code: str) -> bool:
    """Whether a name, in whatever capitals, begins with the code of an indicator, list or table."""
    return text[: len(code)].casefold() == code.casefold() and not text[len(code) :][:1].strip().strip(".[")


def line_number(instrument: Instrument, block: str, place: str) -> int:
    """The line of a list or table that a place names; 0 if it names none."""
    asked = instrument.blocks[block]
    if isinstance(asked, TableBlock):
        return _table_line(asked, place)
    found = _LINE.fullmatch(place) if isinstance(asked, ListBlock) else None
    return int(found[1]) if found else 0


def _table_line(block: TableBlock, place: str) -> int:
    codes = dict(part.partition("=")[::2] for part in _BETWEEN.split(place) if part)
    if codes.keys() != block.dimension_codes:
        return 0
    return block.line_of(tuple(codes[dimension.name] for dimension in block.dimensions))


def cell_name(instrument: Instrument, block: str, line: int, field: str) -> str:
    """The name of the answer in a field of a line: of an indicator, there is one line."""
    asked = instrument.blocks[block]
    place = ""
    if isinstance(asked, TableBlock):
        place = ",".join(f"{name}={code}" for name, code in asked.coordinates(line).items())
    elif isinstance(asked, ListBlock):
        place = str(line)
    return str(QuestionName(block, place, field))
