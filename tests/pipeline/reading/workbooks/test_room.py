"""Values that themes, patterns, sizes and columns too narrow hide, and those that they do not; in every format."""

from __future__ import annotations

import struct
from collections.abc import Callable, Sequence

import pytest

from pipeline.reading.places.fitting import TooNarrow, fitted
from pipeline.reading.places.place import calculated
from pipeline.reading.values.shown import Doubtful, HiddenValue, seen
from pipeline.reading.workbooks.colours import PATTERNS, grounds_of, is_faint
from pipeline.reading.workbooks.grids import Sheet, read_grids
from pipeline.reading.workbooks.legacy_marks import restyled_on
from pipeline.reading.workbooks.metadata import Restyled, SheetMetadata
from pipeline.reading.workbooks.office.colours import Colours
from pipeline.reading.workbooks.office.sheet_parts import read_sheet_part
from pipeline.reading.workbooks.office.styles import read_styles
from pipeline.reading.workbooks.restyled import settled
from pipeline.receiving.formats import Format, sniff
from tests.pipeline.reading.workbooks.binary_workbook import binary_parts, real, record, row, sheet, text
from tests.pipeline.reading.workbooks.marks import DAY, FILES
from tests.pipeline.reading.workbooks.room import (
    BLACK_IN_WHITE,
    HIDDEN,
    NARROW,
    ROWS,
    SEEN,
    TINY,
    WHITE_ON_DARK,
    WHITE_ON_WHITE,
    room_book,
)
from tests.pipeline.reading.workbooks.small_package import Parts, packed, relations
from tests.pipeline.reading.workbooks.test_metadata import ods

BOOKS: dict[str, Callable[[], bytes]] = {
    "xlsx": room_book,
    "ods": (FILES / "room.ods").read_bytes,
    "xls": (FILES / "room.xls").read_bytes,
}


def outcome(of: Sheet, row: int, column: int = 0) -> str:
    match calculated(of, (row, column)):
        case HiddenValue():
            return HIDDEN
        case TooNarrow():
            return NARROW
        case Doubtful():
            return "doubted"
        case _:
            return SEEN


@pytest.mark.parametrize("name", BOOKS)
def test_cells__that_hide_by_colour_pattern_size_or_room__are_noticed(name: str) -> None:
    data = BOOKS[name]()
    assert sniff(data) == name
    [found] = read_grids(data, sniff(data)).sheets
    # LibreOffice makes one grey of a pattern, from which white can just be told.
    expected = [SEEN if name != "xlsx" and "pattern" in form else wanted for _, _, form, wanted in ROWS]
    assert [outcome(found, place, at) for place, (at, *_) in enumerate(ROWS)] == expected
    assert [outcome(found, place) for place in (WHITE_ON_DARK, WHITE_ON_WHITE, TINY)] == [SEEN, HIDDEN, HIDDEN]
    assert outcome(found, BLACK_IN_WHITE) == SEEN
    assert 1 in found.metadata.hidden_rows
    assert found.metadata.width(2) == 0


def _styles(*forms: tuple[int, int, int, int], dxfs: bytes = b"") -> bytes:
    """Styles of an .xlsb with plain, white and tiny fonts; each form is a font, a fill, an alignment, and a shrink bit."""
    white = bytes((5, 0, 0, 0, 255, 255, 255, 255))
    fonts = b"".join(
        record(43, struct.pack("<4H", height, 0, 400, 0) + bytes(4) + colour + text("x"))
        for height, colour in ((220, bytes(8)), (220, white), (20, bytes(8)))
    )
    black = bytes((5, 0, 0, 0, 0, 0, 0, 255))
    fills = record(45, bytes(68)) + record(45, struct.pack("<I", 17) + black + white + bytes(48))
    cells = b"".join(
        record(47, struct.pack("<5H4B2H", 0, 0, font, fill, 0, 0, 0, aligned, shrunk, 0, 0))
        for font, fill, aligned, shrunk in forms
    )
    return (
        record(278)
        + fonts
        + fills
        + record(617, struct.pack("<I", len(forms)))
        + cells
        + record(618)
        + dxfs
        + record(279)
    )


def binary(part: bytes, styles: bytes, items: Sequence[bytes] = (), more: Parts | None = None) -> Sheet:
    parts = binary_parts({"Uno": part}, items) | {"xl/styles.bin": styles} | (more or {})
    return read_grids(packed(parts), Format.XLSB).sheets[0]


