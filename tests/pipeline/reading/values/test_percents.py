"""Percentages: which formats show one, and what a cell that shows none may mean."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from pipeline.reading.values.parsing import Context, parse
from pipeline.reading.values.percents import shows_percent
from questionnaire.blanks import AnswerStatus
from questionnaire.declaration.answer_types import Percent
from tests.given import mini

CONTEXT = Context(mini().codelists["missing"], ",")


@pytest.mark.parametrize("code", ["0%", "0.00%", "0.0 %", "#,##0%;[Red]-0%", '0"of them "%', "_-0%_-", "[$-40C]0,0%"])
def test_format__that_multiplies_by_a_hundred__shows_percentages(code: str) -> None:
    assert shows_percent(code)


@pytest.mark.parametrize("code", ["", "0.00", "@", "yyyy-mm-dd", r"0\%", '0" %"', "0;0%", "0%%", "[%]0"])
def test_format__of_any_other_sort__shows_none(code: str) -> None:
    assert not shows_percent(code)


@pytest.mark.parametrize(
    ("cell", "number_format", "points", "rule", "finding"),
    [
        (0.273, "0.0%", 27.3, "percent", ""),
        (0.005, "0.00 %", 0.5, "percent", ""),
        (1.0, "0%", 100.0, "percent", ""),
        (0.0, "0%", 0.0, "percent", ""),
        (27.3, "0%", 2730.0, "percent", ""),
        (27.3, "", 27.3, "percent:points", "percent_from_points, warning"),
        (27.3, "0.00", 27.3, "percent:points", "percent_from_points, warning"),
        (-2.5, "", -2.5, "percent:points", "percent_from_points, warning"),
        (0.0, "", 0.0, "number", ""),
        (0.273, "", None, "unreadable", "percent_unclear, error"),
        (-0.273, "", None, "unreadable", "percent_unclear, error"),
        (1.0, "General", None, "unreadable", "percent_unclear, error"),
        (1.001, "", 1.001, "percent:points", "percent_from_points, warning"),
        (dt.date(1900, 1, 26), "", 2600.0, "number:date", "number_from_date, warning"),
        (True, "0%", None, "unreadable", "not_a_number, error"),
    ],
)
def test_cell__by_what_it_shows__is_in_points_or_asked_back(
    cell: Any, number_format: str, points: float | None, rule: str, finding: str
) -> None:
    parsed = parse(Percent(), cell, "", CONTEXT, number_format)
    assert (parsed.number, parsed.parsed_by) == (points, rule)
    assert [f"{fault.code}, {fault.severity}" for fault in parsed.faults] == [finding] * bool(finding)
    assert (parsed.status is AnswerStatus.ANSWERED) is (points is not None)


def test_cell__that_shows_a_percentage__is_kept_as_its_reader_sees_it() -> None:
    assert parse(Percent(), 0.273, "", CONTEXT, "0.0%").raw == "27.3%"
    assert parse(Percent(), 0.5, "", CONTEXT, "0%").raw == "50%"


def test_unclear__says_both_readings() -> None:
    (fault,) = parse(Percent(), 0.273, "", CONTEXT).faults
    assert (fault.values["points"], fault.values["times"]) == ("0.273", "27.3")
