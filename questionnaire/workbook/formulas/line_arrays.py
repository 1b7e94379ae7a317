"""Writes what is counted and added up over the lines of a list, as expressions over the columns of its sheet."""

from collections.abc import Mapping
from dataclasses import dataclass

from questionnaire.addresses import column_letter
from questionnaire.blanks import DECLARED
from questionnaire.declaration.answer_types import Coded
from questionnaire.layout import CONFIRM, CONTENT, LINE, PREVIOUS, ListSheet, TableSheet
from questionnaire.rules.answer_cells import UNREADABLE, VALUED
from questionnaire.rules.conditions import (
    Always,
    And,
    CodeIn,
    Compare,
    Condition,
    Constant,
    Filled,
    NamesRespondent,
    Not,
    Or,
    Parameter,
    Ref,
    Value,
    Valued,
)
from questionnaire.table_columns import code_column, number_column
from questionnaire.workbook.formulas.checks import FormulaError
from questionnaire.workbook.texts.codelist_sheet import ListAddresses

BETWEEN = "|"
"""What stands between the cells of a line in CONTENT, the text of all that it says."""

_SIGNS = {"==": "=", "!=": "<>", "<": "<", "<=": "<=", ">": ">", ">=": ">="}


_BEYOND = "1E+99"
"""A number beyond all that a cell of a list holds."""


@dataclass(frozen=True)
class LineArrays:
    """The lines of one list as arrays of 0 and 1, for use within SUMPRODUCT; `prefix` leads to its sheet."""

    sheet: ListSheet
    prefix: str
    lists: ListAddresses
    parameters: Mapping[str, int]
    respondent: str

    def count(self, where: Condition) -> str:
        """How many lines meet a condition."""
        return f"SUMPRODUCT({self._counting()}*{self._array(where)})"

    def total(self, ref: Ref, where: Condition) -> str:
        """The sum of a field over the lines that meet a condition."""
        # SUMPRODUCT takes what is no number in an array of its own for 0.
        return f"SUMPRODUCT({self._counting()}*{self._array(where)},{self._column(number_column(ref.field))})"

    def alike(self, row: int) -> str:
        """How many lines say what the line in a row says."""
        own = f"{column_letter(self.sheet.columns[CONTENT])}{row + 1}"
        return f"SUMPRODUCT({self._counting()}*({self._column(CONTENT)}={own}))"

    def _counting(self) -> str:
        """1 for each line that counts: it says something and, if it is of the previous round, has a mark.

        Those of a table are always there.
        """
        if isinstance(self.sheet, TableSheet):
            return f'({self._column(LINE)}<>"")'
        empty = BETWEEN * (len(self.sheet.block.fields) - 1)
        filled = f'({self._column(CONTENT)}<>"{empty}")'
        if not self.sheet.prefilled:
            return filled
        return f'{filled}*(({self._column(PREVIOUS)}="")+({self._column(CONFIRM)}<>"")>0)'

    def _array(self, condition: Condition) -> str:  # noqa: PLR0911  one line a node
        match condition:
            case Always():
                return "1"
            case CodeIn(ref, codes, statuses):
                scalar = self.sheet.block.field(ref.field).type
                own = scalar.codelist if isinstance(scalar, Coded) else None
                wanted = (*codes, *self.lists.missing_codes(own, statuses))
                return self._any(ref, wanted)
            case Filled(ref):
                return f'({self._codes(ref)}<>"")'
            case Valued(ref):
                return self._valued(ref)
            case NamesRespondent(ref):
                return self._any(ref, (self.respondent,))
            case Compare(sign, Value(ref), Constant() | Parameter() as fixed):
                number = fixed.number if isinstance(fixed, Constant) else self.parameters[fixed.name]
                numbers = self._column(number_column(ref.field))
                # What is no number is a text here, and greater than all of them: only LibreOffice has ISNUMBER(range).
                return f"(({numbers}<{_BEYOND})*({numbers}{_SIGNS[sign]}{number:.15G}))"
            case And(items):
                return "*".join(map(self._array, items)) or "1"
            case Or(items):
                return f"(({'+'.join(map(self._array, items))})>0)"
            case Not(item):
                return f"(1-{self._array(item)})"
            case _:
                what = f"{type(condition).__name__} cannot be asked of the lines of {self.sheet.block.code}"
                raise FormulaError(f"{what}: compare a column with codes or with a number")

    def _any(self, ref: Ref, codes: tuple[str, ...]) -> str:
        found = [f'({self._codes(ref)}="{code}")' for code in codes]
        return f"({'+'.join(found)})" if found else "0"

    def _valued(self, ref: Ref) -> str:
        scalar = self.sheet.block.field(ref.field).type
        if not isinstance(scalar, Coded):
            return f'({self._codes(ref)}="{VALUED}")'
        none = ("", UNREADABLE, *self.lists.missing_codes(scalar.codelist, DECLARED))
        return "(" + "*".join(f'({self._codes(ref)}<>"{code}")' for code in none) + ")"

    def _codes(self, ref: Ref) -> str:
        return self._column(code_column(ref.field))

    def _column(self, name: str) -> str:
        letter = column_letter(self.sheet.columns[name])
        return f"{self.prefix}${letter}${self.sheet.first + 1}:${letter}${self.sheet.last + 1}"
