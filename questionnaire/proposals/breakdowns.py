"""Finds the breakdowns that an indicator is to have, in its text and in columns that name some; it proposes nothing."""

from collections.abc import Iterator

from questionnaire.indicator_table.records import Indicator
from questionnaire.proposals.phrases import Found, Words, phrases

_BREAKDOWNS = "breakdown_words"
_NEAR = 3
"""A breakdown stands at most so many words behind “by” or the breakdown before it."""
_YES = frozenset(("yes", "oui", "sí", "si", "sim", "x", "✓", "✔"))
_NO = frozenset(("no", "non", "não", "nao", "-", "–", "—", "none", "n/a", "na", "no aplica", "não se aplica", "néant"))


def disaggregation(indicator: Indicator) -> str:
    """What the columns of breakdowns say; of one that says only yes, its head, such as “Disaggregation: sex”."""
    columns = [(one.head, one.text.strip()) for one in indicator.attributes if one.role == "disaggregation"]
    said = (head if text.casefold() in _YES else text for head, text in columns if text.casefold() not in _NO)
    return "; ".join(text for text in said if text)


def wanted(indicator: Indicator, words: Words) -> list[Found]:
    """The breakdowns that an indicator is to have: those of the columns that name some, and those of its text."""
    return [*_named(Words.of(disaggregation(indicator))), *_broken_down(words)]


def _named(words: Words) -> list[Found]:
    """The breakdowns that a text names, in its order."""
    found = [one for group in ("sex", "age", "other") for one in words.find(group, phrases(_BREAKDOWNS, group))]
    return sorted(found, key=lambda one: one.at)


def _broken_down(words: Words) -> Iterator[Found]:
    """The breakdowns that stand close behind a word such as “by”, or behind one that does."""
    ends = [one.at + one.length for one in words.find("before", phrases(_BREAKDOWNS, "before"))]
    for one in _named(words):
        if any(0 <= one.at - end < _NEAR for end in ends):
            ends.append(one.at + one.length)
            yield one
