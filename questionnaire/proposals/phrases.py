"""Finds phrases of the tables in `wordings/` in the text of an indicator; it decides nothing about answers."""

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from questionnaire.indicator_table.vocabulary import plain
from questionnaire.messages import LANGUAGES

_WORDINGS = Path(__file__).parents[1] / "wordings"
_NUMERO = re.compile(r"\b[Nn]\.?\s?[°º]\s*(?!\w)|№")
_TOKEN = re.compile(r"\d{1,3}(?:[\s.,]\d{3})+(?!\d)|[^\W_]+|%|#")
_GROUPING = re.compile(r"(?<=\d)\D(?=\d{3})")

Phrase = tuple[str, ...]


@dataclass(frozen=True)
class Token:
    """A word as it is compared, and where it stands in the text."""

    word: str
    start: int
    end: int


@dataclass(frozen=True)
class Found:
    """A phrase of a group in a text: at which word, how many words, and the words as printed."""

    group: str
    at: int
    length: int
    printed: str


@dataclass(frozen=True)
class Words:
    """A text and its words; numbers such as 100 000 and 100,000 are one word, N° is “no”."""

    text: str
    tokens: tuple[Token, ...]

    @classmethod
    def of(cls, text: str) -> "Words":
        shown = _NUMERO.sub(" no ", text)
        found = _TOKEN.finditer(shown)
        return cls(shown, tuple(Token(_compared(_GROUPING.sub("", m[0])), m.start(), m.end()) for m in found))

    def find(self, group: str, phrases: Sequence[Phrase]) -> Iterator[Found]:
        """Every place where a phrase stands, the longest of each place; none within another one."""
        at = 0
        while at < len(self.tokens):
            length = max((len(phrase) for phrase in phrases if self._stands(phrase, at)), default=0)
            if length:
                yield Found(group, at, length, self.printed(at, at + length))
            at += max(length, 1)

    def printed(self, start: int, end: int) -> str:
        """The words from one to another as the text has them."""
        return self.text[self.tokens[start].start : self.tokens[end - 1].end]

    def _stands(self, phrase: Phrase, at: int) -> bool:
        tokens = self.tokens[at : at + len(phrase)]
        return len(tokens) == len(phrase) and all(
            token.word.startswith(word[:-1]) if word.endswith("*") else token.word == word
            for token, word in zip(tokens, phrase, strict=True)
        )


@cache
def catalogue(name: str) -> Mapping[str, Mapping[str, Any]]:
    """The groups of a table of words, by name, in the order of the file."""
    with (_WORDINGS / f"{name}.toml").open("rb") as file:
        return tomllib.load(file)


@cache
def phrases(name: str, group: str, language: str = "") -> tuple[Phrase, ...]:
    """The phrases of a group, in one language or in all of them."""
    entry = catalogue(name)[group]
    languages = [one for one in LANGUAGES if language in ("", one)]
    texts = entry["words"] if "words" in entry else [text for one in languages for text in entry[one]]
    return tuple(dict.fromkeys(tuple(_compared(text).split()) for text in texts))


def _compared(text: str) -> str:
    return plain(text).replace("œ", "oe")
