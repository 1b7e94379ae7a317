"""Any sequence of what people do to a questionnaire: no answer is silently wrong, and none is lost without a word."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from hypothesis import event, given, settings
from hypothesis import strategies as st

from pipeline.reading.submission import Submission
from questionnaire.layout import HEADER_KEYS, Column
from tests.pipeline.reading.places.test_locate import FILLED
from tests.pipeline.returned import Book, book, layout, read

_FOREIGN = "a remark of the ministry"
_OTHER = 77
"""What is typed over the answer of a copied row: right once the original row is gone."""


@dataclass
class _Sheet:
    """A section sheet as rows of cells by column, and the columns in their order; None is a column that was added."""

    rows: list[dict[Column | None, Any]]
    columns: list[Column | None]

    def data(self) -> list[int]:
        return [place for place, row in enumerate(self.rows) if row.get(Column.ANSWER) in _ANSWERS]

    def grid(self) -> list[list[Any]]:
        return [[row.get(column, "") for column in self.columns] for row in self.rows]


_ANSWERS = frozenset(FILLED.values())


def _insert_row(sheet: _Sheet, at: int) -> None:
    sheet.rows.insert(at % (len(sheet.rows) + 1), {})


def _insert_note(sheet: _Sheet, at: int) -> None:
    first = next(iter(sheet.data()), 0)
    sheet.rows.insert(first + at % (len(sheet.rows) - first + 1), {Column.QUESTION: _FOREIGN})


def _delete_row(sheet: _Sheet, at: int) -> None:
    if data := sheet.data():
        del sheet.rows[data[at % len(data)]]


def _copy_row(sheet: _Sheet, at: int) -> None:
    if data := sheet.data():
        sheet.rows.append(dict(sheet.rows[data[at % len(data)]]))


def _copy_row_and_change(sheet: _Sheet, at: int) -> None:
    if data := sheet.data():
        sheet.rows.append({**sheet.rows[data[at % len(data)]], Column.ANSWER: _OTHER})


def _sort_rows(sheet: _Sheet, at: int) -> None:
    places = sheet.data()
    rows = [sheet.rows[place] for place in places]
    random.Random(at).shuffle(rows)
    for place, row in zip(places, rows, strict=True):
        sheet.rows[place] = row


def _sort_visible(sheet: _Sheet, at: int) -> None:
    """All but the hidden columns of the keys, as a filter on the visible block does."""
    keys = [sheet.rows[place].get(Column.KEY, "") for place in sheet.data()]
    _sort_rows(sheet, at)
    for place, key in zip(sheet.data(), keys, strict=True):
        sheet.rows[place] = {**sheet.rows[place], Column.KEY: key}


def _insert_column(sheet: _Sheet, at: int) -> None:
    sheet.columns.insert(at % (len(sheet.columns) + 1), None)


def _delete_keys(sheet: _Sheet, at: int) -> None:  # noqa: ARG001
    sheet.columns = [column for column in sheet.columns if column is not Column.KEY]


def _clear_numbers(sheet: _Sheet, at: int) -> None:  # noqa: ARG001
    for place in sheet.data():
        sheet.rows[place][Column.NUMBER] = ""


def _clear_some_keys(sheet: _Sheet, at: int) -> None:
    for place in random.Random(at).sample(sheet.data(), len(sheet.data()) // 3):
        sheet.rows[place] = {**sheet.rows[place], Column.KEY: ""}


def _clear_header(sheet: _Sheet, at: int) -> None:  # noqa: ARG001
    for row in sheet.rows[: HEADER_KEYS + 1]:
        row.clear()


def _delete_left(sheet: _Sheet, at: int) -> None:  # noqa: ARG001
    """The visible block alone, as copied into a new workbook."""
    hidden = (Column.KEY, Column.CODE, Column.NUMERIC)
    sheet.columns = [column for column in sheet.columns if column not in hidden]


Edit = Callable[[_Sheet, int], None]
_HARMLESS: tuple[Edit, ...] = (
    _insert_row, _insert_note, _delete_row, _copy_row, _copy_row_and_change, _sort_rows, _insert_column, _clear_some_keys,
    _clear_header,
)  # fmt: skip
# Where the numbers are gone the keys must have stayed with their answers, and the other way round.
_NUMBERS_STAY: tuple[Edit, ...] = (*_HARMLESS, _sort_visible, _delete_keys, _delete_left)
_KEYS_STAY: tuple[Edit, ...] = (_insert_row, _insert_note, _delete_row, _copy_row, _sort_rows, _clear_numbers)


def _sequences(edits: Iterable[Edit]) -> st.SearchStrategy[list[tuple[Edit, int]]]:
    return st.lists(st.tuples(st.sampled_from(list(edits)), st.integers(0, 10_000)), min_size=1, max_size=6)


@settings(max_examples=250)
@given(st.one_of(_sequences(_NUMBERS_STAY), _sequences(_KEYS_STAY)), st.sampled_from(("en", "fr")), st.booleans())
def test_answers__after_any_edits__are_right_or_reported(
    edits: list[tuple[Edit, int]], language: str, renamed: bool
) -> None:
    sheets = book(FILLED, language=language)
    made = _Sheet([dict(zip(Column, row, strict=True)) for row in sheets["W"]], list(Column))
    for edit, at in edits:
        edit(made, at)
        event(edit.__name__)
    changed: Book = {**sheets, "W": made.grid()}
    if renamed:
        changed = {name if name != "W" else "Hoja 2": rows for name, rows in reversed(changed.items())}
    submission = read(changed)
    found = _read(submission)
    kept = {row.get(Column.ANSWER) for row in made.rows}
    expected = {key: value for key, value in found.items() if FILLED[key] in kept or value not in (_OTHER, str(_OTHER))}
    assert {key: found[key] for key in expected} == {key: FILLED[key] for key in expected}
    assert not set(FILLED) - set(found) - _reported(submission)
    if any(edit is _insert_note for edit, _ in edits):
        assert _FOREIGN in " ".join(finding.value for finding in submission.findings)


def _read(submission: Submission) -> dict[tuple[str, str], Any]:
    rows = submission.rows
    cells = zip(rows["indicator"], rows["field"], rows["number"], rows["text"], rows["status"], strict=True)
    read_as = {
        (str(i), str(f)): text if number is None else number
        for i, f, number, text, status in cells
        if status == "answered"
    }
    return {key: value for key, value in read_as.items() if key in FILLED or value is not None}


def _reported(submission: Submission) -> set[tuple[str, str]]:
    """The answers of which a finding says that they are gone, contradict each other or cannot be read."""
    reported: set[tuple[str, str]] = set()
    for finding in submission.findings:
        if finding.severity == "error" and finding.field:
            reported.add((finding.indicator, finding.field))
        elif finding.code == "indicator_missing":
            reported |= {key for key in FILLED if key[0] == finding.indicator}
        elif finding.code == "section_missing":
            reported |= {
                (slot.block.code, slot.field.code) for slot in layout().slots if slot.sheet == finding.values["section"]
            }
    return reported
