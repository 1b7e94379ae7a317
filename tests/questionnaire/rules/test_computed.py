"""What is computed of the lines and answers of a submission, and where nothing is."""

from __future__ import annotations

import pytest

from questionnaire.blanks import AnswerStatus
from questionnaire.rules.evaluate import BLANK, Answer, Evaluator, Responses
from tests.contract.list_sets import listing
from tests.given import PERIOD

LINES = {
    1: {"indicator": Answer("W01a"), "free_use": Answer("Y"), "people": Answer(40.0)},
    2: {"indicator": Answer("W01a"), "free_use": Answer("N")},
    3: {"indicator": Answer("F01"), "free_use": Answer("Y"), "people": Answer(7.0)},
    4: {"free_use": Answer("Y"), "people": Answer(1000.0)},
}
NOT_AVAILABLE = Answer(None, AnswerStatus.NOT_AVAILABLE)
UNREADABLE = Answer(None, AnswerStatus.UNREADABLE)


def computed(code: str, **answers: Answer) -> Answer:
    """A computed answer about W01a, which has two of the four lines."""
    given = {("W01a", field): answer for field, answer in answers.items()}
    return Evaluator(listing(), Responses(given, {"projects": LINES}), PERIOD).computed("W01a", code)


@pytest.mark.parametrize(
    ("answers", "answer"),
    [
        ({"status": Answer("2")}, Answer(2.0)),
        ({"status": Answer("2"), "unlisted": Answer(5.0)}, Answer(7.0)),
        ({"status": Answer("0")}, Answer(2.0)),
        ({"status": Answer("2"), "unlisted": NOT_AVAILABLE}, BLANK),
        ({"status": Answer("2"), "unlisted": UNREADABLE}, BLANK),
        ({"status": NOT_AVAILABLE}, BLANK),
        ({"status": UNREADABLE}, BLANK),
        ({}, BLANK),
    ],
    ids=str,
)
def test_count__by_what_is_answered_besides__is_known_or_blank(answers: dict[str, Answer], answer: Answer) -> None:
    assert computed("all_projects", **answers) == answer


def test_count__of_lines_that_say_something__is_of_those_and_of_its_own_indicator() -> None:
    assert computed("free_projects") == Answer(1.0)


def test_count__without_lines__is_zero_where_the_level_says_that_there_is_none() -> None:
    none = Evaluator(listing(), {("W01a", "status"): Answer("0")}, PERIOD)
    assert none.computed("W01a", "all_projects") == Answer(0.0)


def test_sum__with_a_number_that_is_not_given__is_blank() -> None:
    assert computed("people_served", status=Answer("2"), urban=Answer(10.0)) == Answer(30.0)
    assert computed("people_served", status=Answer("2")) == BLANK


def test_rules__that_look_at_what_is_computed__are_decided_by_it() -> None:
    rule = next(rule for rule in listing().rules if rule.code == "free_of_all")
    given = {("W01a", "status"): Answer("2"), ("W01a", "urban"): Answer(1.0)}
    lines = dict.fromkeys((1, 2), LINES[1])
    assert Evaluator(listing(), Responses(given, {"projects": lines}), PERIOD).broken(rule, "W01a")
    assert not Evaluator(listing(), Responses(given, {"projects": LINES}), PERIOD).broken(rule, "W01a")


def test_computed__an_answer_that_an_older_edition_asked_for__counts() -> None:
    given = {("W01a", "status"): Answer("2"), ("W01a", "urban"): Answer(1.0), ("W01a", "all_projects"): Answer(1.0)}
    rule = next(rule for rule in listing().rules if rule.code == "free_of_all")
    assert Evaluator(listing(), Responses(given, {"projects": LINES}), PERIOD).broken(rule, "W01a")
