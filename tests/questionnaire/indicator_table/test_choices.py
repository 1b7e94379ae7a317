"""A person may say which sheet, which row of heads and which columns are meant; what is not there is refused by name."""

import pytest

from questionnaire.indicator_table.grids.header import Choices
from questionnaire.indicator_table.records import IndicatorTableError
from tests.questionnaire.indicator_table.grids import grid, read, table

ROWS = [
    ["Plan", "", ""],
    ["Aims", "Key performance", "Target (2030)"],
    ["1. Health for all", "Births attended", "60%"],
]


def refusal(choices: Choices, *names: str) -> IndicatorTableError:
    with pytest.raises(IndicatorTableError) as caught:
        table(*(grid(ROWS, name=name) for name in names or ("Sheet1",)), choices=choices)
    return caught.value


@pytest.mark.parametrize(
    "columns",
    [
        {"objective": "Aims", "indicator": "Key performance"},
        {"objective": "aims", "indicator": "KEY PERFORMANCE"},
        {"objective": "Aims", "indicator": "Key"},
        {"objective": "A", "indicator": "B"},
        {"indicator": "Key performance"},
    ],
)
def test_map__by_head_its_beginning_or_letter__read(columns: dict[str, str]) -> None:
    found = table(grid(ROWS), choices=Choices(header_row=2, columns=columns))
    assert read(found) == [("", "1", "Health for all", "", "Births attended")]
    assert [(one.role, one.text) for one in found.indicators[0].attributes] == [("target", "60%")]


def test_map__by_heads__finds_their_row() -> None:
    found = table(grid(ROWS), choices=Choices(columns={"objective": "Aims", "indicator": "Key performance"}))
    assert [one.place for one in found.indicators] == ["Sheet1!B3"]


def test_map__takes_a_column_from_what_it_was_read_as() -> None:
    rows = [["Objective", "Indicator", "Measured by"], ["1. Aim", "I-7", "Nurses hired"]]
    found = table(grid(rows), choices=Choices(columns={"indicator": "Measured by", "code": "Indicator"}))
    assert read(found) == [("", "1", "Aim", "I-7", "Nurses hired")]


def test_header_row__none__all_rows_read() -> None:
    found = table(grid(ROWS[2:]), choices=Choices(header_row=0, columns={"objective": "A", "indicator": "B"}))
    assert read(found) == [("", "1", "Health for all", "", "Births attended")]


def test_header_row__not_there__its_rows_are_named() -> None:
    error = refusal(Choices(header_row=9, columns={"indicator": "B"}))
    assert (error.what, error.remedy) == ("Sheet1 has no row 9.", "Its rows are 1 to 3.")


def test_map__head_not_there__those_found_are_named() -> None:
    error = refusal(Choices(header_row=2, columns={"indicator": "KPI"}))
    assert error.what == "No column of Sheet1 is headed “KPI”."
    assert "Sheet1, row 2: A “Aims”, B “Key performance”, C “Target (2030)”" in error.remedy


@pytest.mark.parametrize("wanted", ["Health", "health", "eal", "1"])
def test_sheet__by_name_part_or_number__read_alone(wanted: str) -> None:
    rows = [["Objective", "Indicator"], ["1. Aim", "Sign"]]
    other = [["Objective", "Indicator"], ["1. Aim", "Mark"]]
    found = table(grid(rows, name="Health"), grid(other, name="Schools"), choices=Choices(sheet=wanted))
    assert [one.text for one in found.indicators] == ["Sign"]


def test_sheet__not_there_or_not_one__names_all() -> None:
    absent = refusal(Choices(sheet="Annex"), "Health", "Schools")
    assert (absent.what, absent.remedy) == ("There is no sheet or table “Annex”.", "Use one of: “Health”, “Schools”.")
    assert refusal(Choices(sheet="WP"), "WP1", "WP2").what == "“WP” names 2 sheets."
