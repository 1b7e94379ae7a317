"""Sentences with numbers in them: one file, two files, in every language."""

from __future__ import annotations

from string import Formatter

import numpy as np
import pytest

from questionnaire import messages
from questionnaire.messages import (
    LANGUAGES,
    Effect,
    FindingTraits,
    filled,
    filled_in_all,
    finding_codes,
    finding_traits,
    finding_wording,
    keys,
    quoted,
    say,
    with_colon,
    wording,
)

_WORDS = "{n} {n:file|files}"


@pytest.mark.parametrize(
    ("language", "number", "said"),
    [
        ("en", 0, "0 files"), ("en", 1, "1 file"), ("en", 2, "2 files"),
        ("es", 0, "0 files"), ("es", 1, "1 file"), ("es", 21, "21 files"),
        ("fr", 0, "0 file"), ("fr", 1, "1 file"), ("fr", 2, "2 files"),
        ("pt", 0, "0 file"), ("pt", 1, "1 file"), ("pt", 2, "2 files"),
        ("en", np.int64(1), "1 file"),
    ],
)  # fmt: skip
def test_filled__a_number__chooses_the_word_that_its_language_takes(language: str, number: int, said: str) -> None:
    assert filled(_WORDS, language, {"n": number}) == said


def test_filled__a_wording__is_said_in_the_same_language() -> None:
    label = {"en": "Fully", "fr": "En entier"}
    assert [filled("({previous})", language, {"previous": label}) for language in ("fr", "en", "pt")] == [
        "(En entier)", "(Fully)", "(Fully)",
    ]  # fmt: skip


def test_filled__anything_else__stands_as_it_is() -> None:
    values = {"number": 1234567, "text": "a|b {c}", "yes": True, "share": 0.5}
    assert filled("{number} {number:05d} {text} {yes} {share}", "en", values) == "1234567 1234567 a|b {c} True 0.5"


@pytest.mark.parametrize(
    ("language", "one", "more"),
    [
        ("fr", "1 questionnaire écrit dans x", "2 questionnaires écrits dans x"),
        ("es", "1 cuestionario escrito en x", "2 cuestionarios escritos en x"),
        (
            "en",
            "1 questionnaire written to x; index.csv lists it.",
            "2 questionnaires written to x; index.csv lists them.",
        ),
        ("pt", "1 questionário gravado em x", "2 questionários gravados em x"),
    ],
)
def test_say__one_and_more__are_said_as_people_say_them(language: str, one: str, more: str) -> None:
    for count, said in ((1, one), (2, more)):
        assert say("summary", "questionnaires_written", language, count=count, folder="x").startswith(said)


def test_sentences__that_choose_a_word__do_so_in_every_language_and_offer_two() -> None:
    catalogues = ("summary", "verify", "codes")
    sentences = {f"{name}.{key}": wording(name, key) for name in catalogues for key in keys(name)}
    for code in finding_codes():
        found = finding_wording(code)
        sentences |= {f"{code}.message": found.message, f"{code}.remedy": found.remedy}
    for key, texts in sentences.items():
        assert set(texts) == set(LANGUAGES), key
        for language, text in texts.items():
            parts = [(name, words) for _, name, words, _ in Formatter().parse(text) if name]
            assert all(not words or words.count("|") == 1 for _, words in parts), (key, language)
            said = filled(text, language, {name: 2 for name, _ in parts})
            assert not set("{|}") & set(said), (key, language)


def test_findings__every_entry__has_the_columns_that_the_file_explains_and_no_others() -> None:
    words = {"reason", "message", "remedy"}
    traits: dict[str, set[object]] = {
        "effect": {"holds", "unseen", "foreign", "incomplete"},
        "damage": {True},
        "layout_only": {True},
    }
    for code, entry in messages._table("findings").items():
        assert words <= set(entry) <= words | set(traits) | {"short"}, code
        assert all(entry[column] in allowed for column, allowed in traits.items() if column in entry), code


def test_traits__of_a_finding__are_those_of_its_entry__and_none_of_a_rule_of_an_instrument() -> None:
    assert finding_traits("no_identity") == FindingTraits(effect=Effect.HOLDS)
    assert finding_traits("other_round") == FindingTraits(effect=Effect.FOREIGN)
    assert finding_traits("row_missing") == FindingTraits(damage=True, layout_only=True)
    assert finding_traits("V01") == finding_traits("empty_return") == FindingTraits()


def test_short_words__of_a_finding_without_any__are_its_message() -> None:
    assert finding_wording("required").short["en"] == "To answer" != finding_wording("required").message["en"]
    assert finding_wording("range").short == finding_wording("range").message


def test_filled_in_all__one_text__is_filled_in_each_language() -> None:
    texts = {"en": "{n} {n:file|files}", "fr": "{n} {n:fichier|fichiers}"}
    assert filled_in_all(texts, n=0) == {"en": "0 files", "fr": "0 fichier"}


@pytest.mark.parametrize(
    ("language", "said"), [("fr", "« {a} » : 3"), ("es", "«{a}»: 3"), ("en", "“{a}”: 3"), ("pt", "“{a}”: 3")]
)
def test_with_colon__a_quoted_text__has_the_marks_and_spaces_of_its_language(language: str, said: str) -> None:
    assert with_colon(quoted("{a}", language), "3", language) == said
