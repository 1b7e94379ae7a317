"""Formats within texts, number formats, links and boxes: reported alike in every format that can carry them."""

from __future__ import annotations

import io
import struct
from collections.abc import Callable
from pathlib import Path

import pytest
import xlsxwriter

from pipeline.reading.places.place import calculated
from pipeline.reading.values.cell_texts import cell_text
from pipeline.reading.values.parsed import Context, Parsed
from pipeline.reading.values.parsing import parse
from pipeline.reading.values.shown import Footnoted, HiddenValue, InCellPicture, Linked, seen
from pipeline.reading.workbooks import legacy_marks
from pipeline.reading.workbooks.grids import CellValue, ErrorText, Sheet, StruckOut, read_grids
from pipeline.reading.workbooks.metadata import Checkbox, Drawn, Raised, SheetMetadata
from pipeline.reading.workbooks.xml_parts import PartError, tree
from pipeline.receiving.formats import Format, sniff
from questionnaire.declaration.answer_types import Money, Number, ScalarType, WholeNumber
from tests.given import mini
from tests.pipeline.reading.workbooks import binary_workbook as binary
from tests.pipeline.reading.workbooks.marks import DAY, FILES, SHOWN, marks_book, new_book
from tests.pipeline.reading.workbooks.small_package import Parts, packed, relations, small_parts
from tests.pipeline.reading.workbooks.test_metadata import ods

BOOKS: dict[str, Callable[[], bytes]] = {
    "xlsx": marks_book,
    "ods": (FILES / "marks.ods").read_bytes,
    "xls": (FILES / "marks.xls").read_bytes,
}


@pytest.fixture(scope="module", params=BOOKS)
def sheet(request: pytest.FixtureRequest) -> Sheet:
    data = BOOKS[request.param]()
    assert sniff(data) == request.param
    return read_grids(data, sniff(data)).sheets[0]


def test_number_formats__in_every_format__show_the_same(sheet: Sheet) -> None:
    seen = [calculated(sheet, (row, 1)) for row in range(len(SHOWN))]
    reported = [cell.code if isinstance(cell, ErrorText) else cell_text(cell) for cell in seen]
    assert reported == [cell_text(value) if text is None else text for value, _, text in SHOWN]


def test_date__in_a_count_or_amount__is_an_error_in_every_format(sheet: Sheet) -> None:
    places = [row for row, (value, code, _) in enumerate(SHOWN) if value == DAY and code != "yyyy"]
    assert len(places) == 2
    for row in places:
        for scalar in (WholeNumber(), Money(), Number()):
            assert [fault.code for fault in of(scalar, calculated(sheet, (row, 1))).faults] == ["date_in_number"]


def test_date__in_a_count_of_xlsb__is_an_error() -> None:
    rows = binary.row(0, binary.real(0, 46115, binary.OWN))
    book = packed(binary.binary_parts({"Uno": binary.sheet(rows)}, own_format="d-mmm"))
    [found] = read_grids(book, Format.XLSB).sheets
    parsed = of(WholeNumber(), calculated(found, (0, 0)))
    assert (parsed.number, parsed.raw, [fault.code for fault in parsed.faults]) == (None, "3-Apr", ["date_in_number"])


def of(scalar: ScalarType, value: CellValue) -> Parsed:
    return parse(scalar, value, "", Context(mini().missing))


def test_formats_within_texts__in_every_format__are_reported(sheet: Sheet) -> None:
    assert sheet.metadata.struck == {(1, 0), (3, 0)}
    assert sheet.metadata.raised == {(2, 0): Raised("8", "1"), (4, 0): Raised("HO", "2", is_lowered=True)}
    struck, footnoted = calculated(sheet, (1, 0)), calculated(sheet, (2, 0))
    assert isinstance(struck, StruckOut)
    assert isinstance(footnoted, Footnoted)
    assert (footnoted, footnoted.plain, footnoted.mark) == ("8¹", "8", "1")
    assert calculated(sheet, (4, 0)) == "H2O"


def test_text__of_which_a_piece_has_the_colour_of_its_ground__is_hidden() -> None:
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        white, red = book.add_format({"font_color": "#FFFFFF"}), book.add_format({"font_color": "#FF0000"})
        sheet = book.add_worksheet("Uno")
        sheet.write_rich_string("A1", white, "1", "5")
        sheet.write_rich_string("A2", red, "1", "5")
    [found] = read_grids(buffer.getvalue(), Format.XLSX).sheets
    assert [of(WholeNumber(), calculated(found, (row, 0))).number for row in range(2)] == [None, 15]
    styles = (
        '<style:style style:family="text" style:name="T1"><style:text-properties fo:color="#ffffff"/></style:style>'
    )
    cell = '<table:table-cell office:value-type="string"><text:p><text:span text:style-name="T1">1</text:span>5</text:p></table:table-cell>'
    row = f'<table:table table:name="A"><table:table-row>{cell}</table:table-row></table:table>'
    assert ods(row, styles).sheets["A"].faint == {(0, 0)}


