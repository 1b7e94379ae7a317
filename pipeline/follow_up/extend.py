"""Grants one participant, or all, more time: records the decision, and reports questionnaires that show another day."""

import datetime as dt
import getpass
from collections.abc import Iterator

from pipeline.desk.deadlines import EVERYBODY, deadline_of, extensions
from pipeline.desk.naming import respondent_named
from pipeline.desk.questionnaires import folder, written
from pipeline.receiving import register
from pipeline.receiving.decision import Decision, Kind
from questionnaire.messages import in_language, say
from questionnaire.rounds.round import Round

_MOST_NAMED = 10


class NotExtendedError(Exception):
    """There is nothing to grant or to take back; the text is the sentence for the user."""


def extend(round_: Round, respondent: str, until: dt.date, why: str, at: dt.datetime) -> Iterator[str]:
    """Record that a participant, "" for all, may answer until a later day; yields the sentences that say so.

    Raises UnknownError or NotExtendedError.
    """
    code, named = _whose(round_, respondent)
    before = deadline_of(round_, code) if code else round_.return_by
    if until <= before:
        raise NotExtendedError(_say(round_, "extend_not_later", respondent=named, until=until, before=before))
    register.decide(round_, Decision(Kind.EXTEND, code, *_by_whom(at), why, value=until.isoformat()))
    yield _say(round_, "extend_done", respondent=named, until=until, before=before)
    yield from _show_another_day(round_, code)


def undo(round_: Round, respondent: str, why: str, at: dt.datetime) -> Iterator[str]:
    """Record that an extension is taken back; yields the sentences that say so. Raises as `extend` does."""
    code, named = _whose(round_, respondent)
    if code not in {entry.respondent for entry in register.decisions(round_).of(Kind.EXTEND)}:
        raise NotExtendedError(_say(round_, "extend_nothing_to_undo", respondent=named))
    register.decide(round_, Decision(Kind.EXTEND, code, *_by_whom(at), why, undo=True))
    until = deadline_of(round_, code) if code else round_.return_by
    yield _say(round_, "extend_undone", respondent=named, until=until)
    yield from _show_another_day(round_, code)


def _whose(round_: Round, respondent: str) -> tuple[str, str]:
    """The code of a participant and how it is called; "" and a word for all."""
    if not respondent:
        return EVERYBODY, _say(round_, "extend_all")
    found = respondent_named(round_, respondent)
    named = f"{in_language(found.name, round_.working_language)} ({found.code})"
    if not found.participates:
        raise NotExtendedError(_say(round_, "extend_not_participating", respondent=named))
    return found.code, named


def _by_whom(at: dt.datetime) -> tuple[str, str]:
    return getpass.getuser(), register.time_text(at)


def _show_another_day(round_: Round, respondent: str) -> Iterator[str]:
    """The questionnaires written before that show another day than the one that holds now."""
    granted, usual = extensions(round_), round_.return_by
    shown = [
        row["file"]
        for row in written(round_)
        if respondent in (EVERYBODY, row["respondent"])
        and (row["return_by"] or usual.isoformat()) != granted.get(row["respondent"], usual).isoformat()
    ]
    if shown:
        names = ", ".join(shown[:_MOST_NAMED]) + (" …" if len(shown) > _MOST_NAMED else "")
        yield _say(round_, "extend_shown", count=len(shown), files=names, folder=folder(round_))


def _say(round_: Round, key: str, **values: object) -> str:
    return say("desk", key, round_.working_language, **values)
