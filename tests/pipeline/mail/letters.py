"""Letters for tests: to contacts of the small round, made without reading any return."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from pipeline.letters.wording import Letters
from pipeline.mail.message import Message
from questionnaire.rounds.contacts import Contact, Role, recipients
from questionnaire.rounds.mail_settings import MailSettings
from questionnaire.rounds.round import Round
from tests.given import mini_round


def contact(respondent: str, email: str, role: Role = Role.TO, name: str = "") -> Contact:
    return Contact(respondent, name, email, role, "", (respondent,))


CONTACTS = (
    contact("AAA", "ana@aaa.example", name="Ana"),
    contact("AAA", "copy@aaa.example", Role.COPY),
    contact("BBB", "bea@bbb.example"),
    contact("CCC", "cec@ccc.example"),
)


def round_with(root: Path, *contacts: Contact, port: int = 25) -> Round:
    """The small round with contacts, and a server on this computer."""
    mail = MailSettings("127.0.0.1", port, "none", "", "letters@example.org", 60_000)
    return replace(mini_round(root), contacts=contacts or CONTACTS, mail=mail)


def thanks(round_: Round) -> list[Message]:
    """A letter to each participant."""
    letters = Letters(round_)
    return [
        Message(
            round_, "thanks", entry, "abc", letters.write("thanks", entry, file="x.xlsx"),
            recipients(round_.contacts, entry.code, Role.TO), recipients(round_.contacts, entry.code, Role.COPY),
        )
        for entry in round_.participants
    ]  # fmt: skip
