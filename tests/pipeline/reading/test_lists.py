"""Lines of lists in returned workbooks: found wherever they went, read like answers, never passed over in silence."""

from __future__ import annotations

from itertools import product
from pathlib import Path

import pytest
from openpyxl import load_workbook
from openpyxl.cell.cell import Cell
from openpyxl.worksheet.worksheet import Worksheet

from questionnaire.layout import LIST_HEADINGS, Column
from questionnaire.messages import LANGUAGES
from questionnaire.rounds.round import Round
from questionnaire.workbook.sheets import check_sheet
from tests.given import write_questionnaire
from tests.office import recalculate
from tests.pipeline.reading.list_rows import (
    Edit,
    Line,
    about,
    at,
    edited,
    fill,
    layout,
    listed,
    read,
    rows_of,
    tab,
    values,
)
from tests.with_list import list_round

GOOD: Line = {"indicator": "W01a – Wells", "partner": "Betaland", "begun": 2001, "free_use": "Yes"}
OTHER: Line = {"indicator": "W01a", "partner": "Ailleurs", "name": "Utopia", "free_use": "Non"}


@pytest.fixture(scope="module")
def round_(tmp_path_factory: pytest.TempPathFactory) -> Round:
    return list_round(tmp_path_factory.mktemp("listed"))


@pytest.fixture(scope="module")
def sent(round_: Round, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("sent") / "AAA.xlsx"
    write_questionnaire(path, round_, round_.participants[0], layout())
    return path


READ = {
    (1, "indicator"): "W01a", (1, "partner"): "BBB", (1, "begun"): 2001.0, (1, "free_use"): "Y",
    (3, "indicator"): "W01a", (3, "partner"): "OTHER", (3, "name"): "Utopia", (3, "free_use"): "N",
}  # fmt: skip


def test_lines__in_any_language_and_with_gaps__are_read_with_their_cells(
    round_: Round, sent: Path, tmp_path: Path
) -> None:
    path = fill(sent, tmp_path / "r.xlsx", {1: GOOD, 3: OTHER}, total=2, urban=1)
    submission = read(round_, path)
    assert about(submission) == []
    assert values(submission) == READ
    rows = rows_of(submission)
    place = rows["cell"].index(at(3, "partner"))
    reported = ("block", "line", "field", "code", "raw", "sheet", "parsed_by", "respondent", "status")
    assert [rows[name][place] for name in reported] == [
        "projects", 3, "partner", "OTHER", "Ailleurs", "≡", "choice:label", "AAA", "answered",
    ]  # fmt: skip
    assert set(rows["line"]) == {1, 3}


def test_lines__untouched__are_none_and_nothing_is_reported(round_: Round, sent: Path, tmp_path: Path) -> None:
    submission = read(round_, fill(sent, tmp_path / "r.xlsx", {}, total=2))
    assert about(submission) == []
    assert rows_of(submission)["line"] == []


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ({"indicator": "W01a"}, [("line_incomplete", "error", "partner")]),
        ({"partner": "BBB", "begun": 2001}, [("line_incomplete", "error", "indicator")]),
        ({**OTHER, "name": None}, [("line_incomplete", "error", "name")]),
        ({**GOOD, "partner": "Alphaland"}, [("names_itself", "error", "partner")]),
        ({**GOOD, "partner": "Atlantis"}, [("unknown_choice", "error", "partner")]),
        ({**GOOD, "begun": 1989}, [("range", "error", "begun")]),
        ({**GOOD, "begun": 2026}, [("range", "error", "begun")]),
        ({**GOOD, "begun": "long ago"}, [("not_a_year", "error", "begun")]),
        ({**GOOD, "begun": "2001"}, [("number_from_text", "info", "begun")]),
        ({**OTHER, "name": "x" * 21}, [("too_long", "warning", "name")]),
        ({**GOOD, "partner": "Confidential"}, []),
    ],
)
def test_line__with_a_fault__is_found_in_its_cell(
    round_: Round, sent: Path, tmp_path: Path, line: Line, expected: list[tuple[str, str, str]]
) -> None:
    submission = read(round_, fill(sent, tmp_path / "r.xlsx", {2: line}))
    assert about(submission) == [(code, grave, at(2, column)) for code, grave, column in expected]
    for entry, language in product(submission.findings, LANGUAGES):
        assert "{" not in entry.message_in(language) + entry.remedy_in(language)