def test_value__under_a_merged_area__is_hidden_and_the_first_one_is_not() -> None:
    metadata = SheetMetadata(merged=((0, 0, 1, 1),))
    shown_values = [seen(5.0, metadata, at) for at in ((0, 0), (0, 1), (1, 0), (1, 1), (2, 0))]
    assert [isinstance(value, HiddenValue) for value in shown_values] == [False, True, True, True, False]
    assert seen("", metadata, (0, 1)) == ""


def test_links_comments_and_errors__in_every_format__are_reported(sheet: Sheet) -> None:
    assert sheet.metadata.links == {(0, 2): "https://example.org/law?id=1", (3, 2): "https://example.org/2"}
    assert (sheet.metadata.notes, sheet.metadata.errors) == ({(2, 2): "ask Ana"}, {(1, 2): "#N/A"})
    link = calculated(sheet, (0, 2))
    assert isinstance(link, Linked)
    assert (link, link.address) == ("Law 1", "https://example.org/law?id=1")


def test_boxes_and_pictures__in_cells__are_reported() -> None:
    [found] = read_grids(new_book(), Format.XLSX).sheets
    assert [calculated(found, (row, 0)) for row in range(3)] == [True, "", False]
    assert isinstance(calculated(found, (3, 0)), InCellPicture)
    assert found.metadata.boxes == {(0, 0), (1, 0)}
    assert found.metadata.pictures == {(3, 0)}


def test_picture__that_a_formula_of_one_program_places__is_no_text() -> None:
    made = Sheet("S", [['=DISPIMG("ID_1",1)', '=_xlfn.IMAGE("https://x")', "image"]])
    seen = [calculated(made, (0, column)) for column in range(3)]
    assert [isinstance(cell, InCellPicture) for cell in seen] == [True, True, False]


# --- controls -----------------------------------------------------------------------------------------------

SHAPE = (
    '<v:shape><v:textbox><div>{text}<br></div></v:textbox><x:ClientData ObjectType="{sort}">'
    "<x:Anchor>3, 5, {row}, 1, 4, 60, 46, 15</x:Anchor>{more}</x:ClientData></v:shape>"
)
BOX = "<xdr:twoCellAnchor><xdr:from><xdr:col>0</xdr:col><xdr:row>0</xdr:row></xdr:from><xdr:sp>{name}<a:p><a:r><a:t>{text}</a:t></a:r></a:p></xdr:sp></xdr:twoCellAnchor>"
CONTROL = '<formControlPr objectType="{}" {}/>'


def with_controls(shapes: str, drawing: str = "", properties: tuple[str, ...] = ()) -> Parts:
    parts = small_parts()
    vml = f'<xml xmlns:v="urn:v" xmlns:x="urn:x">{shapes}</xml>'
    parts["xl/v.vml"] = vml.encode()
    parts["xl/d.xml"] = f'<xdr:wsDr xmlns:xdr="urn:xdr" xmlns:a="urn:a">{drawing}</xdr:wsDr>'.encode()
    parts |= {f"xl/ctrlProps/{n}.xml": part.encode() for n, part in enumerate(properties)}
    targets = [("vmlDrawing", "../v.vml"), ("drawing", "../d.xml")]
    targets += [("ctrlProp", f"../ctrlProps/{n}.xml") for n, _ in enumerate(properties)]
    return parts | {"xl/worksheets/_rels/sheet1.xml.rels": relations(*targets)}


def test_controls__of_office__are_reported_with_their_state_and_cells() -> None:
    ticked, linked = "<x:Checked>1</x:Checked>", "<x:FmlaLink>$D$12</x:FmlaLink>"
    shapes = (
        SHAPE.format(sort="Note", row=1, text="a comment", more="")
        + SHAPE.format(sort="Checkbox", row=45, text="Yes", more=ticked)
        + SHAPE.format(sort="Checkbox", row=46, text="No", more=linked)
        + SHAPE.format(sort="Checkbox", row=47, text="", more=ticked + "<x:FmlaLink>Other!$D$13</x:FmlaLink>")
        + SHAPE.format(sort="Button", row=47, text="Send", more="")
    )
    hidden = BOX.format(name='<xdr:nvSpPr><xdr:cNvPr id="1" hidden="1"/></xdr:nvSpPr>', text="drawn again")
    drawing = hidden + BOX.format(name="", text="Yes") + BOX.format(name="", text="mine")
    [found] = read_grids(packed(with_controls(shapes, drawing)), Format.XLSX).sheets
    assert found.metadata.checkboxes == (
        Checkbox((45, 3), True, None, "Yes"),
        Checkbox((46, 3), False, (11, 3), "No"),
        Checkbox((47, 3), True),
    )
    assert found.metadata.drawn == (Drawn((0, 0), "mine"), Drawn((47, 3), "Send"))


