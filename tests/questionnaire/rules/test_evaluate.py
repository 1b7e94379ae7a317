"""What conditions mean, stated for the plain evaluator: every other derivation is held against it."""

from __future__ import annotations

import datetime as dt

import pytest

from questionnaire.blanks import AnswerStatus
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
    Not,
    Or,
    Parameter,
    Quantity,
    Ref,
    Rounded,
    Value,
    Valued,
    WebForm,
    Within,
    YearOf,
)
from questionnaire.rules.evaluate import Answer, Answers, Evaluator
from questionnaire.rules.rule import Rule, not_relevant
from tests.given import PERIOD, mini

ANSWERS: Answers = {
    ("W01a", "status"): Answer("3"),
    ("W01a", "total"): Answer(12),
    ("W01a", "urban"): Answer(0),
    ("W01a", "rural"): Answer(None, AnswerStatus.NOT_AVAILABLE),
    ("W01a", "regions.NORTH"): Answer("Y"),
    ("W01a", "targeted.NORTH"): Answer("Y"),
    ("W01a", "targeted.SOUTH"): Answer("Y"),
    ("W01a", "opened"): Answer(dt.date(2020, 5, 4)),
    ("W01a", "source"): Answer("HTTPS://x.org"),
    ("W01a", "report"): Answer("A law"),
    ("W01a", "note"): Answer(None, AnswerStatus.SKIPPED),
    ("W01a", "planned"): Answer(None, AnswerStatus.UNREADABLE),
    ("W02", "total"): Answer(99),
}
PREVIOUS: Answers = {("W01a", "total"): Answer(7), ("W02", "total"): Answer(8)}
EVALUATOR = Evaluator(mini(), ANSWERS, PERIOD, PREVIOUS)
NUMBER, ZERO, NONE, BLANK = map(Value, map(Ref, ("total", "urban", "rural", "started")))


def compared(sign: str, left: Quantity, right: Quantity | float) -> Condition:
    return Compare(sign, left, Constant(right) if isinstance(right, int | float) else right)


QUANTITIES: list[tuple[Quantity, float | None]] = [
    (Constant(1.5), 1.5),
    (Parameter("period_end"), 2025),
    (NUMBER, 12),
    (ZERO, 0),
    (NONE, None),
    (BLANK, None),
    (Given(Ref("total")), 12),
    (Given(Ref("rural")), 0),
    (Given(Ref("started")), 0),
    (Value(Ref("status")), 3),
    (Value(Ref("opened")), dt.date(2020, 5, 4).toordinal()),
    (Value(Ref("total", "W02")), 99),
    (Value(Ref("total", previous=True)), 7),
    (Value(Ref("total", "W02", previous=True)), 8),
    (Value(Ref("urban", previous=True)), None),
    (YearOf(Ref("opened")), 2020),
    (YearOf(Ref("opened", previous=True)), None),
    (Length(Ref("report")), 5),
    (Length(Ref("note")), 0),
    (MarkedCount((Ref("targeted.NORTH"), Ref("targeted.SOUTH"), Ref("targeted.WEST"))), 2),
    (Arithmetic("-", NUMBER, Constant(5)), 7),
    (Arithmetic("*", Constant(2), NUMBER), 24),
    (Arithmetic("+", NUMBER, NONE), None),
    (Arithmetic("+", NONE, NUMBER), None),
    (Arithmetic("/", NUMBER, Constant(8)), 1.5),
    (Arithmetic("/", NUMBER, ZERO), None),
    (Arithmetic("/", NUMBER, Constant(0.000_000_4)), None),
    (Arithmetic("/", NUMBER, NONE), None),
    (Rounded(Arithmetic("/", NUMBER, Constant(7)), 2), 1.71),
    (Rounded(NONE, 2), None),
    # A half goes away from 0, also where no float is that half.
    (Rounded(Constant(2.5), 0), 3),
    (Rounded(Constant(-2.5), 0), -3),
    (Rounded(Constant(1.005), 2), 1.01),
    (Rounded(Constant(2.675), 2), 2.68),
    (Rounded(Constant(0.285), 2), 0.29),
    (Rounded(Constant(-0.004), 2), 0),
]


