"""A cell that holds several indicators is taken apart, one that holds a list of parts is not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from questionnaire.indicator_table.grids.cell_lists import indicators_of, lines_of


def texts(cell: str, beside: tuple[int, ...] = ()) -> list[str]:
    return [item.text for item in indicators_of(cell, beside).items]


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("• Nurses hired\n• Beds bought", ["Nurses hired", "Beds bought"]),
        ("* Nurses hired\n\n\n* Beds bought", ["Nurses hired", "Beds bought"]),
        ("- nurses hired\n- beds bought", ["nurses hired", "beds bought"]),
        ("1.1.1 Nurses\n1.1.2 Beds", ["1.1.1 Nurses", "1.1.2 Beds"]),
        ("a) Nurses\nb) Beds\nin hospitals", ["a) Nurses", "b) Beds\nin hospitals"]),
        ("Outcome indicators:\n- Nurses\n- Beds", ["Nurses", "Beds"]),
        ("Number of nurses\nNumber of beds", ["Number of nurses", "Number of beds"]),
        ("Intake of vitamin A\nIntake of iron", ["Intake of vitamin A", "Intake of iron"]),
        ("Number of nurses • Number of beds", ["Number of nurses", "Number of beds"]),
        ("LSC-hubs in use\nPlans adopted", ["LSC-hubs in use", "Plans adopted"]),
    ],
)
def test_several__one_each(cell: str, expected: list[str]) -> None:
    assert texts(cell) == expected


@pytest.mark.parametrize(
    "cell",
    [
        "Number of agreements with the\nUnited Nations",
        "People who\nlive in towns",
        "Share of births\n(urban)",
        "Number of:\n- men\n- women",
        "Share of people, by:\na) sex\nb) age",
        "Share of people\n- by sex\n- by age",
        "Schools with water\n- (of the state)\n- private ones",
        "- Schools with:\n- water\n- light",
        "Number of victims\n%",
        "Extent to which (a) laws and (b) plans exist",
        "Nurses hired",
    ],
)
def test_one__not_taken_apart(cell: str) -> None:
    assert texts(cell) == [cell.removeprefix("- ")]


def test_line__with_a_head_and_other_words__is_no_attribute() -> None:
    [item] = indicators_of("Lakes kept clean:\nBaseline: 20").items
    assert [(one[0], one[2]) for one in item.attributes] == [("baseline", "20")]
    [item] = indicators_of("Lakes kept clean,\nbaseline of the lakes restored: 20").items
    assert item.attributes == ()


@pytest.mark.parametrize(
    ("cell", "beside", "doubt"),
    [
        ("Number of nurses\nNumber of beds", (), "lines"),
        ("Number of nurses\nNumber of beds", (2,), ""),
        ("• Nurses\n• Beds", (), ""),
        ("Nurses hired\n• Beds bought", (), "above"),
        ("Number of:\n- men\n- women", (), "kept"),
    ],
)
def test_doubt__what_is_not_sure_is_said(cell: str, beside: tuple[int, ...], doubt: str) -> None:
    assert indicators_of(cell, beside).doubt == doubt


def test_attributes__lines_below_an_indicator__kept_as_such() -> None:
    [item] = indicators_of("Share of people\nBaseline: 20% (2019)\nMeta 2030: 40%").items
    assert item.text == "Share of people"
    assert item.attributes == (("baseline", "Baseline", "20% (2019)"), ("target", "Meta 2030", "40%"))


def test_empty__no_item() -> None:
    assert indicators_of(" \n ").items == ()


WORDS = st.lists(st.sampled_from(["Share", "of", "people", "(a)", "2030", "10-14"]), min_size=1, max_size=5).map(
    " ".join
)


@given(st.lists(WORDS, min_size=2, max_size=30), st.sampled_from(["• ", "- ", "– ", "▪ ", "* "]))
def test_bulleted__any_texts__read_back_as_written(items: list[str], bullet: str) -> None:
    assert texts("\n".join(bullet + item for item in items)) == items


@given(st.text(alphabet="aB1.)-•: \n", max_size=60))
def test_any_cell__no_word_lost(cell: str) -> None:
    kept = "\n".join(item.verbatim for item in indicators_of(cell).items)
    assert "".join(kept.split()).replace("•", "") == "".join("\n".join(cell.splitlines()).split()).replace("•", "")


def test_lines_of__empty_lines_and_bullets_left_out() -> None:
    assert lines_of("0\n\n\n• 12\n") == ["0", "12"]
