"""What stands behind the cells, in every format: formulas, errors, notes, names, merges, what is hidden or protected."""

from __future__ import annotations

import io
import struct
import zipfile
from contextlib import suppress

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from pipeline.reading.workbooks import packages
from pipeline.reading.workbooks.grids import read_grids
from pipeline.reading.workbooks.legacy_sheets import read_legacy
from pipeline.reading.workbooks.metadata import Drawn, NamedCell, SheetMetadata, WorkbookMetadata
from pipeline.reading.workbooks.office.drawings import read_drawing
from pipeline.reading.workbooks.office.notes import read_notes
from pipeline.reading.workbooks.office.sheet_parts import Beside, Looks, read_sheet_part
from pipeline.reading.workbooks.office.styles import read_styles, rich_texts
from pipeline.reading.workbooks.opendocument.content import Content, read_content
from pipeline.reading.workbooks.xml_parts import PartError
from pipeline.receiving.formats import Format
from tests.pipeline.reading.workbooks.binary_workbook import record
from tests.pipeline.reading.workbooks.test_grids import DATA, repack


def test_xlsx__everything_behind_the_cells__is_reported() -> None:
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as made:
        sheet = made.add_worksheet("L'été")
        hidden = made.add_worksheet("Hidden")
        hidden.hide()
        sheet.write_formula("B2", "=1+1", None, 2)
        sheet.write_formula("B3", '=""', None, "")
        sheet.write_formula("B4", "=NA()", None, "#N/A")
        sheet.write_comment("C5", "ask Ana & José")
        sheet.merge_range("D6:E7", "both")
        sheet.set_row(8, None, None, {"hidden": True})
        sheet.data_validation("B2:B4", {"validate": "integer", "criteria": ">", "value": 0})
        sheet.conditional_format("B2:B4", {"type": "no_blanks", "format": made.add_format({"bold": True})})
        sheet.protect()
        made.define_name("one", "='L''été'!$B$2")
        made.define_name("gone", "=#REF!$B$2")
    workbook = read_grids(buffer.getvalue(), Format.XLSX)
    assert [(found.name, found.is_visible) for found in workbook.sheets] == [("L'été", True), ("Hidden", False)]
    assert workbook.sheets[0].metadata == SheetMetadata(
        errors={(3, 1): "#N/A"},
        formulas=frozenset({(1, 1), (2, 1), (3, 1)}),
        notes={(4, 2): "ask Ana & José"},
        merged=((5, 3, 6, 4),),
        hidden_rows=frozenset({8}),
        validations=1,
        validated=((1, 1, 3, 1),),
        formats=1,
        is_protected=True,
    )
    assert workbook.metadata.names == {"one": NamedCell("L'été", (1, 1)), "gone": None}
    assert (workbook.metadata.is_complete, workbook.metadata.has_macros, workbook.metadata.external_links) == (
        True,
        False,
        0,
    )


def test_xlsx__macros_and_links_to_other_files__are_counted() -> None:
    link = (
        b'<Relationship Id="rId99" Target="externalLinks/externalLink1.xml"'
        b' Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/externalLink"/></Relationships>'
    )

    def linked(name: str, content: bytes) -> bytes:
        return content.replace(b"</Relationships>", link) if name == "xl/_rels/workbook.xml.rels" else content

    added = {"xl/vbaProject.bin": b"x", "xl/externalLinks/externalLink1.xml": b"<x/>"}
    metadata = read_grids(repack(linked, DATA, added), Format.XLSX).metadata
    assert (metadata.has_macros, metadata.external_links) == (True, 1)


def test_xlsx__validation_that_looks_at_another_sheet__is_found_in_its_extension() -> None:
    part = (
        b'<worksheet><ext><x14:dataValidations><x14:dataValidation type="list"><x14:formula1><xm:f>L!$A$1</xm:f>'
        b"</x14:formula1><xm:sqref>D5 D7:D9</xm:sqref></x14:dataValidation></x14:dataValidations></ext></worksheet>"
    )
    assert read_sheet_part(part).validated == ((4, 3, 4, 3), (6, 3, 8, 3))


STYLES = (
    b'<styleSheet><fonts count="3"><font/><font><strike val="0"/></font><font><strike/><sz val="1"/></font></fonts>'
    b'<cellStyleXfs><xf fontId="2"/></cellStyleXfs><cellXfs><xf numFmtId="0" fontId="0"/><xf numFmtId="0" fontId="1"/>'
    b'<xf numFmtId="0" fontId="2"><alignment/></xf></cellXfs></styleSheet>'
)
TEXTS = (
    b"<sst><si><t>plain</t></si><si><r><rPr><strike/><sz/></rPr><t>12</t></r><r><t>15</t></r></si>"
    b'<si><r><rPr><strike val="false"/></rPr><t>x</t></r></si></sst>'
)


