"""Owns rosters: tables that a respondent fills in line by line beside the questions, such as its list of agreements.

A line says for which indicator it counts; what the lines add up to is held against the indicators' own answers.
"""

from dataclasses import dataclass, replace
from functools import cached_property

from questionnaire.codelists import Codelist, Wording
from questionnaire.declaration.answer_types import Coded, ScalarType, SingleChoice


@dataclass(frozen=True)
class RosterColumn:
    """One thing that each line tells.

    `required`: every line needs it. `required_with`: a line needs it where that column holds that code.
    `others_only`: the respondent itself is no answer.
    """

    code: str
    type: ScalarType
    label: Wording
    help: Wording
    required: bool = False
    required_with: tuple[str, str] | None = None
    others_only: bool = False


@dataclass(frozen=True)
class RosterCount:
    """A question whose number is that of an indicator's lines: of all, or of those where `column` holds `code`."""

    question: str
    column: str = ""
    code: str = ""


@dataclass(frozen=True)
class RosterMirror:
    """Which lines the respondent named in the column `partner` should have too, naming this one: where `column` holds
    `code`.
    """

    partner: str
    column: str
    code: str


@dataclass(frozen=True)
class Roster:
    """A table of `lines` lines; the column `indicator_column` says which of its indicators a line counts for."""

    code: str
    label: Wording
    help: Wording
    lines: int
    columns: tuple[RosterColumn, ...]
    indicator_column: str
    counts: tuple[RosterCount, ...]
    mirror: RosterMirror | None = None

    def column(self, code: str) -> RosterColumn:
        """The column of that code; KeyError if there is none."""
        return self._by_code[code]

    @cached_property
    def _by_code(self) -> dict[str, RosterColumn]:
        return {column.code: column for column in self.columns}

    @property
    def indicators(self) -> tuple[str, ...]:
        """The codes of the indicators that lines may count for."""
        chosen = self.column(self.indicator_column).type
        assert isinstance(chosen, SingleChoice), "the column of the indicators is a choice"
        return chosen.codelist.value_codes

    def only(self, indicators: frozenset[str]) -> "Roster | None":
        """The roster for some of its indicators; None if it has none of them."""
        asked = self.column(self.indicator_column)
        assert isinstance(asked.type, SingleChoice), "the column of the indicators is a choice"
        kept = tuple(code for code in asked.type.codelist.codes if code.code in indicators)
        if not kept:
            return None
        limited = replace(asked, type=SingleChoice(Codelist(asked.type.codelist.name, kept)))
        return replace(self, columns=tuple(limited if column is asked else column for column in self.columns))

    @property
    def structure(self) -> str:
        """What decides which cell holds what, as text: columns, types, codes, number of lines."""
        told = [f"{self.code}:{self.lines}"]
        for column in self.columns:
            codes = ",".join(column.type.codelist.value_codes) if isinstance(column.type, Coded) else ""
            told.append(f"{self.code}.{column.code}:{column.type.traits.name}:{codes}")
        return "\n".join(told)
