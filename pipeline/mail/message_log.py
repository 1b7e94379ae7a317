"""Knows what became of each letter: rows of the register, of which the last one of a letter says how it stands."""

import datetime as dt
from collections.abc import Mapping
from enum import StrEnum

from pipeline.mail.message import Message
from pipeline.receiving import register
from questionnaire.rounds.round import Round


class State(StrEnum):
    """How a letter stands: `BEGUN` is written before its text goes out, and stays where nobody answered to it."""

    BEGUN = "begun"
    SENT = "sent"
    REFUSED = "refused"
    UNSENT = "unsent"


def states(round_: Round) -> Mapping[str, State]:
    """How each letter ever begun stands, by its Message-ID."""
    return {
        message_id: State(state) for message_id, state in register.entries(round_, "messages", "message_id", "state")
    }


def note(message: Message, state: State, at: dt.datetime, detail: str = "") -> None:
    """Add what became of a letter."""
    row = {
        "message_id": message.message_id,
        "letter": message.kind,
        "respondent": message.respondent.code,
        "about": message.about,
        "recipients": " ".join(message.addresses),
        "subject": message.letter.subject,
        "state": str(state),
        "at": register.time_text(at),
        "detail": detail,
    }
    register.add(message.round, "messages", row)
