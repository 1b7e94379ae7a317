"""Declares rules: a check as data, with its code, severity, reason and message, to be translated by derivations.

A rule is **broken** where `when` holds, every operand of `check` is known, and `check` is false.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cached_property
from typing import assert_never

from questionnaire.blanks import DECLARED
from questionnaire.codelists import Wording
from questionnaire.declaration.answer_types import (
    AnswerType,
    Coded,
    Date,
    Derived,
    InUnits,
    Limit,
    Numeric,
    ScalarType,
    Selection,
    WebReference,
    Written,
)
from questionnaire.messages import finding_wording
from questionnaire.rules.conditions import (
    AlikeLines,
    Always,
    And,
    CodeIn,
    Compare,
    Condition,
    Constant,
    Divided,
    Filled,
    Length,
    LineCount,
    LineNumber,
    NamesRespondent,
    Node,
    Not,
    Or,
    Parameter,
    Quantity,
    Ref,
    Value,
    Valued,
    WebForm,
    both,
    lists_in,
    operands,
    refs,
    refs_in_lines,
)


class Severity(StrEnum):
    """How much a finding matters: a blocker or an error keeps a return out, a warning asks, an info reports."""

    BLOCKER = "blocker"
    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


AUTOMATIC = (
    "unanswered", "required", "not_relevant", "currency_required", "unit_required",
    "range", "below_minimum", "above_maximum", "too_long", "web_address",
    "line_incomplete", "names_itself", "line_repeated", "too_many_lines", "lines_counted",
    "lines_total", "columns_total", "ratio_by_zero", "line_by_zero", "part_exceeds_whole",
    "W18a", "W18b", "W18c", "W18d", "W18e",
)  # fmt: skip
"""The codes of the rules that follow from a question's declaration; all others an instrument writes."""


ABOUT_LINES = ("line_repeated", "too_many_lines")
"""The codes of those that are about a line as a whole, not about one of its cells."""


@dataclass(frozen=True)
class Rule:
    """One check on the answers of a block, line by line.

    `blocks` are the codes of the indicators it applies to, or that of a list; `target` is the field whose cell a
    finding names. `limits` fill the placeholders of the message, and `lines`, the number of lines counted, {lines}.
    """

    code: str
    blocks: tuple[str, ...]
    target: str
    when: Condition
    check: Condition
    severity: Severity
    reason: Wording
    message: Wording
    remedy: Wording
    limits: Mapping[str, Limit] = field(default_factory=dict)
    lines: LineCount | None = None

    @property
    def as_printed(self) -> "Rule":
        """What of the rule may stand in a workbook: its texts, for the blocks it applies to."""
        return Rule("", self.blocks, "", Always(), Always(), Severity.INFO, {}, self.message, self.remedy)

    @cached_property
    def refs(self) -> tuple[Ref, ...]:
        """Every field whose answer of today the rule looks at, each once."""
        return tuple(ref for ref in self._looked_at if not ref.previous)

    @cached_property
    def previous_refs(self) -> tuple[Ref, ...]:
        """Every field whose answer of the previous round the rule looks at, even to count lines, each once."""
        in_lines = (*refs_in_lines(self.when), *refs_in_lines(self.check))
        return tuple(dict.fromkeys(ref for ref in (*self._looked_at, *in_lines) if ref.previous))

    @cached_property
    def lists(self) -> tuple[str, ...]:
        """The lists whose lines the rule counts or adds up, each once."""
        return tuple(dict.fromkeys((*lists_in(self.when), *lists_in(self.check))))

    @cached_property
    def operands(self) -> tuple[Node, ...]:
        """What must be known before the check is decided."""
        return operands(self.check)

    @property
    def quotes_previous(self) -> bool:
        """True if the rule looks at the previous answer to its own target; its message may then name it: {previous}."""
        return Ref(self.target, previous=True) in self.previous_refs

    @property
    def _looked_at(self) -> tuple[Ref, ...]:
        return tuple(dict.fromkeys((*refs(self.when), *refs(self.check))))


