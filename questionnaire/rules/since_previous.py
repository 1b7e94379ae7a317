"""Derives the rules that compare an answer with that of the previous round, as they follow from its type (rule W18).

All of them ask and none forbids. They say nothing where one of the two answers is not there: see `docs/adr/0021`.
"""

from collections.abc import Iterator
from typing import assert_never

from questionnaire.blanks import AnswerStatus
from questionnaire.declaration.answer_types import (
    Computed,
    ComputedNumber,
    Date,
    InUnits,
    Mark,
    Money,
    Number,
    Percent,
    Ratio,
    Selection,
    SingleChoice,
    Text,
    WebReference,
    WholeNumber,
    Year,
    YesNo,
)
from questionnaire.declaration.chosen_units import converted_code, is_converted
from questionnaire.rules.conditions import (
    Always,
    And,
    Arithmetic,
    CodeIn,
    Compare,
    Condition,
    Constant,
    Not,
    Or,
    Ref,
    SameCode,
    Value,
    Valued,
)
from questionnaire.rules.rule import Asked, Rule, Severity, automatic

_UNREMARKABLE = 10
"""A count that changes by less asks for no reason, whatever share of it that is: 1 that becomes 2 has doubled."""

_UNIT_SLIP = 10


def rules_between(asked: Asked) -> Iterator[Rule]:
    """The rules on a scale, a year that never changes, and a count."""
    for code, scalar in asked.fields:
        now, then = Ref(code), Ref(code, previous=True)
        match scalar:
            case SingleChoice(codelist) if codelist.is_scale:
                yield _asking("W18a", asked, code, Compare(">=", Value(now), Value(then)))
                yield _asking("W18e", asked, code, Not(_applies_otherwise(now, then)))
            case Year(fixed=True):
                yield _asking("W18b", asked, code, Compare("==", Value(now), Value(then)))
            case WholeNumber() | Computed():
                today, before, same = _in_one_unit(asked, code)
                given = And((*same, _positive(today), _positive(before)))
                slip, alike = _unit_slip(today, before), _within_half(today, before)
                other_than_slip = And((*same, _positive(before), Not(And((_positive(today), slip)))))
                yield _asking("W18c", asked, today.field, Or((_small(today, before), Not(slip))), given)
                yield _asking("W18d", asked, today.field, Or((_small(today, before), alike)), other_than_slip)
                if isinstance(scalar, WholeNumber):  # nobody says “not applicable” of what is computed
                    yield _asking("W18e", asked, code, Not(_applies_otherwise(now, then)))
            case SingleChoice() | YesNo() | Mark() | Selection() | Date() | Text() | WebReference():
                pass
            case Year() | Number() | Percent() | Money() | ComputedNumber() | Ratio():
                pass
            case _:
                assert_never(scalar)


def _in_one_unit(asked: Asked, code: str) -> tuple[Ref, Ref, tuple[Condition, ...]]:
    """A count of today and of the previous round, converted where its units are, and what must hold where they are not.

    Counts in different units are not compared.
    """
    converts, same = is_converted(asked.answer_type), tuple[Condition, ...]()
    if isinstance(asked.answer_type, InUnits) and not converts:
        unit = asked.fields[1][0]
        same = (SameCode(Ref(unit), Ref(unit, previous=True)),)
    named = converted_code(code) if converts else code
    return Ref(named), Ref(named, previous=True), same


def _asking(code: str, asked: Asked, target: str, check: Condition, when: Condition = Always()) -> Rule:  # noqa: B008
    return automatic(code, Severity.WARNING, asked, target, check, when=when)


def _positive(ref: Ref) -> Condition:
    return Compare(">", Value(ref), Constant(0))


def _times(factor: float, ref: Ref) -> Arithmetic:
    return Arithmetic("*", Constant(factor), Value(ref))


def _small(now: Ref, then: Ref) -> Condition:
    """The count has changed by less than is worth asking about."""
    changes = (Arithmetic("-", Value(left), Value(right)) for left, right in ((now, then), (then, now)))
    return And(tuple(Compare("<", change, Constant(_UNREMARKABLE)) for change in changes))


def _unit_slip(now: Ref, then: Ref) -> Condition:
    """As many figures more or less as if another unit had been counted, or a zero been slipped in."""
    pairs = ((now, then), (then, now))
    return Or(tuple(Compare(">=", Value(more), _times(_UNIT_SLIP, less)) for more, less in pairs))


def _within_half(now: Ref, then: Ref) -> Condition:
    """Within half of what it was, up or down."""
    return And((Compare("<=", _times(2, now), _times(3, then)), Compare(">=", _times(2, now), Value(then))))


def _applies_otherwise(now: Ref, then: Ref) -> Condition:
    """One of the two is “not applicable”, the other a value."""
    none = (AnswerStatus.NOT_APPLICABLE,)
    return Or(tuple(And((CodeIn(one, (), none), Valued(other))) for one, other in ((now, then), (then, now))))
