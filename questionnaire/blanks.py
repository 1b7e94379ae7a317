"""Decides what it means that a value is not there; nobody else decides whether a cell is blank.

Blank, zero, not applicable, not available, confidential and nothing to report are six different things.
Zero is a value.
"""

import re
from enum import StrEnum

INVISIBLE = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f"
    "\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
"""Characters that people cannot see, as a set of a regular expression: Unicode's Default_Ignorable_Code_Point
(DerivedCoreProperties) and the directional controls of its annex 9. A cell that holds only these looks empty."""

_INVISIBLE = re.compile(f"[{INVISIBLE}]")


class AnswerStatus(StrEnum):
    """Whether an answer has a value and, if it has none, why."""

    ANSWERED = "answered"
    BLANK = "blank"
    SKIPPED = "skipped"
    NOT_APPLICABLE = "not_applicable"
    NOT_AVAILABLE = "not_available"
    CONFIDENTIAL = "confidential"
    NOTHING_TO_REPORT = "nothing_to_report"
    UNREADABLE = "unreadable"


# What a respondent may declare instead of a value.
DECLARED = (
    AnswerStatus.NOT_APPLICABLE,
    AnswerStatus.NOT_AVAILABLE,
    AnswerStatus.CONFIDENTIAL,
    AnswerStatus.NOTHING_TO_REPORT,
)

# Nothing stands there: left blank, whether or not an answer was expected.
EMPTY = (AnswerStatus.BLANK, AnswerStatus.SKIPPED)

# SDMX code list CL_OBS_STATUS 2.2: A normal, M data cannot exist, L exist but not collected,
# O missing (unspecified), Q suppressed. It has no code for "nothing to report": like what a level makes idle, there is
# nothing that could have been collected.
OBS_STATUS: dict[AnswerStatus, str] = {
    AnswerStatus.ANSWERED: "A",
    AnswerStatus.BLANK: "O",
    AnswerStatus.SKIPPED: "M",
    AnswerStatus.NOT_APPLICABLE: "M",
    AnswerStatus.NOT_AVAILABLE: "L",
    AnswerStatus.CONFIDENTIAL: "Q",
    AnswerStatus.NOTHING_TO_REPORT: "M",
    AnswerStatus.UNREADABLE: "O",
}


def visible_text(text: str) -> str:
    """The text as its reader sees it: no invisible characters, every run of white space one space."""
    return " ".join((text if text.isascii() else _INVISIBLE.sub("", text)).split())


def is_blank(value: object) -> bool:
    """True for no content at all: None, an empty text, or one of white space and invisible characters.

    The number 0, the text "0" and the logical value FALSE are content.
    """
    if not isinstance(value, str):
        return value is None
    return not value or (value.isspace() if value.isascii() else not visible_text(value))
