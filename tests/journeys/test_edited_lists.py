"""What people do to the list of a questionnaire in LibreOffice, saved in three formats: no line is lost or mixed up.

Every edit is made in the program itself. The lines read must be those that were typed but for what was truly deleted or
added, and what was done must be a finding wherever a person has to know.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from pipeline.reading.submission import Submission
from pipeline.reading.tidy import tidy
from pipeline.receiving.receive import receive_file
from pipeline.simulation.fill import CellValue, FilledWorkbook
from questionnaire.addresses import column_letter
from questionnaire.layout import CHECK, CONTENT, KEY, LINE, Layout, ListSheet
from questionnaire.rounds.round import Round
from questionnaire.sheet_names import tab_names
from questionnaire.workbook.sheets.verdict import SIGN_OFF
from tests.given import write_questionnaire
from tests.office import EACH_FORMAT, Edits, save_edited
from tests.pipeline.careful import assert_same_with_care
from tests.pipeline.reading.list_rows import judged, rows_of
from tests.with_list import instrument, list_round

pytestmark = pytest.mark.libreoffice

LAYOUT = Layout(instrument())
TABS = tab_names(LAYOUT)
LIST: ListSheet = LAYOUT.lists[0]
TAB = TABS[LIST.code]
Line = tuple[object, ...]
Saved = Callable[[str], Path]
"""Gives the workbook saved after an edit."""

# Indicator, partner, name, year, free of charge: as typed, and as read.
TYPED: tuple[tuple[CellValue, ...], ...] = (
    ("W01a – Wells", "Betaland", None, 2001, "Yes"),
    ("F01", "Elsewhere", "Utopia", 2010, "No"),
    ("W01a", "Gammaland", None, 1995, "No"),
    ("F01 – Trees", "Betaland", "The oak", 2020, "Yes"),
)
LINES: tuple[Line, ...] = (
    ("W01a", "BBB", None, 2001, "Y"),
    ("F01", "OTHER", "Utopia", 2010, "N"),
    ("W01a", "CCC", None, 1995, "N"),
    ("F01", "BBB", "The oak", 2020, "Y"),
)
FIRST, LAST = LIST.first + 1, LIST.last + 1


def letter(name: str) -> str:
    return column_letter(LIST.columns[name])


def area(left: str, right: str, first: int = FIRST, last: int = LAST) -> str:
    return f"{letter(left)}{first}:{letter(right)}{last}"


def typed(row: int, line: Line) -> tuple[tuple[str | int, ...], ...]:
    """Type a line into the cells of a row."""
    names = [column.code for column in LIST.block.fields]
    return tuple(
        ("type_in", TAB, f"{letter(name)}{row}", str(value))
        for name, value in zip(names, line, strict=True)
        if value is not None
    )


@dataclass(frozen=True)
class Edit:
    """What was done, which lines are gone or came in, and what is found."""

    edits: Edits
    found: Mapping[str, int] = field(default_factory=dict)
    gone: tuple[Line, ...] = ()
    added: tuple[Line, ...] = ()


NEW: Line = ("W01a", "CCC", None, 2022, "Y")
OWN = ("indicator", "free_use")
FULL = {"too_many_lines": 1}
"""The list has room for as many lines as are filled in; one more is asked about."""

EDITS: Mapping[str, Edit] = {
    "nothing": Edit(()),
    "insert an empty row": Edit((("insert_rows", TAB, FIRST + 1, 1),)),
    "insert a line": Edit((("insert_rows", TAB, FIRST + 1, 1), *typed(FIRST + 1, NEW)), FULL, added=(NEW,)),
    "delete a line": Edit((("delete_rows", TAB, FIRST + 1, 1),), {"lines_removed": 1}, gone=(LINES[1],)),
    "sort with the numbers": Edit((("sort_rows", TAB, area(LINE, "free_use"), 4),)),
    "sort with the keys": Edit((("sort_rows", TAB, area(KEY, CONTENT), 5),)),
    "sort what was typed": Edit((("sort_rows", TAB, area(*OWN), 3),)),
    "rename the sheet": Edit((("rename_sheet", TAB, "Projets 2025"),)),
    "insert a column": Edit((("insert_column", TAB, letter("name")),), {"columns_moved": 1}),
    "insert a column and write in it": Edit(
        (("insert_column", TAB, letter("name")), ("type_text", TAB, f"{letter('name')}{FIRST}", "ask Ana")),
        {"columns_moved": 1, "unplaced": 1},
    ),
    "delete the key column": Edit((("delete_column", TAB, letter(KEY)),)),
    "delete the check column": Edit((("delete_column", TAB, letter(CHECK)),), {"columns_moved": 1}),
    "delete the head": Edit((("delete_rows", TAB, 1, FIRST - 1),)),
    "paste lines below": Edit((*typed(LAST + 2, NEW),), FULL, added=(NEW,)),
    "paste lines over": Edit(typed(FIRST, NEW), gone=(LINES[0],), added=(NEW,)),
    "paste numbered lines": Edit(
        (("type_text", TAB, f"{letter(LINE)}{LAST + 1}", "L1"), *typed(LAST + 1, NEW)), FULL, added=(NEW,)
    ),
    "cut a line and paste it below": Edit((("cut_and_paste", TAB, area(*OWN, last=FIRST), TAB, f"C{LAST + 3}"),)),
    "cut a cell and paste it elsewhere": Edit(
        (("cut_and_paste", TAB, f"{letter('name')}{FIRST + 1}", TAB, "P3"),),
        {"unplaced": 1, "line_incomplete": 1},
        gone=(LINES[1],),
        added=(("F01", "OTHER", None, 2010, "N"),),
    ),
    "copy the sheet": Edit((("copy_sheet", TAB, "Copy"),), {"list_copied": 1}),
    "copy the sheet and change a line": Edit(
        (("copy_sheet", TAB, "Copy"), *typed(FIRST, NEW)), {"list_copied": 1, **FULL}, added=(NEW,)
    ),
    "copy as values": Edit(
        (("copy_as_values",),),
        {"columns_moved": 2, "header_lost": 2, "keys_lost": 2, "only_values": 1, "sheet_added": 3},
    ),
    "delete the sheet": Edit((("delete_sheet", TAB),), {"list_missing": 1}, gone=LINES),
}


@pytest.fixture(scope="module")
def round_(tmp_path_factory: pytest.TempPathFactory) -> Round:
    return list_round(tmp_path_factory.mktemp("listed"))


@pytest.fixture(scope="module", params=EACH_FORMAT)
def saved(
    request: pytest.FixtureRequest, round_: Round, tmp_path_factory: pytest.TempPathFactory, uno_python: Path
) -> Saved:
    folder = tmp_path_factory.mktemp("edited")
    write_questionnaire(folder / "sent.xlsx", round_, round_.participants[0], LAYOUT)
    book = FilledWorkbook(folder / "sent.xlsx", LAYOUT, TABS, "en")
    for number, line in enumerate(TYPED, 1):
        for column, value in zip(LIST.block.fields, line, strict=True):
            book.type_at(LIST.code, f"{letter(column.code)}{LIST.row(number) + 1}", value)
    book.type(LAYOUT.slot("W01a", "status"), "2 – Adopted")
    book.type_named(SIGN_OFF, "A. Person")
    book.save(folder / "filled.xlsx", dt.datetime(2026, 3, 1, 8))
    edits = {name: edit.edits for name, edit in EDITS.items()}
    save_edited(uno_python, folder / "filled.xlsx", edits, request.param)
    return lambda name: folder / f"{name}.{request.param}"


def read(round_: Round, path: Path) -> Submission:
    return tidy(receive_file(path), path.read_bytes(), round_, LAYOUT)


def lines(submission: Submission) -> Counter[Line]:
    """The lines read, whatever their numbers."""
    rows = rows_of(submission)
    found: dict[object, list[object]] = {}
    for number, *values in zip(*(rows[name] for name in ("line", "code", "number", "text")), strict=True):
        found.setdefault(number, []).append(next((value for value in values if value is not None), None))
    return Counter(map(tuple, found.values()))


@pytest.mark.parametrize("name", EDITS)
def test_lines__after_an_edit_and_a_save__are_those_that_were_typed(round_: Round, saved: Saved, name: str) -> None:
    edit, submission = EDITS[name], judged(round_, read(round_, saved(name)))
    assert lines(submission) == Counter(LINES) - Counter(edit.gone) + Counter(edit.added)
    found = Counter(f.code for f in submission.findings)
    assert dict(found - Counter({"protection_removed": 1})) == edit.found


@pytest.mark.wide
def test_returns__after_every_edit__say_the_same_as_with_care(round_: Round, saved: Saved) -> None:
    for path in map(saved, EDITS):
        assert_same_with_care(receive_file(path), path.read_bytes(), round_, LAYOUT)
