"""Decides the verdict on each file received: what it is worth, and which submission of a respondent counts."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from pipeline.consolidation.versions import Evidence, Order, Times, which_counts
from pipeline.findings import Finding
from pipeline.receiving.register import NO_HISTORY, History
from questionnaire.messages import Effect
from questionnaire.rounds.standings import Verdict
from questionnaire.rules.rule import Severity

ENDED_BY_CHOICE = (Effect.UNSEEN, Effect.INCOMPLETE)
"""What no longer keeps a file out once a person has chosen it."""

_SOUND = (Verdict.ACCEPTED, Verdict.SLICE_WAITS)
_NOT_DISPLACED = (Verdict.NOT_USABLE, Verdict.UNVERIFIED)


@dataclass(frozen=True)
class Judged:
    """One submission to be judged: whose it is, and the times that tell how new it is.

    `slice` is the part of the questionnaire that it is, "" for the whole.
    """

    submission: str
    file: str
    respondent: str
    times: Times = field(default_factory=Times)
    slice: str = ""


@dataclass(frozen=True)
class Judgement:
    """A verdict, the codes of the findings that led to it, and the submission that took this one's place.

    `others` are the submissions among which a person is to choose.
    """

    verdict: Verdict
    reason: str = ""
    superseded_by: str = ""
    others: tuple[str, ...] = ()


def judge(
    submissions: Iterable[Judged],
    findings: Iterable[Finding],
    history: History = NO_HISTORY,
    leaves_out: Callable[[str, str], bool] = lambda _later, _earlier: False,
) -> dict[str, Judgement]:
    """The judgement of each submission, by its SHA-256.

    A blocker makes it unusable or, where it is only not certain whose it is, holds it; an error sends it back, or lets
    it wait where the file could not be looked at as a whole, or answers too little. What is held displaces nothing and
    is displaced by nothing. Of a respondent's sound submissions the newest counts, if it is certain which that is and
    it does not leave out a good part of what the one before it answers, as `leaves_out` says; whatever is older is
    superseded, sound or not, unless it was unusable. A slice in order waits for the others: it takes the place of
    earlier ones of the same slice, never of the whole.
    """
    judged = list(submissions)
    chosen = {choice.sha256 for choice in history.choices}
    by_submission: dict[str, list[Finding]] = defaultdict(list)
    for finding in findings:
        if finding.submission not in chosen or finding.traits.effect not in ENDED_BY_CHOICE:
            by_submission[finding.submission].append(finding)
    own = {entry.submission: _own_verdict(by_submission[entry.submission], entry.slice) for entry in judged}
    evidence = Evidence({entry.submission: entry.times for entry in judged}, history.choices, leaves_out)
    groups: dict[tuple[str, str], list[str]] = defaultdict(list)
    for entry in judged:
        groups[entry.respondent, entry.slice].append(entry.submission)
    verdicts = dict(own)
    for key, group in groups.items():
        verdicts |= _ordered(group, own, evidence, history.counted.get(key, ""))
    return verdicts


def _ordered(group: Sequence[str], own: dict[str, Judgement], evidence: Evidence, counted: str) -> dict[str, Judgement]:
    """The judgements of the files of one respondent and slice that wait for a choice or are superseded."""
    sound = [file for file in group if own[file].verdict in _SOUND]
    counts, waiting = which_counts(sound, evidence, counted)
    changed = {file: Judgement(Verdict.TO_CHOOSE, why.code, "", why.others) for file, why in waiting.items()}
    for file in group:
        if not counts or file == counts or file in waiting or own[file].verdict in _NOT_DISPLACED:
            continue
        if evidence.order(file, counts) is Order.EARLIER:
            changed[file] = Judgement(Verdict.SUPERSEDED, own[file].reason, counts)
    return changed


def _own_verdict(findings: list[Finding], slice_: str) -> Judgement:
    blockers = [finding for finding in findings if finding.severity is Severity.BLOCKER]
    errors = [finding for finding in findings if finding.severity is Severity.ERROR]
    for verdict, decisive in (
        (Verdict.NOT_USABLE, [finding for finding in blockers if finding.traits.effect is not Effect.HOLDS]),
        (Verdict.UNVERIFIED, blockers),
        (Verdict.UNREADABLE_IN_PART, [finding for finding in findings if finding.traits.effect is Effect.UNSEEN]),
        (Verdict.TO_CORRECT, [finding for finding in errors if finding.traits.effect is not Effect.INCOMPLETE]),
        (Verdict.TO_COMPLETE, errors),
    ):
        if codes := {finding.code for finding in decisive}:
            return Judgement(verdict, " ".join(sorted(codes)))
    return Judgement(Verdict.SLICE_WAITS, "slice_waits") if slice_ else Judgement(Verdict.ACCEPTED)
