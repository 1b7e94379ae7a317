"""Tables on the sheet of their section come back edited as tables on sheets of their own do, and nothing is lost."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from pipeline.reading.computed import without_answers
from pipeline.reading.lines.lists import read_lists
from pipeline.reading.places.locate import Located, find, identities_in, locate
from pipeline.reading.places.reports.damage import _lost
from pipeline.reading.values.parsed import Context
from pipeline.reading.workbooks.grids import Sheet, Workbook, read_grids
from pipeline.reading.workbooks.metadata import NO_METADATA, At, Drawn, SheetMetadata, WorkbookMetadata
from pipeline.receiving.formats import Format
from pipeline.simulation.fill import CellValue, FilledWorkbook
from questionnaire.addresses import column_letter
from questionnaire.declaration.form import Instrument
from questionnaire.declaration.lists.table_block import Stands, TableBlock
from questionnaire.layout import (
    FIRST_BLOCK,
    HEADER_KEYS,
    IDENTITY,
    LIST_HEADINGS,
    REASON,
    TITLE,
    Column,
    Layout,
    TableSheet,
)
from questionnaire.sheet_names import tab_names
from tests.given import write_questionnaire
from tests.with_table import instrument, table_round

Rows = list[list[Any]]

TYPED: dict[tuple[str, int, str], CellValue] = {
    ("birds", 1, "birds"): "25%", ("birds", 2, "reason"): "ND", ("birds", 3, "birds"): "50%", ("birds", 4, "birds"): "20%",
    ("rain", 1, "days"): 91, ("rain", 3, "days"): 93, ("rain", 2, "reason"): "ND",
}  # fmt: skip
READ = {
    ("birds", 1): 25.0, ("birds", 2): "ND", ("birds", 3): 50.0, ("birds", 4): 20.0, ("birds", 5): 75.0,
    ("birds", 6): 20.0, ("rain", 1): 91.0, ("rain", 2): "ND", ("rain", 3): 93.0,
}  # fmt: skip
LAYOUT = Layout(instrument())


def table(code: str) -> TableSheet:
    found = LAYOUT.list_of(code)
    assert isinstance(found, TableSheet)
    return found


BIRDS, RAIN = table("birds"), table("rain")


def returned(folder: Path, layout: Layout) -> Workbook:
    """The questionnaire in the layout given, with what was typed; only cells are known of it."""
    round_ = table_round(folder)
    path = folder / "AAA.xlsx"
    write_questionnaire(path, round_, round_.participants[0], layout)
    book = FilledWorkbook(path, layout, tab_names(layout), "en")
    for (code, line, column), value in TYPED.items():
        sheet = layout.list_of(code)
        book.type_at(sheet.code, f"{column_letter(sheet.columns[column])}{sheet.row(line) + 1}", value)
    book.type(layout.slot("W01a", "total"), 12)
    book.save(path, dt.datetime(2026, 3, 1))
    found = read_grids(path.read_bytes(), Format.XLSX)
    sheets = tuple(Sheet(sheet.name, sheet.rows, NO_METADATA) for sheet in found.sheets)
    return Workbook(sheets, WorkbookMetadata())


@pytest.fixture(scope="module")
def sent(tmp_path_factory: pytest.TempPathFactory) -> Workbook:
    return returned(tmp_path_factory.mktemp("narrow"), LAYOUT)


def edited(workbook: Workbook, edit: Callable[[Rows], Any], name: str = "W…") -> Workbook:
    """The workbook after an edit of the section with the tables."""

    def of(sheet: Sheet) -> Sheet:
        if sheet.name != "W…":
            return sheet
        rows = [list(row) for row in sheet.rows]
        edit(rows)
        return replace(sheet, name=name, rows=rows)

    return replace(workbook, sheets=tuple(map(of, workbook.sheets)))


def located(workbook: Workbook, layout: Layout = LAYOUT) -> Located:
    return locate(find(workbook, identities_in(workbook), layout), layout)


def values(found: Located) -> dict[tuple[str, int], object]:
    """What is read of the two tables: a reason as it was typed."""
    lines = read_lists(found.lists, Context(instrument().missing), without_answers(instrument(), {}, "")).lines
    return {
        (line.block.code, line.number): cell.parsed.number
        if cell.parsed.number is not None
        else cell.parsed.raw or cell.if_none
        for line in lines
        if line.block.code in ("birds", "rain")
        for code, cell in line.cells.items()
        if code in ("birds", "days")
    }


def codes(found: Located) -> set[str]:
    """What is found beyond blank cells and what comes of a file without metadata."""
    noted = (
        *found.findings,
        *read_lists(found.lists, Context(instrument().missing), without_answers(instrument(), {}, "")).findings,
    )
    usual = {"cells_blank", "totals_from_known", "number_from_text", "rows_inserted"}
    return {one.code for one in noted if one.sheet != "F01 ≡"} - usual


# --- edits -----------------------------------------------------------------------------------------------------


def own(sheet: TableSheet) -> range:
    """The rows of a table."""
    return range(sheet.top + TITLE, sheet.last + 1)


def clear(rows: Rows, places: range, column: int) -> None:
    for row in places:
        rows[row][column] = ""


def lose_keys(rows: Rows) -> None:
    clear(rows, range(len(rows)), Column.KEY)
    for sheet in (BIRDS, RAIN):
        rows[sheet.top + IDENTITY] = [""] * len(rows[0])


def lose_numbers(rows: Rows) -> None:
    for sheet in (BIRDS, RAIN):
        clear(rows, own(sheet), Column.NUMBER)


def turn_lines_over(rows: Rows) -> None:
    rows[BIRDS.first : BIRDS.last + 1] = reversed(rows[BIRDS.first : BIRDS.last + 1])


def exchange_tables(rows: Rows) -> None:
    birds, rain = ([rows[row] for row in own(sheet)] for sheet in (BIRDS, RAIN))
    rows[BIRDS.top + TITLE : RAIN.last + 1] = [*rain, *birds]


def insert_column(rows: Rows) -> None:
    for row in rows:
        row.insert(Column.ANSWER, "")


def insert_rows(rows: Rows) -> None:
    for place in (RAIN.row(2), BIRDS.row(4), BIRDS.row(2), BIRDS.top + TITLE):
        rows.insert(place, [""] * len(rows[0]))


def move_a_line_into_the_other_table(rows: Rows) -> None:
    rows.insert(BIRDS.first, rows.pop(RAIN.row(2)))


def know_the_tables_by_numbers_alone(rows: Rows) -> None:
    """Nothing but the numbers of lines says where a table is, and nothing but its headings what a column holds."""
    lose_keys(rows)
    for sheet in (BIRDS, RAIN):
        rows[sheet.top + TITLE] = [""] * len(rows[0])
    insert_column(rows)


EDITS: dict[str, tuple[Callable[[Rows], Any], set[str]]] = {
    "nothing": (len, set()),
    "insert rows in the tables and above": (insert_rows, set()),
    "insert rows at the top": (lambda rows: rows.insert(FIRST_BLOCK, [""] * len(rows[0])), set()),
    "insert a column before the numbers": (insert_column, {"columns_moved"}),
    "turn the lines over": (turn_lines_over, set()),
    "exchange the tables": (exchange_tables, set()),
    "lose the keys": (lose_keys, {"keys_lost"}),
    "lose the numbers of the lines": (lose_numbers, set()),
    "move a line into the other table": (move_a_line_into_the_other_table, set()),
}  # fmt: skip


@pytest.mark.parametrize("edit", EDITS)
def test_tables_on_a_section__edited__say_what_was_typed(sent: Workbook, edit: str) -> None:
    change, reported = EDITS[edit]
    found = located(edited(sent, change))
    assert values(found) == READ
    assert codes(found) == reported
    assert found.places["W01a:total"][0].answer == 12


def test_table__known_by_numbers_alone__has_its_headings(sent: Workbook) -> None:
    def edit(rows: Rows) -> None:
        know_the_tables_by_numbers_alone(rows)
        del rows[RAIN.top + TITLE : RAIN.last + 1]

    found = values(located(edited(sent, edit)))
    assert {key: value for key, value in found.items() if key[0] == "birds"} == {
        key: value for key, value in READ.items() if key[0] == "birds"
    }


def test_sheet__renamed__has_its_tables(sent: Workbook) -> None:
    found = located(edited(sent, len, "Agua"))
    assert values(found) == READ
    assert {listed.sheet.name for listed in found.lists if listed.layout.block.code == "rain"} == {"Agua"}


def test_table__removed__is_missing(sent: Workbook) -> None:
    def remove(rows: Rows) -> None:
        del rows[RAIN.top + TITLE : RAIN.last + 1]

    found = located(edited(sent, remove))
    assert {key: value for key, value in values(found).items() if key[0] == "rain"} == {}
    missing = [one for one in found.findings if one.code == "table_missing"]
    assert [one.values["table"]["en"] for one in missing] == ["Days with rain"]  # type: ignore[index]
    assert codes(found) == {"table_missing"}


def test_sheet__copied__has_its_tables_once(sent: Workbook) -> None:
    section = next(sheet for sheet in sent.sheets if sheet.name == "W…")
    found = located(replace(sent, sheets=(*sent.sheets, replace(section, name="W… (2)"))))
    assert values(found) == READ
    assert {"table_copied_alike", "rows_copied"} <= codes(found)


@pytest.mark.parametrize(
    ("place", "column", "code"),
    [
        (BIRDS.row(1), Column.COMMENT, "unplaced"),
        (BIRDS.row(1), Column.HELP + 1, "unplaced"),
        (BIRDS.top + TITLE, Column.COMMENT, "unplaced"),
        (RAIN.last, Column.COMMENT, "unplaced"),
        (BIRDS.whole, Column.IF_NONE, "unplaced"),
        (RAIN.row(2), Column.QUESTION, "table_relabelled"),
    ],
)
def test_text__beside_a_table_on_a_section__is_reported_at_its_cell(
    sent: Workbook, place: int, column: int, code: str
) -> None:
    def write(rows: Rows) -> None:
        rows[place][column] = "see the annex"

    found = located(edited(sent, write))
    assert values(found) == READ
    noted = (
        *found.findings,
        *read_lists(found.lists, Context(instrument().missing), without_answers(instrument(), {}, "")).findings,
    )
    assert [(one.code, one.cell) for one in noted if one.value == "see the annex"] == [
        (code, f"{column_letter(column)}{place + 1}")
    ]


def test_column__filled_in_beside_a_table__is_reported_whole(sent: Workbook) -> None:
    def write(rows: Rows) -> None:
        for line in (1, 2, 3):
            rows[BIRDS.row(line)][Column.COMMENT] = 7

    found = located(edited(sent, write))
    assert values(found) == READ
    assert codes(found) == {"table_column_added"}


# --- where it stood in another edition ---------------------------------------------------------------------------


def standing(stands: Stands) -> Layout:
    """The layout in which the narrow tables were told where to stand."""
    lists = [
        replace(block, stands=stands) if isinstance(block, TableBlock) and block.code in ("birds", "rain") else block
        for block in instrument().lists
    ]
    return Layout(replace_lists(instrument(), lists))


def replace_lists(of: Instrument, lists: list[Any]) -> Instrument:
    return replace(of, lists=tuple(lists))


def test_tables__sent_on_sheets_of_their_own__are_read_where_they_stand_on_the_section_today(tmp_path: Path) -> None:
    found = located(returned(tmp_path, standing(Stands.OWN)))
    assert values(found) == READ
    assert codes(found) == set()


def test_table__sent_on_a_sheet_of_its_own_and_without_headings__is_read_in_the_order_it_was_sent(
    tmp_path: Path,
) -> None:
    own = standing(Stands.OWN)
    tab = tab_names(own)["list_birds"]
    sent = returned(tmp_path, own)

    def without_headings(sheet: Sheet) -> Sheet:
        cleared = [[] if row in (HEADER_KEYS, LIST_HEADINGS) else cells for row, cells in enumerate(sheet.rows)]
        return replace(sheet, rows=cleared) if sheet.name == tab else sheet

    found = located(replace(sent, sheets=tuple(map(without_headings, sent.sheets))))
    assert values(found) == READ
    assert "table_relabelled" in codes(found)


def test_damage__of_a_sheet_with_tables__names_it_once() -> None:
    found = list(_lost({"W…": SheetMetadata(is_protected=False)}, ["W…"], ["W…"]))
    assert {one.values["sheets"] for one in found} == {"W…"}


def test_tables__sent_on_the_section__are_read_where_they_have_sheets_of_their_own_today(sent: Workbook) -> None:
    found = located(sent, standing(Stands.OWN))
    assert values(found) == READ
    assert codes(found) == {"columns_moved"}


def leave_rain_blank(rows: Rows) -> None:
    for code in ("days", REASON):
        clear(rows, own(RAIN), RAIN.columns[code])


@pytest.mark.parametrize(
    ("at", "severity"),
    [((RAIN.first, 5), "error"), ((BIRDS.first, 5), "warning"), ((0, 0), "warning"), (None, "warning")],
)
def test_picture__over_the_lines_of_a_table_without_content__may_be_its_answers(
    sent: Workbook, at: At | None, severity: str
) -> None:
    emptied = edited(sent, leave_rain_blank)
    over = SheetMetadata(drawn=(Drawn(at),))
    sheets = [replace(sheet, metadata=over) if sheet.name == "W…" else sheet for sheet in emptied.sheets]
    found = located(replace(emptied, sheets=tuple(sheets))).findings
    assert [str(one.severity) for one in found if one.code == "pictures_found"] == [severity]
