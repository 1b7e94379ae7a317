"""Makes the folder of a new round from another: its respondents and settings, without what was only of that round."""

import re
from pathlib import Path

from pipeline.files import write_whole
from questionnaire.rounds.contacts import CONTACTS
from questionnaire.rounds.round import SLICES
from questionnaire.tables import DeclarationError, read_text

_NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_COPIED = ("respondents.csv", CONTACTS, SLICES)
_QUOTED = re.compile(r"\".*?\"")

_OF_THAT_ROUND = (
    (re.compile(r"(?m)^((?:fr|es|en|pt) = )\".*\"$"), r'\1""'),
    (re.compile(r"(?m)^(?=(?:questionnaire_sent|return_by|final|reference_period) = )"), "# "),
    (re.compile(r"(?ms)^(\[contact\]\n)(.*?)(?=\n\n|\Z)"), lambda found: found[1] + _QUOTED.sub('""', found[2])),
    (re.compile(r"(?m)^# The demonstration round\. "), "# "),
    (re.compile(r"(?ms)^# How this frame was drawn.*?\n#\n"), ""),
)
"""What of a round.toml is emptied (texts), put behind a # (dates, which cannot be empty) or left out."""


def new_round(name: str, source: Path) -> Path:
    """Write `name` beside the round `source`; DeclarationError if it cannot be."""
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
    return folder
