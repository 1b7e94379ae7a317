"""Packages that are whole but not as the reading library wants them: other encodings, other paths, errors of today."""

from __future__ import annotations

import io
import struct
import zipfile

import pytest

from pipeline.reading.places.place import calculated
from pipeline.reading.workbooks.grids import ErrorText, ReadError, read_grids
from pipeline.reading.workbooks.plain_packages import NotPlainError, check_plain, for_the_library
from pipeline.receiving.formats import Format
from tests.pipeline.reading.workbooks.binary_workbook import binary_book, error, formula_error, real, row, sheet
from tests.pipeline.reading.workbooks.marks import FILES
from tests.pipeline.reading.workbooks.small_package import Parts, packed, small_parts
from tests.pipeline.reading.workbooks.test_grids import repack

SHEET, STRINGS = "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml"


def encoded(parts: Parts, name: str, encoding: str, *, declared: str = "") -> Parts:
    text = parts[name].decode()
    head = f'<?xml version="1.0" encoding="{declared}"?>' if declared else ""
    return parts | {name: (head + text.replace("plain", "año")).encode(encoding)}


@pytest.mark.parametrize("name", [SHEET, STRINGS, "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/styles.xml"])
@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
def test_part__in_utf_16__is_read(name: str, encoding: str) -> None:
    workbook = read_grids(packed(encoded(small_parts(), name, encoding)), Format.XLSX)
    [found] = workbook.sheets
    assert found.rows[0][0] == ("año" if name == STRINGS else "plain")
    assert found.metadata.is_seen
    assert found.metadata.errors == {(0, 1): "#REF!"}


def test_part__in_another_encoding_that_it_states__is_read_by_it() -> None:
    [found] = read_grids(packed(encoded(small_parts(), STRINGS, "latin-1", declared="ISO-8859-1")), Format.XLSX).sheets
    assert found.rows[0][0] == "año"


@pytest.mark.parametrize(
    "content", [b'<?xml version="1.0" encoding="x-none"?><sst/>', "<sst/>".encode("utf-16") + b"\xd8"]
)
def test_part__that_is_not_in_its_encoding__is_damaged(content: bytes) -> None:
    with pytest.raises(ReadError) as raised:
        read_grids(packed(small_parts() | {STRINGS: content}), Format.XLSX)
    assert (raised.value.code, STRINGS in str(raised.value.detail)) == ("workbook_damaged", True)


def test_encoding__is_asked_of_xml_alone_and_ascii_is_utf_8() -> None:
    check_plain("xl/media/a.png", b"<\0")
    check_plain("xl/a.xml", b'\xef\xbb\xbf<?xml version="1.0" encoding="UTF-8"?><a/>')
    check_plain("xl/a.xml", b"<?xml version='1.0' encoding='us-ascii'?><a/>")
    with pytest.raises(NotPlainError):
        check_plain("xl/a.XML", b"<?xml version='1.0' encoding='windows-1252'?><a/>")


def test_ods__in_utf_16__is_read() -> None:
    data = repack(
        lambda name, content: content.decode().encode("utf-16") if name == "content.xml" else content,
        (FILES / "marks.ods").read_bytes(),
    )
    [found] = read_grids(data, Format.ODS).sheets
    assert (found.rows[0][0], found.metadata.is_seen) == ("plain", True)


@pytest.mark.parametrize(
    ("part", "target"),
    [
        (SHEET, "../xl/worksheets/sheet1.xml"),
        (SHEET, "./worksheets/sheet1.xml"),
        (SHEET, "worksheets\\sheet1.xml"),
        (SHEET, "worksheets/old/../sheet1.xml"),
        ("sheets/sheet1.xml", "../sheets/sheet1.xml"),
    ],
)
def test_sheet__whose_path_goes_up_and_down__is_read(part: str, target: str) -> None:
    parts = small_parts()
    parts[part] = parts.pop(SHEET)
    name = "xl/_rels/workbook.xml.rels"
    parts[name] = parts[name].replace(b'Target="worksheets/sheet1.xml"', f'Target="{target}"'.encode())
    [found] = read_grids(packed(parts), Format.XLSX).sheets
    assert (found.rows[0][0], found.metadata.is_seen, found.metadata.errors[0, 1]) == ("plain", True, "#REF!")


@pytest.mark.parametrize("text", ["#SPILL!", "#BUSY!", "#CALC!", "#FIELD!", "#GETTING_DATA", "#CONNECT!", "#Anything"])
def test_error__that_the_library_does_not_know__is_the_error_of_its_cell(text: str) -> None:
    parts = small_parts()
    parts[SHEET] = parts[SHEET].replace(b"#REF!", text.encode())
    [found] = read_grids(packed(parts), Format.XLSX).sheets
    error_ = calculated(found, (0, 1))
    assert (type(error_), error_) == (ErrorText, text)
    assert (found.rows[0][0], found.rows[1][2]) == ("plain", 5)


