"""Gives every sentence that Acopio itself says to a person, in four languages; the instrument has its own texts.

The sentences stand in `wordings/*.toml`: one table per sentence, one line per language.
"""

import datetime as dt
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, reduce
from numbers import Integral
from pathlib import Path
from typing import Any

from questionnaire.codelists import Wording

LANGUAGES = ("fr", "es", "en", "pt")
"""The languages Acopio speaks; an instrument may offer fewer or, for its own texts, others."""

_FALLBACK = "en"

# Which numbers take the singular, where it is not 1 alone (plural rules of CLDR 46).
_SINGULAR = {"fr": (0, 1), "pt": (0, 1)}
_WORDINGS = Path(__file__).parent / "wordings"


@dataclass(frozen=True)
class FindingWording:
    """How a finding is worded: why it is checked, what is wrong, and what to do.

    `reason` has four languages where it is a rule's, else English alone. `short` is what the sheet says beside
    the cell: the message, or fewer words where it has some.
    """

    reason: Wording
    message: Wording
    remedy: Wording
    short: Wording


class Effect(StrEnum):
    """What a finding does to a return beyond its severity, as the head of `wordings/findings.toml` explains."""

    NONE = ""
    HOLDS = "holds"
    UNSEEN = "unseen"
    INCOMPLETE = "incomplete"
    FOREIGN = "foreign"


@dataclass(frozen=True)
class FindingTraits:
    """What `wordings/findings.toml` says of a finding beside its words; the file explains each."""

    effect: Effect = Effect.NONE
    damage: bool = False
    layout_only: bool = False


@cache
def _table(name: str) -> Mapping[str, Any]:
    with (_WORDINGS / f"{name}.toml").open("rb") as file:
        return tomllib.load(file)


def finding_wording(code: str) -> FindingWording:
    """The wording of a finding that Acopio itself raises; KeyError for a code nobody has worded."""
    entry = _table("findings")[code]
    return FindingWording(
        in_english(entry["reason"]), entry["message"], entry["remedy"], entry.get("short", entry["message"])
    )


def in_english(reason: str | Wording) -> Wording:
    """A reason as a wording: a text without a language is English."""
    return {_FALLBACK: reason} if isinstance(reason, str) else reason


@cache
def finding_traits(code: str) -> FindingTraits:
    """The traits of a finding; that of a rule which an instrument wrote has none."""
    entry = _table("findings").get(code, {})
    return FindingTraits(Effect(entry.get("effect", "")), entry.get("damage", False), entry.get("layout_only", False))


def finding_codes() -> tuple[str, ...]:
    """The codes of all findings that have a wording, in the order of the file."""
    return tuple(_table("findings"))


def wording(catalogue: str, key: str) -> Wording:
    """One sentence in every language from `wordings/<catalogue>.toml`."""
    entry: Wording = _table(catalogue)[key]
    return entry


def keys(catalogue: str) -> tuple[str, ...]:
    """The keys of a catalogue, in the order of its file."""
    return tuple(_table(catalogue))


def say(catalogue: str, key: str, language: str, **values: object) -> str:
    """One sentence in a language, its {placeholders} filled in."""
    return filled(in_language(wording(catalogue, key), language), language, values)


def filled(text: str, language: str, values: Mapping[str, object]) -> str:
    """A text with its {placeholders} filled in; `{files:file|files}` is the word for one, or for more, of a number.

    A value may itself be a wording: it is said in the same language.
    """
    return text.format_map({name: _inflecting(value, language) for name, value in values.items()})


def filled_in_all(texts: Wording, **values: object) -> Wording:
    """A text in every language it has, its {placeholders} filled in."""
    return {language: filled(text, language, values) for language, text in texts.items()}


class _Number(int):
    """A whole number that chooses a word."""

    singular: tuple[int, ...]

    def __format__(self, words: str) -> str:
        one, bar, more = words.partition("|")
        if not bar:
            return super().__format__(words)
        return one if self in self.singular else more


def _inflecting(value: object, language: str) -> object:
    if isinstance(value, Mapping):
        return in_language(value, language)
    if not isinstance(value, Integral) or isinstance(value, bool):
        return value
    number = _Number(value)
    number.singular = _SINGULAR.get(language, (1,))
    return number


def in_language(texts: Wording, language: str, official: str = _FALLBACK) -> str:
    """A text in the language asked for, else in the official one, else in any it has."""
    for candidate in (language, official):
        if texts.get(candidate):
            return texts[candidate]
    return next(iter(texts.values()), "")


def with_colon(before: str, after: str, language: str) -> str:
    """“before: after” with the spaces that a language puts there."""
    return say("summary", "with_colon", language, before=before, after=after)


def with_semicolons(parts: Iterable[str], language: str) -> str:
    """Parts of a sentence that have commas of their own, set apart as a language does it."""
    return reduce(lambda before, after: say("summary", "with_semicolon", language, before=before, after=after), parts)


def quoted(text: str, language: str) -> str:
    """A text between the quotation marks of a language."""
    return say("summary", "quoted", language, text=text)


def long_date(day: dt.date, language: str) -> str:
    """A day with its month as a word, which nobody reads the other way round."""
    month = say("workbook", "months", language).split()[day.month - 1]
    number = say("workbook", "first_of_month", language) if day.day == 1 else str(day.day)
    return say("workbook", "long_date", language, day=number, month=month, year=day.year)