@dataclass(frozen=True)
class Asked:
    """What the automatic rules need to know of a question: its fields, when it matters, when it must be answered."""

    answer_type: AnswerType | None
    fields: tuple[tuple[str, ScalarType], ...]
    relevant_when: Condition
    required_when: Condition | None
    blocks: tuple[str, ...]
    in_lines: bool = False
    others_only: bool = False


def rules_of(asked: Asked) -> Iterator[Rule]:
    """The rules that follow from a question's own declaration, without anybody writing them."""
    for code, scalar in asked.fields:
        yield from _scalar_rules(asked, code, scalar)
    if not isinstance(asked.relevant_when, Always):
        # The head of a multiple choice has no cell of its own to clear: its options have. Nor has what is computed.
        cells = [(code, scalar) for code, scalar in asked.fields if not isinstance(scalar, Selection | Derived)]
        yield from (_not_relevant(asked, code, scalar) for code, scalar in cells)
    if asked.required_when is not None:
        yield _required(asked, asked.required_when)
    if isinstance(asked.answer_type, InUnits):
        yield _unit_of(asked, asked.answer_type.number.minimum)
    if asked.others_only:
        yield automatic("names_itself", Severity.ERROR, asked, _first(asked), Not(NamesRespondent(Ref(_first(asked)))))


def rules_of_list(block: str, target: str, most_lines: int) -> Iterator[Rule]:
    """The rules on the lines of a list as such: none twice, and no more than the form has room for."""
    asked = Asked(None, (), Always(), None, (block,), in_lines=True)
    yield automatic("line_repeated", Severity.WARNING, asked, target, Compare("<=", AlikeLines(), Constant(1)))
    full = Compare("<=", LineCount(block, Always()), Constant(most_lines))
    beyond = Compare(">", LineNumber(), Constant(most_lines))
    limits = {"maximum": most_lines}
    yield automatic("too_many_lines", Severity.WARNING, asked, target, full, when=beyond, limits=limits)


def rules_of_ratio(asked: Asked, ratio: Divided) -> Iterator[Rule]:
    """That what a ratio divides by is not 0, and that a part is at most the whole, where it is one."""
    numerator, denominator, target = ratio.numerator, ratio.denominator, _first(asked)
    not_zero = Compare("!=", denominator, Constant(0))
    code = "line_by_zero" if asked.in_lines else "ratio_by_zero"
    yield automatic(code, Severity.WARNING, asked, target, not_zero, when=asked.relevant_when)
    if ratio.is_part:
        at_most = Compare("<=", numerator, denominator)
        yield automatic("part_exceeds_whole", Severity.ERROR, asked, target, at_most, when=asked.relevant_when)


def rule_of_count(indicator: str, question: str, block: str, named: str, counted: Condition | None) -> Rule:
    """That an answer of an indicator is the number of its lines in a list: of all, or of those that are `counted`.

    `named` is the field that says for which indicator a line counts. No lines at all contradict nothing, and a line
    that does not say whose it is, or whether it is counted, is corrected first.
    """
    own = CodeIn(Ref(named), (indicator,), ())
    unclear: tuple[Condition, ...] = (Not(Valued(Ref(named))),)
    if counted is not None:
        unclear = (*unclear, *(And((own, Not(Valued(ref)))) for ref in refs(counted)))
    clear = tuple(Compare("==", LineCount(block, item), Constant(0)) for item in unclear)
    where = own if counted is None else And((own, counted))
    asked = Asked(None, (), Always(), None, (indicator,))
    lines = LineCount(block, where)
    check = Compare("==", Value(Ref(question)), lines)
    when = And((Compare(">", LineCount(block, own), Constant(0)), *clear))
    return replace(automatic("lines_counted", Severity.WARNING, asked, question, check, when=when), lines=lines)


def _first(asked: Asked) -> str:
    return asked.fields[0][0]


