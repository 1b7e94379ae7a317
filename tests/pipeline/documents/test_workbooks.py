"""Workbooks are read as they are: visible sheets, merged areas, numbers as they are typed, what is crossed out."""

import datetime as dt
import io
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.styles import Font

from pipeline.documents.opening import Refused, open_document, table_of_bytes
from pipeline.documents.workbooks import _without_result
from pipeline.reading.workbooks.grids import Sheet
from pipeline.reading.workbooks.metadata import SheetMetadata
from questionnaire.indicator_table.grids.header import Choices
from questionnaire.indicator_table.records import IndicatorTable
from tests.office import recalculate
from tests.questionnaire.indicator_table.grids import notes, read

ROWS: list[list[Any]] = [
    ["Table of indicators 2026"],
    ["N°", "Objectif", "Indicateur", "Valeur de référence", "Cible"],
    [1, "Former", "Juges formés\nProcureurs formés", 0.5, 100],
    [2.1, None, "Policiers formés", 7.25, None],
    [3, "Héberger", "Lits", None, None],
]


def workbook() -> openpyxl.Workbook:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    for row in ROWS:
        sheet.append(row)
    sheet.title = "Plan"
    sheet.merge_cells("A1:E1")
    sheet.merge_cells("B3:B4")
    return book


def saved(book: openpyxl.Workbook) -> bytes:
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def table(data: bytes, choices: Choices = Choices()) -> IndicatorTable:  # noqa: B008
    found = table_of_bytes(choices, ("plan.xlsx", data))
    assert isinstance(found, IndicatorTable)
    return found


EXPECTED = [
    ("", "", "Former", "1a", "Juges formés"),
    ("", "", "Former", "1b", "Procureurs formés"),
    ("", "", "Former", "2.1", "Policiers formés"),
    ("", "", "Héberger", "3", "Lits"),
]


def test_xlsx__merged_cells_and_numbers__read_as_typed() -> None:
    found = table(saved(workbook()))
    assert read(found) == EXPECTED
    assert [one.place for one in found.indicators] == ["Plan!C3", "Plan!C3", "Plan!C4", "Plan!C5"]
    assert [(one.role, one.text, one.place) for one in found.indicators[2].attributes] == [
        ("baseline", "7.25", "Plan!D4")
    ]


def test_xlsx__hidden_sheet__not_read_and_named() -> None:
    book = workbook()
    other = book.create_sheet("Old")
    for row in ROWS[1:]:
        other.append(row)
    other.sheet_state = "hidden"
    found = table(saved(book))
    assert len(found.indicators) == 4
    left = [one.message for one in found.irregularities if one.kind == "sheet_not_read"]
    assert left == ["Hidden, and not read: “Old”. Show a sheet to have it read."]


def test_xlsx__crossed_out__retired_and_asked_about() -> None:
    book = workbook()
    book.worksheets[0]["C5"].font = Font(strike=True)
    assert ("indicator_retired", "Plan!C5") in notes(table(saved(book)))


def test_xlsx__identifiers_typed_as_numbers__tens_keep_their_zero() -> None:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.append(["Code", "Indicator", "Baseline"])
    for number, code in enumerate([1.7, 1.8, 1.9, 1.1, 1.11, 2.1]):
        sheet.append([code, f"Share of group {chr(ord('a') + number)}", 1.1])
    found = table(saved(book))
    assert [one.identifier for one in found.indicators] == ["1.7", "1.8", "1.9", "1.10", "1.11", "2.1"]
    assert {one.attributes[0].text for one in found.indicators} == {"1.1"}


def test_xlsx__values_as_their_formats_show_them() -> None:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.append(["Code", "Indicator", "Baseline", "Target"])
    shown = [
        (2.1, "0.00", 0.12, "0%"), (2.2, "0.00", 0.275, "0.0%"), (2.3, "0.00", 12, '0" km"'), (2.4, "0.00", 7.25, "0"),
        (2.5, "General", 5, ";;;"), (2.6, "General", dt.date(2019, 4, 1), "yyyy"),
        (2.7, "General", dt.date(2019, 4, 1), "mmm-yy"), (2.8, "General", 7.256, "0.00"), (2.9, "General", 7.5, "0.00"),
    ]  # fmt: skip
    for number, (code, code_format, value, format_) in enumerate(shown, 2):
        sheet.append([code, f"Share of group {number}", value])
        sheet.cell(number, 1).number_format, sheet.cell(number, 3).number_format = code_format, format_
    found = table(saved(book))
    assert [one.identifier for one in found.indicators][:4] == ["2.10", "2.20", "2.30", "2.40"]
    baselines = [one.text for indicator in found.indicators for one in indicator.attributes]
    assert baselines == ["12%", "27.5%", "12 km", "7.25", "5", "2019", "Apr-19", "7.256", "7.50"]


def test_xlsx__hidden_rows__read_and_named() -> None:
    book = workbook()
    book.worksheets[0]["A8"] = "Source: ministry"
    for row in (4, 6, 20):
        book.worksheets[0].row_dimensions[row].hidden = True
    found = table(saved(book))
    assert read(found) == EXPECTED
    [hidden] = [one for one in found.irregularities if one.kind == "rows_hidden"]
    assert (hidden.place, hidden.is_doubtful) == ("Plan", True)
    assert hidden.message.startswith("Hidden rows were read: 4. ")


def test_xlsx__that_is_a_bomb__refused() -> None:
    data = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(saved(workbook()))) as old, zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            new.writestr(entry.filename, old.read(entry))
        new.writestr("xl/media/picture.bin", b"\0" * 40_000_000)
    refused = table_of_bytes(Choices(), ("plan.xlsx", data.getvalue()))
    assert not isinstance(refused, IndicatorTable)
    assert refused.what.startswith("The file asks for more room than any indicator table needs")


