"""Keeps the register of a round: all ever received, every acceptance and choice, and what counted, for good.

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
    # An acceptance that was taken back is followed by a row that names no respondent.
    "acceptances": (
        "number INTEGER PRIMARY KEY, sha256 TEXT NOT NULL REFERENCES contents, respondent TEXT NOT NULL,"
        " who TEXT NOT NULL, at TEXT NOT NULL, why TEXT NOT NULL, slice TEXT NOT NULL DEFAULT ''"
    ),
    # The others that were chosen against, with spaces between; a row that takes the choice back says so.
    "choices": (
        "number INTEGER PRIMARY KEY, sha256 TEXT NOT NULL REFERENCES contents, over TEXT NOT NULL,"
        " who TEXT NOT NULL, at TEXT NOT NULL, why TEXT NOT NULL, taken_back INTEGER NOT NULL"
    ),
    # What a run published of a respondent, when it was another file than before.
    "counted": (
        "number INTEGER PRIMARY KEY, respondent TEXT NOT NULL, slice TEXT NOT NULL,"
        " sha256 TEXT NOT NULL REFERENCES contents, at TEXT NOT NULL"
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


@dataclass(frozen=True)
class History:
    """What the register knows of which file is newer and which counts.

    `received` says by SHA-256 when a content first came in, `counted` which content of a respondent and slice counted
    last; `choices` are those in force, the last one last.
    """

    received: Mapping[str, str] = field(default_factory=dict)
    counted: Mapping[tuple[str, str], str] = field(default_factory=dict)
    choices: tuple[Choice, ...] = ()


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


def accept(round_: Round, acceptance: Acceptance) -> None:
    """Add an acceptance, or with no respondent that the previous one is taken back."""
    entry = acceptance
    with _opened(round_) as register, register:
        register.execute(
            "INSERT INTO acceptances (sha256, respondent, who, at, why, slice) VALUES (?, ?, ?, ?, ?, ?)",
            (entry.sha256, entry.respondent, entry.who, entry.when, entry.why, entry.slice),
        )


def acceptances(round_: Round) -> Mapping[str, Acceptance]:
    """The acceptance in force of each content that has one, by SHA-256: the last that was recorded."""
    rows = _rows(round_, "SELECT sha256, respondent, who, at, why, slice FROM acceptances ORDER BY number")
    last = {row[0]: Acceptance(*row) for row in rows}
    return {sha256: entry for sha256, entry in last.items() if entry.respondent}


def with_acceptances(round_: Round, files: Iterable[ReceivedFile]) -> list[ReceivedFile]:
    """The files, each with the acceptance in force of its content."""
    known = acceptances(round_)
    return [replace(file, accepted=known.get(file.sha256)) for file in files]


def choose(round_: Round, choice: Choice, *, taken_back: bool = False) -> None:
    """Add a choice, or that all earlier ones of the same content are taken back."""
    over = " ".join(sorted(choice.over))
    with _opened(round_) as register, register:
        register.execute(
            "INSERT INTO choices (sha256, over, who, at, why, taken_back) VALUES (?, ?, ?, ?, ?, ?)",
            (choice.sha256, over, choice.who, choice.when, choice.why, taken_back),
        )


def record_counted(round_: Round, counted: Mapping[tuple[str, str], str], at: dt.datetime) -> None:
    """Add which content counts for a respondent and slice, where it was another or none before."""
    before = history(round_).counted
    rows = [(*key, sha256, time_text(at)) for key, sha256 in counted.items() if before.get(key) != sha256]
    with _opened(round_) as register, register:
        register.executemany("INSERT INTO counted (respondent, slice, sha256, at) VALUES (?, ?, ?, ?)", rows)


def history(round_: Round) -> History:
    """What the register knows of which file is newer and which counts; nothing where there is no register yet."""
    in_force: list[Choice] = []
    taken_back: dict[str, str] = {}
    query = "SELECT sha256, over, who, at, why, taken_back FROM choices ORDER BY number"
    for sha256, over, who, at, why, undone in _rows(round_, query):
        if undone:
            taken_back |= {choice.sha256: choice.when for choice in reversed(in_force) if choice.sha256 == sha256}
            in_force = [choice for choice in in_force if choice.sha256 != sha256]
        else:
            in_force.append(Choice(sha256, frozenset(over.split()), who, at, why))
    counted = {
        (respondent, slice_): sha256
        for respondent, slice_, sha256, at in _rows(
            round_, "SELECT respondent, slice, sha256, at FROM counted ORDER BY number"
        )
        # What counted only by a choice that was taken back is as if it never had.
        if sha256 not in taken_back or at < taken_back[sha256]
    }
    received = dict(_rows(round_, "SELECT sha256, first_received FROM contents"))
    return History(received, counted, tuple(in_force))


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
            for table, columns in _TABLES.items():
                register.execute(f"CREATE TABLE IF NOT EXISTS {table} ({columns})")
                for change in ("UPDATE", "DELETE"):
                    register.execute(
                        f"CREATE TRIGGER IF NOT EXISTS {table}_no_{change.lower()} BEFORE {change} ON {table}"
                        " BEGIN SELECT RAISE(ABORT, 'the register is only ever added to'); END"
                    )
            if "slice" not in {column[1] for column in register.execute("PRAGMA table_info(acceptances)")}:
                # Registers begun before parts could be accepted go on.
                register.execute("ALTER TABLE acceptances ADD COLUMN slice TEXT NOT NULL DEFAULT ''")
            yield register
    except sqlite3.Error as error:
        remedy = "Make sure that the disk is neither full nor write-protected; put back a copy of a damaged file"
        raise DeclarationError(str(path), f"the register cannot be used ({error})", remedy) from error
