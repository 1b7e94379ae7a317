"""Finds the respondents that a file's name names: by code, name or alias, in any language."""

import re
import unicodedata
from collections import defaultdict, deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from questionnaire.rounds.round import Respondent

# Two letters are words in too many languages ("do", "pa", "us") to name anybody.
_SHORTEST_NAME = 3

Words = tuple[str, ...]


def named_in(name: str, respondents: tuple[Respondent, ...]) -> tuple[str, ...]:
    """The codes of the respondents that a file name names, in the order of the frame.

    Codes count in capitals only (`PER`, not `per`; `S-0042` with any sign between), and the longest name first:
    "Estados Unidos Mexicanos" does not name the United States. A name that several bear names each of them.
    """
    frame = _frame(respondents)
    words = tuple(_words(re.sub(r"\.\w{1,5}$", "", name)))
    free, found = [True] * len(words), set[int]()
    for texts, namings in ((tuple(map(_plain, words)), frame.names), (words, frame.codes)):
        for known in namings:
            places = range(len(words) - known.length + 1)
            named = ((known.of.get(texts[start : start + known.length]), start) for start in places)
            for who, start in sorted((who, start) for who, start in named if who is not None):
                taken = slice(start, start + known.length)
                if all(free[taken]):
                    found.update(who)
                    free[taken] = [False] * known.length
    return tuple(respondents[who].code for who in sorted(found))


def only_named_in(name: str, respondents: tuple[Respondent, ...]) -> str:
    """The code of the one respondent that the name of a file, without its folders, names; "" for none or several."""
    named = named_in(name.rpartition("/")[2], respondents)
    return named[0] if len(named) == 1 else ""


@dataclass(frozen=True)
class _Namings:
    """What names respondents in so many words: the words, and the places in the frame of all whom they name."""

    length: int
    of: Mapping[Words, tuple[int, ...]]


@dataclass(frozen=True)
class _Frame:
    """How respondents are named, by names and by codes, each with the longest first."""

    respondents: tuple[Respondent, ...]
    names: tuple[_Namings, ...]
    codes: tuple[_Namings, ...]


_frames: deque[_Frame] = deque(maxlen=4)


def _frame(respondents: tuple[Respondent, ...]) -> _Frame:
    """The names of respondents, looked at once: for each file all of them would be too many."""
    for frame in _frames:
        if frame.respondents is respondents:
            return frame
    names = [
        (words, who)
        for who, respondent in enumerate(respondents)
        for text in (*respondent.name.values(), *respondent.aliases)
        if len("".join(words := tuple(map(_plain, _words(text))))) > _SHORTEST_NAME
    ]
    codes = [(tuple(_words(respondent.code)), who) for who, respondent in enumerate(respondents)]
    frame = _Frame(respondents, *(tuple(_longest_first(namings)) for namings in (names, codes)))
    _frames.append(frame)
    return frame


def _longest_first(namings: Iterable[tuple[Words, int]]) -> Iterator[_Namings]:
    """By the number of words."""
    of_length: dict[int, dict[Words, tuple[int, ...]]] = defaultdict(dict)
    for words, who in namings:
        of = of_length[len(words)]
        of[words] = (*of.get(words, ()), who)
    for length in sorted(of_length, reverse=True):
        yield _Namings(length, of_length[length])


def _words(text: str) -> list[str]:
    return re.findall(r"[^\W_]+", unicodedata.normalize("NFC", text))


def _plain(word: str) -> str:
    """Without accents and capitals."""
    decomposed = unicodedata.normalize("NFD", word)
    return "".join(sign for sign in decomposed if not unicodedata.combining(sign)).casefold()
