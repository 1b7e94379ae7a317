"""Keeps what earlier runs have found on opening files, so that a run opens only what is new. It opens nothing itself.

It is a copy and no record: the file may be deleted at any time, and what is damaged or of another version is as good
as not there.
"""

import dataclasses
import json
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from pipeline.files import read_sealed, write_sealed
from pipeline.receiving.formats import Format
from pipeline.receiving.received import ReceivedFile
from pipeline.receiving.store import Store, read_unchanged

OPENED = ".opened.json"
"""The file, among the outputs of a round."""

_FOUND = (
    "name", "sha256", "size", "format", "refusal", "values", "container", "sender", "mail_date", "subject"
)  # fmt: skip
"""What is found on opening; the rest is known before, or comes later."""


class OpenedBefore:
    """What is known of files; `version` names all that opening depends on beside a file: code, libraries, limits."""

    def __init__(self, path: Path, store: Store, version: str) -> None:
        self._path, self._store, self._version = path, store, version
        self._known = _known(path, version)
        self._asked: dict[str, Any] = {}

    def find(self, file: ReceivedFile) -> tuple[ReceivedFile, ...] | None:
        """The file with what it is, and what it holds; None if nothing is known, or its content is not as it was."""
        key = _key(file)
        try:
            found = tuple(self._made(file, plain) for plain in self._known[key])
            for sha256, path in {entry.sha256: entry.path for entry in (file, *found) if entry.sha256}.items():
                read_unchanged(path, sha256)
        except Exception:
            # Whatever is wrong with what was kept, or with the file itself, opening it again shows.
            return None
        self._asked[key] = self._known[key]
        return found

    def keep(self, file: ReceivedFile, found: tuple[ReceivedFile, ...]) -> None:
        """Keep what was found on opening a file; where something failed, the machine may have been at fault."""
        if any("detail" in entry.values for entry in found):
            return
        with suppress(TypeError, ValueError):
            plain = json.loads(json.dumps([{name: getattr(entry, name) for name in _FOUND} for entry in found]))
            # What would not come back the same is opened each time.
            if tuple(self._made(file, entry) for entry in plain) == found:
                self._asked[_key(file)] = plain

    def write(self) -> None:
        """Write what was asked for or kept in this run; the rest is forgotten, unless there was nothing at all."""
        if self._asked and self._asked != self._known:
            with suppress(OSError):
                write_sealed(self._path, {"version": self._version, "files": self._asked})

    def _made(self, file: ReceivedFile, plain: Mapping[str, Any]) -> ReceivedFile:
        path = file.path if plain["sha256"] in ("", file.sha256) else self._store.path(plain["sha256"])
        return dataclasses.replace(file, **{**plain, "format": Format(plain["format"]), "path": path})


def _known(path: Path, version: str) -> dict[str, Any]:
    """What was kept by this version; nothing where that cannot be read."""
    try:
        kept = read_sealed(path)
        return dict(kept["files"]) if kept["version"] == version else {}
    except (OSError, ValueError, KeyError, TypeError):
        return {}


def _key(file: ReceivedFile) -> str:
    # What an archive holds is named after it.
    return f"{file.sha256} {file.name}"
