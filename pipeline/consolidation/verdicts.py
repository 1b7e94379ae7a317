"""Owns the verdict on each file received: what it is worth, and which submission of a respondent counts."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from pipeline.findings import Finding
from questionnaire.rules.rule import Severity


class Verdict(StrEnum):
    """What a file received is worth."""

    ACCEPTED = "accepted"
    SLICE_WAITS = "slice_waits"
    SUPERSEDED = "superseded"
    TO_CORRECT = "to_correct"
    UNREADABLE_IN_PART = "unreadable_in_part"
    UNVERIFIED = "unverified"
    NOT_USABLE = "not_usable"
    DUPLICATE = "duplicate"
    NOT_A_RETURN = "not_a_return"


class Outcome(StrEnum):
    """What becomes of the answers of a submission."""

    PUBLISHED = "published"
    SUPERSEDED = "superseded"
    REJECTED = "rejected"
    WAITING = "waiting"


OUTCOMES: Mapping[Verdict, Outcome] = {
    Verdict.ACCEPTED: Outcome.PUBLISHED,
    Verdict.SLICE_WAITS: Outcome.WAITING,
    Verdict.SUPERSEDED: Outcome.SUPERSEDED,
    Verdict.TO_CORRECT: Outcome.REJECTED,
    Verdict.UNREADABLE_IN_PART: Outcome.WAITING,
    Verdict.UNVERIFIED: Outcome.WAITING,
    Verdict.NOT_USABLE: Outcome.REJECTED,
}

HELD = frozenset(
    {
        "no_identity", "token_missing", "token_wrong", "key_missing", "two_respondents", "respondent_unknown",
        "respondent_unclear", "sender_disagrees",
    }
)  # fmt: skip
"""The blockers that leave open only whose a return is: it is read and checked, and held until somebody says so."""

UNSEEN = frozenset({"unreadable_in_part"})
"""The errors that leave open what else is wrong: nothing is published until a person has looked at the file."""


@dataclass(frozen=True)
class Judged:
    """One submission to be judged: whose it is and when it was last saved (ISO text, "" if unknown).

    `slice` is the part of the questionnaire that it is, "" for the whole.
    """

    submission: str
    file: str
    respondent: str
    saved: str
    slice: str = ""


@dataclass(frozen=True)
class Judgement:
    """A verdict, the codes of the findings that led to it, and the submission that took this one's place."""

    verdict: Verdict
    reason: str = ""
    superseded_by: str = ""


def judge(submissions: Iterable[Judged], findings: Iterable[Finding]) -> dict[str, Judgement]:
    """The judgement of each submission, by its SHA-256.

    A blocker makes it unusable or, where it is only not certain whose it is, holds it; an error sends it back, or lets
    it wait where the file could not be looked at as a whole. What is held displaces nothing and is displaced by
    nothing. Of a respondent's accepted submissions the one saved last counts; whatever it saved before that one is
    superseded, accepted or not, unless it was unusable. A slice in order waits for the others: it takes the place of
    earlier ones of the same slice, never of the whole.
    """
    by_submission: dict[str, list[Finding]] = defaultdict(list)
    for finding in findings:
        by_submission[finding.submission].append(finding)
    judged = sorted(submissions, key=lambda entry: (entry.saved, entry.file))
    verdicts = {entry.submission: _own_verdict(by_submission[entry.submission], entry.slice) for entry in judged}
    sound = (Verdict.ACCEPTED, Verdict.SLICE_WAITS)
    latest = {(entry.respondent, entry.slice): entry for entry in judged if verdicts[entry.submission].verdict in sound}
    for entry in judged:
        winner = latest.get((entry.respondent, entry.slice))
        own = verdicts[entry.submission]
        earlier = winner is not None and (entry.saved, entry.file) < (winner.saved, winner.file)
        if winner is not None and earlier and own.verdict not in (Verdict.NOT_USABLE, Verdict.UNVERIFIED):
            verdicts[entry.submission] = Judgement(Verdict.SUPERSEDED, own.reason, winner.submission)
    return verdicts


def _own_verdict(findings: list[Finding], slice_: str) -> Judgement:
    blockers = {finding.code for finding in findings if finding.severity is Severity.BLOCKER}
    errors = {finding.code for finding in findings if finding.severity is Severity.ERROR}
    for verdict, codes in (
        (Verdict.NOT_USABLE, blockers - HELD),
        (Verdict.UNVERIFIED, blockers),
        (Verdict.UNREADABLE_IN_PART, errors & UNSEEN),
        (Verdict.TO_CORRECT, errors),
    ):
        if codes:
            return Judgement(verdict, " ".join(sorted(codes)))
    return Judgement(Verdict.SLICE_WAITS, "slice_waits") if slice_ else Judgement(Verdict.ACCEPTED)