def column(first: int, last: int, width: float, hidden: bool = False) -> bytes:
    return record(60, struct.pack("<4IH", first, last, int(width * 256), 0, hidden))


def test_xlsb__fonts_fills_and_room__are_looked_at() -> None:
    styles = _styles((0, 0, 0, 0), (1, 1, 0, 0), (0, 1, 0, 0), (2, 0, 0, 0), (0, 0, 4, 0), (0, 0, 0, 1))
    low = bytearray(row(6, real(0, 5)))
    low[2 + 8 : 2 + 10] = bytes(2)
    cells = [row(at, real(0, 5, at)) for at in range(5)]
    part = sheet(*cells, row(5, real(1, 1200.0), real(2, 1200.0, 5)), bytes(low))
    head = len(record(129))
    part = part[:head] + column(1, 2, 2.7) + column(3, 4, 9, hidden=True) + part[head:]
    found = binary(part, styles)
    assert found.metadata.is_seen
    assert [outcome(found, at) for at in range(5)] == [SEEN, HIDDEN, SEEN, HIDDEN, HIDDEN]
    assert [outcome(found, 5, at) for at in (1, 2)] == [NARROW, SEEN]
    assert [found.metadata.width(at) for at in (0, 4)] == [None, 0]
    assert found.metadata.hidden_rows == {6}


@pytest.mark.parametrize(
    ("kind", "content", "expected"),
    [
        (467, bytes((10, 90, 0)), HIDDEN),
        (467, bytes((10, 90, 1)), SEEN),
        (465, struct.pack("<IH", 3, 0x06), HIDDEN),
        (465, struct.pack("<IH", 3, 0x04), SEEN),
    ],
)
def test_xlsb__bars_and_icons__that_stand_in_place_of_the_number_hide_it(
    kind: int, content: bytes, expected: str
) -> None:
    rule = record(461, struct.pack("<3I4I", 1, 0, 1, 0, 0, 0, 0)) + record(463, struct.pack("<3I", 4, 4, 0xFFFFFFFF))
    found = binary(sheet(row(0, real(0, 5)), after=rule + record(kind, content)), _styles((0, 0, 0, 0)))
    assert outcome(found, 0) == expected


@pytest.mark.parametrize(("struck", "expected"), [(1, "doubted"), (0, SEEN)])
def test_xlsb__conditional_format__that_crosses_out_is_asked_about(struck: int, expected: str) -> None:
    dxf = record(507, struct.pack("<3H", 0, 0, 1) + struct.pack("<2HB", 0x1D, 5, struck))
    rule = record(461, struct.pack("<3I4I", 1, 0, 1, 0, 0, 0, 0)) + record(463, struct.pack("<3I", 1, 0, 0) + bytes(8))
    found = binary(sheet(row(0, real(0, 5)), after=rule), _styles((0, 0, 0, 0), dxfs=dxf))
    assert outcome(found, 0) == expected


def test_xlsb__empty_box_in_a_cell__is_no_answer_where_the_workbook_has_boxes() -> None:
    part = sheet(row(0, record(4, struct.pack("<IIB", 0, 0, 0)), record(4, struct.pack("<IIB", 1, 0, 1))))
    more = {
        "xl/_rels/workbook.bin.rels": relations(
            ("worksheet", "worksheets/sheet1.bin"), ("styles", "styles.bin"), ("FeaturePropertyBag", "bag.xml")
        ),
        "xl/bag.xml": b'<FeaturePropertyBags><bag type="Checkbox"/></FeaturePropertyBags>',
    }
    boxed = binary(part, _styles((0, 0, 0, 0)), more=more)
    assert [calculated(boxed, (0, at)) for at in (0, 1)] == ["", True]
    assert calculated(binary(part, _styles((0, 0, 0, 0))), (0, 0)) is False


def _later(sort: int, look: bytes, dxf: bytes = b"") -> bytes:
    """A condition of [MS-XLS] 2.4.43 with bars (4) or icons (6)."""
    head = bytes(12) + struct.pack("<2B2HI", sort, 0, 3, 0, len(dxf)) + (dxf or bytes(2)) + b"\x1e\x01\x00"
    return head + struct.pack("<H", 2) + bytes(2) + bytes(1 + 2 + 2 + 1 + 16) + look


