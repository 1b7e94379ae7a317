"""The package as a whole: well-formed, within every limit of spreadsheet programs, and the same bytes each time."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pytest
from openpyxl import load_workbook
from python_calamine import CalamineWorkbook

from questionnaire.identity import find_identity
from questionnaire.layout import IDENTITY_SHEET, LISTS_SHEET, TEXTS_SHEET
from questionnaire.rounds import Respondent, read_round
from questionnaire.workbook.write import file_name, tab_names
from tests.given import DEMO
from tests.questionnaire.workbook.written import MAIN, Written, write

_LITERAL = re.compile(r'"((?:[^"]|"")*)"')
_RELATION = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"


def test_parts__every_xml_part__is_well_formed(written: Written) -> None:
    for name, content in written.package.items():
        if name.endswith((".xml", ".rels")):
            ElementTree.fromstring(content)


def test_relations__every_target_in_the_package__exists(written: Written) -> None:
    for name, content in written.package.items():
        if not name.endswith(".rels"):
            continue
        folder = Path(name).parent.parent
        for relation in ElementTree.fromstring(content).iter(_RELATION):
            if relation.get("TargetMode") != "External":
                assert str(folder / str(relation.get("Target"))) in written.package


def test_content_types__every_part__has_one(written: Written) -> None:
    root = ElementTree.fromstring(written.package["[Content_Types].xml"])
    parts = {str(item.get("PartName")).lstrip("/") for item in root if item.get("PartName")}
    extensions = {item.get("Extension") for item in root if item.get("Extension")}
    for name in written.package:
        assert name in parts or name.rpartition(".")[2] in extensions or name == "[Content_Types].xml"


def test_formulas__every_one__keeps_the_limits(written: Written) -> None:
    for where, formula in written.formulas():
        assert len(formula) < 8192, where
        assert all(len(literal) <= 255 for literal in _LITERAL.findall(formula)), where


def test_formulas__none__uses_functions_newer_than_excel_2010(written: Written) -> None:
    newer = re.compile(r"\b(LET|LAMBDA|XLOOKUP|IFS|FILTER|SORT|UNIQUE|SEQUENCE|TEXTJOIN|CONCAT|XMATCH)\(")
    for where, formula in written.formulas():
        assert not newer.search(_LITERAL.sub("", formula)), where


def test_texts__none__is_longer_than_a_cell(written: Written) -> None:
    root = ElementTree.fromstring(written.package["xl/sharedStrings.xml"])
    assert max(len("".join(item.itertext())) for item in root.iter(f"{MAIN}si")) <= 32_767


def test_validations__messages_and_lists__keep_the_limits(written: Written) -> None:
    for name, root in written.sheets():
        for item in root.iter(f"{MAIN}dataValidation"):
            for key, limit in (("promptTitle", 32), ("prompt", 255), ("errorTitle", 32), ("error", 255)):
                assert len(item.get(key, "")) <= limit, name
            assert "{" not in item.get("prompt", "") + item.get("error", "")
            if item.get("type") == "list":
                found = item.find(f"{MAIN}formula1")
                assert found is not None
                assert re.fullmatch(r"_\w+!\$[A-Z]+\$\d+(:\$[A-Z]+\$\d+)?", found.text or ""), name


def test_names__all__are_unique_whatever_the_case(written: Written) -> None:
    root = ElementTree.fromstring(written.package["xl/workbook.xml"])
    names = [(item.get("name", "").casefold(), item.get("localSheetId")) for item in root.iter(f"{MAIN}definedName")]
    assert len(names) == len(set(names))
    assert "acopio_language" in dict(names)
    for name in ("language", "name", "position", "institution", "email", "phone", "sign_off_name", "sign_off_date"):
        assert f"cover_{name}" in dict(names)


def test_sheets__in_order__under_valid_names(written: Written) -> None:
    sections = [section.code for section in written.layout.sheets]
    wanted = [written.tabs[key] for key in ("cover", "overview", *sections, "check", "glossary")]
    assert written.book.sheetnames == [*wanted, LISTS_SHEET, TEXTS_SHEET, IDENTITY_SHEET]
    for name in written.book.sheetnames:
        assert len(name) <= 31
        assert not re.search(r"[\[\]:*?/\\]", name)
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
    assert real.path.stat().st_size < 300_000


def test_files__open__in_both_readers(written: Written) -> None:
    assert load_workbook(written.path).sheetnames == CalamineWorkbook.from_path(str(written.path)).sheet_names


@pytest.mark.parametrize("language", ["fr", "es", "en", "pt"])
def test_tabs__in_every_language__are_short_and_unique(real: Written, language: str) -> None:
    tabs = tab_names(real.layout, language)
    assert len({name.casefold() for name in tabs.values()}) == len(tabs)
    assert all(0 < len(name) <= 31 for name in tabs.values())


def test_bytes__written_twice__are_the_same(small: Written, tmp_path: Path) -> None:
    again = write(tmp_path, small.round, small.respondent)
    assert again.path.read_bytes() == small.path.read_bytes()
    assert [path.name for path in tmp_path.iterdir()] == [again.path.name]


def test_names_of_people__with_signs_of_xml_and_formulas__stand_as_they_are(small: Written, tmp_path: Path) -> None:
    odd = replace(small.respondent, name={"en": '=1+1 & <b> "x"', "fr": "@Île d’A & <B>"})
    written = write(tmp_path, small.round, odd)
    texts = {str(cell) for row in written.values[written.tabs["cover"]] for cell in row}
    assert "@Île d’A & <B> (BBB)" in texts


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
