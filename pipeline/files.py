"""Owns putting files where they belong whole or not at all, and neutralising text that a program might execute."""

import os
import tempfile
from pathlib import Path

# A spreadsheet program takes a text that begins so as a formula (OWASP, "CSV injection").
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")

# Control, bidirectional and zero-width characters: unseen by the reader, not by a program.
_UNSEEN = dict.fromkeys(
    [code for code in (*range(0x20), 0x7F, *range(0x80, 0xA0)) if chr(code) not in "\t\n\r"]
    + [0x200B, 0x200C, 0x200D, 0x200E, 0x200F, 0x2060, 0xFEFF, *range(0x202A, 0x202F), *range(0x2066, 0x206A)]
)


def write_whole(path: Path, content: bytes) -> None:
    """Replace a file in one step: a reader, or a run killed midway, sees the old one or the new one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, aside = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(aside).chmod(0o644)
        Path(aside).replace(path)
    except BaseException:
        Path(aside).unlink(missing_ok=True)
        raise


def harmless(text: str) -> str:
    """A text that no spreadsheet takes for a formula and that shows what it holds; a leading ' marks the change."""
    seen = text.translate(_UNSEEN)
    return f"'{seen}" if seen.startswith(_FORMULA_STARTS) else seen
