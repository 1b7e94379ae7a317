"""Declares the words for what a file received or a respondent's files are worth, and for what becomes of answers.

Outcomes and standings are listed best first.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum


class Verdict(StrEnum):
    """What a file received is worth."""

    ACCEPTED = "accepted"
    SLICE_WAITS = "slice_waits"
    SUPERSEDED = "superseded"
    TO_CHOOSE = "to_choose"
    TO_COMPLETE = "to_complete"
    TO_CORRECT = "to_correct"
    UNREADABLE_IN_PART = "unreadable_in_part"
    UNVERIFIED = "unverified"
    NOT_USABLE = "not_usable"
    DUPLICATE = "duplicate"
    NOT_A_RETURN = "not_a_return"


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


_CHOOSE, _ACCEPT = "acopio choose", "acopio accept"

VERDICTS: Mapping[Verdict, Meaning] = {
    Verdict.ACCEPTED: Meaning(
        "nothing is wrong with it, and it is newer than every other file of its respondent, or was chosen",
        "a newer file that counts, or the choice of another",
        _CHOOSE,
        Outcome.PUBLISHED,
    ),
    Verdict.SLICE_WAITS: Meaning(
        "a part of the questionnaire with which nothing is wrong",
        "a newer file of the same part",
        "",
        Outcome.WAITING,
    ),
    Verdict.SUPERSEDED: Meaning(
        "a file of the same respondent, whole or the same part, counts and is newer or was chosen",
        "the choice of this file",
        _CHOOSE,
        Outcome.SUPERSEDED,
    ),
    Verdict.TO_CHOOSE: Meaning(
        "nothing is wrong with it, but it cannot be put in order with another file, or leaves blank a good part of "
        "what the earlier one answers",
        "the choice of one of them, or a file newer than all",
        _CHOOSE,
        Outcome.WAITING,
    ),
    Verdict.TO_COMPLETE: Meaning(
        "a smaller share of its indicators is answered than the round asks for",
        "a newer file that answers more, or the choice of this file as it is",
        _CHOOSE,
        Outcome.WAITING,
    ),
    Verdict.TO_CORRECT: Meaning(
        "an error",
        "a newer file without errors",
        "",
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

STANDINGS = (
    *map(str, (Verdict.ACCEPTED, Verdict.TO_CHOOSE, Verdict.TO_COMPLETE, Verdict.TO_CORRECT, Verdict.SLICE_WAITS)),
    *map(str, (Verdict.UNREADABLE_IN_PART, Verdict.UNVERIFIED, Verdict.NOT_USABLE)),
    NO_RETURN,
)
"""What the files of a participant may be worth together, best first."""


def standing(verdicts: Iterable[str]) -> str:
    """The standing that the verdicts on a participant's files give it: the best of them."""
    return min((verdict for verdict in verdicts if verdict in STANDINGS), key=STANDINGS.index, default=NO_RETURN)
