"""Which texts the form prints by itself: what its levels mean too, whatever the codes of the levels are."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.reading.places.form_texts import FormTexts
from questionnaire.declaration.instrument import read_instrument
from questionnaire.layout import Layout
from questionnaire.messages import LANGUAGES, wording
from questionnaire.sheet_names import CHECKS, COVER, GLOSSARY, OVERVIEW, POINTS, SIGNS, tab_names
from tests.given import mini
from tests.made_instruments import Made, sections, table

STAGE = "stage,single_choice,stage,,,,,,always,How far?"
TYPES = "indicator_type,label_en,questions,anchors_en\nT,Thing,,little | some | much\n"


@pytest.mark.parametrize(
    ("text", "own"), [("LOW  little", True), ("HIGH  much", True), ("HIGH  plenty", False), ("much", False)]
)
def test_own__what_a_level_means__behind_its_code(tmp_path: Path, text: str, own: bool) -> None:
    settings = 'level = "stage"\n' + sections(("W", "WATER"))
    made = Made(table(("WATER", [["Wells"]])), (STAGE,), "stage", ("W01,T,,2",), settings, types=TYPES)
    assert FormTexts(Layout(read_instrument(made.write(tmp_path / "made")))).is_own(text) is own


@pytest.mark.parametrize(
    ("text", "asked"), [("Number", True), ("1. Number", True), ("Number of wells", False), ("Wells", False)]
)
def test_question__that_begins_what_its_indicator_says__is_not_asked_by_that(
    tmp_path: Path, text: str, asked: bool
) -> None:
    """Else the list of open points, a number and its indicator in each line, is taken for a section."""
    question = "count,whole_number,,,,,,,always,Number"
    design = Made(table(("WATER", [["Number of wells"]])), (question,), "count", ("W01,T,,",), sections(("W", "WATER")))
    layout = Layout(read_instrument(design.write(tmp_path / "made")))
    assert FormTexts(layout).asks(layout.slot("W01", "count"), text) is asked


@pytest.fixture(scope="module")
def texts() -> FormTexts:
    """Of the small instrument."""
    return FormTexts(Layout(mini()))


@pytest.mark.parametrize(
    ("name", "own"),
    [
        ("W…", True),
        ("W", True),
        ("W Water", True),
        ("W Eau", True),
        ("F…", False),
        ("W Work", False),
        ("Sheet1", False),
    ],
)
def test_section_sheet__by_its_sign_or_as_sent_earlier__is_recognized(texts: FormTexts, name: str, own: bool) -> None:
    assert texts.is_section_sheet(name, "W") is own


def test_own_sheets__by_their_signs_or_as_sent_earlier__are_recognized(texts: FormTexts) -> None:
    earlier = [wording("workbook", f"sheet_{key}")[language] for key in SIGNS for language in LANGUAGES]
    names = [*tab_names(Layout(mini())).values(), SIGNS[POINTS], *earlier, "_lists"]
    assert [name for name in names if not texts.is_own_sheet(name)] == []
    assert not texts.is_own_sheet("Notes")


def test_absent_sheets__are_called_as_those_that_are_there(texts: FormTexts) -> None:
    today = tab_names(Layout(mini()))
    assert texts.absent_sheets(today.values()) == []
    assert texts.absent_sheets([today["W"], today[COVER], today[GLOSSARY]]) == [SIGNS[OVERVIEW], SIGNS[CHECKS]]
    assert texts.absent_sheets(["W Eau", "Couverture", "Aperçu", "Glossary"]) == ["Vérification"]


def test_tabs__listed_on_other_sheets__are_no_remark_but_a_tick_is_nobodys(texts: FormTexts) -> None:
    assert {"i", "Σ", "W…", "A–Z"} <= texts.listed
    assert [texts.is_own(text) for text in ("W…", "W…  ·  Water", "✓", "×", "i")] == [True, True, False, False, False]
