"""The rules that follow from a question's declaration: what each asks for, at its limits and where nothing is asked."""

from __future__ import annotations

import pytest

from questionnaire.blanks import AnswerStatus
from questionnaire.declaration.answer_types import ScalarType, Text, WebReference, WholeNumber, Year
from questionnaire.rules.conditions import Always, Compare, Condition, Constant, Ref, Value
from questionnaire.rules.evaluate import Answer, Answers, Evaluator
from questionnaire.rules.rule import Asked, Rule, rules_of
from tests.given import PERIOD, mini

ALWAYS = Always()
ASKED_FROM_2 = Compare(">=", Value(Ref("status")), Constant(2))
FROM_3 = Compare(">=", Value(Ref("status")), Constant(3))
ND, UNREADABLE = Answer(None, AnswerStatus.NOT_AVAILABLE), Answer(None, AnswerStatus.UNREADABLE)


def rules(
    field: str, scalar: ScalarType, relevant: Condition = ALWAYS, required: Condition | None = None
) -> dict[str, Rule]:
    """The rules of a question with one field, by their code."""
    asked = Asked(scalar, ((field, scalar),), relevant, required, ("W02",))
    return {rule.code: rule for rule in rules_of(asked)}


def broken(rule: Rule, **answers: Answer) -> bool:
    given: Answers = {("W02", field): answer for field, answer in answers.items()}
    return Evaluator(mini(), given, PERIOD).broken(rule, "W02")


@pytest.mark.parametrize(
    ("scalar", "code", "kept", "not_kept"),
    [
        (WholeNumber(0, 10), "range", (0, 10), (-1, 11)),
        (WholeNumber(0), "below_minimum", (0, 999), (-1,)),
        (WholeNumber(None, 10), "above_maximum", (10, -5), (11,)),
        (Year(1990, "period_end"), "range", (1990, 2025), (1989, 2026)),
    ],
)
def test_limits__both_of_them__are_within(
    scalar: ScalarType, code: str, kept: tuple[int, ...], not_kept: tuple[int, ...]
) -> None:
    rule = rules("total", scalar)[code]
    assert (rule.severity, rule.target) == ("error", "total")
    assert [number for number in (*kept, *not_kept) if broken(rule, total=Answer(number))] == list(not_kept)
    assert not broken(rule)
    assert not broken(rule, total=ND)


def test_limits__none__ask_nothing() -> None:
    assert rules("total", WholeNumber(minimum=None)) == {}


def test_text__longer_than_its_limit__is_asked_about() -> None:
    rule = rules("report", Text(5))["too_long"]
    assert (rule.severity, broken(rule, report=Answer("12345")), broken(rule, report=Answer("123456"))) == (
        "warning", False, True,
    )  # fmt: skip


def test_web_reference__without_its_beginning__is_asked_about() -> None:
    rule = rules("source", WebReference(60))["web_address"]
    found = [broken(rule, source=Answer(text)) for text in ("https://x.org", "http://x.org", "www.x.org", "ftp://x")]
    assert (rule.severity, found) == ("warning", [False, False, True, True])


@pytest.mark.parametrize(
    ("status", "value", "contradicts"),
    [
        (Answer("1"), Answer(5), True),
        (Answer("1"), Answer(0), False),
        (Answer("1"), ND, False),
        (Answer("2"), Answer(5), False),
        (ND, Answer(5), True),
        (UNREADABLE, Answer(5), False),
        (None, Answer(5), False),
    ],
)
def test_not_relevant__a_value_where_nothing_is_asked__contradicts(
    status: Answer | None, value: Answer, contradicts: bool
) -> None:
    rule = rules("total", WholeNumber(), ASKED_FROM_2)["not_relevant"]
    assert rule.severity == "error"
    assert broken(rule, total=value, **({"status": status} if status else {})) is contradicts


@pytest.mark.parametrize(
    ("required", "code", "severity", "missed"),
    [(Always(), "unanswered", "warning", ["2", "3"]), (FROM_3, "required", "error", ["3"])],
)
def test_required__a_blank_where_it_is_asked__is_missed_and_nowhere_else(
    required: Condition, code: str, severity: str, missed: list[str]
) -> None:
    rule = rules("total", WholeNumber(), ASKED_FROM_2, required)[code]
    assert rule.severity == severity
    assert [level for level in "0123" if broken(rule, status=Answer(level))] == missed
    for answer in (Answer(0), ND, UNREADABLE):
        assert not broken(rule, status=Answer("3"), total=answer)


def test_currency__is_required_beside_any_amount_but_none_and_zero() -> None:
    (rule,) = (rule for rule in mini().rules if (rule.code, rule.target) == ("currency_required", "planned.currency"))
    spent = {amount: {("W01b", "planned"): Answer(amount)} for amount in (0, 0.5, 100)}
    assert [amount for amount, given in spent.items() if Evaluator(mini(), given, PERIOD).broken(rule, "W01b")] == [
        0.5, 100,
    ]  # fmt: skip
    both = {**spent[100], ("W01b", "planned.currency"): Answer("EUR")}
    assert not Evaluator(mini(), both, PERIOD).broken(rule, "W01b")
