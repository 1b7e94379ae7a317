"""Writes the identity of a questionnaire: whose it is, of which round and edition, as one line of text, and its proof.

The line stands in the workbook wherever a copy may be taken from: the Cover, each section sheet, a hidden sheet. Its
last part, the token, can only be made by whoever has the key of the round: a line typed by anybody else is found out.
"""

import base64
import hashlib
import hmac
from dataclasses import astuple, dataclass, replace

MARK = "acopio"
"""The first word of every hidden text of ours: it distinguishes our own cells from anything typed into the workbook."""

_SEPARATOR = "|"
_FINGERPRINT_LENGTH = 16
_TOKEN_LENGTH = 20

# Format of the line -> number of its parts. Lines of format 1 were written before there were tokens.
_PARTS = {"1": 7, "2": 8}


@dataclass(frozen=True)
class Identity:
    """Which questionnaire this is.

    `fingerprint` begins the instrument's `structure`, `slice` is "" for the whole, `token` is "" where there is none.
    """

    instrument: str
    edition: str
    fingerprint: str
    round: str
    respondent: str
    language: str
    slice: str = ""
    token: str = ""

    def __str__(self) -> str:
        parts = astuple(self)
        return _SEPARATOR.join((MARK, "2", *parts) if self.token else (MARK, "1", *parts[:-1]))


def short_fingerprint(fingerprint: str) -> str:
    """As much of an instrument's fingerprint as a workbook carries."""
    return fingerprint[:_FINGERPRINT_LENGTH]


def signed(identity: Identity, key: bytes) -> Identity:
    """The identity with the token that the key of its round gives it."""
    return replace(identity, token=_token(identity, key))


def is_genuine(identity: Identity, key: bytes) -> bool:
    """True if the identity was written with this key for this respondent, round, edition and slice."""
    return hmac.compare_digest(identity.token.encode(errors="replace"), _token(identity, key).encode())


def find_identity(text: object) -> Identity | None:
    """The identity that a cell's text states, None if it states none."""
    if not isinstance(text, str) or MARK not in text or not text.strip().startswith(f"{MARK}{_SEPARATOR}"):
        return None
    _, form, *parts = text.strip().split(_SEPARATOR)
    return Identity(*parts) if len(parts) == _PARTS.get(form) else None


def _token(identity: Identity, key: bytes) -> str:
    """HMAC-SHA256 (RFC 2104), 100 bits of it, in letters and digits that no program changes (RFC 4648, base32)."""
    whose = (identity.instrument, identity.edition, identity.round, identity.respondent, identity.slice)
    digest = hmac.new(key, _SEPARATOR.join(whose).encode(errors="replace"), hashlib.sha256).digest()
    return base64.b32encode(digest).decode()[:_TOKEN_LENGTH]
