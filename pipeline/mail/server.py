"""Speaks SMTP to one server, so exactly that it is known of each message whether it was taken, refused, or neither.

What smtplib does in one step is done in steps here: only between the end of a message and the answer to it is it
unclear whether it left.
"""

import re
import smtplib
import ssl
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from types import TracebackType

from pipeline.mail.message_log import State
from pipeline.safe_text import on_one_line
from questionnaire.rounds.mail_settings import MailSettings

_SECONDS = 60
_DOT = re.compile(rb"^\.", re.MULTILINE)
_LONGEST_DETAIL = 300


class NoServerError(Exception):
    """The server cannot be reached, or does not let us in; the text says what it answered."""


@dataclass(frozen=True)
class Delivered:
    """What became of one message; of a message that was taken `detail` names recipients that were not."""

    state: State
    detail: str = ""


class Server:
    """One connection at a time; a broken one is made anew for the next message."""

    def __init__(self, settings: MailSettings, password: str) -> None:
        self._settings, self._password = settings, password
        self._client: smtplib.SMTP | None = None

    def __enter__(self) -> "Server":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._leave()

    def deliver(self, sender: str, recipients: Sequence[str], message: bytes, begin: Callable[[], None]) -> Delivered:
        """Hand over one message; `begin` is called just before its text is. NoServerError where nobody answers."""
        client = self._client or self._connect()
        try:
            refused = _envelope(client, sender, recipients)
            if isinstance(refused, Delivered):
                client.rset()
                return refused
            begin()
            client.putcmd("data")
            code, answer = client.getreply()
            if code != 354:
                return Delivered(State.UNSENT, _detail(code, answer))
            client.send(_DOT.sub(b"..", message) + (b"" if message.endswith(b"\r\n") else b"\r\n") + b".\r\n")
        except (smtplib.SMTPException, OSError) as error:
            self._leave()
            return Delivered(State.UNSENT, _said(error))
        return self._answered(client, refused)

    def _answered(self, client: smtplib.SMTP, refused: str) -> Delivered:
        try:
            code, answer = client.getreply()
        except (smtplib.SMTPException, OSError) as error:
            self._leave()
            return Delivered(State.BEGUN, _said(error))
        if code != 250:
            return Delivered(State.UNSENT, _detail(code, answer))
        return Delivered(State.SENT, refused)

    def _connect(self) -> smtplib.SMTP:
        settings, secure = self._settings, ssl.create_default_context()
        client: smtplib.SMTP | None = None
        try:
            if settings.security == "tls":
                client = smtplib.SMTP_SSL(settings.host, settings.port, timeout=_SECONDS, context=secure)
            else:
                client = smtplib.SMTP(settings.host, settings.port, timeout=_SECONDS)
            if settings.security == "starttls":
                client.starttls(context=secure)
            if settings.user:
                client.login(settings.user, self._password)
            client.ehlo_or_helo_if_needed()
        except (smtplib.SMTPException, OSError) as error:
            if client is not None:
                client.close()
            raise NoServerError(_said(error)) from error
        self._client = client
        return client

    def _leave(self) -> None:
        client, self._client = self._client, None
        if client is not None:
            try:
                client.quit()
            except (smtplib.SMTPException, OSError):
                client.close()


def _envelope(client: smtplib.SMTP, sender: str, recipients: Sequence[str]) -> Delivered | str:
    """Say from whom and to whom; what the server said of recipients that it refused, or that nothing can be sent."""
    code, answer = client.mail(sender)
    if code != 250:
        return Delivered(State.UNSENT, _detail(code, answer))
    refused = {}
    for recipient in recipients:
        code, answer = client.rcpt(recipient)
        if code not in (250, 251):
            refused[recipient] = (code, answer)
    said = "; ".join(f"{recipient}: {_detail(*reply)}" for recipient, reply in refused.items())
    if len(refused) < len(recipients):
        return said
    for_good = all(code >= 500 for code, _ in refused.values())
    return Delivered(State.REFUSED if for_good else State.UNSENT, said)


def _detail(code: int, answer: bytes) -> str:
    return on_one_line(f"{code} {answer.decode('utf-8', 'replace')}")[:_LONGEST_DETAIL]


def _said(error: Exception) -> str:
    return on_one_line(str(error) or type(error).__name__)[:_LONGEST_DETAIL]
