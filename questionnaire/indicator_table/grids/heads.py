"""Reads what a column head says its column holds, by its words alone; `layout` decides."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from questionnaire.indicator_table.vocabulary import Match, Words, matches, words_of

ATTRIBUTES = (
    "unit", "source", "frequency", "baseline", "responsible", "disaggregation", "definition", "type",
)  # fmt: skip
"""What an indicator may have beside its text; `target`, which may be an aim too, and years come on top."""
LEVELS = ("section", "objective", "target")
_GROUPS = ("indicator", *ATTRIBUTES, *LEVELS, "code", "letter", "measure")
_MOST_WORDS = 12
_OF = {"of", "de", "d", "des", "del", "do", "da", "dos", "das", "the", "l", "la", "el"}
_AND = {"and", "et", "y", "e", "or", "ou", "o"}
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?:\s?[-–/]\s?(?:(?:19|20)?\d\d))?(?!\d)")
_NAMES = {"name", "title", "label", "text", "nom", "intitule", "libelle", "nombre", "titulo", "nome", "enunciado"}


@dataclass(frozen=True)
class Meaning:
    """What a head means.

    `role` is section, objective, target, indicator, measure, an attribute, year, letter, or code; `of` is the level
    that a code numbers ("" if the head does not say). `exact` heads say nothing else.
    """

    role: str
    of: str = ""
    exact: bool = False


@lru_cache(maxsize=4096)
def meaning(text: str) -> Meaning | None:
    """What a head means, or None for words that are in no vocabulary."""
    if year_of(text):
        return Meaning("year", exact=True)
    for part in (text, text.strip().split("\n")[0]):
        words = words_of(part)
        if words and len(words) <= _MOST_WORDS:
            return _of_words(words, part)
    return None


def year_of(text: str) -> str:
    """The year, or the years, of a head that says nothing else, such as “2019” and “Year 2019”; "" for any other."""
    found = list(_YEAR.finditer(text))
    if len(found) != 1:
        return ""
    rest = words_of(f"{text[: found[0].start()]} {text[found[0].end() :]}")
    return found[0][0] if sum(match.length for match in matches(rest, ("year",))) == len(rest) else ""


def _of_words(words: Words, text: str) -> Meaning | None:
    found = matches(words, _GROUPS)
    known = sum(match.length for match in found) + sum(word in _OF | _NAMES or word.isdigit() for word in words)
    exact = known >= len(words)
    groups = [match.group for match in found]
    if any(_numbers(match, words) for match in found):
        level = next((group for group in ("indicator", *LEVELS) if group in groups), "")
        return Meaning("code", "objective" if level == "target" else level, exact)
    found = [match for match in found if match.group != "code"]
    if not found:
        return None
    if "indicator" in groups:
        attribute = next((match for match in found if match.group in ATTRIBUTES), None)
        joined = "/" in text or "&" in text or any(word in _AND for word in words)
        if attribute and not joined:
            return Meaning(attribute.group, "indicator", exact)
        return Meaning("indicator", exact=exact and set(groups) == {"indicator"})
    levels = {match.group for match in found} & set(LEVELS)
    if len(levels) > 1:
        return Meaning("objective", exact=exact)
    best = max(found, key=lambda match: match.length)
    return Meaning(best.group, exact=exact)


def _numbers(match: Match, words: Words) -> bool:
    """Whether a match says that the column numbers something: "Target no.", "No. of the target", but "No. of women"."""
    if match.group != "code":
        return False
    after = match.start + match.length
    if after == len(words):
        return True
    rest = tuple(word for word in words[after:] if word not in _OF)
    return match.start == 0 and len(matches(rest, ("indicator", *LEVELS))) == 1 and len(rest) == 1
