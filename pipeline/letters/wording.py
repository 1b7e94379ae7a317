"""Fills the letters of a round in: templates in its folder `letters`, else those of Acopio in four languages."""

import datetime as dt
import re
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path

from pipeline.letters.letter import Letter
from questionnaire.messages import LANGUAGES, filled, in_language, long_date, say, wording
from questionnaire.rounds.contacts import salutation_of
from questionnaire.rounds.round import Respondent, Round
from questionnaire.tables import DeclarationError, read_text

CATALOGUE = "letters"
FOLDER = "letters"
"""The folder of a round in which its own letters stand, `<letter>.<language>.txt` each; it may be absent."""

LETTERS = (
    "invitation", "reminder", "overdue", "parts", "held", "unusable", "unreadable", "receipt", "feedback", "thanks"
)  # fmt: skip
_FILLED = (
    "salutation", "name", "respondent", "round", "period", "deadline", "days", "correct_by", "points", "count", "file",
    "answers", "changes", "parts", "contact_name", "contact_email",
)  # fmt: skip
_PLACEHOLDER = re.compile(r"\{(\w+)(?::[^{}|]*\|[^{}|]*)?\}")
_SUBJECT = re.compile(r"subject:\s*(.+)", re.IGNORECASE)


class Letters:
    """The letters of one round."""

    def __init__(self, round_: Round) -> None:
        self._round = round_

    def write(self, letter: str, respondent: Respondent, **values: object) -> Letter:
        """One letter to a respondent; what the letter does not say may be left out."""
        language = self.language(respondent)
        subject, body = self._template(letter, language)
        known = {**dict.fromkeys(_FILLED, ""), **self._known(respondent, language), **values}
        days = {name: long_date(value, language) for name, value in known.items() if isinstance(value, dt.date)}
        known = {**known, **days}
        return Letter.of(language, filled(subject, language, known), filled(body, language, known))

    def language(self, respondent: Respondent) -> str:
        """The language that a respondent is written to in."""
        return respondent.language if respondent.language in LANGUAGES else self._round.working_language

    def _known(self, respondent: Respondent, language: str) -> Mapping[str, object]:
        round_ = self._round
        return {
            "salutation": salutation_of(round_.contacts_of(respondent.code), respondent.code)
            or say(CATALOGUE, "salutation", language),
            "name": in_language(respondent.name, language) or respondent.code,
            "respondent": respondent.code,
            "round": in_language(round_.title, language) or round_.name,
            "period": str(round_.period),
            "deadline": round_.return_by,
            "days": 0,
            "contact_name": round_.contact_name,
            "contact_email": round_.contact_email,
        }

    def _template(self, letter: str, language: str) -> tuple[str, str]:
        """Subject and text; raises DeclarationError for a template of the round with an unknown placeholder."""
        own = self._own.get((letter, language))
        if own is not None:
            return own
        return in_language(wording(CATALOGUE, f"subject_{letter}"), language), in_language(
            wording(CATALOGUE, f"body_{letter}"), language
        )

    @cached_property
    def _own(self) -> Mapping[tuple[str, str], tuple[str, str]]:
        paths = sorted((self._round.folder / FOLDER).glob("*.txt"))
        return {_named(path): _read(path) for path in paths}


def _named(path: Path) -> tuple[str, str]:
    letter, _, language = path.stem.partition(".")
    if letter not in LETTERS or language not in LANGUAGES:
        remedy = f"Call it <letter>.<language>.txt; the letters are {', '.join(LETTERS)}"
        raise DeclarationError(str(path), "no letter is called so", remedy)
    return letter, language


def _read(path: Path) -> tuple[str, str]:
    head, _, body = read_text(path).replace("\r\n", "\n").partition("\n\n")
    subject = _SUBJECT.fullmatch(head.strip())
    if subject is None or not body.strip():
        raise DeclarationError(
            str(path), "it does not begin with its subject", "Write “Subject: …”, an empty line, the text"
        )
    for text in (subject[1], body):
        unknown = [found[1] for found in _PLACEHOLDER.finditer(text) if found[1] not in _FILLED]
        if unknown or set(_PLACEHOLDER.sub("", text)) & {"{", "}"}:
            what = f"{{{unknown[0]}}} stands for nothing" if unknown else "a curly bracket stands alone"
            raise DeclarationError(str(path), what, f"Use {', '.join(f'{{{name}}}' for name in _FILLED)}")
    return subject[1], body
