"""Stores the files of a round: every byte stream received, once under its own SHA-256; it opens nothing in it.

What states and persons have sent is readable by its owner alone, whatever the account's ordinary settings are.
"""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from pipeline.files import write_whole

_FILE, _FOLDER = 0o600, 0o700


@dataclass(frozen=True)
class Store:
    """A folder of contents, each at `ab/<sha256>`: no name and no extension of the sender's ever becomes a path."""

    folder: Path

    def put(self, content: bytes) -> str:
        """Keep some bytes and return their SHA-256; what is already kept whole is left as it is."""
        sha256 = hashlib.sha256(content).hexdigest()
        path = self.path(sha256)
        self.folder.mkdir(_FOLDER, parents=True, exist_ok=True)
        path.parent.mkdir(_FOLDER, exist_ok=True)
        if not path.exists() or path.stat().st_size != len(content):
            write_whole(path, content)
        # Also of a store begun by an earlier version, which everybody could read.
        for kept, mode in ((self.folder, _FOLDER), (path.parent, _FOLDER), (path, _FILE)):
            if kept.stat().st_mode & 0o777 != mode:
                kept.chmod(mode)
        return sha256

    def path(self, sha256: str) -> Path:
        """Where the content with this SHA-256 is kept, or would be."""
        return self.folder / sha256[:2] / sha256


class ChangedError(Exception):
    """A file whose content is no longer the one that was received, or that is gone."""


def read_unchanged(path: Path, sha256: str) -> bytes:
    """The content of a file; raises ChangedError unless it is the one with this SHA-256."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise ChangedError(str(path)) from error
    if hashlib.sha256(content).hexdigest() != sha256:
        raise ChangedError(str(path))
    return content
