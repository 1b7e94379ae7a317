"""Sentences with numbers in them: one file, two files, in every language."""

from __future__ import annotations

from string import Formatter

import numpy as np
import pytest

from questionnaire.messages import LANGUAGES, filled, finding_codes, finding_wording, keys, say, wording

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
    sentences = {key: wording("summary", key) for key in keys("summary")}
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
