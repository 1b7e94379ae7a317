"""Cells that are written plainly are gone through in one step, and tell the same as to the parser; all others go there."""

import pytest

from pipeline.reading.workbooks.metadata import Fit, Raised
from pipeline.reading.workbooks.office import sheet_parts
from pipeline.reading.workbooks.office.plain_cells import plain_cells
from pipeline.reading.workbooks.office.sheet_parts import Beside, Looks, read_sheet_part
from pipeline.reading.workbooks.office.styles import PutOn, Styles
from pipeline.reading.workbooks.packages import read_package
from pipeline.reading.workbooks.rich_texts import RichText
from pipeline.reading.workbooks.xml_parts import PartError
from tests.pipeline.reading.workbooks.marks import marks_book

PLAIN = (
    '<row r="1" spans="1:4" hidden="1"><c r="A1" t="s"><v>0</v></c><c r="B1"/></row>'
    '<row r="2" ht="0.5" customHeight="1" x14ac:dyDescent="0.2"><c r="A2" s="1"><v>-1.5E-3</v></c></row><row r="4"/>'
    '<row r="5" ht="15"><c r="A5" s="2" t="str"><f t="shared" ref="A5:A9" si="0">IF(B1&gt;0,"é",1)</f><v>é &amp; x</v></c>'
    '<c r="AB5" s="3" t="b"><f aca="false">TRUE()</f><v>1</v></c><c r="AC5" s="4"><v></v></c>'
    '<c r="AD5" s="5" t="inlineStr"><is><t xml:space="preserve"> a text</t></is></c>'
    '<c r="AE5" s="6" t="s"><v>1</v></c><c r="AF5"><f t="shared" si="0"/><v>7</v></c></row>'
    '<row r="6"><c r="A6"><f>HYPERLINK("http://a.org/?a&amp;b","x")</f><v>x</v></c><c r="B6" t="inlineStr"><is><t/></is></c>'
    '<c r="C6"><f>HYPERLINK("#A1","x")</f><v/></c></row><row r="7" hidden="1"/>'
)
LOOKS = Looks(
    Styles(
        struck=frozenset({"1"}),
        boxes=frozenset({"3"}),
        faint=frozenset({"4", "6"}),
        fits={"2": next(iter(Fit))},
        number_formats={"1": "0%", "5": ";;;"},
        unusual=frozenset({"4"}),
        inks={"4": ("FFFFFF", ("FFFFFF",)), "6": ("000000", ("FFFFFF",))},
    ),
    {"1": RichText(is_struck=True, raised=Raised("8", "1"), colours=frozenset({"000000"}))},
)


def part(rows: str, behind: str = "") -> bytes:
    head = '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:x14ac="urn:x">'
    return f"{head}<sheetData>{rows}</sheetData>{behind}</worksheet>".encode()


def test_plain_cells__tell_the_same_as_to_the_parser(monkeypatch: pytest.MonkeyPatch) -> None:
    sheet = part(PLAIN, '<mergeCells><mergeCell ref="A1:B2"/></mergeCells>')
    assert plain_cells(sheet) is not None
    found = read_sheet_part(sheet, LOOKS)
    monkeypatch.setattr(sheet_parts, "plain_cells", lambda _: None)
    assert found == read_sheet_part(sheet, LOOKS)
    assert found.formulas == {(4, 0), (4, 27), (4, 31), (5, 0), (5, 2)}
    assert found.links == {(5, 0): "http://a.org/?a&b"}
    assert found.hidden_rows == {0, 1, 6}
    assert found.struck == {(1, 0), (4, 30)}
    assert found.raised == {(4, 30): Raised("8", "1")}
    assert found.number_formats == {(1, 0): "0%", (4, 29): ";;;"}
    assert found.faint == {(4, 28)}
    assert found.merged == ((0, 0, 1, 1),)


BEHIND = (
    '<sheetProtection sheet="1"/><mergeCells><mergeCell ref="A1:B2"/></mergeCells>'
    '<conditionalFormatting sqref="A1"><cfRule type="cellIs" dxfId="0"><formula>1</formula></cfRule></conditionalFormatting>'
    '<dataValidations><dataValidation sqref="C1:C9 D2" xr:uid="{0A}"><formula1>1</formula1></dataValidation></dataValidations>'
    '<hyperlinks><hyperlink ref="A1" r:id="rId1"/></hyperlinks>'
)


