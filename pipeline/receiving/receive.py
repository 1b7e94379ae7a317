"""Makes the list of what came back: every file in a round's folder `returns`, kept in the store, and what it is.

It opens no file itself: whatever looks into one runs in a limited child process.
"""

import datetime as dt
import hashlib
import os
import stat
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from pipeline.hashed import code, hashed, spelled
from pipeline.receiving.isolation import Isolation, Lost
from pipeline.receiving.opened_before import OPENED, OpenedBefore
from pipeline.receiving.received import ReceivedFile, with_copies
from pipeline.receiving.store import Store
from questionnaire.rounds.limits import ReadingLimits
from questionnaire.rounds.round import Round

_NOT_RETURNS = ("readme", "readme.md", "readme.txt", "desktop.ini", "thumbs.db")
# What systems and programs put into folders under hidden names; any other hidden file may be somebody's answers.
_HIDDEN = (".ds_store", ".localized", ".directory", ".gitkeep", ".gitignore", ".gitattributes", ".keep")
_HIDDEN_STARTS = ("._", ".~lock.", ".nfs", ".fuse_hidden")
_LOCK = "~$"
_MEGABYTE = 1024 * 1024


def receive(round_: Round, jobs: int | None = None) -> list[ReceivedFile]:
    """The files received, by name; one for every file in the folder, whatever it is. No folder, no files.

    `jobs` is how many processes look into them.
    """
    store = Store(round_.store)
    listed = [receive_file(path, round_.returns, store, round_.limits) for path in files_in(round_.returns)]
    version = hashed(spelled((code(), round_.limits)))
    before = OpenedBefore(round_.outputs / OPENED, store, version)
    with Isolation(round_.limits, (store, round_.limits), jobs) as isolated:
        opened = open_files(listed, isolated, before)
    before.write()
    return with_copies(opened)


def receive_file(
    path: Path, folder: Path | None = None, store: Store | None = None, limits: ReadingLimits | None = None
) -> ReceivedFile:
    """One file before it is opened, named by its path below `folder` or its own name; kept in the store if given."""
    name = printable(path.relative_to(folder).as_posix() if folder else path.name)
    unread = ReceivedFile(name, path, "", 0, dt.datetime.fromtimestamp(0, dt.UTC))
    most = (limits or ReadingLimits()).file_mb
    if folder and path.is_symlink() and not _is_inside(path, folder):
        return unread.refused("link_not_followed")
    try:
        status = path.stat()
        modified = dt.datetime.fromtimestamp(status.st_mtime, dt.UTC)
        unread = replace(unread, size=status.st_size, modified=modified)
        if not stat.S_ISREG(status.st_mode):
            # A pipe would keep whoever opens it waiting for ever.
            return unread.refused("file_not_opened")
        if status.st_size > most * _MEGABYTE:
            return unread.refused("file_too_large", megabytes=round(status.st_size / _MEGABYTE), limit=most)
        data = path.read_bytes()
    except OSError:
        return unread.refused("file_not_opened")
    sha256 = hashlib.sha256(data).hexdigest() if store is None else store.put(data)
    kept = replace(unread, sha256=sha256, path=path if store is None else store.path(sha256))
    return kept.refused("lock_file") if path.name.startswith(_LOCK) else kept


def open_files(
    listed: Sequence[ReceivedFile], isolated: Isolation, before: OpenedBefore | None = None
) -> list[ReceivedFile]:
    """The files with what each of them is; an archive or a mail is followed by what it holds.

    What is known from before is not opened again. Children share the store, and the limits.
    """
    found = {file.name: (file,) if file.refusal else before.find(file) if before else None for file in listed}
    closed = [file for file in listed if found[file.name] is None]
    for file, opened in zip(closed, isolated.map(_open, closed), strict=True):
        if isinstance(opened, Lost):
            found[file.name] = (file.refused(opened.code, detail=opened.detail),)
            continue
        found[file.name] = opened
        if before:
            before.keep(file, opened)
    return [entry for file in listed for entry in found[file.name] or ()]


def _open(shared: tuple[Store, ReadingLimits], file: ReceivedFile) -> tuple[ReceivedFile, ...]:
    from pipeline.receiving.opening import open_file  # noqa: PLC0415  only children load what opens files

    return open_file(shared, file)


def files_in(folder: Path) -> Iterator[Path]:
    """Every file below a folder, by name, without hidden folders, what programs put there, and notes about it."""
    found = []
    for parent, inner, names in os.walk(folder, followlinks=False):
        inner[:] = [name for name in inner if not name.startswith(".")]
        links = [name for name in inner if Path(parent, name).is_symlink()]
        wanted = [name for name in names if not _is_left_out(name.casefold())]
        found += [Path(parent, name) for name in (*wanted, *links)]
    return iter(sorted(found, key=lambda path: path.relative_to(folder).as_posix()))


def _is_left_out(name: str) -> bool:
    return name in (*_NOT_RETURNS, *_HIDDEN) or name.startswith(_HIDDEN_STARTS)


def _is_inside(path: Path, folder: Path) -> bool:
    try:
        return path.resolve(strict=True).is_relative_to(folder.resolve()) and path.is_file()
    except (OSError, RuntimeError):
        return False


def printable(name: str) -> str:
    """The name as text that every file can hold, even if its bytes are no UTF-8."""
    return os.fsencode(name).decode("utf-8", "replace")