def not_relevant(relevant_when: Condition) -> Condition:
    """True where the answers that decide on relevance are given and say that nothing is asked."""
    # An answer that could not be read says neither: what depends on it is left alone until it is corrected.
    gates = tuple(Or((Valued(ref), CodeIn(ref, (), DECLARED))) for ref in refs(relevant_when))
    return And((*gates, Not(relevant_when)))


def _scalar_rules(asked: Asked, code: str, scalar: ScalarType) -> Iterator[Rule]:
    ref = Ref(code)
    match scalar:
        case Written(max_length):
            check = Compare("<=", Length(ref), Constant(max_length))
            yield automatic("too_long", Severity.WARNING, asked, code, check, limits={"maximum": max_length})
            if isinstance(scalar, WebReference):
                yield automatic("web_address", Severity.WARNING, asked, code, WebForm(ref))
        case Numeric(minimum, maximum):
            bounds = _bounds(ref, minimum, maximum)
            if bounds is not None:
                limits = {"minimum": minimum, "maximum": maximum}
                yield automatic(_range_code(minimum, maximum), Severity.ERROR, asked, code, bounds, limits=limits)
        case Coded() | Selection() | Date() | Derived():
            pass
        case _:
            assert_never(scalar)


def _range_code(minimum: Limit, maximum: Limit) -> str:
    if minimum is None:
        return "above_maximum"
    return "below_minimum" if maximum is None else "range"


def _bounds(ref: Ref, minimum: Limit, maximum: Limit) -> Condition | None:
    checks = [
        Compare(operator, Value(ref), _quantity(limit))
        for operator, limit in ((">=", minimum), ("<=", maximum))
        if limit is not None
    ]
    if not checks:
        return None
    return And(tuple(checks)) if len(checks) > 1 else checks[0]


def _quantity(limit: float | str) -> Quantity:
    return Parameter(limit) if isinstance(limit, str) else Constant(limit)


def _not_relevant(asked: Asked, code: str, scalar: ScalarType) -> Rule:
    # A zero where no count is expected says the same as a blank: it is no contradiction.
    check: Condition = Not(Valued(Ref(code)))
    if isinstance(scalar, Numeric):
        check = Not(Compare("!=", Value(Ref(code)), Constant(0)))
    return automatic("not_relevant", Severity.ERROR, asked, code, check, when=not_relevant(asked.relevant_when))


def _required(asked: Asked, required_when: Condition) -> Rule:
    """A question that is always asked and left blank is item non-response: a query, which keeps no return out.

    One that another answer makes necessary contradicts that answer while it is blank: an error. So does a blank in a
    line that says something else.
    """
    always = isinstance(required_when, Always) and not asked.in_lines
    target = _first(asked)
    code = "line_incomplete" if asked.in_lines else "unanswered" if always else "required"
    return automatic(
        code,
        Severity.WARNING if always else Severity.ERROR,
        asked,
        target,
        Filled(Ref(target)),
        when=both(asked.relevant_when, required_when),
    )


def _unit_of(asked: Asked, minimum: Limit) -> Rule:
    """That the unit of a number is chosen; 0 is the same in each, and what is below its minimum is wrong anyway."""
    number, unit = asked.fields[0][0], asked.fields[1][0]
    code = f"{unit.rpartition('.')[2]}_required"
    sign = ">" if isinstance(minimum, int | float) and minimum >= 0 else "!="
    when = both(asked.relevant_when, Compare(sign, Value(Ref(number)), Constant(0)))
    return automatic(code, Severity.ERROR, asked, unit, Filled(Ref(unit)), when=when)


def automatic(
    code: str,
    severity: Severity,
    asked: Asked,
    target: str,
    check: Condition,
    *,
    when: Condition = Always(),  # noqa: B008  frozen
    limits: Mapping[str, Limit] | None = None,
) -> Rule:
    """A rule that nobody wrote: its words stand under its code in `wordings/findings.toml`."""
    wording = finding_wording(code)
    return Rule(
        code,
        asked.blocks,
        target,
        when,
        check,
        severity,
        wording.reason,
        wording.message,
        wording.remedy,
        limits or {},
    )
