"""A sheet with places: cells by their addresses, heights of rows, breaks of pages; all else stays as XlsxWriter wrote it."""

from __future__ import annotations

import io
import zipfile

import pytest
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet
from xlsxwriter import Workbook

from questionnaire.workbook.package import Package, parts_of
from questionnaire.workbook.prefill.prefilled_sheet import Content, PrefilledSheet

PART = "xl/worksheets/sheet1.xml"


def _blank() -> dict[str, str]:
    """A workbook with the empty cells B2, C2 and B3, and formulas in D2 and D3."""
    content = io.BytesIO()
    with Workbook(content, {"in_memory": True}) as workbook:
        sheet, look = workbook.add_worksheet("A"), workbook.add_format({"bold": True})
        workbook.add_format({"italic": True})._get_xf_index()
        for row, column in ((1, 1), (1, 2), (2, 1)):
            sheet.write_blank(row, column, None, look)
        sheet.write_formula(1, 3, '=B2&"<"', look, "<")
        sheet.write_formula(2, 3, "=B3", None, "")
        sheet.set_row(1, 30)
        sheet.set_row(2, 30, None, {"level": 1})
        sheet.set_footer("&C&P")
        sheet.set_h_pagebreaks([2])
    return parts_of(content.getvalue())


def _filled(addresses: set[str], cells: dict[str, Content], heights: dict[int, float], breaks: list[int]) -> Worksheet:
    parts = _blank()
    sheet = PrefilledSheet(parts[PART], addresses)
    assert sheet.heights == {1: 30, 2: 30}
    package = Package({**{name: (xml,) for name, xml in parts.items()}, PART: sheet.pieces})
    places = {**sheet.filled(cells, heights), **sheet.broken_before(breaks)}
    found = load_workbook(io.BytesIO(package.filled({}, {PART: places})))["A"]
    assert isinstance(found, Worksheet)
    return found


def test_cells__filled_by_address__hold_texts_numbers_and_formulas() -> None:
    cells = {
        "B2": Content(" <&> "),
        "C2": Content(0.1),
        "B3": Content("shown", formula='INDEX(D2,1)&"x"'),
    }
    sheet = _filled({"B2", "C2", "B3", "D2"}, cells, {}, [])
    assert [sheet[cell].value for cell in ("B2", "C2", "B3")] == [" <&> ", 0.1, '=INDEX(D2,1)&"x"']
    assert all(sheet[cell].font.bold for cell in ("B2", "C2", "B3", "D2"))
    assert sheet["D2"].value == '=B2&"<"'


def test_cells__with_a_formula_of_their_own__get_a_first_value_only() -> None:
    parts = _blank()
    sheet = PrefilledSheet(parts[PART], {"D2", "D3"})
    package = Package({PART: sheet.pieces})
    places = sheet.filled({"D2": Content(""), "D3": Content("a<b")}, {})
    xml = zipfile.ZipFile(io.BytesIO(package.filled({}, {PART: places}))).read(PART).decode()
    assert '<f>B2&amp;"&lt;"</f><v></v>' in xml
    assert '<c r="D3" t="str"><f>B3</f><v>a&lt;b</v></c>' in xml
    assert xml.count('t="str"') == 1


def test_cells__not_filled__stay_as_they_were() -> None:
    parts = _blank()
    sheet = PrefilledSheet(parts[PART], {"B2", "D2"})
    content = Package({PART: sheet.pieces}).filled({}, {})
    assert zipfile.ZipFile(io.BytesIO(content)).read(PART).decode() == parts[PART]


def test_cells__with_another_look__have_it() -> None:
    sheet = _filled({"B2"}, {"B2": Content("long", style=1)}, {}, [])
    assert (sheet["B2"].font.bold, sheet["B2"].font.italic) == (False, True)


def test_rows_and_pages__made_anew__are_as_asked() -> None:
    sheet = _filled(set(), {}, {2: 45.5}, [1, 2])
    assert [sheet.row_dimensions[row].height for row in (2, 3)] == [30, 45.5]
    assert sheet.row_dimensions[3].outlineLevel == 1
    assert [item.id for item in sheet.row_breaks.brk] == [1, 2]
    assert not _filled(set(), {}, {}, []).row_breaks.brk


def test_cells__without_addresses__are_all_that_are_empty() -> None:
    sheet = PrefilledSheet(_blank()[PART])
    assert set(sheet.filled({"B2": Content(1), "C2": Content(2), "B3": Content(3)}, {})) == {"B2", "C2", "B3"}
    with pytest.raises(KeyError, match="D2"):
        sheet.filled({"D2": Content("not empty")}, {})


def test_cells__with_a_text_of_all_workbooks__take_another_in_their_look() -> None:
    content = io.BytesIO()
    with Workbook(content, {"in_memory": True}) as workbook:
        workbook.add_worksheet("A").write_string(0, 0, "usual", workbook.add_format({"bold": True}))
    sheet = PrefilledSheet(parts_of(content.getvalue())[PART], {"A1"})
    (place,) = sheet.filled({"A1": Content("own")}, {}).values()
    assert place == ' s="1" t="inlineStr"><is><t xml:space="preserve">own</t></is></c>'


def test_cells__that_are_not_there__are_named() -> None:
    with pytest.raises(LookupError, match="C3, E9"):
        PrefilledSheet(_blank()[PART], {"B2", "E9", "C3"})
