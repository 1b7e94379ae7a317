"""Owns the identity of a questionnaire: whose it is, of which round and edition, as one line of text.

The line stands in the workbook wherever a copy may be taken from: the Cover, each section sheet, a hidden sheet.
"""

from dataclasses import astuple, dataclass

MARK = "acopio"
"""The first word of every hidden text of ours: it tells our own cells from anything typed into the workbook."""

_FORMAT = "1"
_SEPARATOR = "|"
_FINGERPRINT_LENGTH = 16


@dataclass(frozen=True)
class Identity:
    """Which questionnaire this is; `fingerprint` begins the instrument's `structure`, `slice` is "" for the whole."""

    instrument: str
    edition: str
    fingerprint: str
    round: str
    respondent: str
    language: str
    slice: str = ""

    def __str__(self) -> str:
        return _SEPARATOR.join((MARK, _FORMAT, *astuple(self)))


def short_fingerprint(fingerprint: str) -> str:
    """As much of an instrument's fingerprint as a workbook carries."""
    return fingerprint[:_FINGERPRINT_LENGTH]


def find_identity(text: object) -> Identity | None:
    """The identity that a cell's text states, None if it states none."""
    if not isinstance(text, str) or not text.strip().startswith(f"{MARK}{_SEPARATOR}{_FORMAT}{_SEPARATOR}"):
        return None
    parts = text.strip().split(_SEPARATOR)[2:]
    return Identity(*parts) if len(parts) == len(Identity.__dataclass_fields__) else None
