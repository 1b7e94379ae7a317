"""Sheets that were added, and what lies over cells: an error where answers may stand there that stand nowhere else."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from pipeline.reading.places.locate import find, locate
from pipeline.reading.workbooks.grids import Sheet, Workbook
from pipeline.reading.workbooks.metadata import Drawn, SheetMetadata, WorkbookMetadata
from questionnaire.layout import REASON, Column, Layout
from questionnaire.sheet_names import tab_names
from tests.pipeline import returned
from tests.pipeline.reading import table_rows
from tests.pipeline.reading.table_rows import Made, made

ANSWERS: dict[tuple[str, str], Any] = {
    ("W01a", "status"): "3 – Partly", ("W01b", "status"): "3 – Partly", ("W02", "status"): "3 – Partly",
    ("F01", "total"): 7, ("F01", "urban"): 3, ("F01", "rural"): 4,
}  # fmt: skip
SILENT = {key: value for key, value in ANSWERS.items() if key[0] != "F01"}


def severities(layout: Layout, *sheets: Sheet) -> dict[str, str]:
    """How grave what was found on sheets, and over them, is."""
    located = locate(find(Workbook(sheets, WorkbookMetadata()), (), layout), layout)
    asked = ("sheet_added", "text_box", "pictures_found")
    return {entry.code: str(entry.severity) for entry in located.findings if entry.code in asked}


def sections(answers: dict[tuple[str, str], Any]) -> list[Sheet]:
    return [Sheet(name, rows) for name, rows in returned.book(answers).items() if len(rows) > 2]


def worked_on(cells: list[Any]) -> Sheet:
    """Questions of F01 beside something, as where somebody copied the question and the answer column alone."""
    slots = [returned.layout().slot("F01", code) for code in ("total", "urban", "rural")]
    return Sheet("Work", [[slot.field.label["en"], cell] for slot, cell in zip(slots, cells, strict=True)])


@pytest.mark.parametrize(
    ("answers", "cells", "severity"),
    [
        (SILENT, [9, 5, 4], "error"),
        (SILENT, ["Ana", "Ana", "Luis"], "error"),
        ({**SILENT, ("W02", "total"): 9}, [9, "", ""], "info"),
        (ANSWERS, [9, 5, 4], "info"),
    ],
)
def test_questions__on_an_added_sheet_with_what_no_answer_says__are_an_error_where_an_indicator_has_none(
    answers: dict[tuple[str, str], Any], cells: list[Any], severity: str
) -> None:
    assert severities(returned.layout(), *sections(answers), worked_on(cells)) == {"sheet_added": severity}


def test_two_questions__on_an_added_sheet__are_a_coincidence() -> None:
    sheet = worked_on([9, 5, 4])
    assert (
        severities(returned.layout(), *sections(SILENT), replace(sheet, rows=sheet.rows[:2]))["sheet_added"] != "error"
    )


def test_reason__beside_a_question__is_something_said_of_its_indicator() -> None:
    sheets = returned.book(SILENT)
    returned.put(sheets, "F01", "total", "ND", Column.IF_NONE)
    there = [Sheet(name, rows) for name, rows in sheets.items() if len(rows) > 2]
    assert severities(returned.layout(), *there, worked_on([9, 5, 4]))["sheet_added"] != "error"


def tables(**typed: dict[tuple[int, str], Any]) -> list[Sheet]:
    """The sheets of the two tables, as they were filled in."""
    return [grid(made(code, typed=cells)) for code, cells in typed.items()]


def grid(sheet: Made, *drawn: Drawn) -> Sheet:
    rows = [[row.get(column, "") for column in sheet.columns] for row in sheet.rows]
    name = tab_names(table_rows.layout())[sheet.sheet.code]
    return Sheet(name, rows, SheetMetadata(drawn=drawn))


TREES = {(1, "planted"): 3.0}
OTHERS: dict[str, dict[tuple[int, str], Any]] = {
    "wells": {(1, "dug_2024"): 1.0}, "nests": {(1, "nests_2024"): 1.0}, "birds": {(1, "birds"): 1.0},
    "rain": {(1, "days"): 1.0},
}  # fmt: skip
NUMBERS = Sheet("Figures", [["x", float(number)] for number in range(6)])


@pytest.mark.parametrize(
    ("trees", "dry", "sheet", "severity"),
    [
        ({}, {(1, "dry_2024"): 1.0}, NUMBERS, "error"),
        (TREES, {}, NUMBERS, "error"),
        ({}, {}, replace(NUMBERS, rows=NUMBERS.rows[1:]), "warning"),
        (TREES, {(1, "dry_2024"): 1.0}, NUMBERS, "warning"),
        ({(0, REASON): "ND"}, {(0, REASON): "ND"}, NUMBERS, "warning"),
    ],
)
def test_numbers__as_many_as_a_table_has_lines__are_an_error_where_nothing_stands_in_it(
    trees: dict[tuple[int, str], Any], dry: dict[tuple[int, str], Any], sheet: Sheet, severity: str
) -> None:
    there = tables(trees=trees, dry=dry, **OTHERS)
    assert severities(table_rows.layout(), *there, sheet) == {"sheet_added": severity}


def as_line(code: str) -> list[Any]:
    """What the form shows of the first line of a table, and a number."""
    block = table_rows.table(code).block
    at = block.coordinates(1)
    return [*(item.codelist[at[item.name]].label["en"] for item in block.dimensions), 11.0]


@pytest.mark.parametrize(("typed", "severity"), [({}, "error"), (TREES, "warning")])
def test_line__of_a_table__on_an_added_sheet_is_an_error_where_nothing_stands_in_it(
    typed: dict[tuple[int, str], Any], severity: str
) -> None:
    there = tables(trees=typed, dry={(1, "dry_2024"): 1.0}, **OTHERS)
    assert severities(table_rows.layout(), *there, Sheet("Work", [as_line("trees")])) == {"sheet_added": severity}
    labels = Sheet("Work", [as_line("trees")[:-1]])
    assert severities(table_rows.layout(), *there, labels) == {"sheet_added": "warning"}


@pytest.mark.parametrize(("typed", "severity"), [({}, "error"), (TREES, "warning")])
def test_picture_or_text__over_a_table__is_an_error_where_nothing_stands_in_it(
    typed: dict[tuple[int, str], Any], severity: str
) -> None:
    over = grid(made(typed=typed), Drawn(None), Drawn((0, 4), "see annex"))
    assert severities(table_rows.layout(), over, *tables(**OTHERS)) == {
        "pictures_found": severity,
        "text_box": severity,
    }


@pytest.mark.parametrize(
    ("text", "answers", "severity"),
    [("20", SILENT, "error"), ("see annex", SILENT, "warning"), ("20", ANSWERS, "warning")],
)
def test_text__over_a_question__is_an_error_where_it_reads_as_the_answer_that_it_has_not(
    text: str, answers: dict[tuple[str, str], Any], severity: str
) -> None:
    row = returned.layout().slot("F01", "total").row
    drawn = SheetMetadata(drawn=(Drawn((row, Column.ANSWER), text),))
    there = [replace(sheet, metadata=drawn) if sheet.name == "F" else sheet for sheet in sections(answers)]
    assert severities(returned.layout(), *there) == {"text_box": severity}


def test_result_of_the_form__in_a_table__is_nothing_that_somebody_filled_in() -> None:
    over = grid(made(typed={(1, "planted"): 0.0}), Drawn((8, 4)))
    at = table_rows.table().row(1), table_rows.table().columns["planted"]
    for formulas, severity in ((frozenset({at}), "error"), (frozenset(), "warning")):
        sheet = replace(over, metadata=replace(over.metadata, formulas=formulas))
        found = severities(table_rows.layout(), sheet, *tables(**OTHERS))
        assert found == {"pictures_found": severity}
