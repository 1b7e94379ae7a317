"""What the defined names of answer cells add: they fill gaps and point out differences, and never override a row."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from pipeline.reading.places.locate import Located, find, identities_in, locate
from pipeline.reading.places.place import Place
from pipeline.reading.workbooks.grids import read_grids
from pipeline.reading.workbooks.metadata import At, NamedCell
from pipeline.receiving.formats import sniff
from questionnaire.layout import Column
from tests.pipeline.returned import Book, book, layout, put, row_of, write

SLOT = layout().slot("W01a", "total")
OTHER = layout().slot("W01a", "urban")
ASIDE: At = (SLOT.row, 12)


def located(sheets: Book, at: At, sheet: str = "W", also: dict[At, Any] | None = None) -> Located:
    """What is found where the name of W01a total points to a cell; `also` is what stands in further cells of W."""
    for (row, column), value in (also or {}).items():
        cells = sheets["W"][row]
        cells += [""] * (column + 1 - len(cells))
        cells[column] = value
    data = write(sheets)
    workbook = read_grids(data, sniff(data))
    names = {SLOT.name: NamedCell(sheet, at)}
    workbook = replace(workbook, metadata=replace(workbook.metadata, names=names))
    return locate(find(workbook, identities_in(workbook), layout()), layout())


def place(found: Located) -> Place:
    (one,) = found.places[SLOT.key]
    return one


def codes(found: Located) -> list[tuple[str, str, str]]:
    return [(entry.code, str(entry.severity), entry.cell) for entry in found.findings]


def test_name__of_a_cell_cut_and_pasted__gives_the_answer_and_says_from_where() -> None:
    sheets = put(put(book({}), "W01a", "total", "as agreed", Column.COMMENT), "F01", "total", 7)
    found = located(sheets, ASIDE, also={ASIDE: 42})
    assert (place(found).answer, place(found).cell, place(found).comment) == (42, f"M{SLOT.row + 1}", "as agreed")
    assert codes(found) == [("answer_moved", "warning", f"M{SLOT.row + 1}")]
    (moved,) = found.findings
    assert (moved.indicator, moved.field, moved.value) == ("W01a", "total", "42")
    assert moved.values["from"] == f"W D{SLOT.row + 1}"


def test_name__of_a_cell_pasted_on_another_sheet__is_followed_there() -> None:
    sheets = book({})
    sheets["F"][1] += [""] * 10 + [5]
    found = located(sheets, (1, len(sheets["F"][1]) - 1), "F")
    assert (place(found).answer, place(found).sheet) == (5, "F")


def test_name__where_the_row_is_gone__gives_the_answer() -> None:
    sheets = book({})
    del sheets["W"][SLOT.row]
    found = located(sheets, (3, 12), also={(3, 12): 42})
    assert (place(found).answer, place(found).if_none) == (42, None)
    assert codes(found) == [("answer_moved", "warning", "M4")]


def test_name__where_the_row_says_something__overrides_nothing_and_is_pointed_out() -> None:
    for column, value in ((Column.ANSWER, 12), (Column.IF_NONE, "Not available")):
        found = located(put(book({}), "W01a", "total", value, column), ASIDE, also={ASIDE: 42})
        assert place(found).cell == SLOT.cell(Column.ANSWER)
        assert {Column.ANSWER: place(found).answer, Column.IF_NONE: place(found).if_none}[column] == value
        assert ("names_disagree", "error", SLOT.cell(Column.ANSWER)) in codes(found)
        assert "answer_moved" not in {code for code, _, _ in codes(found)}


def test_name__of_a_cell_that_another_row_claims__is_not_taken() -> None:
    found = located(put(book({}), "W01a", "urban", 5), (OTHER.row, int(Column.ANSWER)))
    assert place(found).answer == ""
    assert found.places[OTHER.key][0].answer == 5
    assert codes(found) == [("names_disagree", "error", SLOT.cell(Column.ANSWER))]
    [entry] = found.findings
    assert (entry.indicator, entry.field, entry.values["to"]) == ("W01a", "total", f"W D{OTHER.row + 1}")


def test_name__of_an_empty_cell_of_another_row__is_an_error_where_there_is_an_answer_to_doubt() -> None:
    at = (OTHER.row, int(Column.ANSWER))
    assert codes(located(book({}), at)) == []
    assert codes(located(put(book({}), "W01a", "total", 12), at)) == [
        ("names_disagree", "error", SLOT.cell(Column.ANSWER))
    ]


def test_name__of_an_empty_cell_or_of_the_cell_it_was_sent_with__says_nothing() -> None:
    assert codes(located(book(), ASIDE)) == []
    inserted = book()
    inserted["W"].insert(SLOT.row - 1, [""] * 11)
    found = located(inserted, (SLOT.row, int(Column.ANSWER)))
    assert place(found).answer == 12
    assert [code for code, _, _ in codes(found)] == ["rows_inserted"]


def test_names__where_rows_changed_their_order__are_not_pointed_out_again() -> None:
    sheets = book({("W01a", "total"): 12})
    one, other = row_of(sheets, "W01a", "total"), row_of(sheets, "W01a", "urban")
    one[Column.NUMBER :], other[Column.NUMBER :] = other[Column.NUMBER :], one[Column.NUMBER :]
    found = located(sheets, (layout().slot("W01a", "rural").row, int(Column.ANSWER)))
    assert [code for code, _, _ in codes(found)] == ["rows_moved"]
