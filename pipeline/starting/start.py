"""Writes a new instrument and a round of it: both whole, or nothing."""

import csv
import datetime as dt
import io
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from pipeline.starting.design import NewInstrument, new_instrument
from pipeline.starting.places import Places
from questionnaire.design_sheets.standard import STANDARD
from questionnaire.indicator_table.records import IndicatorTable
from questionnaire.messages import LANGUAGES, say
from questionnaire.proposals.languages import language_of
from questionnaire.rounds.round import Round, read_round
from questionnaire.tables_written import quoted

_PLACEHOLDERS = 3
_DAYS_TO_ANSWER = 60
_DAYS_TO_CORRECT = 45


class NotStartedError(Exception):
    """Nothing was written; the message says why."""


@dataclass(frozen=True)
class Started:
    """What was written."""

    new: NewInstrument
    round: Round


def start(
    places: Places,
    table: IndicatorTable,
    today: dt.date,
    language: str = "",
    title: str = "",
    respondents: Sequence[str] = (),
) -> Started:
    """Write the folders of an instrument and a round for a table.

    Without a language, that of the table's texts is taken. Raises NotStartedError where a folder is there already, no
    indicator is left to ask about, or a respondent is no country.
    """
    language = language or _language(table)
    new = new_instrument(places.name, title or _title(places.name), table, language)
    if not new.entries:
        raise NotStartedError(say("new_instrument", "nothing_to_ask", language))
    settings = round_settings(new.name, new.title, (language,), today)
    files = {"round.toml": settings, "respondents.csv": frame(language, respondents), **new.plan.files()}
    return Started(new, write_new(places, new.files, files, language))


def write_new(places: Places, instrument: Callable[[], dict[str, str]], round_: dict[str, str], language: str) -> Round:
    """Write the folders of an instrument and a round, and read the round; whatever fails, nothing is left of them.

    Raises NotStartedError where a folder is there already.
    """
    for folder in (places.instrument, places.round):
        if folder.exists():
            raise NotStartedError(say("new_instrument", "there_already", language, folder=folder))
    try:
        _write(places.instrument, instrument())
        _write(places.round, round_)
        (places.round / "returns").mkdir()
        return read_round(places.round)
    except BaseException:
        for folder in (places.instrument, places.round):
            shutil.rmtree(folder, ignore_errors=True)
        raise


def _write(folder: Path, files: dict[str, str]) -> None:
    folder.mkdir(parents=True)
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8", newline="\n")


def _language(table: IndicatorTable) -> str:
    return language_of([text for one in table.indicators for text in (one.section, one.objective, one.text)])


def _title(name: str) -> str:
    return name.replace("-", " ").capitalize()


def round_settings(name: str, title: str, languages: Sequence[str], today: dt.date) -> str:
    """round.toml: about last year, sent today."""
    language, year = languages[0], today.year - 1
    return_by = today + dt.timedelta(days=_DAYS_TO_ANSWER)
    lines = [
        say("new_instrument", "about_round", language),
        f"name = {quoted(name)}",
        f"instrument = {quoted(name)}",
        'edition = "1"',
        f"languages = [{', '.join(map(quoted, languages))}]",
        f"working_language = {quoted(language)}",
        f"title = {{ {language} = {quoted(f'{title}, {year}')} }}",
        "",
        say("new_instrument", "about_period", language),
        f"reference_period = {{ start = {year}, end = {year} }}",
        "",
        say("new_instrument", "about_deadlines", language),
        "[deadlines]",
        f"questionnaire_sent = {today}",
        f"return_by = {return_by}",
        f"final = {return_by + dt.timedelta(days=_DAYS_TO_CORRECT)}",
        "",
        say("new_instrument", "about_contact", language),
        "[contact]",
        f"name = {quoted(say('new_instrument', 'secretariat', language))}",
        'email = "secretariat@example.org"',
    ]
    return "\n".join(lines) + "\n"


def frame(language: str, codes: Sequence[str]) -> str:
    """respondents.csv: these countries by their official names, or a few respondents without a name."""
    names = _countries()
    if unknown := next((code for code in codes if code not in names), ""):
        raise NotStartedError(say("new_instrument", "unknown_respondent", language, code=unknown))
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    named = [f"name_{one}" for one in LANGUAGES]
    writer.writerow(["respondent", *named, "language", "participates", "reason", "aliases", "senders"])
    for code in codes:
        writer.writerow([code, *(names[code][f"label_{one}"] for one in LANGUAGES), language, "yes", "", "", ""])
    for number in range(1, 1 + _PLACEHOLDERS) if not codes else ():
        said = [say("new_instrument", "respondent", one, number=number) for one in LANGUAGES]
        writer.writerow([f"R{number:02}", *said, language, "yes", "", "", ""])
    return file.getvalue()


def _countries() -> dict[str, dict[str, str]]:
    with (STANDARD / "codelists.csv").open(encoding="utf-8", newline="") as file:
        return {row["code"]: row for row in csv.DictReader(file) if row["codelist"] == "countries"}
