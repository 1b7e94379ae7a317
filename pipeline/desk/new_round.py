"""Makes the folder of a new round from another: its respondents and settings, without what was only of that round."""

import csv
import io
import re
from pathlib import Path

from pipeline.files import write_whole
from questionnaire.rounds.contacts import CONTACTS
from questionnaire.rounds.references import REFERENCES
from questionnaire.rounds.round import SLICES
from questionnaire.tables import DeclarationError, read_text

_NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_COPIED = ("respondents.csv", CONTACTS, SLICES)
_QUOTED = re.compile(r"\".*?\"")

_OF_THAT_ROUND = (
    (re.compile(r"(?m)^((?:fr|es|en|pt) = )\".*\"$"), r'\1""'),
    (re.compile(r"(?m)^title = \{.*\}$"), lambda found: _QUOTED.sub('""', found[0])),
    (re.compile(r"(?m)^(?=(?:questionnaire_sent|return_by|final|reference_period) = )"), "# "),
    (re.compile(r"(?ms)^(\[contact\]\n)(.*?)(?=\n\n|\Z)"), lambda found: found[1] + _QUOTED.sub('""', found[2])),
    (re.compile(r"(?m)^# The demonstration round\. "), "# "),
    (re.compile(r"(?ms)^# How this frame was drawn.*?\n#\n"), ""),
)
"""What of a round.toml is emptied (texts), put behind a # (dates, which cannot be empty) or left out."""


def new_round(name: str, source: Path) -> Path:
    """Write `name` beside the round `source`, with the figures that are the same for all; DeclarationError if not."""
    folder = source.resolve().parent / name
    if not _NAME.fullmatch(name):
        raise DeclarationError(name, "it cannot be the name of a round", "Use small letters, digits and hyphens")
    if folder.exists():
        raise DeclarationError(str(folder), "there is such a folder already", "Use another name, or remove it")
    settings = re.sub(r"(?m)^name = \"[^\"]*\"", f'name = "{name}"', read_text(source / "round.toml"), count=1)
    for pattern, instead in _OF_THAT_ROUND:
        settings = pattern.sub(instead, settings)
    (folder / "returns").mkdir(parents=True)
    write_whole(folder / "round.toml", settings.encode())
    for file in _COPIED:
        if (source / file).exists():
            write_whole(folder / file, (source / file).read_bytes())
    if references := _references(source):
        write_whole(folder / REFERENCES, _of_all(references).encode())
    return folder


def has_figures_of_single_respondents(source: Path) -> bool:
    """Whether reference.csv of a round has lines about single respondents, which a new round does not begin with."""
    return any(map(_respondent, _rows(_references(source))))


def _references(source: Path) -> str:
    return read_text(source / REFERENCES) if (source / REFERENCES).exists() else ""


def _rows(references: str) -> "csv.DictReader[str]":
    return csv.DictReader(io.StringIO(references, newline=""))


def _respondent(row: dict[str, str]) -> str:
    return (row.get("respondent") or "").strip()


def _of_all(references: str) -> str:
    """The lines of reference.csv without a respondent: baselines and targets stay, populations are of a year."""
    rows, kept = _rows(references), io.StringIO()
    writer = csv.DictWriter(kept, rows.fieldnames or (), lineterminator="\n")
    writer.writeheader()
    writer.writerows(row for row in rows if not _respondent(row))
    return kept.getvalue()
