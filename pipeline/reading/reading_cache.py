"""Keeps what earlier runs have read, so that a run reads only what is new. It reads no return and decides nothing.

A reading is found again under all that it depends on. It is a copy and no record: the folder may be deleted at any
time, and what is damaged, half written or of another version is as good as not there.
"""

import dataclasses
import datetime as dt
import gzip
import json
import sys
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from pipeline.files import write_whole
from pipeline.findings import Finding, finding
from pipeline.reading.fingerprints import of_file, of_judging, of_readings
from pipeline.reading.submission import Cover, Submission
from pipeline.receiving.received import ReceivedFile
from pipeline.receiving.store import read_unchanged
from questionnaire.rounds.identity import Identity
from questionnaire.rounds.round import Round
from questionnaire.rounds.slices import Slice
from questionnaire.rules.rule import Severity

_PLACE = ("submission", "file", "respondent", "indicator", "field", "sheet", "cell", "value", "explanation")


class ReadingCache:
    """The reading cache of one round, a folder. Several runs at a time may use it.

    `readings` is a name for all that a reading depends on beside its file, and `version` for all that what is made of
    readings depends on too: a changed rule leaves the readings.
    """

    def __init__(self, folder: Path, round_: Round, readings: str = "") -> None:
        """`round_` is the round as it is read, with the previous round's answers where there are any.

        `readings` is their name, if another process has worked it out.
        """
        self._folder = folder
        self.readings = readings or of_readings(round_)
        self.version = of_judging(round_, self.readings)
        self._asked: set[str] = set()

    def find(self, file: ReceivedFile) -> Submission | None:
        """What an earlier run read from this very file by the same declaration and the same code; None if nothing."""
        path = self._folder / self.name(file)
        try:
            read_unchanged(file.path, file.sha256)
            return _from_text(gzip.decompress(path.read_bytes()).decode())
        except Exception:
            # Whatever is wrong with what was kept, or with the file itself, reading it again shows.
            return None

    def respondent(self, file: ReceivedFile) -> str | None:
        """Whose return it found in that, without looking at its answers; None if nothing was kept."""
        try:
            read_unchanged(file.path, file.sha256)
            with gzip.open(self._folder / self.name(file), "rt", encoding="utf-8") as kept:
                return str(json.loads(kept.readline())["respondent"])
        except Exception:
            return None

    def keep(self, file: ReceivedFile, submission: Submission) -> bool:
        """Keep what was read; where nothing was, the machine may have been at fault, and the file is read again.

        False where it was not kept.
        """
        if submission.identity is None and not submission.rows["submission"]:
            return False
        with suppress(OSError, TypeError, ValueError):
            text = _as_text(submission)
            # What would not come back the same is read again each time.
            if _from_text(text) == submission:
                write_whole(self._folder / self.name(file), gzip.compress(text.encode(), compresslevel=1, mtime=0))
                return True
        return False

    def forget_others(self) -> None:
        """Delete whatever no file was looked up in."""
        with suppress(OSError):
            for path in self._folder.iterdir():
                if path.name not in self._asked:
                    path.unlink(missing_ok=True)

    def name(self, file: ReceivedFile) -> str:
        """The name of what is kept of a file: a new one whenever anything is new that its reading depends on."""
        name = of_file(self.readings, file)
        self._asked.add(name)
        return name


# --- a submission as plain values, and back -----------------------------------------------------------------


def _as_text(submission: Submission) -> str:
    """Two lines of JSON: the columns stand in the second, which whoever asks for less need not read."""
    plain = _plain(submission)
    rows = plain.pop("rows")
    return "\n".join(json.dumps(part, allow_nan=False, separators=(",", ":")) for part in (plain, rows))


def _from_text(text: str) -> Submission:
    plain, rows = map(json.loads, text.split("\n"))
    return _submission({**plain, "rows": rows})


def _plain(submission: Submission) -> dict[str, Any]:
    plain = {field.name: getattr(submission, field.name) for field in dataclasses.fields(submission)}
    plain["rows"] = plain["rows"] | {"date": [day and day.isoformat() for day in plain["rows"]["date"]]}
    plain["findings"] = [_plain_finding(found) for found in submission.findings]
    for name, sets in (("identity", ()), ("part", ("indicators",)), ("cover", ("cells",))):
        if (part := plain[name]) is not None:
            plain[name] = dataclasses.asdict(part) | {key: sorted(getattr(part, key)) for key in sets}
    return plain


def _submission(plain: dict[str, Any]) -> Submission:
    plain["rows"] = {column: _shared(values) for column, values in plain["rows"].items()}
    plain["rows"]["date"] = [day and dt.date.fromisoformat(day) for day in plain["rows"]["date"]]
    plain["findings"] = tuple(map(_finding, plain["findings"]))
    if plain["identity"] is not None:
        plain["identity"] = Identity(**plain["identity"])
    if (part := plain["part"]) is not None:
        plain["part"] = Slice(**part | {"indicators": frozenset(part["indicators"])})
    if (cover := plain["cover"]) is not None:
        plain["cover"] = Cover(**cover | {"cells": frozenset(map(tuple, cover["cells"]))})
    return Submission(**plain)


def _shared(values: list[Any]) -> list[Any]:
    """A column that keeps a text once, as it was read: from JSON each comes as a new one, which costs memory."""
    return [sys.intern(value) if isinstance(value, str) else value for value in values]


def _plain_finding(found: Finding) -> dict[str, Any]:
    """Without its texts: those of what is noticed while reading stand under its code."""
    where = {name: text for name in _PLACE if (text := getattr(found, name))}
    return {"code": found.code, "severity": str(found.severity), "values": found.values, "where": where}


def _finding(plain: Mapping[str, Any]) -> Finding:
    return finding(plain["code"], Severity(plain["severity"]), plain["values"], **plain["where"])
