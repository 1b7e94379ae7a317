"""Texts made safe to show: nothing a program obeys is left, nothing a person sees is lost."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.safe_text import harmless, on_one_line, shown

TEXTS = st.text(st.characters(codec=None, exclude_categories=())) | st.text(
    "=+-@ \t\r\n'\u200b\u202e\x1b\ufeff1a＝", max_size=8
)


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        ("=1+1", "'=1+1"),
        ("+1", "'+1"),
        ("-5", "'-5"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("  =1", "'  =1"),
        ("\t=1", "'\t=1"),
        ("\r\n=1", "'\n=1"),
        ("\u200b=1", "'=1"),
        ("\ufeff=1", "'=1"),
        ("\u202e=1", "'=1"),
        ("＝1", "'＝1"),
        ("'=1", "'=1"),
        ("a=1", "a=1"),
        ("État – 5 %", "État – 5 %"),
        ("two\nlines", "two\nlines"),
        ("bell\x07 and \x1b[31mred", "bell and [31mred"),
        ("evil\u202etxt.exe", "eviltxt.exe"),
        ("half \ud800 pair", "half  pair"),
        ("\ufdd0token\ufdd1", "token"),
        ("\ufdcf\ufdef\ufdf0", "\ufdcf\ufdf0"),
        ("", ""),
    ],
)
def test_harmless__text__is_what_a_spreadsheet_may_hold(text: str, safe: str) -> None:
    assert harmless(text) == safe


@given(TEXTS)
def test_harmless__any_text__begins_with_no_formula_and_holds_nothing_unseen(text: str) -> None:
    safe = harmless(text)
    assert safe.strip()[:1] not in tuple("=+-@＝＋－＠")
    assert harmless(safe) == safe
    assert not {unicodedata.category(sign) for sign in safe} & {"Cs"}
    assert not [sign for sign in safe if unicodedata.category(sign) == "Cc" and sign not in "\t\n"]
    assert not [sign for sign in safe if unicodedata.bidirectional(sign) in ("RLO", "LRO", "RLE", "LRE", "RLI", "LRI")]
    safe.encode()


@given(TEXTS)
def test_shown__any_text__keeps_every_visible_character(text: str) -> None:
    def visible(of: str) -> list[str]:
        return [
            sign for sign in of if unicodedata.category(sign)[0] in "LNPS" and sign not in "\u115f\u1160\u3164\uffa0"
        ]

    assert visible(shown(text)) == visible(text)


@given(TEXTS)
def test_on_one_line__any_text__stays_on_its_line(text: str) -> None:
    assert len(on_one_line(text).splitlines()) <= 1
