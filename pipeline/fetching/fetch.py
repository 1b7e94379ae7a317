"""Brings the messages of a mailbox into the folder of returns, each once, as the `.eml` files that it holds."""

import datetime as dt
import hashlib
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from pipeline.fetching.mailboxes import Entry, Mailbox
from pipeline.files import write_whole
from pipeline.receiving import register
from questionnaire.rounds.round import Round

_MEGABYTE = 1024 * 1024
_LONGEST_HEADERS = 256 * 1024
_HEADERS_END = re.compile(rb"\n\r?\n")
_NAMES = re.compile(rb"^(message-id|from|date|subject):[^\n]*(?:\n[ \t][^\n]*)*", re.IGNORECASE | re.MULTILINE)
_TOGETHER = 200
"""Messages that are noted in the register at once."""

_MORE_IN_MAIL = 1.4
"""How much longer a file is as an attachment, which is letters and digits."""

Progress = Callable[[Iterable[Entry]], Iterable[Entry]]


@dataclass
class Fetched:
    """What a run did: the names of the files it brought, how many messages it knew, and what it could not bring.

    `too_large` and `unread` are (place, size in megabytes) and (place, why).
    """

    brought: list[str]
    known: int
    too_large: list[tuple[str, int]]
    unread: list[tuple[str, str]]


def fetch(round_: Round, mailbox: Mailbox, at: dt.datetime, progress: Progress = iter) -> Fetched:
    """Bring what was not brought before; a message that was taken out of the returns since does not come back."""
    round_.returns.mkdir(parents=True, exist_ok=True)
    rows = register.entries(round_, "fetched", "message", "place")
    messages, places = {message for message, _ in rows}, {place for _, place in rows if place}
    done, time = Fetched([], 0, [], []), register.time_text(at)
    noted: list[dict[str, str]] = []
    try:
        for entry in progress(mailbox.entries()):
            content = None if entry.place in places else _content(round_, mailbox, entry, done)
            if entry.place in places or (content is not None and message_key(content) in messages):
                done.known += 1
            elif content is not None:
                message = message_key(content)
                name = f"mail-{message[:16]}.eml"
                write_whole(round_.returns / name, content)
                messages.add(message)
                done.brought.append(name)
                noted.append({"message": message, "place": entry.place, "name": name, "at": time})
            if len(noted) >= _TOGETHER:
                register.add(round_, "fetched", *noted)
                noted.clear()
    finally:
        # What was written and is not noted yet would only be written again, under the same name.
        register.add(round_, "fetched", *noted)
    return done


def _content(round_: Round, mailbox: Mailbox, entry: Entry, done: Fetched) -> bytes | None:
    """A message, None for one that is too large or cannot be read, which is then reported."""
    place = entry.place or entry.at
    if entry.size > round_.limits.file_mb * _MORE_IN_MAIL * _MEGABYTE:
        done.too_large.append((place, entry.size // _MEGABYTE))
        return None
    try:
        return mailbox.content(entry)
    except OSError as error:
        done.unread.append((place, str(error)))
        return None


def message_key(content: bytes) -> str:
    """What makes two copies the same message: its Message-ID, sender, day and subject, and all below its headers.

    Servers add headers of their own on the way, and change line ends. A Message-ID alone proves nothing: anybody may
    write one that was there before, and what it stands on would be lost.
    """
    text = content.replace(b"\r\n", b"\n").rstrip(b"\n")
    end = _HEADERS_END.search(text, 0, _LONGEST_HEADERS)
    head, body = (text[: end.start()], text[end.end() :]) if end else (b"", text)
    named = sorted(found[0].lower() for found in _NAMES.finditer(head))
    return hashlib.sha256(b"\n".join((*named, b"", body))).hexdigest()
