"""The language of a table is recognised by its texts."""

from __future__ import annotations

import pytest

from questionnaire.messages import LANGUAGES
from questionnaire.proposals.languages import language_of
from tests.questionnaire.proposals.test_proposal import JUDGED


def test_language__of_each_judged_text__is_mostly_recognised() -> None:
    wrong = [text for language, text, _ in JUDGED if language_of([text]) != language]
    assert len(wrong) <= len(JUDGED) // 10, wrong


@pytest.mark.parametrize("language", LANGUAGES)
def test_language__of_all_texts_together__is_recognised(language: str) -> None:
    assert language_of([text for one, text, _ in JUDGED if one == language]) == language


def test_language__of_no_words__is_english() -> None:
    assert language_of(["", "X1"]) == "en"
