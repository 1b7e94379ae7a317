"""Owns the meaning of conditions: evaluates them on the answers of one submission, in plain Python.

Every derivation (spreadsheet formula, vectorised check) must agree with this one; the contract tests hold them to it.
"""

import datetime as dt
import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from questionnaire.blanks import EMPTY, AnswerStatus
from questionnaire.declaration.answer_types import Coded
from questionnaire.declaration.form import Instrument
from questionnaire.rules.conditions import (
    Always,
    And,
    Arithmetic,
    CodeIn,
    Compare,
    Condition,
    Constant,
    Filled,
    Given,
    Length,
    MarkedCount,
    Node,
    Not,
    Or,
    Parameter,
    Quantity,
    Ref,
    Value,
    Valued,
    WebForm,
    Within,
    YearOf,
    operands,
)
from questionnaire.rules.rule import Rule

WEB_PREFIXES = ("http://", "https://")

OPERATORS: Mapping[str, Callable[[float, float], bool]] = {
    "==": operator.eq, "!=": operator.ne, "<": operator.lt,
    "<=": operator.le, ">": operator.gt, ">=": operator.ge,
}  # fmt: skip
ARITHMETIC: Mapping[str, Callable[[float, float], float]] = {
    "+": operator.add, "-": operator.sub, "*": operator.mul,
}  # fmt: skip

DECIMALS = 6
"""Numbers that differ only beyond these decimals are equal: spreadsheets compare 15 digits, not all of a float, and
1.2 * 3 is not quite 3.6."""

AnswerValue = str | int | float | dt.date
"""A code, a text, a number or a day."""


@dataclass(frozen=True)
class Answer:
    """What was answered in one field: a value, or the reason why there is none."""

    value: AnswerValue | None = None
    status: AnswerStatus = AnswerStatus.ANSWERED


BLANK = Answer(status=AnswerStatus.BLANK)

Answers = Mapping[tuple[str, str], Answer]
"""(indicator, field) -> answer; a field that is not there is blank."""

_NONE: Answers = MappingProxyType({})


class Evaluator:
    """Decides conditions and rules for one submission's answers; `parameters` are the years the round sets.

    `last` are the respondent's answers of the previous round.
    """

    def __init__(
        self, instrument: Instrument, answers: Answers, parameters: Mapping[str, int], last: Answers = _NONE
    ) -> None:
        self._instrument, self._answers, self._parameters = instrument, answers, parameters
        self._last = last

    def broken(self, rule: Rule, indicator: str) -> bool:
        """True where the rule applies, is decided and is not kept."""
        return self.decides(rule, indicator) and not self.holds(rule.check, indicator)

    def decides(self, rule: Rule, indicator: str) -> bool:
        """True where the rule applies and everything it compares is known."""
        known = all(self._known(node, indicator) for node in operands(rule.check))
        return known and self.holds(rule.when, indicator)

    def holds(self, condition: Condition, indicator: str) -> bool:  # noqa: PLR0911  one line a node
        match condition:
            case Always():
                return True
            case Compare(sign, left, right):
                a, b = self.quantity(left, indicator), self.quantity(right, indicator)
                return a is not None and b is not None and OPERATORS[sign](round(a - b, DECIMALS), 0)
            case CodeIn(ref, codes, statuses):
                answer = self._answer(ref, indicator)
                return answer.value in codes or answer.status in statuses
            case Filled(ref):
                return self._answer(ref, indicator).status not in EMPTY
            case Valued(ref):
                return self._answer(ref, indicator).value is not None
            case WebForm(ref):
                text = self._answer(ref, indicator).value
                return text is None or str(text).casefold().startswith(WEB_PREFIXES)
            case Within(pairs):
                return all(self._marked(right, indicator) for left, right in pairs if self._marked(left, indicator))
            case And(items):
                return all(self.holds(item, indicator) for item in items)
            case Or(items):
                return any(self.holds(item, indicator) for item in items)
            case Not(item):
                return not self.holds(item, indicator)

    def quantity(self, quantity: Quantity, indicator: str) -> float | None:
        """The number, or None when an answer it needs is not there."""
        match quantity:
            case Constant(number):
                return number
            case Parameter(name):
                return self._parameters[name]
            case Value(ref):
                return self._number(ref, indicator)
            case Given(ref):
                return self._number(ref, indicator) or 0
            case Length(ref):
                return len(str(self._answer(ref, indicator).value or ""))
            case MarkedCount(options):
                return sum(self._marked(option, indicator) for option in options)
            case YearOf(ref):
                value = self._answer(ref, indicator).value
                return value.year if isinstance(value, dt.date) else None
            case Arithmetic(sign, left, right):
                a, b = self.quantity(left, indicator), self.quantity(right, indicator)
                return None if a is None or b is None else ARITHMETIC[sign](a, b)

    def _answer(self, ref: Ref, indicator: str) -> Answer:
        answers = self._last if ref.previous else self._answers
        return answers.get((ref.indicator or indicator, ref.field), BLANK)

    def _marked(self, ref: Ref, indicator: str) -> bool:
        return self._answer(ref, indicator).value is not None

    def _number(self, ref: Ref, indicator: str) -> float | None:
        value = self._answer(ref, indicator).value
        scalar = self._instrument.fields[ref.field].type
        if isinstance(value, dt.date):
            return value.toordinal()
        if isinstance(scalar, Coded) and isinstance(value, str):
            return scalar.codelist[value].rank
        return value if isinstance(value, int | float) else None

    def _known(self, node: Node, indicator: str) -> bool:
        if isinstance(node, CodeIn):
            return self._answer(node.ref, indicator).status not in EMPTY
        return self.quantity(node, indicator) is not None  # type: ignore[arg-type]