def test_xlsx__cells_crossed_out__as_a_whole_or_in_part__are_reported() -> None:
    cells = (
        '<c r="B1" s="0" t="s"><v>0</v></c><c r="C1" s="1"><v>5</v></c><c r="D1" s="2"><v>5</v></c>'
        '<c r="E1" s="0" t="s"><v>1</v></c><c r="F1" t="s"><v>2</v></c><c r="G1" t="n"><v>1</v></c>'
    )
    part = f'<worksheet><sheetData><row r="1">{cells}</row></sheetData></worksheet>'.encode()
    assert read_sheet_part(part, Looks(read_styles(STYLES), rich_texts(TEXTS))).struck == {(0, 3), (0, 4)}
    assert read_sheet_part(part).struck == frozenset()


def test_xlsx__boxes_pictures_and_embedded_files__are_reported_with_their_place() -> None:
    corner = "<xdr:from><xdr:col>3</xdr:col><xdr:colOff>0</xdr:colOff><xdr:row>8</xdr:row></xdr:from>"
    paragraphs = "<a:p><a:r><a:t>12 &amp; </a:t></a:r><a:r><a:t>more</a:t></a:r></a:p><a:p/><a:p><a:t>see</a:t></a:p>"
    drawing = (
        f"<xdr:wsDr><xdr:twoCellAnchor>{corner}<xdr:sp><xdr:txBody>{paragraphs}</xdr:txBody></xdr:sp></xdr:twoCellAnchor>"
        f"<xdr:oneCellAnchor>{corner}<xdr:pic/></xdr:oneCellAnchor></xdr:wsDr>"
    )
    drawn = tuple(read_drawing(drawing.encode()))
    assert drawn == (Drawn((8, 3), "12 & more\nsee"), Drawn((8, 3)))
    part = b"<worksheet><sheetData></sheetData><oleObjects><oleObject progId='Word'/></oleObjects></worksheet>"
    assert read_sheet_part(part, beside=Beside(drawn=drawn)).drawn == (*drawn, Drawn(None))


NAMESPACES = " ".join(
    f'xmlns:{prefix}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for prefix, name in (
        ("office", "office"), ("table", "table"), ("text", "text"), ("style", "style"), ("draw", "drawing"),
        ("fo", "xsl-fo-compatible"), ("number", "datastyle"),
    )
)  # fmt: skip


def document(content: str, styles: str = "") -> bytes:
    """The content of an .ods file, with what every one declares first."""
    more = 'xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0" xmlns:dc="dc"'
    return (
        f"<office:document-content {NAMESPACES} {more}><office:automatic-styles>{styles}</office:automatic-styles>"
        f"{content}</office:document-content>"
    ).encode()


def ods(content: str, styles: str = "") -> Content:
    return read_content(document(content, styles))


def test_ods__cells_crossed_out_and_boxes__are_reported() -> None:
    style = '<style:style style:family="{}" style:name="{}"><style:text-properties style:text-line-through-style="{}"/></style:style>'
    styles = (
        style.format("table-cell", "ce1", "solid")
        + style.format("text", "T1", "solid")
        + style.format("table-cell", "ce2", "none")
    )
    sheet = (
        '<table:table table:name="A"><table:shapes><draw:rect><text:p>over</text:p></draw:rect></table:shapes>'
        '<table:table-row><table:table-cell office:value-type="string" table:style-name="ce2"><text:p>1</text:p></table:table-cell>'
        '<table:table-cell office:value-type="string" table:style-name="ce1" table:number-columns-repeated="2"><text:p>2</text:p></table:table-cell>'
        '<table:table-cell><text:p>1<text:span text:style-name="T1">2</text:span></text:p></table:table-cell>'
        "<table:table-cell><draw:frame><draw:image/></draw:frame></table:table-cell>"
        "</table:table-row></table:table>"
    )
    metadata = ods(sheet, styles).sheets["A"]
    assert metadata.struck == {(0, 1), (0, 2), (0, 3)}
    assert metadata.drawn == (Drawn(None, "over"), Drawn((0, 4)))


def test_ods__a_row_crossed_out_whole__is_reported_where_something_stands() -> None:
    style = '<style:style style:family="table-cell" style:name="ce1"><style:text-properties style:text-line-through-style="solid"/></style:style>'
    sheet = (
        '<table:table table:name="A"><table:table-row>'
        '<table:table-cell table:style-name="ce1" office:value-type="float" office:value="2"><office:annotation><text:p>why</text:p></office:annotation>'
        "<text:p>2</text:p></table:table-cell>"
        '<table:table-cell table:style-name="ce1" table:number-columns-repeated="16383"/>'
        "</table:table-row></table:table>"
    )
    assert ods(sheet, style).sheets["A"].struck == {(0, 0)}


