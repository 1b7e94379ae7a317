"""Values that looks hide: colours, conditional formats, bars in their place, a sheet without zeros; in every format."""

from __future__ import annotations

import struct
from collections.abc import Callable

import pytest

from pipeline.reading.places.place import calculated
from pipeline.reading.values.cell_texts import cell_text
from pipeline.reading.values.parsed import Context
from pipeline.reading.values.parsing import parse
from pipeline.reading.values.shown import Doubtful, DoubtfulDay, HiddenValue, InCellPicture, seen
from pipeline.reading.workbooks.colours import is_faint
from pipeline.reading.workbooks.grids import ErrorText, Sheet, read_grids
from pipeline.reading.workbooks.legacy_marks import restyled_on
from pipeline.reading.workbooks.metadata import Restyled, SheetMetadata
from pipeline.reading.workbooks.office.styles import read_styles
from pipeline.receiving.formats import Format, sniff
from questionnaire.declaration.answer_types import Date, Text, WholeNumber
from tests.given import mini
from tests.pipeline.reading.workbooks.binary_workbook import binary_parts, error, real, record, row, sheet, text
from tests.pipeline.reading.workbooks.looks import DOUBTED, HIDDEN, ROWS, SEEN, looks_book
from tests.pipeline.reading.workbooks.marks import DAY, FILES
from tests.pipeline.reading.workbooks.small_package import packed
from tests.pipeline.reading.workbooks.test_metadata import ods

BOOKS: dict[str, Callable[[], bytes]] = {
    "xlsx": looks_book,
    "ods": (FILES / "looks.ods").read_bytes,
    "xls": (FILES / "looks.xls").read_bytes,
}
CONTEXT = Context(mini().missing)


def outcome(of: Sheet, place: int) -> str:
    match calculated(of, (place, 0)):
        case HiddenValue():
            return HIDDEN
        case Doubtful():
            return DOUBTED
        case _:
            return SEEN


@pytest.mark.parametrize("name", BOOKS)
def test_looks__that_hide_a_value_or_may__are_noticed(name: str) -> None:
    data = BOOKS[name]()
    assert sniff(data) == name
    found = read_grids(data, sniff(data)).sheets[0]
    outcomes = [outcome(found, place) for place in range(len(ROWS))]
    expected = [wanted for _, _, _, wanted in ROWS]
    if name == "xls":
        # When a condition holds is a formula of its own sort, and colours and bars of conditions are not kept there.
        differing = [(wanted, got) for wanted, got in zip(expected, outcomes, strict=True) if wanted != got]
        assert {got for _, got in differing} <= {DOUBTED, SEEN}
        assert outcomes[:7] == expected[:7]
    else:
        assert outcomes == expected


@pytest.mark.parametrize(
    ("ink", "ground", "faint"),
    [
        ("", "", False), ("FFFFFF", "", True), ("FFFFFF", "FFF8DF", True), ("FFFFFF", "1D3A5C", False),
        ("000000", "000000", True), ("", "000000", True), ("999999", "", False), ("F2F2F2", "", True),
        ("theme 4 0.400", "theme 4 0.400", True), ("theme 4 0.400", "", False), ("8A2A06", "FCE5D8", False),
    ],
)  # fmt: skip
def test_colours__of_text_and_ground__are_told_apart_or_not(ink: str, ground: str, faint: bool) -> None:
    assert is_faint(ink, ground) is faint


def test_value__under_a_condition_that_cannot_be_judged__is_read_and_asked_about() -> None:
    metadata = SheetMetadata(restyled=(Restyled((0, 0, 9, 9), ";;;"),))
    for scalar, value in ((WholeNumber(), 5.0), (Text(), "x"), (Date(), DAY)):
        parsed = parse(scalar, seen(value, metadata, (3, 3)), "", CONTEXT)
        assert parsed.value == value
        assert [(fault.code, fault.severity) for fault in parsed.faults] == [("may_show_otherwise", "warning")]
        assert not isinstance(seen(value, metadata, (10, 3)), Doubtful)
    assert isinstance(seen(DAY, metadata, (0, 0)), DoubtfulDay)
    fault = ErrorText("#N/A")
    assert seen(fault, metadata, (0, 0)) is fault


def test_value__under_a_format_that_shows_the_same__is_not_asked_about() -> None:
    metadata = SheetMetadata(
        restyled=(Restyled((0, 0, 0, 0), "#,##0"), Restyled((0, 0, 0, 0), "0%", limits=((">", 9),)))
    )
    assert type(seen(5.0, metadata, (0, 0))) is float
    assert seen(10.0, metadata, (0, 0)) == "1000%"
    assert cell_text(seen(0.0, SheetMetadata(hides_zeros=True), (0, 0))) == "0"


