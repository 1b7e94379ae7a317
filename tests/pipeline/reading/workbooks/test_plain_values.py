"""Values taken from the parts of a workbook are those that the reading library gives, or it is asked."""

from __future__ import annotations

import datetime as dt
import io
import zipfile

import pytest

from pipeline.reading.workbooks import grids
from pipeline.reading.workbooks.grids import read_grids
from pipeline.reading.workbooks.office import plain_cells
from pipeline.reading.workbooks.packages import Package, read_package
from pipeline.receiving.formats import Format
from tests.pipeline.returned import SOME, book, write

_SPACE = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_STYLES = (
    '<numFmts count="2"><numFmt numFmtId="164" formatCode="yyyy-mm-dd"/><numFmt numFmtId="165" formatCode="d mmmm"/></numFmts>'
    '<cellXfs><xf numFmtId="0"/><xf numFmtId="164"/><xf numFmtId="165"/><xf numFmtId="10"/><xf numFmtId="14"/></cellXfs>'
)


def workbook(rows: str, texts: str = "", around: str = "", settings: str = "", state: str = "") -> bytes:
    """A workbook of one sheet."""
    of_type = {"rId1": "worksheet", "rId2": "sharedStrings", "rId3": "styles"}
    targets = {"rId1": "worksheets/sheet1.xml", "rId2": "sharedStrings.xml", "rId3": "styles.xml"}
    relations = "".join(
        f'<Relationship Id="{identity}" Type="{_OFFICE}/{kind}" Target="{targets[identity]}"/>'
        for identity, kind in of_type.items()
    )
    parts = {
        "_rels/.rels": f'<Relationships xmlns="{_RELATIONS}"><Relationship Id="rId1" Type="{_OFFICE}/officeDocument" '
        'Target="xl/workbook.xml"/></Relationships>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_RELATIONS}">{relations}</Relationships>',
        "xl/workbook.xml": f'<workbook {_SPACE} xmlns:r="{_OFFICE}">{settings}<sheets>'
        f'<sheet name="One" sheetId="1"{state} r:id="rId1"/></sheets></workbook>',
        "xl/worksheets/sheet1.xml": f"<worksheet {_SPACE}>{around}<sheetData>{rows}</sheetData></worksheet>",
        "xl/sharedStrings.xml": f"<sst {_SPACE}>{texts}</sst>",
        "xl/styles.xml": f"<styleSheet {_SPACE}>{_STYLES}</styleSheet>",
    }
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as package:
        for name, part in parts.items():
            package.writestr(name, f'<?xml version="1.0" encoding="UTF-8"?>\n{part}')
    return packed.getvalue()


def cells(*written: str) -> str:
    return '<row r="2">' + "".join(f'<c r="{"BCDEF"[at]}2"{cell}</c>' for at, cell in enumerate(written)) + "</row>"


def of_the_library(data: bytes, monkeypatch: pytest.MonkeyPatch) -> list[list[object]] | str:
    """The rows, or the code of the fault, without those taken from parts."""
    with monkeypatch.context() as patch:
        patch.setattr(grids, "read_package", lambda *given: Package(read_package(*given).metadata))
        return rows_or_fault(data)


def rows_or_fault(data: bytes) -> list[list[object]] | str:
    try:
        return [list(row) for row in read_grids(data, Format.XLSX).sheets[0].rows]
    except grids.ReadError as fault:
        return fault.code


PLAIN: dict[str, tuple[str, list[object]]] = {
    "numbers": (
        cells("><v>-1.5E-3</v>", "><v>0.30000000000000004</v>", ' s="3"><v>7</v>', ' t="n"><v>1e3</v>', "><v></v>"),
        ["", -0.0015, 0.30000000000000004, 7.0, 1000.0],
    ),
    "days": (
        cells(' s="1"><v>45123</v>', ' s="1"><v></v>', ' s="4"><v>61</v>', ' s="1"><v></v>'),
        ["", dt.date(2023, 7, 16), "", dt.date(1900, 3, 1)],
    ),
    "results": (
        cells(' t="str"><v> é &amp;lt; </v>', ' t="b"><v>0</v>', ' t="str"><f>A1</f><v></v>', "><f>A1</f><v></v>"),
        ["", " é &lt; ", False, ""],
    ),
    "texts": (
        cells(' t="s"><v>0</v>', ' t="s"><v>1</v>', ' t="s"><v>2</v>', ' t="inlineStr"><is><t>a  b</t></is>'),
        ["", "one", " two ", "", "a  b"],
    ),
}
TEXTS = '<si><t>one</t></si><si><t xml:space="preserve"> two </t></si><si><t></t></si>'


