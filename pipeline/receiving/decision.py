"""Declares the decision: what a person of the secretariat settled about a return or an answer, who, when and why."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What a person can settle."""

    ACCEPT = "accept"
    CHOOSE = "choose"
    RESOLVE = "resolve"
    CORRECT = "correct"
    EXTEND = "extend"
    APPROVE = "approve"
    REOPEN = "reopen"


DECISION = "decision-"
"""How the source of an answer begins that no file gives: the number of the decision follows."""

_BY_FILE = (Kind.ACCEPT, Kind.CHOOSE)
_REVIEW = (Kind.APPROVE, Kind.REOPEN)


@dataclass(frozen=True)
class Decision:
    """One row of the register of decisions.

    `who` is the login name of the one who typed it, `at` the time (UTC, ISO 8601), `source` who said so, "" if nobody
    else. `respondent` is a code of the frame, "" for all. What it is about: `sha256`, a file; `question`, an answer as
    `W01a.total`, or `projects[3].partner` in the file `sha256`. `value` is what was settled: the answer as typed
    (correct, resolve), a date (extend), the part of the questionnaire (accept), the SHA-256 of other files with spaces
    between (choose, approve). An `undo` takes back every earlier decision of the same kind about the same thing.
    `number` is its place in the register, 0 before it has one.
    """

    kind: Kind
    respondent: str
    who: str
    at: str
    why: str
    sha256: str = ""
    question: str = ""
    value: str = ""
    source: str = ""
    undo: bool = False
    number: int = 0

    @property
    def about(self) -> tuple[str, ...]:
        """What a later decision must have in common with it to take it back or to stand in its place."""
        if self.kind in _BY_FILE:
            return self.kind, self.sha256
        # An approval ends by being reopened, and the other way round.
        kind = Kind.APPROVE if self.kind in _REVIEW else self.kind
        # The third line of one file is not that of another.
        return kind, self.respondent, self.question, self.sha256 if self.kind is Kind.CORRECT else ""


@dataclass(frozen=True)
class Decisions:
    """Every row of the register of decisions, and those in force: neither taken back nor followed by another."""

    rows: tuple[Decision, ...] = ()

    @property
    def in_force(self) -> tuple[Decision, ...]:
        """In the order of the register. Of choices between files all that nobody took back: each is over others."""
        return in_force(self.rows)

    def of(self, *kinds: Kind) -> tuple[Decision, ...]:
        """Those in force of some kinds."""
        return tuple(entry for entry in self.in_force if entry.kind in kinds)


def in_force(rows: Iterable[Decision]) -> tuple[Decision, ...]:
    """The decisions that are neither taken back by a later row nor, but for choices, followed by one of their own."""
    standing: dict[tuple[str, ...], list[Decision]] = {}
    for entry in rows:
        if entry.undo:
            standing.pop(entry.about, None)
        elif entry.kind is Kind.CHOOSE:
            standing.setdefault(entry.about, []).append(entry)
        else:
            standing[entry.about] = [entry]
    return tuple(sorted((entry for found in standing.values() for entry in found), key=lambda entry: entry.number))
