"""Owns the verdict on each file received: what it is worth, and which submission of a respondent counts."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pipeline.findings import Finding
from questionnaire.messages import Effect
from questionnaire.rounds.standings import Outcome, Verdict
from questionnaire.rules.rule import Severity

OUTCOMES: Mapping[Verdict, Outcome] = {
    Verdict.ACCEPTED: Outcome.PUBLISHED,
    Verdict.SLICE_WAITS: Outcome.WAITING,
    Verdict.SUPERSEDED: Outcome.SUPERSEDED,
    Verdict.TO_CORRECT: Outcome.REJECTED,
    Verdict.UNREADABLE_IN_PART: Outcome.WAITING,
    Verdict.UNVERIFIED: Outcome.WAITING,
    Verdict.NOT_USABLE: Outcome.REJECTED,
}


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
    blockers = [finding for finding in findings if finding.severity is Severity.BLOCKER]
    for verdict, decisive in (
        (Verdict.NOT_USABLE, [finding for finding in blockers if finding.traits.effect is not Effect.HOLDS]),
        (Verdict.UNVERIFIED, blockers),
        (Verdict.UNREADABLE_IN_PART, [finding for finding in findings if finding.traits.effect is Effect.UNSEEN]),
        (Verdict.TO_CORRECT, [finding for finding in findings if finding.severity is Severity.ERROR]),
    ):
        if codes := {finding.code for finding in decisive}:
            return Judgement(verdict, " ".join(sorted(codes)))
    return Judgement(Verdict.SLICE_WAITS, "slice_waits") if slice_ else Judgement(Verdict.ACCEPTED)
