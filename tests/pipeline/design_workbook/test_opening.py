"""A design workbook is hostile until it is read: limits, no formulas followed, nothing from outside."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from xlsxwriter import Workbook

from pipeline.design_workbook.opening import MOST_COLUMNS, SheetCells, design_of_bytes, open_design
from pipeline.documents.opening import Refused
from questionnaire.indicator_table.records import IndicatorTableError
from tests.given import MINI
from tests.with_design import Edited, instrument_folder, places


def written(*cells: tuple[int, int, object]) -> bytes:
    content = io.BytesIO()
    with Workbook(content, {"in_memory": True}) as book:
        sheet = book.add_worksheet("Questions")
        sheet.merge_range("D1:E2", "merged")
        for row, column, value in cells:
            sheet.write(row, column, value)
    return content.getvalue()


def read(data: bytes) -> tuple[SheetCells, ...] | Refused:
    return design_of_bytes(None, ("x.xlsx", data))


def test_cells__numbers_formulas_and_merged_areas__are_told_apart() -> None:
    found = read(written((0, 0, "text"), (1, 0, 12), (2, 0, "=1+1"), (3, 0, "=1/0"), (4, 0, True)))
    assert isinstance(found, tuple)
    [sheet] = found
    assert [row[0] for row in sheet.rows] == ["text", "12", "0", "0", "TRUE"]
    assert sheet.numbers >= {(1, 0)}
    assert (0, 0) not in sheet.numbers
    assert (4, 0) not in sheet.numbers
    assert sheet.formulas == {(2, 0), (3, 0)}
    assert sheet.merged == ((0, 3, 1, 4),)


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (b"text", "This is no workbook."),
        (b"%PDF-1.7", "This is no workbook."),
        (b"", "This is no workbook."),
        (written()[:900], "The file is damaged."),
        (written((0, MOST_COLUMNS, "far")), "A sheet has more than 20000 rows or 120 columns"),
        (written((20_000, 0, "deep")), "A sheet has more than 20000 rows or 120 columns"),
    ],
    ids=["text", "pdf", "empty", "cut", "wide", "deep"],
)
def test_file__that_is_no_design_workbook__is_refused(data: bytes, what: str) -> None:
    found = read(data)
    assert isinstance(found, Refused)
    assert found.what.startswith(what)
    assert found.remedy


def test_file__of_another_workbook__lists_the_sheets_that_are_missing(tmp_path: Path) -> None:
    book = Edited()
    kept = book.sheets["Rules"]
    book.sheets = {"Rules": kept}
    found = places(book.taken(instrument_folder(tmp_path / "mini")))
    assert found == [
        (code, sheet, "")
        for code, sheet in [("sheet_missing", name) for name in (
            "Read me", "Sections", "Indicators", "Types", "Questions", "Lists", "Tables", "References", "Editions",
            "Wordings", "Texts",
        )]
    ]  # fmt: skip


HOSTILE = ["a = 1\n[[rule]]", '"; import os', "\x00\x07", "=cmd|' /C calc'!A0", "{previous}", "]]>"]


@pytest.mark.parametrize("text", [HOSTILE[0], *(pytest.param(text, marks=pytest.mark.wide) for text in HOSTILE[1:])])
def test_text__of_any_sort_in_any_cell__breaks_nothing(text: str, tmp_path: Path) -> None:
    folder = instrument_folder(tmp_path / "mini")
    for sheet, column in (("Tables", "codes"), ("Tables", "required_with"), ("Tables", "table"), ("Sections", "code"),
                          ("Indicators", "objective_code"), ("Rules", "scope"), ("Lists", "rank"), ("Texts", "line")):  # fmt: skip
        book = Edited()
        rows = book.sheets[sheet].rows
        rows[4][rows[2].index(column)] = text
        assert all(one.message_in("en") for one in book.taken(folder).findings)


def test_open_design__in_a_child_process__reads_a_file_and_says_which_cannot_be(tmp_path: Path) -> None:
    file = tmp_path / "x.xlsx"
    file.write_bytes(written())
    assert [sheet.name for sheet in open_design(file)] == ["Questions"]
    with pytest.raises(IndicatorTableError, match="instrument.toml: This is no workbook."):
        open_design(MINI / "instrument.toml")
