"""Finds the respondents that a file's name names: by code, name or alias, in any language."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import lru_cache

from questionnaire.rounds.round import Respondent

# Two letters are words in too many languages ("do", "pa", "us") to name anybody.
_SHORTEST_NAME = 3

Words = tuple[str, ...]


def named_in(name: str, respondents: tuple[Respondent, ...]) -> tuple[str, ...]:
    """The codes of the respondents that a file name names, in the order of the frame.

    Codes count in capitals only (`PER`, not `per`; `S-0042` with any sign between), and the longest name first:
    "Estados Unidos Mexicanos" does not name the United States.
    """
    stem = re.sub(r"\.\w{1,5}$", "", name)
    words = _words(stem)
    plain = [_plain(word) for word in words]
    found: set[str] = set()
    for code, naming in _namings(tuple((r.code, (*r.name.values(), *r.aliases)) for r in respondents)):
        for start in _positions(plain, naming):
            found.add(code)
            plain[start : start + len(naming)] = [""] * len(naming)
    for words_of, code in sorted(
        ((tuple(_words(r.code)), r.code) for r in respondents), key=lambda item: -len(item[0])
    ):
        for start in _positions(words, words_of):
            if all(plain[start : start + len(words_of)]):
                found.add(code)
                plain[start : start + len(words_of)] = [""] * len(words_of)
    return tuple(respondent.code for respondent in respondents if respondent.code in found)


def only_named_in(name: str, respondents: tuple[Respondent, ...]) -> str:
    """The code of the one respondent that the name of a file, without its folders, names; "" for none or several."""
    named = named_in(name.rpartition("/")[2], respondents)
    return named[0] if len(named) == 1 else ""


@lru_cache(maxsize=8)
def _namings(names: tuple[tuple[str, Words], ...]) -> tuple[tuple[str, Words], ...]:
    """(code, the words of one of its names), longest first."""
    found = {
        (code, words)
        for code, texts in names
        for text in texts
        if len("".join(words := tuple(_plain(word) for word in _words(text)))) > _SHORTEST_NAME
    }
    return tuple(sorted(found, key=lambda item: (-len(item[1]), item)))


def _positions(words: Sequence[str], naming: Words) -> Iterator[int]:
    for start in range(len(words) - len(naming) + 1):
        if tuple(words[start : start + len(naming)]) == naming:
            yield start


def _words(text: str) -> list[str]:
    return re.findall(r"[^\W_]+", unicodedata.normalize("NFC", text))


def _plain(word: str) -> str:
    """Without accents and capitals."""
    decomposed = unicodedata.normalize("NFD", word)
    return "".join(sign for sign in decomposed if not unicodedata.combining(sign)).casefold()
