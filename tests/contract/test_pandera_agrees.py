"""Every rule on every sort of answer: the vectorised verdicts are those of the reference evaluator."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import replace
from math import isnan
from random import Random
from typing import Any, assert_never, get_args

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pandera.errors import SchemaErrors

from questionnaire.blanks import DECLARED, AnswerStatus
from questionnaire.declaration.answer_types import (
    Computed,
    Date,
    Derived,
    Mark,
    Money,
    Number,
    Percent,
    ScalarType,
    Selection,
    SingleChoice,
    Text,
    WebReference,
    WholeNumber,
    Year,
    YesNo,
)
from questionnaire.declaration.form import INDICATORS, Instrument
from questionnaire.declaration.instrument import INSTRUMENTS, read_instrument
from questionnaire.rules.conditions import Condition, walk
from questionnaire.rules.domains import DOMAIN
from questionnaire.rules.evaluate import BLANK, Answer, Answers, AnswerValue, Evaluator
from questionnaire.sample import Draft, Sampler
from schemas.conditions import Conditions
from schemas.frame import status_of, wide_frames
from schemas.pandera_schema import AnswersSchema
from schemas.previous_round import with_previous_answers
from tests.contract.list_sets import listing
from tests.schemas.tidy_rows import PARAMETERS, asked, mini, tidy_frame, wide_frame, with_heads
from tests.with_ratio import instrument as ratios

NONE_GIVEN = [Answer(None, status) for status in AnswerStatus if status is not AnswerStatus.ANSWERED]


def _values(scalar: ScalarType) -> Sequence[AnswerValue]:  # noqa: PLR0911  one line a type
    """Values around every limit there is, readable ones all of them."""
    match scalar:
        case Mark():
            return ["Y"]
        case Selection():
            return []
        case SingleChoice(codelist) | YesNo(codelist):
            return codelist.value_codes
        case Date():
            return [dt.date(1, 1, 1), dt.date(1999, 12, 31), dt.date(2024, 2, 29), dt.date(9999, 12, 31)]
        case Text(maximum):
            return ["x", "ab", "ñandú 🌳", "x" * maximum, "é" * (maximum + 1)]
        case WebReference(maximum):
            return ["http://x", "HTTPS://x.org", "ftp://x", "http:/x", "https://" + "x" * maximum]
        case Money():
            return [0.0, 1.0, 0.1, 100.0, 120.0, 120.0001, -1.0]
        case Number():
            return [0.0, 0.1, 8.3, 13.65, 13.66, 40.5, 40.6, -1.5, -1.6]
        case Percent():
            return [0.0, 0.5, 0.4, 27.3, 72.7, 99.5, 99.6, 100.0, 100.1, -0.1]
        case WholeNumber() | Year() | Derived():
            return [0.0, 1.0, 2.0, 3.0, 1989.0, 2000.0, 2025.0, 2026.0, 1_000_001.0, -1.0]
        case _:
            assert_never(scalar)


def _choices(scalar: ScalarType) -> list[Answer]:
    """Answers to draw from: of five one blank, one without a value for some reason, three values."""
    values = [Answer(value) for value in _values(scalar)]
    if not values:
        return NONE_GIVEN
    reasons = NONE_GIVEN
    if isinstance(scalar, SingleChoice) and scalar.codelist.declares:
        own = [code.missing for code in scalar.codelist]
        reasons = [entry for entry in NONE_GIVEN if entry.status not in DECLARED or entry.status in own]
    each = len(reasons) * len(values)
    return [BLANK] * each + reasons * len(values) + values * (3 * len(reasons))


SUBMISSIONS = st.lists(
    st.fixed_dictionaries(
        {(indicator.code, field.code): st.sampled_from(_choices(field.type)) for indicator, field in asked(mini())}
    ).map(lambda answers: with_heads(mini(), answers)),
    min_size=4,
    max_size=6,
)


def _breaking_each() -> list[Draft]:
    """For each rule a submission that breaks it, since chance may not: what hypothesis draws changes with the code."""
    sampler = Sampler(mini(), PARAMETERS, Random(3))
    valid = sampler.valid()
    found = [sampler.breaking(valid, rule, rule.blocks[0]) for rule in mini().rules]
    return [draft for draft in found if draft is not None]


def _numbered(submissions: list[Draft]) -> Mapping[str, Answers]:
    return {f"s{number}": answers for number, answers in enumerate(submissions)}


def test_rules__broken_and_kept__exactly_as_evaluated() -> None:
    instrument = mini()
    schema = AnswersSchema(instrument, PARAMETERS)
    verdicts: dict[str, set[bool]] = {name: set() for name in schema.tables[INDICATORS].rules}

    @given(SUBMISSIONS)
    @example(_breaking_each())
    @settings(max_examples=60)
    def agree(submissions: list[Draft]) -> None:
        expected = set()
        for submission, answers in _numbered(submissions).items():
            evaluator = Evaluator(instrument, answers, PARAMETERS)
            for name, rule in schema.tables[INDICATORS].rules.items():
                for indicator in rule.blocks:
                    broken = evaluator.broken(rule, indicator)
                    verdicts[name].add(broken)
                    if broken:
                        expected.add((name, rule.code, submission, indicator, rule.target))
        frame = wide_frame(tidy_frame(instrument, _numbered(submissions)), instrument)
        failures = schema.failures({INDICATORS: frame})
        found = list(failures[["check", "code", "submission", "block", "field"]].itertuples(index=False, name=None))
        assert set(found) == expected
        assert len(found) == len(expected), "a failure is reported twice"

    agree()
    never = [name for name, seen in verdicts.items() if seen != {True, False}]
    assert not never, f"not both broken and kept: {never}"


def test_comparisons__broken_and_kept__exactly_as_evaluated() -> None:
    instrument = replace(mini(), rules=mini().comparisons)
    schema = AnswersSchema(instrument, PARAMETERS)
    verdicts: dict[str, set[bool]] = {}

    @given(SUBMISSIONS)
    @settings(max_examples=25)
    def agree(submissions: list[Draft]) -> None:
        batch = _numbered(submissions)
        # Each answered in the previous round what the next one answers today, the last one nothing. The respondent of s0 is S0.
        previous = {name.upper(): answers for name, answers in zip(batch, submissions[1:], strict=False)}
        expected = set()
        for submission, answers in batch.items():
            evaluator = Evaluator(instrument, answers, PARAMETERS, previous.get(submission.upper(), {}))
            for name, rule in schema.tables[INDICATORS].rules.items():
                for indicator in rule.blocks:
                    broken = evaluator.broken(rule, indicator)
                    verdicts.setdefault(rule.code, set()).add(broken)
                    if broken:
                        expected.add((name, submission, indicator, rule.target))
        frame = with_previous_answers(wide_frame(tidy_frame(instrument, batch), instrument), instrument, previous)
        failures = schema.failures({INDICATORS: frame})
        found = failures.loc[failures["code"] != DOMAIN, ["check", "submission", "block", "field"]]
        assert set(found.itertuples(index=False, name=None)) == expected

    agree()
    both = [code for code, seen in verdicts.items() if seen == {True, False}]
    assert len(both) >= 5, f"only {both} are both broken and kept; see test_between_parity for all of them"


def test_rules__default_instrument__exactly_as_evaluated() -> None:
    instrument = read_instrument(INSTRUMENTS / "oas-trafficking")
    schema, random = AnswersSchema(instrument, PARAMETERS), Random(1)
    drawn = [
        {(indicator.code, field.code): random.choice(_choices(field.type)) for indicator, field in asked(instrument)}
        for _ in range(3)
    ]
    submissions = _numbered([with_heads(instrument, answers) for answers in drawn])
    expected = {
        (name, submission, indicator)
        for submission, answers in submissions.items()
        for evaluator in [Evaluator(instrument, answers, PARAMETERS)]
        for name, rule in schema.tables[INDICATORS].rules.items()
        for indicator in rule.blocks
        if evaluator.broken(rule, indicator)
    }
    failures = schema.failures(wide_frames(tidy_frame(instrument, submissions), instrument))
    found = list(failures[["check", "submission", "block"]].itertuples(index=False, name=None))
    assert set(found) == expected
    assert len(found) == len(expected)


@given(SUBMISSIONS)
@settings(max_examples=15)
def test_nodes__every_condition_and_quantity__exactly_as_evaluated(
    submissions: list[Draft],
) -> None:
    instrument = mini()
    frame = wide_frame(tidy_frame(instrument, _numbered(submissions)), instrument)
    conditions = Conditions(frame, instrument.fields, instrument, PARAMETERS)
    rows = {key: row for row, key in enumerate(zip(frame["submission"], frame["block"], strict=True))}
    for submission, answers in _numbered(submissions).items():
        evaluator = Evaluator(instrument, answers, PARAMETERS)
        for rule in instrument.rules:
            for node in (*walk(rule.when), *walk(rule.check)):
                for indicator in rule.blocks:
                    row = rows[submission, indicator]
                    if isinstance(node, Condition):
                        assert conditions.holds(node)[row] == evaluator.holds(node, indicator), node
                    else:
                        number = float(conditions.quantity(node)[row])
                        assert evaluator.quantity(node, indicator) == (None if isnan(number) else number), node


TYPES = {
    type(field.type): (indicator.code, field.code)
    for of in (ratios(), listing(), mini())
    for indicator, field in asked(of)
}
WRONG: Mapping[str, list[AnswerValue]] = {
    "SingleChoice": ["NOWHERE", "SO", "usd"],
    "YesNo": ["yes", "X"],
    "Mark": ["N", "X"],
    "Selection": ["NORTH;EAST", "NORTH;", "SO", "NORTH,SOUTH"],
    "WholeNumber": [1.5, float("inf")],
    "Computed": [1.5, float("inf")],
    "ComputedNumber": [float("inf")],
    "Ratio": [float("-inf")],
    "Year": [2000.5, float("-inf")],
    "Money": [float("inf")],
    "Number": [float("inf")],
    "Percent": [float("-inf")],
    "Date": [],
    "Text": [],
    "WebReference": [],
}


def asking(scalar: type[ScalarType]) -> Instrument:
    """An instrument that asks for answers of a type, the one in TYPES."""
    return listing() if scalar is Computed else ratios() if issubclass(scalar, Derived) else mini()


@pytest.mark.parametrize("scalar", get_args(ScalarType), ids=lambda scalar: str(scalar.__name__))
def test_types__value_outside_its_domain__is_a_failure_at_its_field(scalar: type[ScalarType]) -> None:
    instrument = asking(scalar)
    schema = AnswersSchema(instrument, PARAMETERS)
    where = TYPES[scalar]
    for wrong in WRONG[scalar.__name__]:
        frames = wide_frames(tidy_frame(instrument, {"s0": {where: Answer(wrong)}}), instrument)
        failures = schema.failures(frames)
        found = failures.loc[failures["code"] == DOMAIN, ["submission", "block", "field"]]
        assert list(found.itertuples(index=False, name=None)) == [("s0", *where)], wrong


@pytest.mark.parametrize("scalar", get_args(ScalarType), ids=lambda scalar: str(scalar.__name__))
def test_types__status_says_answered_and_no_value_stands_there__is_a_failure(scalar: type[ScalarType]) -> None:
    instrument = asking(scalar)
    where = TYPES[scalar]
    frames = wide_frames(tidy_frame(instrument, {"s0": {where: Answer(None, AnswerStatus.ANSWERED)}}), instrument)
    failures = AnswersSchema(instrument, PARAMETERS).failures(frames)
    found = failures.loc[failures["code"] == DOMAIN, ["submission", "block", "field"]]
    assert list(found.itertuples(index=False, name=None)) == [("s0", *where)]


def test_types__a_value_stands_where_the_status_says_none__is_a_failure() -> None:
    instrument = mini()
    where = ("F01", "total")
    frame = wide_frame(tidy_frame(instrument, {"s0": {where: Answer(5.0, AnswerStatus.NOT_AVAILABLE)}}), instrument)
    failures = AnswersSchema(instrument, PARAMETERS).failures({INDICATORS: frame})
    found = failures.loc[failures["code"] == DOMAIN, ["submission", "block", "field"]]
    assert list(found.itertuples(index=False, name=None)) == [("s0", *where)]


def test_frame__another_column_or_type__is_refused_and_never_coerced() -> None:
    instrument = mini()
    schema = AnswersSchema(instrument, PARAMETERS)
    frame = wide_frame(tidy_frame(instrument, {"s0": {}}), instrument)
    text = next(name for name, field in instrument.fields.items() if field.type.traits.column in ("code", "text"))
    status = frame[status_of(text)].cat.add_categories(["lost"])
    typed: list[dict[str, Any]] = [
        {"total": "7"},
        {text: 7},
        {text: frame[text].astype(object)},
        {status_of(text): status},
    ]
    for changed in (frame.assign(extra=1), frame.drop(columns="total"), *(frame.assign(**one) for one in typed)):
        with pytest.raises(SchemaErrors):
            schema.failures({INDICATORS: changed})
