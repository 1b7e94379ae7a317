"""Owns the words for what a file received is worth, what a respondent's files are together, and what becomes of answers.

Outcomes and standings are listed best first.
"""

from collections.abc import Iterable
from enum import StrEnum


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
    WAITING = "waiting"
    REJECTED = "rejected"
    SUPERSEDED = "superseded"


NO_RETURN = "no_return"
"""The standing of a participant from whom nothing came back."""

STANDINGS = (
    *map(str, (Verdict.ACCEPTED, Verdict.TO_CORRECT, Verdict.SLICE_WAITS, Verdict.UNREADABLE_IN_PART)),
    *map(str, (Verdict.UNVERIFIED, Verdict.NOT_USABLE)),
    NO_RETURN,
)
"""What the files of a participant may be worth together, best first."""


def standing(verdicts: Iterable[str]) -> str:
    """The standing that the verdicts on a participant's files give it: the best of them."""
    return min((verdict for verdict in verdicts if verdict in STANDINGS), key=STANDINGS.index, default=NO_RETURN)
