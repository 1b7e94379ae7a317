"""The row of column heads is found among titles and long texts, with a second line only where it is one."""

import pytest

from questionnaire.indicator_table.grids.header import Choices, find_header, score
from questionnaire.indicator_table.grids.rows import next_header
from questionnaire.indicator_table.reader import parse_indicator_table
from questionnaire.indicator_table.records import IndicatorTableError
from tests.questionnaire.indicator_table.grids import grid, read, table

LONG = "Objective of the programme that all ministries adopted together in their last meeting in the capital"


def test_score__of_a_row_with_a_long_text__is_hardly_that_of_heads() -> None:
    assert score(grid([["Indicator", "Objective"]]), 0) > 10
    assert score(grid([["Indicator", LONG]]), 0) < 2


def test_header__row_of_values_without_an_indicator__is_no_second_line_of_heads() -> None:
    rows = [["Objective", "Indicator", "Baseline", "Target"], ["", "", "2019", "2020"], ["Water", "Wells", "3", "4"]]
    header = find_header(grid(rows), Choices())
    assert header is not None
    assert (header.row, header.heads[2:]) == (0, ("Baseline", "Target"))


def test_header__second_line_under_a_head_that_is_shared__belongs_to_it() -> None:
    rows = [["Objective", "Indicator", "Baseline", ""], ["", "", "Value", "Year"], ["Water", "Wells", "3", "2019"]]
    header = find_header(grid(rows, [(0, 2, 0, 3)]), Choices())
    assert header is not None
    assert (header.row, header.heads[2:]) == (1, ("Baseline Value", "Baseline Year"))


def test_heads__repeated_as_on_a_further_page__begin_no_other_table() -> None:
    heads = ["Objective", "Indicator"]
    found = grid([heads, ["Water", "Wells"], heads, ["Forests", "Trees"]])
    header = find_header(found, Choices())
    assert header is not None
    assert next_header(found, header) == 4
    assert [row[2:] for row in read(table(found))] == [("Water", "", "Wells"), ("Forests", "", "Trees")]


def test_row__longer_than_the_heads__is_read_where_nothing_more_stands_and_else_refused() -> None:
    text = "Objective,Indicator,Unit\nWater,Wells,m,,\nForests,Trees,ha\n"
    assert [one.text for one in parse_indicator_table(text, "x.csv").indicators] == ["Wells", "Trees"]
    with pytest.raises(IndicatorTableError, match="5 cells, but there are 3 column heads"):
        parse_indicator_table(text.replace("m,,", "m,,deep"), "x.csv")


def test_column__alone_in_its_csv__has_commas_in_its_texts() -> None:
    text = 'Indicator\nNumber of wells dug, by region\n"Law on water, in force"\n'
    assert [one.text for one in parse_indicator_table(text, "x.csv").indicators] == [
        "Number of wells dug, by region",
        "Law on water, in force",
    ]
