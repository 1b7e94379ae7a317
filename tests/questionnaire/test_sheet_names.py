"""The names on the tabs of a workbook: short, whole words, each once."""

from __future__ import annotations

from dataclasses import replace

import pytest

from questionnaire.declaration.form import Instrument
from questionnaire.layout import Layout
from questionnaire.sheet_names import GLOSSARY, tab_names
from tests.given import mini, seed
from tests.with_list import instrument


def with_sections(*labels: str) -> Instrument:
    sections = (replace(mini().sections[0], code=str(place), label={"en": label}) for place, label in enumerate(labels))
    return replace(mini(), sections=tuple(sections))


@pytest.mark.parametrize("language", ["fr", "es", "en", "pt"])
def test_tabs__in_every_language__are_short_and_unique(language: str) -> None:
    tabs = tab_names(Layout(seed()), language)
    assert len({name.casefold() for name in tabs.values()}) == len(tabs)
    assert all(0 < len(name) <= 20 for name in tabs.values())


def test_tabs__of_a_long_name__keep_whole_words() -> None:
    found = {language: tab_names(Layout(seed()), language)["R"] for language in ("fr", "es", "en", "pt")}
    assert found == {"fr": "R Répression", "es": "R Represión", "en": "R Suppression", "pt": "R Repressão"}


def test_tabs__of_one_long_word__are_cut_to_what_programs_take() -> None:
    assert tab_names(Layout(with_sections("x" * 40)), "en")["0"] == "0 " + "x" * 29


def test_tabs__with_signs_that_no_program_takes__are_without() -> None:
    assert tab_names(Layout(with_sections("Water: [wells]/?")), "en")["0"] == "0 Water wells"


def test_tabs__with_a_straight_apostrophe__have_a_curved_one() -> None:
    assert tab_names(Layout(with_sections("L'eau d'ici")), "en")["0"] == "0 L’eau d’ici"


@pytest.mark.parametrize(("label", "name"), [("_LISTS", "_LISTS 2"), ("glossary", "glossary 2")])
def test_tab__that_there_is_already__small_or_capital__takes_a_number(label: str, name: str) -> None:
    lists = instrument()
    renamed = replace(lists, lists=(replace(lists.lists[0], label={"en": label}),))
    tabs = tab_names(Layout(renamed), "en")
    assert (tabs["list_projects"], tabs[GLOSSARY]) == (name, "Glossary")
