"""Any sequence of what people do to the rows and columns of a list: each line stays whole, and none is lost or doubled."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

from hypothesis import event, given, settings
from hypothesis import strategies as st

from pipeline.reading.computed import without_answers
from pipeline.reading.lines.lists import read_lists
from pipeline.reading.places.lines.list_sheets import find_list
from pipeline.reading.places.locate import form_texts
from pipeline.reading.values.parsed import Context
from pipeline.reading.workbooks.grids import Sheet
from questionnaire.addresses import column_letter
from questionnaire.layout import HEADER_KEYS, KEY, LINE, LIST_HEADINGS, Layout, ListSheet
from tests.with_list import instrument

LINES = (
    ("W01a", "BBB", None, 2001.0, "Y"),
    ("F01", "OTHER", "Utopia", 2010.0, "N"),
    ("W01a", "CCC", None, 1995.0, "N"),
)
NEW = ("F01", "CCC", "The oak", 2020.0, "Y")
NOTE = "a remark of the ministry"
_HEAD = "head"
"""Marks a row that is none of the lines, whatever stands in it."""


@cache
def layout() -> Layout:
    return Layout(instrument())


@cache
def listed() -> ListSheet:
    return layout().lists[0]


def own() -> tuple[str, ...]:
    return tuple(column.code for column in listed().block.fields)


@dataclass
class _List:
    """The sheet as rows of cells by column, and the columns in their order; None is a column that was added."""

    rows: list[dict[str | None, Any]]
    columns: list[str | None]

    def places(self) -> list[int]:
        """The rows of the form's lines and of what was typed below."""
        lines = [row.get(LINE, "").startswith("L") or row.get("partner") for row in self.rows]
        return [place for place, is_line in enumerate(lines) if is_line and _HEAD not in self.rows[place]]

    def grid(self) -> list[list[Any]]:
        return [[row.get(column) or "" for column in self.columns] for row in self.rows]


def made() -> _List:
    names = sorted(listed().columns, key=lambda name: listed().columns[name])
    rows: list[dict[str | None, Any]] = [{} for _ in range(listed().last + 1)]
    rows[HEADER_KEYS] = {_HEAD: True, **{name: key for key, name in listed().header_keys.items()}}
    rows[LIST_HEADINGS] = {_HEAD: True, **{column.code: column.label["en"] for column in listed().block.fields}}
    for number in range(1, listed().block.most_lines + 1):
        rows[listed().row(number)] = {KEY: listed().key(number), LINE: listed().number(number)}
    for number, line in enumerate(LINES, 1):
        rows[listed().row(number)] |= dict(zip(own(), line, strict=True))
    return _List(rows, list(names))


def _insert_row(sheet: _List, at: int) -> None:
    sheet.rows.insert(LIST_HEADINGS + 1 + at % (len(sheet.rows) - LIST_HEADINGS), {})


def _add_line(sheet: _List, at: int) -> None:  # noqa: ARG001
    sheet.rows.append(dict(zip(own(), NEW, strict=True)))


def _add_note(sheet: _List, at: int) -> None:  # noqa: ARG001
    sheet.rows.append({"name": NOTE})


def _delete_row(sheet: _List, at: int) -> None:
    if places := sheet.places():
        del sheet.rows[places[at % len(places)]]


def _sort(sheet: _List, at: int, moved: Callable[[str | None], bool]) -> None:
    places = sheet.places()
    order = [sheet.rows[place] for place in places]
    random.Random(at).shuffle(order)
    before = [dict(sheet.rows[place]) for place in places]
    for place, row, old in zip(places, [dict(row) for row in order], before, strict=True):
        kept = {name: value for name, value in old.items() if not moved(name)}
        sheet.rows[place] = {name: value for name, value in row.items() if moved(name)} | kept


def _sort_all(sheet: _List, at: int) -> None:
    _sort(sheet, at, lambda _: True)


def _sort_visible(sheet: _List, at: int) -> None:
    _sort(sheet, at, lambda name: name != KEY)


def _sort_typed(sheet: _List, at: int) -> None:
    _sort(sheet, at, lambda name: name in own())


