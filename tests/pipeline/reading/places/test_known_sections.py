"""A section sheet that is as one before but for its answers is found as that was; any other is looked at again."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.reading.places import known_sections as known
from pipeline.reading.places import place as place_module
from pipeline.reading.places.locate import find, form_texts, identities_in, locate
from pipeline.reading.places.place import SectionReading
from pipeline.reading.workbooks.grids import Sheet, Workbook
from pipeline.reading.workbooks.metadata import NamedCell, SheetMetadata, WorkbookMetadata
from questionnaire.addresses import address
from questionnaire.layout import FIRST_BLOCK, HEADER_KEYS, HEADINGS, IDENTITY, TITLE, Column
from tests.pipeline.returned import SOME, Answers, Rows, book, identity, insert_column, layout

ROW = layout().slot("W01a", "total").row
OTHER = {("W01a", "status"): "1 – Not", ("W01a", "total"): 4, ("F01", "total"): 9}
RESULTS = (Column.CHECK, Column.CODE, Column.NUMERIC)

Edit = Callable[[Rows], object]


def rows_of(answers: Answers = SOME, respondent: str = "BRA") -> Rows:
    return book(answers, identity(respondent=respondent))["W"]


BEHIND = SheetMetadata(
    formulas=frozenset(
        {(TITLE, Column.NUMBER), *((HEADINGS, column) for column in (Column.NUMBER, Column.ANSWER, Column.CHECK))}
        | {(slot.row, column) for slot in layout().slots if slot.sheet == "W" for column in RESULTS}
    )
)
"""What stands behind the cells of the section: the form's formulas."""


def read(
    rows: Rows,
    behind: SheetMetadata = BEHIND,
    name: str = "W",
    is_visible: bool = True,
    names: Mapping[str, NamedCell] = MappingProxyType({}),
) -> Any:
    """The section, its places, findings and identities, of a workbook with this one sheet."""
    width = max(map(len, rows))
    padded = [[*row, *[""] * (width - len(row))] for row in rows]
    metadata = WorkbookMetadata(names=names, is_complete=True)
    workbook = Workbook((Sheet(name, padded, behind, is_visible),), metadata)
    found = find(workbook, identities_in(workbook), layout())
    located = locate(found, layout())
    return found.sections, located.places, located.findings, located.identities


def read_anew(*arguments: Any, **named: Any) -> Any:
    known.known_sections.cache_clear()
    return read(*arguments, **named)


def is_known(sections: Iterable[SectionReading]) -> list[bool]:
    return [section.kept is not None for section in sections]


def put(row: int, column: int, value: object) -> Edit:
    def edit(rows: Rows) -> None:
        for cells in rows:
            cells += [""] * (column + 1 - len(cells))
        rows[row][column] = value

    return edit


def exchange(row: int, column: int, other: int) -> Edit:
    def edit(rows: Rows) -> None:
        rows[row][column], rows[row][other] = rows[row][other], rows[row][column]

    return edit


AS_BEFORE: dict[str, Edit] = {
    "nothing": lambda _: None,
    "an answer": put(ROW, Column.ANSWER, "about 12"),
    "a reason": put(ROW, Column.IF_NONE, "not available"),
    "a comment": put(ROW, Column.COMMENT, "counted twice"),
    "no answer": put(ROW, Column.ANSWER, ""),
    "a result": put(ROW, Column.CHECK, "× 12 is more than the total"),
    "another title": put(TITLE, Column.NUMBER, "Prevention – Brazil"),
}
OTHERWISE: dict[str, Edit] = {
    "the number of another question as an answer": put(ROW, Column.ANSWER, "W01a-1"),
    "the key of another question as a comment": put(ROW, Column.COMMENT, "W01a:status"),
    "a heading as an answer": put(ROW, Column.ANSWER, "Answer"),
    "a hidden text of ours as an answer": put(ROW, Column.COMMENT, "acopio:key"),
    "another question": put(ROW, Column.QUESTION, "How many?"),
    "another number": put(ROW, Column.NUMBER, "W01a-1"),
    "no key": put(ROW, Column.KEY, ""),
    "another help": put(ROW, Column.HELP, "12 persons"),
    "a text beyond the columns": put(ROW, 20, "12 persons"),
    "a text between the questions": put(FIRST_BLOCK, Column.ANSWER, "12 persons"),
    "a number between the questions": put(FIRST_BLOCK, Column.ANSWER, 12.0),
    "no hidden header": put(HEADER_KEYS, Column.ANSWER, ""),
    "two hidden headers exchanged": exchange(HEADER_KEYS, Column.ANSWER, Column.COMMENT),
    "another heading": put(HEADINGS, Column.ANSWER, "Check"),
    "no identity": put(IDENTITY, Column.KEY, ""),
    "a heading as the title": put(TITLE, Column.NUMBER, "Answer"),
    "a row more": lambda rows: rows.insert(FIRST_BLOCK + 2, [""] * len(rows[0])),
    "a row less": lambda rows: rows.pop(FIRST_BLOCK + 2),
    "a column more": lambda rows: insert_column(rows, Column.ANSWER),
}


