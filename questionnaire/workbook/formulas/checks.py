"""Writes the check column: which of several remarks on a cell is shown, and the sign that tells its class.

The signs can be distinguished without colour and differ whatever the case. All but the check mark are in Calibri and
Carlito; that one programs take from a font of symbols. Count them with COUNTIF(range,sign*).
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

LONGEST = 8192
"""Characters of a formula in Excel 2010 and later (Microsoft, “Excel specifications and limits”)."""

DEEPEST = 64
"""Levels of functions within functions (same source)."""

_TEXT = re.compile(r'"(?:[^"]|"")*"|\'(?:[^\']|\'\')*\'')


class Sign(StrEnum):
    """The first character of a remark in the check column."""

    ERROR = "×"
    WARNING = "!"
    TO_DO = "●"
    OK = "✓"
    NOT_NEEDED = "–"


class FormulaError(Exception):
    """A formula that some spreadsheet program would refuse; the text says whose, why, and what to do."""


@dataclass(frozen=True)
class Remark:
    """What the check column says where `condition` is true; both are expressions."""

    condition: str
    sign: Sign
    text: str
    unless: str = ""
    """Where this is true too, the remark is quiet and `instead` is said, as being in order."""
    instead: str = ""

    @property
    def expression(self) -> str:
        said = f'"{self.sign} "&{self.text}'
        return f'IF({self.unless},"{Sign.OK} "&{self.instead},{said})' if self.unless else said


def check_formula(remarks: Sequence[Remark], whose: str) -> str:
    """The expression that says the first remark whose condition is true, else nothing."""
    formula = '""'
    for remark in reversed(remarks):
        formula = f"IF({remark.condition},{remark.expression},{formula})"
    return within_limits(formula, whose)


def within_limits(formula: str, whose: str) -> str:
    """The same formula; raises FormulaError where Excel would refuse its length or its depth."""
    for limit, found, what in ((LONGEST, len(formula), "characters long"), (DEEPEST, _depth(formula), "levels deep")):
        if found >= limit:
            remedy = "give the question fewer rules or shorter conditions"
            raise FormulaError(f"{whose}: the formula is {found} {what}, Excel takes fewer than {limit}: {remedy}")
    return formula


def _depth(formula: str) -> int:
    depth = deepest = 0
    for character in _TEXT.sub("", formula):
        depth += (character == "(") - (character == ")")
        deepest = max(deepest, depth)
    return deepest
