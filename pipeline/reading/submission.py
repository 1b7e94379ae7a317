"""Declares what reading gives: a submission, plain enough to be handed from process to process and to be kept.

Whoever only looks at what was read starts without all that reads.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from pipeline.findings import Finding, finding
from questionnaire.answer_columns import COLUMN_NAMES
from questionnaire.messages import Effect
from questionnaire.rules.rule import Severity

if TYPE_CHECKING:
    from pipeline.receiving.received import ReceivedFile
    from questionnaire.rounds.identity import Identity
    from questionnaire.rounds.round import Round
    from questionnaire.rounds.slices import Slice

Columns = dict[str, list[object]]

PRINTED = "printed"
"""The parsing rule of a dimension: nobody answers it."""


@dataclass(frozen=True)
class Cover:
    """What was entered, as COVER_ENTRIES calls it, in which cells, and where the name of who signs off was to stand."""

    entries: Mapping[str, str]
    cells: frozenset[tuple[int, int]]
    sheet: str
    sign_off_cell: str

    def findings(self) -> Iterator[Finding]:
        """That nobody signed off."""
        if "signed_off_by" not in self.entries:
            yield finding("not_signed_off", Severity.INFO, sheet=self.sheet, cell=self.sign_off_cell)


@dataclass(frozen=True)
class Submission:
    """What one file says.

    `saved` is when it was last saved (UTC, ISO 8601, "" if unknown) and `program` by what. `rows` are the columns of
    the tidy table, each with one entry per slot of the sections and per cell of each filled line, or with none where
    the file is no questionnaire of this round. `part` is the slice of the questionnaire that was read, None for the
    whole. `cover` says who filled it in and signed off, None without a Cover. `read` is how many answers were read,
    counted apart from the table so that it can be held against it.
    """

    submission: str
    file: str
    identity: Identity | None
    respondent: str
    saved: str
    program: str
    rows: Mapping[str, list[object]]
    findings: tuple[Finding, ...]
    part: Slice | None = None
    cover: Cover | None = None
    older: str = ""
    read: int = 0

    @property
    def blocker(self) -> str:
        """The code of the finding that keeps the file from being checked, "" if none does; what is held is checked."""
        blockers = (found for found in self.findings if found.severity is Severity.BLOCKER)
        return next((found.code for found in blockers if found.traits.effect is not Effect.HOLDS), "")


def unread(received: ReceivedFile, code: str, detail: str) -> Submission:
    """The submission of a file that could not be read; `code` is that of the finding that says why."""
    return nothing_read(received, finding(code, Severity.BLOCKER, {"detail": detail}))


def nothing_read(received: ReceivedFile, reason: Finding) -> Submission:
    """The submission of a file of which nothing was read; `reason` says why."""
    placed = replace(reason, file=received.name, submission=received.sha256)
    return Submission(received.sha256, received.name, None, "", "", "", no_rows(), (placed,))


def no_rows() -> Columns:
    """The columns of the tidy table without rows."""
    return {name: [] for name in COLUMN_NAMES}


def as_read(round_: Round) -> Round:
    """The round as whoever reads its returns gets it: without conditions of rules, nor whom letters go to."""
    return replace(round_, instrument=round_.instrument.as_printed, contacts=(), mail=None)
