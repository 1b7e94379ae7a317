"""Owns the nouns of an indicator table: section, objective, indicator, irregularity, refusal; never reads."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class TableSection:
    """A heading that groups objectives; `code` is the letter or number printed before it, or ''."""

    code: str
    heading: str
    line: int


@dataclass(frozen=True)
class Objective:
    """A numbered objective; `section` is the heading above it ('' if none), `line` that of its number."""

    section: str
    number: str
    line: int
    text: str
    verbatim: str

    @property
    def number_parts(self) -> tuple[int, ...]:
        """The printed number as integers: '5.1' gives (5, 1)."""
        return tuple(int(part) for part in self.number.split("."))


@dataclass(frozen=True)
class Indicator:
    """One indicator with its objective's text and line; `position` counts from 1 within the objective."""

    section: str
    objective_number: str
    objective: str
    objective_line: int
    letter: str
    line: int
    text: str
    verbatim: str
    position: int

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


class IndicatorTableError(Exception):
    """The document cannot be read as an indicator table: where, what is wrong, what to do."""

    def __init__(self, source: str, line: int | None, what: str, remedy: str) -> None:
        self.source = source
        self.line = line
        self.what = what
        self.remedy = remedy
        place = source if line is None else f"{source}, line {line}"
        super().__init__(f"{place}: {what} {remedy}")
