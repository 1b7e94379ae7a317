"""Owns the addresses of roster sheets: which line and which column of a roster stand in which row, under which key.

Nothing else knows a row or a column of theirs; writing and reading both ask here.
"""

from dataclasses import dataclass
from functools import cached_property

from questionnaire.declaration.answer_types import Coded
from questionnaire.declaration.form import Field
from questionnaire.declaration.lists import Roster, RosterColumn
from questionnaire.layout import Layout
from questionnaire.rounds.identity import MARK

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

CONFIRM, LAST = "confirm", "last"
"""Those that it has besides where there is a round before: for the x, and (hidden) what the line said then."""


@dataclass(frozen=True)
class RosterSheet:
    """Where everything stands on the sheet of a roster; rows and columns count from 0.

    Columns: key (hidden) | line | the roster's own | check | a helper per choice (hidden) | content (hidden). Where the
    lines of the previous round are shown, confirm stands after line, and last after content.
    """

    roster: Roster
    prefilled: bool = False

    @property
    def code(self) -> str:
        """The name of the sheet among those of a workbook; no section and no other sheet has it."""
        return f"roster_{self.roster.code}"

    @cached_property
    def columns(self) -> dict[str, int]:
        """The columns by name, but for the helpers of the choices."""
        names = {name: place for place, name in enumerate(self._before_helpers)}
        after = (CONTENT, LAST) if self.prefilled else (CONTENT,)
        return names | {name: place for place, name in enumerate(after, len(names) + len(self.helpers))}

    @cached_property
    def helpers(self) -> dict[str, int]:
        """The hidden column beside each choice, by the code of its column."""
        first = len(self._before_helpers)
        coded = [column.code for column in self.roster.columns if isinstance(column.type, Coded)]
        return {code: first + place for place, code in enumerate(coded)}

    @property
    def _before_helpers(self) -> tuple[str, ...]:
        confirm = (CONFIRM,) if self.prefilled else ()
        return (KEY, LINE, *confirm, *(column.code for column in self.roster.columns), CHECK)

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


def roster_sheets(layout: Layout) -> tuple[RosterSheet, ...]:
    """The roster sheets of a workbook, in the order declared."""
    return tuple(RosterSheet(roster, layout.prefilled) for roster in layout.instrument.rosters)


def as_field(column: RosterColumn) -> Field:
    """A column as a question would ask for it."""
    return Field(column.code, column.code, column.type, column.label)
