"""Reads mailboxes message by message: a Maildir, an mbox file, an IMAP folder; it changes nothing in them."""

import imaplib
import os
import re
import ssl
from base64 import b64encode
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol
from urllib.parse import unquote, urlsplit

PASSWORD = "ACOPIO_IMAP_PASSWORD"
"""The environment variable that holds the password of the mailbox."""

_SECONDS = 60
_SIZE = re.compile(rb"\bUID (\d+)\b.*?\bRFC822\.SIZE (\d+)|\bRFC822\.SIZE (\d+)\b.*?\bUID (\d+)", re.DOTALL)
_TOGETHER = 200
_FROM = b"From "


class NoMailboxError(Exception):
    """There is no such mailbox, or it cannot be read; the text says why."""


@dataclass(frozen=True)
class Entry:
    """One message in a mailbox: where it lies, and how many bytes it has."""

    place: str
    size: int
    at: str


class Mailbox(Protocol):
    """A mailbox: what is in it, and each message when it is asked for."""

    def entries(self) -> Iterator[Entry]:
        """The messages, in the order of the mailbox."""

    def content(self, entry: Entry) -> bytes:
        """A message as it is; OSError if it cannot be read."""

    def close(self) -> None:
        """Leave it."""


def opened(source: str) -> Mailbox:
    """The mailbox that a source names; NoMailboxError for one that is none."""
    kind, colon, rest = source.partition(":")
    if kind == "maildir" and rest:
        return Maildir(Path(rest))
    if kind == "mbox" and rest:
        return Mbox(Path(rest))
    if kind == "imaps" and colon:
        return Imap(source)
    raise NoMailboxError("—")


class Maildir:
    """The folders `cur` and `new` of a Maildir; links in them are not followed."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        if not any((folder / name).is_dir() for name in ("cur", "new")):
            raise NoMailboxError(f"{folder}: cur, new?")

    def entries(self) -> Iterator[Entry]:
        found = [
            entry
            for name in ("cur", "new")
            if (self._folder / name).is_dir()
            for entry in os.scandir(self._folder / name)
            if entry.is_file(follow_symlinks=False) and not entry.name.startswith(".")
        ]
        for entry in sorted(found, key=lambda entry: entry.name):
            # What follows the colon are flags, which change; a message also moves from `new` to `cur`.
            unique = os.fsencode(entry.name).decode("utf-8", "replace").partition(":")[0]
            with suppress(FileNotFoundError):
                yield Entry(f"maildir:{unique}", entry.stat(follow_symlinks=False).st_size, entry.path)

    def content(self, entry: Entry) -> bytes:
        return Path(entry.at).read_bytes()

    def close(self) -> None:
        """Nothing stays open."""


class Mbox:
    """A file of messages one after the other, each behind a line that begins with “From ”."""

    def __init__(self, path: Path) -> None:
        self._path = path
        if not path.is_file():
            raise NoMailboxError(str(path))
        with path.open("rb") as file:
            if file.read(len(_FROM)) not in (_FROM, b""):
                raise NoMailboxError(f"{path}: From …?")

    def entries(self) -> Iterator[Entry]:
        start, blank, position = -1, True, 0
        with self._path.open("rb") as file:
            # A line may be as long as the file: only pieces of it are looked at.
            while line := file.readline(1 << 16):
                if blank and line.startswith(_FROM):
                    if start >= 0:
                        yield self._entry(start, position)
                    start = position + len(line)
                position += len(line)
                blank = not line.strip(b"\r\n") and line.endswith(b"\n")
            if start >= 0:
                yield self._entry(start, position)

    def content(self, entry: Entry) -> bytes:
        with self._path.open("rb") as file:
            file.seek(int(entry.at))
            return file.read(entry.size)

    def close(self) -> None:
        """Nothing stays open."""

    @staticmethod
    def _entry(start: int, end: int) -> Entry:
        # A file to which mails are added keeps those before where they are; nothing else tells them apart.
        return Entry("", end - start, str(start))


class Imap:
    """A folder on an IMAP server, over TLS; it is opened to be looked at only (RFC 9051, EXAMINE and BODY.PEEK)."""

    def __init__(self, source: str) -> None:
        parts = urlsplit(source)
        folder = unquote(parts.path.removeprefix("/")) or "INBOX"
        password = os.environ.get(PASSWORD, "")
        if not parts.hostname or not parts.username or parts.password is not None:
            raise NoMailboxError("imaps://USER@SERVER/FOLDER")
        if not password:
            raise NoMailboxError(f"{PASSWORD}?")
        self._where = f"imaps://{parts.username}@{parts.hostname}/{folder}"
        try:
            context = ssl.create_default_context()
            self._server = imaplib.IMAP4_SSL(parts.hostname, parts.port or 993, ssl_context=context, timeout=_SECONDS)
        except (imaplib.IMAP4.error, OSError, ValueError) as error:
            raise NoMailboxError(str(error)) from error
        try:
            self._server.login(unquote(parts.username), password)
            answer, said = self._server.select(_quoted(folder), readonly=True)
            self._validity = str((self._server.response("UIDVALIDITY")[1] or [b""])[0])
        except (imaplib.IMAP4.error, OSError) as error:
            self.close()
            raise NoMailboxError(str(error)) from error
        if answer != "OK":
            self.close()
            raise NoMailboxError(str(said[0]))

    def close(self) -> None:
        """Log out; the folder is not closed, which would remove what others have marked as deleted."""
        with suppress(imaplib.IMAP4.error, OSError):
            self._server.logout()

    def entries(self) -> Iterator[Entry]:
        try:
            uids = (self._server.uid("SEARCH", "ALL")[1][0] or b"").split()
            for start in range(0, len(uids), _TOGETHER):
                asked = b",".join(uids[start : start + _TOGETHER]).decode("ascii")
                for line in self._server.uid("FETCH", asked, "(UID RFC822.SIZE)")[1]:
                    if found := _SIZE.search(line if isinstance(line, bytes) else b" ".join(line or ())):
                        uid, size = (found[1], found[2]) if found[1] else (found[4], found[3])
                        yield Entry(f"{self._where};{self._validity};{int(uid)}", int(size), uid.decode("ascii"))
        except (imaplib.IMAP4.error, OSError, UnicodeDecodeError) as error:
            raise NoMailboxError(str(error)) from error

    def content(self, entry: Entry) -> bytes:
        try:
            lines = self._server.uid("FETCH", entry.at, "(BODY.PEEK[])")[1]
        except imaplib.IMAP4.error as error:
            raise OSError(str(error)) from error
        found = next((line[1] for line in lines if isinstance(line, tuple)), None)
        if found is None:
            raise OSError("—")
        return bytes(found)


def _quoted(folder: str) -> str:
    """The name of a folder as IMAP writes it: in quotes, in modified UTF-7 (RFC 3501, 5.1.3)."""
    written = re.sub(r"&|[^\x20-\x7e]+", _in_utf7, folder)
    return '"' + written.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _in_utf7(found: re.Match[str]) -> str:
    if found[0] == "&":
        return "&-"
    return "&" + b64encode(found[0].encode("utf-16-be")).decode().rstrip("=").replace("/", ",") + "-"
