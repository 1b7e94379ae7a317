"""Rules on lists and over their lines: pandera finds, line by line, exactly what the declaration's own meaning says."""

from __future__ import annotations

from random import Random
from typing import get_args

from hypothesis import given, settings
from hypothesis import strategies as st

from questionnaire.rules.conditions import Condition, Quantity, walk
from questionnaire.rules.domains import DOMAIN
from questionnaire.rules.evaluate import Answer, Evaluator, Responses
from schemas.frame import wide_frames
from schemas.pandera_schema import AnswersSchema
from tests import with_ratio, with_table
from tests.contract.list_sets import COMPUTED, drawn, listing
from tests.given import PERIOD, mini
from tests.schemas.tidy_rows import tidy_frame

_OF_LISTS = [
    rule
    for rule in listing().rules
    if rule.lists or "projects" in rule.blocks or any(ref.field in COMPUTED for ref in rule.refs)
]


def test_rules_over_lines__broken_and_kept__exactly_as_evaluated() -> None:
    instrument = listing()
    schema = AnswersSchema(instrument, PERIOD)
    verdicts: dict[str, set[bool]] = {rule.code: set() for rule in _OF_LISTS if rule.code != "too_many_lines"}

    @given(st.lists(st.integers(0, 10**9), min_size=1, max_size=12))
    @settings(max_examples=30)
    def agree(seeds: list[int]) -> None:
        batch = {f"s{number}": drawn(Random(seed), f"S{number}") for number, seed in enumerate(seeds)}
        batch["aaa"] = drawn(Random(seeds[0]), "AAA")
        expected = set()
        for submission, responses in batch.items():
            evaluator = Evaluator(instrument, responses, PERIOD)
            for rule in _OF_LISTS:
                for block in rule.blocks:
                    for line in responses.lines["projects"] if block == "projects" else (1,):
                        broken = evaluator.broken(rule, block, line)
                        if rule.code in verdicts:
                            verdicts[rule.code].add(broken)
                        if broken:
                            expected.add((rule.code, submission, block, line, rule.target))
        failures = schema.failures(wide_frames(tidy_frame(instrument, batch), instrument))
        found = [
            (row["code"], row["submission"], row["block"], row["line"], row["field"])
            for row in failures.to_dict("records")
            if schema.rule(str(row["table"]), str(row["check"])) in _OF_LISTS
        ]
        assert set(found) == expected
        assert len(found) == len(expected), "a failure is reported twice"

    agree()
    never = [code for code, seen in verdicts.items() if seen != {True, False}]
    assert not never, f"not both broken and kept: {never}"


def test_nodes__all_instruments_together__have_every_one() -> None:
    instruments = (mini(), listing(), with_table.instrument(), with_ratio.instrument())
    rules = [rule for instrument in instruments for rule in instrument.rules]
    formulas = [asked.formula for instrument in instruments for asked in instrument.computed.values() if asked.formula]
    used = {type(node) for rule in rules for node in (*walk(rule.when), *walk(rule.check))}
    used |= {type(node) for formula in formulas for node in walk(formula.value)}
    within = {
        type(node)
        for rule in rules
        for part in (*walk(rule.when), *walk(rule.check))
        if (where := getattr(part, "where", None)) is not None
        for node in walk(where)
    }
    assert used | within == {*get_args(Condition), *get_args(Quantity)}, "add a rule to the instruments of the tests"


def test_lines__beyond_those_of_the_form__are_found_each() -> None:
    instrument = listing()
    line = drawn(Random(5), "AAA").lines["projects"]
    some = next(iter(line.values()))
    responses = Responses({}, {"projects": dict.fromkeys(range(1, 7), some)}, "AAA")
    failures = AnswersSchema(instrument, PERIOD).failures(
        wide_frames(tidy_frame(instrument, {"aaa": responses}), instrument)
    )
    beyond = failures[failures["code"] == "too_many_lines"]
    assert list(beyond[["table", "block", "line", "field"]].itertuples(index=False, name=None)) == [
        ("projects", "projects", 5, "indicator"), ("projects", "projects", 6, "indicator"),
    ]  # fmt: skip


def test_cell__with_a_value_its_column_cannot_take__is_a_failure_of_domain() -> None:
    instrument = listing()
    batch = {"aaa": Responses({}, {"projects": {2: {"indicator": Answer("W02"), "partner": Answer("BBB")}}}, "AAA")}
    failures = AnswersSchema(instrument, PERIOD).failures(wide_frames(tidy_frame(instrument, batch), instrument))
    found = failures.loc[failures["code"] == DOMAIN, ["table", "line", "field"]]
    assert list(found.itertuples(index=False, name=None)) == [("projects", 2, "indicator")]
