"""Computed columns of lists and tables in a return: worked out of their line, whatever their cells show."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from pipeline.findings import Finding
from pipeline.reading.computed import compute_lines, without_answers
from pipeline.reading.lines.list_lines import ReadLine
from pipeline.reading.places.place import Place
from pipeline.reading.reading import Reading
from pipeline.reading.submission import Submission
from pipeline.reading.tidy import tidy
from pipeline.reading.values.parsed import BLANK, Parsed
from pipeline.receiving.receive import receive_file
from pipeline.simulation.fill import FilledWorkbook
from pipeline.validation.validate import validate
from questionnaire.addresses import column_letter
from questionnaire.blanks import AnswerStatus
from questionnaire.layout import Layout
from questionnaire.rounds.round import Round
from questionnaire.rules.evaluate import Answer
from questionnaire.sheet_names import tab_names
from questionnaire.workbook.prefill.previous_lines import PreviousLines
from questionnaire.workbook.texts.codelist_sheet import list_addresses
from schemas.answers_table import answers_frame
from tests.given import following, write_questionnaire
from tests.with_ratio_columns import columns_round, instrument

COURTS = {(1, "prosecuted"): 8, (1, "convicted"): 3, (2, "prosecuted"): 2, (2, "convicted"): 2}
VISIT = {(1, "indicator"): "J01 – One thing", (1, "seen"): 3, (1, "helped"): 1.5}


@pytest.fixture(scope="module")
def sent(tmp_path_factory: pytest.TempPathFactory) -> tuple[Round, Layout, Path]:
    folder = tmp_path_factory.mktemp("columns")
    round_ = columns_round(folder)
    layout = Layout.of(round_)
    path = folder / "sent.xlsx"
    write_questionnaire(path, round_, round_.participants[0], layout)
    return round_, layout, path


Typed = Mapping[tuple[int, str], Any]


def returned(sent: tuple[Round, Layout, Path], target: Path, courts: Typed, visits: Typed) -> Submission:
    """What is read of a return of AAA with these cells typed."""
    round_, layout, path = sent
    book = FilledWorkbook(path, layout, tab_names(layout), "en")
    for code, typed in (("courts", courts), ("visits", visits)):
        sheet = layout.list_of(code)
        for (line, column), value in typed.items():
            book.type_at(sheet.code, f"{column_letter(sheet.columns[column])}{sheet.row(line) + 1}", value)
    book.save(target / "back.xlsx", dt.datetime(2026, 3, 1))
    return tidy(receive_file(target / "back.xlsx"), (target / "back.xlsx").read_bytes(), round_, layout)


def numbers(read: Submission, column: str) -> dict[int, tuple[float | None, str]]:
    """The numbers of a column by line, with how each was come by."""
    names = ("line", "field", "number", "parsed_by")
    rows = zip(*(read.rows[name] for name in names), strict=True)
    return {line: (number, by) for line, field, number, by in rows if field == column}


def found(sent: tuple[Round, Layout, Path], read: Submission) -> list[Finding]:
    round_ = sent[0]
    rules = validate(answers_frame(read.rows), round_.instrument, round_.period.parameters, {})
    return [entry for entry in (*read.findings, *rules) if entry.field.partition(".")[0] in ("courts", "visits")]


def test_columns__of_a_return__are_worked_out_in_each_line_and_in_the_total_line_of_totals(
    sent: tuple[Round, Layout, Path], tmp_path: Path
) -> None:
    read = returned(sent, tmp_path, COURTS, VISIT)
    assert numbers(read, "rate") == {1: (37.5, "computed"), 2: (100.0, "computed"), 3: (50.0, "computed")}
    assert numbers(read, "twice_rate") == {1: (75.0, "computed"), 2: (200.0, "computed"), 3: (100.0, "computed")}
    assert numbers(read, "by_area") == {1: (11.976, "computed"), 2: (7.984, "computed"), 3: (19.96, "computed")}
    assert numbers(read, "helped_share") == {1: (50.0, "computed")}
    assert [(entry.code, entry.cell) for entry in found(sent, read)] == [("rate_high", "F9")]


def test_denominator__of_0__is_found_at_the_cell_of_its_line_and_nothing_is_computed(
    sent: tuple[Round, Layout, Path], tmp_path: Path
) -> None:
    read = returned(sent, tmp_path, {**COURTS, (2, "prosecuted"): 0, (2, "convicted"): 0}, {**VISIT, (1, "seen"): 0})
    assert numbers(read, "rate")[2] == (None, "blank")
    assert numbers(read, "helped_share") == {1: (None, "blank")}
    assert [(entry.code, str(entry.severity), entry.field, entry.cell) for entry in found(sent, read)] == [
        ("line_by_zero", "warning", "visits.helped_share", "F7"),
        ("line_by_zero", "warning", "courts.rate", "F9"),
    ]


def test_part__greater_than_the_whole__is_an_error_in_its_line(
    sent: tuple[Round, Layout, Path], tmp_path: Path
) -> None:
    read = returned(sent, tmp_path, {**COURTS, (1, "convicted"): 9}, VISIT)
    of_parts = [entry for entry in found(sent, read) if entry.code == "part_exceeds_whole"]
    assert [(str(entry.severity), entry.cell) for entry in of_parts] == [("error", "F8"), ("error", "F10")]


def test_result__written_over__counts_as_computed_and_is_asked_about(
    sent: tuple[Round, Layout, Path], tmp_path: Path
) -> None:
    courts = {**COURTS, (2, "convicted"): 1, (1, "rate"): 40, (3, "rate"): 40}
    read = returned(sent, tmp_path, courts, {**VISIT, (1, "helped_share"): 50})
    assert numbers(read, "rate") == {1: (37.5, "computed"), 2: (50.0, "computed"), 3: (40.0, "computed")}
    assert [(entry.code, str(entry.severity), entry.cell) for entry in found(sent, read)] == [
        ("computed_overwritten", "info", "F7"),
        ("computed_overwritten", "warning", "F8"),
        ("computed_overwritten", "info", "F10"),
    ]


def test_line__in_which_nothing_but_a_result_is_typed__is_read_and_one_that_only_computes_is_none(
    sent: tuple[Round, Layout, Path], tmp_path: Path
) -> None:
    read = returned(sent, tmp_path, {}, {**VISIT, (3, "helped_share"): 12})
    assert set(numbers(read, "helped_share")) == {1, 3}
    assert ("computed_overwritten", "F9") in [(entry.code, entry.cell) for entry in found(sent, read)]


def test_cells__computed__are_no_blank_ones_of_the_table(sent: tuple[Round, Layout, Path], tmp_path: Path) -> None:
    read = returned(sent, tmp_path, {(1, "prosecuted"): 8, (1, "convicted"): 3}, VISIT)
    blank = [entry.values["cells"] for entry in read.findings if entry.code == "cells_blank"]
    assert blank == [2, 2 * 3]


def test_return__in_which_nothing_is_typed__is_empty_although_columns_compute(
    sent: tuple[Round, Layout, Path], tmp_path: Path
) -> None:
    read = returned(sent, tmp_path, {}, {})
    assert read.blocker == "empty_return"
    assert "cells_blank" not in {entry.code for entry in read.findings}


def test_previous_lines__are_sent_with_what_they_compute_today_and_come_back_without_a_question(tmp_path: Path) -> None:
    """Some programs trust the results that stand in a file: they must be those of the desk."""
    before = {"indicator": Answer("J01"), "seen": Answer(3.0), "helped": Answer(1.0), "helped_share": Answer(99.0)}
    round_ = following(columns_round(tmp_path), {"AAA": {("J01", "things"): Answer(1.0)}})
    round_ = replace(round_, previous_lines={"AAA": {"visits": (before,)}})
    layout, path = Layout.of(round_), tmp_path / "AAA.xlsx"
    write_questionnaire(path, round_, round_.participants[0], layout)
    book, sheet = FilledWorkbook(path, layout, tab_names(layout), "en"), layout.list_of("visits")
    book.type_at(sheet.code, f"{column_letter(sheet.columns['confirm'])}{sheet.row(1) + 1}", "x")
    book.save(path, dt.datetime(2026, 3, 1))
    read = tidy(receive_file(path), path.read_bytes(), round_, layout)
    said = PreviousLines({}, list_addresses(round_.instrument), "en", "")._content(sheet, before)
    assert said == "J01|3|1||"
    assert numbers(read, "helped_share") == {1: (33.33, "computed")}
    assert numbers(read, "helped") == {1: (1.0, "confirmed")}
    assert [entry.code for entry in read.findings if entry.field.startswith("visits")] == []
    names = ("field", "change", "previous")
    rows = [row for row in zip(*(read.rows[name] for name in names), strict=True) if row[0] == "helped_share"]
    assert rows == [("helped_share", "changed", "99")]


@pytest.mark.parametrize(("column", "is_older", "number"), [(5, True, 12.0), (5, False, 50.0), (-1, True, 50.0)])
def test_line__of_an_older_edition__keeps_what_was_typed_where_the_column_was_there(
    column: int, is_older: bool, number: float
) -> None:
    slots = {slot.field.code: slot for slot in Layout(instrument()).list_of("visits").slots(1)}
    said = {"seen": 4.0, "helped": 2.0, "helped_share": 12.0}
    cells = {
        code: Reading(
            slot,
            Place(slot, "visits", slot.row, column, said.get(code)),
            Parsed(AnswerStatus.ANSWERED, str(said[code]), "number", number=said[code]) if code in said else BLANK,
        )
        for code, slot in slots.items()
    }
    line = ReadLine(instrument().lists[0], 1, cells)
    (read,) = compute_lines(without_answers(instrument(), {}, "AAA"), [line], is_older)
    assert read.cells["helped_share"].parsed.number == number
