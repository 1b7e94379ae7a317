"""The words of letters: four languages, templates of the round, and nothing typed that becomes a placeholder."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.letters.letter import Letter
from pipeline.letters.wording import LETTERS, Letters
from questionnaire.messages import LANGUAGES
from questionnaire.rounds.contacts import Contact, Role
from questionnaire.tables import DeclarationError
from tests.given import mini_round


@pytest.mark.parametrize("letter", LETTERS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_letter__of_each_sort_and_language__is_filled_in(letter: str, language: str, tmp_path: Path) -> None:
    round_ = mini_round(tmp_path)
    respondent = replace(round_.participants[0], language=language)
    by = dt.date(2026, 6, 1)
    written = Letters(round_).write(letter, respondent, count=2, days=1, points="1. X", file="f.xlsx", correct_by=by)
    assert not set("{}") & set(written.subject + written.text)
    assert "Alphaland" in written.text + written.subject
    assert written.text.rstrip().endswith("secretariat@example.org")
    assert f'<html lang="{language}">' in written.html


def test_letter__of_the_round__takes_the_place_of_ours(tmp_path: Path) -> None:
    round_ = mini_round(tmp_path)
    (round_.folder / "letters").mkdir()
    own = "Subject: To {name}\r\n\r\n{salutation}\n\nSend {days:day|days} before {deadline}."
    (round_.folder / "letters" / "reminder.en.txt").write_text(own, encoding="utf-8")
    contact = Contact("AAA", "Ana", "a@a.example", Role.TO, "Dear {name} Ana,", ("AAA",))
    written = Letters(replace(round_, contacts=(contact,))).write("reminder", round_.participants[0], days=3)
    assert (written.subject, written.text) == (
        "To Alphaland", "Dear {name} Ana,\n\nSend days before 30 April 2026.\n"
    )  # fmt: skip
    assert Letters(round_).write("reminder", round_.participants[1]).subject.startswith("Rappel")


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("reminder.en.txt", "Subject: a\n\n{secret}", "{secret} stands for nothing"),
        ("reminder.en.txt", "Subject: a\n\n{name.__class__}", "a curly bracket stands alone"),
        ("reminder.en.txt", "Dear all", "does not begin with its subject"),
        ("remind.en.txt", "Subject: a\n\nb", "no letter is called so"),
    ],
)
def test_letter__of_the_round__that_cannot_be_filled__is_said(name: str, text: str, said: str, tmp_path: Path) -> None:
    round_ = mini_round(tmp_path)
    (round_.folder / "letters").mkdir()
    (round_.folder / "letters" / name).write_text(text, encoding="utf-8")
    with pytest.raises(DeclarationError, match=said):
        Letters(round_).write("reminder", round_.participants[0])


def test_page__of_a_letter__holds_its_text_and_no_markup_of_others() -> None:
    page = Letter.of("en", "A <b>", "Dear <i>,\n\n1. Point\n    P01 “x & y”\n").html
    assert "<title>A &lt;b&gt;</title>" in page
    assert '<p>1. Point</p><div style="margin-left: 1.5em">P01 “x &amp; y”</div>' in page
