"""The design workbook has dropdowns, checks, frozen heads and filters, and its formulas say what is wrong."""

from __future__ import annotations

import re
import zipfile
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

import openpyxl
import pytest

from pipeline.design_workbook.opening import design_of_bytes, open_design
from pipeline.design_workbook.take_back import take_back
from questionnaire.design_sheets.from_folder import rows_of_folder
from questionnaire.design_sheets.plan import SHEETS, TEXT_COLUMNS, setting_meanings
from questionnaire.design_sheets.rows import DesignRows
from questionnaire.messages import LANGUAGES
from questionnaire.workbook.design.checks import missing_languages
from questionnaire.workbook.design.read_me import _STEPS
from questionnaire.workbook.design.words import Words
from questionnaire.workbook.design.write import write_design
from questionnaire.workbook.looks.heights import Box, row_height
from tests.office import Grid, Step, calculated, save_edited
from tests.with_design import HEADS, Edited, instrument_folder, places, workbook


def read_rows_of_mini() -> DesignRows:
    with TemporaryDirectory() as folder:
        return rows_of_folder(instrument_folder(Path(folder) / "mini"))


def parts() -> dict[str, str]:
    with zipfile.ZipFile(BytesIO(workbook())) as package:
        return {name: package.read(name).decode() for name in package.namelist() if name.endswith(".xml")}


def sheet(name: str) -> str:
    """The part of a sheet."""
    names = re.findall(r'<sheet name="([^"]+)"', parts()["xl/workbook.xml"])
    return parts()[f"xl/worksheets/sheet{names.index(name) + 1}.xml"]


def test_workbook__sheets__stand_in_order_and_words_are_hidden() -> None:
    found = re.findall(r'<sheet name="([^"]+)"[^>]*?( state="hidden")?[ /]', parts()["xl/workbook.xml"])
    assert [name for name, _ in found] == [
        "Read me", "Sections", "Indicators", "Types", "Questions", "Lists", "Tables", "References", "Rules",
        "Editions", "Wordings", "Texts", "Words",
    ]  # fmt: skip
    assert 'name="Words" sheetId="13" state="hidden"' in parts()["xl/workbook.xml"]


@pytest.mark.parametrize("name", ["Sections", "Indicators", "Types", "Questions", "Lists", "Tables", "Rules", "Texts"])
def test_sheet__heads__stay_in_sight_are_filtered_and_printed_on_every_page(name: str) -> None:
    part = sheet(name)
    assert 'ySplit="3"' in part
    assert "<autoFilter ref=" in part
    assert '<pageSetup paperSize="9"' in part
    assert 'orientation="landscape"' in part
    assert f"'{name}'!$1:$3" in parts()["xl/workbook.xml"] or f">{name}!$1:$3<" in parts()["xl/workbook.xml"]


def test_sheet__choices__are_dropdowns_and_every_cell_says_what_it_is_for() -> None:
    part = sheet("Questions")
    assert re.search(r'<dataValidation type="list"[^>]*sqref="C4:C\d+"', part)
    assert "what a computed question follows from" in part
    assert re.search(r'<dataValidation type="list" errorStyle="warning"[^>]*sqref="D4:D\d+"', part)
    assert "<conditionalFormatting" in part


def test_workbook__day__is_none_of_its_own() -> None:
    assert set(re.findall(r">(\d{4}-[^<]*)<", parts()["docProps/core.xml"])) == {"1980-01-01T00:00:00Z"}


def test_texts__missing_translation__is_listed_in_its_line() -> None:
    rows = Edited().sheets["Texts"].rows
    assert [row[4] for row in rows[3:] if row[0]] == ["FORESTS", "Trees planted"]
    assert missing_languages("Yes", ["Oui", ""], ["fr", "pt"], Words()) == "to translate: pt"
    assert missing_languages("", [""], ["fr"], Words()) == ""
    assert missing_languages("Yes", [], [], Words()) == ""
    assert missing_languages("Yes", [""], ["pt"], Words("fr")) == "à traduire\u00a0: pt"


def explained() -> set[str]:
    """Everything that the workbook explains, in English."""
    found = {text for plan in SHEETS for text in (plan.holds, *(one.meaning for one in plan.columns))}
    return found | {*setting_meanings().values(), *TEXT_COLUMNS.values(), *_STEPS}


@pytest.mark.parametrize("language", ["fr", "es", "pt"])
def test_explanations__every_one__is_said_in_each_language(language: str) -> None:
    assert [text for text in explained() if Words(language)(text) == text and text != "error, warning or info"] == []


