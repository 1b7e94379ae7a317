"""Starts an instrument and its round from an XLSForm, and reports what was made and what has no counterpart."""

import datetime as dt
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pipeline.starting.places import Places
from pipeline.starting.start import NotStartedError, frame, round_settings, write_new
from questionnaire.declaration.design import ResponseDesign
from questionnaire.design_sheets.standard import STANDARD
from questionnaire.messages import LANGUAGES, say
from questionnaire.rounds.round import Round
from questionnaire.tables import DeclarationError
from questionnaire.tables_written import csv_text
from questionnaire.xlsform.imported import ImportedForm, Standard
from questionnaire.xlsform.plan import planned
from questionnaire.xlsform.received import FormError, read_form
from questionnaire.xlsform.write import LANGUAGE_NAMES

_WORDS = "xlsform_import"
_RESPONDENT = re.compile(r"[A-Za-z0-9]+(?:-[A-Za-z0-9]+)*")
_MOST_NAMED = 12


@dataclass(frozen=True)
class StartedForm:
    """What was made of a form."""

    form: ImportedForm
    round: Round


def start_from_form(
    places: Places,
    sheets: Mapping[str, Sequence[Sequence[str]]],
    today: dt.date,
    title: str = "",
    respondents: Sequence[str] = (),
    language: str = "en",
) -> StartedForm:
    """Write the folders of an instrument and a round for a form.

    Raises NotStartedError, in a language, for a form without a usable question, or where a folder is there already.
    """
    try:
        plan = planned(read_form(sheets))
    except FormError as error:
        raise NotStartedError(say(_WORDS, error.key, language, **error.values)) from error
    form = ImportedForm(places.name, plan, _standard(), given_title=title)
    if not form.indicators:
        raise NotStartedError(say(_WORDS, "no_questions", language))
    settings = round_settings(form.name, form.title, form.languages, today)
    asked = _frame(form) if form.respondents and not respondents else frame(form.language, respondents)
    try:
        round_ = write_new(places, form.files, {"round.toml": settings, "respondents.csv": asked}, form.language)
    except DeclarationError as error:
        raise NotStartedError(say(_WORDS, "not_usable", language, fault=error)) from error
    return StartedForm(form, round_)


def _standard() -> Standard:
    lists = ResponseDesign(STANDARD, "en", LANGUAGES).codelists()
    return Standard(lists["missing"], lists["yes_no"])


def _frame(form: ImportedForm) -> str:
    """respondents.csv of those whom the form lets choose who answers."""
    rows = []
    for code, name in form.respondents:
        if not _RESPONDENT.fullmatch(code):
            form.plan.leave_out("respondent", code)
            continue
        names = {f"name_{language}": name.get(language, "") for language in form.languages}
        settings = {"language": form.language, "participates": "yes", "reason": "", "aliases": "", "senders": ""}
        rows.append({"respondent": code, **names, **settings})
    return csv_text(rows) if rows else frame(form.language, ())


def form_lines(started: StartedForm, places: Places, given: str, shown: Callable[[Path], str]) -> Iterator[str]:
    """The report, in the language of the form; `shown` gives the short form of a path."""
    form, round_ = started.form, started.round
    language, instrument = form.language, started.round.instrument
    counts = {
        "sections": len(instrument.sections),
        "indicators": len(instrument.indicators),
        "questions": len(instrument.questions),
        "lists": len(instrument.lists),
    }
    languages = ", ".join(LANGUAGE_NAMES[code] for code in form.languages)
    yield say(_WORDS, "made", language, folder=shown(places.instrument), languages=languages, **counts)
    participants = len(round_.participants)
    made = {"folder": shown(places.round), "period": round_.period, "respondents": participants}
    yield say("new_instrument", "made_round", language, **made)
    for why, named in form.plan.left_out.items():
        what = say(_WORDS, f"why_{why}", language)
        yield say(_WORDS, "left_out", language, what=what, named=_listed(named))
    yield ""
    files = {"respondents": shown(places.round / "respondents.csv"), "round": shown(places.round / "round.toml")}
    yield say("new_instrument", "placeholders", language, **files)
    yield say("new_instrument", "next", language, name=given)


def _listed(named: Sequence[str]) -> str:
    once = list(dict.fromkeys(named))
    more = f" … (+{len(once) - _MOST_NAMED})" if len(once) > _MOST_NAMED else ""
    return "; ".join(once[:_MOST_NAMED]) + more