@pytest.mark.parametrize("name", AS_BEFORE)
def test_sheet__as_one_before_but_for_answers__is_known_and_found_the_same(name: str) -> None:
    rows = rows_of(OTHER, "MEX")
    AS_BEFORE[name](rows)
    _, *expected = read_anew(rows)
    read_anew(rows_of())
    sections, *found = read(rows)
    assert is_known(sections) == [True]
    assert found == expected


@pytest.mark.parametrize("name", OTHERWISE)
def test_sheet__with_anything_else__is_looked_at(name: str) -> None:
    rows = rows_of()
    OTHERWISE[name](rows)
    _, *expected = read_anew(rows)
    read_anew(rows_of())
    sections, *found = read(rows)
    assert is_known(sections) == [False]
    assert found == expected


@pytest.mark.parametrize("name", ["another help", "a text beyond the columns", "a row more"])
def test_sheet__about_which_something_is_odd__is_looked_at_each_time(name: str) -> None:
    rows = rows_of()
    OTHERWISE[name](rows)
    first = read_anew(rows)
    assert is_known(first[0]) == [False]
    assert read(rows) == first


def test_sheet__with_other_things_behind_its_cells__is_looked_at() -> None:
    read_anew(rows_of())
    other = SheetMetadata(formulas=BEHIND.formulas, hidden_rows=frozenset({ROW}))
    sections, _, findings, _ = read(rows_of(), other)
    assert is_known(sections) == [False]
    assert [found.code for found in findings if found.code == "answers_hidden"] == ["answers_hidden"]


@pytest.mark.parametrize("named", [{"name": "W2"}, {"is_visible": False}])
def test_sheet__of_another_name_or_out_of_sight__is_looked_at(named: Any) -> None:
    expected = read_anew(rows_of(), **named)
    read_anew(rows_of())
    assert read(rows_of(), **named) == expected


@pytest.mark.parametrize("column", [Column.ANSWER, Column.IF_NONE])
def test_hidden_answers__are_reported_in_the_sheet_that_has_them(column: Column) -> None:
    behind, rows = SheetMetadata(formulas=BEHIND.formulas, columns=((column, column, 0.0),)), rows_of({})
    read_anew(rows, behind)
    put(ROW, column, "not available")(rows)
    _, _, findings, _ = read(rows, behind)
    assert [found.code for found in findings if found.code == "answers_hidden"] == ["answers_hidden"]


def test_identity__of_a_known_sheet__is_its_own() -> None:
    read_anew(rows_of(SOME, "BRA"))
    sections, _, _, identities = read(rows_of(SOME, "MEX"))
    assert is_known(sections) == [True]
    assert [(sight.identity.respondent, sight.cell) for sight in identities] == [("MEX", address(IDENTITY, 0))]


def test_results__without_formulas__are_judged_by_the_answers_beside_them() -> None:
    values_only = SheetMetadata()
    rows = rows_of()
    read_anew(rows, values_only)
    rows[ROW][Column.ANSWER] = ""
    sections, _, findings, _ = read(rows, values_only)
    assert is_known(sections) == [False]
    assert [(found.code, found.cell) for found in findings if found.code == "unplaced"] == [
        ("unplaced", address(ROW, Column.CODE))
    ]


def test_sheet__in_which_an_answer_names_a_question__is_not_what_others_are_known_by() -> None:
    rows = rows_of()
    put(ROW, Column.COMMENT, "W01a-1")(rows)
    read_anew(rows)
    assert is_known(read(rows_of())[0]) == [False]


def test_sheet__with_an_answer_that_only_its_name_tells__is_not_what_others_are_known_by() -> None:
    rows, name = rows_of({}), layout().slot("W01a", "total").name
    put(ROW, 20, "12 persons")(rows)
    _, places, findings, _ = read_anew(rows, names={name: NamedCell("W", (ROW, 20))})
    assert [place.answer for place in places["W01a:total"]] == ["12 persons"]
    assert "unplaced" not in [found.code for found in findings]
    sections, _, findings, _ = read(rows)
    assert is_known(sections) == [False]
    assert "unplaced" in [found.code for found in findings]


