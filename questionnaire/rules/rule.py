"""Owns rules: a check as data, with its code, severity, reason and message, to be translated by derivations.

A rule is **broken** where `when` holds, every operand of `check` is known, and `check` is false.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import assert_never

from questionnaire.blanks import DECLARED
from questionnaire.codelists import Wording
from questionnaire.declaration.answer_types import (
    Amount,
    Coded,
    Date,
    Limit,
    Numeric,
    ScalarType,
    Selection,
    WebReference,
    Written,
)
from questionnaire.messages import finding_wording
from questionnaire.rules.conditions import (
    Always,
    And,
    CodeIn,
    Compare,
    Condition,
    Constant,
    Filled,
    Length,
    Not,
    Or,
    Parameter,
    Quantity,
    Ref,
    Value,
    Valued,
    WebForm,
    both,
    refs,
)


class Severity(StrEnum):
    """How much a finding matters: a blocker or an error keeps a return out, a warning asks, an info tells."""

    BLOCKER = "blocker"
    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


AUTOMATIC = (
    "unanswered", "required", "not_relevant", "currency_required",
    "range", "below_minimum", "above_maximum", "too_long", "web_address",
    "W18a", "W18b", "W18c", "W18d", "W18e",
)  # fmt: skip
"""The codes of the rules that follow from a question's declaration; all others an instrument writes."""


@dataclass(frozen=True)
class Rule:
    """One check on the answers of an indicator.

    `indicators` are the codes of the indicators it applies to; `target` is the field whose cell a finding names.
    `limits` fill the placeholders of the message.
    """

    code: str
    indicators: tuple[str, ...]
    target: str
    when: Condition
    check: Condition
    severity: Severity
    reason: str
    message: Wording
    remedy: Wording
    limits: Mapping[str, Limit] = field(default_factory=dict)

    @cached_property
    def refs(self) -> tuple[Ref, ...]:
        """Every field whose answer of today the rule looks at, each once."""
        return tuple(ref for ref in self._looked_at if not ref.previous)

    @cached_property
    def previous_refs(self) -> tuple[Ref, ...]:
        """Every field whose answer of the previous round the rule looks at, each once."""
        return tuple(ref for ref in self._looked_at if ref.previous)

    @property
    def quotes_previous(self) -> bool:
        """True if the rule looks at the last answer to its own target, which its message may then name: {previous}."""
        return Ref(self.target, previous=True) in self.previous_refs

    @property
    def _looked_at(self) -> tuple[Ref, ...]:
        return tuple(dict.fromkeys((*refs(self.when), *refs(self.check))))


@dataclass(frozen=True)
class Asked:
    """What the automatic rules need to know of a question: its fields, when it matters, when it must be answered."""

    answer_type: object
    fields: tuple[tuple[str, ScalarType], ...]
    relevant_when: Condition
    required_when: Condition | None
    indicators: tuple[str, ...]


def rules_of(asked: Asked) -> Iterator[Rule]:
    """The rules that follow from a question's own declaration, without anybody writing them."""
    for code, scalar in asked.fields:
        yield from _scalar_rules(asked, code, scalar)
    if not isinstance(asked.relevant_when, Always):
        # The head of a multiple choice has no cell of its own to clear: its options have.
        cells = [(code, scalar) for code, scalar in asked.fields if not isinstance(scalar, Selection)]
        yield from (_not_relevant(asked, code, scalar) for code, scalar in cells)
    if asked.required_when is not None:
        yield _required(asked, asked.required_when)
    if isinstance(asked.answer_type, Amount):
        yield _currency(asked)


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
        case Coded() | Selection() | Date():
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

    One that another answer makes necessary contradicts that answer while it is blank: an error.
    """
    always = isinstance(required_when, Always)
    target = asked.fields[0][0]
    return automatic(
        "unanswered" if always else "required",
        Severity.WARNING if always else Severity.ERROR,
        asked,
        target,
        Filled(Ref(target)),
        when=both(asked.relevant_when, required_when),
    )


def _currency(asked: Asked) -> Rule:
    amount, currency = asked.fields[0][0], asked.fields[1][0]
    return automatic(
        "currency_required",
        Severity.ERROR,
        asked,
        currency,
        Filled(Ref(currency)),
        when=both(asked.relevant_when, Compare(">", Value(Ref(amount)), Constant(0))),
    )


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
        asked.indicators,
        target,
        when,
        check,
        severity,
        wording.reason,
        wording.message,
        wording.remedy,
        limits or {},
    )
