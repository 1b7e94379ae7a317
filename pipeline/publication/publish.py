"""Writes the results of a round: writes tables and pages aside, then moves them into place, the manifests last.

A run killed at any moment leaves no half-written file; one that was killed while moving leaves the mark `.publishing`,
and the next run puts it right. Ctrl-C does nothing while files are moved.
"""

import errno
import os
import shutil
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any

from pipeline.files import DISK_FULL, unstoppable
from pipeline.publication.manifest import MANIFEST, files_listed, hashes_of, manifest_text
from questionnaire.rounds.access import Access

PUBLISHING = ".publishing"
"""The file that stands among the outputs while they are replaced: left behind, they are of two runs."""

REFUSED = "refused"
"""The folder, among the outputs, of the pages about a dataset that was not published: for the secretariat alone."""

_LEAST_FREE = 1024 * 1024
"""Bytes: with fewer the disk counts as full."""


class Staging:
    """A folder among the outputs in which everything is written before anything is replaced, in a folder per access.

    Use it as a context manager: what was not committed is removed.
    """

    def __init__(self, outputs: Path) -> None:
        self._outputs = outputs
        outputs.mkdir(parents=True, exist_ok=True)
        _remove_abandoned(outputs)
        self.folder = Path(tempfile.mkdtemp(dir=outputs, prefix=".staging-", suffix=f"-{os.getpid()}"))
        for access in Access:
            self.of(access).mkdir()

    def __enter__(self) -> "Staging":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """Remove what was not committed; raise the OSError of a full disk where a library made another error of it."""
        is_full = isinstance(error, Exception) and self._is_full(error)
        # Who presses Ctrl-C once more means the run, not what it leaves behind.
        with unstoppable():
            shutil.rmtree(self.folder, ignore_errors=True)
        if is_full and not isinstance(error, OSError):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(self._outputs)) from error

    def _is_full(self, error: Exception) -> bool:
        """Whether the disk is; what did not fit may be gone again, and the error has only words for it."""
        said = any(os.strerror(number) in str(error) for number in DISK_FULL)
        return said or shutil.disk_usage(self.folder).free < _LEAST_FREE

    def of(self, access: Access) -> Path:
        """The folder for the results that are for some people."""
        return self.folder / access

    def add_bytes(self, name: str, content: bytes, access: Access = Access.RESTRICTED) -> None:
        (self.of(access) / name).write_bytes(content)

    def keep_refused(self, pages: str) -> Path:
        """Move a folder of pages of the secretariat to where they stand until a run publishes, and return it."""
        kept = self._outputs / REFUSED
        _replace(self.of(Access.RESTRICTED) / pages, kept)
        return kept

    def commit(self, manifests: Mapping[Access, Mapping[str, Any]] | None = None) -> None:
        """Move everything into place, write the manifests of what stands there now, and remove what is no more.

        `manifests` has what they say beside the hashes of the files.
        """
        hashes = {access: hashes_of(self.of(access)) for access in Access}
        earlier = {folder: files_listed(folder) for folder in (self._outputs, *map(self._target, Access))}
        with unstoppable():
            self._replace_all(manifests or {}, hashes, earlier)

    def _replace_all(
        self,
        manifests: Mapping[Access, Mapping[str, Any]],
        hashes: Mapping[Access, Mapping[str, str | None]],
        earlier: Mapping[Path, frozenset[str]],
    ) -> None:
        mark = self._outputs / PUBLISHING
        mark.touch()
        for access in Access:
            self._target(access).mkdir(exist_ok=True)
            for entry in sorted(self.of(access).iterdir()):
                _replace(entry, self._target(access) / entry.name)
        for access in Access:
            manifest = self.of(access) / MANIFEST
            manifest.write_text(manifest_text(manifests.get(access, {}), hashes[access]), encoding="utf-8")
            manifest.replace(self._target(access) / MANIFEST)
            _remove(self._target(access), earlier[self._target(access)] - hashes[access].keys())
        # Earlier versions wrote into the folder above: results that nobody renews would be taken for today's.
        _remove(self._outputs, earlier[self._outputs])
        (self._outputs / MANIFEST).unlink(missing_ok=True)
        shutil.rmtree(self._outputs / REFUSED, ignore_errors=True)
        mark.unlink()

    def _target(self, access: Access) -> Path:
        return self._outputs / access


def _replace(source: Path, target: Path) -> None:
    """Put a file or folder in the place of another; a folder is moved away first, since it cannot be overwritten."""
    if source.is_dir() and target.exists():
        aside = source.parent / f"old-{target.name}"
        target.rename(aside)
        source.rename(target)
        shutil.rmtree(aside)
    else:
        source.replace(target)


def _remove(folder: Path, names: Iterable[str]) -> None:
    """Remove files of earlier results, and the folders that are empty without them; never what is outside."""
    for name in names:
        path = folder / name
        if path.resolve().is_relative_to(folder.resolve()):
            path.unlink(missing_ok=True)
            if path.parent != folder and path.parent.is_dir() and not any(path.parent.iterdir()):
                path.parent.rmdir()


def _remove_abandoned(outputs: Path) -> None:
    """Clear what an earlier run that was killed left behind; never another run's work in hand."""
    for leftover in outputs.glob(".staging-*"):
        marker = leftover.name.rpartition("-")[2]
        if not _is_alive(marker):
            shutil.rmtree(leftover, ignore_errors=True)


def _is_alive(process: str) -> bool:
    try:
        os.kill(int(process), 0)
    except (ValueError, ProcessLookupError):
        return False
    except PermissionError:
        return True
    return True
