"""How much a sheet spans is measured from its bytes, in every format, before a reading library sets up room for it."""

from __future__ import annotations

import struct

import pytest

from pipeline.reading.workbooks.extent import check_legacy, check_part
from pipeline.receiving.zip_gate import PackageError
from tests.pipeline.mails import compound

SHEET = "xl/worksheets/sheet1"


def refused(name: str, content: bytes) -> str:
    with pytest.raises(PackageError) as raised:
        check_part(name, content)
    assert raised.value.code == "workbook_unsafe"
    return raised.value.detail


def ods(rows: str) -> bytes:
    return f'<table:table table:name="A">{rows}</table:table>'.encode()


def repeated(kind: str, times: int) -> str:
    return f'table:number-{kind}-repeated="{times}"'


END_OF_SHEET = (
    f"<table:table-row {repeated('rows', 1048570)}><table:table-cell {repeated('columns', 16384)}/></table:table-row>"
)


@pytest.mark.parametrize(
    "cell",
    ['<c r="XFD1048576"><v>1</v></c>', "<c r='XFD1048576'><v>1</v></c>", '<x:c s="1" r="ZZ99999"><x:v>1</x:v></x:c>'],
)
def test_xlsx__one_cell_far_away__is_refused(cell: str) -> None:
    assert "rows and" in refused(f"{SHEET}.xml", cell.encode())


@pytest.mark.parametrize(
    "cell", ['<c r="XFD1048576" s="1"/>', '<c r="A1048576"><v>1</v></c>', '<c r="XFD9"><v>1</v></c>']
)
def test_xlsx__formats_only_or_one_column_or_row__passes(cell: str) -> None:
    check_part(f"{SHEET}.xml", cell.encode())


def test_ods__rows_and_cells_without_content_at_the_end__pass() -> None:
    row = f"<table:table-row><table:table-cell office:value-type='float'/><table:table-cell {repeated('columns', 16383)}/>"
    check_part("content.xml", ods(f"{row}</table:table-row>{END_OF_SHEET}"))


@pytest.mark.parametrize(
    ("rows", "extent"),
    [
        (
            f"<table:table-row {repeated('rows', 1048576)}><table:table-cell {repeated('columns', 16384)}><text:p>x</text:p></table:table-cell></table:table-row>",
            "1048576 rows and 16384 columns",
        ),
        (
            f"<table:table-row {repeated('rows', 9_000_000)}><table:table-cell office:value='1'/></table:table-row>",
            "9000000 rows and 1 columns",
        ),
        (
            f"{END_OF_SHEET}<table:table-row><table:table-cell {repeated('columns', 99)}/><table:table-cell table:formula='of:=1'/></table:table-row>",
            "1048571 rows and 100 columns",
        ),
        (
            f"<table:table-row><table:covered-table-cell {repeated('columns', 999_999_999_999)}/><table:table-cell>x</table:table-cell></table:table-row>",
            "1 rows and 1000000000000 columns",
        ),
    ],
    ids=["filled", "column", "gap_before_a_cell", "gap_in_a_row"],
)  # fmt: skip
def test_ods__repeated_to_the_horizon__is_refused(rows: str, extent: str) -> None:
    assert refused("content.xml", ods("<table:table-row/>") + ods(rows)) == f"content.xml spans {extent}"


def test_xlsb__one_cell_far_away__is_refused_and_a_format_is_no_cell() -> None:
    def record(kind: int, *numbers: int) -> bytes:
        content = struct.pack(f"<{len(numbers)}I", *numbers)
        return bytes([kind, len(content)]) + content

    far = record(0, 1048575, 0) + record(5, 16383, 0, 0, 0)
    assert refused(f"{SHEET}.bin", far) == f"{SHEET}.bin spans 1048576 rows and 16384 columns"
    check_part(f"{SHEET}.bin", record(0, 1048575, 0) + record(5, 0, 0, 0, 0) + record(60, 16383))
    check_part(f"{SHEET}.bin", far[:7])


def test_xls__announced_dimensions_beyond_the_format__are_refused() -> None:
    def book(rows: int, columns: int) -> bytes:
        dimensions = struct.pack("<2HIIHHH", 0x200, 14, 0, rows, 0, columns, 0)
        return compound({"Workbook": struct.pack("<2H", 0x809, 16) + bytes(16) + dimensions})

    check_legacy(book(65536, 256))
    for data in (book(0xFFFFFFFF, 0xFFFF), book(65537, 1), book(1, 257)):
        with pytest.raises(PackageError, match="a sheet announces"):
            check_legacy(data)
    check_legacy(b"no container")
