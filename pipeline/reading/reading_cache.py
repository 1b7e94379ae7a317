"""Keeps what earlier runs have read, so that a run reads only what is new. It reads no return and decides nothing.

A reading is found again under all that it depends on. It is a copy and no record: the folder may be deleted at any
time, and what is damaged, half written or of another version is as good as not there.
"""

import dataclasses
import hashlib
import json
from collections.abc import Mapping
from contextlib import suppress
from functools import cached_property
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
_PACKED = "zstd"


class ReadingCache:
    """The reading cache of one round, a folder. Several runs at a time may use it.

    `readings` is a name for all that a reading depends on beside its file.
    """

    def __init__(self, folder: Path, round_: Round, readings: str = "") -> None:
        """`round_` is the round as it is read, with the previous round's answers where there are any.

        `readings` is their name, if another process has worked it out.
        """
        self._folder = folder
        self.readings = readings or of_readings(round_)
        self._round = round_
        self._asked: set[str] = set()

    @cached_property
    def version(self) -> str:
        """The name that changes with a rule too."""
        return of_judging(self._round, self.readings)

    def find(self, file: ReceivedFile) -> Submission | None:
        """What an earlier run read from this very file by the same declaration and the same code; None if nothing."""
        path = self._folder / self.name(file)
        try:
            read_unchanged(file.path, file.sha256)
            found = _from_bytes(_unsealed(path.read_bytes()))
            return found if found.submission == file.sha256 else None
        except Exception:
            # Whatever is wrong with what was kept, or with the file itself, reading it again shows.
            return None

    def respondent(self, file: ReceivedFile) -> str | None:
        """Whose return it found in that, without unpacking its answers; None if nothing was kept, or not as written."""
        path = self._folder / self.name(file)
        try:
            read_unchanged(file.path, file.sha256)
            plain = json.loads(_unsealed(path.read_bytes()).partition(b"\n")[0])
            return str(plain["respondent"]) if plain["submission"] == file.sha256 else None
        except Exception:
            return None

    def keep(self, file: ReceivedFile, submission: Submission) -> bool:
        """Keep what was read; where nothing was, the machine may have been at fault, and the file is read again.

        False where it was not kept.
        """
        if submission.identity is None and not submission.rows["submission"]:
            return False
        with suppress(OSError, TypeError, ValueError):
            write_whole(self._folder / self.name(file), _sealed(_as_bytes(submission)), lasting=False)
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


# --- a submission as bytes, and back ------------------------------------------------------------------------


def _sealed(content: bytes) -> bytes:
    """The same below a line with its hash, by which whoever reads it sees that it is as written."""
    return b"%s\n%s" % (hashlib.sha256(content).hexdigest().encode(), content)


def _unsealed(kept: bytes) -> bytes:
    """What stands below; raises ValueError where it is not as it was written."""
    seal, _, content = kept.partition(b"\n")
    if hashlib.sha256(content).hexdigest().encode() != seal:
        raise ValueError(seal)
    return content


def _as_bytes(submission: Submission) -> bytes:
    """A line of JSON, and packed the rows as the tidy table has them, which whoever asks for less need not read.

    Raises ValueError for what would not come back the same: it is read again each time.
    """
    import pyarrow as pa  # noqa: PLC0415  as long as nothing is new, nobody waits for it

    from schemas.answers_table import ANSWERS, arrow_answers  # noqa: PLC0415  it loads the same

    line = json.dumps(_plain(submission), allow_nan=False, separators=(",", ":"))
    if _submission(json.loads(line), submission.rows) != submission:
        raise ValueError(line)
    rows = pa.BufferOutputStream()
    with pa.ipc.new_stream(rows, ANSWERS) as stream:
        stream.write_table(arrow_answers(submission.rows))
    return b"%s\n%s" % (line.encode(), pa.compress(rows.getvalue(), codec=_PACKED, asbytes=True))


def _from_bytes(content: bytes) -> Submission:
    import pyarrow as pa  # noqa: PLC0415  see _as_bytes

    from schemas.answers_table import ANSWERS, ArrowColumns  # noqa: PLC0415

    line, _, rows = content.partition(b"\n")
    table = pa.ipc.open_stream(pa.CompressedInputStream(pa.BufferReader(rows), _PACKED)).read_all()
    if not table.schema.equals(ANSWERS):
        raise ValueError(table.schema)
    return _submission(json.loads(line), ArrowColumns(table))


def _plain(submission: Submission) -> dict[str, Any]:
    plain = {field.name: getattr(submission, field.name) for field in dataclasses.fields(submission)}
    del plain["rows"]
    plain["findings"] = [_plain_finding(found) for found in submission.findings]
    for name, sets in (("identity", ()), ("part", ("indicators",)), ("cover", ("cells",))):
        if (part := plain[name]) is not None:
            plain[name] = dataclasses.asdict(part) | {key: sorted(getattr(part, key)) for key in sets}
    return plain


def _submission(plain: dict[str, Any], rows: Mapping[str, list[object]]) -> Submission:
    plain["findings"] = tuple(map(_finding, plain["findings"]))
    if plain["identity"] is not None:
        plain["identity"] = Identity(**plain["identity"])
    if (part := plain["part"]) is not None:
        plain["part"] = Slice(**part | {"indicators": frozenset(part["indicators"])})
    if (cover := plain["cover"]) is not None:
        plain["cover"] = Cover(**cover | {"cells": frozenset(map(tuple, cover["cells"]))})
    return Submission(**plain, rows=rows)


def _plain_finding(found: Finding) -> dict[str, Any]:
    """Without its texts: those of what is noticed while reading stand under its code."""
    where = {name: text for name in _PLACE if (text := getattr(found, name))}
    return {"code": found.code, "severity": str(found.severity), "values": found.values, "where": where}


def _finding(plain: Mapping[str, Any]) -> Finding:
    return finding(plain["code"], Severity(plain["severity"]), plain["values"], **plain["where"])
