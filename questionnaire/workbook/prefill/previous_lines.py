"""Owns how the lines of the previous round stand in the sheet of a list: in the cells themselves, as if typed there.

The sheet is written once, with a token where a cell of theirs may belong; `filled` puts one respondent's in place.
"""

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass
from xml.sax.saxutils import escape

from questionnaire.blanks import visible_text
from questionnaire.day_numbers import day_number
from questionnaire.declaration.answer_types import CODED, is_text
from questionnaire.declaration.blocks import Field
from questionnaire.layout import ListSheet
from questionnaire.rounds.previous_round import lines_shown
from questionnaire.rules.answer_cells import helper_code, helper_number, listed
from questionnaire.rules.evaluate import Answer, Line
from questionnaire.workbook.formulas.line_arrays import BETWEEN
from questionnaire.workbook.looks.heights import Box, row_height
from questionnaire.workbook.looks.list_columns import SIZE, width
from questionnaire.workbook.prefill.previous_answers import text_cell
from questionnaire.workbook.prefill.previous_heights import with_heights
from questionnaire.workbook.texts.codelist_sheet import ListAddresses

CELL, SAID, CODE, NUMBER, CHECK = "ZQCELLQZ", "ZQSAIDQZ", "ZQPICKQZ", "ZQMUCHQZ", "ZQWAITQZ"
"""What stands, followed by the number of a line, where something of it belongs: a cell, all that it says, the code and
the number that a cell is taken for, and, as the first value of its check, what is said of a line without an x.
"""

_TOKEN = re.compile(rf'<c([^>]*) t="inlineStr"><is><t>({CELL}|{SAID})(\d+):(\w*)</t></is></c>')
_FIRST_VALUE = re.compile(rf"<v>({SAID}|{CODE}|{NUMBER}|{CHECK})(\d+):([^<]*)</v>")


@dataclass(frozen=True)
class PreviousLines:
    """The lines that one respondent had in the previous round, by list, as its workbook shows them in `language`."""

    lines: Mapping[str, tuple[Line, ...]]
    sheets: tuple[ListSheet, ...]
    lists: ListAddresses
    language: str

    def filled(self, part: str) -> str:
        """A part in XML with these lines in the place of its tokens, and with room for them."""
        if CELL not in part:
            return part
        sheet = next(sheet for sheet in self.sheets if f">{sheet.key(1)}<" in part)
        lines = lines_shown(sheet.block, self.lines.get(sheet.block.code, ()))

        def placed(token: re.Match[str]) -> str:
            attributes, kind, number, code = token.groups()
            line = _at(lines, number)
            said = text_cell(self._content(sheet, line)) if line else ""
            rest = said if kind == SAID else self._cell(sheet.block.field(code), line.get(code))
            return f"<c{attributes}{rest}</c>" if rest else f"<c{attributes}/>"

        def calculated(token: re.Match[str]) -> str:
            kind, number, told = token.groups()
            line = _at(lines, number)
            return f"<v>{self._calculated(kind, sheet, line, told)}</v>"

        tall = {sheet.row(number): self._height(sheet, line) for number, line in enumerate(lines, 1)}
        return with_heights(_FIRST_VALUE.sub(calculated, _TOKEN.sub(placed, part)), tall)[0]

    def _calculated(self, kind: str, sheet: ListSheet, line: Line, told: str) -> str:
        """What a formula beside a line yields at first, in XML."""
        if kind == CHECK:
            return told if line else ""
        if kind == SAID:
            return escape(self._content(sheet, line))
        field, answer = sheet.block.field(told), line.get(told)
        if kind == NUMBER:
            number = helper_number(field, answer) if answer is not None else 0 if is_text(field.type) else None
            return "" if number is None else f"{number:.16G}"
        return escape(helper_code(field, answer, self.lists.missing_list)) if answer is not None else ""

    def _cell(self, field: Field, answer: Answer | None) -> str:
        """The rest of a cell, "" for an empty one."""
        if answer is None:
            return ""
        value = self._typed(field, answer)
        return f"><v>{value:.16G}</v>" if isinstance(value, float) else text_cell(value)

    def _content(self, sheet: ListSheet, line: Line) -> str:
        """What `LineChecks.content` makes of a line as it is shown."""
        return BETWEEN.join(self._said(field, line.get(field.code)) for field in sheet.block.fields)

    def _said(self, field: Field, answer: Answer | None) -> str:
        if answer is None:
            return ""
        found = listed(field, answer, self.lists.missing_list)
        if found is not None and isinstance(field.type, CODED):
            return found[1].code
        value = self._typed(field, answer)
        return f"{value:.16G}" if isinstance(value, float) else value

    def _typed(self, field: Field, answer: Answer) -> str | float:
        """What the respondent would have typed: a label, a number, the number of a day, a text."""
        found = listed(field, answer, self.lists.missing_list)
        if found is not None:
            return self.lists.label(found[1], self.language)
        match answer.value:
            case dt.date():
                return float(day_number(answer.value))
            case int() | float():
                return float(answer.value)
            case text:
                return visible_text(str(text))

    def _height(self, sheet: ListSheet, line: Line) -> float:
        shown = ((field, self._typed(field, line[field.code])) for field in sheet.block.fields if field.code in line)
        return row_height(Box((str(text),), width(field), SIZE, indent=1) for field, text in shown)


def _at(lines: tuple[Line, ...], number: str) -> Line:
    """The line of that number, which counts from 1; an empty one beyond the last."""
    return lines[int(number) - 1] if int(number) <= len(lines) else {}
