"""Owns the addresses of roster sheets: which line and which column of a roster stand in which row, under which key.

Nothing else knows a row or a column of theirs; writing and reading both ask here.
"""

from dataclasses import dataclass
from functools import cached_property

from questionnaire.answers import CODED
from questionnaire.form import Instrument
from questionnaire.identity import MARK
from questionnaire.rosters import Roster

# Rows of a roster sheet, counted from 0.
HEADER_KEYS = 0
TITLE = 1
IDENTITY = 2
INTRODUCTION = 3
HEADINGS = 4
GUIDANCE = 5
FIRST_LINE = 6

KEY, LINE, CHECK, CONTENT = "key", "line", "check", "content"
"""The columns that every roster sheet has beside the roster's own. KEY and CONTENT are hidden."""


@dataclass(frozen=True)
class RosterSheet:
    """Where everything stands on the sheet of a roster; rows and columns count from 0.

    Columns: key (hidden) | line | the roster's own | check | a helper per choice (hidden) | content (hidden).
    """

    roster: Roster

    @property
    def code(self) -> str:
        """The name of the sheet among those of a workbook; no section and no other sheet has it."""
        return f"roster_{self.roster.code}"

    @cached_property
    def columns(self) -> dict[str, int]:
        """The columns by name, but for the helpers of the choices."""
        names = (KEY, LINE, *(column.code for column in self.roster.columns), CHECK)
        return {name: place for place, name in enumerate(names)} | {CONTENT: len(names) + len(self.helpers)}

    @cached_property
    def helpers(self) -> dict[str, int]:
        """The hidden column beside each choice, by the code of its column."""
        first = 3 + len(self.roster.columns)
        coded = [column.code for column in self.roster.columns if isinstance(column.type, CODED)]
        return {code: first + place for place, code in enumerate(coded)}

    @cached_property
    def header_keys(self) -> dict[str, str]:
        """The names of columns by the static text in the hidden header row."""
        names = (*self.columns, *map(helper_name, self.helpers))
        return {f"{MARK}:{self.roster.code}.{name}": name for name in names}

    @property
    def first(self) -> int:
        return FIRST_LINE

    @property
    def last(self) -> int:
        """The row of the last line."""
        return FIRST_LINE + self.roster.lines - 1

    def row(self, line: int) -> int:
        """The row of a line; lines count from 1."""
        return FIRST_LINE + line - 1

    def key(self, line: int) -> str:
        """The static text in the hidden key column."""
        return f"{self.roster.code}:{line}"

    @staticmethod
    def number(line: int) -> str:
        """What a person reads before a line."""
        return f"L{line}"


def helper_name(column: str) -> str:
    """The name, in the hidden header row, of the helper beside a choice."""
    return f"{column}.code"


def roster_sheets(instrument: Instrument) -> tuple[RosterSheet, ...]:
    """The roster sheets of an instrument's workbook, in the order declared."""
    return tuple(RosterSheet(roster) for roster in instrument.rosters)
