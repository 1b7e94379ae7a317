"""Writes what a table said in the previous round into its sheet: beside its lines, to be compared, never read."""

from collections.abc import Mapping
from dataclasses import dataclass

from questionnaire.addresses import address
from questionnaire.codelists import Codelist
from questionnaire.declaration.answer_types import Numeric
from questionnaire.declaration.blocks import Field
from questionnaire.layout import TableSheet
from questionnaire.rounds.previous_round import cells_before
from questionnaire.rules.answer_cells import listed
from questionnaire.rules.evaluate import Answer, Line
from questionnaire.table_columns import previous_column
from questionnaire.workbook.prefill.prefilled_sheet import Content


def addresses(sheet: TableSheet) -> set[str]:
    """The cells of a table's sheet that show something of the previous round."""
    return {_at(sheet, line, column) for line in range(1, sheet.block.most_lines + 1) for column in sheet.previous}


@dataclass(frozen=True)
class PreviousTables:
    """What the tables of one respondent said in the previous round; reasons are codes of `missing`, in `language`."""

    lines: Mapping[str, tuple[Line, ...]]
    missing: Codelist
    language: str

    def cells(self, sheet: TableSheet) -> dict[str, Content]:
        """What stands where on the sheet of a table, each under the heading and in the line of its codes."""
        found = {}
        for (line, column), answer in cells_before(sheet.block, self.lines.get(sheet.block.code, ())).items():
            shown = self._shown(sheet.block.field(column), answer)
            if shown is not None and column in sheet.previous:
                found[_at(sheet, line, column)] = Content(shown)
        return found

    def _shown(self, field: Field, answer: Answer) -> str | float | None:
        if isinstance(field.type, Numeric) and isinstance(answer.value, int | float):
            return float(field.type.in_cell(answer.value))
        found = listed(field, answer, self.missing)
        return found[1].short(self.language) if found else None


def _at(sheet: TableSheet, line: int, column: str) -> str:
    return address(sheet.row(line), sheet.columns[previous_column(column)])
