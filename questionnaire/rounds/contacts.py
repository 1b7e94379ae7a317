"""Reads `contacts.csv` of a round: whom letters to a respondent go to, and who writes for it."""

import re
from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from questionnaire.declared_files import required_columns
from questionnaire.tables import Row, read_rows

CONTACTS = "contacts.csv"
"""The file of a round that lists contacts; it may be absent."""

_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?"
_DOMAIN = re.compile(rf"{_LABEL}(?:\.{_LABEL})+")
_ATOM = "[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_ADDRESS = re.compile(rf"{_ATOM}(?:\.{_ATOM})*@{_LABEL}(?:\.{_LABEL})+")
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f\u2028\u2029]")


class Role(StrEnum):
    """How a contact receives letters; one without a role writes only."""

    TO = "to"
    COPY = "cc"
    WRITES = ""


@dataclass(frozen=True)
class Contact:
    """One line of the file. `email` is in small letters, "" for a contact of whom no address is known.

    `writes_for` are the codes of the respondents that this address, or any of this domain, speaks for.
    """

    respondent: str
    name: str
    email: str
    role: Role
    salutation: str
    writes_for: tuple[str, ...]


def read_contacts(path: Path, respondents: Collection[str]) -> tuple[Contact, ...]:
    """The contacts in the order of the file; none if there is no such file.

    Raises DeclarationError (file, line, column, remedy) for a respondent, an address or a role there cannot be.
    """
    if not path.exists():
        return ()
    return tuple(_contact(row, respondents) for row in read_rows(path, required_columns(CONTACTS)))


def salutation_of(contacts: tuple[Contact, ...], respondent: str) -> str:
    """How a letter to a respondent begins, as its first contact wants it; "" where none says."""
    own = (entry for entry in contacts if entry.respondent == respondent and entry.role is Role.TO)
    return next((entry.salutation for entry in own if entry.salutation), "")


def recipients(contacts: tuple[Contact, ...], respondent: str, role: Role) -> tuple[Contact, ...]:
    """The contacts of a respondent with this role and an address, each address once."""
    own = [entry for entry in contacts if entry.respondent == respondent and entry.role is role and entry.email]
    return tuple({entry.email: entry for entry in reversed(own)}.values())[::-1]


def is_address(text: str) -> bool:
    """True for an address that a letter can be sent to, or from."""
    return _ADDRESS.fullmatch(text) is not None


def senders(contacts: tuple[Contact, ...]) -> Mapping[str, list[str]]:
    """The addresses and domains that speak for each respondent of whom any does."""
    found: dict[str, list[str]] = defaultdict(list)
    for entry in contacts:
        for respondent in entry.writes_for if entry.email else ():
            found[respondent].append(entry.email)
    return found


def _contact(row: Row, respondents: Collection[str]) -> Contact:
    code = row["respondent"]
    codes = tuple(text for part in row.get("writes_for").split(";") if (text := part.strip())) or (code,)
    for column, named in (("respondent", (code,)), ("writes_for", codes)):
        if unknown := [name for name in named if name not in respondents]:
            raise row.fault(column, f"“{unknown[0]}” is no respondent of the round", "Use a code of respondents.csv")
    role = row.get("role").casefold() if "role" in row.cells else Role.TO
    if role not in tuple(Role):
        raise row.fault("role", f"“{role}” is no role", "Write to, cc, or nothing for somebody who only writes")
    email = row["email"].casefold()
    pattern = _DOMAIN if role == Role.WRITES and "@" not in email else _ADDRESS
    if email and not pattern.fullmatch(email):
        remedy = "Write one address such as name@example.org; a domain such as example.org where the role is empty"
        raise row.fault("email", f"“{email}” is no address", remedy)
    for column in ("name", "salutation"):
        if _UNPRINTABLE.search(row.get(column)):
            raise row.fault(column, "a line break or a control character stands in it", "Write it on one line")
    return Contact(code, row.get("name"), email, Role(role), row.get("salutation"), codes)
