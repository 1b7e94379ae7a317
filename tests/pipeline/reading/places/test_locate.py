"""Finding the answers after what people do to workbooks: nothing silently wrong, and every loss and repair is told."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import pytest

from questionnaire.addresses import column_letter
from questionnaire.layout import Column, Layout, RowKind
from tests.given import mini
from tests.pipeline.returned import (
    COVER,
    SOME,
    Book,
    Rows,
    answer_of,
    book,
    codes,
    delete_column,
    edited,
    identity,
    insert_column,
    layout,
    put,
    read,
    row_of,
)

KEY, NUMBER, ANSWER, COMMENT = Column.KEY, Column.NUMBER, Column.ANSWER, Column.COMMENT


def filled() -> dict[tuple[str, str], Any]:
    """A different whole number or text in each cell of the section W that takes one."""
    made: dict[tuple[str, str], Any] = {}
    for n, slot in enumerate(layout().slots, 1000):
        match type(slot.field.type).__name__:
            case "WholeNumber" | "Number" | "Year":
                made[slot.block.code, slot.field.code] = n
            case "Text":
                made[slot.block.code, slot.field.code] = f"text {n}"
    return made


FILLED = filled()


def values(sheets: Book, **kwargs: Any) -> dict[tuple[str, str], Any]:
    rows = read(sheets, **kwargs).rows
    answers = zip(rows["indicator"], rows["field"], rows["number"], rows["text"], strict=True)
    return {(str(i), str(f)): text if number is None else number for i, f, number, text in answers if number or text}


def data_rows(rows: Rows) -> list[int]:
    return [r for r, row in enumerate(rows) if row[KEY] in layout().by_key]


def sort_visible(rows: Rows) -> None:
    order = data_rows(rows)
    cells = [rows[r][NUMBER:] for r in order]
    random.Random(1).shuffle(cells)
    for r, content in zip(order, cells, strict=True):
        rows[r][NUMBER:] = content


def sort_whole(rows: Rows) -> None:
    order = data_rows(rows)
    whole = [rows[r] for r in order]
    random.Random(1).shuffle(whole)
    for r, content in zip(order, whole, strict=True):
        rows[r] = content


def delete_headers(rows: Rows) -> None:
    del rows[0:4]


def copy_as_values(rows: Rows) -> None:
    delete_column(rows, KEY)
    del rows[0:3]
    for row in rows:
        del row[Column.CODE :]


def head_a_column_like_the_answers(rows: Rows) -> None:
    insert_column(rows, ANSWER)
    rows[3][ANSWER] = rows[3][ANSWER + 1]


def add_a_letterhead(rows: Rows) -> None:
    """Ten rows above the headings, the hidden header gone, and a column before the answers: only headings tell."""
    rows[0] = [""] * len(rows[0])
    rows[0:0] = [[""] * len(rows[0]) for _ in range(10)]
    insert_column(rows, ANSWER)


def clear_headings(rows: Rows) -> None:
    rows[3] = [""] * len(rows[3])


def clear_numbers(rows: Rows) -> None:
    for r in data_rows(rows):
        rows[r][NUMBER] = ""


EDITS: dict[str, tuple[Callable[[Rows], Any], list[str]]] = {
    "nothing": (len, []),
    "insert a row": (lambda rows: rows.insert(7, [""] * 11), ["rows_inserted"]),
    "sort the visible columns only": (sort_visible, ["rows_moved"]),
    "sort with the key column": (sort_whole, ["rows_sorted"]),
    "insert a column before the answers": (lambda rows: insert_column(rows, 3), ["columns_moved"]),
    "insert a column at the left": (lambda rows: insert_column(rows, 0), ["columns_moved"]),
    "head another column like the answers": (head_a_column_like_the_answers, ["columns_moved"]),
    "add a letterhead and a column": (add_a_letterhead, ["columns_moved", "header_lost", "rows_inserted"]),
    "delete the key column": (lambda rows: delete_column(rows, KEY), ["keys_lost"]),
    "delete the header rows": (delete_headers, ["header_lost"]),
    "delete the hidden header row": (lambda rows: rows.pop(0), ["header_lost"]),
    "clear the visible headings": (clear_headings, []),
    "clear the visible numbers": (clear_numbers, ["numbers_lost"]),
    "copy the visible block as values": (copy_as_values, ["header_lost", "keys_lost"]),
}


@pytest.mark.parametrize("edit", EDITS)
@pytest.mark.parametrize("language", ["en", "fr"])
def test_answers__after_an_edit__are_all_found_and_the_repair_is_reported(edit: str, language: str) -> None:
    change, expected = EDITS[edit]
    sheets = book(FILLED, language=language)
    change(sheets["W"])
    assert values(sheets) == FILLED
    assert sorted(set(codes(read(sheets))) - {"conflict"}) == expected


def test_sheets__renamed_reordered_and_hidden_ones_deleted__answers_are_found() -> None:
    sheets = book(FILLED)
    changed = {"Hoja2": sheets["F"], "Mi hoja": sheets["W"], COVER: sheets[COVER]}
    assert values(changed) == FILLED
    assert codes(read(changed)) == []


def test_hidden_header_and_heading_disagree__visible_heading_counts() -> None:
    def swap(rows: Rows) -> None:
        for row in rows[3:]:
            row[ANSWER], row[COMMENT] = row[COMMENT], row[ANSWER]

    sheets = edited(swap, FILLED)
    assert values(sheets) == FILLED
    found = read(sheets).findings
    assert [(finding.code, finding.sheet, finding.severity) for finding in found] == [
        ("columns_disagree", "W", "warning")
    ]


def test_row_deleted__is_missing_and_nothing_else() -> None:
    slot = layout().slot("W01a", "urban")
    sheets = edited(lambda rows: rows.pop(slot.row), FILLED)
    expected = {key: value for key, value in FILLED.items() if key != ("W01a", "urban")}
    submission = read(sheets)
    assert values(sheets) == expected
    assert [(f.code, f.severity, f.indicator, f.field, f.cell) for f in submission.findings] == [
        ("row_missing", "error", "W01a", "urban", "")
    ]
    assert answer_of(submission, "W01a", "urban")["status"] == "blank"
    assert answer_of(submission, "W01a", "rural")["cell"] == f"D{slot.row + 1}"


def test_indicator_or_section_deleted__is_one_finding() -> None:
    sheets = book(SOME)
    start = layout().slot("W01b", "status").row
    size = sum(row.indicator.code == "W01b" for row in layout().sheets[0].rows)
    del sheets["W"][start - 2 : start - 2 + size]
    assert [(f.code, f.severity, f.indicator) for f in read(sheets).findings] == [
        ("indicator_missing", "error", "W01b")
    ]
    del sheets["F"]
    found = read(sheets).findings
    assert [(f.code, f.severity, f.values.get("section")) for f in found] == [
        ("indicator_missing", "error", None),
        ("section_missing", "error", "F"),
    ]


def test_row_copied_with_another_answer__is_an_error_and_no_answer_is_chosen() -> None:
    def copy(rows: Rows) -> None:
        row = list(rows[layout().slot("W01a", "total").row])
        row[ANSWER] = 99
        rows.append(row)

    submission = read(edited(copy))
    answer = answer_of(submission, "W01a", "total")
    assert (answer["status"], answer["number"], answer["raw"]) == ("unreadable", None, "12 | 99")
    [found] = [finding for finding in submission.findings if finding.code == "row_repeated"]
    assert (found.severity, found.field, found.cell, found.value) == ("error", "total", answer["cell"], "12 | 99")


def test_sheet_copied__same_answers__counts_once_and_is_noted() -> None:
    sheets = book(FILLED)
    sheets["W (2)"] = sheets["W"]
    submission = read(sheets)
    assert values(sheets) == FILLED
    assert codes(submission) == ["rows_copied"]


def test_sheet_copied__the_copy_is_filled__its_answers_are_found() -> None:
    sheets = {**book({}), "W (2)": book(FILLED)["W"], "F": book(FILLED)["F"]}
    assert values(sheets) == FILLED
    assert set(codes(read(sheets))) == {"rows_copied"}


def test_number_copied_over_another__both_say_something__is_an_error() -> None:
    sheets = book(SOME)
    row_of(sheets, "W01a", "urban")[NUMBER] = row_of(sheets, "W01a", "total")[NUMBER]
    put(sheets, "W01a", "urban", 5)
    assert set(codes(read(sheets))) == {"question_differs", "row_missing", "row_repeated", "rows_moved"}


def test_content_of_no_slot__is_reported_with_its_cell_and_text() -> None:
    def note(rows: Rows) -> None:
        rows.insert(9, ["", "", "Also see", "annex 3", *[""] * 7])
        rows[layout().slot("W01a", "status").row].append("off the edge")

    found = [finding for finding in read(edited(note)).findings if finding.code == "unplaced"]
    assert [(f.sheet, f.cell, f.value, f.severity) for f in found] == [
        ("W", f"{column_letter(len(Column))}7", "off the edge", "warning"),
        ("W", "C10", "Also see | annex 3", "warning"),
    ]


def test_content_in_the_head_of_a_block__is_reported() -> None:
    band = next(row for row in layout().sheets[0].rows if row.kind is RowKind.BAND)
    sheets = edited(lambda rows: rows[band.row].__setitem__(ANSWER, "Yes"))
    assert [(f.code, f.cell, f.value) for f in read(sheets).findings] == [("unplaced", f"D{band.row + 1}", "Yes")]


def test_sheet_added__is_reported_and_empty_or_own_ones_are_not() -> None:
    added: Book = {"Notes": [["", ""], ["", "Call the ministry", 3]], "Feuil1": [[""]], "Aperçu": [["x"]]}
    sheets = {**book(SOME), **added}
    [found] = read(sheets).findings
    assert (found.code, found.sheet, found.cell, found.value) == ("sheet_added", "Notes", "B2", "Call the ministry | 3")
    assert found.values["count"] == 2


def test_numbers_listed_on_another_sheet__are_no_answers() -> None:
    sheets = book(SOME)
    sheets["Check"] = [
        ["Indicator", "First point", ""],
        *(["W01a", slot.number, "to do"] for slot in layout().slots[:9]),
    ]
    assert codes(read(sheets)) == []


def test_heading__a_lone_word_where_the_headings_are_gone__moves_nothing() -> None:
    def write_a_word(rows: Rows) -> None:
        delete_headers(rows)
        rows[2].append("Answer")

    sheets = edited(write_a_word, FILLED)
    assert values(sheets) == FILLED
    assert codes(read(sheets)) == ["header_lost"]


def test_numbers_noted_in_a_margin__the_column_with_most_of_them_counts() -> None:
    def note(rows: Rows) -> None:
        first, second, *_ = data_rows(rows)
        rows[first].append(rows[second][NUMBER])
        rows[second].append(rows[first][NUMBER])
        clear_headings(rows)
        rows[0] = [""] * len(rows[0])

    sheets = edited(note, FILLED)
    assert values(sheets) == FILLED
    assert [(f.code, f.cell) for f in read(sheets).findings if f.code != "unplaced"] == [("header_lost", "")]


def test_mini_layout__has_numbers_and_keys_of_its_own() -> None:
    """What locating rests on: no number is a key, and neither stands twice."""
    made = Layout(mini())
    assert len({*made.by_key, *made.by_number}) == 2 * len(made.slots)


def test_identity__of_another_sheet__is_seen_wherever_it_stands() -> None:
    sheets = book(SOME)
    sheets["W"].append([str(identity(respondent="MEX"))])
    [found] = [f for f in read(sheets).findings if f.severity == "blocker"]
    assert (found.code, found.sheet, found.cell) == ("two_respondents", "W", f"A{len(sheets['W'])}")
