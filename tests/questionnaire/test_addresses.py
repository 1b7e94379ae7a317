"""Columns and cells are named as spreadsheet programs name them."""

from __future__ import annotations

import pytest

from questionnaire.addresses import address, column_letter


@pytest.mark.parametrize(
    ("column", "letters"),
    [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ"), (702, "AAA"), (16_383, "XFD"), (-1, ""), (-2, "")],
)
def test_column_letter__of_a_column__or_of_none(column: int, letters: str) -> None:
    assert column_letter(column) == letters


def test_address__of_a_cell__counts_rows_from_1() -> None:
    assert address(11, 3) == "D12"
