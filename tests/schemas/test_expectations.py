"""The expectations as data: sentences in every language, and each type known to the gate's library."""

from __future__ import annotations

import string
from dataclasses import replace

import pytest

from questionnaire.messages import LANGUAGES, keys, wording
from questionnaire.rules.evaluate import Answer
from schemas.expectations import suites
from tests.schemas.tidy_rows import mini_round

SUITES = {suite.name: suite.expectations for suite in suites(mini_round())}


def test_suites__each__has_its_name_and_no_sentence_twice() -> None:
    assert list(SUITES) == [
        "respondents", "indicators", "standing", "values", "tables", "public", "reconciliation",
    ]  # fmt: skip
    for expectations in SUITES.values():
        sentences = [expectation.sentence("en") for expectation in expectations]
        assert len(set(sentences)) == len(sentences)


def test_respondents__coverage__counted_from_the_round() -> None:
    by_meaning = {expectation.meaning: expectation.kwargs for expectation in SUITES["respondents"]}
    assert by_meaning["participants"]["value_set"] == ["A", "B"]
    assert by_meaning["respondent_rows"] == {"column": "rows", "min_value": 4, "max_value": 4}
    assert by_meaning["respondent_public_rows"] == {"column": "public_rows", "min_value": 4, "max_value": 4}
    assert by_meaning["row_count"] == {"column": "rows", "min_value": 8, "max_value": 8}


@pytest.mark.parametrize(
    ("column", "kwargs"),
    [
        ("started", {"min_value": 1990, "max_value": 2025}),
        ("urban", {"min_value": 0}),
        ("level", {"value_set": [0, 1, 2, 3, 4]}),
        ("spent__currency", {"value_set": ["EUR", "USD"]}),
        ("free", {"value_set": ["Y", "N"]}),
    ],
)
def test_values__domain_of_a_column__from_its_declaration(column: str, kwargs: dict[str, object]) -> None:
    found = [item for item in SUITES["values"] if item.kwargs["column"] == column]
    assert [dict(item.kwargs) for item in found] == [{"column": column, **kwargs}]


def test_indicators__each__is_named_and_has_every_participant() -> None:
    assert [(item.where, item.kwargs["min_value"], item.severity) for item in SUITES["indicators"]] == [
        (("indicator", True, code), 2, "error") for code in ("W01a", "W01b", "W02", "F01")
    ]
    text = mini_round().instrument.indicator("W02").text["en"]
    assert SUITES["indicators"][2].sentence("en") == f"W02 – {text}: one row for each of the 2 participants."


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
