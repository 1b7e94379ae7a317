"""Sends letters one after the other, each once, and writes down what became of each before and after."""

import datetime as dt
import fcntl
import os
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial

from pipeline.mail.message import Message
from pipeline.mail.message_log import State, note, states
from pipeline.mail.server import Server
from questionnaire.rounds.mail_settings import PASSWORD, MailSettings
from questionnaire.rounds.round import Round

ALREADY, UNCLEAR, WITHOUT = "already", "unclear", "without"
"""What became of a letter besides its State: it went out before; nobody knows; there is no address."""

_LOCK = ".sending"


@dataclass(frozen=True)
class Sent:
    """What became of one letter."""

    message: Message
    state: str
    detail: str = ""


class NoPasswordError(Exception):
    """The server asks for a user, and the environment has no password."""


def password(settings: MailSettings) -> str:
    """The password of the server, from the environment alone; NoPasswordError where it is needed and not there."""
    found = os.environ.get(PASSWORD, "")
    if settings.user and not found:
        raise NoPasswordError
    return found


class BusyError(Exception):
    """Somebody else is sending letters of the round just now."""


@contextmanager
def _alone(round_: Round) -> Iterator[None]:
    """Send while nobody else does: two runs at a time would each send what the other has not yet written down."""
    round_.outputs.mkdir(parents=True, exist_ok=True)
    with (round_.outputs / _LOCK).open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise BusyError from None
        yield


def standing_of(message: Message, known: Callable[[str], State | None], again: bool) -> str:
    """What keeps a letter from being sent, "" for nothing; `again` lets what is unclear go out once more."""
    if not message.to:
        return WITHOUT
    state = known(message.message_id)
    if state is State.SENT:
        return ALREADY
    return UNCLEAR if state is State.BEGUN and not again else ""


def send(
    messages: Iterable[Message],
    settings: MailSettings,
    again: bool = False,
    sleep: Callable[[float], None] = time.sleep,
    now: Callable[[], dt.datetime] = lambda: dt.datetime.now(dt.UTC),
) -> Iterator[Sent]:
    """Send the letters that are still to be sent; what becomes of each is given as soon as it is known.

    Raises NoPasswordError and BusyError at once, NoServerError where the server cannot be reached any more.
    """
    waiting = list(messages)
    if not waiting:
        return
    first = True
    with _alone(waiting[0].round), Server(settings, password(settings)) as server:
        known = dict(states(waiting[0].round))
        for message in waiting:
            if kept := standing_of(message, known.get, again):
                yield Sent(message, kept)
                continue
            if not first:
                sleep(60 / settings.per_minute)
            first = False
            begin = partial(note, message, State.BEGUN, now())
            delivered = server.deliver(message.sender, message.addresses, message.dated(now()), begin)
            known[message.message_id] = delivered.state
            if delivered.state is State.BEGUN:
                yield Sent(message, UNCLEAR, delivered.detail)
                continue
            note(message, delivered.state, now(), delivered.detail)
            yield Sent(message, str(delivered.state), delivered.detail)


def counted(sent: Iterable[Sent]) -> Counter[str]:
    """How many letters became what."""
    return Counter(entry.state for entry in sent)
