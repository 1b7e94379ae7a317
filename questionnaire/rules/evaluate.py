"""Evaluates conditions on the answers of one submission, in plain Python.

Every derivation (spreadsheet formula, vectorised check) must agree with this one; the contract tests hold them to it.
"""

import datetime as dt
import math
import operator
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from questionnaire.blanks import EMPTY, AnswerStatus
from questionnaire.codelists import choice_key
from questionnaire.declaration.answer_types import Coded
from questionnaire.declaration.form import Instrument
from questionnaire.declaration.lists.table_block import TableBlock
from questionnaire.rules.conditions import (
    AlikeLines,
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
    LineCount,
    LineNumber,
    LineSum,
    MarkedCount,
    NamesRespondent,
    Node,
    Not,
    Or,
    Parameter,
    Quantity,
    Ref,
    Reference,
    Rounded,
    SameCode,
    SameLine,
    TableCell,
    Value,
    Valued,
    WebForm,
    Within,
    YearOf,
)
from questionnaire.rules.rule import Rule

WEB_PREFIXES = ("http://", "https://")

OPERATORS: Mapping[str, Callable[[float, float], bool]] = {
    "==": operator.eq, "!=": operator.ne, "<": operator.lt,
    "<=": operator.le, ">": operator.gt, ">=": operator.ge,
}  # fmt: skip
ARITHMETIC: Mapping[str, Callable[[float, float], float]] = {
    "+": operator.add, "-": operator.sub, "*": operator.mul, "/": operator.truediv,
}  # fmt: skip

DECIMALS = 6
"""Numbers that differ only beyond these decimals are equal: spreadsheets compare 15 digits, not all of a float, and
1.2 * 3 is not quite 3.6."""


def rounded(number: float, decimals: int) -> float:
    """A number with so many decimals, a half away from 0; 1.005 has its half, though the float next to it has not."""
    shifted = round(abs(number) * 10**decimals, DECIMALS)
    return math.copysign(math.floor(shifted + 0.5) / 10**decimals, number) or 0.0  # never -0


AnswerValue = str | int | float | dt.date
"""A code, a text, a number or a day."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What was answered in one field: a value, or the reason why there is none."""

    value: AnswerValue | None = None
    status: AnswerStatus = AnswerStatus.ANSWERED


BLANK = Answer(status=AnswerStatus.BLANK)

Answers = Mapping[tuple[str, str], Answer]
"""(indicator, field) -> answer; a field that is not there is blank."""

Line = Mapping[str, Answer]
"""What a line of a list says, by field; a field that says nothing is not there."""

Lines = Mapping[str, Mapping[int, Line]]
"""The lines of lists: code of the list -> number of the line -> what it says."""

_NONE: Answers = MappingProxyType({})


@dataclass(frozen=True)
class Responses:
    """All that one submission answers: to the indicators, and line by line in the lists; `respondent` is its code."""

    answers: Answers
    lines: Lines = field(default_factory=dict)
    respondent: str = ""


@dataclass(frozen=True)
class _Judged:
    """Where a condition is decided: a block, and one of its lines."""

    block: str
    line: int


