"""Rules of the large instrument whose meaning is easily got wrong: parts of a total, counts, and agreements that are listed."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from questionnaire.blanks import AnswerStatus
from questionnaire.rules.evaluate import Answer, Evaluator, Responses
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
        (asks("beneficiaries_witnesses"), "beneficiaries_total", "beneficiaries_witnesses", "E07q"),
        (asks("n_units_police"), "n_units", "n_units_prosecution", "E07w"),
    ],
)  # fmt: skip
def test_part__alone_above_its_total__is_an_error_at_the_total(
    indicator: str, total: str, part: str, code: str
) -> None:
    assert broken(indicator, {total: 2, part: 3}, "E07") == {code}
    assert broken(indicator, {total: 3, part: 3}, "E07") == set()
    [rule] = [rule for rule in seed().rules if rule.code == code]
    assert (rule.target, rule.severity) == (total, Severity.ERROR)


@pytest.mark.parametrize("count", [0, RS, None])
def test_count__nothing_at_a_level_that_claims_execution__is_asked_about(count: int | Answer | None) -> None:
    indicator = asks("n_actions")
    level = {"status": Answer("3")}
    given = {} if count is None else {"n_actions": count}
    assert broken(indicator, {**level, **given}, "W16b") == {"W16b"}
    assert broken(indicator, {**level, "n_actions": ND}, "W16b") == set()


def agreement(**cells: str | int) -> dict[str, Answer]:
    """A line of the list of agreements."""
    return {code: Answer(value) for code, value in {"indicator": "R16", "form": "BILATERAL", **cells}.items()}


LISTED = {1: agreement(year=2024), 2: agreement(year=2010), 3: agreement(form="MULTILATERAL", year=2025),
          4: agreement(indicator="P11", year=2024)}  # fmt: skip
NOT_APPLICABLE = Answer(None, AnswerStatus.NOT_APPLICABLE)


def agreements(level: str | Answer, lines: Mapping[int, Mapping[str, Answer]], **answers: int | Answer) -> Evaluator:
    """What is judged where R16 has a level and other answers, and the list has lines."""
    given = {"status": level, **answers}
    draft = {("R16", code): value if isinstance(value, Answer) else Answer(value) for code, value in given.items()}
    return Evaluator(seed(), Responses(draft, {"agreements": lines}), PERIOD)


def test_agreements__in_the_list__are_counted_for_their_indicator() -> None:
    counted = agreements("3", LISTED, agreements_not_listed=4)
    found = {code: counted.computed("R16", code).value for _, code in seed().computed}
    assert found == {"n_agreements": 7, "n_bilateral": 2, "n_multilateral": 1, "n_signed_in_period": 2}


@pytest.mark.parametrize(
    ("level", "not_listed", "count"),
    [("0", None, 0), ("3", None, 0), ("3", 2, 2), ("3", ND, None), (NOT_APPLICABLE, None, None), (None, None, None)],
)
def test_agreements__without_lines__are_none_where_a_level_says_so_and_unknown_without(
    level: str | Answer | None, not_listed: int | Answer | None, count: int | None
) -> None:
    given = {} if not_listed is None else {"agreements_not_listed": not_listed}
    blank = Answer(None, AnswerStatus.BLANK)
    assert agreements(blank if level is None else level, {}, **given).computed("R16", "n_agreements").value == count


@pytest.mark.parametrize(
    ("level", "lines", "not_listed", "codes"),
    [
        ("3", LISTED, None, set()),
        ("3", {}, None, {"W16d"}),
        ("3", {}, ND, set()),
        ("1", LISTED, None, {"W16c"}),
        ("0", LISTED, None, {"W16c"}),
        ("1", {}, None, set()),
        (NOT_APPLICABLE, LISTED, None, {"W16za"}),
        (NOT_APPLICABLE, {}, None, set()),
        ("3", LISTED, 2, {"W08a"}),
        ("3", dict.fromkeys(range(1, 41), LISTED[1]), 2, set()),
    ],
)  # fmt: skip
def test_agreements__that_do_not_go_with_the_level__are_asked_about(
    level: str | Answer, lines: Mapping[int, Mapping[str, Answer]], not_listed: int | Answer | None, codes: set[str]
) -> None:
    judged = agreements(level, lines, **({} if not_listed is None else {"agreements_not_listed": not_listed}))
    rules = [rule for rule in seed().rules if rule.code in ("W16c", "W16d", "W16za", "W08a") and "R16" in rule.blocks]
    assert {rule.code for rule in rules if judged.broken(rule, "R16")} == codes
