"""What people do to a table of three dimensions in LibreOffice, in three formats: no number is silently wrong or lost.

Forty lines, five years as columns. Every edit is made in the program itself; each value read is compared with the one
that was typed for its line and year, and what was done must be a finding wherever a person has to know.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

import pytest

from pipeline.reading.submission import Submission
from pipeline.reading.tidy import tidy
from pipeline.receiving.receive import receive_file
from pipeline.simulation.fill import CellValue, FilledWorkbook
from questionnaire.addresses import column_letter
from questionnaire.layout import KEY, LINE, LIST_HEADINGS, REASON, Layout, TableSheet
from questionnaire.rounds.round import Round
from questionnaire.sheet_names import tab_names
from tests.given import write_questionnaire
from tests.office import EACH_FORMAT, Edits, save_edited
from tests.with_survey import YEARS, block, instrument, made

pytestmark = [pytest.mark.libreoffice, pytest.mark.wide]

LAYOUT = Layout(instrument())
TABLE = LAYOUT.list_of("cases")
assert isinstance(TABLE, TableSheet)
TAB = tab_names(LAYOUT)[TABLE.code]
FIRST, LAST, HEAD, WHOLE = TABLE.first + 1, TABLE.last + 1, LIST_HEADINGS + 1, TABLE.whole + 1
COLUMNS = tuple(f"cases_{year}" for year in YEARS)

Cell = tuple[int, str]
Values = dict[Cell, object]
Saved = Callable[[str], Path]
"""Gives the workbook saved after an edit."""


def typed() -> dict[Cell, CellValue]:
    """A number in every cell, different for each line and year and adding up over the ages; a blank and a reason."""
    found: dict[Cell, CellValue] = {}
    for line in range(1, block().most_lines + 1):
        at = block().coordinates(line)
        parts = [block().line_of((at["sex"], age, at["form"])) for age in ("A0_11", "A12_17", "A18")]
        for year, column in enumerate(COLUMNS):
            own = 10 * line + year
            found[line, column] = own if at["age"] != "ALL" else sum(int(str(found[part, column])) for part in parts)
    del found[3, "cases_2022"]
    found[7, "cases_2023"] = "UNKNOWN"
    return found


GIVEN = typed()


def at(column: str, row: int) -> str:
    return f"{column_letter(TABLE.columns[column])}{row}"


def letter(column: str) -> str:
    return column_letter(TABLE.columns[column])


def without(*lines: int) -> Values:
    return {cell: value for cell, value in GIVEN.items() if cell[0] not in lines}


def headed(*texts: str) -> Edits:
    """Other texts over the columns of the years."""
    return tuple(("type_text", TAB, at(column, HEAD), text) for column, text in zip(COLUMNS, texts, strict=False))


def shifted() -> Values:
    """Each number a year later than it was typed, as the headings in sight say; the last has no column."""
    pairs = pairwise(COLUMNS)
    return {(line, later): GIVEN[line, own] for own, later in pairs for line in range(1, 41) if (line, own) in GIVEN}


def exchanged(one: Cell, other: Cell) -> Values:
    """The numbers of two lines, or of two columns (line 0), one for the other."""
    if one[0]:
        swap = {one[0]: other[0], other[0]: one[0]}
        return {(swap.get(line, line), column): value for (line, column), value in GIVEN.items()}
    names = {one[1]: other[1], other[1]: one[1]}
    return {(line, names.get(column, column)): value for (line, column), value in GIVEN.items()}


EVERYTHING = f"A{FIRST}:{column_letter(max(TABLE.columns.values()))}{LAST}"
IN_SIGHT = f"{at(LINE, FIRST)}:{at(REASON, LAST)}"
GRID = f"{at('sex', HEAD)}:{at(COLUMNS[-1], LAST)}"


@dataclass(frozen=True)
class Edit:
    """What was done, what is found of the table beside the cell left blank, and what is read."""

    edits: Edits
    found: tuple[tuple[str, str, str], ...] = ()
    values: Mapping[Cell, object] = field(default_factory=lambda: GIVEN)


EDITS: Mapping[str, Edit] = {
    "nothing": Edit(()),
    "insert rows": Edit((("insert_rows", TAB, FIRST + 2, 1), ("insert_rows", TAB, 3, 2))),
    "sort all": Edit((("sort_rows", TAB, EVERYTHING, TABLE.columns[COLUMNS[0]]),)),
    "sort what is in sight": Edit((("sort_rows", TAB, IN_SIGHT, 4),)),
    "sort without the numbers": Edit(
        (("sort_rows", TAB, f"{at('sex', FIRST)}:{at(REASON, LAST)}", 3),),
        (("table_lines_moved", "warning", at("sex", FIRST + 39)),),
    ),
    "delete a line": Edit(
        (("delete_rows", TAB, FIRST + 4, 1),), (("lines_removed", "warning", ""),), without(5)
    ),
    "delete a year": Edit(
        (("delete_column", TAB, letter("cases_2023")),),
        (("column_gone", "error", ""), ("columns_moved", "info", at("cases_2023", HEAD))),
        {cell: value for cell, value in GIVEN.items() if cell[1] != "cases_2023"},
    ),
    "delete the hidden header": Edit((("delete_rows", TAB, 1, 1),)),
    "delete header and headings": Edit(
        (("delete_rows", TAB, 1, HEAD),), (("table_relabelled", "error", at("sex", 1)),)
    ),
    "delete keys and numbers": Edit(
        tuple(("delete_column", TAB, letter(name)) for name in (KEY, LINE)),
        (("columns_moved", "info", f"B{HEAD}"),),
    ),
    "insert a column": Edit(
        (("insert_column", TAB, letter("cases_2022")),), (("columns_moved", "info", at("cases_2023", HEAD)),)
    ),
    "add a year at the end": Edit(
        (
            ("insert_column", TAB, letter(REASON)),
            ("type_text", TAB, at(REASON, HEAD), "2026"),
            ("type_in", TAB, at(REASON, FIRST), "77"),
        ),
        (("table_column_added", "error", at(REASON, HEAD)),),
    ),
    "add a year before the others": Edit(
        (
            ("insert_column", TAB, letter("cases_2021")),
            ("type_text", TAB, at("cases_2021", HEAD), "2020"),
            *(("type_in", TAB, at("cases_2021", row), str(row)) for row in range(FIRST, LAST + 1)),
        ),
        (
            ("columns_moved", "info", at("cases_2022", HEAD)),
            ("table_column_added", "error", at("cases_2021", HEAD)),
        ),
    ),
    "more words in the headings": Edit(
        headed(*(f"Year {year}" for year in YEARS)), (("table_relabelled", "warning", at("cases_2021", HEAD)),)
    ),
    "another year as heading": Edit(headed("2031"), (("table_relabelled", "error", at("cases_2021", HEAD)),)),
    "years as numbers": Edit(
        (
            ("delete_rows", TAB, 1, 1),
            *(("type_in", TAB, at(f"cases_{year}", HEAD - 1), str(year)) for year in YEARS),
        ),
    ),
    "headings a year later": Edit(
        headed(*(str(year + 1) for year in YEARS)),
        (
            ("column_gone", "error", ""),
            ("columns_disagree", "warning", at("cases_2021", HEAD)),
            ("table_column_added", "error", at("cases_2025", HEAD)),
        ),
        shifted(),
    ),
    "exchange two headings": Edit(
        headed("2022", "2021"),
        (("columns_disagree", "warning", at("cases_2022", HEAD)),),
        exchanged((0, "cases_2021"), (0, "cases_2022")),
    ),
    "rename a dimension": Edit(
        (("type_text", TAB, at("sex", HEAD), "Gender"),), (("table_relabelled", "error", at("sex", HEAD)),)
    ),
    "rename the sheet": Edit((("rename_sheet", TAB, "Hoja 1"),)),
    "copy the sheet": Edit((("copy_sheet", TAB, "copy"),), (("table_copied_alike", "info", ""),)),
    "copy the sheet and change it": Edit(
        (("copy_sheet", TAB, "copy"), ("type_in", "copy", at("cases_2021", FIRST), "999")),
        (("table_copied", "error", ""),),
    ),
    "duplicate a line": Edit(
        (
            ("insert_rows", TAB, FIRST + 3, 1),
            ("copy_block", TAB, EVERYTHING.replace(str(LAST), str(FIRST + 2)).replace(str(FIRST), str(FIRST + 2)), f"A{FIRST + 3}"),
            ("type_in", TAB, at("cases_2021", FIRST + 3), "999"),
        ),
        (("table_line_twice", "error", at("sex", FIRST + 3)),),
    ),
    "rename a line": Edit(
        (("type_text", TAB, at("form", FIRST + 2), "Criminality"),),
        (("table_relabelled", "error", at("form", FIRST + 2)),),
    ),
    "delete the text of a line": Edit(
        (("type_text", TAB, at("form", FIRST + 2), ""),), (("table_relabelled", "warning", at("form", FIRST + 2)),)
    ),
    "exchange two lines": Edit(
        (
            ("type_text", TAB, at("form", FIRST), "Forced labour"),
            ("type_text", TAB, at("form", FIRST + 1), "Sexual exploitation"),
        ),
        (("table_lines_moved", "warning", at("sex", FIRST + 1)),),
        exchanged((1, ""), (2, "")),
    ),
    "call a line as another": Edit(
        (("type_text", TAB, at("form", FIRST), "Forced labour"),),
        (("lines_removed", "warning", ""), ("table_line_twice", "error", at("sex", FIRST))),
        without(1),
    ),
    "cut a number into a hidden column": Edit(
        (("cut_and_paste", TAB, at("cases_2021", FIRST), TAB, at("form.number", FIRST)),),
        (("unplaced", "error", at("form.number", FIRST)),),
        {cell: value for cell, value in GIVEN.items() if cell != (1, "cases_2021")},
    ),
    "merge two cells": Edit(
        (("merge", TAB, f"{at('cases_2021', FIRST)}:{at('cases_2021', FIRST + 1)}"),),
        (("cells_merged", "warning", at("cases_2021", FIRST + 1)),),
        {cell: value for cell, value in GIVEN.items() if cell != (2, "cases_2021")},
    ),
    "hide rows": Edit(
        (("hide_rows", TAB, FIRST, FIRST + 3),), (("answers_hidden", "warning", at("cases_2021", FIRST)),)
    ),
    "copy as values": Edit((("copy_as_values",),), (("columns_moved", "info", "A3"),)),
    "delete the sheet": Edit((("delete_sheet", TAB),), (("empty_return", "blocker", ""), ("table_missing", "error", "")), {}),
    "turn it where it stands": Edit(
        (("transpose", TAB, GRID, TAB, at("sex", HEAD)),),
        (("table_turned", "warning", ""), ("answers_hidden", "warning", f"L{HEAD + 3}")),
    ),
    "turn it on another sheet": Edit(
        (("add_sheet", "T"), ("transpose", TAB, GRID, "T", "A1"), ("delete_sheet", TAB)),
        (("table_turned", "warning", ""),),
    ),
    "paste it elsewhere": Edit(
        (("add_sheet", "T"), ("paste_values", TAB, GRID, "T", "D2"), ("delete_sheet", TAB)),
        (("columns_moved", "info", "B2"),),
    ),
    "paste it beside": Edit((("paste_values", TAB, GRID, TAB, f"AK{HEAD}"),), (("table_column_added", "error", f"AK{HEAD}"),)),
    "type into the row of the whole table": Edit(
        (("type_text", TAB, at("cases_2021", WHOLE), "1234"),), (("unplaced", "error", at("cases_2021", WHOLE)),)
    ),
    "a note below": Edit(
        (("type_text", TAB, at("sex", LAST + 3), "Source: police"),), (("unplaced", "warning", at("sex", LAST + 3)),)
    ),
    "a line below": Edit(
        (
            ("type_text", TAB, at("sex", LAST + 1), "Other sex"),
            ("type_in", TAB, at("cases_2021", LAST + 1), "5"),
        ),
        (("unplaced", "error", at("sex", LAST + 1)),),
    ),
}  # fmt: skip
QUIET = frozenset(
    {
        "not_signed_off",
        "protection_removed",
        "validations_lost",
        "only_values",
        "sheet_added",
        "header_lost",
        "keys_lost",
        "cells_blank",
        "unanswered",
    }
)
"""What is not about what was done to the table; what is said of blank cells is looked at by the values."""


@pytest.fixture(scope="module")
def round_(tmp_path_factory: pytest.TempPathFactory) -> Round:
    return made().round(tmp_path_factory.mktemp("survey"), ("AAA", "BBB"))


@pytest.fixture(scope="module", params=EACH_FORMAT)
def saved(
    request: pytest.FixtureRequest, round_: Round, tmp_path_factory: pytest.TempPathFactory, uno_python: Path
) -> Saved:
    folder = tmp_path_factory.mktemp("edited")
    write_questionnaire(folder / "sent.xlsx", round_, round_.participants[0], LAYOUT)
    book = FilledWorkbook(folder / "sent.xlsx", LAYOUT, tab_names(LAYOUT), "en")
    for (line, column), value in GIVEN.items():
        book.type_at(TABLE.code, at(column, TABLE.row(line) + 1), value)
    book.save(folder / "filled.xlsx", dt.datetime(2026, 3, 1, 8))
    save_edited(uno_python, folder / "filled.xlsx", {name: edit.edits for name, edit in EDITS.items()}, request.param)
    return lambda name: folder / f"{name}.{request.param}"


def values(submission: Submission) -> Values:
    names = ("block", "line", "field", "status", "parsed_by", "number", "raw")
    rows = zip(*(submission.rows[name] for name in names), strict=True)
    return {
        (int(str(line)), str(column)): raw if number is None else number
        for where, line, column, status, parsed_by, number, raw in rows
        if where == "cases" and status != "blank" and parsed_by != "printed"
    }


@pytest.mark.parametrize("name", EDITS)
def test_table__after_an_edit_and_a_save__is_right_or_reported(round_: Round, saved: Saved, name: str) -> None:
    path = saved(name)
    submission = tidy(receive_file(path), path.read_bytes(), round_, LAYOUT)
    assert values(submission) == EDITS[name].values
    found = [(entry.code, str(entry.severity), entry.cell) for entry in submission.findings if entry.code not in QUIET]
    assert sorted(found) == sorted(EDITS[name].found)
