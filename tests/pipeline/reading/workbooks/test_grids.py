"""Reading cells: true positions, errors seen, and every bad file one clear fault."""

from __future__ import annotations

import datetime as dt
import io
import re
import struct
import zipfile
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.reading.workbooks import grids
from pipeline.reading.workbooks.grids import ErrorText, ReadError, read_grids
from pipeline.reading.workbooks.metadata import WorkbookMetadata
from pipeline.receiving.formats import Format
from pipeline.receiving.zip_gate import PackageError, PackageLimits, read_parts
from tests.pipeline.returned import SAVED, Book, book, write

SHEETS: Book = {
    "Uno": [["", "", ""], ["", "", "x"], ["", 7, dt.date(2024, 5, 4)]],
    "Ωmega & <2>": [["=#DIV/0!", True, "", 0.5]],
}
DATA = write(SHEETS, properties="acopio|1|x & y")


def repack(
    change: Callable[[str, bytes], bytes | None], data: bytes = DATA, add: dict[str, bytes] | None = None
) -> bytes:
    """The package with each part changed; None leaves the part out."""
    result = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(result, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            content = change(name, source.read(name))
            if content is not None:
                target.writestr(name, content)
        for name, content in (add or {}).items():
            target.writestr(name, content)
    return result.getvalue()


def same(_: str, content: bytes) -> bytes:
    return content


def fault_of(data: bytes, format_: Format = Format.XLSX) -> str:
    with pytest.raises(ReadError) as raised:
        read_grids(data, format_)
    assert raised.value.detail
    return raised.value.code


def test_sheets__keep_names_order_and_true_positions() -> None:
    workbook = read_grids(DATA, Format.XLSX)
    one, two = workbook.sheets
    assert (one.name, two.name) == tuple(SHEETS)
    assert one.rows[1][2] == "x"
    assert one.rows[2][1:] == [7.0, dt.date(2024, 5, 4)]
    assert two.rows == [["#DIV/0!", True, "", 0.5]]


def test_error_cell__is_error_text_not_blank() -> None:
    value = read_grids(DATA, Format.XLSX).sheets[1].rows[0][0]
    assert isinstance(value, ErrorText)
    assert value == "#DIV/0!"


def test_facts__saved_program_and_properties__are_found() -> None:
    metadata = read_grids(DATA, Format.XLSX).metadata
    assert (metadata.last_saved, metadata.program, metadata.date_1904) == (SAVED, "Microsoft Excel", False)
    assert "acopio|1|x & y" in metadata.properties
    assert read_grids(write(SHEETS, date_1904=True), Format.XLSX).metadata.date_1904


def test_facts__odd_time_or_none__is_unknown() -> None:
    def spoil(name: str, content: bytes) -> bytes | None:
        return re.sub(rb"2025-06-01T12:30:00Z", b"last week", content) if name == "docProps/core.xml" else content

    assert read_grids(repack(spoil), Format.XLSX).metadata.last_saved is None
    assert read_grids(repack(lambda n, c: None if "docProps" in n else c), Format.XLSX).metadata.program == ""


def test_zero_sheets__is_damaged() -> None:
    assert fault_of(repack(lambda name, content: None if name == "xl/workbook.xml" else content)) == "workbook_damaged"


def test_two_sheets_of_one_name__are_reported() -> None:
    data = repack(
        lambda name, c: c.replace(b'name="\xce\xa9mega &amp; &lt;2&gt;"', b'name="Uno"') if "workbook" in name else c
    )
    workbook = read_grids(data, Format.XLSX)
    assert ([sheet.name for sheet in workbook.sheets], workbook.repeated) == (["Uno"], ("Uno",))


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04", b"hello", DATA[: len(DATA) // 2], DATA[200:]])
def test_damaged__is_one_fault(data: bytes) -> None:
    assert fault_of(data) == "workbook_damaged"


def test_flipped_bit__fails_its_checksum() -> None:
    with zipfile.ZipFile(io.BytesIO(DATA)) as package:
        entry = package.getinfo("xl/worksheets/sheet1.xml")
    stored = repack(same)
    with zipfile.ZipFile(io.BytesIO(stored)) as package:
        start = package.getinfo(entry.filename).header_offset
    position = start + 30 + len(entry.filename) + 40
    spoiled = stored[:position] + bytes([stored[position] ^ 0x10]) + stored[position + 1 :]
    assert fault_of(spoiled) == "workbook_damaged"


@pytest.mark.parametrize(
    ("part", "content"),
    [
        ("xl/sharedStrings.xml", b'<!DOCTYPE x [<!ENTITY a "b">]><sst/>'),
        ("xl/sharedStrings.xml", b'<sst xmlns="x" count="1" uniqueCount="4294967295"></sst>'),
        ("xl/worksheets/sheet1.xml", b'<worksheet><sheetData><c r="XFD1048576"><v>1</v></c></sheetData></worksheet>'),
    ],
)  # fmt: skip
def test_hostile_part__is_unsafe(part: str, content: bytes) -> None:
    assert fault_of(repack(lambda name, old: content if name == part else old)) == "workbook_unsafe"


def test_formats_without_content_far_away__are_no_extent() -> None:
    far = b'<row r="1048576"><c r="XFD1048576" s="1"/></row></sheetData>'
    data = repack(lambda name, old: old.replace(b"</sheetData>", far) if "sheet1" in name else old)
    assert read_grids(data, Format.XLSX).sheets[0].rows[1][2] == "x"


def test_gate__bomb_too_many_parts_and_encrypted_ones__are_refused() -> None:
    bomb = repack(same, add={"xl/media/a.bin": bytes(20_000_000)})
    many = repack(same, add={f"x{n}": b"" for n in range(50)})
    for data, limits in (
        (bomb, PackageLimits()),
        (many, PackageLimits(entries=40)),
        (DATA, PackageLimits(total=1000)),
        (DATA, PackageLimits(part=500)),
    ):
        with pytest.raises(PackageError) as raised:
            list(read_parts(data, limits))
        assert raised.value.code == "workbook_unsafe"
    spoiled = bytearray(DATA)
    directory = DATA.rindex(b"PK\x01\x02")
    spoiled[directory + 8 : directory + 10] = struct.pack("<H", 1)
    with pytest.raises(PackageError) as raised:
        list(read_parts(bytes(spoiled)))
    assert raised.value.code == "workbook_encrypted"


def test_gate__same_part_twice__is_damaged() -> None:
    with pytest.warns(UserWarning, match="Duplicate name"):
        data = repack(same, add={"xl/workbook.xml": b"<workbook/>"})
    assert fault_of(data) == "workbook_damaged"


def test_panic_of_the_library__is_a_fault_and_interrupts_are_not(monkeypatch: pytest.MonkeyPatch) -> None:
    class PanicException(BaseException):
        pass

    def raising(error: BaseException) -> Callable[..., WorkbookMetadata]:
        def read(*_: object) -> WorkbookMetadata:
            raise error

        return read

    monkeypatch.setattr(grids, "read_package", raising(PanicException("index out of bounds")))
    assert fault_of(DATA) == "workbook_damaged"
    monkeypatch.setattr(grids, "read_package", raising(KeyboardInterrupt()))
    with pytest.raises(KeyboardInterrupt):
        read_grids(DATA, Format.XLSX)


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(st.integers(0, 2**32), st.integers(0, 255))
def test_any_changed_byte__is_read_the_same_or_refused(where: int, byte: int) -> None:
    data = write(book())
    spoiled = bytearray(data)
    spoiled[where % len(data)] = byte
    expected = [sheet.rows for sheet in read_grids(data, Format.XLSX).sheets]
    try:
        found: object = [sheet.rows for sheet in read_grids(bytes(spoiled), Format.XLSX).sheets]
    except ReadError as error:
        found = error.code
    assert found == expected or found in ("workbook_damaged", "workbook_unsafe", "workbook_encrypted")


def test_ods__indented_as_by_gnumeric__reads_the_same_cells() -> None:
    spaces = "".join(
        f' xmlns:{prefix}="urn:oasis:names:tc:opendocument:xmlns:{prefix}:1.0"'
        for prefix in ("office", "table", "text")
    )
    cells = (
        '<table:table-cell office:value-type="string"><text:p>two  words</text:p></table:table-cell>',
        '<table:table-cell office:value-type="float" office:value="7"><text:p>7</text:p></table:table-cell>',
    )

    def package(between: str) -> bytes:
        lines = ("<table:table-row>", *cells, "</table:table-row>", "</table:table>", "</office:spreadsheet>")
        body = between.join(
            ("<office:body>", "<office:spreadsheet>", '<table:table table:name="S">', *lines, "</office:body>")
        )
        content = f"<office:document-content{spaces}>{between}{body}{between}</office:document-content>"
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w") as target:
            target.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
            target.writestr("content.xml", content)
            target.writestr("META-INF/manifest.xml", "<manifest:manifest/>")
        return packed.getvalue()

    for between in ("", "\n      "):
        [sheet] = read_grids(package(between), Format.ODS).sheets
        assert (sheet.name, sheet.rows) == ("S", [["two  words", 7.0]])
