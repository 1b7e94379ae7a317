"""How long a text in a cell may be: programs count units of UTF-16, and an emoji is two."""

import pytest

from questionnaire.cell_texts import MOST_UNITS, beginning, is_one_unit_each


@pytest.mark.parametrize(
    ("text", "most", "kept"),
    [
        ("abcd", 3, "abc"),
        ("été", 3, "été"),
        ("", 3, ""),
        ("😀😀", 4, "😀😀"),
        ("😀😀", 3, "😀"),
        ("a😀", 2, "a"),
        ("a😀b", 4, "a😀b"),
        ("a😀b", 3, "a😀"),
        ("😀", 1, ""),
        ("\udc00\udc00\udc00", 2, "\udc00\udc00"),
    ],
)
def test_beginning__holds_as_many_units_and_halves_no_character(text: str, most: int, kept: str) -> None:
    assert beginning(text, most) == kept


def test_units__of_accents_and_signs__are_as_many_as_python_counts() -> None:
    assert [is_one_unit_each(text) for text in ("", "a", "é…€", "a😀")] == [True, True, True, False]


def test_beginning__of_a_cell__is_what_excel_takes() -> None:
    assert beginning("😀" * 20_000) == "😀" * (MOST_UNITS // 2)
    assert beginning("x" * 40_000) == "x" * MOST_UNITS
