"""Footnote marks come off, powers stay; words in the place of an indicator are told from indicators about them."""

import pytest

from questionnaire.indicator_table.marks import state_of, without_footnotes


@pytest.mark.parametrize(
    ("text", "bare", "marks"),
    [
        ("Rate¹", "Rate", ("¹",)),
        ("Rate*", "Rate", ("*",)),
        ("Rate [2]", "Rate", ("[2]",)),
        ("Deaths† per 1,000", "Deaths per 1,000", ("†",)),
        ("Emissions¹, ²", "Emissions", ("¹, ²",)),
        ("PIBⁱ and b²", "PIB and b", ("ⁱ", "²")),
    ],
)
def test_footnotes__taken_off_and_named(text: str, bare: str, marks: tuple[str, ...]) -> None:
    assert without_footnotes(text) == (bare, marks)


@pytest.mark.parametrize("text", ["Area in km²", "Volume (m³)", "People per km² of land", "2 * 3", "* Rate", "CO₂"])
def test_footnotes__powers_and_signs__stay(text: str) -> None:
    assert without_footnotes(text) == (text, ())


@pytest.mark.parametrize(
    ("text", "state"),
    [
        ("", "empty"),
        (" – ", "empty"),
        ("...", "empty"),
        ("n/a", "pending"),
        ("TBD", "pending"),
        ("No suitable indicator was proposed", "pending"),
        ("[No suitable replacement indicator was proposed. The community is encouraged to work on it.]", "pending"),
        ("Aucun indicateur n’a été proposé", "pending"),
        ("Por definir", "pending"),
        ("A ser definido", "pending"),
        ("Deleted", "retired"),
        ("[Indicator deleted]", "retired"),
        ("Share of people (supprimé)", "retired"),
        ("Share of people", ""),
        ("Number of deleted records", ""),
        ("Nonetheless", ""),
        ("Share of plans of which the experts said that no suitable indicator was to be found in them", ""),
        ("Rate of people under development aid", ""),
        ("Replacement of asbestos roofs", ""),
    ],
)
def test_state__of_what_stands_for_an_indicator(text: str, state: str) -> None:
    assert state_of(text) == state


def test_star__that_clings_to_a_word_within__is_a_mark_and_one_that_stands_alone_is_none() -> None:
    assert without_footnotes("Wells* dug") == ("Wells dug", ("*",))
    assert without_footnotes("Wells * dug") == ("Wells * dug", ())
