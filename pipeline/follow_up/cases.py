"""Says how each participant stands: what it owes, how complete it is, by when, in time or late, from which files.

It reads what the last run published and what the register knows, without pandas; it decides nothing.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from pipeline.desk.deadlines import corrections_after, extensions
from pipeline.publication.results import read_rows
from pipeline.reading.attribution.file_names import only_named_in
from pipeline.receiving import register
from questionnaire.rounds.round import Respondent, Round
from questionnaire.rounds.standings import CAME, IN_PART, NO_RETURN, PUBLISHED, Verdict, standing

File = Mapping[str, Any]
"""A row of the register of returns."""

SETTLED_BY_US = (Verdict.TO_APPROVE, Verdict.UNREADABLE_IN_PART, Verdict.UNVERIFIED)
"""The verdicts that somebody of the secretariat ends."""

_COLUMNS = (
    "file", "sha256", "container", "sender", "mail_date", "saved", "program", "respondent", "slice", "verdict",
    "reason", "superseded_by", "indicators_answered", "errors", "blockers", "warnings", "focal_point", "signed_off_by",
    "signed_off_on",
)  # fmt: skip
_TO_CORRECT = (str(Verdict.TO_CORRECT), str(Verdict.TO_COMPLETE))
_CONFLICT = ("respondent", "question", "answer", "file", "command")
_PART = ("respondent", "slice", "missing")
_SOUND = (*CAME, Verdict.TO_APPROVE)


class Timing(StrEnum):
    """Whether a participant answered in time, as far as that is proved."""

    EARLY = "early"
    SAVED_EARLY = "saved_early"
    LATE = "late"
    DUE = "due"
    OVERDUE = "overdue"


class Turn(StrEnum):
    """Whose turn it is, in the order in which the secretariat looks at it."""

    OURS = "ours"
    THEIRS = "theirs"
    NOBODYS = "nobodys"


@dataclass(frozen=True)
class Case:
    """One participant. `owes` is a standing; `files` are its own, newest first, and those that seem to be its own.

    `answered` counts the indicators of what counts, or would count, of `asked`; `missing` are the codes of parts that
    have not come where others have, `conflicts` the answers that contradict each other, one row for each file and
    question. `until` is the day up to which something is owed, `days` how many are left.
    """

    respondent: Respondent
    owes: str
    files: tuple[File, ...]
    answered: int
    asked: int
    missing: tuple[str, ...]
    timing: Timing
    until: dt.date
    days: int
    conflicts: tuple[File, ...] = ()

    @property
    def turn(self) -> Turn:
        if self.conflicts or any(file["verdict"] in SETTLED_BY_US for file in self.files):
            return Turn.OURS
        is_done = self.owes == Verdict.ACCEPTED and not self.missing and not self.given_back
        return Turn.NOBODYS if is_done else Turn.THEIRS

    @property
    def given_back(self) -> tuple[str, ...]:
        """The files that are to be corrected or completed, where others of the participant count."""
        if self.owes not in PUBLISHED:
            return ()
        return tuple(file["file"] for file in self.files if file["verdict"] in _TO_CORRECT)

    @property
    def counting(self) -> File | None:
        """The file that stands for the participant: the newest of those with the best verdict."""
        verdict = Verdict.ACCEPTED if self.owes == IN_PART else self.owes
        return next((file for file in self.files if file["verdict"] == verdict), None)

    @property
    def errors(self) -> int:
        """How many errors the file that stands for the participant has."""
        return 0 if self.counting is None else int(self.counting["errors"]) + int(self.counting["blockers"])

    @property
    def signed(self) -> str:
        """When it was signed off, as its cover says; else by whom; "" if it was not."""
        signed = self.counting if self.counting and self.counting["signed_off_by"] else {}
        return str(signed.get("signed_off_on") or signed.get("signed_off_by") or "")


@dataclass(frozen=True)
class Cases:
    """All participants in the order of the frame, and the files that are nobody's."""

    cases: tuple[Case, ...]
    others: tuple[File, ...]

    def of(self, turn: Turn) -> tuple[Case, ...]:
        return tuple(case for case in self.cases if case.turn is turn)

    @property
    def sent(self) -> int:
        """How many have sent something, whatever it is worth."""
        return sum(case.owes != NO_RETURN for case in self.cases)

    @property
    def accepted(self) -> int:
        return sum(case.owes == Verdict.ACCEPTED for case in self.cases)


