"""The workbook for people: the levels at a glance with their totals, rows on the sheets of sections, nothing of contacts."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow as pa
import pytest
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from pipeline.publication.formats import regional_workbook
from pipeline.publication.formats.regional_workbook import WORKBOOK, write_workbook
from pipeline.publication.formats.workbook_sheets import Book, TableSheet, shades
from pipeline.validation.completeness import Coverage
from questionnaire.blanks import AnswerStatus
from questionnaire.declaration.instrument import read_instrument
from questionnaire.messages import LANGUAGES, keys, wording
from questionnaire.rounds.access import Access
from questionnaire.rounds.standings import Outcome
from questionnaire.rules.evaluate import Answer, Answers, Responses
from schemas.tables.table import Column
from tests import with_list
from tests.given import mini, replace_in
from tests.pipeline.tables.made import Made, round_of

COVERAGE = Coverage(accepted=2, asked=3, answered=5, indicators=12)
NUMBERS = dict.fromkeys(("read", *map(str, Outcome)), 7)
ANSWERS: Answers = {
    ("W01a", "status"): Answer("3"),
    ("W01b", "status"): Answer(None, AnswerStatus.NOT_APPLICABLE),
    ("W02", "status"): Answer(None, AnswerStatus.NOTHING_TO_REPORT),
    ("W02", "report"): Answer("=1+1"),
    ("F01", "status"): Answer("0"),
}
LINES = {"projects": {1: {"indicator": Answer("F01"), "partner": Answer("OTHER"), "name": Answer("Utopia")}}}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    round_ = round_of(with_list.instrument(), "AAA", "BBB")
    found = Made(round_, tmp_path_factory.mktemp("made"), {"AAA": Responses(ANSWERS, LINES)}, BBB="no_return")
    for access in Access:
        write_workbook(round_, found.folders[access], access, COVERAGE, NUMBERS)
    return found


@pytest.fixture(scope="module")
def books(made: Made) -> dict[Access, Workbook]:
    return {access: openpyxl.load_workbook(made.folders[access] / WORKBOOK) for access in Access}


def cells(sheet: Worksheet, first: int = 1, last: int | None = None) -> list[list[object]]:
    return [[cell.value for cell in row] for row in sheet.iter_rows(min_row=first, max_row=last)]


@pytest.mark.parametrize(
    ("levels", "expected"), [(1, [0]), (2, [0, 4]), (3, [0, 2, 4]), (5, [0, 1, 2, 3, 4]), (7, [0, 1, 1, 2, 3, 3, 4])]
)
def test_shades__of_any_number_of_levels__run_from_the_lightest_to_the_darkest(
    levels: int, expected: list[int]
) -> None:
    assert shades(levels) == expected


def test_matrix__levels_are_numbers__reasons_are_codes__totals_both_ways(books: dict[Access, Workbook]) -> None:
    for book in books.values():
        rows = cells(book["Levels"], 2)
        assert rows == [
            ["Code", "Respondent", "Levels", "Met", "W01a", "W01b", "W02", "F01"],
            [None, "Have a level", None, None, 1, 0, 0, 1],
            [None, "Meet it", None, None, 1, 0, 0, 0],
            [None, "Share, at least", None, None, 0.5, 0, 0, 0],
            [None, "Share, at most", None, None, 1, 1, 1, 0.5],
            ["AAA", "State AAA", 2, 1, 3, "SO", "RS", 0],
            ["BBB", "State BBB", None, None, None, None, None, None],
        ]
        assert book["Levels"].freeze_panes == "E7"


def test_matrix__reasons_are_the_codes_of_its_language__heads_as_tall_as_the_longest_needs(tmp_path: Path) -> None:
    folder = with_list.instrument_folder(tmp_path / "mini")
    replace_in(folder / "codelists.csv", "status,SO,,not_applicable,Not", "status,SO,,not_applicable,NAP – Not")
    long = (
        "Households connected to clean water in every season of the year, in villages and in towns, by region and owner"
    )
    replace_in(folder / "table.txt", "Households connected", long)
    round_ = round_of(read_instrument(folder), "AAA")
    found = Made(round_, tmp_path, {"AAA": Responses(ANSWERS, LINES)})
    write_workbook(round_, found.folders[Access.PUBLIC], Access.PUBLIC, COVERAGE, NUMBERS)
    sheet = openpyxl.load_workbook(found.folders[Access.PUBLIC] / WORKBOOK)["Levels"]
    assert cells(sheet)[6][4:7] == [3, "NAP", "RS"]
    assert 180 < sheet.row_dimensions[1].height <= 200


def test_sections__have_their_rows_of_the_dataset__with_filters_and_hashes_at_the_far_end(
    books: dict[Access, Workbook],
) -> None:
    sheet = books[Access.RESTRICTED]["W Water"]
    heads, meanings, *rows = cells(sheet)
    assert (heads[0], heads[-1], meanings[3]) == ("round", "submission", "code of the respondent")
    place = heads.index("indicator")
    assert [row[place] for row in rows] == ["W01a", "W01b", "W02"] * 2
    assert (sheet.freeze_panes, sheet.auto_filter.ref.split(":")[0]) == ("A3", "A2")
    assert [row[place] for row in cells(books[Access.RESTRICTED]["F Forests"], 3)] == ["F01", "F01"]


def test_first_sheet__links_to_every_other(books: dict[Access, Workbook]) -> None:
    for book in books.values():
        first, *others = book.worksheets
        links = [cell.hyperlink.location for row in first.iter_rows() for cell in row if cell.hyperlink]
        assert links == [f"'{sheet.title}'!A1" for sheet in others]


def test_workbook__of_the_secretariat__has_texts_made_harmless_and_no_contact(books: dict[Access, Workbook]) -> None:
    book = books[Access.RESTRICTED]
    texts = [value for sheet in book for row in cells(sheet) for value in row]
    assert "'=1+1" in texts
    assert not {"email", "focal_point", "sender", "signed_off_by"} & {cell.value for cell in book["returns"][1]}
    heads = [cell.value for cell in book["respondents"][1]]
    assert not {"email", "focal_point", "phone", "signed_off_by"} & set(heads)


def test_workbook__for_everybody__has_no_text_and_no_register(books: dict[Access, Workbook]) -> None:
    book = books[Access.PUBLIC]
    assert not {"returns", "findings", "reconciliation"} & set(book.sheetnames)
    texts = {value for sheet in book for row in cells(sheet) for value in row}
    assert not {"'=1+1", "Utopia", "aaa.xlsx", "aaa"} & texts


def test_workbook__of_more_rows_than_a_sheet_holds__has_measures_and_says_where_the_rows_are(
    made: Made, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(regional_workbook, "MOST_ROWS", 7)
    for path in made.folders[Access.PUBLIC].glob("*.parquet"):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    write_workbook(made.round, tmp_path, Access.PUBLIC, COVERAGE, NUMBERS)
    book = openpyxl.load_workbook(tmp_path / WORKBOOK)
    assert {"Levels", "measure_share_met", "codebook"} <= set(book.sheetnames)
    assert not {"W Water", "type_count", "respondents", "List of projects"} & set(book.sheetnames)
    assert any("dataset.duckdb" in str(value) for row in cells(book["Read me"]) for value in row)


def test_workbook__first_sheet__says_of_every_other_sheet_what_stands_there(made: Made, tmp_path: Path) -> None:
    for path in made.folders[Access.PUBLIC].glob("*.parquet"):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    write_workbook(made.round, tmp_path, Access.PUBLIC, COVERAGE, NUMBERS)
    book = openpyxl.load_workbook(tmp_path / WORKBOOK)
    meanings = {row[0]: row[1] for row in cells(book["Read me"]) if row[0] in book.sheetnames}
    assert meanings.keys() == {*book.sheetnames} - {"Read me"}
    assert all(meanings.values())
    assert meanings["Levels"] == "participants × indicators: the level, or why there is none, with the totals"
    assert meanings["W Water"] == "indicators of the section: one row per participant and indicator"


def test_workbook__written_twice__is_the_same_bytes(made: Made, tmp_path: Path) -> None:
    for path in made.folders[Access.PUBLIC].glob("*.parquet"):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    write_workbook(made.round, tmp_path, Access.PUBLIC, COVERAGE, NUMBERS)
    assert (tmp_path / WORKBOOK).read_bytes() == (made.folders[Access.PUBLIC] / WORKBOOK).read_bytes()


def rows_of_columns(*columns: list[Any]) -> pa.RecordBatch:
    return pa.RecordBatch.from_arrays(
        [pa.array(values) for values in columns], names=list(map(str, range(len(columns))))
    )


def test_table_sheet__every_sort_of_value__stands_in_its_cell(tmp_path: Path) -> None:
    columns = [Column(name, "string", {"en": name}) for name in ("a", "b", "c")]
    columns.append(Column("day", "date32", {"en": "day"}))
    columns += [Column(name, "double", {"en": name}) for name in ("share_met", "response_rate", "score")]
    columns.append(Column("is_key", "bool", {"en": "is_key"}))
    with Book(tmp_path / "x.xlsx", "x", dt.date(2026, 1, 1)) as book:
        sheet = TableSheet(book, "x", columns, "en")
        values = (["\u202e@x", None], [0, -1.5], [True, False], [dt.date(2024, 5, 1), None])
        shares = ([0.5, None], [0.25, None], [62.5, None], [True, False])
        sheet.write(rows_of_columns(*values, *shares))
        sheet.finish()
    written = openpyxl.load_workbook(tmp_path / "x.xlsx")["x"]
    assert cells(written, 3) == [
        ["'@x", 0, True, dt.datetime(2024, 5, 1), 0.5, 0.25, 62.5, True],
        [None, -1.5, False, None, None, None, None, False],
    ]  # fmt: skip
    assert [written[place].number_format for place in ("E3", "F3", "G3")] == ["0.0%", "0.0%", "General"]
    # What a spreadsheet program takes for the format of truth values, whatever its language.
    assert written["H3"].number_format == '"TRUE";"TRUE";"FALSE"'
    assert [written[place].alignment.indent for place in ("A3", "E3", "G3")] == [0, 1, 1]


def test_table_sheet__what_is_asked_and_found__is_read_whole_and_an_answer_is_not(tmp_path: Path) -> None:
    field = mini().fields["status"]
    columns = [Column(name, "string", {"en": name}) for name in ("message", "label_pt", "value", "count")]
    columns.append(Column("title", "string", {"en": "title"}, field=field))
    columns.append(Column("reason", "string", {"en": "reason"}, field=field))
    with Book(tmp_path / "x.xlsx", "x", dt.date(2026, 1, 1)) as book:
        sheet = TableSheet(book, "x", columns, "en")
        long = ["many words " * 20, None, "few words", "many words " * 5000]
        sheet.write(rows_of_columns(long, long[::-1], long, long, long, long))
        sheet.finish()
    written = openpyxl.load_workbook(tmp_path / "x.xlsx")["x"]
    assert [written[f"{column}3"].alignment.wrap_text for column in "ABCDEF"] == [True, True, None, None, None, None]
    assert [written.column_dimensions[column].width for column in "AC"] == pytest.approx([60, 46], abs=1)
    heights = [written.row_dimensions[row].height for row in range(3, 7)]
    assert heights == [409, None, None, 409]


def test_table_sheet__a_text_of_some_lines__makes_its_row_as_tall(tmp_path: Path) -> None:
    with Book(tmp_path / "x.xlsx", "x", dt.date(2026, 1, 1)) as book:
        sheet = TableSheet(book, "x", [Column("remedy", "string", {"en": "remedy"})], "en")
        sheet.write(rows_of_columns(["x " * 30, "x " * 72, None, "x " * 73]))
        sheet.finish()
    written = openpyxl.load_workbook(tmp_path / "x.xlsx")["x"]
    assert [written.row_dimensions[row].height for row in range(3, 7)] == [None, 29, None, 43.5]


def test_table_sheet__printed__repeats_its_heads_on_as_many_pages_across_as_can_be_read(tmp_path: Path) -> None:
    columns = [Column(f"column_{number}", "string", {"en": "a"}) for number in range(20)]
    with Book(tmp_path / "x.xlsx", "x", dt.date(2026, 1, 1)) as book:
        for name, shown in (("wide", columns), ("narrow", columns[:3])):
            sheet = TableSheet(book, name, shown, "en", frozen=2)
            sheet.write(rows_of_columns(*(["x" * 30] for _ in shown)))
            sheet.finish()
    written = openpyxl.load_workbook(tmp_path / "x.xlsx")
    assert [(sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) for sheet in written] == [(4, 0), (None, 0)]
    assert [(sheet.print_title_rows, sheet.print_title_cols) for sheet in written] == [("$1:$2", "$A:$B")] * 2


def test_words__of_the_workbook__are_there_in_every_language() -> None:
    assert all(
        set(wording(name, key)) == set(LANGUAGES) for name in ("dataset", "tables", "columns") for key in keys(name)
    )
