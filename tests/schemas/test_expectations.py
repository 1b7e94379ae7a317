"""The expectations as data: sentences in every language, and each type known to the gate's library."""

from __future__ import annotations

import string
from dataclasses import replace

import pytest

from questionnaire.messages import LANGUAGES, keys, wording
from questionnaire.rules.evaluate import Answer
from schemas.expectations import suites
from tests.schemas.tidy_rows import mini_round

REGIONAL, INDICATORS, RECONCILIATION = suites(mini_round())


def test_suites__each__has_its_name_and_no_sentence_twice() -> None:
    assert (REGIONAL.name, INDICATORS.name, RECONCILIATION.name) == ("regional", "indicators", "reconciliation")
    for suite in (REGIONAL, INDICATORS, RECONCILIATION):
        sentences = [expectation.sentence("en") for expectation in suite.expectations]
        assert len(set(sentences)) == len(sentences)


def test_regional__keys_and_coverage__counted_from_the_round() -> None:
    by_meaning = {expectation.meaning: expectation for expectation in REGIONAL.expectations}
    assert by_meaning["row_count"].kwargs == {"value": 8}
    assert by_meaning["participants"].kwargs["value_set"] == ["A", "B"]
    assert by_meaning["indicators"].kwargs["value_set"] == ["W01a", "W01b", "W02", "F01"]
    assert by_meaning["key_unique"].kwargs["column_list"] == ["respondent", "indicator"]


@pytest.mark.parametrize(
    ("column", "kwargs"),
    [
        ("started", {"min_value": 1990, "max_value": 2025}),
        ("urban", {"min_value": 0}),
        ("level", {"value_set": ["0", "1", "2", "3", "4"]}),
        ("spent__currency", {"value_set": ["EUR", "USD"]}),
        ("free", {"value_set": ["Y", "N"]}),
    ],
)
def test_regional__domain_of_a_column__from_its_declaration(column: str, kwargs: dict[str, object]) -> None:
    meanings = {"codes_known", "in_range", "at_least", "at_most"}
    found = [item for item in REGIONAL.expectations if item.kwargs.get("column") == column and item.meaning in meanings]
    assert [dict(item.kwargs) for item in found] == [{"column": column, **kwargs}]


def test_indicators__each__is_named_and_has_every_participant() -> None:
    assert [(item.where, item.kwargs["min_value"], item.severity) for item in INDICATORS.expectations] == [
        (("indicator", True, code), 2, "error") for code in ("W01a", "W01b", "W02", "F01")
    ]
    text = mini_round().instrument.indicator("W02").text["en"]
    assert INDICATORS.expectations[2].sentence("en") == f"W02 – {text}: one row for each of the 2 participants."


def test_indicators__after_another_round__are_asked_about_their_distribution() -> None:
    round_ = replace(mini_round(), previous_answers={"A": {("W02", "status"): Answer("1")}})
    found = [item for item in suites(round_)[1].expectations if item.meaning == "levels_moved_little"]
    assert [item.where and item.where[2] for item in found] == ["W01a", "W01b", "W02", "F01"]
    assert {(item.severity, item.kwargs["max_value"]) for item in found} == {("warning", 0.3)}


@pytest.mark.parametrize("catalogue", ["gate", "description"])
def test_wordings__every_language__has_the_same_placeholders(catalogue: str) -> None:
    for key in keys(catalogue):
        texts = wording(catalogue, key)
        assert set(texts) == set(LANGUAGES), key
        found = {
            tuple(sorted(name for _, name, _, _ in string.Formatter().parse(text) if name)) for text in texts.values()
        }
        assert len(found) == 1, key
