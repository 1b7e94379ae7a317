"""Decides which of a respondent's files is the newest, by when each was saved, mailed and received, or by a choice.

A time that cannot be is no evidence. Where nothing speaks, or two witnesses contradict each other, there is no order,
and no answer is put in the place of another.
"""

import datetime as dt
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from pipeline.receiving.choice import Choice
from questionnaire.rounds.round import Round

# What clocks and time zones may differ by.
_DOUBTFUL = dt.timedelta(days=1)


class Order(StrEnum):
    """How one file stands to another in time; where it is not known, the code of the finding that reports it."""

    EARLIER = "earlier"
    LATER = "later"
    UNKNOWN = "order_unknown"
    CONTRADICTED = "order_contradicted"


@dataclass(frozen=True)
class Times:
    """When a file was saved, in which mails it came, and when it was first received: UTC, ISO 8601, "" if unknown."""

    saved: str = ""
    mailed: tuple[str, ...] = ()
    received: str = ""


def possible_times(saved: str, mailed: Collection[str], received: str, round_: Round) -> Times:
    """The times of a file without those that cannot be.

    Nothing was saved or mailed before the questionnaires went out: the very time that they carry themselves was never
    renewed. Nothing was saved after the mail that brought it, nor either after it was received and the round was over.
    """
    sent, over = _midnight(round_.sent_on), _text(_midnight(round_.return_by) + _DOUBTFUL)
    latest = max(over, _a_day_after(received)) if received else over
    mails = tuple(sorted({mail for mail in mailed if _text(sent - _DOUBTFUL) <= mail <= latest}))
    latest = min(latest, _a_day_after(mails[0])) if mails else latest
    return Times(saved if _text(sent) < saved <= latest else "", mails, received)


def order(one: Times, other: Times) -> Order:
    """How the first file stands to the second, if all witnesses that speak say the same."""
    said = {sign for sign in _witnesses(one, other) if sign}
    if len(said) > 1:
        return Order.CONTRADICTED
    return Order.UNKNOWN if not said else Order.EARLIER if said == {-1} else Order.LATER


def _witnesses(one: Times, other: Times) -> Iterator[int]:
    """What each witness says: -1 the first file is the earlier, 1 the later, 0 nothing."""
    if one.saved and other.saved:
        yield _sign(one.saved, other.saved)
    if one.mailed and other.mailed and one.mailed != other.mailed:
        # One that is sent again after the other may be meant to count again.
        yield _sign(one.mailed[0], other.mailed[0])
        yield _sign(one.mailed[-1], other.mailed[-1])
    else:
        if one.received and other.received:
            yield _sign(one.received, other.received)
        # Of a file without a mail it is known only that it was not sent before it was saved.
        if one.saved and other.mailed and not one.mailed:
            yield _sign(one.saved, other.mailed[0])
        if other.saved and one.mailed and not other.mailed:
            yield _sign(one.mailed[0], other.saved)


def _sign(one: str, other: str) -> int:
    return (one > other) - (one < other)


# --- with what people chose ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class Evidence:
    """All that tells which of some files is the newer; of what is no file, nothing is known."""

    times: Mapping[str, Times]
    choices: Sequence[Choice] = ()
    _chosen: dict[tuple[str, str], bool] = field(init=False, default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        # A later choice prevails over an earlier one between the same two.
        for choice in self.choices:
            for other in choice.over:
                self._chosen[choice.sha256, other], self._chosen[other, choice.sha256] = True, False

    def order(self, one: str, other: str) -> Order:
        """How one file stands to another: a person's choice between the two, else what their times say."""
        chosen = self._chosen.get((one, other))
        if chosen is None:
            return order(self.times.get(one, Times()), self.times.get(other, Times()))
        return Order.LATER if chosen else Order.EARLIER

    def is_chosen(self, one: str, other: str) -> bool:
        """True if a person has chosen the first over the other."""
        return self._chosen.get((one, other), False)

    def is_after(self, file: str, time: str) -> bool:
        """True if it is proved that a file is newer than what a person decided at a time (UTC, ISO 8601)."""
        return order(self.times.get(file, Times()), Times(saved=time, received=time)) is Order.LATER


# --- times --------------------------------------------------------------------------------------------------


def _midnight(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(), tzinfo=dt.UTC)


def _a_day_after(time: str) -> str:
    return _text(dt.datetime.fromisoformat(time) + _DOUBTFUL)


def _text(time: dt.datetime) -> str:
    """A time as the register writes it."""
    return time.strftime("%Y-%m-%dT%H:%M:%SZ")
