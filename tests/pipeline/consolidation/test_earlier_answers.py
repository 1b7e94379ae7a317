"""Answers that only an earlier return has, where the latest counts: told at the latest, and taken over by nobody."""

from __future__ import annotations

import pandas as pd

from pipeline.consolidation.earlier_answers import earlier_answer_findings
from pipeline.consolidation.verdicts import Judgement
from questionnaire.rounds.standings import Verdict

LATEST = Judgement(Verdict.ACCEPTED)
EARLIER = Judgement(Verdict.SUPERSEDED, "", "last")


def table(**statuses: tuple[str, ...]) -> pd.DataFrame:
    """The answers of some returns to the questions a, b, c, d by their status."""
    rows = [
        {
            "submission": name, "file": f"{name}.xlsx", "respondent": "BRA", "block": "W01", "indicator": "W01", "field": field,
            "status": status, "sheet": "W", "cell": f"D{row}",
        }
        for name, given in statuses.items()
        for row, (field, status) in enumerate(zip("abcd", given, strict=True), 7)
    ]  # fmt: skip
    return pd.DataFrame(rows)


def test_answers__that_only_a_superseded_return_has__are_counted_at_the_one_that_counts() -> None:
    answers = table(
        first=("answered", "answered", "answered", "not_available"), last=("answered", "blank", "skipped", "blank")
    )
    [found] = earlier_answer_findings(answers, {"first": EARLIER, "last": LATEST})
    assert (found.code, str(found.severity), found.file, found.respondent) == (
        "earlier_answers", "warning", "last.xlsx", "BRA",
    )  # fmt: skip
    assert (found.indicator, found.field, found.sheet, found.cell) == ("W01", "b", "W", "D8")
    assert found.value == "W01 b, W01 d"
    assert "(first.xlsx) has 2 answers that this one leaves blank" in found.message_in("en")


def test_answers__of_returns_that_lack_nothing_or_do_not_count__say_nothing() -> None:
    full, half = ("answered",) * 4, ("answered", "blank", "answered", "blank")
    assert list(earlier_answer_findings(table(first=half, last=full), {"first": EARLIER, "last": LATEST})) == []
    rejected = {"first": Judgement(Verdict.TO_CORRECT), "last": LATEST}
    assert list(earlier_answer_findings(table(first=full, last=half), rejected)) == []
    assert list(earlier_answer_findings(table(last=half), {"first": EARLIER, "last": LATEST})) == []
