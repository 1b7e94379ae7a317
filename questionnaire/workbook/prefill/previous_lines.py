"""Owns how the lines of the previous round stand in a roster sheet: in the cells themselves, as if typed there."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from questionnaire.blanks import visible_text
from questionnaire.declaration.answer_types import CODED
from questionnaire.declaration.lists import RosterColumn
from questionnaire.layout import column_letter
from questionnaire.list_layout import CHECK, CONTENT, LAST, RosterSheet, as_field
from questionnaire.rounds.previous_round import Line, lines_shown
from questionnaire.rules.evaluate import Answer
from questionnaire.workbook.formulas.checks import Sign
from questionnaire.workbook.looks.heights import Box, row_height
from questionnaire.workbook.looks.list_columns import SIZE, width
from questionnaire.workbook.prefill.prefilled_sheet import Content
from questionnaire.workbook.prefill.previous_answers import EPOCH, listed
from questionnaire.workbook.texts.codelist_sheet import ListAddresses
from questionnaire.workbook.texts.texts import Texts

BETWEEN = "|"
"""What stands between the cells of a line in the text of all that it says."""


def addresses(sheet: RosterSheet) -> set[str]:
    """The cells of a roster sheet that hold something of the previous round, or are calculated from what does."""
    columns = (*(sheet.columns[column.code] for column in sheet.roster.columns), *sheet.helpers.values())
    places = (*columns, *(sheet.columns[name] for name in (CHECK, CONTENT, LAST)))
    return {_address(place, sheet.row(line)) for line in range(1, sheet.roster.lines + 1) for place in places}


def waiting(texts: Texts) -> str:
    """What the check says at first beside a line of the previous round, which has no x yet."""
    return f"{Sign.NOT_NEEDED} {texts.say('check_roster_unconfirmed').cached}"


@dataclass(frozen=True)
class PreviousLines:
    """The lines that one respondent had in the previous round, by roster, as they are shown in `language`.

    `waiting` is what the check says at first beside each.
    """

    lines: Mapping[str, tuple[Line, ...]]
    lists: ListAddresses
    language: str
    waiting: str

    def cells(self, sheet: RosterSheet) -> dict[str, Content]:
        """What stands where on the sheet of a roster."""
        cells = {}
        for number, line in enumerate(self._shown(sheet), 1):
            row, said = sheet.row(number), self._content(sheet, line)
            for column in sheet.roster.columns:
                if column.code in line:
                    answer = line[column.code]
                    cells[_address(sheet.columns[column.code], row)] = Content(self._typed(column, answer))
                    if column.code in sheet.helpers:
                        cells[_address(sheet.helpers[column.code], row)] = Content(self._said(column, answer))
            if line:
                for name, content in ((LAST, said), (CONTENT, said), (CHECK, self.waiting)):
                    cells[_address(sheet.columns[name], row)] = Content(content)
        return cells

    def taller(self, sheet: RosterSheet, heights: Mapping[int, float]) -> dict[int, float]:
        """The rows that do not show all of their line as they are, and the heights with which they do."""
        needed = {sheet.row(number): self._height(sheet, line) for number, line in enumerate(self._shown(sheet), 1)}
        return {row: height for row, height in needed.items() if height > heights[row]}

    def _shown(self, sheet: RosterSheet) -> tuple[Line, ...]:
        return lines_shown(sheet.roster, self.lines.get(sheet.roster.code, ()))

    def _content(self, sheet: RosterSheet, line: Line) -> str:
        """What `RosterChecks.content` makes of a line as it is shown."""
        return BETWEEN.join(self._said(column, line.get(column.code)) for column in sheet.roster.columns)

    def _said(self, column: RosterColumn, answer: Answer | None) -> str:
        if answer is None:
            return ""
        found = listed(as_field(column), answer, self.lists.missing_list)
        if found is not None and isinstance(column.type, CODED):
            return found[1].code
        value = self._typed(column, answer)
        return f"{value:.16G}" if isinstance(value, float) else value

    def _typed(self, column: RosterColumn, answer: Answer) -> str | float:
        """What the respondent would have typed: a label, a number, the number of a day, a text."""
        found = listed(as_field(column), answer, self.lists.missing_list)
        if found is not None:
            return self.lists.label(found[1], self.language)
        match answer.value:
            case dt.date():
                return float((answer.value - EPOCH).days)
            case int() | float():
                return float(answer.value)
            case text:
                return visible_text(str(text))

    def _height(self, sheet: RosterSheet, line: Line) -> float:
        shown = (
            (column, self._typed(column, line[column.code])) for column in sheet.roster.columns if column.code in line
        )
        return row_height(Box((str(text),), width(column), SIZE, indent=1) for column, text in shown)


def _address(column: int, row: int) -> str:
    return f"{column_letter(column)}{row + 1}"