@pytest.mark.parametrize("width", [Column.COMMENT, Column.IF_NONE, Column.ANSWER])
def test_sheet__whose_last_columns_are_cut_off__is_looked_at_each_time(width: int) -> None:
    rows = [cells[:width] for cells in rows_of()]
    first = read_anew(rows)
    assert is_known(first[0]) == [False]
    assert read(rows) == first


def test_sheets__in_two_languages__are_known_by_turns() -> None:
    texts = {"en": rows_of(), "fr": book(OTHER, identity(), "fr")["W"]}
    alone = {language: read_anew(rows)[1:] for language, rows in texts.items()}
    known.known_sections.cache_clear()
    for number in range(3):
        for language, rows in texts.items():
            # As programs leave it: what stands behind the cells is equal, and not the same.
            sections, *found = read(rows, SheetMetadata(formulas=frozenset(BEHIND.formulas)))
            assert is_known(sections) == [number > 0]
            assert found == list(alone[language])


def test_known_sheets__are_no_more_than_so_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(known, "_KEPT", 2)
    read_anew(rows_of(), name="A")
    for name in "BCD":
        read(rows_of(), name=name)
    kept = known.known_sections(layout(), form_texts(layout()))._known
    assert sum(map(len, kept.values())) <= 2


@pytest.mark.parametrize("most", ["_MOST_ROWS", "_WIDEST"])
def test_known_sheets__are_of_no_more_than_so_many_rows_and_columns(monkeypatch: pytest.MonkeyPatch, most: str) -> None:
    monkeypatch.setattr(known, most, 5)
    read_anew(rows_of())
    assert is_known(read(rows_of())[0]) == [False]


def test_places__of_known_sheets__are_those_of_each() -> None:
    read_anew(rows_of())
    read(rows_of(), name="W2")
    for name in ("W", "W2", "W"):
        sections, places, *_ = read(rows_of(), name=name)
        assert is_known(sections) == [True]
        assert {place.sheet for found in places.values() for place in found} == {name}


@pytest.mark.parametrize("values", [(1.0, True), (True, 1.0), (0.0, False), ("1", 1.0), ("", None), ("x", "y")])
def test_answer__equal_to_one_before__keeps_its_own_sort(values: tuple[object, object]) -> None:
    read_anew(rows_of())
    for value in values:
        rows = rows_of()
        put(ROW, Column.ANSWER, value)(rows)
        sections, places, *_ = read(rows)
        (place,) = places["W01a:total"]
        assert is_known(sections) == [True]
        assert (type(place.answer), place.answer) == (type(value), value)


@pytest.mark.parametrize(("column", "name"), [(Column.IF_NONE, "if_none"), (Column.COMMENT, "comment")])
def test_text_beside_an_answer__of_a_known_sheet__is_its_own(column: Column, name: str) -> None:
    read_anew(rows_of())
    for text in ("first", "second"):
        rows = rows_of({("W01a", "total"): "about 12"})
        put(ROW, column, text)(rows)
        (place,) = read(rows)[1]["W01a:total"]
        assert getattr(place, name) == text


def test_kept_places__are_no_more_than_so_many_and_of_short_texts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(place_module, "_KEPT", 40)
    read_anew(rows_of())
    for number in range(50):
        rows = rows_of()
        put(ROW, Column.ANSWER, f"about {number}")(rows)
        put(ROW + 1, Column.COMMENT, "long " * 20 + str(number))(rows)
        ((section,), *_) = read(rows)
        assert section.kept is not None
        kept = section.kept._places
        assert len(kept) <= 40
        assert all(len(str(text)) <= 64 for _, texts in kept for text in texts)


TEXTS = (
    "", "12 persons", "W01a-1", "W01a:status", "acopio:key", "acopio|", "Answer", "How many?", "W01a", 12.0, 0.0, True,
    None, str(identity()), str(identity(respondent="MEX")), " Answer ", "2025",
)  # fmt: skip


@settings(deadline=None, max_examples=150)
@given(
    st.lists(
        st.tuples(st.integers(0, len(rows_of()) - 1), st.integers(0, len(Column)), st.sampled_from(TEXTS)), max_size=4
    ),
    st.lists(
        st.tuples(st.integers(0, len(rows_of()) - 1), st.integers(0, len(Column)), st.sampled_from(TEXTS)), max_size=4
    ),
)
def test_any_sheet__after_any_other__is_found_as_if_it_were_the_first(first: Any, second: Any) -> None:
    before, rows = rows_of(), rows_of()
    for at, cells in ((before, first), (rows, second)):
        put(0, len(Column), "")(at)
        for edit in cells:
            put(*edit)(at)
    _, *expected = read_anew(rows)
    read_anew(before)
    _, *found = read(rows)
    assert found == expected
