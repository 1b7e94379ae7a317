"""Keeps the register of a round: all ever received, and every decision of a person, for good.

It is the file `register.sqlite`. Rows are only ever added, a run's in one transaction. It decides nothing; of its times
only their order has a part in what is made.
"""

import datetime as dt
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

from pipeline.receiving.acceptance import Acceptance
from pipeline.receiving.choice import Choice
from pipeline.receiving.decision import Decision, Decisions, Kind
from pipeline.receiving.received import ReceivedFile
from questionnaire.rounds.round import Round
from questionnaire.tables import DeclarationError

REGISTER = "register.sqlite"

_WAIT_SECONDS = 60
_TABLES = {
    "contents": "sha256 TEXT PRIMARY KEY, bytes INTEGER NOT NULL, format TEXT NOT NULL, first_received TEXT NOT NULL",
    "arrivals": (
        "sha256 TEXT NOT NULL REFERENCES contents, name TEXT NOT NULL, container TEXT NOT NULL, sender TEXT NOT NULL,"
        " mail_date TEXT NOT NULL, subject TEXT NOT NULL, first_seen TEXT NOT NULL,"
        " UNIQUE (sha256, name, container, sender, mail_date, subject)"
    ),
    "decisions": (
        "number INTEGER PRIMARY KEY, kind TEXT NOT NULL, respondent TEXT NOT NULL, sha256 TEXT REFERENCES contents,"
        " question TEXT NOT NULL, value TEXT NOT NULL, who TEXT NOT NULL, source TEXT NOT NULL, at TEXT NOT NULL,"
        " why TEXT NOT NULL, undo INTEGER NOT NULL"
    ),
    # A row for each thing that became of a letter: begun, sent, refused, unsent.
    "messages": (
        "number INTEGER PRIMARY KEY, message_id TEXT NOT NULL, letter TEXT NOT NULL, respondent TEXT NOT NULL,"
        " about TEXT NOT NULL, recipients TEXT NOT NULL, subject TEXT NOT NULL, state TEXT NOT NULL, at TEXT NOT NULL,"
        " detail TEXT NOT NULL"
    ),
    # A row for each message brought from a mailbox: what it is, and where it lay.
    "fetched": (
        "number INTEGER PRIMARY KEY, message TEXT NOT NULL, place TEXT NOT NULL, name TEXT NOT NULL, at TEXT NOT NULL"
    ),
}

_DECISION_COLUMNS = "kind, respondent, sha256, question, value, who, source, at, why, undo"
_ADD_DECISION = f"INSERT INTO decisions ({_DECISION_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"


@dataclass(frozen=True)
class History:
    """What the register knows of which file is newer and which counts.

    `received` says by SHA-256 when a content first came in, `names` which contents came under a name of the folder of
    returns, the last one last.
    """

    received: Mapping[str, str] = field(default_factory=dict)
    names: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    decisions: Decisions = field(default_factory=Decisions)

    @property
    def choices(self) -> tuple[Choice, ...]:
        """The choices in force, the last one last."""
        return tuple(
            Choice(entry.sha256, frozenset(entry.value.split()), entry.who, entry.at, entry.why)
            for entry in self.decisions.of(Kind.CHOOSE)
        )


NO_HISTORY = History()
"""What is known where there is no register."""


@dataclass(frozen=True)
class Gone:
    """A content received once whose file is no longer in the folder of returns; `name` is the last it came under."""

    sha256: str
    name: str


def record(round_: Round, files: Iterable[ReceivedFile], at: dt.datetime) -> None:
    """Add what is new among the files received: contents, and the names and mails that they came under."""
    time = time_text(at)
    returns = [file for file in files if file.is_received]
    with _opened(round_) as register, register:
        register.execute("BEGIN IMMEDIATE")
        register.executemany(
            "INSERT OR IGNORE INTO contents VALUES (?, ?, ?, ?)",
            [(file.sha256, file.size, str(file.format), time) for file in returns],
        )
        register.executemany(
            "INSERT OR IGNORE INTO arrivals VALUES (?, ?, ?, ?, ?, ?, ?)",
            [(f.sha256, f.name, f.container, f.sender, f.mail_date, f.subject, time) for f in returns],
        )


def decide(round_: Round, *taken: Decision) -> None:
    """Add what a person decided, all of it or nothing; of a decision about a file, the content must be received."""
    with _opened(round_) as register, register:
        register.executemany(_ADD_DECISION, map(_decision_row, taken))


def decisions(round_: Round) -> Decisions:
    """Every decision recorded, and which are in force; none where there is no register yet."""
    query = f"SELECT number, {_DECISION_COLUMNS} FROM decisions ORDER BY number"
    return Decisions(
        tuple(
            Decision(Kind(kind), respondent, who, at, why, sha256 or "", question, value, source, bool(undo), number)
            for number, kind, respondent, sha256, question, value, who, source, at, why, undo in _rows(round_, query)
        )
    )


def acceptances(round_: Round) -> Mapping[str, Acceptance]:
    """The acceptance in force of each content that has one, by SHA-256."""
    accepted = decisions(round_).of(Kind.ACCEPT)
    return {
        entry.sha256: Acceptance(entry.sha256, entry.respondent, entry.who, entry.at, entry.why, entry.value)
        for entry in accepted
    }


def with_acceptances(round_: Round, files: Iterable[ReceivedFile]) -> list[ReceivedFile]:
    """The files, each with the acceptance in force of its content."""
    known = acceptances(round_)
    return [replace(file, accepted=known.get(file.sha256)) for file in files]


