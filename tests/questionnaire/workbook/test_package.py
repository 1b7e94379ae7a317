"""The package as a whole: sheets, names, identity, size, and the same bytes each time. See also `package_rules`."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

from openpyxl import load_workbook
from python_calamine import CalamineWorkbook

from questionnaire.rounds.identity import find_identity
from questionnaire.rounds.round import Respondent, read_round
from questionnaire.sheet_names import IDENTITY_SHEET, LISTS_SHEET, TEXTS_SHEET
from questionnaire.workbook.write import file_name
from tests.given import DEMO
from tests.questionnaire.workbook.written import MAIN, Written, write


def test_validations__lists__are_areas_of_hidden_sheets(written: Written) -> None:
    for name, root in written.sheets():
        for item in root.iter(f"{MAIN}dataValidation"):
            assert "{" not in item.get("prompt", "") + item.get("error", "")
            if item.get("type") == "list":
                found = item.findtext(f"{MAIN}formula1", "")
                assert re.fullmatch(r"_\w+!\$[A-Z]+\$\d+(:\$[A-Z]+\$\d+)?", found), name


def test_names__of_the_cover__are_defined(written: Written) -> None:
    names = written.book.defined_names
    assert "acopio_language" in names
    for name in ("language", "name", "position", "institution", "email", "phone", "sign_off_name", "sign_off_date"):
        assert f"cover_{name}" in names


def test_sheets__in_order__under_valid_names(written: Written) -> None:
    sections = [section.code for section in written.layout.sheets]
    sections += [sheet.code for sheet in written.layout.lists]
    wanted = [written.tabs[key] for key in ("cover", "overview", *sections, "check", "glossary")]
    assert written.book.sheetnames == [*wanted, LISTS_SHEET, TEXTS_SHEET, IDENTITY_SHEET]
    hidden = [sheet.title for sheet in written.book if sheet.sheet_state == "hidden"]
    assert hidden == [LISTS_SHEET, TEXTS_SHEET, IDENTITY_SHEET]
    assert written.book.active is not None
    assert written.book.active.title == written.tabs["cover"]


def test_identity__cover_property_and_hidden_sheet__all_state_it(written: Written) -> None:
    texts = [str(cell) for row in written.values[written.tabs["cover"]] for cell in row]
    assert sum(find_identity(text) is not None for text in texts) == 1
    found = find_identity(written.values[IDENTITY_SHEET][0][0])
    assert found is not None
    assert found.respondent == written.respondent.code
    assert str(found) in written.package["docProps/custom.xml"].decode()


def test_size__of_the_real_questionnaire__can_be_mailed(real: Written) -> None:
    assert real.path.stat().st_size < 400_000


def test_files__open__in_both_readers(written: Written) -> None:
    assert load_workbook(written.path).sheetnames == CalamineWorkbook.from_path(str(written.path)).sheet_names


def test_words_of_the_template__in_no_part__are_left(written: Written) -> None:
    assert not [name for name, content in written.package.items() if re.search("[\ufdd0-\ufdef]", content.decode())]


def test_bytes__written_twice__are_the_same(small: Written, tmp_path: Path) -> None:
    again = write(tmp_path, small.round, small.respondent)
    assert again.path.read_bytes() == small.path.read_bytes()
    assert [path.name for path in tmp_path.iterdir()] == [again.path.name]


def test_names_of_people__with_signs_of_xml_and_formulas__stand_as_they_are(small: Written, tmp_path: Path) -> None:
    odd = replace(small.respondent, name={"en": '=1+1 & <b> "x"', "fr": "@Île d’A & <B> _x0041_"})
    written = write(tmp_path, small.round, odd)
    texts = {str(cell) for row in written.values[written.tabs["cover"]] for cell in row}
    assert "@Île d’A & <B> _x0041_ (BBB)" in texts
    assert written.book.properties.title
    assert "@Île d’A & <B> " in written.book.properties.title
    footers = [root.findtext(f".//{MAIN}oddFooter", "") for _, root in written.sheets()]
    # In a footer an & begins a command, and two are one.
    assert any("@Île d’A && <B> " in footer for footer in footers)


def test_file_name__of_the_demo__is_plain_and_telling() -> None:
    round_ = read_round(DEMO)
    names = {respondent.code: file_name(round_, respondent) for respondent in round_.participants}
    assert names["BRA"] == "BRA_Brasil_demo_pt.xlsx"
    assert names["HTI"] == "HTI_Haiti_demo_fr.xlsx"
    assert all(re.fullmatch(r"[A-Za-z0-9_.-]+", name) for name in names.values())
    assert len(set(names.values())) == len(names)


def test_file_name__of_a_name_without_latin_letters__still_has_the_code(small: Written) -> None:
    respondent = Respondent("XYZ", {"fr": "中国"}, "fr", participates=True, reason="", aliases=())
    assert file_name(small.round, respondent) == "XYZ_mini_fr.xlsx"
