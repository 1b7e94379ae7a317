"""What people do to the sheet of a table: every number stays with the line and column it was typed for, or is reported."""

from __future__ import annotations

import random
from collections.abc import Callable

from hypothesis import event, given, settings
from hypothesis import strategies as st

from pipeline.reading.computed import without_answers
from pipeline.reading.lines.lists import ListLines, read_lists
from pipeline.reading.places.lines.found_table import find_lines
from pipeline.reading.places.locate import form_texts
from pipeline.reading.values.parsed import Context
from pipeline.reading.workbooks.grids import Sheet
from questionnaire.layout import KEY, LINE, LIST_HEADINGS, REASON
from tests.pipeline.reading.table_rows import READ, TREES, Made, codes, layout, made, values
from tests.with_table import instrument


def _insert_row(sheet: Made, at: int) -> None:
    sheet.rows.insert(LIST_HEADINGS + 1 + at % (len(sheet.rows) - LIST_HEADINGS), {})


def _sort(sheet: Made, at: int, moved: Callable[[str | None], bool]) -> None:
    places = sheet.places()
    before = [dict(sheet.rows[place]) for place in places]
    order = [dict(row) for row in before]
    random.Random(at).shuffle(order)
    for place, row, old in zip(places, order, before, strict=True):
        kept = {name: value for name, value in old.items() if not moved(name)}
        sheet.rows[place] = {name: value for name, value in row.items() if moved(name)} | kept


def _sort_all(sheet: Made, at: int) -> None:
    _sort(sheet, at, lambda _: True)


def _sort_visible(sheet: Made, at: int) -> None:
    _sort(sheet, at, lambda name: name != KEY)


def _sort_without_numbers(sheet: Made, at: int) -> None:
    _sort(sheet, at, lambda name: name not in (KEY, LINE))


def _insert_column(sheet: Made, at: int) -> None:
    sheet.columns.insert(at % (len(sheet.columns) + 1), None)


def _swap_columns(sheet: Made, at: int) -> None:  # noqa: ARG001
    sheet.swap("planted", "alive")


def _delete_keys(sheet: Made, at: int) -> None:  # noqa: ARG001
    sheet.columns = [column for column in sheet.columns if column != KEY]


def _delete_numbers(sheet: Made, at: int) -> None:  # noqa: ARG001
    sheet.columns = [column for column in sheet.columns if column != LINE]


def _clear_header(sheet: Made, at: int) -> None:  # noqa: ARG001
    sheet.clear_header()


EDITS: tuple[Callable[[Made, int], None], ...] = (
    _insert_row, _sort_all, _sort_visible, _sort_without_numbers, _insert_column, _swap_columns, _delete_keys,
    _delete_numbers, _clear_header,
)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(EDITS), st.integers(0, 10_000)), min_size=1, max_size=5))
def test_values__after_any_edits__are_those_of_their_line_and_column(
    edits: list[tuple[Callable[[Made, int], None], int]],
) -> None:
    sheet = made()
    for edit, at in edits:
        edit(sheet, at)
        event(edit.__name__)
    read = sheet.read()
    assert values(read) == READ
    assert not any(severity == "error" for _, severity in codes(read))


def test_untouched__every_line_is_there_also_where_it_is_blank() -> None:
    read = made(typed={}).read()
    assert [line.number for line in read.lines] == [1, 2, 3, 4, 5, 6]
    assert codes(read) == []
    (note,) = read.findings
    assert (note.code, note.values["cells"], note.values["lines"], note.cell) == (
        "cells_blank",
        10,
        "L1–L2, L4–L6",
        "E8",
    )


def test_lines__in_another_language__are_the_same() -> None:
    assert values(made(language="fr").read()) == READ


def test_texts__exchanged_against_the_numbers__are_followed_and_noted() -> None:
    sheet = made()
    for name in ("sorts", "grounds"):
        sheet.row(1)[name], sheet.row(6)[name] = sheet.row(6)[name], sheet.row(1)[name]
    read = sheet.read()
    assert values(read)[6, "planted"] == 11
    assert codes(read) == [("table_lines_moved", "warning")]


def test_line__deleted__is_reported_and_blank_and_the_others_stay() -> None:
    sheet = made()
    del sheet.rows[sheet.sheet.row(2)]
    read = sheet.read()
    assert [line.number for line in read.lines] == [1, 2, 3, 4, 5, 6]
    assert {cell.parsed.status for cell in read.lines[1].cells.values() if cell.parsed.parsed_by != "printed"} == {
        "blank"
    }
    assert values(read) == {key: value for key, value in READ.items() if key[0] != 2}
    assert [(entry.code, entry.values["lines"]) for entry in read.findings if entry.code == "lines_removed"] == [
        ("lines_removed", "L2")
    ]