def test_lines__that_say_the_same__are_pointed_out(round_: Round, sent: Path, tmp_path: Path) -> None:
    again = {**GOOD, "partner": "bétalande"}
    differs = {**GOOD, "begun": 2002}
    submission = read(round_, fill(sent, tmp_path / "r.xlsx", {1: GOOD, 2: differs, 4: again}))
    assert about(submission) == [("line_repeated", "warning", at(line, "indicator")) for line in (1, 4)]
    assert "the same as line L4" in submission.findings[1].message_in("en")


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ({"total": 2, "urban": 1}, []),
        ({"total": 3, "urban": 1}, ["total"]),
        ({"total": 2, "urban": 2}, ["urban"]),
        ({"total": 5}, ["total"]),
        ({"total": 1}, ["total"]),
        ({}, []),
    ],
)
def test_counts__other_than_the_lines__are_warned_of_at_the_answer(
    round_: Round, sent: Path, tmp_path: Path, answers: dict[str, object], expected: list[str]
) -> None:
    submission = read(round_, fill(sent, tmp_path / "r.xlsx", {1: GOOD, 2: OTHER}, **answers))
    cells = [layout().slot("W01a", field).cell(Column.ANSWER) for field in expected]
    assert about(submission) == [("lines_counted", "warning", cell) for cell in cells]


def test_counts__with_a_reason_beside__are_explained(round_: Round, sent: Path, tmp_path: Path) -> None:
    path = fill(sent, tmp_path / "r.xlsx", {1: GOOD}, total=7)
    slot = layout().slot("W01a", "total")

    def explain(sheet: Worksheet) -> None:
        sheet[slot.cell(Column.COMMENT)].value = "Six are secret."

    (entry,) = read(round_, edited(path, tab("W"), explain)).findings
    assert (entry.code, str(entry.severity), entry.explanation) == ("lines_counted", "info", "Six are secret.")


def test_counts__a_line_of_nobody__leaves_them_alone(round_: Round, sent: Path, tmp_path: Path) -> None:
    path = fill(sent, tmp_path / "r.xlsx", {1: GOOD, 2: {"partner": "BBB"}}, total=9)
    assert [entry.code for entry in read(round_, path).findings] == ["line_incomplete"]


def _without(*columns: int) -> Edit:
    def edit(sheet: Worksheet) -> None:
        for column in columns:
            sheet.delete_cols(column)

    return edit


def _without_header(sheet: Worksheet) -> None:
    for cell in sheet[1]:
        cell.value = None


def _without_headings(sheet: Worksheet) -> None:
    for cell in sheet[5]:
        cell.value = None


def _without_keys(sheet: Worksheet) -> None:
    for row in range(1, sheet.max_row + 1):
        sheet.cell(row, 1).value = None


@pytest.mark.parametrize(
    "edit",
    [
        lambda sheet: setattr(sheet, "title", "Sheet9"),
        lambda sheet: sheet.insert_rows(3),
        lambda sheet: sheet.insert_rows(8),
        lambda sheet: sheet.insert_cols(4),
        _without(1),
        _without_header,
        _without_headings,
        _without_keys,
    ],
    ids=["renamed", "row above", "row between", "column", "no key column", "no header", "no headings", "no keys"],
)
def test_sheet__whatever_was_done_to_it__is_read(round_: Round, sent: Path, tmp_path: Path, edit: Edit) -> None:
    for shown in (True, False):
        path = fill(sent, tmp_path / "r.xlsx", {1: GOOD, 3: OTHER}, total=2, urban=1)
        submission = read(round_, edited(path, tab(listed().code), edit, shown=shown))
        # The library that makes the edit leaves the hidden columns where they were, over one of the fields.
        assert {entry[0] for entry in about(submission)} <= {"columns_moved", "answers_hidden"}
        assert values(submission) == READ


def test_sheet__with_headings_only__is_read(round_: Round, sent: Path, tmp_path: Path) -> None:
    def strip(sheet: Worksheet) -> None:
        _without_header(sheet)
        _without_keys(sheet)
        sheet.insert_cols(5)

    path = fill(sent, tmp_path / "r.xlsx", {1: GOOD, 3: OTHER}, total=2, urban=1)
    submission = read(round_, edited(path, tab(listed().code), strip))
    assert values(submission) == READ


