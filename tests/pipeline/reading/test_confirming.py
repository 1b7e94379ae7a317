"""An x under “unchanged?”: what is read from it in a questionnaire as it is really written, and what is reported."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from pipeline.previous_round.previous_answers import with_shown_answers
from pipeline.reading.confirming import confirm, is_same
from pipeline.reading.places.place import Place
from pipeline.reading.reading import Reading
from pipeline.reading.submission import Submission
from pipeline.reading.tidy import tidy
from pipeline.reading.values.parsed import BLANK, Context, Parsed
from pipeline.reading.values.shown import HiddenValue
from pipeline.reading.workbooks.grids import StruckOut
from pipeline.receiving.receive import receive_file
from pipeline.simulation.fill import CellValue, FilledWorkbook
from questionnaire.blanks import AnswerStatus
from questionnaire.layout import Column, Layout
from questionnaire.rounds.previous_round import Previous
from questionnaire.rounds.round import Round
from questionnaire.rules.evaluate import Answer
from questionnaire.sheet_names import tab_names
from tests.given import mini, write_questionnaire
from tests.pipeline.returned import answer_of, mini_round

ND = AnswerStatus.NOT_AVAILABLE
ANSWERED_BEFORE = {
    ("W01a", "status"): Answer("3"),
    ("W01a", "total"): Answer(12.0),
    ("W01a", "regions"): Answer("NORTH;WEST"),
    ("W01a", "regions.NORTH"): Answer("Y"),
    ("W01a", "regions.WEST"): Answer("Y"),
    ("W01a", "targeted"): Answer(None, ND),
    ("W01b", "spent"): Answer(100.5),
    ("W01b", "spent.currency"): Answer("EUR"),
    ("W02", "opened"): Answer(dt.date(2020, 5, 4)),
    ("W02", "free"): Answer("N"),
    ("W02", "report"): Answer("=1+1 or so"),
    ("F01", "status"): Answer(None, ND),
}
Cells = Mapping[tuple[str, str], CellValue]


@cache
def prefilled() -> Round:
    return mini_round(
        previous=Previous(Path("answers.parquet"), "1", "2022–2023"), previous_answers={"BRA": ANSWERED_BEFORE}
    )


@cache
def layout() -> Layout:
    return Layout(mini(), prefilled=True)


@pytest.fixture(scope="module")
def sent(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("sent") / "questionnaire.xlsx"
    write_questionnaire(path, with_shown_answers(prefilled()), prefilled().respondents[0], layout())
    return path


@pytest.fixture
def returned(sent: Path, tmp_path: Path) -> Callable[..., Submission]:
    """What is read from the questionnaire with these marks and answers typed in."""

    def filled(marks: Cells, answers: Cells | None = None, round_: Round | None = None, **other: Any) -> Submission:
        book = FilledWorkbook(sent, layout(), tab_names(layout()), "en")
        typed = {Column.CONFIRM: marks, Column.ANSWER: answers or {}}
        for column, cells in (typed | {Column[name]: cells for name, cells in other.items()}).items():
            for key, value in cells.items():
                book.type(layout().slot(*key), value, column)
        path = tmp_path / "return.xlsx"
        book.save(path, dt.datetime(2026, 3, 1, 8))
        return tidy(receive_file(path), path.read_bytes(), round_ or prefilled(), layout())

    return filled


def reported(read: Submission, *keys: tuple[str, str]) -> list[tuple[Any, ...]]:
    """Status, value, rule, change and previous answer of some fields."""
    rows = [answer_of(read, *key) for key in keys]
    values = [next((r[c] for c in ("code", "number", "text", "date") if r[c] is not None), None) for r in rows]
    return [
        (row["status"], value, row["parsed_by"], row["change"], row["previous"])
        for row, value in zip(rows, values, strict=True)
    ]


def findings(read: Submission) -> list[tuple[str, str, str, str]]:
    """Those of the section sheets."""
    return [(f.code, f.severity, f.indicator, f.field) for f in read.findings if f.indicator]


def test_x__each_type__gives_the_answer_of_the_previous_round(returned: Callable[..., Submission]) -> None:
    heads = [("W01a", "status"), ("W01a", "total"), ("W02", "opened"), ("W02", "free"), ("W02", "report")]
    read = returned(dict.fromkeys(heads, "x"))
    assert findings(read) == []
    assert reported(read, *heads) == [
        ("answered", "3", "confirmed", "confirmed", "3"),
        ("answered", 12.0, "confirmed", "confirmed", "12"),
        ("answered", dt.date(2020, 5, 4), "confirmed", "confirmed", "2020-05-04"),
        ("answered", "N", "confirmed", "confirmed", "N"),
        ("answered", "=1+1 or so", "confirmed", "confirmed", "=1+1 or so"),
    ]


def test_x__at_a_head__takes_all_options_both_cells_and_a_reason(returned: Callable[..., Submission]) -> None:
    marks = {("W01a", "regions"): "X", ("W01b", "spent"): " x ", ("W01a", "targeted"): "x", ("F01", "status"): "x"}
    read = returned(marks)
    assert findings(read) == []
    regions = [("W01a", f"regions{option}") for option in ("", ".NORTH", ".SOUTH", ".WEST")]
    assert reported(read, *regions) == [
        ("answered", "NORTH;WEST", "confirmed", "confirmed", "NORTH;WEST"),
        ("answered", "Y", "confirmed", "confirmed", "Y"),
        ("blank", None, "blank", "", ""),
        ("answered", "Y", "confirmed", "confirmed", "Y"),
    ]
    assert reported(read, ("W01b", "spent"), ("W01b", "spent.currency")) == [
        ("answered", 100.5, "confirmed", "confirmed", "100.5"),
        ("answered", "EUR", "confirmed", "confirmed", "EUR"),
    ]
    declared = ("not_available", None, "confirmed", "confirmed", "not_available")
    assert reported(read, ("W01a", "targeted"), ("F01", "status")) == [declared, declared]


def test_answers__without_x__are_new_changed_the_same_or_left_out(returned: Callable[..., Submission]) -> None:
    answers = {
        ("W01a", "status"): "3 – Partly",
        ("W01a", "total"): 13,
        ("W01a", "urban"): 6,
        ("W01a", "regions.SOUTH"): "Yes",
        ("W01a", "regions.WEST"): "Yes",
        ("W02", "report"): "'=1+1  or so",
        ("F01", "status"): "Not available",
    }
    read = returned({}, answers)
    assert [(key, entry[3:]) for key, entry in zip(answers, reported(read, *answers), strict=True)] == [
        (("W01a", "status"), ("confirmed", "3")),
        (("W01a", "total"), ("changed", "12")),
        (("W01a", "urban"), ("new", "")),
        (("W01a", "regions.SOUTH"), ("changed", "")),
        (("W01a", "regions.WEST"), ("confirmed", "Y")),
        (("W02", "report"), ("confirmed", "=1+1 or so")),
        (("F01", "status"), ("confirmed", "not_available")),
    ]
    unmarked, head, left_out = reported(read, ("W01a", "regions.NORTH"), ("W01a", "regions"), ("W02", "opened"))
    assert unmarked == ("blank", None, "blank", "changed", "Y")
    assert head == ("answered", "SOUTH;WEST", "selection", "changed", "NORTH;WEST")
    assert left_out[0] in ("blank", "skipped")
    assert left_out[3:] == ("", "2020-05-04")


@pytest.mark.parametrize(
    ("key", "answers", "other", "value"),
    [
        (("W01a", "total"), {("W01a", "total"): 13}, {}, 13.0),
        (("W01b", "spent"), {("W01b", "spent"): 100.5, ("W01b", "spent.currency"): "USD – US dollar"}, {}, 100.5),
        (("W01a", "regions"), {("W01a", "regions.NORTH"): "Yes"}, {}, "NORTH"),
        (("W01a", "regions"), {("W01a", "regions.NORTH"): "No"}, {}, None),
        (("W02", "report"), {("W02", "report"): "Another one"}, {}, "Another one"),
        (("W01a", "total"), {}, {"IF_NONE": {("W01a", "total"): "Not available"}}, None),
    ],
)
def test_x__and_another_answer__the_answer_counts_and_is_asked_about(
    returned: Callable[..., Submission], key: tuple[str, str], answers: Cells, other: dict[str, Cells], value: object
) -> None:
    read = returned({key: "x"}, answers, **other)
    assert findings(read) == [("confirm_contradicted", "warning", *key)]
    assert reported(read, key)[0][1] == value
    assert reported(read, key)[0][2] != "confirmed"


def test_x__and_the_same_answer__is_no_contradiction(returned: Callable[..., Submission]) -> None:
    answers = {("W01a", "total"): 12, ("W01a", "regions.NORTH"): "Yes", ("W01a", "regions.WEST"): "Yes"}
    read = returned({("W01a", "total"): "x", ("W01a", "regions"): "x"}, answers)
    assert findings(read) == []
    assert [entry[3] for entry in reported(read, *answers)] == ["confirmed"] * 3


@pytest.mark.parametrize(
    ("now", "then", "same"),
    [
        (BLANK, None, True),
        (Parsed(AnswerStatus.ANSWERED, number=0.0), None, False),
        (Parsed(AnswerStatus.UNREADABLE), None, False),
        (BLANK, Answer(0.0), False),
        (Parsed(ND), Answer(None, ND), True),
        (Parsed(AnswerStatus.CONFIDENTIAL), Answer(None, ND), False),
        (Parsed(AnswerStatus.ANSWERED, number=3.6), Answer(1.2 * 3), True),
        (Parsed(AnswerStatus.ANSWERED, number=3.6), Answer(3.61), False),
        (Parsed(AnswerStatus.ANSWERED, number=12.0), Answer(12), True),
        (Parsed(AnswerStatus.ANSWERED, code="12"), Answer(12.0), False),
        (Parsed(AnswerStatus.ANSWERED, text="A  law\n"), Answer("A law"), True),
        (Parsed(AnswerStatus.ANSWERED, text="'=A1"), Answer("=A1"), True),
        (Parsed(AnswerStatus.ANSWERED, text="a law"), Answer("A law"), False),
    ],
)
def test_is_same__an_answer_and_the_previous_one__by_status_and_value(
    now: Parsed, then: Answer | None, same: bool
) -> None:
    assert is_same(now, then) is same


@pytest.mark.parametrize("typed", ["y", "no", "xx", 1, "×"])
def test_confirm__anything_else__is_an_error(returned: Callable[..., Submission], typed: CellValue) -> None:
    read = returned({("W01a", "total"): typed})
    assert findings(read) == [("confirm_unknown", "error", "W01a", "total")]
    assert reported(read, ("W01a", "total"))[0][0] == "blank"


def test_x__crossed_out_or_hidden__confirms_nothing() -> None:
    slot = layout().slot("W01a", "total")
    for mark in (StruckOut("x"), HiddenValue("x")):
        reading = Reading(slot, Place(slot, "W", 0, 0, "", confirm=mark), BLANK, "", "", (), "W01a")
        [found] = confirm([reading], ANSWERED_BEFORE, Context(mini().missing))
        assert (found.parsed.number, [fault.code for fault in found.faults]) == (None, ["confirm_unknown"])


def test_x__nothing_to_confirm__is_an_error(returned: Callable[..., Submission]) -> None:
    read = returned({("W02", "total"): "x"})
    assert findings(read) == [("confirm_nothing", "error", "W02", "total")]


@pytest.mark.parametrize(
    "round_", [replace(prefilled(), previous_answers={}), replace(prefilled(), previous=None, previous_answers={})]
)
def test_x__the_dataset_is_not_there__confirms_nothing(returned: Callable[..., Submission], round_: Round) -> None:
    read = returned({("W01a", "total"): "x"}, round_=round_)
    assert findings(read) == [("confirm_nothing", "error", "W01a", "total")]
    assert reported(read, ("W01a", "total"))[0][0] == "blank"


@pytest.mark.parametrize(
    ("key", "column", "typed", "said"),
    [
        (("W01a", "status"), "PREVIOUS_CODE", "2", "3 – Partly"),
        (("W01a", "status"), "PREVIOUS", "2 – Adopted", "2 – Adopted"),
        (("W01a", "total"), "PREVIOUS", 13, "13"),
        (("W01a", "total"), "PREVIOUS_NUMERIC", 13, "12"),
        (("W02", "report"), "PREVIOUS", "Another", "Another"),
        (("W02", "opened"), "PREVIOUS", "soon", "soon"),
    ],
)
def test_x__what_is_shown_was_altered__is_an_error_and_the_dataset_counts(
    returned: Callable[..., Submission], key: tuple[str, str], column: str, typed: CellValue, said: str
) -> None:
    read = returned({key: "x"}, **{column: {key: typed}})
    assert findings(read) == [("confirm_altered", "error", *key)]
    (found,) = (entry for entry in read.findings if entry.indicator)
    assert said in found.message_in("en")
    assert reported(read, key)[0][1] == ANSWERED_BEFORE[key].value


def test_x__an_option_was_shown_that_was_not_marked__is_reported_there(returned: Callable[..., Submission]) -> None:
    read = returned(
        {("W01a", "regions"): "x"}, PREVIOUS={("W01a", "regions.WEST"): None, ("W01a", "regions.NORTH"): "No"}
    )
    assert findings(read) == [("confirm_altered", "error", "W01a", "regions.NORTH")]
    read = returned({("W01a", "regions"): "x"}, PREVIOUS={("W01a", "regions.SOUTH"): "Yes"})
    assert findings(read) == [("confirm_altered", "error", "W01a", "regions.SOUTH")]


def test_x__what_is_shown_was_lost__is_taken_from_the_dataset(returned: Callable[..., Submission]) -> None:
    lost = {("W01a", "status"): None, ("W02", "report"): None}
    read = returned(dict.fromkeys(lost, "x"), PREVIOUS=lost, PREVIOUS_CODE={("W01a", "status"): None})
    assert findings(read) == []
    assert reported(read, ("W01a", "status"))[0][:3] == ("answered", "3", "confirmed")
