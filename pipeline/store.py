"""Owns the store of a round: every byte stream received, kept once under its own SHA-256; it opens nothing in it."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from pipeline.files import write_whole


class StoreDamagedError(Exception):
    """What is kept is no longer what was received: `path` has changed since, or is gone."""

    def __init__(self, path: Path) -> None:
        super().__init__(str(path))
        self.path = path


@dataclass(frozen=True)
class Store:
    """A folder of contents, each at `ab/<sha256>`: no name and no extension of the sender's ever becomes a path."""

    folder: Path

    def put(self, content: bytes) -> str:
        """Keep some bytes and return their SHA-256; what is already kept is left as it is."""
        sha256 = hashlib.sha256(content).hexdigest()
        path = self.path(sha256)
        if not path.exists():
            write_whole(path, content)
        return sha256

    def path(self, sha256: str) -> Path:
        """Where the content with this SHA-256 is kept, or would be."""
        return self.folder / sha256[:2] / sha256

    def read(self, sha256: str) -> bytes:
        """What was kept; raises StoreDamagedError if that is not what is there."""
        path = self.path(sha256)
        try:
            content = path.read_bytes()
        except OSError as error:
            raise StoreDamagedError(path) from error
        if hashlib.sha256(content).hexdigest() != sha256:
            raise StoreDamagedError(path)
        return content
