"""Computed answers of a return: worked out of what was read, whatever their cells show; what they show is compared."""

from __future__ import annotations

import datetime as dt
from functools import cache
from pathlib import Path

import pytest

from pipeline.reading.computed import compute
from pipeline.reading.lines.list_lines import ReadLine
from pipeline.reading.places.place import Place
from pipeline.reading.questions import Readings
from pipeline.reading.reading import Reading
from pipeline.reading.submission import Submission
from pipeline.reading.tidy import tidy
from pipeline.reading.values.parsed import BLANK, Context, Parsed
from pipeline.reading.values.parsing import parse
from pipeline.receiving.receive import receive_file
from pipeline.simulation.fill import FilledWorkbook
from questionnaire.blanks import AnswerStatus
from questionnaire.layout import Column, Layout
from questionnaire.rounds.round import Round
from questionnaire.rules.evaluate import Answer
from questionnaire.sheet_names import tab_names
from tests.contract.list_sets import listing, listing_round
from tests.given import PERIOD, write_questionnaire

KEY = ("W01a", "all_projects")
ADOPTED = Parsed(AnswerStatus.ANSWERED, "2", "choice:code", code="2")
OF_W01A = Parsed(AnswerStatus.ANSWERED, "W01a", "choice:code", code="W01a")


@cache
def layout() -> Layout:
    return Layout(listing())


def readings(shown: object, *, overwritten: bool = False, level: Parsed = ADOPTED) -> Readings:
    """What was read of a return with a level of W01a, and something in the cell of its computed question."""
    read = {(slot.block.code, slot.field.code): Reading(slot, None, BLANK) for slot in layout().slots}
    read["W01a", "status"] = Reading(layout().slot("W01a", "status"), None, level)
    slot = layout().slot(*KEY)
    place = Place(slot, "W", slot.row, 3, shown, overwritten=overwritten)  # type: ignore[arg-type]
    context = Context(listing().missing)
    parsed = parse(slot.field.type, place.answer, None, context)
    read[KEY] = Reading(slot, place, parsed, indicator="W01a")
    return read


def lines(count: int) -> list[ReadLine]:
    """So many lines of W01a."""
    made = []
    for number in range(1, count + 1):
        slots = {slot.field.code: slot for slot in layout().lists[0].slots(number)}
        cells = {code: Reading(slot, None, OF_W01A if code == "indicator" else BLANK) for code, slot in slots.items()}
        made.append(ReadLine(listing().lists[0], number, cells))
    return made


def computed(read: Readings, count: int = 2, *, is_older: bool = False) -> Reading:
    return compute(listing(), read, lines(count), PERIOD, is_older)[KEY]


@pytest.mark.parametrize(
    ("shown", "overwritten", "found"),
    [
        (2.0, False, []),
        ("", False, []),
        ("", True, []),
        (5.0, False, [("computed_differs", "warning")]),
        ("#REF!", False, [("computed_differs", "warning")]),
        (5.0, True, [("computed_overwritten", "warning")]),
        ("five", True, [("computed_overwritten", "warning")]),
        (2.0, True, [("computed_overwritten", "info")]),
        (0.0, True, [("computed_overwritten", "warning")]),
    ],
)
def test_cell__whatever_it_shows__the_lines_count(
    shown: object, overwritten: bool, found: list[tuple[str, str]]
) -> None:
    reading = computed(readings(shown, overwritten=overwritten))
    assert (reading.parsed.number, reading.parsed.parsed_by) == (2.0, "computed")
    assert [(fault.code, str(fault.severity)) for fault in (*reading.parsed.faults, *reading.faults)] == found
    assert bool(reading.parsed.raw) is bool(found), "only what somebody typed is kept as text"


def test_finding__of_an_overwritten_cell__names_cell_and_both_numbers() -> None:
    (found,) = computed(readings(5.0, overwritten=True)).findings()
    assert (found.sheet, found.cell, found.indicator, found.field) == ("W", f"D{layout().slot(*KEY).row + 1}", *KEY)
    assert (found.values["typed"], found.values["computed"], found.value) == ("5", "2", "5")


