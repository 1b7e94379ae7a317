"""Owns marks of footnotes and words that stand in the place of an indicator; it changes nothing but what it says."""

from __future__ import annotations

import re

from questionnaire.indicator_table.lines import normalise
from questionnaire.indicator_table.vocabulary import matches, starts_with, words_of

_RAISED = "¹²³⁴⁵⁶⁷⁸⁹⁰ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻ⁾⁽"
_POWER = re.compile(r"(?:^|[\s\d/(])(?:[kcdm]?m|ha|10)$")
_FOOTNOTE = re.compile(rf"\s*(?:[{_RAISED}]+(?:\s?[,;]\s?[{_RAISED}]+)*|\[\d{{1,3}}\]|\*{{1,3}}|[†‡§]+)(?=$|[.,;:)\s])")
_NOTHING = re.compile(r"[\s\-–—.…_/*?xX0]*")
_FEW_WORDS = 12


def without_footnotes(text: str) -> tuple[str, tuple[str, ...]]:
    """A text without the marks of footnotes in it, and the marks; the powers of m² and km³ are none."""
    found: list[str] = []

    def taken(match: re.Match[str]) -> str:
        raised = match[0].strip()
        if match.start() == 0 or (raised in "²³" and _POWER.search(text[: match.start()])):
            return match[0]
        if raised.startswith("*") and match[0] != raised and match.end() < len(text):
            return match[0]
        found.append(raised)
        return ""

    return _FOOTNOTE.sub(taken, text), tuple(found)


def state_of(text: str) -> str:
    """`retired` or `pending` for a text that says there is no such indicator (any more, or yet), `empty` for none."""
    shown = normalise(text).strip("[]() ")
    if _NOTHING.fullmatch(shown):
        return "empty"
    for state in ("retired", "pending"):
        if starts_with(shown, state):
            return state
        # Longer texts say such words of something else: "Number of deleted records".
        words = words_of(shown)
        if len(words) <= _FEW_WORDS and words and any(m.length > 2 for m in matches(words, (state,))):
            return state
    last = re.search(r"[\[(]([^\[\]()]*)[\])]\W*$", normalise(text))
    return "retired" if last and starts_with(last[1], "retired") else ""
