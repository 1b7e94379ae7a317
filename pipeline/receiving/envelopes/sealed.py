"""Recognises what S/MIME and .p7m files hold (RFC 5652), and opens what is only signed: that takes no key.

No signature is verified: whose a return is, the token in the workbook proves.
"""

import base64
import re
from typing import NamedTuple

from asn1crypto import parser

_SAMPLE = 256
# The identifier of what follows stands behind the length of the whole, which has five forms.
_START = re.compile(
    rb"\x30(?:[\x00-\x80]|\x81.|\x82..|\x83.{3}|\x84.{4})\x06"
    rb"(?:\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07(?P<plain>[\x02\x03\x06])|\x0b\x2a\x86\x48\x86\xf7\x0d\x01\x09\x10\x01\x17)",
    re.DOTALL,
)
_SIGNED = b"\x02"
_SEQUENCE = 16
_ARMOUR = re.compile(rb"-----BEGIN (?:PKCS7|PKCS #7 SIGNED DATA|CMS)-----(.*?)(?:-----END|\Z)", re.DOTALL)
_BASE64 = re.compile(rb"M[A-Za-z0-9+/\s]+={0,2}\s*")


class UnsealedError(Exception):
    """A signed file that does not hold what it says."""


def sealed_bytes(data: bytes) -> bytes | None:
    """A signed or encrypted message without the letters it may be written in; None for anything else."""
    if _START.match(data):
        return data
    text = data[:_SAMPLE].removeprefix(b"\xef\xbb\xbf").lstrip()
    if text.startswith(b"-----BEGIN") and (armoured := _ARMOUR.match(data.removeprefix(b"\xef\xbb\xbf").lstrip())):
        return _decoded(armoured[1])
    return _decoded(data) if _BASE64.fullmatch(text) else None


def is_signed(data: bytes) -> bool:
    """True for a message that is only signed, False for one that is encrypted or none at all."""
    found = _START.match(sealed_bytes(data) or b"")
    return found is not None and found["plain"] == _SIGNED


def signed_content(data: bytes) -> bytes:
    """What was signed, b"" for a signature of another file; raises UnsealedError for what is damaged."""
    try:
        [message] = _values(sealed_bytes(data) or b"")
        _, content = _values(message.content)
        [signed] = _values(content.content)
        encapsulated = next(value for value in _values(signed.content) if value.tag == _SEQUENCE)
        _, *held = _values(encapsulated.content)
        return b"".join(_octets(value) for wrapped in held for value in _values(wrapped.content))
    except Exception as error:
        # The library tells a damaged file by whatever it stumbles over.
        raise UnsealedError(f"{type(error).__name__}: {error}") from error


class _Value(NamedTuple):
    """One value as the library tells its parts."""

    sort: int
    constructed: int
    tag: int
    header: bytes
    content: bytes
    trailer: bytes


def _values(content: bytes) -> list[_Value]:
    """The values that stand one behind the other."""
    found, place = [], 0
    while place < len(content):
        value, place = parser._parse(content, len(content), pointer=place)
        found.append(_Value(*value))
    return found


def _octets(value: _Value) -> bytes:
    """What a string of octets says, also one in pieces; the library itself joins those in quadratic time."""
    return b"".join(map(_octets, _values(value.content))) if value.constructed else value.content


def _decoded(letters: bytes) -> bytes | None:
    """The bytes that letters in base64 stand for, if they are such a message."""
    return _from_base64(letters) if _START.match(_from_base64(letters[:_SAMPLE])) else None


def _from_base64(letters: bytes) -> bytes:
    """The bytes of all whole groups of letters; nothing for what is no base64."""
    joined = b"".join(letters.split())
    try:
        return base64.b64decode(joined[: len(joined) // 4 * 4])
    except ValueError:
        return b""
