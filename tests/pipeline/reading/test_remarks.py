"""What is typed into a questionnaire where nothing is asked: reported with its cell and text, whatever the sheet."""

import datetime as dt
from pathlib import Path

import pytest

from pipeline.desk.questionnaires import folder, write_questionnaires
from pipeline.findings import Finding
from pipeline.receiving.receive import receive
from pipeline.simulation.fill import FilledWorkbook
from pipeline.validation.batch import read_batch
from questionnaire.layout import Layout
from questionnaire.sheet_names import tab_names
from questionnaire.workbook.sheets.verdict import SIGN_OFF
from questionnaire.workbook.write import file_name
from tests.given import mini_round

REMARK = "Please call the ministry"


def unplaced(root: Path, typed: dict[tuple[str, str], str]) -> list[Finding]:
    """The content of no question in a questionnaire with these texts, by (sheet, cell)."""
    round_ = mini_round(root)
    write_questionnaires(round_)
    layout, respondent = Layout.of(round_), round_.respondent("AAA")
    assert respondent is not None
    name = file_name(round_, respondent)
    book = FilledWorkbook(folder(round_) / name, layout, tab_names(layout), "en")
    book.type(layout.slot("F01", "total"), 7)
    book.type_named(SIGN_OFF, "Director")
    book.type_named("cover_email", "focal.point@x.example")
    for (sheet, cell), text in typed.items():
        book.type_at(sheet, cell, text)
    round_.returns.mkdir()
    book.save(round_.returns / name, dt.datetime(2026, 3, 1))
    return [found for found in read_batch(round_, receive(round_)).findings if found.code == "unplaced"]


def test_remarks__none_typed__nothing_is_reported(tmp_path: Path) -> None:
    assert unplaced(tmp_path, {}) == []


@pytest.mark.parametrize(
    ("sheet", "cell", "tab"),
    [("cover", "C10", "i"), ("overview", "J6", "Σ"), ("check", "C8", "✓"), ("W", "B2", "W…")],
)
def test_remark__where_nothing_is_asked__is_reported_with_its_cell(
    tmp_path: Path, sheet: str, cell: str, tab: str
) -> None:
    [found] = unplaced(tmp_path, {(sheet, cell): REMARK})
    assert (found.sheet, found.cell, found.value, found.severity) == (tab, cell, REMARK, "warning")