class Evaluator:
    """Decides conditions and rules for one submission's answers; `parameters` are the years the round sets.

    `previous` are the respondent's answers of the previous round. What is computed follows from the rest, unless it is
    among the answers: an older edition asked for it.
    """

    def __init__(
        self,
        instrument: Instrument,
        given: Responses | Answers,
        parameters: Mapping[str, int],
        previous: Answers = _NONE,
    ) -> None:
        self._instrument, self._parameters, self._previous = instrument, parameters, previous
        self._given = given if isinstance(given, Responses) else Responses(given)

    def broken(self, rule: Rule, block: str, line: int = 1) -> bool:
        """True where the rule applies, is decided and is not kept."""
        return self.decides(rule, block, line) and not self.holds(rule.check, block, line)

    def decides(self, rule: Rule, block: str, line: int = 1) -> bool:
        """True where the rule applies and everything it compares is known."""
        at = _Judged(block, line)
        return self._holds(rule.when, at) and all(self._known(node, at) for node in rule.operands)

    def holds(self, condition: Condition, block: str, line: int = 1) -> bool:
        """True where the condition holds in a line of a block."""
        return self._holds(condition, _Judged(block, line))

    def quantity(self, quantity: Quantity, block: str, line: int = 1) -> float | None:
        """The number, or None when an answer it needs is not there."""
        return self._quantity(quantity, _Judged(block, line))

    def computed(self, block: str, code: str, line: int = 1) -> Answer:
        """The answer to a computed question: blank where it is not asked, or what it follows from is not known."""
        question, at = self._instrument.blocks[block].computed_questions[code], _Judged(block, line)
        assert question.formula is not None, "a computed question has a formula"
        if not (self._holds(question.relevant_when, at) and self._holds(question.formula.known_when, at)):
            return BLANK
        value = self._quantity(question.formula.value, at)
        return BLANK if value is None else Answer(float(value))

    def computed_columns(self, block: str, given: Line) -> Line:
        """What the columns of a list or table compute in a line that says this; what it says itself is left out."""
        about = Responses({}, {block: {1: given}}, self._given.respondent)
        evaluator = Evaluator(self._instrument, about, self._parameters)
        due = (code for code in self._instrument.blocks[block].computed_questions if code not in given)
        return {code: evaluator.computed(block, code) for code in due}

    def _holds(self, condition: Condition, at: _Judged) -> bool:  # noqa: PLR0911  one line a node
        match condition:
            case Always():
                return True
            case Compare(sign, left, right):
                a, b = self._quantity(left, at), self._quantity(right, at)
                return a is not None and b is not None and OPERATORS[sign](round(a - b, DECIMALS), 0)
            case CodeIn(ref, codes, statuses):
                answer = self._answer(ref, at)
                return answer.value in codes or answer.status in statuses
            case Filled(ref):
                return self._answer(ref, at).status not in EMPTY
            case Valued(ref):
                return self._answer(ref, at).value is not None
            case WebForm(ref):
                text = self._answer(ref, at).value
                return text is None or str(text).casefold().startswith(WEB_PREFIXES)
            case NamesRespondent(ref):
                return self._answer(ref, at).value == self._given.respondent
            case SameCode(left_ref, right_ref):
                value = self._answer(left_ref, at).value
                return value is not None and value == self._answer(right_ref, at).value
            case Within(pairs):
                return all(self._marked(right, at) for left, right in pairs if self._marked(left, at))
            case And(items):
                return all(self._holds(item, at) for item in items)
            case Or(items):
                return any(self._holds(item, at) for item in items)
            case Not(item):
                return not self._holds(item, at)

    def _quantity(self, quantity: Quantity, at: _Judged) -> float | None:  # noqa: PLR0911, PLR0912  one line a node
        match quantity:
            case Constant(number):
                return number
            case Parameter(name):
                return self._parameters[name]
            case Value(ref):
                return self._number(ref, at)
            case Given(ref):
                return self._number(ref, at) or 0
            case Length(ref):
                return len(str(self._answer(ref, at).value or ""))
            case MarkedCount(options):
                return sum(self._marked(option, at) for option in options)
            case YearOf(ref):
                value = self._answer(ref, at).value
                return value.year if isinstance(value, dt.date) else None
            case LineNumber():
                return at.line
            case LineCount(block, where):
                return sum(self._holds(where, line) for line in self._lines(block))
            case LineSum(block, ref, where):
                return sum(self._number(ref, line) or 0 for line in self._lines(block) if self._holds(where, line))
            case AlikeLines():
                return self._alike(at)
            case SameLine(block, ref):
                line = same_line(self._instrument, at.block, at.line, block)
                return self._number(ref, _Judged(block, line)) if line else None
            case Reference(item):
                return self._instrument.reference_values.get(self._given.respondent, {}).get(item)
            case TableCell(block, line_number, ref):
                return self._number(ref, _Judged(block, line_number))
            case Rounded(value, decimals):
                unrounded = self._quantity(value, at)
                return None if unrounded is None else rounded(unrounded, decimals)
            case Arithmetic(sign, left, right):
                a, b = self._quantity(left, at), self._quantity(right, at)
                if sign == "/" and b is not None and round(b, DECIMALS) == 0:
                    return None
                return None if a is None or b is None else ARITHMETIC[sign](a, b)

    def _lines(self, block: str) -> Iterator[_Judged]:
        return (_Judged(block, number) for number in self._given.lines.get(block, ()))

    def _alike(self, at: _Judged) -> int:
        contents = [self._content(line) for line in self._lines(at.block)]
        own = self._content(at)
        return 1 if own is None else contents.count(own)

    def _content(self, at: _Judged) -> tuple[str, ...] | None:
        """What a line says, for comparing it with others; None where something in it could not be read."""
        answers = [self._answer(Ref(asked.code), at) for asked in self._instrument.blocks[at.block].fields]
        if any(answer.status is AnswerStatus.UNREADABLE for answer in answers):
            return None
        return tuple(content_text(answer.value, answer.status) for answer in answers)

    def _answer(self, ref: Ref, at: _Judged) -> Answer:
        answers = self._previous if ref.previous else self._given.answers
        if not ref.indicator and at.block in self._given.lines and not ref.previous:
            said = self._given.lines[at.block].get(at.line, {})
            if ref.field not in said and (at.block, ref.field) in self._instrument.computed_columns:
                return self.computed(at.block, ref.field, at.line)
            return said.get(ref.field, BLANK)
        key = (ref.indicator or at.block, ref.field)
        if key in answers or ref.previous or key not in self._instrument.computed:
            return answers.get(key, BLANK)
        return self.computed(*key)

    def _marked(self, ref: Ref, at: _Judged) -> bool:
        return self._answer(ref, at).value is not None

    def _number(self, ref: Ref, at: _Judged) -> float | None:
        value = self._answer(ref, at).value
        if isinstance(value, dt.date):
            return value.toordinal()
        if isinstance(value, str):
            scalar = self._instrument.field(ref.indicator or at.block, ref.field).type
            # A code that is not in its list is a finding of its own, and has no number.
            return scalar.codelist[value].number if isinstance(scalar, Coded) and value in scalar.codelist else None
        return value

    def _known(self, node: Node, at: _Judged) -> bool:
        if isinstance(node, CodeIn):
            return self._answer(node.ref, at).status not in EMPTY
        return self._quantity(node, at) is not None  # type: ignore[arg-type]


def same_line(instrument: Instrument, block: str, line: int, other: str) -> int:
    """The line of another table that has the codes of a line; 0 if there is none."""
    own, wanted = instrument.blocks[block], instrument.blocks[other]
    if not (isinstance(own, TableBlock) and isinstance(wanted, TableBlock) and 1 <= line <= own.most_lines):
        return 0
    at = own.coordinates(line)
    return wanted.line_of(tuple(at.get(dimension.name, "") for dimension in wanted.dimensions))


def content_text(value: AnswerValue | None, status: AnswerStatus) -> str:
    """What a cell says, for comparing lines as a spreadsheet does: regardless of capitals, whole numbers without .0."""
    if value is None:
        return "" if status in EMPTY else str(status)
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return choice_key(str(value))
