"""Keeps what earlier runs have read, so that a run reads only what is new. It reads no return and decides nothing.

A reading is found again under all that it depends on. It is a copy and no record: the folder may be deleted at any
time, and what is damaged, half written or of another version is as good as not there.
"""

import dataclasses
import gzip
import hashlib
import io
import json
import sys
from collections.abc import Iterator, Mapping
from contextlib import suppress
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from pipeline.files import write_whole
from pipeline.findings import Finding, finding
from pipeline.reading.submission import Cover, Submission, as_read
from pipeline.receiving.received import ReceivedFile
from pipeline.receiving.store import read_unchanged
from questionnaire.rounds.identity import Identity
from questionnaire.rounds.round import Round
from questionnaire.rounds.slices import Slice
from questionnaire.rules.rule import Severity

_OUR_OWN = ("pipeline", "questionnaire", "schemas")
# Where a file's bytes lie, and when it was put there, changes nothing of what it says.
_OF_THIS_DISK = ("path", "modified")
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
        self.readings = readings or hashed("\n".join((*code(), spelled(as_read(round_)), repr(round_.key))))
        self._instrument = round_.instrument
        self._asked: set[str] = set()

    @cached_property
    def version(self) -> str:
        """The name that changes with a rule too."""
        judged_by = (self._instrument.rules, self._instrument.comparisons, self._instrument.fingerprint)
        return hashed(f"{self.readings}\n{spelled(judged_by)}")

    def find(self, file: ReceivedFile) -> Submission | None:
        """What an earlier run read from this very file by the same declaration and the same code; None if nothing."""
        path = self._folder / self.name(file)
        try:
            read_unchanged(file.path, file.sha256)
            return _from_bytes(gzip.decompress(path.read_bytes()))
        except Exception:
            # Whatever is wrong with what was kept, or with the file itself, reading it again shows.
            return None

    def respondent(self, file: ReceivedFile) -> str | None:
        """Whose return it found in that, without looking at its answers; None if nothing was kept."""
        try:
            read_unchanged(file.path, file.sha256)
            with gzip.open(self._folder / self.name(file)) as kept:
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
            content = gzip.compress(_as_bytes(submission), compresslevel=1, mtime=0)
            write_whole(self._folder / self.name(file), content, lasting=False)
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
        known = (getattr(file, field.name) for field in dataclasses.fields(file) if field.name not in _OF_THIS_DISK)
        name = hashed(f"{self.readings}\n{spelled(tuple(known))}")
        self._asked.add(name)
        return name


# --- what a reading depends on ------------------------------------------------------------------------------


def code() -> Iterator[str]:
    """The code that reads: Python, the libraries installed with their versions, and our own."""
    yield sys.version
    yield from sorted({found.name for entry in sys.path for found in Path(entry).glob("*.dist-info")})
    root = Path(__file__).parents[2]
    for path in sorted(path for room in _OUR_OWN for form in ("*.py", "*.toml") for path in (root / room).rglob(form)):
        yield f"{path.relative_to(root).as_posix()} {hashed(path.read_text(encoding='utf-8'))}"


def hashed(text: str) -> str:
    """A short name for a text, that no other text has."""
    return hashlib.sha256(text.encode()).hexdigest()


def spelled(value: object) -> str:
    """A declaration as text: the same for the same content in any process, other than `repr` of a set."""
    kind: type = type(value)
    if kind is str:
        return repr(value)
    if (names := _fields(kind)) is not None:
        return f"{kind.__name__}({','.join(spelled(getattr(value, name)) for name in names)})"
    if isinstance(value, Mapping):
        return f"{{{','.join(sorted(f'{spelled(key)}:{spelled(item)}' for key, item in value.items()))}}}"
    if isinstance(value, frozenset):
        return f"{{{','.join(sorted(map(spelled, value)))}}}"
    if isinstance(value, tuple | list):
        return f"({','.join(map(spelled, value))})"
    return repr(str(value.resolve()) if isinstance(value, Path) else value)


@cache
def _fields(kind: type) -> tuple[str, ...] | None:
    """The names of the fields of a dataclass; None for any other type."""
    return tuple(field.name for field in dataclasses.fields(kind)) if dataclasses.is_dataclass(kind) else None


# --- a submission as bytes, and back ------------------------------------------------------------------------


def _as_bytes(submission: Submission) -> bytes:
    """A line of JSON, and the rows as the tidy table has them, which whoever asks for less need not read.

    Raises ValueError for what would not come back the same: it is read again each time.
    """
    import pyarrow as pa  # noqa: PLC0415  as long as nothing is new, nobody waits for it

    from schemas.answers_table import ANSWERS, arrow_answers  # noqa: PLC0415  it loads the same

    line = json.dumps(_plain(submission), allow_nan=False, separators=(",", ":"))
    if _submission(json.loads(line), submission.rows) != submission:
        raise ValueError(line)
    content = io.BytesIO(f"{line}\n".encode())
    content.seek(0, io.SEEK_END)
    with pa.ipc.new_stream(content, ANSWERS) as stream:
        stream.write_table(arrow_answers(submission.rows))
    return content.getvalue()


def _from_bytes(content: bytes) -> Submission:
    import pyarrow as pa  # noqa: PLC0415  see _as_bytes

    from schemas.answers_table import ANSWERS, ArrowColumns  # noqa: PLC0415

    line, _, rows = content.partition(b"\n")
    table = pa.ipc.open_stream(rows).read_all()
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