def _insert_column(sheet: _List, at: int) -> None:
    sheet.columns.insert(at % (len(sheet.columns) + 1), None)


def _delete_keys(sheet: _List, at: int) -> None:  # noqa: ARG001
    sheet.columns = [column for column in sheet.columns if column != KEY]


def _clear_header(sheet: _List, at: int) -> None:  # noqa: ARG001
    for row in sheet.rows:
        if str(row.get(KEY, "")).startswith("acopio"):
            row.clear()


def lines_of(sheet: _List) -> tuple[Counter[tuple[Any, ...]], str]:
    """What each line read says, and the texts of all findings."""
    found = find_list(Sheet("Hoja 7", sheet.grid()), layout(), form_texts(layout()))
    assert found is not None
    lists = read_lists([found], Context(instrument().missing), without_answers(instrument(), {}, ""))
    lines = Counter(tuple(cell.parsed.value for cell in line.cells.values()) for line in lists.lines)
    return lines, " ".join(entry.value for entry in lists.findings)


Edit = Callable[[_List, int], None]
EDITS: tuple[Edit, ...] = (
    _insert_row, _add_line, _add_note, _delete_row, _sort_all, _sort_visible, _sort_typed, _insert_column, _delete_keys,
    _clear_header,
)  # fmt: skip


@settings(max_examples=200)
@given(st.lists(st.tuples(st.sampled_from(EDITS), st.integers(0, 10_000)), min_size=1, max_size=6))
def test_lines__after_any_edits__are_those_that_stand_there(edits: list[tuple[Edit, int]]) -> None:
    sheet = made()
    for edit, at in edits:
        edit(sheet, at)
        event(edit.__name__)
    typed = [row for row in sheet.rows if row.get("partner") and _HEAD not in row]
    expected = Counter(tuple(row.get(name) for name in own()) for row in typed)
    lines, reported = lines_of(sheet)
    assert lines == expected
    if any(row.get("name") == NOTE for row in sheet.rows):
        assert NOTE in reported


def found_in(*sheets: _List) -> list[tuple[str, str, str]]:
    """What is found on sheets of the list, each with its cell and the lines that it names."""
    read = [
        find_list(Sheet(f"Hoja {n}", sheet.grid()), layout(), form_texts(layout())) for n, sheet in enumerate(sheets)
    ]
    findings = read_lists(
        [one for one in read if one], Context(instrument().missing), without_answers(instrument(), {}, "")
    ).findings
    return [(entry.code, entry.cell, str(entry.values.get("lines", ""))) for entry in findings]


def test_line_removed__that_stands_on_a_copy_of_the_sheet__is_not_said_to_be_gone() -> None:
    sheet, copy = made(), made()
    _delete_row(sheet, 1)
    assert found_in(sheet) == [("lines_removed", "", "L2")]
    assert [entry for entry in found_in(sheet, copy) if entry[0] != "list_copied"] == []
    assert [entry for entry in found_in(copy, sheet) if entry[0] != "list_copied"] == []
    _delete_row(copy, 1)
    assert [lines for code, _, lines in found_in(sheet, copy) if code == "lines_removed"] == ["L2", "L2"]


def test_columns_of_a_list__moved__are_noted_once_and_not_where_only_the_key_column_is_gone() -> None:
    sheet = made()
    sheet.columns.insert(listed().columns["name"], None)
    at = column_letter(listed().columns["name"] + 1)
    assert found_in(sheet) == [("columns_moved", f"{at}{LIST_HEADINGS + 1}", "")]
    only_keys = made()
    _delete_keys(only_keys, 0)
    assert found_in(only_keys) == []
    _delete_keys(sheet, 0)
    assert [code for code, *_ in found_in(sheet)] == ["columns_moved"]


def test_head__sorted_in_below_the_lines__costs_none_of_them() -> None:
    sheet = made()
    sheet.rows.append(sheet.rows.pop(LIST_HEADINGS))
    sheet.rows.append(sheet.rows.pop(HEADER_KEYS))
    assert lines_of(sheet)[0] == Counter(LINES)
