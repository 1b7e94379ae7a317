"""The workbook of a form is opened like any document: in a child process, within limits, or refused with a remedy."""

import io
import zipfile
from pathlib import Path

import pytest
from openpyxl import Workbook

from pipeline.documents.forms import read_sheets, sheets_of_bytes
from pipeline.documents.opening import Refused
from questionnaire.indicator_table.records import IndicatorTableError


def book(**sheets: list[list[object]]) -> bytes:
    made = Workbook()
    made.remove(made.worksheets[0])
    for name, rows in sheets.items():
        sheet = made.create_sheet(name)
        for row in rows:
            sheet.append(row)
    content = io.BytesIO()
    made.save(content)
    return content.getvalue()


def test_read_sheets__workbook__texts_of_the_three_sheets_and_no_others(tmp_path: Path) -> None:
    path = tmp_path / "form.xlsx"
    path.write_bytes(book(survey=[["type", "name"], ["integer", 7]], Notes=[["secret"]]))
    assert read_sheets(path) == {"survey": [["type", "name"], ["integer", "7"]], "Notes": []}


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (b"type,name\ninteger,a\n", "This is not a workbook"),
        (b"%PDF-1.7\n", "This is not a workbook"),
        (book(survey=[["type"]])[:300], "This is not a workbook"),
    ],
)
def test_sheets__what_is_no_sound_workbook__refused_with_a_remedy(data: bytes, what: str) -> None:
    refused = sheets_of_bytes(None, ("form.xlsx", data))
    assert isinstance(refused, Refused)
    assert what in refused.what
    assert refused.remedy


def test_sheets__part_that_unpacks_to_far_more_than_a_form__refused() -> None:
    bomb = io.BytesIO(book(survey=[["type"]]))
    with zipfile.ZipFile(bomb, "a", zipfile.ZIP_DEFLATED) as package:
        package.writestr("xl/worksheets/sheet9.xml", b" " * 45_000_000)
    refused = sheets_of_bytes(None, ("form.xlsx", bomb.getvalue()))
    assert isinstance(refused, Refused)
    assert "more room" in refused.what


def test_read_sheets__missing_file__says_so(tmp_path: Path) -> None:
    with pytest.raises(IndicatorTableError, match="cannot be opened"):
        read_sheets(tmp_path / "none.xlsx")
