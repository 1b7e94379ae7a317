"""Finds the respondent that a person names, by code, name or alias, and what comes nearest to a name that is none."""

import unicodedata
from collections.abc import Iterable
from difflib import SequenceMatcher

from questionnaire.rounds.round import Respondent, Round

_NEAR = 0.55


def find_respondent(round_: Round, named: str) -> Respondent | None:
    """The respondent with that code, name in any language, or alias, however written; None for none or several."""
    wanted = _plain(named)
    by_code = [entry for entry in round_.respondents if _plain(entry.code) == wanted]
    found = by_code or [entry for entry in round_.respondents if wanted in map(_plain, _names(entry))]
    return found[0] if wanted and len(found) == 1 else None


def nearest_respondents(round_: Round, named: str) -> tuple[Respondent, ...]:
    """All respondents of the round, the nearest to a name first."""
    wanted = _plain(named)
    likeness = {
        entry.code: max(_likeness(wanted, _plain(name)) for name in _names(entry)) for entry in round_.respondents
    }
    return tuple(sorted(round_.respondents, key=lambda entry: -likeness[entry.code]))


def nearest(named: str, known: Iterable[str]) -> tuple[str, ...]:
    """All that is known, the nearest to a name first; what is as near stays in its order."""
    wanted = _plain(named)
    return tuple(sorted(known, key=lambda name: -_likeness(wanted, _plain(name))))


def is_near(named: str, known: str) -> bool:
    """True if a name may be a slip for one that is known."""
    return _likeness(_plain(named), _plain(known)) >= _NEAR


def _names(respondent: Respondent) -> tuple[str, ...]:
    return (respondent.code, *respondent.name.values(), *respondent.aliases)


def _likeness(wanted: str, name: str) -> float:
    return SequenceMatcher(None, wanted, name, autojunk=False).ratio()


def _plain(text: str) -> str:
    """A name without accents, capitals and what stands between words."""
    letters = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in letters if letter.isalnum())
