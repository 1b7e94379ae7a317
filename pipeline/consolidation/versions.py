"""Decides which of a respondent's files is the newest, by when each was saved, mailed and received, or by a choice.

A time that cannot be is no evidence. Where nothing speaks, or two witnesses contradict each other, there is no order,
and nothing is put in the place of anything: a person chooses.
"""

import datetime as dt
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
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


LEFT_OUT = "answers_left_out"
"""The code of the finding on a newer file that leaves blank a good part of what the earlier one answers."""


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


# --- which one counts ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Evidence:
    """All that tells which of some files is the newer, and what one would take out of the dataset.

    `leaves_out` says whether a later file leaves blank a good part of what an earlier one answers.
    """

    times: Mapping[str, Times]
    choices: Sequence[Choice] = ()
    leaves_out: Callable[[str, str], bool] = lambda _later, _earlier: False
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
            return order(self.times[one], self.times[other])
        return Order.LATER if chosen else Order.EARLIER

    def takes_out(self, later: str, earlier: str) -> bool:
        """True if a later file would take a good part of an earlier one's answers out and nobody has chosen it."""
        return (later, earlier) not in self._chosen and self.leaves_out(later, earlier)


@dataclass(frozen=True)
class Waiting:
    """Why a file waits for a choice, as the code of a finding, and which others it cannot take the place of."""

    code: str
    others: tuple[str, ...]


def which_counts(files: Collection[str], evidence: Evidence, counted: str = "") -> tuple[str, dict[str, Waiting]]:
    """The one of some files that counts, "" for none, and those that wait for a choice.

    `counted` is what counted last: among files without an order it goes on counting.
    """
    newest_first, unordered = _peeled(files, evidence)
    counts = counted if counted in unordered else ""
    waiting = {file: _unordered(file, unordered, evidence) for file in unordered if file != counts}
    for file in reversed(newest_first):
        earlier = [counts] if counts else sorted(waiting)
        if lost := tuple(other for other in earlier if evidence.takes_out(file, other)):
            waiting[file] = Waiting(LEFT_OUT, lost)
        else:
            counts, waiting = file, {}
    return counts, waiting


def _peeled(files: Collection[str], evidence: Evidence) -> tuple[list[str], list[str]]:
    """The files newer than all that follow them, newest first, and the rest, among which none is the newest."""
    newest_first: list[str] = []
    rest = sorted(files)
    while rest:
        best = rest[0]
        for file in rest[1:]:
            best = file if evidence.order(file, best) is Order.LATER else best
        if any(evidence.order(best, file) is not Order.LATER for file in rest if file != best):
            break
        newest_first.append(best)
        rest.remove(best)
    return newest_first, rest


def _unordered(file: str, files: Sequence[str], evidence: Evidence) -> Waiting:
    """Why a file waits; one that has an order with each of the others waits because these have none."""
    found = {other: evidence.order(file, other) for other in files if other != file}
    doubts = {other: said for other, said in found.items() if said in (Order.UNKNOWN, Order.CONTRADICTED)}
    codes = set(doubts.values())
    code = Order.CONTRADICTED if Order.CONTRADICTED in codes else Order.UNKNOWN
    return Waiting(str(code), tuple(doubts or found))


# --- times --------------------------------------------------------------------------------------------------


def _midnight(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(), tzinfo=dt.UTC)


def _a_day_after(time: str) -> str:
    return _text(dt.datetime.fromisoformat(time) + _DOUBTFUL)


def _text(time: dt.datetime) -> str:
    """A time as the register writes it."""
    return time.strftime("%Y-%m-%dT%H:%M:%SZ")
