"""What is asked about an answer that differs from that of the previous round, and where nothing is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from questionnaire.blanks import AnswerStatus
from questionnaire.rules.conditions import Ref
from questionnaire.rules.evaluate import BLANK, Answer, Evaluator
from questionnaire.rules.rule import Severity
from tests.given import PERIOD, mini, seed

SO, ND, RS = (
    Answer(None, status)
    for status in (AnswerStatus.NOT_APPLICABLE, AnswerStatus.NOT_AVAILABLE, AnswerStatus.NOTHING_TO_REPORT)
)
UNREADABLE = Answer(None, AnswerStatus.UNREADABLE)


def broken(field: str, then: Answer | int | str, now: Answer | int | str) -> list[str]:
    """The codes of the rules that compare the two and find something to ask."""
    previous, answers = ({("W02", field): v if isinstance(v, Answer) else Answer(v)} for v in (then, now))
    evaluator = Evaluator(mini(), answers, PERIOD, previous)
    rules = [rule for rule in mini().comparisons if rule.target == field and rule.code.startswith("W18")]
    return [rule.code for rule in rules if evaluator.broken(rule, "W02")]


@pytest.mark.parametrize(
    ("then", "now", "codes"),
    [
        (20, 30, []),  # half as much again, exactly
        (20, 31, ["W18d"]),
        (20, 10, []),  # half of it, exactly
        (20, 9, ["W18d"]),
        (19, 9, ["W18d"]),
        (18, 9, []),
        (1, 2, []),  # doubled, by one
        (1, 10, []),  # tenfold, by nine
        (2, 11, []),
        (1, 11, ["W18c"]),
        (2, 12, ["W18d"]),
        (2, 20, ["W18c"]),
        (12, 119, ["W18d"]),
        (12, 120, ["W18c"]),
        (12, 12_000, ["W18c"]),
        (120, 12, ["W18c"]),
        (129, 13, ["W18d"]),
        (500, 0, ["W18d"]),
        (10, 0, ["W18d"]),
        (9, 0, []),
        (0, 500, []),  # no share of nothing
        (0, 0, []),
        (7, 7, []),
        (500, -1, ["W18d"]),
        (BLANK, 500, []),
        (500, BLANK, []),
        (ND, 500, []),
        (500, ND, []),
        (RS, 500, []),
        (500, RS, []),
        (500, UNREADABLE, []),
        (SO, 3, ["W18e"]),
        (3, SO, ["W18e"]),
        (0, SO, ["W18e"]),
        (SO, SO, []),
        (SO, BLANK, []),
        (BLANK, SO, []),
        (SO, ND, []),
        (ND, SO, []),
        (SO, RS, []),
        (SO, UNREADABLE, []),
    ],
)
def test_count__what_it_was_and_is__is_asked_about_or_not(
    then: Answer | int, now: Answer | int, codes: list[str]
) -> None:
    assert broken("total", then, now) == codes


COUNTS = st.integers(0, 40) | st.integers(0, 2_000_000)


@given(COUNTS, COUNTS)
def test_count__any_two__at_most_one_thing_is_asked(then: int, now: int) -> None:
    wanted: list[str] = []
    if then > 0 and abs(now - then) >= 10:
        if now > 0 and max(now, then) >= 10 * min(now, then):
            wanted = ["W18c"]
        elif abs(now - then) / then > 0.5:
            wanted = ["W18d"]
    assert broken("total", then, now) == wanted


@pytest.mark.parametrize(
    ("then", "now", "codes"),
    [
        ("4", "3", ["W18a"]),
        ("1", "0", ["W18a"]),
        ("3", "3", []),
        ("2", "4", []),
        ("4", ND, []),
        (ND, "0", []),
        ("4", BLANK, []),
        (BLANK, "0", []),
        ("4", SO, ["W18e"]),
        (SO, "0", ["W18e"]),
        (SO, ND, []),
    ],
)
def test_level__what_it_was_and_is__is_asked_about_or_not(
    then: Answer | str, now: Answer | str, codes: list[str]
) -> None:
    assert broken("status", then, now) == codes


@pytest.mark.parametrize(
    ("then", "now", "codes"),
    [(2019, 2019, []), (2019, 2020, ["W18b"]), (2019, ND, []), (SO, 2019, []), (BLANK, 2019, []), (2019, BLANK, [])],
)
def test_fixed_year__what_it_was_and_is__is_asked_about_or_not(
    then: Answer | int, now: Answer | int, codes: list[str]
) -> None:
    assert broken("started", then, now) == codes


def test_comparisons__shipped_instrument__levels_the_year_of_adoption_and_counts() -> None:
    found: dict[str, set[str]] = {}
    for rule in seed().comparisons:
        assert rule.severity is Severity.WARNING
        assert rule.quotes_previous
        found.setdefault(rule.code, set()).add(rule.target)
    assert found["W18a"] == {"status"}
    assert found["W18b"] == {"year_adopted"}
    computed = {question for _, question in seed().computed}
    assert found["W18c"] == found["W18d"] == found["W18e"] - {"status"} | computed
    assert computed.isdisjoint(found["W18e"]), "nobody says “not applicable” of what is computed"
    assert found["W18c"] >= {"n_agreements", "trained_total", "shelter_places"}
    assert not found["W18c"] & {"allocated", "year_applied", "title"}


def test_comparisons__instrument_of_a_first_round__are_no_rules_of_it() -> None:
    assert not [rule for rule in seed().rules if rule.previous_refs]
    compared = seed().with_comparisons()
    assert compared.rules == (*seed().rules, *seed().comparisons)
    assert compared.with_comparisons().rules == compared.rules
    assert compared.structure == seed().structure


def test_comparisons__part_of_an_instrument__look_at_nothing_beyond_it() -> None:
    part = mini().with_comparisons().only(frozenset({"F01"}))
    assert {rule.code for rule in part.rules if rule.previous_refs} == {"W18a", "W18c", "W18d", "W18e", "bared"}
    assert mini().only(frozenset({"F01"})).with_comparisons().rules == part.rules


def test_rule__what_it_looks_at__today_and_the_previous_round_are_distinguished() -> None:
    (rule,) = (rule for rule in mini().comparisons if rule.code == "trees_for_households")
    assert rule.refs == (Ref("total"),)
    assert rule.previous_refs == (Ref("total", "W01a", previous=True), Ref("urban", "F01", previous=True))
    assert not rule.quotes_previous
