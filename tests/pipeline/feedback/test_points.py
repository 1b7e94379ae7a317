"""What a respondent is asked to look at: errors, open warnings, nothing of others; each cell once."""

from __future__ import annotations

from typing import Any

import pytest

from pipeline.feedback.given_answers import GivenAnswers
from pipeline.feedback.points import asks_for_something, points_of
from questionnaire.layout import Layout
from tests.given import mini

TOLD = {"message_to_respondent": "It is too much.", "remedy_to_respondent": "Correct it.", "value": "9"}


def found(code: str, severity: str, **more: Any) -> dict[str, Any]:
    where = {"indicator": "W01a", "field": "total", "sheet": "Water", "cell": "D5", "explanation": ""}
    return {"code": code, "severity": severity, **where, **TOLD, **more}


@pytest.mark.parametrize(
    ("finding", "asked"),
    [
        (found("range", "error"), True),
        (found("fewer_trees", "warning"), True),
        (found("fewer_trees", "warning", explanation="Storms."), False),
        (found("fewer_trees", "warning", field=""), False),
        (found("fewer_trees", "info"), False),
        (found("bilateral_consistency", "warning"), False),
        (found("answers_conflict", "warning"), False),
        (found("correction_outranked", "warning"), False),
        (found("token_missing", "blocker"), False),
    ],
)
def test_asked__of_a_finding__is_what_the_respondent_can_put_right(finding: dict[str, Any], asked: bool) -> None:
    assert asks_for_something(finding) is asked


def test_points__with_the_same_words__are_one_with_each_cell_once_and_errors_come_first() -> None:
    findings = [
        found("fewer_trees", "warning", message_to_respondent="Why?"),
        found("range", "error"), found("range", "error"), found("range", "error", field="urban"),
        found("range", "error", explanation="Storms.", indicator="F01"),
    ]  # fmt: skip
    points = points_of(Layout(mini()), "en", findings, [], GivenAnswers({}, {}))
    assert [(point.message, len(point.cells)) for point in points] == [("It is too much.", 3), ("Why?", 1)]
