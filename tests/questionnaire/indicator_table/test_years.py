"""Columns of years, however their heads say so, are a time series."""

from __future__ import annotations

import pytest

from questionnaire.proposals.proposal import propose
from tests.questionnaire.indicator_table.grids import grid, table


@pytest.mark.parametrize(
    ("heads", "below", "merged"),
    [
        (("Year", "", ""), ("2019", "2020", "2021"), [(0, 2, 0, 4)]),
        (("Year", "", ""), ("2019", "2020", "2021"), []),
        (("Year 2019", "Year 2020", "Year 2021"), (), []),
        (("2019", "2020", "2021"), (), []),
    ],
)
def test_years__under_a_head_or_behind_a_word__are_years_of_a_series(
    heads: tuple[str, ...], below: tuple[str, ...], merged: list[tuple[int, int, int, int]]
) -> None:
    rows = [["Objective", "Indicator", *heads], ["1. Health", "Number of births attended", "40", "45", "50"]]
    rows[1:1] = [["", "", *below]] if below else []
    (indicator,) = table(grid(rows, merged)).indicators
    assert [(one.role, one.head, one.text) for one in indicator.attributes] == [
        ("year", "2019", "40"), ("year", "2020", "45"), ("year", "2021", "50"),
    ]  # fmt: skip
    assert propose(indicator, "en").years == 3
