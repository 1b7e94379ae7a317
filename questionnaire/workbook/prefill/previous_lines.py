"""Owns how the lines of the previous round stand in a roster sheet: in the cells themselves, as if typed there.

The sheet is written once, with a token where a cell of theirs may belong; `filled` puts one respondent's in place.
"""

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass
from xml.sax.saxutils import escape

from questionnaire.blanks import visible_text
from questionnaire.declaration.answer_types import Coded
from questionnaire.declaration.lists import RosterColumn
from questionnaire.list_layout import RosterSheet, as_field
from questionnaire.rounds.previous_round import Line, lines_shown
from questionnaire.rules.evaluate import Answer
from questionnaire.workbook.looks.heights import Box, row_height
from questionnaire.workbook.looks.list_columns import SIZE, width
from questionnaire.workbook.prefill.previous_answers import EPOCH, listed, text_cell
from questionnaire.workbook.prefill.previous_heights import with_heights
from questionnaire.workbook.texts.codelist_sheet import ListAddresses

CELL, SAID, CODE, CHECK = "ZQCELLQZ", "ZQSAIDQZ", "ZQPICKQZ", "ZQWAITQZ"
"""What stands, followed by the number of a line, where something of it belongs: a cell, all that it says, the code of a
choice, and, as the first value of its check, what is said of a line without an x.
"""

BETWEEN = "|"
"""What stands between the cells of a line in the text of all that it says."""

_TOKEN = re.compile(rf'<c([^>]*) t="inlineStr"><is><t>({CELL}|{SAID})(\d+):(\w*)</t></is></c>')
_FIRST_VALUE = re.compile(rf"<v>({SAID}|{CODE}|{CHECK})(\d+):([^<]*)</v>")


@dataclass(frozen=True)
class PreviousLines:
    """The lines that one respondent had in the previous round, by roster, as its workbook shows them in `language`."""

    lines: Mapping[str, tuple[Line, ...]]
    sheets: tuple[RosterSheet, ...]
    lists: ListAddresses
    language: str

    def filled(self, part: str) -> str:
        """A part in XML with these lines in the place of its tokens, and with room for them."""
        if CELL not in part:
            return part
        sheet = next(sheet for sheet in self.sheets if f">{sheet.key(1)}<" in part)
        lines = lines_shown(sheet.roster, self.lines.get(sheet.roster.code, ()))

        def placed(token: re.Match[str]) -> str:
            attributes, kind, number, code = token.groups()
            line = _at(lines, number)
            said = text_cell(self._content(sheet, line)) if line else ""
            rest = said if kind == SAID else self._cell(sheet.roster.column(code), line.get(code))
            return f"<c{attributes}{rest}</c>" if rest else f"<c{attributes}/>"

        def calculated(token: re.Match[str]) -> str:
            kind, number, told = token.groups()
            line = _at(lines, number)
            return f"<v>{self._calculated(kind, sheet, line, told)}</v>"

        tall = {sheet.row(number): self._height(sheet, line) for number, line in enumerate(lines, 1)}
        return with_heights(_FIRST_VALUE.sub(calculated, _TOKEN.sub(placed, part)), tall)[0]

    def _calculated(self, kind: str, sheet: RosterSheet, line: Line, told: str) -> str:
        """What a formula beside a line yields at first, in XML."""
        if kind == CHECK:
            return told if line else ""
        if kind == SAID:
            return escape(self._content(sheet, line))
        return escape(self._said(sheet.roster.column(told), line.get(told)))

    def _cell(self, column: RosterColumn, answer: Answer | None) -> str:
        """The rest of a cell, "" for an empty one."""
        if answer is None:
            return ""
        value = self._typed(column, answer)
        return f"><v>{value:.16G}</v>" if isinstance(value, float) else text_cell(value)

    def _content(self, sheet: RosterSheet, line: Line) -> str:
        """What `RosterChecks.content` makes of a line as it is shown."""
        return BETWEEN.join(self._said(column, line.get(column.code)) for column in sheet.roster.columns)

    def _said(self, column: RosterColumn, answer: Answer | None) -> str:
        if answer is None:
            return ""
        found = listed(as_field(column), answer, self.lists.missing_list)
        if found is not None and isinstance(column.type, Coded):
            return found[1].code
        value = self._typed(column, answer)
        # As programs turn a number into a text: with 15 digits.
        return f"{value:.15G}" if isinstance(value, float) else value

    def _typed(self, column: RosterColumn, answer: Answer) -> str | float:
        """What the respondent would have typed: a label, a number, the number of a day, a text."""
        found = listed(as_field(column), answer, self.lists.missing_list)
        if found is not None:
            return self.lists.label(found[1], self.language)
        match answer.value:
            case dt.date():
                return float((answer.value - EPOCH).days)
            case int() | float():
                return float(column.type.in_cell(answer.value))
            case text:
                return visible_text(str(text))

    def _height(self, sheet: RosterSheet, line: Line) -> float:
        shown = (
            (column, self._typed(column, line[column.code])) for column in sheet.roster.columns if column.code in line
        )
        return row_height(Box((str(text),), width(column), SIZE, indent=1) for column, text in shown)


def _at(lines: tuple[Line, ...], number: str) -> Line:
    """The line of that number, which counts from 1; an empty one beyond the last."""
    return lines[int(number) - 1] if int(number) <= len(lines) else {}
