"""What people do in LibreOffice to tables that stand on the sheet of a section, in three formats.

Two tables stand below the questions about one indicator. Every value read is compared with the one that was typed.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from pipeline.reading.submission import Submission
from pipeline.reading.tidy import tidy
from pipeline.receiving.receive import receive_file
from pipeline.simulation.fill import CellValue, FilledWorkbook
from questionnaire.addresses import column_letter
from questionnaire.layout import LIST_HEADINGS, REASON, TITLE, Column, Layout, TableSheet
from questionnaire.rounds.round import Round
from questionnaire.sheet_names import tab_names
from tests.given import write_questionnaire
from tests.office import EACH_FORMAT, Edits, save_edited
from tests.with_table import instrument, table_round

pytestmark = [pytest.mark.libreoffice, pytest.mark.wide]

LAYOUT = Layout(instrument())
TAB = "W…"


def _table(code: str) -> TableSheet:
    found = LAYOUT.list_of(code)
    assert isinstance(found, TableSheet)
    return found


BIRDS, RAIN = _table("birds"), _table("rain")
LAST_COLUMN = column_letter(max(BIRDS.columns.values()))
GIVEN: dict[tuple[str, int], object] = {
    ("birds", 1): 25.0, ("birds", 2): "ND", ("birds", 3): 50.0, ("birds", 4): 20.0, ("rain", 1): 91.0,
    ("rain", 2): "ND", ("rain", 3): 93.0, ("question", 1): 12.0,
}  # fmt: skip
"""What is read where nothing is lost; totals are left out."""
TYPED: dict[tuple[str, int, str], CellValue] = {
    ("birds", 1, "birds"): 0.25, ("birds", 2, "birds"): "ND", ("birds", 3, "birds"): 0.5, ("birds", 4, "birds"): 0.2,
    ("rain", 1, "days"): 91, ("rain", 3, "days"): 93, ("rain", 2, REASON): "ND",
}  # fmt: skip


def at(sheet: TableSheet, column: str, line: int) -> str:
    return f"{column_letter(sheet.columns[column])}{sheet.row(line) + 1}"


def without(*tables: str) -> Mapping[tuple[str, int], object]:
    return {key: value for key, value in GIVEN.items() if key[0] not in tables}


@dataclass(frozen=True)
class Edit:
    """What was done, what is found of the section and its tables, and what is read."""

    edits: Edits
    found: tuple[tuple[str, str, str], ...] = ()
    values: Mapping[tuple[str, int], object] = field(default_factory=lambda: GIVEN)


HEAD = RAIN.top + LIST_HEADINGS + 1
IN_BIRDS = f"A{BIRDS.first + 1}:{LAST_COLUMN}{BIRDS.last + 1}"
ALL_RAIN = f"A{RAIN.top + TITLE + 1}:{LAST_COLUMN}{RAIN.last + 1}"
EDITS: Mapping[str, Edit] = {
    "nothing": Edit(()),
    "insert rows": Edit(
        (
            ("insert_rows", TAB, RAIN.first + 2, 1),
            ("insert_rows", TAB, BIRDS.first + 3, 2),
            ("insert_rows", TAB, BIRDS.top + TITLE + 1, 1),
            ("insert_rows", TAB, 5, 1),
        ),
    ),
    "insert a column": Edit((("insert_column", TAB, "D"),)),
    "sort the lines": Edit((("sort_rows", TAB, IN_BIRDS, Column.ANSWER),)),
    "rename the sheet": Edit((("rename_sheet", TAB, "Water"),)),
    "hide the lines": Edit(
        (("hide_rows", TAB, RAIN.first + 1, RAIN.last + 1),), (("answers_hidden", "warning", at(RAIN, "days", 1)),)
    ),
    "delete a table": Edit(
        (("delete_rows", TAB, RAIN.top + TITLE + 1, RAIN.last - RAIN.top),), (("table_missing", "error", ""),),
        without("rain"),
    ),
    "delete a line": Edit(
        (("delete_rows", TAB, RAIN.row(1) + 1, 1),), (("lines_removed", "warning", ""),),
        {key: value for key, value in GIVEN.items() if key != ("rain", 1)},
    ),
    "cut a table and paste it on a sheet of its own": Edit(
        (("add_sheet", "T"), ("cut_and_paste", TAB, ALL_RAIN, "T", "A1")),
    ),
    "copy the sheet": Edit((("copy_sheet", TAB, "W… 2"),)),
    # Without its format a share is a number, and no percentage for sure.
    "copy as values": Edit(
        (("copy_as_values",),),
        values={**GIVEN, ("birds", 1): "0.25", ("birds", 3): "0.5", ("birds", 4): "0.2"},
    ),
    "type beside a line": Edit(
        (("type_text", TAB, f"J{RAIN.row(2) + 1}", "see annex"),),
        (("unplaced", "error", f"J{RAIN.row(2) + 1}"),),
    ),
    "word a year otherwise": Edit(
        (("type_text", TAB, at(RAIN, "period", 3), "2019"),),
        (("table_relabelled", "error", at(RAIN, "period", 3)),),
    ),
    "head the numbers otherwise": Edit(
        (("type_text", TAB, f"D{HEAD}", "Hours"),), (("table_relabelled", "error", f"D{HEAD}"),)
    ),
}  # fmt: skip
NOTED = frozenset({"unplaced", "lines_removed", "answers_hidden", "row_missing", "names_disagree", "column_gone"})
"""What is about a loss or a doubt, beside all that begins with `table_`."""


@pytest.fixture(scope="module")
def round_(tmp_path_factory: pytest.TempPathFactory) -> Round:
    return table_round(tmp_path_factory.mktemp("narrow"))


@pytest.fixture(scope="module", params=EACH_FORMAT)
def saved(
    request: pytest.FixtureRequest, round_: Round, tmp_path_factory: pytest.TempPathFactory, uno_python: Path
) -> Callable[[str], Path]:
    folder = tmp_path_factory.mktemp("edited")
    write_questionnaire(folder / "sent.xlsx", round_, round_.participants[0], LAYOUT)
    book = FilledWorkbook(folder / "sent.xlsx", LAYOUT, tab_names(LAYOUT), "en")
    for (code, line, column), value in TYPED.items():
        book.type_at("W", at(_table(code), column, line), value)
    book.type(LAYOUT.slot("W01a", "total"), 12)
    book.save(folder / "filled.xlsx", dt.datetime(2026, 3, 1, 8))
    save_edited(uno_python, folder / "filled.xlsx", {name: edit.edits for name, edit in EDITS.items()}, request.param)
    return lambda name: folder / f"{name}.{request.param}"


def values(submission: Submission) -> dict[tuple[str, int], object]:
    names = ("block", "line", "field", "number", "raw", "if_none")
    found: dict[tuple[str, int], object] = {}
    for block, line, column, number, raw, if_none in zip(*(submission.rows[name] for name in names), strict=True):
        whose = "question" if (block, column) == ("W01a", "total") else str(block)
        if (whose in ("birds", "rain") and (whose, int(str(line))) in GIVEN and column in ("birds", "days")) or (
            whose == "question"
        ):
            value = number if number is not None else raw or if_none
            found |= {(whose, int(str(line))): value} if value else {}
    return found


@pytest.mark.parametrize("name", EDITS)
def test_tables_on_a_section__after_an_edit_and_a_save__are_right_or_reported(
    round_: Round, saved: Callable[[str], Path], name: str
) -> None:
    path = saved(name)
    submission = tidy(receive_file(path), path.read_bytes(), round_, LAYOUT)
    assert values(submission) == EDITS[name].values
    found = [
        (entry.code, str(entry.severity), entry.cell)
        for entry in submission.findings
        if entry.code in NOTED or (entry.code.startswith("table_") and entry.code != "table_copied_alike")
    ]
    assert sorted(found) == sorted(EDITS[name].found)