@pytest.mark.parametrize("name", PLAIN)
def test_plain_values__are_those_of_the_library(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    rows, expected = PLAIN[name]
    data = workbook('<row r="1"><c r="H1" s="1"/></row>' + rows + '<row r="4"><c r="A4"><v></v></c></row>', TEXTS)
    package = read_package(data)
    assert package.sheets is not None
    assert package.sheets["One"].rows == [[""] * len(expected), expected]
    assert [*map(type, rows_or_fault(data)[1])] == [*map(type, of_the_library(data, monkeypatch)[1])]
    assert rows_or_fault(data) == of_the_library(data, monkeypatch)


def filled(*values: str) -> bytes:
    """A workbook with a row for each of some values, in different sorts of cells."""
    written = (f'<c r="A{row}"><v>{row}</v></c>{value}' for row, value in enumerate(values, 1))
    return workbook("".join(f'<row r="{row}">{cell}</row>' for row, cell in enumerate(written, 1)) + '<row r="9"/>')


def test_rows__known_and_new_ones_in_turn__have_their_own_values(monkeypatch: pytest.MonkeyPatch) -> None:
    text, own = '<c r="C{}" t="str"><v>{}</v></c>', '<c r="D{}" t="inlineStr"><is><t>{}</t></is></c>'
    for values in (
        (text.format(1, "a"), own.format(2, "b"), text.format(3, "c"), own.format(4, "d")),
        (text.format(1, "a"), own.format(2, "e"), text.format(3, "c"), own.format(4, "f") + '<c r="E4"><v>7</v></c>'),
        (text.format(1, "g"), own.format(2, "b"), text.format(3, "h"), own.format(4, "d")),
    ):
        assert read_package(filled(*values)).sheets is not None
        assert rows_or_fault(filled(*values)) == of_the_library(filled(*values), monkeypatch)


def test_row__far_to_the_right__is_not_kept_with_all_that_is_left_of_it() -> None:
    row = '<c r="XFD1"><v>{}</v></c>'
    for number in (1, 2, 2):
        package = read_package(workbook(f'<row r="1">{row.format(number)}</row>'))
        assert package.sheets is not None
        assert package.sheets["One"].rows[0][-1] == number
        kept = plain_cells._filled_in(f'<row r="1">{row.format(number)}'.encode())
        assert not kept


@pytest.mark.parametrize("state", ["", ' state="hidden"', ' state="veryHidden"'])
def test_plain_sheet__hidden__is_as_visible_as_to_the_library(state: str) -> None:
    data = workbook(cells("><v>1</v>"), state=state)
    assert read_package(data).sheets is not None
    assert read_grids(data, Format.XLSX).sheets[0].is_visible is (not state)


UNSURE = {
    "a format of days that few use": workbook(cells(' s="2"><v>45123</v>')),
    "a day that never was": workbook(cells(' s="1"><v>60</v>')),
    "a day with a time": workbook(cells(' s="1"><v>45123.5</v>')),
    "days that begin in 1904": workbook(cells(' s="1"><v>45123</v>'), settings='<workbookPr date1904="1"/>'),
    "blanks around a number": workbook(cells("><v> 1 </v>")),
    "a word for a number": workbook(cells("><v>inf</v>")),
    "blanks around a text of its own": workbook(cells(' t="inlineStr"><is><t> a </t></is>')),
    "blanks around a shared text": workbook(cells(' t="s"><v>0</v>'), "<si><t> a </t></si>"),
    "a sign in letters": workbook(cells(' t="str"><v>a_x000D_b</v>')),
    "a sign in letters in a shared text": workbook(cells(' t="s"><v>0</v>'), "<si><t>a_x000D_b</t></si>"),
    "the end of a line": workbook(cells(' t="str"><v>a\r\nb</v>')),
    "no text of that number": workbook(cells(' t="s"><v>1</v>'), "<si><t>a</t></si>"),
    "a number of a text that is none": workbook(cells(' t="s"><v>+0</v>'), "<si><t>a</t></si>"),
    "a text in pieces": workbook(cells(' t="s"><v>0</v>'), "<si><r><t>a</t></r><r><t>b</t></r></si>"),
    "a shared text with an entity": workbook(cells(' t="s"><v>0</v>'), "<si><t>&eacute;</t></si>"),
    "texts that are not closed": workbook(cells(' t="s"><v>0</v>'), "<si><t>a</t></si><si><t>b"),
    "an element without anything in it": workbook(cells(' t="str"><v/>')),
    "cells from right to left": workbook(
        '<row r="1"><c r="D1"><v>1</v></c></row><row r="2"><c r="C2" t="str"><v>a</v></c><c r="B2"><v>2</v></c></row>'
    ),
    "rows upside down": workbook('<row r="2"><c r="B2"><v>1</v></c></row><row r="1"><c r="A1"><v>2</v></c></row>'),
    "no area": workbook(cells("><v>1</v>"), around='<dimension ref="bad"/>'),
    "no merged area": workbook(
        cells("><v>1</v>") + "</sheetData><mergeCells><mergeCell ref='B2'/></mergeCells><sheetData>"
    ),
    "an unknown state": workbook(cells("><v>1</v>"), state=' state="gone"'),
    "an error": workbook(cells(' t="e"><v>#N/A</v>', "><v>1</v>")),
}


@pytest.mark.parametrize("name", UNSURE)
def test_value__that_might_be_read_in_two_ways__is_left_to_the_library(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert read_package(UNSURE[name]).sheets is None
    assert rows_or_fault(UNSURE[name]) == of_the_library(UNSURE[name], monkeypatch)


def test_questionnaire_as_sent__is_read_without_the_library(monkeypatch: pytest.MonkeyPatch) -> None:
    expected = read_grids(write(book(SOME)), Format.XLSX)
    monkeypatch.setattr(grids, "_cells", None)
    assert read_grids(write(book(SOME)), Format.XLSX) == expected
