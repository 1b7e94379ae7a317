"""Rulings: what a person decided, and of how much of a question."""

from __future__ import annotations

import pytest

from pipeline.merging.rulings import rulings
from pipeline.merging.versions import Evidence
from pipeline.receiving.decision import Decision, Kind
from tests.given import mini


@pytest.mark.parametrize(
    ("kind", "question", "file", "is_part"),
    [
        (Kind.CORRECT, "W01a.total", "", False),
        (Kind.CORRECT, "W01b.spent", "", True),
        (Kind.RESOLVE, "W01b.spent.currency", "", True),
        (Kind.RESOLVE, "W01b.spent", "ab", False),
    ],
)
def test_ruling__settles_the_whole_of_a_question_or_one_field_of_it(
    kind: Kind, question: str, file: str, is_part: bool
) -> None:
    at, indicator = "2026-03-20T10:00:00Z", question.partition(".")[0]
    decided = Decision(kind, "AAA", "ana", at, "said so", sha256=file, question=question, value="5", number=7)
    ((unit, (ruling,)),) = rulings(mini(), [decided], Evidence({}, ()))["AAA"].items()
    assert unit == (indicator, question.split(".")[1])
    said = "correction" if kind is Kind.CORRECT else "resolution"
    assert (ruling.source, ruling.is_part, ruling.value_source) == (file or "decision-7", is_part, said)
