"""Keeps the key of a round: the secret that proves a questionnaire to be one that the round sent.

It stands in the file `key` of the round's folder and nowhere else: in no workbook, no output, no message.
"""

import os
import re
import secrets
from pathlib import Path

from questionnaire.tables import DeclarationError

KEY = "key"
"""The name of the file."""

_BYTES = 32
_TEXT = re.compile(rf"[0-9a-f]{{{2 * _BYTES}}}")


def read_key(folder: Path) -> bytes | None:
    """The key of the round in a folder, None if there is none; DeclarationError for a file that is no key."""
    try:
        text = (folder / KEY).read_text(encoding="ascii", errors="replace").strip()
    except FileNotFoundError:
        return None
    if not _TEXT.fullmatch(text):
        remedy = "Put back the file as it was when the questionnaires were written; nothing else can stand in for it"
        raise DeclarationError(str(folder / KEY), "this is not the key of a round", remedy)
    return bytes.fromhex(text)


def create_key(folder: Path) -> bool:
    """Make the key of a round, readable by its owner only, unless there is one; True if it was made."""
    try:
        handle = os.open(folder / KEY, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    except FileExistsError:
        return False
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(secrets.token_hex(_BYTES) + "\n")
    return True
