"""The colours that number formats give to letters: on some grounds nobody sees them."""

from __future__ import annotations

from types import SimpleNamespace as Some

import pytest

from pipeline.reading.workbooks.legacy_marks import looks_of
from pipeline.reading.workbooks.number_formats import in_seen_colours
from pipeline.reading.workbooks.office.binary_styles import read_binary_looks
from pipeline.reading.workbooks.office.colours import OFFICE
from pipeline.reading.workbooks.office.styles import read_styles
from tests.pipeline.reading.workbooks import binary_workbook
from tests.pipeline.reading.workbooks.test_metadata import ods

WHITE, DARK = ("",), ("1D3A5C",)


@pytest.mark.parametrize(
    ("code", "grounds", "judged"),
    [
        ("[Color2]0", WHITE, "[White]0"),
        ("[Color 2]0", WHITE, "[White]0"),
        ("[COLOR19]0", WHITE, "[White]0"),
        ("[Yellow]0", WHITE, "[White]0"),
        ("[Color10]0;[Red]-0", WHITE, "[Red]0;[Red]-0"),
        ("[Color2]0", DARK, "[Red]0"),
        ("[white]0", DARK, "[Red]0"),
        ("[Color11]0", ("000080",), "[White]0"),
        ("[Black]0", ("000000",), "[White]0"),
        ("[Blue]0", (), "[Red]0"),
        ("[Color99]0", WHITE, "[Red]0"),
        ("[#ffffff]0", WHITE, "[White]0"),
        ('"[White]"0\\[', WHITE, '"[White]"0\\['),
        ("[>=10][$€-407]0", WHITE, "[>=10][$€-407]0"),
    ],
)
def test_colour_of_a_format__is_white_where_nobody_sees_it_on_the_ground_of_its_cell(
    code: str, grounds: tuple[str, ...], judged: str
) -> None:
    assert in_seen_colours(code, grounds, OFFICE.indexed) == judged


def test_colour_with_a_number__is_that_of_the_palette_of_the_workbook() -> None:
    palette = 8 * '<rgbColor rgb="00FF0000"/>' + '<rgbColor rgb="00FFFFFF"/>'
    part = (
        '<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        '<numFmts><numFmt numFmtId="164" formatCode="[Color1]0"/></numFmts>'
        '<cellXfs><xf numFmtId="164"/></cellXfs>'
        f"<colors><indexedColors>{palette}</indexedColors></colors></styleSheet>"
    )
    assert read_styles(part.encode()).number_formats == {"0": "[White]0"}


def test_xlsb__letters_that_nobody_sees__are_white() -> None:
    assert read_binary_looks(binary_workbook.styles("[Color2]0"), b"").number_formats[3] == "[White]0"


def test_xls__letters_that_nobody_sees__are_white_by_the_palette_and_the_fill() -> None:
    solid, red = 1, 10

    def form(key: int, pattern: int) -> Some:
        ground = Some(fill_pattern=pattern, pattern_colour_index=red, background_colour_index=64)
        alignment = Some(hor_align=0, shrink_to_fit=0, rotation=0)
        return Some(format_key=key, font_index=0, background=ground, alignment=alignment)

    book = Some(
        format_list=[Some(format_key=164, format_str="[Color2]0"), Some(format_key=165, format_str="[Red]0")],
        xf_list=[form(164, 0), form(164, solid), form(165, 0), form(165, solid)],
        font_list=[Some(height=220, colour_index=64, struck_out=0)],
        colour_map={9: (255, 255, 255), red: (255, 0, 0)},
    )
    assert looks_of(book).number_formats == {0: "[White]0", 1: "[Red]0", 2: "[Red]0", 3: "[White]0"}


def test_ods__white_letters_of_a_format__are_seen_on_a_dark_ground() -> None:
    styles = (
        '<number:number-style style:name="N1"><style:text-properties fo:color="#ffffff"/><number:number/>'
        '</number:number-style><style:style style:family="table-cell" style:name="ce1" style:data-style-name="N1">'
        '<style:table-cell-properties fo:background-color="#1d3a5c"/></style:style>'
    )
    cell = '<table:table-cell office:value-type="float" office:value="5" table:style-name="ce1"/>'
    row = f'<table:table table:name="A"><table:table-row>{cell}</table:table-row></table:table>'
    assert ods(row, styles).sheets["A"].number_formats == {(0, 0): "[Red]General"}
