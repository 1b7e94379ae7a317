"""Reads `[mail]` of round.toml: by which server letters are sent, from whom, how fast; never a password."""

from dataclasses import dataclass
from typing import Literal, cast

from questionnaire.rounds.contacts import is_address
from questionnaire.tables import Settings

TABLE = "mail"
PASSWORD = "ACOPIO_SMTP_PASSWORD"
"""The environment variable that holds the password of the server."""

ELSEWHERE = {TABLE: f"the password stands in the environment variable {PASSWORD} alone"}
"""What is said besides to who writes a key that the table does not have."""

Security = Literal["starttls", "tls", "none"]
_SECURITY = ("starttls", "tls", "none")
_PORTS = {"starttls": 587, "tls": 465, "none": 25}
_LOCAL = ("localhost", "127.0.0.1", "::1")


@dataclass(frozen=True)
class MailSettings:
    """The server; `user` is "" where it asks for none; `sender` is the address that letters come from."""

    host: str
    port: int
    security: Security
    user: str
    sender: str
    per_minute: int


def read_mail_settings(settings: Settings) -> MailSettings | None:
    """What round.toml says in `[mail]`, None without it; DeclarationError for what no server can be reached by."""
    if TABLE not in settings.values:
        return None
    table = settings.table(TABLE)
    security, host, user = table.text("security", "starttls"), table.text("host"), table.text("user", "")
    if security not in _SECURITY:
        raise table.fault("security", f"“{security}” is unknown", f"Use one of {', '.join(_SECURITY)}")
    if security == "none" and (user or host not in _LOCAL):
        what = "without encryption, letters and password could be read on the way"
        raise table.fault("security", what, "Use starttls or tls; none is for a server on this computer, without user")
    port = table.typed("port", int, "a number such as 587", _PORTS[security])
    per_minute = table.typed("per_minute", int, "a number such as 20", 20)
    if per_minute < 1:
        raise table.fault("per_minute", f"{per_minute} letters a minute are none", "Write 1 or more")
    sender = table.text("from", settings.table("contact").text("email"))
    if not is_address(sender):
        raise table.fault("from", f"“{sender}” is no address", "Write one such as name@example.org")
    return MailSettings(host, port, cast("Security", security), user, sender, per_minute)
