"""Rules of the large instrument whose meaning is easily got wrong: parts of a total, and counts that say nothing."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from questionnaire.blanks import AnswerStatus
from questionnaire.rules.evaluate import Answer, Evaluator
from questionnaire.rules.rule import Severity
from tests.given import PERIOD, seed

ND, RS = Answer(None, AnswerStatus.NOT_AVAILABLE), Answer(None, AnswerStatus.NOTHING_TO_REPORT)
SEXES = ("beneficiaries_women", "beneficiaries_men", "beneficiaries_other_sex")


def broken(indicator: str, answers: Mapping[str, int | Answer], *families: str) -> set[str]:
    """The codes of the rules of some families that these answers to one indicator break."""
    draft = {
        (indicator, field): answer if isinstance(answer, Answer) else Answer(answer)
        for field, answer in answers.items()
    }
    evaluator = Evaluator(seed(), draft, PERIOD)
    rules = [rule for rule in seed().rules if rule.code.startswith(families) and indicator in rule.blocks]
    assert rules
    return {rule.code for rule in rules if evaluator.broken(rule, indicator)}


def asks(field: str) -> str:
    """The first indicator that asks a question."""
    return next(entry.code for entry in seed().indicators if field in entry.field_codes)


@pytest.mark.parametrize(
    ("parts", "found"),
    [
        ((4, 3, 3), set()),
        ((4, 3, None), set()),
        ((8, None, 3), {"E07j"}),
        ((None, 8, 3), {"E07j"}),
        ((8, 3, None), {"E07j"}),
        ((8, 3, ND), {"E07j"}),
        ((None, None, 11), {"E07j"}),
        ((11, RS, ND), {"E07j"}),
        ((10, None, None), set()),
        ((None, None, None), set()),
        ((8, 3, 0), {"E07b"}),
        ((1, 1, 1), {"E07b"}),
    ],
)
def test_parts_by_sex__of_a_total_of_ten__never_exceed_it_whichever_are_not_given(
    parts: tuple[int | Answer | None, ...], found: set[str]
) -> None:
    given = {field: part for field, part in zip(SEXES, parts, strict=True) if part is not None}
    assert broken(asks("beneficiaries_men"), {"beneficiaries_total": 10, **given}, "E07b", "E07j") == found


def test_parts__whose_total_is_not_known__exceed_nothing() -> None:
    for total in ({}, {"beneficiaries_total": ND}):
        assert broken(asks("beneficiaries_men"), {**total, "beneficiaries_women": 8}, "E07b", "E07j") == set()


@pytest.mark.parametrize(
    ("indicator", "total", "part", "code"),
    [
        ("R15", "trained_total", "trained_police", "E07z"),
        ("A28b", "trained_total", "trained_health", "E07za"),
        ("P08", "trained_total", "trained_civilian", "E07zb"),
        ("P09", "agencies_inspected", "travel_agencies_inspected", "E07zc"),
        (asks("n_bilateral"), "n_agreements", "n_bilateral", "E08c"),
        (asks("beneficiaries_witnesses"), "beneficiaries_total", "beneficiaries_witnesses", "E07q"),
        (asks("n_units_police"), "n_units", "n_units_prosecution", "E07w"),
    ],
)  # fmt: skip
def test_part__alone_above_its_total__is_an_error_at_the_total(
    indicator: str, total: str, part: str, code: str
) -> None:
    assert broken(indicator, {total: 2, part: 3}, "E07", "E08") == {code}
    assert broken(indicator, {total: 3, part: 3}, "E07", "E08") == set()
    [rule] = [rule for rule in seed().rules if rule.code == code]
    assert (rule.target, rule.severity) == (total, Severity.ERROR)


@pytest.mark.parametrize("count", [0, RS, None])
def test_count__nothing_at_a_level_that_claims_execution__is_asked_about(count: int | Answer | None) -> None:
    indicator = asks("n_actions")
    level = {"status": Answer("3")}
    given = {} if count is None else {"n_actions": count}
    assert broken(indicator, {**level, **given}, "W16b") == {"W16b"}
    assert broken(indicator, {**level, "n_actions": ND}, "W16b") == set()