ODS = """<?xml version="1.0" encoding="UTF-8"?><office:document-content
xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"
xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:spreadsheet><table:table table:name="Plan">
{rows}</table:table></office:spreadsheet></office:body></office:document-content>"""


MANIFEST = """<?xml version="1.0" encoding="UTF-8"?>
<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">
<manifest:file-entry manifest:full-path="/" manifest:media-type="application/vnd.oasis.opendocument.spreadsheet"/>
<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/></manifest:manifest>"""


def ods(rows: list[list[str]], spans: dict[str, int]) -> bytes:
    """An OpenDocument workbook of texts; `spans` says by text over how many rows a cell reaches down."""
    cell = '<table:table-cell office:value-type="string"{}><text:p>{}</text:p></table:table-cell>'
    down = ' table:number-rows-spanned="{}" table:number-columns-spanned="1"'
    written = "".join(
        "<table:table-row>"
        + "".join(cell.format(down.format(spans[text]) if text in spans else "", text) for text in row)
        + "</table:table-row>"
        for row in rows
    )
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as package:
        package.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        package.writestr("META-INF/manifest.xml", MANIFEST)
        package.writestr("content.xml", ODS.format(rows=written).replace("\n", ""))
    return file.getvalue()


def test_ods__merged_cells__read() -> None:
    rows = [["Objetivo", "Indicador"], ["1. Formar", "Jueces"], ["", "Fiscales"], ["2. Alojar", "Camas"]]
    found = table(ods(rows, {"1. Formar": 2}))
    assert read(found) == [
        ("", "1", "Formar", "", "Jueces"),
        ("", "1", "Formar", "", "Fiscales"),
        ("", "2", "Alojar", "", "Camas"),
    ]


@pytest.mark.libreoffice
def test_other_formats__as_libreoffice_saves_them__read_alike(tmp_path: Path) -> None:
    path = tmp_path / "plan.xlsx"
    path.write_bytes(saved(workbook()))
    copies = recalculate([path], tmp_path / "saved", ("xls", "ods"))
    assert [copy.suffix for copy in copies] == [".xls", ".ods"]
    for copy in copies:
        assert read(table(copy.read_bytes())) == EXPECTED


def test_document__of_a_workbook__has_its_sheets() -> None:
    assert [grid.name for grid in open_document("plan.xlsx", saved(workbook())).grids] == ["Plan"]


def test_xlsx__identifiers_typed_as_numbers__get_their_zero_back_and_it_is_said() -> None:
    book = openpyxl.Workbook()
    book.worksheets[0].append(["Code", "Indicator"])
    for number in (1.8, 1.9, 1.1, 1.11):
        book.worksheets[0].append([number, f"Thing {number}"])
    found = table(saved(book))
    assert [one.identifier for one in found.indicators] == ["1.8", "1.9", "1.10", "1.11"]
    assert notes(found) == [("identifier_tenth", "Sheet!A4")]


def test_xlsx__identifier_that_became_a_date__is_kept_and_said() -> None:
    book = openpyxl.Workbook()
    rows: list[list[Any]] = [["Code", "Indicator"], ["1.1", "Wells"], [dt.date(2026, 2, 1), "Pipes"]]
    for row in rows:
        book.worksheets[0].append(row)
    found = table(saved(book))
    assert [one.text for one in found.indicators] == ["Wells", "Pipes"]
    assert notes(found) == [("identifier_date", "Sheet!B3")]


def with_formulas(*rows: list[Any]) -> bytes:
    """A workbook of a program that calculates nothing: its formulas have no results."""
    book = openpyxl.Workbook()
    for row in rows:
        book.worksheets[0].append(row)
    return saved(book)


HEADS = ["Objective", "Indicator", "Baseline"]


def test_formulas__without_results__are_named_with_their_cells_and_their_rows_are_kept() -> None:
    rows: list[list[Any]] = [HEADS, ["Water", "Wells", "=6*7"], ["Water", '="Pipes"', 3], ["=A2", "Taps", 5]]
    found = table(with_formulas(*rows))
    assert [(one.text, one.place) for one in found.indicators] == [("Wells", "Sheet!B2"), ("Taps", "Sheet!B4")]
    [note] = [one for one in found.irregularities if one.kind == "formula_unsaved"]
    assert (note.line, note.place, note.is_doubtful) == (2, "Sheet!C2", True)
    assert note.message == (
        "Formulas without a saved result were read as empty cells: C2, B3, A4. Open the file in a spreadsheet program, "
        "save it once, and give that."
    )


def test_formulas__without_results_in_all_indicators__the_refusal_says_why() -> None:
    refused = table_of_bytes(Choices(), ("plan.xlsx", with_formulas(HEADS, ["Water", '="Wells"', 3])))
    assert isinstance(refused, Refused)
    assert "were read as empty cells: B2. Open the file in a spreadsheet program, save it once" in refused.what


def test_formulas__some_with_results__an_empty_one_gives_nothing() -> None:
    sheet = Sheet("Plan", [["Wells", ""], ["", 3]], SheetMetadata(formulas=frozenset({(0, 0), (0, 1)})))
    assert _without_result(sheet) == []
    assert _without_result(replace(sheet, rows=[["", ""], ["", 3]])) == [(0, 0), (0, 1)]
    of_xls = SheetMetadata(formulas=frozenset({(0, 0), (1, 1)}), without_result=frozenset({(0, 0)}))
    assert _without_result(Sheet("Plan", [[0, ""], ["", 3]], of_xls)) == [(0, 0)]


def test_formulas__with_results__are_read_as_they_show() -> None:
    assert "formula_unsaved" not in {one.kind for one in table(saved(workbook())).irregularities}