def test_sheet__two_columns_in_each_others_place__follows_the_headings(
    round_: Round, sent: Path, tmp_path: Path
) -> None:
    def swap(sheet: Worksheet) -> None:
        for row in (5, *range(7, sheet.max_row + 1)):
            left, right = sheet.cell(row, 6), sheet.cell(row, 7)
            left.value, right.value = right.value, left.value

    path = fill(sent, tmp_path / "r.xlsx", {1: GOOD, 3: OTHER}, total=2, urban=1)
    submission = read(round_, edited(path, tab(listed().code), swap))
    assert [code for code, *_ in about(submission)] == ["columns_disagree"]
    assert values(submission) == READ


def test_line__in_a_row_somebody_inserted__is_one_more_line(round_: Round, sent: Path, tmp_path: Path) -> None:
    path = fill(sent, tmp_path / "r.xlsx", {1: GOOD}, total=2)

    def insert(sheet: Worksheet) -> None:
        sheet.insert_rows(8)
        sheet["C8"].value, sheet["D8"].value = "W01a", "CCC"

    submission = read(round_, edited(path, tab(listed().code), insert))
    assert about(submission) == []
    assert values(submission)[5, "partner"] == "CCC"


def test_line__in_a_copied_row__has_a_number_of_its_own(round_: Round, sent: Path, tmp_path: Path) -> None:
    path = fill(sent, tmp_path / "r.xlsx", {1: GOOD}, total=2)

    def copy(sheet: Worksheet) -> None:
        sheet.insert_rows(8)
        for column in range(1, sheet.max_column + 1):
            sheet.cell(8, column).value = sheet.cell(7, column).value
        sheet["D8"].value = "CCC"

    found = values(read(round_, edited(path, tab(listed().code), copy)))
    assert (found[1, "partner"], found[5, "partner"]) == ("BBB", "CCC")


def test_year__at_its_limits__is_within_them(round_: Round, sent: Path, tmp_path: Path) -> None:
    first, last = {**GOOD, "begun": 1990}, {**GOOD, "begun": 2025}
    assert about(read(round_, fill(sent, tmp_path / "r.xlsx", {1: first, 2: last}))) == []


def test_sheet__copied__lines_that_both_hold_count_once(round_: Round, sent: Path, tmp_path: Path) -> None:
    path = fill(sent, tmp_path / "r.xlsx", {1: GOOD}, total=1)
    book = load_workbook(path, data_only=True)
    book.copy_worksheet(book[tab(listed().code)]).title = "Copy"
    book.save(path)
    submission = read(round_, path)
    blocks, numbers = submission.rows["block"], submission.rows["line"]
    assert {line for block, line in zip(blocks, numbers, strict=True) if block == "projects"} == {1}
    assert about(submission) == [("list_copied", "warning", "")]
    assert "(1)" in submission.findings[0].message_in("en")


def test_content__that_is_no_line__is_reported_and_not_counted(round_: Round, sent: Path, tmp_path: Path) -> None:
    path = fill(sent, tmp_path / "r.xlsx", {1: GOOD}, total=1)

    def scribble(sheet: Worksheet) -> None:
        sheet["E20"].value, sheet["Z7"].value = "Source: the ministry", "ask Ana"

    submission = read(round_, edited(path, tab(listed().code), scribble))
    assert about(submission) == [("unplaced", "warning", "Z7"), ("unplaced", "error", "E20")]
    assert set(rows_of(submission)["line"]) == {1}


def test_head__sorted_in_among_the_lines_with_its_guidance__is_no_line(
    round_: Round, sent: Path, tmp_path: Path
) -> None:
    path = fill(sent, tmp_path / "r.xlsx", {1: GOOD, 2: OTHER}, total=2)

    def sort_in(sheet: Worksheet) -> None:
        head, second = (list(sheet[row]) for row in (LIST_HEADINGS + 1, listed().row(2) + 1))
        for above, below in zip(head[2:7], second[2:7], strict=True):
            above.value, below.value = below.value, above.value

    found = values(read(round_, edited(path, tab(listed().code), sort_in)))
    assert sorted(str(value) for (_, column), value in found.items() if column == "partner") == ["BBB", "OTHER"]
    assert len({line for line, _ in found}) == 2


def test_content__beside_a_line__is_an_error_where_that_line_is_empty(
    round_: Round, sent: Path, tmp_path: Path
) -> None:
    path = fill(sent, tmp_path / "r.xlsx", {1: GOOD}, total=1)
    cells = [f"AB{listed().row(line) + 1}" for line in (1, 2)]

    def paste(sheet: Worksheet) -> None:
        for cell in cells:
            sheet[cell].value = "Two rivers"

    submission = read(round_, edited(path, tab(listed().code), paste))
    assert about(submission) == [("unplaced", "warning", cells[0]), ("unplaced", "error", cells[1])]