def test_xls__boxes_and_pictures__lie_over_the_cell_of_their_corner() -> None:
    def shape(row: int, column: int) -> tuple[int, bytes]:
        place = struct.pack("<9H", 2, column, 512, row, 128, column + 1, 0, row + 1, 0)
        return 0xEC, struct.pack("<2HI", 0, 0xF010, len(place)) + place + struct.pack("<2HI", 0, 0xF011, 0)

    def thing(sort: int, more: bytes = b"") -> tuple[int, bytes]:
        return 0x5D, struct.pack("<5H", 0x15, 18, sort, 1, 0) + bytes(12) + more

    ticked, text_box = struct.pack("<2H", 0x12, 12) + struct.pack("<H", 1) + bytes(10), (0xEC, bytes(8))
    words = [text_box, (0x1B6, bytes(18)), (0x3C, b"\0Yes")]
    records = [shape(20, 3), thing(0x0B, ticked), *words, shape(7, 3), thing(0x08), shape(9, 5), thing(0x06), *words]
    assert list(legacy_marks.drawn_over([*records, thing(0x08)])) == [
        Checkbox((20, 3), True, None, "Yes"), Drawn((7, 3)), Drawn((9, 5), "Yes"), Drawn(None),
    ]  # fmt: skip


def test_controls__saved_by_libreoffice__have_their_state_in_their_properties() -> None:
    shapes = "".join(SHAPE.format(sort="Checkbox", row=row, text="x", more="") for row in (45, 46))
    properties = (
        CONTROL.format("Button", ""),
        CONTROL.format("CheckBox", ""),
        CONTROL.format("CheckBox", 'checked="Checked"'),
    )
    [found] = read_grids(packed(with_controls(shapes, properties=properties)), Format.XLSX).sheets
    assert [box.is_ticked for box in found.metadata.checkboxes] == [False, True]


def test_controls__that_are_not_understood__leave_the_sheet_unseen_and_comments_alone_do_not() -> None:
    for sort, is_seen in (("Checkbox", False), ("Note", True)):
        shapes = SHAPE.format(sort=sort, row=1, text="<p>", more="")
        [found] = read_grids(packed(with_controls(shapes)), Format.XLSX).sheets
        assert found.metadata.is_seen is is_seen


def test_ods__boxes_to_tick_and_raised_text__are_reported() -> None:
    style = '<style:style style:family="text" style:name="{}"><style:text-properties style:text-position="{}"/></style:style>'
    styles = style.format("T1", "super 58%") + style.format("T2", "33% 58%") + style.format("T3", "sub 58%")
    cell = '<table:table-cell office:value-type="string"><text:p>8<text:span text:style-name="{}">1</text:span></text:p></table:table-cell>'
    forms = (
        '<office:forms><form:form xmlns:form="urn:form">'
        '<form:checkbox form:id="c1" form:label="Yes" form:state="checked" form:linked-cell="A.D12"/>'
        '<form:checkbox form:id="c2" form:current-state="unchecked" form:state="checked" form:linked-cell="B.D12"/>'
        "</form:form></office:forms>"
    )
    sheet = (
        f'<table:table table:name="A">{forms}<table:shapes><draw:control draw:control="c2"/></table:shapes>'
        f"<table:table-row>{''.join(map(cell.format, ('T1', 'T2', 'T3')))}"
        '<table:table-cell><draw:control draw:control="c1"/></table:table-cell></table:table-row></table:table>'
    )
    metadata = ods(sheet, styles).sheets["A"]
    assert metadata.raised == {
        (0, 0): Raised("8", "1"),
        (0, 1): Raised("8", "1"),
        (0, 2): Raised("8", "1", is_lowered=True),
    }
    assert cell_text(seen("81", metadata, (0, 2))) == "8₁"
    assert metadata.checkboxes == (Checkbox(None, False), Checkbox((0, 3), True, (11, 3), "Yes"))