@pytest.mark.parametrize(("shown", "found"), [(0.0, []), (2.0, ["computed_differs"])])
def test_answer__that_is_not_known__is_blank_and_a_nought_that_a_program_saved_for_it_is_none(
    shown: float, found: list[str]
) -> None:
    reading = computed(readings(shown, level=BLANK))
    assert (reading.parsed.status, reading.parsed.number, reading.parsed.parsed_by) == (
        AnswerStatus.BLANK,
        None,
        "blank",
    )
    assert [fault.code for fault in reading.faults] == found


def test_answer__as_the_questionnaire_was_sent__is_no_news() -> None:
    slot = layout().slot("W01a", "free_projects")
    read = {**readings("")}
    read["W01a", "free_projects"] = Reading(
        slot, Place(slot, "W", slot.row, 3, 0.0), Parsed(AnswerStatus.ANSWERED, "0", number=0.0)
    )
    free = [line.saying({"free_use": Parsed(AnswerStatus.ANSWERED, "Y", code="Y")}) for line in lines(3)]
    reading = compute(listing(), read, free, PERIOD, is_older=False)["W01a", "free_projects"]
    assert (reading.parsed.number, reading.faults) == (3.0, ())


def test_older_edition__that_asked_for_the_number__gives_it_or_leaves_it_blank() -> None:
    assert computed(readings(7.0), is_older=True).answer == Answer(7.0)
    assert computed(readings(""), is_older=True).parsed.status is AnswerStatus.BLANK


def test_older_edition__that_did_not_ask_for_it__has_it_computed() -> None:
    read = {**readings(""), KEY: Reading(layout().slot(*KEY), None, BLANK)}
    assert computed(read, is_older=True).answer == Answer(2.0)


# --- a whole return -----------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def sent(tmp_path_factory: pytest.TempPathFactory) -> tuple[Round, Path]:
    root = tmp_path_factory.mktemp("computed")
    round_ = listing_round(root)
    path = root / "AAA.xlsx"
    write_questionnaire(path, round_, round_.participants[0], layout())
    return round_, path


def returned(sent: tuple[Round, Path], target: Path, overwritten: float | None = None) -> Submission:
    """A return with the level of W01a and one line; a number may be typed over a formula."""
    round_, path = sent
    book = FilledWorkbook(path, layout(), tab_names(layout()), "en")
    book.answer({("W01a", "status"): Answer("2"), KEY: Answer(9.0)})
    book.fill_lines(layout().lists[0], [{"indicator": Answer("W01a"), "partner": Answer("BBB")}])
    if overwritten is not None:
        book.type(layout().slot(*KEY), overwritten)
    book.save(target, dt.datetime(2026, 3, 1))
    return tidy(receive_file(target), target.read_bytes(), round_, layout())


def row(submission: Submission, key: tuple[str, str]) -> dict[str, object]:
    at = list(zip(submission.rows["block"], submission.rows["field"], strict=True)).index(key)
    return {name: values[at] for name, values in submission.rows.items()}


def test_return__with_lines__has_the_count_with_its_cell_and_says_that_it_is_computed(
    sent: tuple[Round, Path], tmp_path: Path
) -> None:
    submission = returned(sent, tmp_path / "AAA.xlsx")
    found = row(submission, KEY)
    cell = layout().slot(*KEY).cell(Column.ANSWER)
    assert (found["number"], found["status"], found["parsed_by"], found["cell"]) == (1.0, "answered", "computed", cell)
    assert row(submission, ("F01", "free_projects"))["number"] == 0.0
    assert [entry.code for entry in submission.findings if entry.code.startswith(("computed", "answers_calc"))] == []


def test_return__with_a_number_over_the_formula__is_asked_about_it(sent: tuple[Round, Path], tmp_path: Path) -> None:
    submission = returned(sent, tmp_path / "AAA.xlsx", overwritten=4)
    cell = layout().slot(*KEY).cell(Column.ANSWER)
    found = [(entry.code, str(entry.severity), entry.cell) for entry in submission.findings]
    assert ("computed_overwritten", "warning", cell) in found
    assert row(submission, KEY)["number"] == 1.0


def test_return__as_it_was_sent__is_empty_though_it_shows_results(sent: tuple[Round, Path]) -> None:
    round_, path = sent
    submission = tidy(receive_file(path), path.read_bytes(), round_, layout())
    assert submission.blocker == "empty_return"
    assert row(submission, ("F01", "free_projects"))["number"] == 0.0
