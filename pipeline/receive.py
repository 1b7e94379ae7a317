"""Owns the list of what came back: every file in a round's folder `returns`, its content hash and its format.

It opens no workbook and changes no file.
"""

import datetime as dt
import hashlib
import os
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from pipeline.acceptance import Acceptance
from pipeline.findings import Finding, finding
from pipeline.formats import WORKBOOKS, Format, sniff
from questionnaire.rounds import Round
from questionnaire.rules import Severity

MAX_BYTES = 128 * 1024 * 1024
"""A larger file is listed and not opened; a questionnaire with every cell full has less than 2 MB."""

_NOT_RETURNS = ("readme", "readme.md", "readme.txt", "desktop.ini", "thumbs.db")
_LOCK = "~$"

# What is said of a file that is no workbook: format -> code of the finding.
_NO_WORKBOOK = {
    Format.EMPTY: "file_empty",
    Format.TEXT: "file_is_text",
    Format.PDF: "file_is_pdf",
    Format.DOCUMENT: "file_is_document",
    Format.IMAGE: "file_is_image",
    Format.ARCHIVE: "file_is_archive",
    Format.MAIL: "file_is_mail",
    Format.ENCRYPTED: "workbook_encrypted",
    Format.OTHER: "not_a_workbook",
}


@dataclass(frozen=True)
class ReceivedFile:
    """One file of the folder `returns`.

    `name` is its path below the folder, with slashes. `sha256` is "" where the content was not read. `refusal` is the
    code of the finding that says why it is not read any further, "" for a workbook. `same_as` is the name of the first
    file with the same content, "" for the first one itself, which lists the others in `copies`. What came in a mail or
    an archive has the name of that in `container`, and what the mail says of itself. `accepted` is what somebody has
    said of whose it is.
    """

    name: str
    path: Path
    sha256: str
    size: int
    modified: dt.datetime
    format: Format
    refusal: str = ""
    same_as: str = ""
    copies: tuple[str, ...] = ()
    container: str = ""
    sender: str = ""
    mail_date: str = ""
    subject: str = ""
    accepted: Acceptance | None = None

    @property
    def is_received(self) -> bool:
        """True for what somebody sent: not for what could not be opened, nor for Excel's own lock files."""
        return bool(self.sha256) and self.refusal != "lock_file"

    @property
    def is_return(self) -> bool:
        """True for a workbook to be read: neither refused nor a copy of another file."""
        return not self.refusal and not self.same_as


def receive(round_: Round) -> list[ReceivedFile]:
    """The files received, by name; one for every file that is not hidden, whatever it is. No folder, no files."""
    return with_copies([receive_file(path, round_.returns) for path in _files(round_.returns)])


def receive_file(path: Path, folder: Path | None = None) -> ReceivedFile:
    """One file, named by its path below `folder`, or by its own name."""
    name = _printable(path.relative_to(folder).as_posix() if folder else path.name)
    unread = ReceivedFile(name, path, "", 0, dt.datetime.fromtimestamp(0, dt.UTC), Format.OTHER)
    if folder and path.is_symlink() and not _is_inside(path, folder):
        return replace(unread, refusal="link_not_followed")
    try:
        facts = path.stat()
        modified = dt.datetime.fromtimestamp(facts.st_mtime, dt.UTC)
        unread = replace(unread, size=facts.st_size, modified=modified)
        if facts.st_size > MAX_BYTES:
            return replace(unread, refusal="file_too_large")
        data = path.read_bytes()
    except OSError:
        return replace(unread, refusal="file_not_opened")
    sha256 = hashlib.sha256(data).hexdigest()
    if path.name.startswith(_LOCK):
        return replace(unread, sha256=sha256, refusal="lock_file")
    format_ = sniff(data)
    refusal = "" if format_ in WORKBOOKS else _NO_WORKBOOK[format_]
    return replace(unread, sha256=sha256, format=format_, refusal=refusal)


def with_copies(files: list[ReceivedFile]) -> list[ReceivedFile]:
    """The files, each later one with a content seen before marked as a copy of the first."""
    groups: dict[str, list[str]] = {}
    for file in files:
        if file.sha256:
            groups.setdefault(file.sha256, []).append(file.name)
    marked = []
    for file in files:
        # Copies are named after their original: “x (1).xlsx”, “x - Copy.xlsx”.
        first, *others = sorted(groups.get(file.sha256, [file.name]), key=lambda name: (len(name), name))
        is_first = first == file.name
        marked.append(replace(file, copies=tuple(others)) if is_first else replace(file, same_as=first))
    return marked


def file_finding(file: ReceivedFile) -> Finding | None:
    """What keeps a file from being read as a return of its own; None for a workbook to be read."""
    where = {"file": file.name, "submission": file.sha256}
    if file.refusal:
        severity = Severity.INFO if file.refusal == "lock_file" else Severity.BLOCKER
        values = {"megabytes": round(file.size / 1024 / 1024), "limit": MAX_BYTES // 1024 // 1024}
        return finding(file.refusal, severity, values, **where)
    if file.same_as:
        return finding("duplicate_file", Severity.INFO, {"other": file.same_as}, **where)
    return None


def _files(folder: Path) -> Iterator[Path]:
    """Every file below a folder, by name, without hidden ones and notes about the folder."""
    found = []
    for parent, inner, names in os.walk(folder, followlinks=False):
        inner[:] = [name for name in inner if not name.startswith(".")]
        links = [name for name in inner if Path(parent, name).is_symlink()]
        wanted = [name for name in names if not name.startswith(".") and name.casefold() not in _NOT_RETURNS]
        found += [Path(parent, name) for name in (*wanted, *links)]
    return iter(sorted(found, key=lambda path: path.relative_to(folder).as_posix()))


def _is_inside(path: Path, folder: Path) -> bool:
    try:
        return path.resolve(strict=True).is_relative_to(folder.resolve()) and path.is_file()
    except (OSError, RuntimeError):
        return False


def _printable(name: str) -> str:
    """The name as text that every file can hold, even if its bytes are no UTF-8."""
    return os.fsencode(name).decode("utf-8", "replace")
