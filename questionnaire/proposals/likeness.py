"""Judges whether two texts ask for the same: in other words, perhaps, or for something else."""

import re
import unicodedata
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import Enum
from functools import cache

from questionnaire.codelists import choice_key
from questionnaire.messages import wording
from questionnaire.proposals.phrases import phrases

_WORD = re.compile(r"\w+")
_ALIKE = 0.5
_STEM = 5
_SHORT = 3


class Likeness(Enum):
    """How alike two texts are; a doubtful pair is for a person to judge."""

    SAME = 0
    REWORDED = 1
    DOUBTFUL = 2
    OTHER = 3


@dataclass(frozen=True)
class Comparison:
    """How alike two texts are, and the words that only one of them has."""

    likeness: Likeness
    gone: tuple[str, ...] = ()
    come: tuple[str, ...] = ()


def compared(then: str, now: str) -> Comparison:
    """How alike two texts are.

    Words added or left out are another wording. Other numbers, a word in the place of another, or one that turns the
    meaning (not, without, women) may ask for something else.
    """
    if choice_key(then) == choice_key(now):
        return Comparison(Likeness.SAME)
    before, after = _words(then), _words(now)
    stems = {_stem(word) for word in before} & {_stem(word) for word in after}
    gone, come = (tuple(word for word in words if _stem(word) not in stems) for words in (before, after))
    if SequenceMatcher(None, [_stem(word) for word in before], [_stem(word) for word in after]).ratio() < _ALIKE:
        return Comparison(Likeness.OTHER, gone, come)
    weighty = [[word for word in words if _weighs(word)] for words in (gone, come)]
    turned = any(word in _turning() or word.isdecimal() for word in (*gone, *come))
    return Comparison(Likeness.DOUBTFUL if turned or all(weighty) else Likeness.REWORDED, gone, come)


def _words(text: str) -> list[str]:
    plain = unicodedata.normalize("NFKD", text.casefold())
    return _WORD.findall("".join(sign for sign in plain if not unicodedata.combining(sign)))


def _stem(word: str) -> str:
    return word if any(sign.isdecimal() for sign in word) or word in _turning() else word[:_STEM]


def _weighs(word: str) -> bool:
    """Whether a word says what is asked: oil and gas do, articles do not."""
    return any(sign.isdecimal() for sign in word) or (len(word) >= _SHORT and word not in _small())


@cache
def _small() -> frozenset[str]:
    """Articles and prepositions of all languages."""
    return frozenset(word for phrase in phrases("table_heads", "unfinished") for word in phrase)


@cache
def _turning() -> frozenset[str]:
    """The words that turn the meaning of a text, in all languages."""
    return frozenset(word for text in wording("editions", "turning").values() for word in _words(text))
