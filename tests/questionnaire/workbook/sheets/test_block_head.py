"""Below the band of an indicator stand its objective and its help, each where there is one."""

from pathlib import Path

import pytest

from questionnaire.layout import Column, Layout, RowKind
from tests.given import write_questionnaire
from tests.pipeline.starting.test_start import started
from tests.questionnaire.workbook.written import Written


@pytest.mark.parametrize(
    ("table", "shown"),
    [
        ("Section;Objective;Indicator\nWater;1. Drink;Wells dug\n", ["Objective 1 – Drink"]),
        ("Section;Objective;Indicator;Unit\nWater;1. Drink;Depth;m\n", ["Objective 1 – Drink\nUnit: m"]),
        ("Section;Indicator;Unit\nWater;Depth;m\nSoil;Wells dug;\n", ["Unit: m", ""]),
        ("Indicator;Unit\nDepth;m\n", ["Unit: m"]),
    ],
)
def test_row_below_the_band__names_only_an_objective_that_there_is(
    tmp_path: Path, table: str, shown: list[str]
) -> None:
    round_ = started(tmp_path, table, respondents=["BOL"]).round
    layout, path = Layout(round_.instrument), tmp_path / "BOL.xlsx"
    write_questionnaire(path, round_, round_.respondents[0], layout)
    written = Written(path, round_, round_.respondents[0], layout)
    rows = [
        written.values[written.tabs[sheet.section.code]][row.row][Column.QUESTION]
        for sheet in layout.sheets
        for row in sheet.rows
        if row.kind is RowKind.OBJECTIVE
    ]
    assert rows == shown
