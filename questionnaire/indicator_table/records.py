"""Declares the nouns of an indicator table: section, objective, indicator, irregularity, refusal; never reads.

`place` is where a person finds a thing in a document of cells, such as Sheet1!D9; "" in a text, where `line` says it.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True)
class TableSection:
    """A heading that groups objectives; `code` is the letter or number printed before it, or ''."""

    code: str
    heading: str
    line: int
    place: str = ""


@dataclass(frozen=True)
class Objective:
    """An objective; `section` is the heading above it ('' if none), `line` that of its number.

    `number` is its identifier as printed, '' if it has none. An implicit objective stands where a section has none of
    its own: its text is the section's heading.
    """

    section: str
    number: str
    line: int
    text: str
    verbatim: str
    place: str = ""
    is_implicit: bool = False

    @property
    def number_parts(self) -> tuple[int, ...]:
        """The printed number as integers: '5.1' gives (5, 1), '1.a' (1, 901): letters follow all numbers."""
        return tuple(int(part) if part.isdigit() else FIRST_LETTER + ord(part) - ord("a") for part in self._parts())

    def _parts(self) -> list[str]:
        return self.number.casefold().split(".")


FIRST_LETTER = 901
"""What the letter a counts for among the parts of a number."""


class State(StrEnum):
    """Whether an indicator is one to ask about; all but the first are for a person to decide."""

    MEANT = ""
    EMPTY = "empty"
    """It has an identifier and no text."""
    PENDING = "pending"
    """In its place stands that there is none, or none yet."""
    RETIRED = "retired"
    """It is crossed out, or said to be deleted."""


@dataclass(frozen=True)
class Attribute:
    """What a table says of an indicator beside its text: in which role, under which head."""

    role: str
    head: str
    text: str
    place: str = ""


@dataclass(frozen=True)
class Indicator:
    """One indicator with its objective's text and line; `position` counts from 1 within the objective.

    `identifier` is the one printed with it, whatever it looks like; `letter` only a letter that counts within the
    objective.
    """

    section: str
    objective_number: str
    objective: str
    objective_line: int
    letter: str
    line: int
    text: str
    verbatim: str
    position: int
    identifier: str = ""
    attributes: tuple[Attribute, ...] = ()
    place: str = ""
    state: State = State.MEANT

    @property
    def code_parts(self) -> tuple[str, str, str]:
        """The pieces an indicator code is composed of: section heading, objective number, letter."""
        return self.section, self.objective_number, self.letter


@dataclass(frozen=True)
class Irregularity:
    """Something unusual in the document: what was seen on a line and how it was read."""

    line: int
    kind: str
    message: str
    place: str = ""

    @property
    def is_doubtful(self) -> bool:
        """True where a person should look whether it was read as it is meant."""
        return self.kind not in _HARMLESS


UNSAVED = "formula_unsaved"
"""Of formulas whose result is not in the file; it explains why a table may not be found."""

_HARMLESS = frozenset(
    {
        "title", "layout", "columns", "encoding", "notes", "num_inline", "num_alone", "num_trailing_space",
        "num_no_space", "no_blank_before_indicator", "letter_continuation", "blank_inside_letters", "double_blank",
        "ws_only_line",
        "double_space_inside", "ws_double_after_letter", "decomposed_accents", "final_period", "trailing_space",
        "footnote", "several_in_cell", "sheet_not_read", "rows_continued",
    }
)  # fmt: skip
"""Irregularities of typing and layout, which leave no doubt about what is meant."""


@dataclass(frozen=True)
class IndicatorTable:
    """What the document says, in its order, and everything unusual about it, in line order.

    `has_codes` is True where the identifiers are the codes by which an instrument calls its indicators.
    """

    source: str
    sections: tuple[TableSection, ...]
    objectives: tuple[Objective, ...]
    indicators: tuple[Indicator, ...]
    irregularities: tuple[Irregularity, ...]
    has_codes: bool = False


class IndicatorTableError(Exception):
    """The document cannot be read as an indicator table: where, what is wrong, what to do."""

    def __init__(self, source: str, line: int | None, what: str, remedy: str) -> None:
        self.source = source
        self.line = line
        self.what = what
        self.remedy = remedy
        place = source if line is None else f"{source}, line {line}"
        super().__init__(f"{place}: {what} {remedy}")
