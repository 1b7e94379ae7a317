"""Owns one line of a roster as it was read: what it says, where, and how that compares to the previous round."""

from collections.abc import Mapping
from dataclasses import dataclass

from pipeline.findings import Finding, finding
from pipeline.reading.confirming import change, previous_text
from pipeline.reading.values.parsing import Parsed, cell_text
from questionnaire.blanks import AnswerStatus
from questionnaire.codelists import choice_key
from questionnaire.declaration.lists import Roster
from questionnaire.layout import column_letter
from questionnaire.rounds.previous_round import Line as PreviousLine
from questionnaire.rules.rule import Severity


@dataclass(frozen=True)
class Line:
    """One line with content: its number, what each cell says, and where it stands. `row` counts from 0.

    `mark` is what stands in the cell for the x, `stated` the number that the row itself has, 0 if none. `last` is what
    the line said in the previous round, empty for a new one; None where there was no round before.
    """

    roster: Roster
    number: int
    sheet: str
    row: int
    columns: Mapping[str, int]
    cells: Mapping[str, Parsed]
    mark: str = ""
    stated: int = 0
    last: PreviousLine | None = None

    def cell(self, column: str) -> str:
        """The address of one of its cells."""
        return f"{column_letter(self.columns[column])}{self.row + 1}"

    @property
    def indicator(self) -> str:
        """The indicator that the line counts for, "" if it does not say."""
        return self.cells[self.roster.indicator_column].code or ""

    @property
    def content(self) -> tuple[str, ...]:
        """What it says, for comparing lines."""
        return tuple(choice_key(cell_text(cell.value) or cell.raw) for cell in self.cells.values())

    @property
    def is_empty(self) -> bool:
        """True where nothing but a mark stands."""
        return all(cell.status is AnswerStatus.BLANK for cell in self.cells.values())

    def compared(self, column: str) -> tuple[str, str]:
        """How a cell compares to the previous round, and what it said then."""
        if self.last is None:
            return "", ""
        answer = self.last.get(column)
        return str(change(self.roster.column(column).type, self.cells[column], answer)), previous_text(answer)

    def note(self, code: str, severity: Severity, column: str, values: Mapping[str, object] | None = None) -> Finding:
        """A finding at one of its cells."""
        told = {"line": f"L{self.number}", "sheet": self.sheet, **(values or {})}
        place = column if column in self.columns else self.roster.columns[0].code
        value = self.cells[column].raw if column in self.cells else self.mark
        return finding(
            code, severity, told,
            indicator=self.indicator, field=f"{self.roster.code}.{column}",
            sheet=self.sheet, cell=self.cell(place), value=value,
        )  # fmt: skip