@pytest.mark.parametrize(
    "behind", [BEHIND, BEHIND + "<x/>", BEHIND + '<a b="1"></a><mergeCells><mergeCell ref="C7"/></mergeCells>']
)
def test_what_stands_behind_the_rows__tells_the_same_as_to_the_parser(
    monkeypatch: pytest.MonkeyPatch, behind: str
) -> None:
    looks = Looks(Styles(put_on=(PutOn(hides=True),)))
    beside = Beside(addresses={"rId1": "http://a.org"})
    sheet = part(PLAIN, behind + '<pageMargins left="1"/>')
    found = read_sheet_part(sheet, looks, beside)
    monkeypatch.setattr(sheet_parts, "plain_cells", lambda _: None)
    assert found == read_sheet_part(sheet, looks, beside)
    assert (found.merged[0], found.validations, found.formats, found.is_protected) == ((0, 0, 1, 1), 1, 1, True)
    assert found.links[0, 0] == "http://a.org"


def test_what_stands_behind_the_rows__ill_formed__is_refused_all_the_same() -> None:
    with pytest.raises(PartError):
        read_sheet_part(part(PLAIN, '<mergeCells><mergeCell ref="A1:B2"></mergeCells><pageMargins/>'))


def test_workbook_full_of_formats__tells_the_same_either_way(monkeypatch: pytest.MonkeyPatch) -> None:
    data = marks_book()
    found = read_package(data).metadata
    monkeypatch.setattr(sheet_parts, "plain_cells", lambda _: None)
    assert found == read_package(data).metadata


@pytest.mark.parametrize(
    "rows",
    [
        '<row r="1"><c r="A1" t="e"><v>#N/A</v></c></row>',
        '<row r="1"><c r="A1" vm="1"><v>1</v></c></row>',
        '<row r="1"><c r="A1"><v>1</v><v>2</v></c></row>',
        '<row r="1"><c r="A1"/><c r="A1"/></row>',
        '<row r="1" r="2"><c r="A1"/></row>',
        '<row r="1" ht="1" ht="2"/>',
        '<row r="1"><c t="s" r="A1"><v>1</v></c></row>',
        '<row r="1"><c><v>1</v></c></row>',
        '<row><c r="A1"/></row>',
        '<row r="1"><c r="ABCD1"/></row>',
        '<row r="1"><c r="A1"><!-- <row> --><v>1</v></c></row>',
        '<row r="1"><c r="A1" t="str"><v>]]></v></c></row>',
        '<row r="1"><c r="A1" t="str"><v>&eacute;</v></c></row>',
        '<row r="1"><c r="A1" t="str"><v>\x01</v></c></row>',
        '<row r="1"><c r="A1" t="str"><v>\uffff</v></c></row>',
        '<row r="1"><c r="A2"><v>1</v></c></row>',
        '<row r="1"><c r="A1"><v>\x01</v></c></row>',
        '<row r="1"><c r="A1"><v>1</v>\x01</c></row>',
        '<row r="1"><c r="A1">\x01</c></row>',
        '<row r="1"><c r="A1" t="inlineStr">\x02</c></row>',
        '<row r="1"><c r="A1"/></row><row r="1"><c r="B1"/></row>',
        '<row r="1"><c r="A1"/>',
        '<row r="1"><c r="A1" t="inlineStr"><is><r><rPr><strike/></rPr><t>x</t></r></is></c></row>',
        '<row r="1"><x:c r="A1"/></row>',
        '<row r="1"><c r="A1"><v>1</v></row>',
        '<row r="1"/>text',
    ],
)
def test_anything_else__is_left_to_the_parser(rows: str) -> None:
    assert plain_cells(part(rows)) is None


def test_text_that_is_not_utf_8__is_left_to_the_parser() -> None:
    assert plain_cells(part('<row r="1"><c r="A1" t="str"><v>_</v></c></row>').replace(b"_", b"\xe9")) is None


def test_sheet_whose_plainest_style_tells_something__is_gone_through_cell_by_cell() -> None:
    looks = Looks(Styles(struck=frozenset({"0"})))
    assert read_sheet_part(part('<row r="1"><c r="B1"><v>1</v></c></row>'), looks).struck == {(0, 1)}
