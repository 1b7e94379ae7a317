"""The codes of the reasons for no answer: in the reader's language, understood in every language, never two reasons."""

from __future__ import annotations

import pytest

from questionnaire.blanks import AnswerStatus
from questionnaire.codelists import Code, Codelist
from tests.given import seed

MISSING = seed().missing


@pytest.mark.parametrize(
    ("language", "codes"),
    [
        ("fr", ["SO", "ND", "CF", "RS"]),
        ("es", ["NAP", "ND", "CF", "NQI"]),
        ("en", ["NAP", "NAV", "CF", "NTR"]),
        ("pt", ["NSA", "ND", "CF", "NAI"]),
    ],
)
def test_short__of_the_reasons__is_that_of_the_language(language: str, codes: list[str]) -> None:
    assert [code.short(language) for code in MISSING] == codes


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("nap", "SO"),
        ("NSA", "SO"),
        ("NAV", "ND"),
        ("NQI", "RS"),
        ("SO – No aplica", "SO"),
        ("SO – Not applicable", "SO"),
    ],
)
def test_find__a_code_of_any_language_or_a_label_sent_earlier__is_the_reason(text: str, code: str) -> None:
    found = MISSING.find(text)
    assert found is not None
    assert found.code == code


@pytest.mark.parametrize("text", ["NA", "N/A", "NR", "n/a"])
def test_find__letters_that_mean_two_reasons__find_none(text: str) -> None:
    assert MISSING.find(text) is None


def test_faults__the_same_letters_for_two_reasons__are_one() -> None:
    codes = (
        Code("SO", {"en": "NA – Not applicable"}, {}, missing=AnswerStatus.NOT_APPLICABLE),
        Code("ND", {"fr": "NA – Non disponible"}, {}, missing=AnswerStatus.NOT_AVAILABLE),
    )
    assert Codelist("missing", codes).faults() == ["the codes SO and ND share the text “na”"]
    assert Codelist("one", (Code("A", {"en": "NA – North America"}, {}),)).find("NA") is None