def test_workbook__in_another_language__has_the_same_names_and_heads_and_other_explanations() -> None:
    rows = read_rows_of_mini()
    english, french = (design_of_bytes(None, ("x.xlsx", write_design(rows, language))) for language in ("en", "fr"))
    assert isinstance(english, tuple)
    assert isinstance(french, tuple)
    for one, other in zip(english, french, strict=True):
        assert one.name == other.name
        if one.name not in ("Read me", "Words"):
            assert [row[1:] for row in one.rows[2:]] == [row[1:] for row in other.rows[2:]]
            assert one.rows[1][1:] != other.rows[1][1:]
    assert "le type de réponse" in french[4].rows[1]


@pytest.mark.parametrize("language", LANGUAGES)
def test_read_me__in_any_language__has_rows_as_tall_as_what_stands_in_them(language: str) -> None:
    sheet = openpyxl.load_workbook(BytesIO(write_design(read_rows_of_mini(), language)))["Read me"]
    merged = {str(area).split(":")[0] for area in sheet.merged_cells.ranges}
    for number, row in enumerate(sheet.iter_rows(min_row=3), 3):
        boxes = [
            Box((cell.value,), sheet.column_dimensions[cell.column_letter].width, cell.font.sz, indent=1)
            for cell in row
            if isinstance(cell.value, str) and cell.coordinate not in merged and cell.data_type == "s"
        ]
        if boxes:
            assert sheet.row_dimensions[number].height > row_height(boxes, 0) - 1, number


MISTAKES = {
    "Questions!C5": ("wholenumber", "type unknown; "),
    "Questions!B6": ("rural", "question stands twice; "),
    "Questions!E8": ("", "label missing; "),
    "Questions!D9": ("region", "codelist unknown; "),
    "Indicators!G5": ("MONEYS", "indicator_type unknown; "),
    "Indicators!H6": ("regions  nothing", "questions unknown; "),
    "Lists!C5": ("0", "code stands twice; "),
    "Rules!F4": ("", "check missing; "),
    "Sections!B5": ("F ", "code spaces around; "),
}


@pytest.mark.wide
@pytest.mark.libreoffice
def test_remarks__recalculated__say_what_is_wrong_and_else_nothing(tmp_path: Path, uno_python: Path) -> None:
    file = tmp_path / "mini.design.xlsx"
    file.write_bytes(workbook())
    typed = tuple((*cell.split("!"), text) for cell, (text, _) in MISTAKES.items())
    ((before, after),) = calculated(uno_python, [(file, [Step(), Step(cells=typed)])])  # type: ignore[arg-type]

    def remarks(sheets: dict[str, Grid]) -> dict[str, object]:
        return {
            f"{name}!{row + 1}": cells[0]
            for name, rows in sheets.items()
            for row, cells in enumerate(rows)
            if row > HEADS and cells and cells[0] != "" and name not in ("Read me", "Words")
        }

    as_it_is = {"Texts!8": "to translate: fr", "Texts!17": "to translate: fr"}
    assert remarks(before.sheets) == as_it_is
    expected = {re.sub("![A-Z]+", "!", cell): said for cell, (_, said) in MISTAKES.items()}
    found = remarks(after.sheets)
    assert {place: found.get(place) for place in expected} == expected
    follow = {place: said for place, said in found.items() if place not in expected and place not in as_it_is}
    # The first of two with one code, and what names a code that is another now.
    assert follow == {
        "Indicators!7": "section unknown; ",
        "Lists!4": "code stands twice; ",
        "Questions!7": "question stands twice; ",
        "Tables!13": "question unknown; ",
    }


@pytest.mark.wide
@pytest.mark.libreoffice
@pytest.mark.parametrize("extension", ["xlsx", "ods"])
def test_workbook__saved_by_libreoffice__is_read_as_it_was(extension: str, tmp_path: Path, uno_python: Path) -> None:
    file = tmp_path / "mini.xlsx"
    file.write_bytes(workbook())
    save_edited(uno_python, file, {"same": ()}, extension)
    folder = instrument_folder(tmp_path / "mini")
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    taken = take_back(folder, open_design(tmp_path / f"same.{extension}"))
    assert places(taken) == [("translation_missing", "Texts", "F8"), ("translation_missing", "Texts", "F17")]
    assert (taken.written, taken.removed) == ((), ())
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before
