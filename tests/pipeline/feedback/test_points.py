"""What a respondent is asked to look at: errors, open warnings, nothing of others; each cell once."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from pipeline.feedback.given_answers import GivenAnswers
from pipeline.feedback.points import asks_for_something, listed, points_of
from questionnaire.layout import Layout
from questionnaire.workbook.returned import Returned
from tests.given import mini
from tests.with_table import instrument

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


def test_points__of_a_choice_of_several__say_that_its_cell_counts_and_of_others_not() -> None:
    findings = [found("required", "error", field=field) for field in ("regions", "regions.NORTH", "total")]
    (point,) = points_of(Layout(mini()), "en", findings, [], GivenAnswers({}, {}))
    assert [cell.is_count for cell in point.cells] == [True, False, False]


def test_points__of_many_lines_of_a_table__are_one_that_says_it_once_and_names_each_line_by_its_texts() -> None:
    layout = Layout(instrument())
    said = "Line L{}: this total is not the sum of the lines it is made of."
    about = {"indicator": "F01", "field": "trees.planted", "sheet": "F01 ≡"}
    findings = [
        found("lines_total", "error", **about, cell=f"E{7 + line}", message_to_respondent=said.format(line))
        for line in (5, 6)
    ]
    answers = [
        {"sheet": "F01 ≡", "cell": f"E{7 + line}", "block": "trees", "line": line, "field": "planted", "raw": "9", "if_none": "", "number": 9.0}
        for line in (5, 6)
    ]  # fmt: skip
    given = GivenAnswers({}, {("trees", line): line for line in (5, 6)})
    (point,) = points_of(layout, "en", findings, answers, given)
    assert point.message == "Line L5, L6: this total is not the sum of the lines it is made of."
    assert [(cell.number, cell.question) for cell in point.cells] == [
        ("L5", "Trees planted – All sorts – On hills – Planted"),
        ("L6", "Trees planted – All sorts – In the plain – Planted"),
    ]
    (single,) = points_of(layout, "en", findings[:1], answers, given)
    assert single.message == said.format(5)


@pytest.mark.parametrize(
    ("number", "language", "line"),
    [
        (12.5, "en", "L3 Nests – All sorts – 2024 — computed from other answers: 12.5"),
        (12.5, "fr", "L3 Nids – Toutes espèces – 2024 — calculé à partir d’autres réponses : 12,5"),
        (None, "en", "L3 Nests – All sorts – 2024 — computed from other answers: –"),
    ],
)
def test_points__of_a_computed_total__show_its_number_and_do_not_say_that_nothing_was_answered(
    number: float | None, language: str, line: str
) -> None:
    layout = Layout(instrument())
    about = {"indicator": "W01a", "field": "nests.nests_2024", "sheet": "Nests", "cell": "E9"}
    answer = {
        "sheet": "Nests",
        "cell": "E9",
        "block": "nests",
        "line": 3,
        "field": "nests_2024",
        "raw": "",
        "if_none": "",
    }
    given = GivenAnswers({}, {("nests", 3): 3})
    points = points_of(layout, language, [found("growth", "warning", **about)], [{**answer, "number": number}], given)
    returned = Returned(points, dt.datetime(2026, 4, 1, tzinfo=dt.UTC))
    assert [cell.is_computed for point in points for cell in point.cells] == [True]
    assert listed(returned, language).splitlines()[-1].strip() == line
