"""Answers drawn from the declaration keep every rule, or break just the one asked for."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from random import Random

import pytest

from questionnaire.blanks import DECLARED, AnswerStatus
from questionnaire.declaration.form import Instrument
from questionnaire.declaration.instrument import read_instrument
from questionnaire.rules.evaluate import Answer, Evaluator
from questionnaire.rules.rule import Rule
from questionnaire.sample import Draft, Sampler
from tests.given import PERIOD, mini, seed
from tests.made_instruments import Made, sections, table


@pytest.mark.parametrize("instrument", [mini, seed])
@pytest.mark.parametrize("start", range(5))
def test_valid__any_seed__breaks_no_rule(instrument, start: int) -> None:  # type: ignore[no-untyped-def]
    declared: Instrument = instrument()
    draft = Sampler(declared, PERIOD, Random(start)).valid()
    evaluator = Evaluator(declared, draft, PERIOD)
    asked = {entry.code for entry in declared.indicators}
    broken = [
        (rule.code, code) for rule in declared.rules for code in asked & {*rule.blocks} if evaluator.broken(rule, code)
    ]
    assert broken == []
    assert {code for code, field in draft if field == "status"} == asked


def test_valid__the_same_seed__gives_the_same_answers() -> None:
    first, second, other = (Sampler(mini(), PERIOD, Random(start)).valid() for start in (7, 7, 8))
    assert first == second
    assert first != other


def test_valid__many_draws__use_every_answer_status_and_type() -> None:
    drafts = [Sampler(mini(), PERIOD, Random(start)).valid() for start in range(60)]
    answered = {field for draft in drafts for (_, field), answer in draft.items() if answer.value is not None}
    assert answered == set(mini().fields)
    statuses = {answer.status for draft in drafts for answer in draft.values()}
    assert statuses == {AnswerStatus.ANSWERED, *DECLARED}


@pytest.mark.parametrize("start", range(12))
def test_valid__a_previous_round__repeats_most_answers_and_breaks_no_rule(start: int) -> None:
    previous = Sampler(mini(), PERIOD, Random(start)).valid()
    sampler = Sampler(mini().with_comparisons(), PERIOD, Random(100 + start), previous=previous)
    draft = sampler.valid()
    assert not list(sampler.broken(draft))
    repeated = [key for key, answer in previous.items() if draft.get(key) == answer]
    assert len(repeated) > len(previous) / 3
    assert draft != previous


@pytest.mark.parametrize(
    ("code", "target", "indicator"),
    [(rule.code, rule.target, code) for rule in mini().rules for code in rule.blocks[:1]],
)
def test_breaking__each_rule__breaks_that_one_alone(code: str, target: str, indicator: str) -> None:
    sampler = Sampler(mini(), PERIOD, Random(3))
    draft = sampler.valid()
    rule = next(rule for rule in mini().rules if (rule.code, rule.target) == (code, target))
    changed = sampler.breaking(draft, rule, indicator)
    assert changed is not None
    assert {(entry.code, entry.target, at) for entry, at in sampler.broken(changed)} == {(code, target, indicator)}


def test_evaluator__a_total_and_its_parts__decided_only_when_all_are_known() -> None:
    rule = next(rule for rule in mini().rules if rule.code == "parts")

    def broken(**values: int | None) -> bool:
        answers = {("W01a", field): Answer(value) for field, value in values.items() if value is not None}
        return Evaluator(mini(), answers, PERIOD).broken(rule, "W01a")

    assert not broken(total=5, urban=2, rural=3)
    assert broken(total=5, urban=2, rural=2)
    assert broken(total=0, urban=0, rural=1)
    assert not broken(total=5, urban=2)
    assert not broken(urban=2, rural=3)


CONTRADICTORY = {"more": "one > two", "less": "one < two"}
"""Neither number may be the greater, nor may they be equal: only “not known” keeps every rule."""


def two_numbers(folder: Path, checks: Mapping[str, str]) -> Instrument:
    """An instrument that asks for two numbers, with these rules."""
    rule = (
        '[[rule]]\ncode = "{0}"\nscope = ["*"]\ntarget = "one"\ncheck = "{1}"\nseverity = "error"\nreason = "x"\n'
        'message = {{ en = "m" }}\nremedy = {{ en = "r" }}\n'
    )
    questions = [f"{code},whole_number,,,,,,,always,{code}?" for code in ("one", "two")]
    rules = "".join(rule.format(code, check) for code, check in checks.items())
    made = Made(table(("WATER", [["Wells"]])), questions, "one two", ("W01,T,,",), sections(("W", "WATER")), rules)
    return read_instrument(made.write(folder))


def test_valid__questions_that_must_be_answered_and_cannot_all_be__gives_a_reason_for_none(tmp_path: Path) -> None:
    instrument = two_numbers(tmp_path / "made", CONTRADICTORY)
    draft = Sampler(instrument, PERIOD, Random(1)).valid()
    evaluator = Evaluator(instrument, draft, PERIOD)
    assert not [rule for rule in instrument.rules if evaluator.broken(rule, "W01")]
    assert {answer.status for answer in draft.values()} & set(DECLARED)


def counted(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, ...]]:
    """Near which indicators rules are asked from now on, each time."""
    asked, broken = [], Sampler.broken

    def noted(sampler: Sampler, draft: Draft, near: tuple[str, ...] = ("",)) -> Iterator[tuple[Rule, str]]:
        asked.append(near)
        return broken(sampler, draft, near)

    monkeypatch.setattr(Sampler, "broken", noted)
    return asked


def test_valid__an_answer_that_goes_to_and_fro_between_two_rules__is_given_up_soon(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    instrument, asked = two_numbers(tmp_path / "made", CONTRADICTORY), counted(monkeypatch)
    for start in range(20):
        asked.clear()
        Sampler(instrument, PERIOD, Random(start)).valid()
        assert len(asked) < 20


def test_breaking__a_rule_that_no_answer_breaks__asks_no_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    instrument = two_numbers(tmp_path / "made", {"same": "one == one", "less": "one < two"})
    sampler = Sampler(instrument, PERIOD, Random(1))
    draft, asked = sampler.valid(), counted(monkeypatch)
    same = next(rule for rule in instrument.rules if rule.code == "same")
    assert sampler.breaking(draft, same, "W01") is None
    assert not asked
