"""Chooses which of a respondent's files counts: finds it among those that the last run shows, and records the choice.

It changes no file and publishes nothing; the next consolidation takes the choice into account.
"""

import datetime as dt
import getpass
from typing import Any

import pandas as pd

from pipeline.commands import approve_command
from pipeline.desk.naming import UnknownError
from pipeline.follow_up.reasons import reasons
from pipeline.merging.verdicts import ENDED_BY_CHOICE
from pipeline.publication.results import read_results
from pipeline.receiving import register
from pipeline.receiving.decision import Decision, Kind
from questionnaire.messages import finding_traits, say
from questionnaire.rounds.round import Round
from questionnaire.rounds.standings import Verdict

_SHORTEST_HASH = 8
_WAITING = (Verdict.TO_COMPLETE, Verdict.UNREADABLE_IN_PART)
_SET_ASIDE = (Verdict.DUPLICATE, Verdict.NOT_A_RETURN)


class UnknownFileError(UnknownError):
    """A file that the last run did not find; the text is the sentence for the user."""


class NotChosenError(Exception):
    """There is nothing to choose or to take back; the text is the sentence for the user."""


def choose(round_: Round, file: str, why: str, at: dt.datetime) -> str:
    """Record that a file counts, over the others of its respondent; returns the sentence that says so.

    `file` is its name or the beginning of its SHA-256. Raises UnknownFileError, NotChosenError or NotConsolidatedError.
    """
    returns = read_results(round_, "returns")
    found = _find(round_, returns, file)
    same = returns["respondent"] == found["respondent"]
    others = returns[same & (returns["sha256"] != found["sha256"]) & ~returns["verdict"].isin(_SET_ASIDE)]
    _check_open(round_, found)
    register.decide(round_, _decision(found, why, at, value=" ".join(sorted(others["sha256"]))))
    values = {"respondent": found["respondent"], "others": ", ".join(others["file"]) or "—"}
    return _say(round_, "choose_done", file=found["file"], **values)


def undo(round_: Round, file: str, why: str, at: dt.datetime) -> str:
    """Record that the choice of a file is taken back; returns the sentence that says so. Raises as `choose` does."""
    found = _find(round_, read_results(round_, "returns"), file)
    if found["sha256"] not in {choice.sha256 for choice in register.history(round_).choices}:
        raise NotChosenError(_say(round_, "choose_nothing_to_undo", file=found["file"]))
    register.decide(round_, _decision(found, why, at, undo=True))
    return _say(round_, "choose_undone", file=found["file"])


def _decision(found: dict[str, Any], why: str, at: dt.datetime, value: str = "", undo: bool = False) -> Decision:
    who, time = getpass.getuser(), register.time_text(at)
    return Decision(Kind.CHOOSE, found["respondent"], who, time, why, found["sha256"], value=value, undo=undo)


def _find(round_: Round, returns: pd.DataFrame, wanted: str) -> dict[str, Any]:
    """The row of the one content of that name, of that path, or with a hash that begins so; a copy stands for it."""
    path = wanted.removeprefix(f"{round_.returns}/")
    is_named = (returns["file"] == path) | (returns["file"].str.rpartition("/")[2] == path)
    rows = returns[is_named]
    if rows.empty and len(wanted) >= _SHORTEST_HASH:
        rows = returns[returns["sha256"].str.startswith(wanted.lower())]
    if rows.empty:
        raise UnknownFileError(_say(round_, "choose_no_file", file=wanted))
    if rows["sha256"].nunique() > 1:
        raise UnknownFileError(_say(round_, "accept_several_files", file=wanted, found=", ".join(rows["file"])))
    originals = returns[(returns["sha256"] == rows["sha256"].iloc[0]) & (returns["verdict"] != Verdict.DUPLICATE)]
    return {str(name): value for name, value in originals.iloc[0].items()}


def _check_open(round_: Round, found: dict[str, Any]) -> None:
    """Refuse a file that counts already against nobody, or that could not count if it were chosen."""
    verdict, codes = Verdict(found["verdict"]), found["reason"].split()
    if verdict is Verdict.UNVERIFIED:
        raise NotChosenError(_say(round_, "choose_held", file=found["file"]))
    if verdict is Verdict.TO_APPROVE:
        command = approve_command(round_, found["respondent"])
        raise NotChosenError(_say(round_, "choose_to_approve", file=found["file"], command=command))
    ended = all(finding_traits(code).effect in ENDED_BY_CHOICE for code in codes)
    if verdict in _WAITING or (verdict is Verdict.SUPERSEDED and ended):
        return
    if verdict is not Verdict.ACCEPTED:
        raise NotChosenError(_say(round_, "choose_not_usable", file=found["file"], reason=_why(round_, found)))
    if found["sha256"] not in set(read_results(round_, "conflicts")["submission"]):
        raise NotChosenError(_say(round_, "choose_counts_already", file=found["file"]))


def _why(round_: Round, found: dict[str, Any]) -> str:
    """What decided the verdict, in words; of several findings the first."""
    return next(iter(reasons(round_, [found])[found["file"]]), "–")


def _say(round_: Round, key: str, **values: object) -> str:
    return say("summary", key, round_.working_language, folder=round_.folder, returns=round_.returns, **values)
