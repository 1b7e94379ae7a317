"""Owns the columns of the wide frame that hold what was answered in the previous round, where rules look at it.

It lays them beside today's answers and never judges.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from questionnaire.declaration.form import Instrument
from questionnaire.rules.conditions import Ref
from questionnaire.rules.evaluate import Answer, Answers
from schemas.frame import STATUSES, status_of

PreviousAnswers = Mapping[str, Answers]
"""What respondents answered in the previous round, by their code."""


def previous_refs(instrument: Instrument) -> tuple[Ref, ...]:
    """The fields whose answers of the previous round some rule looks at."""
    found = {ref: None for rule in instrument.rules for ref in rule.previous_refs}
    return tuple(sorted(found, key=str))


def with_previous_answers(frame: pd.DataFrame, instrument: Instrument, last: PreviousAnswers) -> pd.DataFrame:
    """The wide frame with a value and a status column more, as `previous(total)`, for each field looked back at.

    Both are missing where the respondent answered nothing then.
    """
    number, respondents = pd.factorize(frame["respondent"].astype("str"))
    given = [last.get(respondent, {}) for respondent in respondents]
    places = {indicator.code: place for place, indicator in enumerate(instrument.indicators)}
    indicator = frame["block"].cat.codes.to_numpy()
    columns: dict[str, Any] = {}
    for ref in previous_refs(instrument):
        at = number * len(places) + (places[ref.indicator] if ref.indicator else indicator)
        found = _answers(ref, instrument, given)
        values = pd.Series({place: answer.value for place, answer in found.items()}, dtype=frame[ref.field].dtype)
        statuses = pd.Series({place: str(answer.status) for place, answer in found.items()}, dtype=STATUSES)
        columns |= {str(ref): values.reindex(at).array, status_of(str(ref)): statuses.reindex(at).array}
    return pd.concat([frame, pd.DataFrame(columns, index=frame.index)], axis="columns")


def _answers(ref: Ref, instrument: Instrument, given: Sequence[Answers]) -> dict[int, Answer]:
    """The answers to a field, by the number of the respondent times that of indicators, plus that of its own."""
    return {
        respondent * len(instrument.indicators) + place: answer
        for place, indicator in enumerate(instrument.indicators)
        if ref.indicator in ("", indicator.code) and ref.field in indicator.field_codes
        for respondent, answers in enumerate(given)
        if (answer := answers.get((indicator.code, ref.field))) is not None
    }
