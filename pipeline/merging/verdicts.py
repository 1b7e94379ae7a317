"""Decides what each file received is worth by itself: whether it can be used, and what keeps all of it out."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from pipeline.findings import Finding
from pipeline.merging.versions import Times
from questionnaire.messages import Effect
from questionnaire.rounds.standings import Verdict
from questionnaire.rules.rule import Severity

ENDED_BY_CHOICE = (Effect.UNSEEN, Effect.INCOMPLETE)
"""What no longer keeps a file out once a person has chosen it."""


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
    """A verdict, the codes of the findings that led to it, and the submission that took this one's place."""

    verdict: Verdict
    reason: str = ""
    superseded_by: str = ""


def own_judgement(findings: Iterable[Finding], is_chosen: bool = False) -> Judgement:
    """What a file is worth by the findings that concern it, ACCEPTED where none keeps it out.

    A blocker makes it unusable or, where it is only not certain whose it is, holds it; an error sends it back, or lets
    it wait where the file could not be looked at as a whole, or answers too little, unless a person has chosen it.
    """
    counted = [found for found in findings if not (is_chosen and found.traits.effect in ENDED_BY_CHOICE)]
    blockers = [found for found in counted if found.severity is Severity.BLOCKER]
    errors = [found for found in counted if found.severity is Severity.ERROR]
    for verdict, decisive in (
        (Verdict.NOT_USABLE, [found for found in blockers if found.traits.effect is not Effect.HOLDS]),
        (Verdict.UNVERIFIED, blockers),
        (Verdict.UNREADABLE_IN_PART, [found for found in counted if found.traits.effect is Effect.UNSEEN]),
        (Verdict.TO_CORRECT, [found for found in errors if found.traits.effect is not Effect.INCOMPLETE]),
        (Verdict.TO_COMPLETE, errors),
    ):
        if codes := {found.code for found in decisive}:
            return Judgement(verdict, " ".join(sorted(codes)))
    return Judgement(Verdict.ACCEPTED)