def test_ods__number_formats__of_columns_rows_and_values_count_where_a_cell_has_none() -> None:
    styles = (
        '<number:percentage-style style:name="N1"><number:number number:decimal-places="0"/><number:text>%</number:text>'
        "</number:percentage-style>"
        '<number:number-style style:name="N2"><number:number number:decimal-places="0"/><number:text>%</number:text>'
        "</number:number-style>"
        '<style:style style:family="table-cell" style:name="ce1" style:data-style-name="N1"/>'
        '<style:style style:family="table-cell" style:name="ce2" style:data-style-name="N2"/>'
        '<style:style style:family="table-cell" style:name="ce3" style:parent-style-name="ce2"/>'
    )
    cell = '<table:table-cell office:value-type="{}" office:value="1" {}/>'
    plain, own = cell.format("float", ""), cell.format("float", 'table:style-name="ce3"')
    money = cell.format("currency", 'office:currency="EUR"')
    sheet = (
        '<table:table table:name="A"><table:table-column table:number-columns-repeated="2"/>'
        f'<table:table-column table:default-cell-style-name="ce1"/><table:table-row>{plain}{own}{plain}</table:table-row>'
        f'<table:table-row table:default-cell-style-name="ce2">{plain}</table:table-row>'
        f"<table:table-row>{money}{cell.format('percentage', '')}</table:table-row></table:table>"
    )
    assert ods(sheet, styles).sheets["A"].number_formats == {
        (0, 1): '0"%"', (0, 2): "0%", (1, 0): '0"%"', (2, 0): "General [$EUR]", (2, 1): "0%",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("places", "code"),
    [("2", '0"."00'), ("3", '0"."000'), ("0", '0"."'), ("x", '0"."'), ("999999999", '0"."'), ("1 3", '0"."00"."0')],
)
def test_ods__text_between_the_digits_of_a_format__stands_at_its_place(places: str, code: str) -> None:
    texts = "".join(
        f'<number:embedded-text number:position="{place}">.</number:embedded-text>' for place in places.split()
    )
    styles = (
        f'<number:number-style style:name="N1"><number:number number:decimal-places="0">{texts}</number:number>'
        '</number:number-style><style:style style:family="table-cell" style:name="ce1" style:data-style-name="N1"/>'
    )
    cell = '<table:table-cell office:value-type="float" office:value="1" table:style-name="ce1"/>'
    row = f'<table:table table:name="A"><table:table-row>{cell}</table:table-row></table:table>'
    assert ods(row, styles).sheets["A"].number_formats == {(0, 0): code}


@pytest.mark.parametrize(
    ("format_", "code"),
    [
        ('<number:currency-symbol/><number:number number:decimal-places="0"/>', "[$R$]0"),
        ('<number:currency-symbol>€</number:currency-symbol><number:number number:decimal-places="0"/>', "[$€]0"),
        ('<style:text-properties fo:color="#FFFFFF"/><number:number/>', "[White]General"),
        ('<style:text-properties fo:color="#ff0000"/><number:number/>', "[Red]General"),
        (
            '<number:number number:decimal-places="2" number:min-decimal-places="1" number:min-integer-digits="0"/>',
            "#.0#",
        ),
    ],
)
def test_ods__currency_colour_and_digits_of_a_format__are_those_that_are_shown(format_: str, code: str) -> None:
    styles = (
        f'<number:currency-style style:name="N1">{format_}</number:currency-style>'
        '<style:style style:family="table-cell" style:name="ce1" style:data-style-name="N1"/>'
    )
    cell = '<table:table-cell office:value-type="currency" table:style-name="ce1"><text:p>R$ 1.200,00</text:p></table:table-cell>'
    row = f'<table:table table:name="A"><table:table-row>{cell}</table:table-row></table:table>'
    assert ods(row, styles).sheets["A"].number_formats == {(0, 0): code}


def test_ods__currency_without_a_sign_anywhere__is_one_that_nobody_knows() -> None:
    cell = '<table:table-cell office:value-type="currency"><text:p>1200</text:p></table:table-cell>'
    row = f'<table:table table:name="A"><table:table-row>{cell}</table:table-row></table:table>'
    assert ods(row, "").sheets["A"].number_formats == {(0, 0): "General [$¤]"}


def test_ods__more_cells_than_are_kept__are_not_seen() -> None:
    row = '<table:table-row table:number-rows-repeated="{}"><table:table-cell table:formula="of:=1" office:value-type="float"/></table:table-row>'
    for times, is_seen in ((1_000, True), (300_000, False)):
        assert ods(f'<table:table table:name="A">{row.format(times)}</table:table>').sheets["A"].is_seen is is_seen


def test_part__that_declares_a_document_type__is_not_understood() -> None:
    with pytest.raises(PartError, match="declares the document type x"):
        tree(b"<!DOCTYPE x [<!ENTITY a 'b'>]><x>&a;</x>")


def test_files__committed__are_small() -> None:
    assert sum(path.stat().st_size for path in Path(FILES).iterdir()) < 60_000
