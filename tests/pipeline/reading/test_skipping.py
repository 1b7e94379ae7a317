"""What other answers make idle is the same whether or not it was worked out before for the same answers."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest

from pipeline.reading import skipping
from pipeline.reading.skipping import _gated, _gates, skipped
from questionnaire.blanks import AnswerStatus
from questionnaire.layout import Layout
from questionnaire.rules.conditions import And, CodeIn, Compare, Condition, Constant, Filled, Parameter, Ref, Value
from questionnaire.rules.evaluate import Answer, Answers, Evaluator
from questionnaire.rules.rule import not_relevant
from tests.given import mini
from tests.pipeline.returned import mini_round

STATUS = Ref("status")
ANSWERS: tuple[Answers, ...] = (
    {},
    {("W02", "status"): Answer("0")},
    {("W02", "status"): Answer("1")},
    {("W02", "status"): Answer("3")},
    {("W02", "status"): Answer("0"), ("W02", "total"): Answer(12.0)},
    {("W02", "status"): Answer(status=AnswerStatus.NOT_AVAILABLE)},
    {("W02", "status"): Answer("1"), ("F01", "status"): Answer("0")},
)


def by_evaluation(layout: Layout, answers: Answers) -> set[tuple[str, str]]:
    """What is idle by conditions that are looked at one by one."""
    evaluator = Evaluator(layout.instrument, answers, mini_round().period.parameters)
    return {
        (indicator.code, field.code)
        for indicator in layout.instrument.indicators
        for question in indicator.questions
        for field in question.fields
        if evaluator.holds(not_relevant(question.relevant_when), indicator.code)
        and (indicator.code, field.code) not in answers
    }


def test_idle_fields__known_from_earlier_returns__are_those_of_the_conditions() -> None:
    layout = Layout(mini())
    expected = [by_evaluation(layout, answers) for answers in ANSWERS]
    assert [len(idle) for idle in expected[:4]] == [0, 8, 3, 1]
    for _ in range(2):
        assert [skipped(layout, answers, mini_round()) for answers in ANSWERS] == expected
    assert any(gates.known for gates in _gated(layout))


def gates_of(when: Condition) -> skipping._Gates:
    """The gates of an indicator with one question that is asked under a condition."""
    question = next(question for question in mini().indicators[0].questions if question.code != "status")
    indicator: Any = SimpleNamespace(code="W01a", questions=[replace(question, relevant_when=when)])
    instrument: Any = SimpleNamespace(computed={("W01a", "computed"): question})
    return _gates(indicator, instrument)


@pytest.mark.parametrize(
    "when",
    [
        Compare(">", Value(Ref("total")), Parameter("period_start")),
        CodeIn(Ref("status", previous=True), ("3",), ()),
        Filled(Ref("computed")),
    ],
)
def test_condition__that_hangs_on_more_than_answers__is_decided_each_time(when: Condition) -> None:
    assert gates_of(when).asked is None


def test_long_answer__is_not_kept() -> None:
    gates, idle = gates_of(CodeIn(STATUS, ("3",), ())), Evaluator(mini(), {}, {})
    gates.idle({("W01a", "status"): Answer("x" * 65)}, idle)
    assert not gates.known
    gates.idle({("W01a", "status"): Answer("x" * 64)}, idle)
    assert list(gates.known) == [(Answer("x" * 64),)]


def test_condition_on_answers_of_another_indicator__is_known_by_them() -> None:
    gates = gates_of(Compare(">=", Value(Ref("total", "F01")), Constant(1)))
    assert gates.asked == (("F01", "total"),)


def test_condition_on_two_answers__is_known_by_both() -> None:
    layout = Layout(mini())
    gates = gates_of(And((CodeIn(STATUS, ("3",), ()), Compare(">=", Value(Ref("total")), Constant(1)))))
    assert gates.asked == (("W01a", "status"), ("W01a", "total"))
    for total, idle in ((5.0, 0), (0.0, 1)):
        answers = {("W01a", "status"): Answer("3"), ("W01a", "total"): Answer(total)}
        assert bool(gates.idle(answers, Evaluator(layout.instrument, answers, {}))) is bool(idle)
