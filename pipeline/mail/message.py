"""Makes an e-mail of a letter: headers from the round and its contacts alone, so that nothing typed becomes one."""

import datetime as dt
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from functools import cached_property
from pathlib import Path

from pipeline.letters.letter import Letter
from pipeline.safe_text import on_one_line
from questionnaire.rounds.contacts import Contact
from questionnaire.rounds.round import Respondent, Round

_XLSX = ("application", "vnd.openxmlformats-officedocument.spreadsheetml.sheet")


@dataclass(frozen=True)
class Message:
    """One letter to one respondent. `kind` is the letter, `about` what it is about: each is sent once to a respondent.

    `to` and `copies` are contacts with an address; without any in `to` it can only be a draft.
    """

    round: Round
    kind: str
    respondent: Respondent
    about: str
    letter: Letter
    to: tuple[Contact, ...]
    copies: tuple[Contact, ...] = ()
    attachments: tuple[Path, ...] = field(default=())

    @cached_property
    def digest(self) -> str:
        """What names the message: the same for the same letter about the same thing to the same respondent."""
        told = "\n".join((self.round.name, self.kind, self.respondent.code, self.about))
        return hashlib.sha256(told.encode()).hexdigest()[:32]

    @property
    def message_id(self) -> str:
        """Its Message-ID (RFC 5322, 3.6.4)."""
        return f"<{self.digest}@{self.sender.rpartition('@')[2]}>"

    @property
    def sender(self) -> str:
        """The address that it comes from."""
        return self.round.mail.sender if self.round.mail else self.round.contact_email

    @property
    def addresses(self) -> tuple[str, ...]:
        """All whom it goes to, each once."""
        return tuple(dict.fromkeys(contact.email for contact in (*self.to, *self.copies)))

    def draft(self) -> bytes:
        """The message as a draft: without a day, marked so that Outlook opens it to be sent."""
        mail = self._mail()
        mail["X-Unsent"] = "1"
        return self._bytes(mail)

    def dated(self, at: dt.datetime) -> bytes:
        """The message as it is sent."""
        mail = self._mail()
        mail["Date"] = format_datetime(at)
        mail["Message-ID"] = self.message_id
        return self._bytes(mail)

    def _mail(self) -> EmailMessage:
        mail = EmailMessage(policy=SMTP)
        mail["From"] = _address(self.round.contact_name, self.sender)
        if self.sender != self.round.contact_email:
            mail["Reply-To"] = _address(self.round.contact_name, self.round.contact_email)
        for header, contacts in (("To", self.to), ("Cc", self.copies)):
            if contacts:
                mail[header] = tuple(_address(contact.name, contact.email) for contact in contacts)
        mail["Subject"] = self.letter.subject
        # Both survive every server, also one that knows seven bits only.
        mail.set_content(self.letter.text, cte="quoted-printable")
        mail.add_alternative(self.letter.html, subtype="html", cte="quoted-printable")
        for path in self.attachments:
            main, sub = _XLSX
            mail.add_attachment(path.read_bytes(), maintype=main, subtype=sub, filename=path.name)
        return mail

    def _bytes(self, mail: EmailMessage) -> bytes:
        for number, part in enumerate(part for part in mail.walk() if part.is_multipart()):
            part.set_boundary(f"=_{self.digest}_{number}")
        return mail.as_bytes()


def _address(name: str, email: str) -> Address:
    return Address(" ".join(on_one_line(name).split()), addr_spec=email)


def written(contacts: Iterable[Contact]) -> str:
    """The addresses of some contacts as a table has them."""
    return "; ".join(contact.email for contact in contacts)
