"""Rows and columns that somebody inserts in LibreOffice: the totals that the sheet computes stay those of its parts."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from pipeline.reading.tidy import tidy
from pipeline.receiving.receive import receive_file
from pipeline.simulation.fill import FilledWorkbook
from questionnaire.addresses import column_letter
from questionnaire.declaration.lists.table_block import TableBlock
from questionnaire.layout import Layout
from questionnaire.sheet_names import tab_names
from tests.given import write_questionnaire
from tests.office import EACH_FORMAT, Edits, save_edited
from tests.with_survey import TABLES, made

pytestmark = [pytest.mark.libreoffice, pytest.mark.wide]


@pytest.mark.parametrize("extension", EACH_FORMAT)
def test_totals__after_rows_and_columns_are_inserted_or_deleted__are_still_the_sums_of_their_parts(
    tmp_path: Path, uno_python: Path, extension: str
) -> None:
    totals = TABLES.replace('code = "cases"', 'code = "cases"\ntotals = "computed"')
    round_ = made(totals).round(tmp_path, ["AAA"])
    layout = Layout.of(round_)
    sheet, tabs = layout.list_of("cases"), tab_names(layout)
    block, tab = sheet.block, tabs[sheet.code]
    assert isinstance(block, TableBlock)
    write_questionnaire(tmp_path / "sent.xlsx", round_, round_.participants[0], layout)
    book = FilledWorkbook(tmp_path / "sent.xlsx", layout, tabs, "en")
    for line in range(1, block.most_lines + 1):
        for number, column in enumerate(column for column in block.measured if block.is_typed(line, column)):
            address = f"{column_letter(sheet.columns[column])}{sheet.row(line) + 1}"
            book.type_at(sheet.code, address, 10 * line + number)
    book.save(tmp_path / "filled.xlsx", dt.datetime(2026, 3, 1))
    first, last = sheet.first + 1, sheet.last + 1
    columns = [column_letter(sheet.columns[f"cases_{year}"]) for year in (2021, 2023)]
    edits: dict[str, Edits] = {
        "among": (("insert_rows", tab, first + 2, 1), ("type_in", tab, f"{columns[0]}{first}", "11")),
        "above": (("insert_rows", tab, 3, 2), ("type_in", tab, f"{columns[0]}{first + 2}", "11")),
        "many": (
            ("insert_rows", tab, first + 2, 1), ("insert_rows", tab, first + 10, 3), ("insert_rows", tab, last, 1),
            ("type_in", tab, f"{columns[0]}{first}", "11"),
        ),
        "column": (("insert_column", tab, columns[1]), ("type_in", tab, f"{columns[0]}{first}", "11")),
        "deleted": (("delete_rows", tab, first + 2, 1), ("type_in", tab, f"{columns[0]}{first}", "11")),
    }  # fmt: skip
    save_edited(uno_python, tmp_path / "filled.xlsx", edits, extension)
    for name in edits:
        path = tmp_path / f"{name}.{extension}"
        read = tidy(receive_file(path), path.read_bytes(), round_, layout)
        assert {entry.code for entry in read.findings if entry.code.startswith("computed")} == set(), name
        rows = zip(*(read.rows[column] for column in ("line", "field", "number", "parsed_by")), strict=True)
        of_all = {row[2] for row in rows if row[:2] == (block.line_of(("F", "ALL", "SEX")), "cases_2021")}
        assert of_all == {11 + 60 + 110}, name
