"""What is as it was sent is recognised in bulk: a return says the same as when every cell of it is looked at."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from pipeline.reading.tidy import tidy
from pipeline.reading.workbooks.office import sheet_parts
from pipeline.reading.workbooks.office.plain_cells import PlainCells, plain_cells
from questionnaire.layout import FIRST_BLOCK, HEADER_KEYS, HEADINGS, Column
from tests.pipeline.careful import assert_same_with_care
from tests.pipeline.reading.workbooks.marks import marks_book
from tests.pipeline.reading.workbooks.test_grids import repack
from tests.pipeline.returned import (
    SOME,
    Rows,
    book,
    delete_column,
    edited,
    insert_column,
    layout,
    mini_round,
    received,
    write,
)


def _sort(rows: Rows) -> None:
    rows[FIRST_BLOCK:] = sorted(rows[FIRST_BLOCK:], key=lambda row: str(row[Column.QUESTION]))


def _put(row: int, column: int, value: str) -> Callable[[Rows], None]:
    def edit(rows: Rows) -> None:
        rows[row] = [*rows[row], *[""] * (column + 1 - len(rows[row]))]
        rows[row][column] = value

    return edit


EDITS: dict[str, Callable[[Rows], object]] = {
    "nothing": lambda _: None,
    "insert a row": lambda rows: rows.insert(FIRST_BLOCK + 3, ["", "", "a note of mine"]),
    "copy a row": lambda rows: rows.append(list(rows[FIRST_BLOCK + 2])),
    "sort": _sort,
    "insert a column": lambda rows: insert_column(rows, Column.ANSWER),
    "delete the keys": lambda rows: delete_column(rows, Column.KEY),
    "delete the answers": lambda rows: delete_column(rows, Column.ANSWER),
    "delete the head": lambda rows: rows.__delitem__(slice(HEADER_KEYS, HEADINGS + 1)),
    "a number in another column": _put(FIRST_BLOCK + 2, Column.HELP, "W01a-3"),
    "a heading below the head": _put(FIRST_BLOCK + 2, Column.COMMENT, "Answer"),
    "a text beyond the columns": _put(FIRST_BLOCK + 2, 20, "12 persons"),
    "a question of another row": _put(FIRST_BLOCK + 2, Column.QUESTION, "How many?"),
    "a formula": _put(FIRST_BLOCK + 2, Column.ANSWER, "=1+1"),
    "an error": _put(FIRST_BLOCK + 2, Column.ANSWER, "=#N/A"),
}


@pytest.mark.parametrize("name", EDITS)
def test_return__edited__says_the_same_as_with_care(name: str) -> None:
    data = write(edited(EDITS[name]))
    assert_same_with_care(received(data), data, mini_round(), layout())


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"<sheetData>", b"<sheetData><!-- a note -->"),
        (b"</sheetData>", b"</sheetData><mergeCells><mergeCell ref='A9:D9'/></mergeCells>"),
        (b"</sheetData>", b"</sheetData><a b='1' b='2'/>"),
        (b"<v>12</v>", b"<v>1</v><v>2</v>"),
        (b"<v>12</v>", b"<v>&#49;</v>"),
        (b'<row r="5"', b'<row hidden="1" r="5"'),
        (b'<row r="5"', b'<row r="5" hidden="1"'),
    ],
)
def test_part_of_a_sheet__written_otherwise__says_the_same_as_with_care(old: bytes, new: bytes) -> None:
    data = repack(lambda _, content: content.replace(old, new), write(book()))
    assert_same_with_care(received(data), data, mini_round(), layout())


def test_workbook_full_of_formats__says_the_same_as_with_care() -> None:
    data = marks_book()
    assert_same_with_care(received(data), data, mini_round(), layout())


def test_second_return__with_other_answers__is_recognised_and_says_its_own() -> None:
    first, second = write(book(SOME)), write(book({("W01a", "total"): 7, ("F01", "total"): 12}))
    tidy(received(first), first, mini_round(), layout())
    assert_same_with_care(received(second), second, mini_round(), layout())


def test_sheets_as_sent__are_all_recognised(monkeypatch: pytest.MonkeyPatch) -> None:
    found: list[PlainCells | None] = []

    def noted(part: bytes) -> PlainCells | None:
        found.append(plain_cells(part))
        return found[-1]

    monkeypatch.setattr(sheet_parts, "plain_cells", noted)
    data = write(book())
    tidy(received(data), data, mini_round(), layout())
    assert found
    assert None not in found
