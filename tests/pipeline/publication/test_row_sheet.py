"""Rows written straight into the file of a sheet are read back as they were, whatever stands in them."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from zipfile import ZipFile

import openpyxl
import pyarrow as pa
import pytest

from pipeline.publication.formats.row_sheet import Value
from pipeline.publication.formats.workbook_sheets import Book, TableSheet
from schemas.tables.table import Column

DAY = dt.date(2026, 1, 1)
TEXTS = ("plain", "<r>bold & more</r>", "a & b < c > d", " spaces ", "_x000D_", "two\nlines", "“é’ 语", "0")
COLUMNS = (
    Column("text", "string", {}),
    Column("number", "double", {}),
    Column("count", "int32", {}),
    Column("share_met", "double", {}),
    Column("is_so", "bool", {}),
    Column("day", "date32", {}),
)

TYPES = {
    "string": pa.string(), "double": pa.float64(), "int32": pa.int32(), "bool": pa.bool_(), "date32": pa.date32(),
}  # fmt: skip


def written(path: Path, *rows: tuple[Value, ...]) -> list[tuple[object, ...]]:
    with Book(path, "Title", DAY) as book:
        sheet = TableSheet(book, "Rows", COLUMNS, "en")
        for some in (rows[:1], rows[1:], ()):
            columns = zip(*some, strict=True) if some else [()] * len(COLUMNS)
            arrays = [pa.array(values, TYPES[column.type]) for values, column in zip(columns, COLUMNS, strict=True)]
            sheet.write(pa.RecordBatch.from_arrays(arrays, names=[column.name for column in COLUMNS]))
        sheet.finish()
    found = openpyxl.load_workbook(path)["Rows"]
    assert found.auto_filter.ref == f"A2:F{len(rows) + 2}"
    return list(found.iter_rows(min_row=3, values_only=True))


def test_rows__values_of_every_type__are_read_back(tmp_path: Path) -> None:
    full = ("x", 0.1 + 0.2, 7, 0.25, True, dt.date(2024, 2, 29))
    bare = (None, -1e300, 0, None, False, None)
    first, empty, last = written(tmp_path / "a.xlsx", full, (None, None, None, None, None, None), bare)
    assert first == (*full[:1], 0.3, *full[2:5], dt.datetime(2024, 2, 29))
    assert empty == (None,) * 6
    assert last == bare


def test_rows__texts_that_a_program_would_obey__are_texts(tmp_path: Path) -> None:
    rest = (None,) * 5
    rows = written(
        tmp_path / "a.xlsx", *((text, *rest) for text in (*TEXTS, "", "\u200b", "=1+1", "x" * 40_000, "😀" * 20_000))
    )
    # Excel reads the escape as the text that it stands for; openpyxl shows it.
    texts = [text.replace("_x000D_", "_x005F_x000D_") for text in TEXTS]
    assert [row[0] for row in rows] == [*texts, None, None, "'=1+1", "x" * 32_767, "😀" * 16_383]


def test_rows__a_text_with_spaces_at_its_ends__keeps_them_for_programs_that_would_drop_them(tmp_path: Path) -> None:
    written(tmp_path / "a.xlsx", (" spaces ", 1.0, 1, None, None, None))
    with ZipFile(tmp_path / "a.xlsx") as package:
        assert '<t xml:space="preserve"> spaces </t>' in package.read("xl/worksheets/sheet1.xml").decode()


def test_rows__formats_and_widths__are_those_of_their_columns(tmp_path: Path) -> None:
    written(tmp_path / "a.xlsx", ("x" * 30, 1.5, 3, 0.5, True, DAY))
    sheet = openpyxl.load_workbook(tmp_path / "a.xlsx")["Rows"]
    assert (sheet["D3"].number_format, sheet["F3"].number_format) == ("0.0%", "yyyy-mm-dd")
    assert sheet.column_dimensions["A"].width == pytest.approx(32, abs=1)


def test_rows__a_number_that_no_cell_can_hold__is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="no cell can hold nan"):
        written(tmp_path / "a.xlsx", ("x", float("nan"), 1, None, None, None))