def test_line__copied_with_other_numbers__is_an_error_with_what_was_not_taken() -> None:
    sheet = made()
    sheet.rows.append({**sheet.row(1), "planted": 99.0})
    read = sheet.read()
    assert values(read) == READ
    (found,) = [entry for entry in read.findings if entry.code == "table_line_twice"]
    assert (found.severity, found.value, found.values["lines"]) == ("error", "99 | 50%", "L1")


def test_row__with_numbers_and_no_line__is_an_error() -> None:
    sheet = made()
    sheet.rows.append({"sorts": "Willow", "grounds": "In the plain", "planted": 7.0})
    read = sheet.read()
    assert values(read) == READ
    assert ("unplaced", "error") in codes(read)


def test_answer__where_nothing_can_be__is_an_error_at_its_cell() -> None:
    sheet = made(typed={(3, "planted"): 8.0})
    (found,) = [entry for entry in sheet.read().findings if entry.code == "cannot_occur"]
    assert (found.severity, found.cell, found.value, found.field) == ("error", "E10", "8", "trees.planted")
    assert made(typed={(3, "planted"): 0.0}).read().findings[0].code == "cells_blank"


def test_reason__of_a_line_and_of_the_table__holds_for_blank_cells_alone() -> None:
    typed = {(0, REASON): "ND", (1, REASON): "Confidential", (1, "planted"): 3.0, (2, "alive"): "50%"}
    read = made(typed=typed).read()
    statuses = {
        (line.number, code): str(line.cells[code].parsed.status)
        for line in read.lines
        for code in ("planted", "alive")
        if code in line.cells
    }
    assert (statuses[1, "planted"], statuses[1, "alive"]) == ("answered", "confidential")
    assert (statuses[2, "planted"], statuses[2, "alive"]) == ("not_available", "answered")
    assert statuses[6, "alive"] == "not_available"
    assert [line.cells["planted"].if_none for line in read.lines if line.number == 6] == ["ND"]
    assert codes(read) == []


def test_reason__that_is_none__is_reported_once_a_line() -> None:
    read = made("wells", typed={(1, REASON): "we forgot"}).read()
    assert [(code, severity) for code, severity in codes(read)] == [("if_none_unknown", "error")]


def _on_two_sheets(second: Made, first: Made | None = None) -> ListLines:
    found = []
    for number, sheet in enumerate((first or made(), second)):
        grid = [[row.get(column) or "" for column in sheet.columns] for row in sheet.rows]
        listed = find_lines(Sheet(f"Hoja {number}", grid), layout(), form_texts(layout()))
        assert listed is not None
        found.append(listed)
    return read_lists(found, Context(instrument().missing), without_answers(instrument(), {}, ""))


def test_second_sheet__with_other_answers__is_an_error_and_is_not_read() -> None:
    read = _on_two_sheets(made(typed={**TREES, (4, "planted"): 45.0}))
    assert values(read) == READ
    assert codes(read) == [("table_copied", "error")]
    assert [entry.values["lines"] for entry in read.findings if entry.code == "table_copied"] == ["L4"]


def test_second_sheet__that_says_the_same_or_nothing__is_noted() -> None:
    for second in (made(), made(typed={})):
        read = _on_two_sheets(second)
        assert values(read) == READ
        assert codes(read) == [("table_copied_alike", "info")]


def test_second_sheet__filled_in_where_the_first_is_empty__is_the_one_that_is_read() -> None:
    """A reason for the whole table is something, and so is one number."""
    read = _on_two_sheets(made(), first=made(typed={}))
    assert values(read) == READ
    assert [(entry.code, entry.values["other"]) for entry in read.findings if "copied" in entry.code] == [
        ("table_copied_alike", "Hoja 1")
    ]
    for typed in ({(0, REASON): "ND"}, {(4, "planted"): 45.0}):
        assert ("table_copied", "error") in codes(_on_two_sheets(made(), first=made(typed=typed)))


def test_find_list__two_tables_with_the_same_headings__are_told_apart_by_title_where_keys_are_gone() -> None:
    sheet = made("wells", typed={(1, "dug_2024"): 5.0})
    _clear_header(sheet, 0)
    sheet.columns = [name for name in sheet.columns if name is not None and "." not in name and name != KEY]
    assert values(sheet.read()) == {(1, "dug_2024"): 5}
