"""Says by when a respondent is to answer and to correct: the days of the round, and what was granted since."""

import datetime as dt
from collections.abc import Mapping

from pipeline.receiving import register
from pipeline.receiving.decision import Kind
from questionnaire.rounds.round import Round

EVERYBODY = ""
"""The respondent of an extension that was granted to all."""


def deadline_of(round_: Round, respondent: str) -> dt.date:
    """The last day on which a respondent's questionnaire counts as in time, extensions included."""
    return extensions(round_).get(respondent, round_.return_by)


def corrections_after(round_: Round, deadline: dt.date) -> dt.date:
    """The last day for the corrections of somebody with this deadline: never before it."""
    return max(deadline, round_.correct_by or round_.return_by)


def extensions(round_: Round) -> Mapping[str, dt.date]:
    """The day granted to each participant to whom a later day than that of the round was granted, alone or with all."""
    granted = {
        entry.respondent: dt.date.fromisoformat(entry.value) for entry in register.decisions(round_).of(Kind.EXTEND)
    }
    all_ = granted.get(EVERYBODY, round_.return_by)
    days = {one.code: max(granted.get(one.code, all_), all_) for one in round_.participants}
    return {code: day for code, day in days.items() if day > round_.return_by}
