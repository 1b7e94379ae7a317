"""The names on the tabs of a workbook: short, each once, in no language, and safe in the formulas of every program."""

from __future__ import annotations

from dataclasses import replace

import pytest

from questionnaire.declaration.form import Instrument
from questionnaire.declaration.instrument import INSTRUMENTS, read_instrument
from questionnaire.layout import Layout
from questionnaire.messages import LANGUAGES, wording
from questionnaire.sheet_names import CHECKS, COVER, OVERVIEW, SIGNS, free_tab, tab_names
from tests.given import mini, seed
from tests.with_list import instrument


def with_sections(*codes: str) -> Instrument:
    sections = (replace(mini().sections[0], code=code, label={"en": "Water"}) for code in codes)
    return replace(mini(), sections=tuple(sections))


def test_tabs__of_the_worked_instruments__are_signs_and_codes_of_no_language() -> None:
    signs = {"cover": "i", "overview": "Σ", "check": "✓", "glossary": "A–Z"}
    found = tab_names(Layout(seed()))
    assert found == {**signs, "P": "P…", "R": "R…", "A": "A…", "list_agreements": "≡"}
    found = tab_names(Layout(read_instrument(INSTRUMENTS / "criminal-justice")))
    assert found == {
        **signs, "J": "J…", "V": "V…", "R": "R…", "list_investigated": "J01a ≡", "list_prosecuted": "J01b ≡",
        "list_convicted": "J01c ≡", "list_victims": "V03a ≡",
    }  # fmt: skip


@pytest.mark.parametrize("code", ["R", "C", "RC", "P1"])
def test_tab__of_a_section_called_as_a_cell__is_none(code: str) -> None:
    name = tab_names(Layout(with_sections(code)))[code]
    assert name == f"{code}…"
    # Every program puts such a name between quotation marks; without the sign LibreOffice saves R!$B$2.
    assert not name.replace("_", "").isalnum()


def test_tabs__of_two_lists__are_numbered() -> None:
    listed = instrument()
    [block] = listed.lists
    tabs = tab_names(Layout(replace(listed, lists=(block, replace(block, code="loans")))))
    assert (tabs["list_projects"], tabs["list_loans"]) == ("≡", "≡ 2")


@pytest.mark.parametrize(
    ("key", "sheet"),
    [("cover_to_questions", OVERVIEW), ("cover_to_checks", CHECKS), ("cover_step_4", CHECKS), ("points_intro", COVER)],
)
def test_sentence_of_the_workbook__about_a_sheet__has_the_sign_on_its_tab(key: str, sheet: str) -> None:
    texts = wording("workbook", key)
    assert [language for language in LANGUAGES if SIGNS[sheet] not in _words(texts[language])] == []


@pytest.mark.parametrize("key", ["body_invitation", "body_feedback"])
def test_letter__about_the_cover__has_the_sign_on_its_tab(key: str) -> None:
    texts = wording("letters", key)
    assert [language for language in LANGUAGES if SIGNS[COVER] not in _words(texts[language])] == []


def _words(text: str) -> list[str]:
    return [word.strip("()«»“”,.: \N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}") for word in text.split()]


def test_free_tab__of_a_long_name__keeps_whole_words() -> None:
    assert free_tab("R Répression et responsabilité", set()) == "R Répression"


def test_free_tab__of_one_long_word__is_cut_to_what_programs_take() -> None:
    assert free_tab("0 " + "x" * 40, set()) == "0 " + "x" * 29


def test_free_tab__with_signs_that_no_program_takes__is_without() -> None:
    assert free_tab("0 Water: [wells]/?", set()) == "0 Water wells"


def test_free_tab__with_a_straight_apostrophe__has_a_curved_one() -> None:
    assert free_tab("0 L'eau d'ici", set()) == "0 L’eau d’ici"


@pytest.mark.parametrize(("wanted", "name"), [("_LISTS", "_LISTS 2"), ("glossary", "glossary 2")])
def test_free_tab__that_there_is_already__small_or_capital__takes_a_number(wanted: str, name: str) -> None:
    assert free_tab(wanted, {"_lists", "glossary"}) == name
