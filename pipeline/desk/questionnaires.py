"""Writes the questionnaires to send: one per participant, its slices if wanted, and the index of what was written."""

import csv
import io
from collections.abc import Callable, Iterable, Iterator
from dataclasses import astuple, dataclass, replace
from pathlib import Path

from pipeline.desk.deadlines import extensions
from pipeline.files import write_whole
from pipeline.previous_round.previous_answers import with_shown_answers
from questionnaire.layout import Layout
from questionnaire.rounds.round import SLICES, Respondent, Round
from questionnaire.rounds.round_key import create_key
from questionnaire.rounds.slices import Slice
from questionnaire.tables import DeclarationError
from questionnaire.workbook.template import Template, template
from questionnaire.workbook.write import file_name

INDEX = "index.csv"


@dataclass(frozen=True)
class Sent:
    """One questionnaire written: for whom (`slice` is "" for the whole of it), in which language, where.

    `fingerprint` is the instrument's, `structure` that of its questions without their wording; `return_by` is the last
    day that its cover shows.
    """

    respondent: str
    slice: str
    name: str
    language: str
    file: str
    fingerprint: str
    structure: str
    return_by: str


Progress = Callable[[Iterable[Respondent]], Iterable[Respondent]]


def folder(round_: Round) -> Path:
    """Where the questionnaires of a round are written."""
    return round_.outputs / "questionnaires"


def are_current(round_: Round) -> bool:
    """True if every participant's questionnaire was written from the instrument as it is now, with a key."""
    sent = {row["respondent"]: row["fingerprint"] for row in written(round_) if not row["slice"]}
    return round_.key is not None and all(
        sent.get(entry.code) == round_.instrument.fingerprint for entry in round_.participants
    )


def were_of_other_questions(round_: Round) -> bool:
    """True if questionnaires were written earlier whose questions are not those of the instrument as it is now."""
    return any(row["structure"] != round_.instrument.structure for row in written(round_))


def written(round_: Round) -> list[dict[str, str]]:
    """The index of an earlier run, line by line; nothing if there is none, "" for what it did not say."""
    index = folder(round_) / INDEX
    if not index.exists():
        return []
    with index.open(encoding="utf-8", newline="") as file:
        return [dict.fromkeys(Sent.__dataclass_fields__, "") | row for row in csv.DictReader(file)]


def write_questionnaires(round_: Round, progress: Progress = iter, with_slices: bool = False) -> list[Sent]:
    """Write every participant's workbook, then `index.csv`; whatever stood there before is replaced.

    The first time, the key of the round is made, with which each workbook is signed.
    `progress` wraps the participants, such as a progress bar does. With slices, those of each participant are written
    beside its whole questionnaire; DeclarationError if the round has none.
    """
    if with_slices and not round_.slices:
        remedy = "List the parts there, one a line: respondent, slice, title_<language>, sections, indicators"
        raise DeclarationError(str(round_.folder / SLICES), "the round has no slices", remedy)
    target = folder(round_)
    target.mkdir(parents=True, exist_ok=True)
    round_ = with_shown_answers(round_)
    create_key(round_.folder)
    sent = list(_write_each(round_, target, progress, with_slices))
    write_whole(target / INDEX, _index(sent).encode())
    kept = {entry.file for entry in sent} | {INDEX}
    for path in target.glob("*.xlsx"):
        if path.name not in kept:
            path.unlink()
    return sent


def _write_each(round_: Round, target: Path, progress: Progress, with_slices: bool) -> Iterator[Sent]:
    layout = Layout.of(round_)
    templates: dict[tuple[object, ...], Template] = {}
    granted = extensions(round_)
    for respondent in progress(round_.participants):
        own = replace(round_, return_by=granted.get(respondent.code, round_.return_by))
        parts = round_.slices_of(respondent.code) if with_slices else ()
        for part in (None, *parts):
            key = respondent.language, own.return_by, part and part.asked
            if key not in templates:
                templates[key] = template(own, respondent.language, layout, part)
            name = file_name(round_, respondent, part)
            write_whole(target / name, templates[key].questionnaire_for(respondent))
            yield _sent(own, respondent, part, name)


def _sent(round_: Round, respondent: Respondent, part: Slice | None, file: str) -> Sent:
    return Sent(
        respondent.code,
        part.code if part else "",
        respondent.name.get(round_.working_language, respondent.code),
        respondent.language,
        file,
        round_.instrument.fingerprint,
        round_.instrument.structure,
        round_.return_by.isoformat(),
    )


def _index(sent: list[Sent]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(Sent.__dataclass_fields__)
    writer.writerows(astuple(entry) for entry in sent)
    return text.getvalue()
