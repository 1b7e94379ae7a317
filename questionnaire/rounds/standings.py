"""Declares the words for what a file received or a respondent's files are worth, and for what becomes of answers.

Outcomes and standings are listed best first.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum


class Verdict(StrEnum):
    """What a file received is worth."""

    ACCEPTED = "accepted"
    SUPERSEDED = "superseded"
    TO_APPROVE = "to_approve"
    TO_COMPLETE = "to_complete"
    TO_CORRECT = "to_correct"
    UNREADABLE_IN_PART = "unreadable_in_part"
    UNVERIFIED = "unverified"
    NOT_USABLE = "not_usable"
    DUPLICATE = "duplicate"
    NOT_A_RETURN = "not_a_return"


TOO_LITTLE = "too_little_answered"
"""The code of the finding on a return that answers too little, which is then to be completed."""


class Outcome(StrEnum):
    """What becomes of the answers of a submission."""

    PUBLISHED = "published"
    WAITING = "waiting"
    REJECTED = "rejected"
    SUPERSEDED = "superseded"


@dataclass(frozen=True)
class Meaning:
    """What makes a verdict, what ends it, by which command ("" for none), and what becomes of the answers meanwhile.

    `outcome` is None for a file of which no answers are read.
    """

    made_by: str
    ended_by: str
    command: str
    outcome: Outcome | None


_CHOOSE, _ACCEPT, _APPROVE = "acopio choose", "acopio accept", "acopio approve"

VERDICTS: Mapping[Verdict, Meaning] = {
    Verdict.ACCEPTED: Meaning(
        "nothing is wrong with it, and at least one of its answers counts or contradicts that of another file",
        "newer answers to all that it answers, or the choice of another file",
        _CHOOSE,
        Outcome.PUBLISHED,
    ),
    Verdict.SUPERSEDED: Meaning(
        "files of the same respondent that are newer, or were chosen, answer all that it answers",
        "the choice of this file",
        _CHOOSE,
        Outcome.SUPERSEDED,
    ),
    Verdict.TO_APPROVE: Meaning(
        "nothing is wrong with it, but nobody has approved it and the round asks for that, or it was reopened",
        "somebody approves it",
        _APPROVE,
        Outcome.WAITING,
    ),
    Verdict.TO_COMPLETE: Meaning(
        "the respondent's files together answer a smaller share of their indicators than the round asks for",
        "a newer file that answers more, or the choice of this file as it is",
        _CHOOSE,
        Outcome.WAITING,
    ),
    Verdict.TO_CORRECT: Meaning(
        "an error at an answer that would count",
        "a newer answer without it, or a correction by the secretariat",
        "acopio correct",
        Outcome.REJECTED,
    ),
    Verdict.UNREADABLE_IN_PART: Meaning(
        "what stands behind the cells of a sheet could not be looked at",
        "a newer copy that can be read, or the choice of this file by somebody who has compared its cells",
        _CHOOSE,
        Outcome.WAITING,
    ),
    Verdict.UNVERIFIED: Meaning(
        "held: it is in doubt whose it is",
        "somebody states whose it is",
        _ACCEPT,
        Outcome.WAITING,
    ),
    Verdict.NOT_USABLE: Meaning(
        "no questionnaire of this round that can be read, or an empty one",
        "another file",
        "",
        Outcome.REJECTED,
    ),
    Verdict.DUPLICATE: Meaning(
        "the same content as another file received",
        "nothing: the other stands for both",
        "",
        None,
    ),
    Verdict.NOT_A_RETURN: Meaning(
        "a mail, an archive, something sent along, or a lock file",
        "nothing: what it holds has verdicts of its own",
        "",
        None,
    ),
}
"""The one table of verdicts; docs/adr/0031-verdicts.md shows it."""

NO_RETURN = "no_return"
"""The standing of a participant from whom nothing came back."""

IN_PART = "in_part"
"""The standing of a participant of whom parts are accepted, and others have not come or do not count."""

CAME = (str(Verdict.ACCEPTED), str(Verdict.SUPERSEDED))
"""The verdicts of the files whose part of the questionnaire is there; newer answers may have taken all its places."""

PUBLISHED = (str(Verdict.ACCEPTED), IN_PART)
"""The standings of those of whom something is in the dataset."""

STANDINGS = (
    *PUBLISHED,
    *map(str, (Verdict.TO_APPROVE, Verdict.TO_COMPLETE, Verdict.TO_CORRECT)),
    *map(str, (Verdict.UNREADABLE_IN_PART, Verdict.UNVERIFIED, Verdict.NOT_USABLE)),
    NO_RETURN,
)
"""What the files of a participant may be worth together, best first."""


def is_published(standing_: object, status: object) -> bool:
    """Whether a return that asks something is in the dataset; `status` is the answer status that it gives, if any.

    Of who stands in part, nothing is known where the part that asks it has not come.
    """
    return standing_ == Verdict.ACCEPTED or (standing_ == IN_PART and status is not None)


def standing(verdicts: Iterable[str], *, in_part: bool = False) -> str:
    """The standing that the verdicts on a participant's files give it: the best of them, or that parts are missing."""
    best = min((verdict for verdict in verdicts if verdict in STANDINGS), key=STANDINGS.index, default=NO_RETURN)
    return IN_PART if in_part and best == Verdict.ACCEPTED else best
