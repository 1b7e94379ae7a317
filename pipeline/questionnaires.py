"""Owns sending: writes one questionnaire per participant and the index of what was written."""

import csv
import io
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from pipeline.files import write_whole
from questionnaire.layout import Layout
from questionnaire.rounds import Respondent, Round
from questionnaire.workbook.stamp import Template, template
from questionnaire.workbook.write import file_name

INDEX = "index.csv"


@dataclass(frozen=True)
class Sent:
    """One questionnaire written: for whom, in which language, where."""

    respondent: str
    name: str
    language: str
    file: str
    fingerprint: str


Progress = Callable[[Iterable[Respondent]], Iterable[Respondent]]


def folder(round_: Round) -> Path:
    """Where the questionnaires of a round are written."""
    return round_.outputs / "questionnaires"


def are_current(round_: Round) -> bool:
    """True if every participant's questionnaire was written from the instrument as it is now."""
    index = folder(round_) / INDEX
    if not index.exists():
        return False
    with index.open(encoding="utf-8", newline="") as file:
        written = {row["respondent"]: row["fingerprint"] for row in csv.DictReader(file)}
    return all(written.get(entry.code) == round_.instrument.fingerprint for entry in round_.participants)


def write_questionnaires(round_: Round, progress: Progress = iter) -> list[Sent]:
    """Write every participant's workbook, then `index.csv`; whatever stood there before is replaced.

    `progress` wraps the participants, such as a progress bar does.
    """
    target = folder(round_)
    target.mkdir(parents=True, exist_ok=True)
    sent = list(_write_each(round_, target, progress))
    write_whole(target / INDEX, _index(sent).encode())
    kept = {entry.file for entry in sent} | {INDEX}
    for path in target.glob("*.xlsx"):
        if path.name not in kept:
            path.unlink()
    return sent


def _write_each(round_: Round, target: Path, progress: Progress) -> Iterator[Sent]:
    layout = Layout(round_.instrument)
    templates: dict[str, Template] = {}
    for respondent in progress(round_.participants):
        if respondent.language not in templates:
            templates[respondent.language] = template(round_, respondent.language, layout)
        name = file_name(round_, respondent)
        write_whole(target / name, templates[respondent.language].stamped(respondent))
        yield Sent(
            respondent.code,
            respondent.name.get(round_.working_language, respondent.code),
            respondent.language,
            name,
            round_.instrument.fingerprint,
        )


def _index(sent: list[Sent]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(Sent.__dataclass_fields__)
    writer.writerows([entry.respondent, entry.name, entry.language, entry.file, entry.fingerprint] for entry in sent)
    return text.getvalue()
