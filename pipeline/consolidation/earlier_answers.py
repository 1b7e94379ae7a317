"""Owns comparing a return that counts with those it took the place of: it finds answers that only an earlier one has.

Several ministries that each fill in a copy of their own look just so. It keeps nothing out and takes nothing over.
"""

from collections.abc import Iterator, Mapping

import pandas as pd

from pipeline.consolidation.verdicts import Judgement
from pipeline.findings import Finding, finding
from questionnaire.blanks import EMPTY, AnswerStatus
from questionnaire.rules.rule import Severity

_KEY = ["block", "field"]
_MOST_NAMED = 20


def earlier_answer_findings(answers: pd.DataFrame, judgements: Mapping[str, Judgement]) -> Iterator[Finding]:
    """A warning at each return that leaves blank what one that it superseded answers; `answers` is the tidy table."""
    by_submission = dict(tuple(answers.groupby(answers["submission"].astype("str"), sort=False)))
    for earlier, judgement in judgements.items():
        latest = judgement.superseded_by
        if earlier in by_submission and latest in by_submission:
            yield from _compared(by_submission[earlier], by_submission[latest])


def _compared(earlier: pd.DataFrame, latest: pd.DataFrame) -> Iterator[Finding]:
    # What another answer of the latest made idle was not left out.
    # Lines of lists have no order: which of them is left out cannot be told by their numbers.
    earlier, latest = (
        table[table["block"].astype("str") == table["indicator"].astype("str")] for table in (earlier, latest)
    )
    blank = latest[latest["status"].astype("str") == str(AnswerStatus.BLANK)]
    given = earlier[~earlier["status"].astype("str").isin([str(status) for status in EMPTY])]
    lost = blank.merge(given[[*_KEY, "file"]], on=_KEY, suffixes=("", "_earlier"))
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