@pytest.mark.parametrize("dxf", [b"", bytes(9)])
@pytest.mark.parametrize(
    ("sort", "look", "hides"),
    [
        (4, bytes((0, 0, 0, 0x01, 10, 90)), True),
        (4, bytes((0, 0, 0, 0x02, 10, 90)), False),
        (6, bytes((0, 0, 0, 3, 0, 0x05)), True),
        (6, bytes((0, 0, 0, 3, 0, 0x04)), False),
        (1, bytes(20), False),
    ],
)
def test_xls__bars_and_icons__that_stand_in_place_of_the_number_hide_it(
    sort: int, look: bytes, hides: bool, dxf: bytes
) -> None:
    areas = bytes(12) + struct.pack("<2H4H", 1, 0, 4, 6, 1, 2) + struct.pack("<H4H", 1, 4, 6, 1, 2)
    extended = bytes(4) + struct.pack("<4H", 4, 6, 1, 2) + bytes(6)
    expected = [Restyled((4, 1, 6, 2), hides=True, limits=())] if hides else []
    for before in ((0x879, areas), (0x87B, extended)):
        assert list(restyled_on([before, (0x87A, _later(sort, look, dxf))])) == expected


def test_theme__of_the_workbook__decides_about_colours() -> None:
    scheme = '<a:accent1><a:srgbClr val="FFFFFE"/></a:accent1><a:dk1><a:sysClr val="windowText"/></a:dk1>'
    theme = f'<a:theme xmlns:a="x"><a:clrScheme name="own">{scheme}</a:clrScheme></a:theme>'.encode()
    styles = (
        b'<styleSheet><fonts><font><color theme="4"/></font><font><color theme="1"/></font>'
        b'<font><color indexed="12"/></font><font><color indexed="22"/></font></fonts><cellXfs><xf fontId="0"/><xf fontId="1"/><xf fontId="2"/><xf fontId="3"/></cellXfs>'
        b"<colors><indexedColors>" + 13 * b'<rgbColor rgb="00FFFFFF"/>' + b"</indexedColors></colors></styleSheet>"
    )
    assert read_styles(styles, theme).faint == {"0", "2"}
    assert read_styles(styles).faint == {"2"}
    assert (Colours().themed(4, 0), Colours().themed(1, 0.5), Colours().themed(0, -0.5)) == (
        "4472C4",
        "808080",
        "808080",
    )
    assert (Colours().indexed(22), Colours().indexed(99), Colours().themed(12, 0)) == ("C0C0C0", "", "")


@pytest.mark.parametrize(
    ("ink", "pattern", "fore", "back", "faint"),
    [
        ("FFFFFF", "gray125", "000000", "FFFFFF", True), ("000000", "gray125", "000000", "FFFFFF", False),
        ("000000", "darkGray", "000000", "FFFFFF", True), ("000000", "mediumGray", "000000", "FFFFFF", False),
        ("FFFFFF", "mediumGray", "000000", "FFFFFF", False),
        ("1D3A5C", "lightUp", "1D3A5C", "1D3A5C", True), ("000000", "none", "000000", "000000", False),
    ],
)  # fmt: skip
def test_pattern__that_covers_most_of_a_cell__is_its_ground(
    ink: str, pattern: str, fore: str, back: str, faint: bool
) -> None:
    assert is_faint(ink, *grounds_of(PATTERNS[pattern], fore, back)) is faint


def test_day__in_a_column_too_narrow__is_not_seen_and_a_merged_cell_has_more_room() -> None:
    narrow = SheetMetadata(columns=((0, 0, 2.7),))
    assert isinstance(fitted(DAY, narrow, (0, 0)), TooNarrow)
    assert fitted(12.5, narrow, (0, 0)) == 12.5
    assert fitted(True, narrow, (0, 0)) is True
    assert fitted(123456.0, SheetMetadata(columns=((0, 0, 2.7),), merged=((0, 0, 0, 3),)), (0, 0)) == 123456
    assert fitted(123456.0, SheetMetadata(columns=((0, 0, 0.0),)), (0, 0)) == 123456
    assert fitted(123456.0, SheetMetadata(), (0, 0)) == 123456


WHITE, BLACK, NAVY = "FFFFFF", "000000", "1D3A5C"
INKS = {(1, 0): (WHITE, (NAVY,)), (2, 0): ("FF0000", ())}