def test_xlsb__white_on_white_no_zeros_and_conditions__are_noticed() -> None:
    fonts = record(
        43, struct.pack("<4H", 220, 0, 400, 0) + bytes(4) + bytes((5, 0, 0, 0, 255, 255, 255, 255)) + text("x")
    )
    plain = record(43, struct.pack("<4H", 220, 0, 400, 0) + bytes(12) + text("x"))
    dark = record(45, struct.pack("<I", 1) + bytes((5, 0, 0, 0, 0x1D, 0x3A, 0x5C, 255)) + bytes(8) + bytes(48))
    forms = b"".join(
        record(47, struct.pack("<5H", 0, 0, font, fill, 0) + bytes(6)) for font, fill in ((0, 0), (1, 0), (1, 1))
    )
    put_on = record(507, struct.pack("<3H", 0, 0, 1) + struct.pack("<3H", 0x29, 6, 9)) + record(
        507, struct.pack("<3H", 0, 0, 0)
    )
    fills = record(45, bytes(68)) + dark
    own = record(615, struct.pack("<I", 1)) + record(44, struct.pack("<H", 164) + text("0")) + record(616)
    counted = record(617, struct.pack("<I", 3)) + forms + record(618)
    styles = record(278) + own + plain + fonts + fills + counted + put_on + record(279)
    view = record(137, struct.pack("<H", 0x3DC & ~0x10) + bytes(28))
    rules = b"".join(
        record(461, struct.pack("<3I4I", 1, 0, 1, at, at, 0, 0))
        + record(463, struct.pack("<3I", 2, 1, number) + bytes(8))
        for at, number in ((4, 0), (5, 1))
    )
    rows = [
        row(place, real(0, value, style))
        for place, (value, style) in enumerate([(5, 0), (5, 1), (5, 2), (0, 0), (5, 0), (5, 0)])
    ]
    part = sheet(*rows, after=rules)
    parts = binary_parts({"Uno": part[: len(record(129))] + view + part[len(record(129)) :]})
    [found] = read_grids(packed(parts | {"xl/styles.bin": styles}), Format.XLSB).sheets
    assert found.metadata.is_seen
    assert [outcome(found, place) for place in range(6)] == [SEEN, HIDDEN, SEEN, HIDDEN, DOUBTED, SEEN]


def test_ods__style_that_gives_way_to_another__is_a_condition() -> None:
    styles = (
        '<number:number-style style:name="N1"><number:text>few</number:text></number:number-style>'
        '<style:style style:family="table-cell" style:name="few" style:data-style-name="N1"/>'
        '<style:style style:family="table-cell" style:name="ce1">'
        '<style:map style:condition="cell-content()&lt;10" style:apply-style-name="few"/>'
        '<style:map style:condition="is-true-formula(A1)" style:apply-style-name="few"/></style:style>'
    )
    cells = "".join(
        f'<table:table-cell table:style-name="ce1" office:value-type="float" office:value="{value}"/>'
        for value in (5, 50)
    )
    metadata = ods(
        f'<table:table table:name="A"><table:table-row>{cells}</table:table-row></table:table>', styles
    ).sheets["A"]
    assert seen(5.0, metadata, (0, 0)) == "few"
    assert isinstance(seen(50.0, metadata, (0, 1)), Doubtful)


def test_xlsb__picture_in_a_cell__is_reported_and_an_error_beside_it_is_one() -> None:
    elsewhere = record(50, struct.pack("<I", 1))
    [found] = read_grids(
        packed(binary_parts({"Uno": sheet(row(0, elsewhere, error(0, 0x0F), error(1, 0x0F)))})), Format.XLSB
    ).sheets
    assert found.metadata.pictures == {(0, 0)}
    assert [isinstance(calculated(found, (0, column)), InCellPicture) for column in (0, 1)] == [True, False]


@pytest.mark.parametrize(
    ("parts", "look", "unchanged", "colour", "hides"),
    [
        (1 << 26, 0x80, 0, -1, True),
        (1 << 26, 0x80, 0x80, -1, False),
        (1 << 26, 0, 0x80, 9, True),
        (1 << 26, 0, 0x80, 10, False),
        (1 << 25, 0, 0x80, -1, True),
        (1 << 28, 0x80, 0, 9, False),
    ],
)
def test_xls__conditional_font__that_crosses_out_or_is_white_may_hide(
    parts: int, look: int, unchanged: int, colour: int, hides: bool
) -> None:
    area = struct.pack("<12xH4H", 1, 4, 6, 1, 2)
    font = bytes(64) + struct.pack("<iI2HIi2I", -1, look, 0, 0, 0, colour, 0, unchanged) + bytes(26)
    condition = struct.pack("<BBHHIH", 1, 5, 3, 0, parts, 0) + font
    expected = [Restyled((4, 1, 6, 2), hides=True)] if hides else []
    assert list(restyled_on([(0x1B0, area), (0x1B1, condition)])) == expected


def test_xlsx__conditional_format__that_crosses_out__hides() -> None:
    assert read_styles(b"<styleSheet><dxfs><dxf><font><strike/></font></dxf></dxfs></styleSheet>").put_on[0].hides
    assert not read_styles(b"<styleSheet><dxfs><dxf><font><b/></font></dxf></dxfs></styleSheet>").put_on[0].hides


def test_ods__conditional_style__that_crosses_out__may_hide() -> None:
    struck = '<style:text-properties style:text-line-through-style="solid"/>'
    styles = f'<style:style style:family="table-cell" style:name="out">{struck}</style:style>'
    rule = '<calcext:condition calcext:apply-style-name="out" calcext:value="&gt;2"/>'
    area = f'<calcext:conditional-format calcext:target-range-address="A.A1:A.A1">{rule}</calcext:conditional-format>'
    sheet = f'<table:table table:name="A"><table:table-row/><calcext:conditional-formats>{area}</calcext:conditional-formats></table:table>'
    metadata = ods(sheet, styles).sheets["A"]
    assert [isinstance(seen(value, metadata, (0, 0)), HiddenValue) for value in (3.0, 1.0)] == [True, False]
