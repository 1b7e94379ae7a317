"""What stands behind the cells of an .xlsb workbook, recognised by its records."""

from __future__ import annotations

import struct

from pipeline.reading.workbooks.grids import ErrorText, Workbook, read_grids
from pipeline.reading.workbooks.metadata import Checkbox, Raised, SheetMetadata
from pipeline.receiving.formats import Format, sniff
from tests.pipeline.reading.workbooks.binary_workbook import (
    CROSSED_OUT,
    OWN,
    PERCENT,
    PLAIN,
    RAISED,
    STRUCK,
    binary_book,
    binary_parts,
    error,
    formula,
    formula_error,
    real,
    record,
    rich,
    row,
    shared,
    sheet,
    text,
    typed,
)
from tests.pipeline.reading.workbooks.small_package import packed, relations

TEXTS = (rich("plain"), rich("1215", (0, CROSSED_OUT), (2, PLAIN)), rich("81", (1, RAISED)))
ROWS = (
    row(0, shared(0, 0), error(1), formula(2, ""), formula_error(3)),
    row(1, shared(0, 1), real(1, 0.12, PERCENT), real(2, 5, STRUCK), hidden=True),
    row(2, shared(0, 2), real(1, 5, OWN)),
)
AFTER = (
    record(535, struct.pack("<HI", 0, 1))
    + record(176, struct.pack("<4I", 6, 8, 2, 3))
    + record(64, b"x")
    + record(461, struct.pack("<3I", 1, 0, 0))
)


def look(data: bytes) -> Workbook:
    assert sniff(data) is Format.XLSB
    return read_grids(data, Format.XLSB)


def test_xlsb__everything_behind_the_cells__is_reported() -> None:
    workbook = look(binary_book({"Uno": sheet(*ROWS, after=AFTER)}, TEXTS))
    [found] = workbook.sheets
    assert found.rows[0] == ["plain", "#REF!", "", "#REF!"]
    assert all(isinstance(cell, ErrorText) for cell in found.rows[0][1::2])
    assert found.rows[1:] == [["1215", 0.12, 5, ""], ["81", 5, "", ""]]
    assert found.metadata == SheetMetadata(
        errors={(0, 1): "#REF!", (0, 3): "#REF!"},
        formulas=frozenset({(0, 2), (0, 3)}),
        struck=frozenset({(1, 0), (1, 2)}),
        raised={(2, 0): Raised("8", "1")},
        number_formats={(1, 1): "0%", (2, 1): '0" mil"'},
        merged=((6, 2, 8, 3),),
        hidden_rows=frozenset({1}),
        validations=1,
        formats=1,
        is_protected=True,
    )
    assert workbook.metadata.is_complete is False


def test_xlsb__error_at_the_edge_of_a_sheet__is_no_blank() -> None:
    [found] = look(binary_book({"Uno": sheet(row(0, typed(0, "x")), row(2, formula_error(1)))})).sheets
    assert found.rows == [["x", ""], ["", ""], ["", "#REF!"]]


def test_xlsb__comments_and_boxes__are_reported_with_their_cells() -> None:
    note = record(635, struct.pack("<5I", 0, 4, 4, 2, 2) + bytes(16)) + record(637, rich(" ask Ana "))
    anchor = "<from><col>3</col><row>8</row></from><sp><p><r><t>over</t></r></p></sp>"
    related = {
        "xl/worksheets/_rels/sheet1.bin.rels": relations(("comments", "../comments1.bin"), ("drawing", "../d.xml")),
        "xl/comments1.bin": note,
        "xl/d.xml": f"<wsDr><twoCellAnchor>{anchor}</twoCellAnchor></wsDr>".encode(),
    }
    [found] = look(binary_book({"Uno": sheet(row(0, typed(0, "x")))}, related=related)).sheets
    assert found.metadata.notes == {(4, 2): "ask Ana"}
    assert [(drawn.at, drawn.text) for drawn in found.metadata.drawn] == [((8, 3), "over")]


def test_xlsb__part_in_capitals__is_found() -> None:
    parts = binary_parts({"Uno": sheet(*ROWS)}, TEXTS)
    renamed = {
        name.replace("sheet1.bin", "Sheet1.bin").replace("styles", "Styles"): part for name, part in parts.items()
    }
    [found] = look(packed(renamed)).sheets
    assert found.metadata.number_formats == {(1, 1): "0%", (2, 1): '0" mil"'}


def test_xlsb__sheet_cut_short_or_with_cells_that_nobody_reads__is_not_seen() -> None:
    whole = sheet(row(0, typed(0, "x")))
    without_column = record(16, struct.pack("<Id", 0, 7))
    rich_cell = record(62, struct.pack("<II", 1, 0) + rich("81", (1, RAISED)))
    for part in (
        whole.removesuffix(record(130)),
        sheet(row(0, typed(0, "x"), without_column)),
        sheet(row(0, typed(0, "x"), rich_cell)),
    ):
        [found] = look(binary_book({"Uno": part})).sheets
        assert (found.rows, found.metadata) == ([["x"]], SheetMetadata(is_seen=False))


def test_xlsb__links_and_controls__are_reported_as_in_xml() -> None:
    def link(cells: tuple[int, int, int, int], relation: str) -> bytes:
        return record(494, struct.pack("<4I", *cells) + text(relation) + text("") * 3)

    rels = (
        relations(("hyperlink", "https://example.org/a"), ("vmlDrawing", "../v.vml"))
        .replace(b'org/a"', b'org/a" TargetMode="External"')
    )  # fmt: skip
    shape = '<shape><ClientData ObjectType="Checkbox"><Anchor>3,0,8,0,4,0,9,0</Anchor><Checked>1</Checked></ClientData></shape>'
    related = {"xl/worksheets/_rels/sheet1.bin.rels": rels, "xl/v.vml": f"<xml>{shape}</xml>".encode()}
    after = link((1, 2, 0, 0), "rId1") + link((4, 4, 0, 0), "")
    [found] = look(binary_book({"Uno": sheet(row(0, typed(0, "x")), after=after)}, related=related)).sheets
    assert found.metadata.links == {(1, 0): "https://example.org/a", (2, 0): "https://example.org/a"}
    assert found.metadata.checkboxes == (Checkbox((8, 3), True),)