def test_error__without_a_value__lets_the_next_cell_alone() -> None:
    parts = small_parts()
    one = b'<c r="B1" t="e"><v>#REF!</v></c>'
    for empty in (b'<c r="B1" t="e"/>', b'<c r="B1" t="e"></c>'):
        rewritten = for_the_library(packed(parts | {SHEET: parts[SHEET].replace(one, empty + b"<c><v>5</v></c>")}))
        assert b"<c><v>5</v></c>" in zipfile.ZipFile(io.BytesIO(rewritten)).read(SHEET)


@pytest.mark.parametrize("make", [error, formula_error])
def test_xlsb__error_that_the_library_does_not_know__is_the_error_of_its_cell(make: object) -> None:
    assert callable(make)
    [found] = read_grids(binary_book({"Uno": sheet(row(0, make(0, 0x2C), real(1, 5)))}), Format.XLSB).sheets
    assert (calculated(found, (0, 0)), found.rows[0][1], found.metadata.is_seen) == ("#ERR!", 5, True)


FIVE = b'<c r="C2" s="2"><v>5</v></c>'


def with_cell(cell: str) -> Parts:
    parts = small_parts()
    assert FIVE in parts[SHEET]
    return parts | {SHEET: parts[SHEET].replace(FIVE, cell.encode())}


@pytest.mark.parametrize(
    "cell",
    [
        '<c r="C2"><v>1<!-- x -->2</v></c>',
        '<c r="C2"><v><![CDATA[12]]></v></c>',
        '<c r="C2"><v>&#49;2</v></c>',
        '<c r="C2"><v>1&#x32;</v></c>',
    ],
)
def test_number__with_a_comment_a_marked_section_or_characters_by_number__is_read_whole(cell: str) -> None:
    [found] = read_grids(packed(with_cell(cell)), Format.XLSX).sheets
    assert (found.rows[1][2], found.metadata.is_seen) == (12, True)


def test_shared_text__in_a_marked_section__is_read_with_its_signs() -> None:
    parts = small_parts()
    parts[STRINGS] = parts[STRINGS].replace(b"<t>plain</t>", b"<t><![CDATA[a < b & c]]></t>")
    assert read_grids(packed(parts), Format.XLSX).sheets[0].rows[0][0] == "a < b & c"


@pytest.mark.parametrize(
    "cell",
    [
        '<c r="C2"><v>5</v></c><c r="C2"><v>6</v></c>',
        '<c r="C2"><v>5</v><v>6</v></c>',
        '<c r="C2" t="inlineStr"><is><t>5</t></is><v>6</v></c>',
        "<AlternateContent><Choice><c><v>5</v></c></Choice><Fallback><c><v>6</v></c></Fallback></AlternateContent>",
    ],
)
def test_cell__with_two_values__makes_its_sheet_one_that_was_not_understood(cell: str) -> None:
    assert not read_grids(packed(with_cell(cell)), Format.XLSX).sheets[0].metadata.is_seen


@pytest.mark.parametrize(
    "cell",
    [
        '<c r="C2" t="s"><v>-1</v></c>',
        '<c r="C2" t="s"><v>x</v></c>',
        "<c r='C2' s='2' t='s' cm='1'> <v>99999999999999999999</v></c>",
        '<c r="C2"><is><t>5</t></is></c>',
        '<c r="C2" t="s"><is><t>5</t></is></c>',
    ],
)
def test_text__that_the_library_takes_from_elsewhere__makes_its_sheet_one_that_was_not_understood(cell: str) -> None:
    parts = with_cell(cell)
    assert read_grids(packed(parts), Format.XLSX).sheets[0].rows[1][2] != ""
    assert not read_grids(packed(parts), Format.XLSX).sheets[0].metadata.is_seen


@pytest.mark.parametrize("cell", ['<c r="C2" t="s"><v>1</v></c>', '<c r="C2" t="s"><v></v></c>', '<c r="C2" t="s"/>'])
def test_text__by_a_number_of_the_list_or_none__is_understood(cell: str) -> None:
    assert read_grids(packed(with_cell(cell)), Format.XLSX).sheets[0].metadata.is_seen


def test_text__by_a_number_below_those_of_the_list__makes_a_sheet_of_xls_one_that_was_not_understood() -> None:
    data = bytearray((FILES / "marks.xls").read_bytes())
    cell = data.index(struct.pack("<4H", 0xFD, 10, 0, 0))
    struct.pack_into("<i", data, cell + 10, -1)
    [found] = read_grids(bytes(data), Format.XLS).sheets
    assert (found.rows[0][0], found.metadata.is_seen) == ("", False)


def test_text__with_a_character_by_number_and_an_ampersand__is_read() -> None:
    parts = with_cell('<c r="C2" t="str"><v>1&#50; &amp; &lt;3</v></c>')
    assert read_grids(packed(parts), Format.XLSX).sheets[0].rows[1][2] == "12 & <3"


@pytest.mark.parametrize(("height", "is_hidden"), [("0", True), ("0.75", True), ("1", False), ("15", False)])
def test_row__lower_than_a_point__counts_as_hidden(height: str, is_hidden: bool) -> None:
    parts = small_parts()
    parts[SHEET] = parts[SHEET].replace(b'<row r="3"', f'<row r="3" ht="{height}" customHeight="1"'.encode())
    assert (2 in read_grids(packed(parts), Format.XLSX).sheets[0].metadata.hidden_rows) is is_hidden