def history(round_: Round) -> History:
    """What the register knows of which file is newer and what was decided; nothing where there is no register yet."""
    received = dict(_rows(round_, "SELECT sha256, first_received FROM contents"))
    names: dict[str, tuple[str, ...]] = {}
    for name, sha256 in _rows(round_, "SELECT name, sha256 FROM arrivals WHERE container = '' ORDER BY rowid"):
        names[name] = (*names.get(name, ()), sha256)
    return History(received, names, decisions(round_))


def add(round_: Round, table: str, *rows: Mapping[str, str]) -> None:
    """Add rows to the table of letters or of fetched messages; all of them have the same columns."""
    if not rows:
        return
    names, places = ", ".join(rows[0]), ", ".join("?" * len(rows[0]))
    with _opened(round_) as register, register:
        register.executemany(f"INSERT INTO {table} ({names}) VALUES ({places})", [tuple(row.values()) for row in rows])


def entries(round_: Round, table: str, *columns: str) -> Sequence[tuple[Any, ...]]:
    """Some columns of all rows of such a table, in the order in which they were added."""
    return _rows(round_, f"SELECT {', '.join(columns)} FROM {table} ORDER BY number")


def gone(round_: Round, files: Iterable[ReceivedFile]) -> tuple[Gone, ...]:
    """What was received once and is not among the files there are now, by name; of a mail or archive the whole."""
    there = {file.sha256 for file in files}
    rows = _rows(round_, "SELECT sha256, name FROM arrivals WHERE container = '' ORDER BY rowid")
    names = {sha256: name for sha256, name in rows if sha256 not in there}
    return tuple(Gone(sha256, name) for sha256, name in sorted(names.items(), key=lambda item: (item[1], item[0])))


def time_text(at: dt.datetime) -> str:
    """A time as the register writes it: UTC, ISO 8601, to the second."""
    return at.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def rewind(copy: Round, count: int) -> None:
    """Leave only the first decisions in the register of a copy of a round, to make what was made of them again."""
    with _opened(copy) as register, register:
        register.execute("DROP TRIGGER decisions_no_delete")
        first = "SELECT number FROM decisions ORDER BY number LIMIT ?"
        register.execute(f"DELETE FROM decisions WHERE number NOT IN ({first})", (count,))


def _rows(round_: Round, query: str) -> Sequence[tuple[Any, ...]]:
    """What a query finds; nothing where there is no register yet."""
    if not (round_.folder / REGISTER).exists():
        return []
    with _opened(round_) as register:
        return register.execute(query).fetchall()


@contextmanager
def _opened(round_: Round) -> Iterator[sqlite3.Connection]:
    """The register, made when there is none; raises DeclarationError for one that cannot be read or written.

    The journal is SQLite's ordinary one, not a write-ahead log: that would need memory shared between all who write,
    which network drives do not have.
    """
    path = round_.folder / REGISTER
    try:
        with closing(sqlite3.connect(path, timeout=_WAIT_SECONDS)) as register:
            register.execute("PRAGMA foreign_keys = ON")
            _prepare(register)
            yield register
    except sqlite3.Error as error:
        remedy = "Make sure that the disk is neither full nor write-protected; put back a copy of a damaged file"
        raise DeclarationError(str(path), f"the register cannot be used ({error})", remedy) from error


def _prepare(register: sqlite3.Connection) -> None:
    """Make what tables there are not, and take over what a register of before has in tables of its own."""
    there = {name for (name,) in register.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    if _TABLES.keys() <= there:
        return
    with register:
        register.execute("BEGIN IMMEDIATE")
        for table, columns in _TABLES.items():
            register.execute(f"CREATE TABLE IF NOT EXISTS {table} ({columns})")
            for change in ("UPDATE", "DELETE"):
                register.execute(
                    f"CREATE TRIGGER IF NOT EXISTS {table}_no_{change.lower()} BEFORE {change} ON {table}"
                    " BEGIN SELECT RAISE(ABORT, 'the register is only ever added to'); END"
                )
        if "acceptances" in there and not register.execute("SELECT count(*) FROM decisions").fetchone()[0]:
            register.executemany(_ADD_DECISION, map(_decision_row, sorted(_earlier(register), key=lambda one: one.at)))


def _earlier(register: sqlite3.Connection) -> Iterator[Decision]:
    """The acceptances and choices of a register begun before there was one table of decisions."""
    has_slice = "slice" in {column[1] for column in register.execute("PRAGMA table_info(acceptances)")}
    query = "SELECT sha256, respondent, who, at, why, {} FROM acceptances ORDER BY number"
    for sha256, respondent, who, at, why, slice_ in register.execute(query.format("slice" if has_slice else "''")):
        # An acceptance that was taken back was followed by a row that names no respondent.
        yield Decision(Kind.ACCEPT, respondent, who, at, why, sha256, value=slice_, undo=not respondent)
    query = "SELECT sha256, over, who, at, why, taken_back FROM choices ORDER BY number"
    for sha256, over, who, at, why, taken_back in register.execute(query):
        yield Decision(Kind.CHOOSE, "", who, at, why, sha256, value=over, undo=bool(taken_back))


def _decision_row(entry: Decision) -> tuple[object, ...]:
    about = (entry.sha256 or None, entry.question, entry.value)
    return entry.kind, entry.respondent, *about, entry.who, entry.source, entry.at, entry.why, entry.undo