def test_notes__a_conversation__stands_once() -> None:
    old = '<comments><comment ref="B2"><text><t>[Threaded comment] Which year?</t></text></comment></comments>'
    new = (
        '<ThreadedComments><threadedComment ref="B2" id="1"><text>Which year?</text></threadedComment>'
        '<threadedComment ref="B2" id="2" parentId="1"><text>2024 &amp; 2025</text></threadedComment></ThreadedComments>'
    )
    assert read_notes(new.encode()) == {(1, 1): "Which year?\n2024 & 2025"}
    assert read_notes(old.encode()) == {(1, 1): "[Threaded comment] Which year?"}


CONTENT = """
<table:table table:name="A &amp; B" table:protected="true">
<table:table-row table:number-rows-repeated="3" table:visibility="collapse"><table:table-cell/></table:table-row>
<table:table-row><table:table-cell table:number-columns-repeated="2" table:content-validation-name="v1"/>
<table:table-cell table:formula="of:=1/0" office:value-type="string" calcext:value-type="error"><text:p>#DIV/0!</text:p></table:table-cell>
<table:table-cell table:formula="of:=2" office:value-type="float" office:value="2"><office:annotation><dc:date>2026</dc:date><text:p>Ask <text:span>Ana</text:span></text:p><text:p>today</text:p></office:annotation><text:p>2</text:p></table:table-cell>
<table:table-cell table:number-rows-spanned="2" table:number-columns-spanned="1"/></table:table-row>
<table:table-row><table:table-cell table:number-columns-repeated="4"/><table:covered-table-cell/>
<table:table-cell table:formula="of:=&quot;&quot;" office:value-type="string" office:string-value=""/></table:table-row>
<calcext:conditional-formats><calcext:conditional-format calcext:target-range-address="A.A1"></calcext:conditional-format></calcext:conditional-formats>
</table:table>
<table:table table:name="Empty"/>
<table:named-expressions><table:named-range table:name="one" table:cell-range-address="$'A &amp; B'.$C$4"/>
<table:named-range table:name="gone" table:cell-range-address="$#REF!.$C$4"/></table:named-expressions>
"""


def test_ods__everything_behind_the_cells__is_reported_at_its_true_place() -> None:
    content = ods(CONTENT)
    assert content.sheets["A & B"] == SheetMetadata(
        errors={(3, 2): "#DIV/0!"},
        formulas=frozenset({(3, 2), (3, 3), (4, 5)}),
        notes={(3, 3): "Ask Ana\ntoday"},
        merged=((3, 4, 4, 4),),
        hidden_rows=frozenset({0, 1, 2}),
        validations=1,
        validated=((3, 0, 3, 1),),
        formats=1,
        is_protected=True,
    )
    assert content.names == {"one": NamedCell("A & B", (3, 2)), "gone": None}
    assert content.links == 0


def test_ods__rows_repeated_without_end__cost_nothing() -> None:
    sheet = ods(CONTENT.replace('rows-repeated="3"', 'rows-repeated="9999999"')).sheets["A & B"]
    assert len(sheet.hidden_rows) == 200_000
    assert list(sheet.errors) == [(9_999_999, 2)]


def test_days__counted_from_1904__are_reported_by_ods_and_xlsb_too() -> None:
    settings = (
        '<table:calculation-settings><table:null-date table:date-value="1904-01-01"/></table:calculation-settings>'
    )
    for content, expected in ((settings + CONTENT, True), (CONTENT, False)):
        assert facts_of_package({"content.xml": document(content)}).date_1904 is expected
    for flags, expected in ((0b1, True), (0b10, False)):
        workbook = record(131, b"") + record(153, struct.pack("<II", flags, 0)) + record(132, b"")
        assert facts_of_package({"xl/workbook.bin": workbook}).date_1904 is expected


def facts_of_package(parts: dict[str, bytes]) -> WorkbookMetadata:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return packages.read_package(buffer.getvalue()).metadata


@given(st.lists(st.sampled_from(CONTENT.split("\n")) | st.text(max_size=20), max_size=12))
def test_ods__any_order_of_its_lines__is_read_or_not_understood(lines: list[str]) -> None:
    with suppress(PartError):
        read_content(document("\n".join(lines)))


@pytest.mark.parametrize("content", [b"", b"\xd0\xcf\x11\xe0", DATA])
def test_xls__what_xlrd_does_not_read__reports_nothing_and_costs_nothing(content: bytes) -> None:
    metadata, numbers = read_legacy(content)
    assert (metadata.is_complete, numbers) == (False, {})


def test_second_look_that_fails__leaves_the_cells_and_says_that_it_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    def stumble(*_: object) -> SheetMetadata:
        raise RecursionError

    monkeypatch.setattr(packages, "look_at_sheet", stumble)
    workbook = read_grids(DATA, Format.XLSX)
    assert workbook.sheets[0].rows[1][2] == "x"
    assert [sheet.metadata.is_seen for sheet in workbook.sheets] == [False, False]
    assert workbook.metadata.program == "Microsoft Excel"
