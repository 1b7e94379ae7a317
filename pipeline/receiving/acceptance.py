"""Declares what an acceptance says: somebody has found out whose a file is that was held, and answers for it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Acceptance:
    """Of which content (SHA-256), as whose (code of the frame), by whom (login name), when (UTC, ISO 8601), and why.

    `slice` is the part of the questionnaire that a file counts as which does not say so itself, "" for the whole.
    """

    sha256: str
    respondent: str
    who: str
    when: str
    why: str
    slice: str = ""