def test_content__typed_over_a_result_of_the_form__is_reported_and_an_error_beside_a_blank(
    round_: Round, sent: Path, tmp_path: Path
) -> None:
    path = fill(sent, tmp_path / "r.xlsx", {1: GOOD, 2: {**OTHER, "begun": 2001}}, total=2)
    cells = [at(1, "begun.code"), at(2, "begun.code")]

    def scribble(sheet: Worksheet) -> None:
        for cell in cells:
            sheet[cell].value = 2001

    submission = read(round_, edited(path, tab(listed().code), scribble, shown=False))
    assert about(submission) == [("unplaced", "error", cells[0]), ("unplaced", "warning", cells[1])]


def test_sheet__deleted__is_said(round_: Round, sent: Path, tmp_path: Path) -> None:
    path = fill(sent, tmp_path / "r.xlsx", {1: GOOD}, total=1)
    book = load_workbook(path)
    del book[tab(listed().code)]
    book.save(path)
    submission = read(round_, path)
    assert [(entry.code, str(entry.severity)) for entry in submission.findings] == [("list_missing", "warning")]


@pytest.mark.libreoffice
def test_saved_by_libreoffice__in_every_format__reads_back_exactly(round_: Round, sent: Path, tmp_path: Path) -> None:
    path = fill(sent, tmp_path / "r.xlsx", {1: GOOD, 3: OTHER}, total=2, urban=1)
    for saved in recalculate([path], tmp_path / "saved", ("xlsx", "ods", "xls")):
        submission = read(round_, saved)
        assert (about(submission), values(submission)) == ([], READ), saved.name


# Lines, each on a sheet of its own with GOOD: what the sheet should say of it, by the sentence's key and its sign.
SAID: list[tuple[Line, str]] = [
    ({}, ""),
    (OTHER, "✓"),
    ({"indicator": "W01a"}, "●"),
    ({"partner": "BBB"}, "●"),
    ({**OTHER, "name": None}, "●"),
    ({**OTHER, "partner": "alphaland"}, "×"),
    ({**OTHER, "partner": "AAA"}, "×"),
    ({**OTHER, "partner": "Beta*"}, "×"),
    ({**OTHER, "free_use": "perhaps"}, "×"),
    ({**OTHER, "begun": 1989}, "×"),
    ({**OTHER, "begun": 2025}, "✓"),
    ({**OTHER, "begun": 2001.5}, "×"),
    ({**OTHER, "begun": "soon"}, "×"),
    ({**OTHER, "name": "x" * 21}, "!"),
    ({**GOOD, "partner": " BETALAND "}, "!"),
    ({**OTHER, "partner": "Confidential"}, "✓"),
]
_SIGNS = {"error": ("×", "●"), "warning": ("!",)}


@pytest.mark.wide
@pytest.mark.libreoffice
def test_check__of_every_line__agrees_with_the_reader(round_: Round, sent: Path, tmp_path: Path) -> None:
    paths = [fill(sent, tmp_path / f"{number}.xlsx", {1: GOOD, 2: line}) for number, (line, _) in enumerate(SAID)]
    verdicts = tab("check")
    for path, (line, sign) in zip(recalculate(paths, tmp_path / "out"), SAID, strict=True):
        book = load_workbook(path, data_only=True)
        said = str(book[tab(listed().code)][at(2, "check")].value or "")
        assert said[:1] == sign, (line, said)
        grave = {str(entry.severity) for entry in read(round_, path).findings if entry.sheet == tab(listed().code)}
        signs = next((_SIGNS[severity] for severity in ("error", "warning") if severity in grave), ("", "✓"))
        assert sign in signs, line
        row = next(row for row in book[verdicts].iter_rows(values_only=True) if "List of projects" in row)
        counts = (row[check_sheet.TO_DO] or 0, row[check_sheet.TO_CORRECT] or 0)
        assert counts == (sign == "●", sign == "×"), line


def test_cell__that_its_format_shows_otherwise__is_judged_by_what_is_seen(
    round_: Round, sent: Path, tmp_path: Path
) -> None:
    path = fill(sent, tmp_path / "r.xlsx", {1: GOOD})

    def dress(sheet: Worksheet) -> None:
        cell = sheet[at(1, "begun")]
        assert isinstance(cell, Cell)
        cell.number_format = '0" approx"'

    submission = read(round_, edited(path, tab(listed().code), dress))
    assert ("number_with_words", "warning", at(1, "begun")) in about(submission)