@pytest.mark.parametrize(
    ("ink", "ground", "hidden"),
    [
        (WHITE, None, [0, 2]),
        (NAVY, None, [1]),
        (None, "FF0000", [2]),
        (None, BLACK, [0]),
        (None, NAVY, []),
        (WHITE, WHITE, [0, 1, 2]),
        (None, None, []),
        ("FF0000", WHITE, []),
    ],
)
def test_condition__that_puts_on_a_colour__hides_by_the_other_one_of_each_cell(
    ink: str | None, ground: str | None, hidden: list[int]
) -> None:
    rule = Restyled((0, 0, 2, 0), ink=ink, ground=ground, limits=((">", 1),))
    metadata = SheetMetadata(restyled=tuple(settled([rule], INKS)))
    assert [at for at in range(3) if isinstance(seen(5.0, metadata, (at, 0)), HiddenValue)] == hidden
    assert not isinstance(seen(0.0, metadata, (0, 0)), HiddenValue)


def test_condition__with_a_number_format_too__shows_it_where_it_does_not_hide() -> None:
    rule = Restyled((0, 0, 2, 0), code="0%", ink=WHITE, limits=((">", 1),))
    metadata = SheetMetadata(restyled=tuple(settled([rule], INKS)))
    assert [str(seen(5.0, metadata, (at, 0))) for at in range(3)] == ["5", "500%", "5"]
    assert isinstance(seen(5.0, metadata, (0, 0)), HiddenValue)


def test_xls__conditional_fill__hides_a_text_of_its_colour() -> None:
    area = struct.pack("<12xH4H", 1, 4, 6, 1, 2)
    for colour, expected in ((8, [Restyled((4, 1, 6, 2), hides=True)]), (9, [])):
        fill = bytes(8) + struct.pack("<I", colour << 23)
        condition = struct.pack("<BBHHIH", 1, 5, 3, 0, 1 << 29 | 1 << 28, 0) + fill
        assert list(restyled_on([(0x1B0, area), (0x1B1, condition)])) == expected


@pytest.mark.parametrize(("colour", "hides"), [("000000", True), ("F8696B", False)])
def test_scale_of_colours__that_has_the_colour_of_the_text__is_asked_about(colour: str, hides: bool) -> None:
    scale = (
        f'<colorScale><cfvo type="min"/><cfvo type="max"/><color rgb="FF63BE7B"/><color rgb="FF{colour}"/></colorScale>'
    )
    rules = f'<conditionalFormatting sqref="A1"><cfRule type="colorScale">{scale}</cfRule></conditionalFormatting>'
    found = read_sheet_part(f"<worksheet>{rules}</worksheet>".encode())
    assert isinstance(seen(5.0, found, (0, 0)), Doubtful) is hides


def test_ods__icons_scales_and_conditions__as_libreoffice_writes_them() -> None:
    def of(rules: str, cell: str = "") -> SheetMetadata:
        styles = (
            '<style:style style:family="table-cell" style:name="red"><style:text-properties fo:color="#ff0000"/>'
            '</style:style><style:style style:family="table-cell" style:name="on">'
            '<style:table-cell-properties fo:background-color="#ff0000"/></style:style>'
            '<style:style style:family="table-cell" style:name="no">'
            '<style:table-cell-properties style:cell-protect="hidden-and-protected"/></style:style>'
        )
        body = (
            f'<table:table-row><table:table-cell {cell} office:value-type="float" office:value="5"/></table:table-row>'
        )
        formats = (
            f'<calcext:conditional-format calcext:target-range-address="A.A1:A.A1">{rules}</calcext:conditional-format>'
        )
        return ods(
            f'<table:table table:name="A" table:protected="true">{body}'
            f"<calcext:conditional-formats>{formats}</calcext:conditional-formats></table:table>",
            styles,
        ).sheets["A"]

    icons = '<calcext:icon-set><calcext:formatting-entry calcext:show-value="{}"/></calcext:icon-set>'
    scale = '<calcext:color-scale><calcext:color-scale-entry calcext:color="#000000"/></calcext:color-scale>'
    rule = '<calcext:condition calcext:apply-style-name="on" calcext:value="&gt;2"/>'
    assert isinstance(seen(5.0, of(icons.format("false")), (0, 0)), HiddenValue)
    assert type(seen(5.0, of(icons.format("true")), (0, 0))) is float
    assert isinstance(seen(5.0, of(scale), (0, 0)), Doubtful)
    assert type(seen(5.0, of(rule), (0, 0))) is float
    assert isinstance(seen(5.0, of(rule, 'table:style-name="red"'), (0, 0)), HiddenValue)
    assert isinstance(seen(5.0, of("", 'table:style-name="no"'), (0, 0)), HiddenValue)
