"""Totals that nobody fills in: worked out from what was read, and held against what their cells show."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import Path

import pytest

from pipeline.reading.submission import Submission
from pipeline.reading.tidy import tidy
from pipeline.receiving.receive import receive_file
from pipeline.simulation.fill import CellValue, FilledWorkbook
from questionnaire.addresses import column_letter
from questionnaire.layout import Layout
from questionnaire.rules.rule import Severity
from questionnaire.sheet_names import tab_names
from tests.given import write_questionnaire
from tests.with_table import table_round

CELLS: dict[tuple[str, int, str], CellValue] = {
    ("nests", 1, "nests_2024"): 0.1, ("nests", 1, "nests_2025"): 0.2, ("nests", 2, "nests_2025"): 1.5,
    ("nests", 2, "nests_all"): 7, ("nests", 3, "nests_2024"): 0.1,
    ("birds", 1, "birds"): 0.25, ("birds", 2, "birds"): "ND", ("birds", 3, "birds"): 0.5, ("birds", 4, "birds"): 0.2,
}  # fmt: skip


NESTS = ("nests", "nests_all")


def read_of(cells: Mapping[tuple[str, int, str], CellValue], folder: Path) -> Submission:
    """What is read of a questionnaire with these cells of tables."""
    round_ = table_round(folder)
    layout, path = Layout.of(round_), folder / "AAA.xlsx"
    write_questionnaire(path, round_, round_.participants[0], layout)
    book = FilledWorkbook(path, layout, tab_names(layout), "en")
    for (table, line, column), value in cells.items():
        sheet = layout.list_of(table)
        book.type_at(sheet.code, f"{column_letter(sheet.columns[column])}{sheet.row(line) + 1}", value)
    book.save(path, dt.datetime(2026, 3, 1))
    return tidy(receive_file(path), path.read_bytes(), round_, layout)


@pytest.fixture(scope="module")
def read(tmp_path_factory: pytest.TempPathFactory) -> Submission:
    """A questionnaire in which two totals were typed over: one wrongly, one rightly."""
    return read_of(CELLS, tmp_path_factory.mktemp("totals"))


def numbers(read: Submission, table: str, column: str) -> list[tuple[object, str, str]]:
    """(number, parsing rule, text kept) of a column, line by line."""
    names = ("block", "field", "number", "parsed_by", "raw")
    rows = zip(*(read.rows[name] for name in names), strict=True)
    return [
        (number, str(rule), str(raw)) for block, field, number, rule, raw in rows if (block, field) == (table, column)
    ]


def test_total__all_parts_known__is_their_sum_whatever_was_typed_over_it(read: Submission) -> None:
    assert numbers(read, "nests", "nests_all") == [
        (0.3, "computed", ""), (1.5, "computed", "7"), (1.8, "computed", ""),
    ]  # fmt: skip
    assert numbers(read, "nests", "nests_2024")[-1] == (0.1, "computed", "0.1")


def test_total__typed_over__is_reported_at_its_cell(read: Submission) -> None:
    found = [(str(f.severity), f.field, f.cell) for f in read.findings if f.code == "computed_overwritten"]
    assert found == [("warning", "nests.nests_all", "F9"), ("info", "nests.nests_2024", "D10")]
    assert not [f for f in read.findings if f.code == "computed_differs"]


def test_total__of_what_is_known__is_so_marked_and_noted(read: Submission) -> None:
    assert numbers(read, "birds", "birds")[4:] == [(75.0, "computed", ""), (20.0, "computed_from_known", "")]
    (note,) = [found for found in read.findings if found.code == "totals_from_known"]
    assert (note.severity, note.indicator, note.cell) == (Severity.INFO, "W01a", "E30")
    assert note.message_in("en") == "Table “W…”: 1 total is of the parts that are known only (E30)."


def test_total__a_part_not_known__is_none_unless_the_table_says_so(tmp_path: Path) -> None:
    filled = numbers(read_of({("nests", 1, "nests_2024"): 1, ("nests", 1, "nests_2025"): "ND"}, tmp_path), *NESTS)
    assert filled == [(None, "blank", ""), (None, "blank", ""), (None, "blank", "")]


def test_cells_blank__computed_cells__are_none_of_them(read: Submission) -> None:
    noted = [(found.sheet, found.cell) for found in read.findings if found.code == "cells_blank"]
    assert "W01a ≡ 2" not in [sheet for sheet, _ in noted]
    assert [cell for sheet, cell in noted if sheet == "W…"] == ["D37"]
