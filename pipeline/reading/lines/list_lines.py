"""Describes one line of a list as it was read: what it says, where, and how that compares to the previous round."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from pipeline.findings import Finding
from pipeline.reading.reading import Reading
from pipeline.reading.values.cell_texts import cell_text
from pipeline.reading.values.parsed import Fault, Parsed
from questionnaire.blanks import AnswerStatus
from questionnaire.codelists import choice_key
from questionnaire.declaration.blocks import ListBlock
from questionnaire.declaration.lists.table_block import TableBlock
from questionnaire.rules.evaluate import Line
from questionnaire.rules.rule import Severity


@dataclass(frozen=True)
class ReadLine:
    """One line with content: its number and what each cell says, by field.

    `mark` is what stands in the cell for the x, `mark_cell` its address; `stated` is the number that the row itself
    has, 0 if none. `previous` is what the line said in the previous round, empty for a new one; None where there was
    no previous round.
    """

    block: ListBlock
    number: int
    cells: Mapping[str, Reading]
    mark: str = ""
    mark_cell: str = ""
    stated: int = 0
    previous: Line | None = None

    @property
    def sheet(self) -> str:
        """The name of its sheet."""
        place = self._first.place
        return place.sheet if place else ""

    @property
    def indicator(self) -> str:
        """The indicator that the line counts for, "" if it does not say."""
        if isinstance(self.block, TableBlock):
            return self.block.indicator
        return self.cells[self.block.indicator_field].parsed.code or ""

    @property
    def content(self) -> tuple[str, ...]:
        """What it says, for comparing lines."""
        parsed = (cell.parsed for cell in self.given.values())
        return tuple(choice_key(cell_text(cell.value) or cell.raw) for cell in parsed)

    @property
    def is_empty(self) -> bool:
        """True where nothing but a mark stands."""
        return all(cell.parsed.status is AnswerStatus.BLANK for cell in self.given.values())

    @property
    def given(self) -> Mapping[str, Reading]:
        """What somebody said, or the form printed, by field: all that does not follow from the rest."""
        return {code: cell for code, cell in self.cells.items() if cell.slot.question.formula is None}

    def readings(self) -> tuple[Reading, ...]:
        """What its cells say, each about the indicator that the line counts for."""
        return tuple(cell._replace(indicator=self.indicator) for cell in self.cells.values())

    def saying(self, parsed: Mapping[str, Parsed]) -> "ReadLine":
        """The line with other values in some of its cells."""
        cells = {
            code: cell._replace(parsed=parsed[code]) if code in parsed else cell for code, cell in self.cells.items()
        }
        return replace(self, cells=cells)

    def note(self, code: str, severity: Severity, values: Mapping[str, object] | None = None) -> Finding:
        """A finding at the cell for its mark; at its first cell, where there is none."""
        found = self._first._replace(indicator=self.indicator).finding(Fault(code, severity, values or {}))
        return replace(found, field=f"{self.block.code}.confirm", cell=self.mark_cell or found.cell, value=self.mark)

    @property
    def _first(self) -> Reading:
        return self.cells[self.block.fields[0].code]
