"""What tables held in the previous round: compared cell by cell, by the codes of each, and never read from the sheet."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.reading.submission import Submission
from pipeline.reading.tidy import tidy
from pipeline.receiving.receive import receive_file
from pipeline.simulation.fill import FilledWorkbook
from questionnaire.addresses import column_letter
from questionnaire.layout import Layout, TableSheet
from questionnaire.rules.evaluate import Answer
from questionnaire.sheet_names import tab_names
from questionnaire.table_columns import previous_column
from tests.given import following, write_questionnaire
from tests.office import EACH_FORMAT, save_edited
from tests.with_table import table_round

BEFORE = tuple({"period": Answer(year), "days": Answer(days)} for year, days in (("2023", 93.0), ("2024", 94.0)))


@pytest.fixture(scope="module")
def read(tmp_path_factory: pytest.TempPathFactory) -> Submission:
    """A questionnaire of a second round, with a number as it was, one that is another, and a new one."""
    folder = tmp_path_factory.mktemp("previous")
    round_ = following(table_round(folder), {"AAA": {("F01", "status"): Answer("2")}})
    round_ = replace(round_, previous_lines={"AAA": {"rain": BEFORE}})
    layout, path = Layout.of(round_), Path(folder) / "AAA.xlsx"
    write_questionnaire(path, round_, round_.participants[0], layout)
    book, sheet = FilledWorkbook(path, layout, tab_names(layout), "en"), layout.list_of("rain")
    for line, days in ((1, 93), (2, 99), (3, 95)):
        book.type_at(sheet.code, f"{column_letter(sheet.columns['days'])}{sheet.row(line) + 1}", days)
    book.save(path, dt.datetime(2026, 3, 1))
    return tidy(receive_file(path), path.read_bytes(), round_, layout)


def test_previous__each_cell__is_compared_with_that_of_its_year(read: Submission) -> None:
    names = ("block", "field", "number", "change", "previous")
    rows = zip(*(read.rows[name] for name in names), strict=True)
    assert [row[2:] for row in rows if row[:2] == ("rain", "days")] == [
        (93.0, "confirmed", "93"), (99.0, "changed", "94"), (95.0, "new", ""),
    ]  # fmt: skip


def test_previous__numbers_that_the_sheet_shows__are_no_answers_and_no_findings(read: Submission) -> None:
    assert [found.code for found in read.findings if found.sheet == "W01a ≡ 4"] == []
    assert not [found for found in read.findings if found.code == "unplaced"]


@pytest.mark.wide
@pytest.mark.libreoffice
@pytest.mark.parametrize("extension", EACH_FORMAT)
def test_previous__copied_and_pasted_as_values__are_answers_that_nobody_typed_again(
    tmp_path: Path, uno_python: Path, extension: str
) -> None:
    round_ = following(table_round(tmp_path), {"AAA": {("F01", "status"): Answer("2")}})
    before = tuple(
        {"sorts": Answer(sort), "grounds": Answer(ground), "planted": Answer(count), "alive": Answer(share)}
        for sort, ground, count, share in (("OAK", "HILL", 40.0, 12.5), ("OAK", "PLAIN", 50.0, 99.0))
    )
    round_ = replace(round_, previous_lines={"AAA": {"trees": before}})
    layout, path = Layout.of(round_), tmp_path / "AAA.xlsx"
    write_questionnaire(path, round_, round_.participants[0], layout)
    sheet, tab = layout.list_of("trees"), tab_names(layout)["list_trees"]
    assert isinstance(sheet, TableSheet)
    assert sheet.previous == ("planted", "alive")
    given = [column_letter(sheet.columns[previous_column(code)]) for code in sheet.previous]
    area = f"{given[0]}{sheet.first + 1}:{given[1]}{sheet.first + 2}"
    to = f"{column_letter(sheet.columns['planted'])}{sheet.first + 1}"
    save_edited(uno_python, path, {"pasted": (("paste_values", tab, area, tab, to),)}, extension)
    pasted = tmp_path / f"pasted.{extension}"
    read = tidy(receive_file(pasted), pasted.read_bytes(), round_, layout)
    rows = zip(*(read.rows[name] for name in ("field", "line", "number", "change")), strict=True)
    assert [row for row in rows if row[0] in sheet.previous and row[1] < 3] == [
        ("planted", 1, 40.0, "confirmed"), ("alive", 1, 12.5, "confirmed"),
        ("planted", 2, 50.0, "confirmed"), ("alive", 2, 99.0, "confirmed"),
    ]  # fmt: skip
    where = {entry.code for entry in read.findings if entry.sheet == tab}
    assert where <= {"cells_blank", "protection_removed"}
