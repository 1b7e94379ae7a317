"""Says by when a respondent is to answer and to correct: the days of the round, and what was granted since."""

import datetime as dt
from collections.abc import Mapping

from questionnaire.rounds.round import Round


def deadline_of(round_: Round, respondent: str) -> dt.date:
    """The last day on which a respondent's questionnaire is in time: the one granted last, else that of the round."""
    return extensions(round_).get(respondent, round_.return_by)


def correct_by(round_: Round, deadline: dt.date) -> dt.date:
    """The last day for the corrections of somebody with this deadline: never before it."""
    return max(deadline, round_.correct_by or round_.return_by)


def extensions(round_: Round) -> Mapping[str, dt.date]:  # noqa: ARG001
    """The day granted to each respondent who was granted another one."""
    return {}
