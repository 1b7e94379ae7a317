"""Recognises words in the four languages of `wordings/table_heads.toml`; it decides nothing about tables.

Texts are compared word by word, without accents, case, plural endings, punctuation and what stands in brackets.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_FILE = Path(__file__).parents[1] / "wordings" / "table_heads.toml"
_PLURAL = re.compile(r"\((?:s|es|x)\)", re.IGNORECASE)
_BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
_HUMP = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z]{3})(?=[A-Z][a-z])")
_WORD = re.compile(r"[^\W_]+|#")
_NUMERO = re.compile(r"\b[Nn]\.?\s?[°ºo]\.?(?!\w)|№")

Words = tuple[str, ...]


@dataclass(frozen=True)
class Match:
    """A phrase found among words: its group, where it starts, and how many words it has."""

    group: str
    start: int
    length: int


def plain(text: str) -> str:
    """A text without accents and case."""
    letters = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


def words_of(text: str) -> Words:
    """The words of a text, without what stands in brackets; `TargetsNumber` and `target_number` are two words each."""
    text = _NUMERO.sub(" no ", _PLURAL.sub("", text))
    outside = _BRACKETS.sub(" ", text)
    parts = _HUMP.sub(" ", outside if _WORD.search(outside) else text)
    return tuple(plain(word).replace("#", "no") for word in _WORD.findall(parts))


def matches(words: Words, groups: tuple[str, ...]) -> list[Match]:
    """The longest phrase of each place among words, in order; a phrase within a longer one is not found."""
    found: list[Match] = []
    position = 0
    while position < len(words):
        best = max(_at(words, position, groups), key=lambda match: match.length, default=None)
        if best:
            found.append(best)
        position += best.length if best else 1
    return found


def starts_with(text: str, group: str) -> int:
    """How many words of a phrase of the group a text starts with; 0 for none."""
    return max((match.length for match in _at(words_of(text), 0, (group,))), default=0)


def _at(words: Words, position: int, groups: tuple[str, ...]) -> Iterator[Match]:
    if position >= len(words):
        return
    for group, phrase in _by_first_word(groups).get(words[position], ()):
        part = words[position : position + len(phrase)]
        if len(part) == len(phrase) and all(word in _forms(wanted) for word, wanted in zip(part, phrase, strict=True)):
            yield Match(group, position, len(phrase))


@cache
def _forms(word: str) -> tuple[str, ...]:
    """A word and its plurals, as the four languages form them."""
    return (word, word + "s", word + "es", word + "x") if len(word) > 2 else (word,)


@cache
def _by_first_word(groups: tuple[str, ...]) -> dict[str, list[tuple[str, Words]]]:
    """The phrases of groups, in their order, by each form of their first word."""
    found: dict[str, list[tuple[str, Words]]] = {}
    for group in groups:
        for phrase in phrases(group):
            for form in _forms(phrase[0]):
                found.setdefault(form, []).append((group, phrase))
    return found


@cache
def phrases(group: str) -> tuple[Words, ...]:
    """The phrases of a group in all languages, each as its words."""
    languages = _groups()[group]
    return tuple(dict.fromkeys(words_of(phrase) for texts in languages.values() for phrase in texts))


@cache
def examples(group: str) -> str:
    """The first phrase of a group in each language, for a message."""
    return ", ".join(dict.fromkeys(texts[0] for texts in _groups()[group].values()))


@cache
def _groups() -> dict[str, dict[str, list[str]]]:
    with _FILE.open("rb") as file:
        return tomllib.load(file)
