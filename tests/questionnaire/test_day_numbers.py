"""The numbers behind days, in both ways in which spreadsheets count them."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from questionnaire.day_numbers import FIRST_DAY, LAST_DAY, day_number, day_of


@given(st.dates(dt.date(1900, 1, 1), dt.date(9999, 12, 31)))
def test_day__and_its_number__are_the_same(day: dt.date) -> None:
    assert day_of(day_number(day)) == day
    if dt.date(1904, 1, 2) <= day:
        assert day_of(day_number(day, date_1904=True), date_1904=True) == day


@pytest.mark.parametrize(
    ("number", "day"),
    [
        (FIRST_DAY, dt.date(1900, 1, 1)),
        (59, dt.date(1900, 2, 28)),
        (61, dt.date(1900, 3, 1)),
        (45_658, dt.date(2025, 1, 1)),
        (LAST_DAY, dt.date(9999, 12, 31)),
    ],
)
def test_number__is_the_day_that_excel_shows(number: int, day: dt.date) -> None:
    assert (day_number(day), day_of(float(number))) == (number, day)


@pytest.mark.parametrize("number", [FIRST_DAY - 1, LAST_DAY + 1, -3, 45_658.5])
def test_number__that_no_program_shows_as_a_day__is_none(number: float) -> None:
    assert day_of(number) is None
