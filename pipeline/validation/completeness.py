"""Measures how complete returns and the dataset are: it reports a return that answers too little, and stops nothing."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import pandas as pd

from pipeline.findings import Finding
from pipeline.reading.submission import PRINTED, Submission
from pipeline.validation.desk_findings import percent, table_codes, too_little
from questionnaire.blanks import EMPTY
from questionnaire.declaration.form import Instrument
from questionnaire.rounds.round import Round
from questionnaire.rounds.standings import CAME, Verdict

ANSWERED = "indicators_answered"
"""The column of the register of returns with how many indicators a return answers."""


def indicators_answered(answers: pd.DataFrame, instrument: Instrument) -> dict[str, int]:
    """How many indicators each submission answers, by a value or a reason; `answers` is the tidy table."""
    given = _given(answers, instrument)[["submission", "indicator"]].drop_duplicates()
    return Counter(given["submission"].astype(object))


def _given(answers: pd.DataFrame, instrument: Instrument) -> pd.DataFrame:
    """The rows that answer an indicator: its questions, and the cells of its tables that somebody fills in."""
    block, filled = answers["block"].astype(object), ~answers["status"].isin([str(one) for one in EMPTY])
    of_table = answers["block"].isin(table_codes(instrument)) & (answers["parsed_by"] != PRINTED)
    return answers.loc[
        filled & ((block == answers["indicator"].astype(object)) | of_table), ["submission", "indicator"]
    ]


def completeness_findings(answers: pd.DataFrame, submissions: Iterable[Submission], round_: Round) -> Iterator[Finding]:
    """An error at each submission that answers a smaller share of its indicators than the round asks for."""
    answered = indicators_answered(answers, round_.instrument)
    for read in submissions:
        asked = len(_asked(read, answers, round_))
        if found := too_little(read, answered.get(read.submission, 0), asked, round_):
            yield found


def is_incomplete(answers: pd.DataFrame, submissions: Iterable[Submission], round_: Round) -> bool:
    """True if the answers of several files together are to a smaller share of what they ask than the round asks for."""
    asked = frozenset[str]().union(*(_asked(read, answers, round_) for read in submissions))
    given = _given(answers, round_.instrument)
    return len(asked & set(given["indicator"].astype("str"))) < round_.answered_at_least * len(asked)


def _asked(read: Submission, answers: pd.DataFrame, round_: Round) -> frozenset[str]:
    """The indicators that a questionnaire asks about; one of an older edition those that have a cell in it."""
    if read.part:
        return read.part.indicators
    if not read.older:
        return frozenset(indicator.code for indicator in round_.instrument.indicators)
    own = answers[(answers["submission"] == read.submission) & (answers["cell"] != "")]
    return frozenset(own["indicator"].astype(object))


@dataclass(frozen=True)
class Coverage:
    """Of how many participants the dataset has all parts of a return, and how many indicators its answers are about."""

    accepted: int
    asked: int
    answered: int
    indicators: int

    @property
    def provisional(self) -> bool:
        """True as long as the return of some participant is missing or does not count."""
        return self.accepted < self.asked

    @property
    def figures(self) -> Mapping[str, object]:
        """What the sentences on coverage name."""
        possible = self.accepted * self.indicators
        share = percent(self.answered / possible if possible else 0.0)
        return {"accepted": self.accepted, "asked": self.asked, "share": share}


def coverage(round_: Round, returns: pd.DataFrame) -> Coverage:
    """The coverage of a dataset, by its register of returns."""
    counting = returns[returns["verdict"] == Verdict.ACCEPTED]
    indicators = len(round_.instrument.indicators)
    parts = returns[returns["verdict"].isin(CAME)].groupby("respondent")["slice"].agg(set)
    whole = [respondent for respondent, found in parts.items() if not round_.missing_from(str(respondent), found)]
    answered = counting.groupby("respondent")[ANSWERED].sum().clip(upper=indicators).reindex(whole, fill_value=0)
    return Coverage(len(whole), len(round_.participants), int(answered.sum()), indicators)
