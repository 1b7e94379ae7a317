"""Remembers of what the results of a round were made: a run that would make the same leaves them where they are.

It is a note and no record: without it, and where a file is no longer as it was written, everything is made again.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from pipeline.files import write_whole
from pipeline.publication.csv_files import Flavour
from pipeline.publication.data_docs import ExpectationResult
from pipeline.publication.manifest import sha256_of, software
from pipeline.publication.publish import PUBLISHING
from pipeline.reading.reading_cache import hashed
from questionnaire.rounds.access import Access
from questionnaire.rounds.round import Round
from questionnaire.rules.rule import Severity

NOTE = ".made.json"
"""The file, among the outputs of a round."""

_PAGES = "pipeline/*/pages/*"
_ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class MadeBefore:
    """What is known of results that are left where they are: how they passed the gate, and what was left out."""

    results: tuple[ExpectationResult, ...]
    left_out: tuple[str, ...]


def ingredients(groups: Iterable[str], inputs: Mapping[str, Any], flavour: Flavour, labels: str) -> str:
    """A name for all that results are made of; `groups` are the keys of the rows that they are made of.

    Those keys have in them the code, the libraries, the declaration, and what is known of each file.
    """
    pages = {path.relative_to(_ROOT).as_posix(): sha256_of(path) for path in _ROOT.glob(_PAGES)}
    return hashed(json.dumps([list(groups), inputs, software(), pages, str(flavour), labels], sort_keys=True))


def made_before(round_: Round, name: str) -> MadeBefore | None:
    """What was made of the same, if every file of it is still as it was written; else None."""
    try:
        note = json.loads((round_.outputs / NOTE).read_text(encoding="utf-8"))
        if note["made_of"] != name or note["files"] != _files(round_) or (round_.outputs / PUBLISHING).exists():
            return None
        return MadeBefore(tuple(_results(note["results"])), tuple(note["left_out"]))
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def remember(round_: Round, name: str, results: Iterable[ExpectationResult], left_out: Iterable[str]) -> None:
    """Note of what the files that stand there now were made."""
    note = {
        "made_of": name,
        "files": _files(round_),
        "results": [asdict(result) for result in results],
        "left_out": list(left_out),
    }
    write_whole(round_.outputs / NOTE, json.dumps(note, ensure_ascii=False).encode())


def _files(round_: Round) -> dict[str, str]:
    """Every file of both editions with its hash."""
    folders = [round_.results(access) for access in Access]
    found = sorted(path for folder in folders for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(round_.outputs).as_posix(): sha256_of(path) for path in found}


def _results(noted: Iterable[Mapping[str, Any]]) -> Iterator[ExpectationResult]:
    for entry in noted:
        plain = {**entry, "examples": tuple(entry["examples"]), "severity": Severity(entry["severity"])}
        yield ExpectationResult(**plain)
