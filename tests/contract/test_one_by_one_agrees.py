"""Returns judged one by one, in plain Python: the findings are those of the vectorised validation, word for word."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from random import Random

import pandas as pd
import pytest

from pipeline.findings import Finding
from pipeline.reading.submission import Submission
from pipeline.validation.completeness import completeness_findings
from pipeline.validation.one_by_one import broken_rules, judged_alone
from pipeline.validation.validate import validate
from questionnaire.declaration.form import Instrument
from questionnaire.declaration.lists.table_block import TableBlock
from questionnaire.layout import Layout
from questionnaire.rules.evaluate import Answer, Answers, Responses
from questionnaire.sample import Sampler
from tests import with_table
from tests.contract.list_sets import drawn, listing
from tests.schemas.tidy_rows import PARAMETERS, mini, mini_round, tidy_frame, with_heads

Previous = Mapping[str, Answers]


def columns(answers: pd.DataFrame) -> dict[str, list[object]]:
    """The table of one submission as the reader gives it."""
    plain = answers.astype(object).where(answers.notna(), None)
    found: dict[str, list[object]] = {str(name): list(plain[name]) for name in plain}
    return found | {"date": [None if pd.isna(day) else day.date() for day in answers["date"]]}


def alone(answers: pd.DataFrame, instrument: Instrument, previous: Previous) -> list[Finding]:
    found: list[Finding] = []
    for _, own in answers.groupby("submission", sort=False, observed=True):
        rows = columns(own)
        respondent = str(rows["respondent"][0])
        listed = [dict(zip(rows, values, strict=True)) for values in zip(*rows.values(), strict=True)]
        found += broken_rules(listed, respondent, instrument, PARAMETERS, previous.get(respondent, {}))
    return found


def drafts(instrument: Instrument) -> dict[str, Responses]:
    """A valid submission, and for each rule on indicators one that breaks it."""
    sampler = Sampler(instrument, PARAMETERS, Random(3))
    valid = sampler.valid()
    found = [valid, *(sampler.breaking(valid, rule, rule.blocks[0]) for rule in instrument.rules)]
    return {f"s{number}": Responses(with_heads(instrument, draft)) for number, draft in enumerate(filter(None, found))}


def test_findings__of_returns_that_break_each_rule__are_those_of_the_batch() -> None:
    batch = drafts(mini())
    comments = {("W01b", "spent"): "Prices doubled."}
    answers = tidy_frame(mini(), batch, comments)
    previous = {"S3": batch["s0"].answers, "S4": {("W01a", "status"): Answer("4"), ("W02", "total"): Answer(1.0)}}
    found = alone(answers, mini(), previous)
    assert found == validate(answers, mini(), PARAMETERS, previous)
    assert {rule.code for rule in mini().rules if rule.blocks and not rule.quotes_previous} <= {f.code for f in found}


@pytest.mark.parametrize("seed", range(3))
def test_findings__on_lines_and_over_them__are_those_of_the_batch(seed: int) -> None:
    batch = {f"s{number}": drawn(Random(10 * seed + number), f"S{number}") for number in range(10)}
    answers = tidy_frame(listing(), batch)
    found = alone(answers, listing(), {})
    assert found == validate(answers, listing(), PARAMETERS, {})
    assert any(entry.values.get("lines") for entry in found)


def test_findings__on_the_lines_of_tables__are_those_of_the_batch() -> None:
    instrument, random = with_table.instrument(), Random(4)
    lines = {
        block.code: {
            line: {code: Answer(float(random.randint(0, 4))) for code in block.measured if block.occurs(line, code)}
            for line in range(1, block.most_lines + 1)
        }
        for block in instrument.lists
        if isinstance(block, TableBlock)
    }
    answers = tidy_frame(instrument, {"s0": Responses({}, lines, "S0")})
    found = alone(answers, instrument, {})
    assert found
    assert found == validate(answers, instrument, PARAMETERS, {})


def test_values__that_no_question_can_take__are_found_as_in_a_batch() -> None:
    answers = tidy_frame(mini(), {"s0": Responses({("W01a", "status"): Answer("9"), ("F01", "total"): Answer(1.5)})})
    answers.loc[answers["field"] == "urban", "number"] = 3.0
    found = alone(answers, mini(), {})
    assert {(entry.code, entry.field) for entry in found} >= {
        ("domain", "status"),
        ("domain", "total"),
        ("domain", "urban"),
    }
    assert found == validate(answers, mini(), PARAMETERS, {})


@pytest.mark.parametrize("least", [0.0, 0.5, 1.0])
def test_return__that_answers_too_little__is_found_as_in_a_batch(least: float) -> None:
    round_ = replace(mini_round(), answered_at_least=least)
    answers = tidy_frame(mini(), {"s0": Responses({("W01a", "status"): Answer("0")})})
    read = Submission("s0", "s0.xlsx", None, "S0", "", "", columns(answers), ())
    expected = validate(answers, mini(), round_.period.parameters, {})
    assert list(judged_alone(read, round_, Layout.of(round_))) == [
        *expected, *completeness_findings(answers, [read], round_)
    ]  # fmt: skip