@pytest.mark.parametrize(("quantity", "number"), QUANTITIES)
def test_quantity__is_the_number_or_unknown(quantity: Quantity, number: float | None) -> None:
    assert EVALUATOR.quantity(quantity, "W01a") == number


CONDITIONS: list[tuple[Condition, bool]] = [
    (Always(), True),
    (compared("<", NUMBER, 12), False),
    (compared("<=", NUMBER, 12), True),
    (compared(">", NUMBER, 12), False),
    (compared(">=", NUMBER, 12), True),
    (compared("==", NUMBER, 12), True),
    (compared("!=", NUMBER, 12), False),
    (compared("==", Arithmetic("*", Constant(1.2), Constant(3)), 3.6), True),
    (compared("==", Constant(3.6), 3.600_01), False),
    (compared("<", Constant(3.4), 3.6), True),
    (compared("!=", NONE, 5), False),
    (compared("!=", NUMBER, NONE), False),
    (Filled(Ref("urban")), True),
    (Filled(Ref("rural")), True),
    (Filled(Ref("planned")), True),
    (Filled(Ref("started")), False),
    (Filled(Ref("note")), False),
    (Valued(Ref("urban")), True),
    (Valued(Ref("rural")), False),
    (Valued(Ref("planned")), False),
    (CodeIn(Ref("status"), ("2", "3"), ()), True),
    (CodeIn(Ref("status"), ("4",), (AnswerStatus.NOT_AVAILABLE,)), False),
    (CodeIn(Ref("rural"), (), (AnswerStatus.NOT_AVAILABLE,)), True),
    (CodeIn(Ref("rural"), (), (AnswerStatus.CONFIDENTIAL,)), False),
    (WebForm(Ref("source")), True),
    (WebForm(Ref("report")), False),
    (WebForm(Ref("note")), True),
    (Within(((Ref("targeted.NORTH"), Ref("regions.NORTH")), (Ref("targeted.WEST"), Ref("regions.WEST")))), True),
    (Within(((Ref("targeted.NORTH"), Ref("regions.NORTH")), (Ref("targeted.SOUTH"), Ref("regions.SOUTH")))), False),
    (And((Always(), Always())), True),
    (And((Always(), Not(Always()))), False),
    (Or((Not(Always()), Always())), True),
    (Or((Not(Always()), Not(Always()))), False),
]


@pytest.mark.parametrize(("condition", "holds"), CONDITIONS)
def test_holds__each_condition__means_what_it_says(condition: Condition, holds: bool) -> None:
    assert EVALUATOR.holds(condition, "W01a") is holds


@pytest.mark.parametrize(
    ("when", "check", "decided", "broken"),
    [
        (Always(), compared("==", NUMBER, 12), True, False),
        (Always(), compared("==", NUMBER, 13), True, True),
        (Not(Always()), compared("==", NUMBER, 13), False, False),
        (Always(), compared("==", NUMBER, NONE), False, False),
        (Always(), Or((compared("==", NUMBER, 12), compared("==", NONE, 1))), False, False),
        (Always(), Not(CodeIn(Ref("rural"), (), (AnswerStatus.NOT_AVAILABLE,))), True, True),
        (Always(), CodeIn(Ref("started"), ("1",), ()), False, False),
        (Always(), Filled(Ref("started")), True, True),
    ],
)
def test_rule__is_broken_where_it_applies_is_decided_and_not_kept(
    when: Condition, check: Condition, decided: bool, broken: bool
) -> None:
    like = next(iter(mini().rules))
    rule = Rule("R", ("W01a",), "total", when, check, like.severity, {}, like.message, like.remedy)
    assert EVALUATOR.decides(rule, "W01a") is decided
    assert EVALUATOR.broken(rule, "W01a") is broken


@pytest.mark.parametrize(
    ("gate", "idle"), [("status", True), ("rural", True), ("planned", False), ("started", False), ("note", False)]
)
def test_not_relevant__holds_only_where_the_gate_says_so__not_where_it_is_blank_or_unreadable(
    gate: str, idle: bool
) -> None:
    assert EVALUATOR.holds(not_relevant(CodeIn(Ref(gate), ("9",), ())), "W01a") is idle
