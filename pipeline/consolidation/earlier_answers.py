"""Compares a return with one that it would take, or took, the place of: it finds answers that only an earlier one has.

Several ministries that each fill in a copy of their own look just so. It takes nothing over.
"""

from collections.abc import Iterator, Mapping

import pandas as pd

from pipeline.consolidation.verdicts import Judgement
from pipeline.findings import Finding, finding
from questionnaire.blanks import EMPTY, AnswerStatus
from questionnaire.rules.rule import Severity

_KEY = ["block", "field"]
_MOST_NAMED = 20
# How much of what an earlier return answers a later one may leave blank before a person must look.
_GOOD_PART = 0.2


class EarlierAnswers:
    """The answers of each submission, to be compared two by two; `answers` is the tidy table."""

    def __init__(self, answers: pd.DataFrame) -> None:
        self._by_submission = dict(tuple(answers.groupby(answers["submission"].astype("str"), sort=False)))

    def left_blank(self, later: str, earlier: str) -> bool:
        """True if a later submission leaves blank a good part of what an earlier one answers."""
        if not {earlier, later} <= self._by_submission.keys():
            return False
        before, after = (_given(self._by_submission[name]) for name in (earlier, later))
        return _left_out(before, after, self._by_submission[later]) > _GOOD_PART * len(before)

    def findings(self, judgements: Mapping[str, Judgement]) -> Iterator[Finding]:
        """A warning at each return that leaves blank what one that it superseded answers."""
        for earlier, judgement in judgements.items():
            latest = judgement.superseded_by
            if {earlier, latest} <= self._by_submission.keys():
                yield from _compared(self._by_submission[earlier], self._by_submission[latest])


def _given(table: pd.DataFrame) -> pd.DataFrame:
    """The rows in which something stands."""
    return table[~table["status"].astype("str").isin([str(status) for status in EMPTY])]


def _left_out(before: pd.DataFrame, after: pd.DataFrame, later: pd.DataFrame) -> int:
    """How many of the answers given before are not given after.

    What another answer of the later return made idle was not left out; where it does not answer the indicator at all,
    nothing was made idle. Lines of lists have no order: they are counted.
    """
    lost = _lost(before, later)
    answered, idle = set(after["block"].astype("str")), str(AnswerStatus.SKIPPED)
    silent = later[(later["status"].astype("str") == idle) & ~later["block"].astype("str").isin(answered)]
    fewer = len(_in_lists(before)) - len(_in_lists(after))
    return len(lost) + len(silent.merge(before[_KEY], on=_KEY)) + max(fewer, 0)


def _in_lists(table: pd.DataFrame) -> pd.DataFrame:
    return table[table["block"].astype("str") != table["indicator"].astype("str")]


def _lost(earlier: pd.DataFrame, latest: pd.DataFrame) -> pd.DataFrame:
    """What the latest return leaves blank and an earlier one answers."""
    # What another answer of the latest made idle was not left out.
    # Lines of lists have no order: which of them is left out cannot be reported by their numbers.
    earlier, latest = (
        table[table["block"].astype("str") == table["indicator"].astype("str")] for table in (earlier, latest)
    )
    blank = latest[latest["status"].astype("str") == str(AnswerStatus.BLANK)]
    return blank.merge(_given(earlier)[[*_KEY, "file"]], on=_KEY, suffixes=("", "_earlier"))


def _compared(earlier: pd.DataFrame, latest: pd.DataFrame) -> Iterator[Finding]:
    lost = _lost(earlier, latest)
    if lost.empty:
        return
    first = {name: str(value) for name, value in lost.iloc[0].items()}
    named = [f"{row.block} {row.field}" for row in lost.head(_MOST_NAMED).itertuples()]
    values = {"other": first["file_earlier"], "count": len(lost)}
    yield finding(
        "earlier_answers", Severity.WARNING, values,
        submission=first["submission"], file=first["file"], respondent=first["respondent"],
        indicator=first["indicator"], field=first["field"], sheet=first["sheet"], cell=first["cell"],
        value=", ".join(named) + (" …" if len(lost) > _MOST_NAMED else ""),
    )  # fmt: skip