def read_cases(round_: Round, today: dt.date) -> Cases:
    """How everybody stands by the last run; NotConsolidatedError before the first."""
    files = read_rows(round_, "returns", _COLUMNS)
    received = register.history(round_).received
    granted = extensions(round_)
    asked = {respondent.code for respondent in round_.participants}
    conflicts: dict[str, list[File]] = defaultdict(list)
    for row in read_rows(round_, "conflicts", _CONFLICT):
        conflicts[row["respondent"]].append(row)
    answered: dict[str, set[str]] = defaultdict(set)
    for row in read_rows(round_, "parts", _PART):
        if part := round_.slice_of(row["respondent"], row["slice"]):
            answered[row["respondent"]] |= part.indicators.difference(row["missing"].split())
    by_code: dict[str, list[File]] = defaultdict(list)
    others: list[File] = []
    for file in files:
        code = file["respondent"] or likely(round_, file)
        (by_code[code] if code in asked else others).append(file)
    cases = (
        _case(round_, respondent, by_code[respondent.code], received, granted, today)
        for respondent in round_.participants
    )
    settled = (
        replace(
            case,
            answered=max(case.answered, len(answered[case.respondent.code]) if _in_parts(case) else 0),
            conflicts=tuple(conflicts[case.respondent.code]),
        )
        for case in cases
    )
    return Cases(tuple(settled), tuple(others))


def likely(round_: Round, file: File) -> str:
    """The participant whose code or name stands in the name of a file that cannot be used; "" if none or several do."""
    if file["verdict"] not in (Verdict.NOT_USABLE, Verdict.UNVERIFIED):
        return ""
    return only_named_in(file["file"], round_.respondents)


def missing_parts(round_: Round, respondent: str, files: Iterable[File]) -> tuple[str, ...]:
    """The parts that have not come in order, where some part has come and no whole questionnaire counts."""
    files = list(files)
    came = {file["slice"] for file in files if file["verdict"] in _SOUND}
    if not any(file["slice"] for file in files) or not round_.missing_from(respondent, came):
        return ()
    return tuple(part.code for part in round_.slices_of(respondent) if part.code not in came)


def owed(round_: Round, respondent: str, files: Iterable[File]) -> str:
    """The standing of a participant by its files: the best verdict, or that not all parts of it count."""
    files = list(files)
    counted = {file["slice"] for file in files if file["verdict"] in CAME}
    return standing((file["verdict"] for file in files), in_part=bool(round_.missing_from(respondent, counted)))


def _in_parts(case: Case) -> bool:
    return any(file["slice"] for file in case.files if file["verdict"] in _SOUND)


def _case(
    round_: Round,
    respondent: Respondent,
    files: Sequence[File],
    received: Mapping[str, str],
    granted: Mapping[str, dt.date],
    today: dt.date,
) -> Case:
    newest = tuple(sorted(files, key=lambda file: (file["saved"] or file["mail_date"], file["file"]), reverse=True))
    missing = missing_parts(round_, respondent.code, newest)
    owes = owed(round_, respondent.code, newest)
    deadline = granted.get(respondent.code, round_.return_by)
    until = corrections_after(round_, deadline) if owes in _TO_CORRECT else deadline
    usable = [file for file in newest if file["verdict"] not in (Verdict.NOT_USABLE, Verdict.DUPLICATE)]
    return Case(
        respondent,
        owes,
        newest,
        _answered(newest, owes),
        len(round_.instrument.indicators),
        missing,
        _timing(usable, received, deadline, today),
        until,
        (until - today).days,
    )


def _answered(files: Iterable[File], owes: str) -> int:
    """The most indicators that one file answers of those that count; what parts answer together is counted by parts."""
    verdict = Verdict.ACCEPTED if owes == IN_PART else owes
    return max((int(file["indicators_answered"] or 0) for file in files if file["verdict"] == verdict), default=0)


def _timing(files: Sequence[File], received: Mapping[str, str], deadline: dt.date, today: dt.date) -> Timing:
    """Early if the mail, or the register, had one by then; saved early if only the file itself says so; else late."""
    if not files:
        return Timing.OVERDUE if today > deadline else Timing.DUE
    last = deadline.isoformat()
    if any((file["mail_date"] or received.get(file["sha256"], "~"))[:10] <= last for file in files):
        return Timing.EARLY
    saved = (file["saved"][:10] for file in files if not file["mail_date"])
    return Timing.SAVED_EARLY if any("" < day <= last for day in saved) else Timing.LATE
