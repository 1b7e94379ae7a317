"""Tables on the sheet of their section: where they stand there, and what Overview, Check and the block say of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from openpyxl.worksheet.worksheet import Worksheet

from pipeline.simulation.fill import CellValue, FilledWorkbook
from questionnaire.addresses import column_letter
from questionnaire.declaration.lists.table_block import Stands, TableBlock
from questionnaire.layout import (
    CHECK,
    GUIDANCE,
    IDENTITY,
    INTRODUCTION,
    KEY,
    LINE,
    LIST_HEADINGS,
    REASON,
    TITLE,
    Column,
    Layout,
    RowKind,
    TableSheet,
)
from questionnaire.sheet_names import CHECKS, OVERVIEW
from questionnaire.table_columns import previous_column
from questionnaire.workbook.looks.section_pages import page_breaks, units
from tests.engines import IronCalc, RawGrid
from tests.given import following
from tests.questionnaire.workbook.written import Written, write
from tests.with_table import instrument, table, table_round


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Written:
    """The questionnaire of the small instrument with tables, in English."""
    round_ = table_round(tmp_path_factory.mktemp("narrow"))
    return write(tmp_path_factory.mktemp("written"), round_, round_.participants[0])


def of(written: Written, code: str) -> TableSheet:
    found = written.layout.list_of(code)
    assert isinstance(found, TableSheet)
    return found


def calculated(
    written: Written,
    cells: Mapping[tuple[str, int, str], CellValue],
    folder: Path,
    answers: Iterable[tuple[str, str]] = (),
) -> dict[str, RawGrid]:
    """All sheets after something was typed into lines of tables; line 0 is that of the whole table.

    To the questions of `answers` the answer is “many”.
    """
    book = FilledWorkbook(written.path, written.layout, written.tabs, "en")
    for indicator, field in answers:
        book.type(written.layout.slot(indicator, field), "many")
    for (code, line, column), value in cells.items():
        sheet = of(written, code)
        row = sheet.row(line) if line else sheet.whole
        book.type_at(sheet.code, f"{column_letter(sheet.columns[column])}{row + 1}", value)
    path = folder / "filled.xlsx"
    book.save(path, dt.datetime(2026, 3, 1))
    return IronCalc().grids(path)


# --- where it stands ---------------------------------------------------------------------------------------------


def test_tables__that_are_narrow_and_short__stand_on_the_section(written: Written) -> None:
    assert {sheet.block.code: sheet.code for sheet in written.layout.lists if isinstance(sheet, TableSheet)} == {
        "trees": "list_trees", "wells": "list_wells", "nests": "list_nests", "birds": "W", "rain": "W",
        "dry": "list_dry",
    }  # fmt: skip
    rows = [row for row in written.layout.section("W").rows if row.indicator.code == "W01a"]
    kinds = [row.kind for row in rows]
    assert kinds.index(RowKind.TABLE) > max(place for place, kind in enumerate(kinds) if kind is RowKind.PART)
    assert kinds[-1] is RowKind.GAP
    first = next(row.row for row in rows if row.kind is RowKind.TABLE)
    assert (of(written, "birds").top + TITLE, of(written, "rain").last) == (first, rows[-2].row)
    assert of(written, "rain").top + TITLE == of(written, "birds").last + 1


@pytest.mark.parametrize(
    ("code", "stands", "is_on_section"),
    [
        ("rain", None, True), ("rain", Stands.OWN, False), ("rain", Stands.SECTION, True), ("trees", None, False),
        ("nests", None, False), ("birds", None, True),
    ],
)  # fmt: skip
def test_table__stands_where_it_is_told_to_else_where_its_size_allows(
    code: str, stands: Stands | None, is_on_section: bool
) -> None:
    assert replace(table(code), stands=stands).is_on_section is is_on_section


def test_table__with_more_lines_or_a_long_word_above_its_narrow_column__has_its_own_sheet() -> None:
    birds, rain = table("birds"), table("rain")
    assert not replace(rain, most_lines=13).is_on_section
    assert replace(rain, most_lines=12).is_on_section
    asked = birds.questions[-1]
    for label, fits in (("Birds that breed", True), ("Hummingbird", False)):
        worded = replace(birds, questions=(*birds.questions[:-1], replace(asked, label={"en": label, "fr": "Oiseaux"})))
        assert worded.is_on_section is fits


def test_table__with_an_answer_that_is_no_number__has_its_own_sheet() -> None:
    rain = table("rain")
    chosen = replace(rain.questions[1], type=table("birds").questions[0].type)
    assert not replace(rain, questions=(rain.questions[0], chosen)).fits_section


# --- what it looks like ------------------------------------------------------------------------------------------


def test_rows__have_title_hidden_header_headings_and_lines(written: Written) -> None:
    birds, grid = of(written, "birds"), written.values[written.tabs["W"]]
    sheet = written.section("W")
    assert [grid[birds.top + row][Column.QUESTION] for row in (TITLE, LIST_HEADINGS)] == [
        "Share of birds",
        "Sort of tree",
    ]
    assert "RS – Nothing to report" in str(grid[birds.top + INTRODUCTION][Column.QUESTION])
    columns = (Column.NUMBER, Column.QUESTION, Column.ANSWER, Column.IF_NONE, Column.CHECK, Column.HELP)
    assert [grid[birds.top + LIST_HEADINGS][column] for column in columns] == [
        "No.", "Sort of tree", "Ground", "Birds", "Check", "If no answer",
    ]  # fmt: skip
    assert [grid[birds.row(2)][column] for column in columns[:3]] == ["W01a-L2", "Oak", "In the plain"]
    assert grid[birds.row(2)][Column.KEY] == "birds:2"
    assert sheet.row_dimensions[birds.top + IDENTITY + 1].hidden
    assert grid[birds.top + IDENTITY][birds.columns["birds"]] == "acopio:birds.birds"
    assert min(place for name, place in birds.columns.items() if "." in name) == len(Column)
    last = column_letter(max(birds.columns.values()))
    assert all(
        sheet.column_dimensions[letter].hidden for letter in ("A", "Q", last) if letter in sheet.column_dimensions
    )


def test_gap_below_the_questions__links_to_tables_on_sheets_of_their_own_alone(written: Written) -> None:
    gap = next(
        row.row for row in written.layout.section("W").rows if row.kind is RowKind.GAP and row.indicator.code == "W01a"
    )
    shown = [str(cell) for cell in written.values[written.tabs["W"]][gap] if cell]
    assert [text.rpartition(": ")[2] for text in shown] == ["Wells dug", "Nests", "Wells that are dry"]


def test_cells__are_open_where_somebody_answers(written: Written) -> None:
    birds, sheet = of(written, "birds"), written.section("W")

    def locked(row: int, column: str) -> bool:
        return bool(sheet.cell(row + 1, birds.columns[column] + 1).protection.locked)

    assert not any(locked(birds.row(line), "birds") for line in (1, 2, 3, 4))
    assert all(locked(birds.row(line), "birds") for line in (5, 6))
    assert not locked(birds.whole, REASON)
    assert all(locked(birds.row(1), name) for name in (LINE, "sorts", CHECK, KEY))


def test_numbers__in_neighbouring_columns__have_letters_of_different_size(written: Written) -> None:
    """LibreOffice leaves out the indent of the second of two that look the same."""
    sheet, birds, rain = written.section("W"), of(written, "birds"), of(written, "rain")
    narrow = sheet.cell(birds.row(1) + 1, birds.columns["birds"] + 1)
    usual = sheet.cell(rain.row(1) + 1, rain.columns["days"] + 1)
    assert (narrow.font.size, usual.font.size) == (9.5, 10)
    assert not usual.alignment.wrap_text


def test_refused_entry__says_which_reasons_a_cell_takes(written: Written) -> None:
    rain = of(written, "rain")
    first = f"{column_letter(rain.columns['days'])}{rain.row(1) + 1}"
    (found,) = [item for item in written.section("W").data_validations.dataValidation if first in item.sqref]
    assert str(found.formula1).endswith(f"+COUNTIF(_lists!$B$4:$B$7,{first})>0)")
    assert str(found.error).endswith("or it is not known, write one of these codes: SO, ND, CF, RS.")


def test_page__keeps_a_table_together(written: Written) -> None:
    section = written.layout.section("W")
    heights = dict.fromkeys(range(section.rows[-1].row + 1), 20.0)
    first, last = of(written, "birds").top + TITLE, of(written, "rain").last
    breaks = page_breaks(written.layout, units(section), heights)
    assert first in breaks
    assert not [row for row in breaks if first < row <= last]


def test_previous__headings__are_as_tall_as_their_texts(written: Written, tmp_path: Path) -> None:
    round_ = following(written.round, {"AAA": {}})
    later = write(tmp_path, replace(round_, previous_lines={"AAA": {}}), written.respondent)
    rain, sheet = of(later, "rain"), later.section("W")
    assert rain.columns[previous_column("days")] == Column.PREVIOUS
    assert sheet.row_dimensions[rain.top + GUIDANCE + 1].height > 26


# --- what is said of it ------------------------------------------------------------------------------------------


def overview(grids: Mapping[str, RawGrid], written: Written, code: str) -> list[object]:
    """The line of an indicator on the Overview: answered, to do, to correct."""
    lines = [row for row in grids[written.tabs[OVERVIEW]] if code in row]
    return list(lines[0][5:8])


def sections(grids: Mapping[str, RawGrid], written: Written) -> dict[str, list[object]]:
    """What the Check sheet counts by sheet: to correct, to do."""
    rows = grids[written.tabs[CHECKS]][7:15]
    return {str(row[1]): list(row[3:5]) for row in rows if row[1]}


def test_tables__of_an_indicator__count_with_its_questions(written: Written, tmp_path: Path) -> None:
    blank = calculated(written, {}, tmp_path)
    before, others = overview(blank, written, "W01a"), sections(blank, written)
    cells: dict[tuple[str, int, str], CellValue] = {
        ("rain", 1, "days"): 1, ("rain", 2, "days"): 2, ("rain", 3, "days"): 3, ("birds", 1, "birds"): "many",
    }  # fmt: skip
    filled = calculated(written, cells, tmp_path)
    after = overview(filled, written, "W01a")
    assert [before[0], after[0]] == ["0 / 6", "1 / 6"]
    assert [before[1:], after[1:]] == [[6, 0], [5, 1]]
    assert others["W…"] == [0, sections(filled, written)["W…"][1] + 1]  # type: ignore[operator]
    assert sections(filled, written)["W…"][0] == 1
    assert {tab: counts for tab, counts in others.items() if "≡" in tab} == {
        tab: [0, 1] for tab in ("F01 ≡", "W01a ≡", "W01a ≡ 2", "W01a ≡ 3")
    }


def test_point__on_the_check_sheet__says_which_line_it_is_about(written: Written, tmp_path: Path) -> None:
    cells: dict[tuple[str, int, str], CellValue] = {
        ("birds", 1, "birds"): "many", ("rain", 1, "days"): "many", ("trees", 2, "planted"): "many",
    }  # fmt: skip
    grid = calculated(written, cells, tmp_path)[written.tabs[CHECKS]]
    points = [[str(cell) for cell in row if cell] for row in grid if str(row[6]).startswith("×")]
    assert [point[:3] for point in points if "L" in point[0]] == [
        ["W01a-L1", "Households connected", "Oak – On hills"],
        ["W01a-L1", "Households connected", "2023"],
        ["L2", "Trees planted", "Oak – In the plain"],
    ]


def test_point__about_a_question_of_a_sheet_with_tables__shows_no_answer_beside_it(
    written: Written, tmp_path: Path
) -> None:
    grid = calculated(written, {}, tmp_path, [("W01a", "total")])[written.tabs[CHECKS]]
    points = [[str(cell) for cell in row if cell] for row in grid if str(row[6]).startswith("×")]
    assert [point[2] for point in points if point[0].startswith("W01a")] == ["How many in all?"]


def test_page__of_few_points__has_24_lines_and_says_so_as_soon_as_there_are_more(
    written: Written, tmp_path: Path
) -> None:
    sheet = written.book[written.tabs[CHECKS]]
    assert isinstance(sheet, Worksheet)
    (note,) = [cell for cell in sheet["D"] if str(cell.value).startswith("=IF(") and ">24," in str(cell.value)]
    assert sheet.print_area == f"'{sheet.title}'!$B$1:$G${note.row + 25}"
    few = calculated(written, {}, tmp_path)[sheet.title][note.row - 1][3]
    cells: dict[tuple[str, int, str], CellValue] = {
        (code, line, column): "many"
        for code, column in (
            ("birds", "birds"),
            ("trees", "planted"),
            ("nests", "nests_2025"),
            ("rain", "days"),
            ("wells", "dug_2024"),
            ("dry", "dry_2024"),
        )
        for line in range(1, written.layout.list_of(code).block.most_lines + 1)
        if (code, line) != ("trees", 3)
    }
    answers = [("W01a", "total"), ("W01a", "urban"), ("W01a", "rural")]
    many = calculated(written, cells, tmp_path, answers)[sheet.title][note.row - 1][3]
    said = "Only the first 24 are printed; the next ones take their place as they are settled."
    assert (few, many) == ("", said)


def test_layout__without_narrow_tables__has_rows_of_questions_alone() -> None:
    own = [
        replace(block, stands=Stands.OWN) if isinstance(block, TableBlock) else block for block in instrument().lists
    ]
    there = Layout(replace(instrument(), lists=tuple(own)))
    assert [row.kind for sheet in there.sheets for row in sheet.rows].count(RowKind.TABLE) == 0
    assert there.own_sheets == there.lists
