"""Numbers whose unit the respondent chooses, sent, filled in and read back: number, unit, and what they convert to."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from pipeline.reading.submission import Submission
from pipeline.reading.tidy import tidy
from pipeline.receiving.receive import receive_file
from pipeline.simulation.fill import FilledWorkbook
from pipeline.validation.validate import validate
from questionnaire.layout import Column, Layout
from questionnaire.rounds.round import Round
from questionnaire.sheet_names import tab_names
from schemas.answers_table import answers_frame
from tests.given import PERIOD, write_questionnaire
from tests.with_units import units_round

Typed = Mapping[str, Any]


@pytest.fixture(scope="module")
def sent(tmp_path_factory: pytest.TempPathFactory) -> tuple[Round, Path]:
    folder = tmp_path_factory.mktemp("units")
    round_ = units_round(folder)
    write_questionnaire(folder / "AAA.xlsx", round_, round_.participants[0], Layout.of(round_))
    return round_, folder / "AAA.xlsx"


def read(sent: tuple[Round, Path], typed: Typed) -> Submission:
    """The return in which this is typed about W01."""
    round_, path = sent
    layout = Layout.of(round_)
    book = FilledWorkbook(path, layout, tab_names(layout), "en")
    for code, value in typed.items():
        book.type(layout.slot("W01", code), value)
    filled = path.with_name("filled.xlsx")
    book.save(filled, dt.datetime(2026, 3, 1))
    return tidy(receive_file(filled), filled.read_bytes(), round_, layout)


def found(sent: tuple[Round, Path], typed: Typed) -> list[tuple[str, str, str]]:
    """Each finding about it by code, severity and cell, of reading and of rules."""
    submission, (round_, _) = read(sent, typed), sent
    judged = validate(answers_frame(submission.rows), round_.instrument, PERIOD, {})
    about = [one for one in (*submission.findings, *judged) if one.indicator == "W01" and one.code != "cells_blank"]
    return sorted((one.code, str(one.severity), one.cell) for one in about)


def row(submission: Submission, field: str) -> dict[str, Any]:
    at = [*zip(submission.rows["block"], submission.rows["field"], strict=True)].index(("W01", field))
    return {name: values[at] for name, values in submission.rows.items()}


def cell(sent: tuple[Round, Path], field: str) -> str:
    return Layout.of(sent[0]).slot("W01", field).cell(Column.ANSWER)


def test_answer__in_a_unit__keeps_number_and_unit_as_given_and_says_what_they_convert_to(
    sent: tuple[Round, Path],
) -> None:
    submission = read(sent, {"lasted": 3, "lasted.unit": "Years"})
    assert (row(submission, "lasted")["number"], row(submission, "lasted.unit")["code"]) == (3.0, "YEAR")
    converted = row(submission, "lasted_converted")
    assert (converted["number"], converted["parsed_by"], converted["status"]) == (36.0, "computed", "answered")


def test_answer__in_a_unit_without_a_factor__is_kept_and_not_converted(sent: tuple[Round, Path]) -> None:
    submission = read(sent, {"lasted": 3, "lasted.unit": "Ages"})
    assert row(submission, "lasted")["number"] == 3.0
    assert (row(submission, "lasted_converted")["number"], row(submission, "lasted_converted")["status"]) == (
        None,
        "blank",
    )


def test_number__without_a_unit__is_an_error_at_the_cell_of_the_unit(sent: tuple[Round, Path]) -> None:
    assert found(sent, {"reached": 12}) == [("unit_required", "error", cell(sent, "reached.unit"))]


@pytest.mark.parametrize("typed", [{"reached": 0}, {"reached.unit": "Persons"}, {"reached": "ND"}])
def test_unit__without_a_number_or_of_0__is_no_finding(sent: tuple[Round, Path], typed: Typed) -> None:
    assert "unit_required" not in {code for code, *_ in found(sent, typed)}


def test_unit__that_is_none_of_the_list__is_unreadable_at_its_cell(sent: tuple[Round, Path]) -> None:
    assert found(sent, {"reached": 12, "reached.unit": "Villages"}) == [
        ("unknown_choice", "error", cell(sent, "reached.unit"))
    ]


@pytest.mark.parametrize(
    ("number", "unit", "findings"),
    [
        ("3 years", "Days", ["number_with_words", "unit_disagrees"]),
        ("3 years", "Years", ["number_with_words", "two_years"]),
        ("3 years", None, ["number_with_words", "unit_in_number", "unit_required"]),
        ("3 days", "Days", ["not_a_number", "unit_in_number"]),
        ("3 days", "Years", ["not_a_number", "unit_disagrees"]),
        ("12 000 EUR", "Days", ["currency_in_number", "unit_in_number"]),
    ],
)
def test_unit__beside_the_number__is_held_against_the_one_chosen(
    sent: tuple[Round, Path], number: str, unit: str | None, findings: list[str]
) -> None:
    noted = found(sent, {"lasted": number, **({"lasted.unit": unit} if unit else {})})
    assert sorted(code for code, *_ in noted) == findings
    at = cell(sent, "lasted")
    assert {where for code, _, where in noted if code != "unit_required"} == {at}


def test_rules__in_units__are_found_at_their_cells(sent: tuple[Round, Path]) -> None:
    typed = {"reached": 20, "reached.unit": "Persons", "aimed": 10, "aimed.unit": "Persons", "lasted": 3}
    assert found(sent, {**typed, "lasted.unit": "Years"}) == [
        ("more_than_aimed", "error", cell(sent, "reached")),
        ("two_years", "warning", cell(sent, "lasted")),
    ]
    assert found(sent, {**typed, "aimed.unit": "Households", "lasted.unit": "Days"}) == []


def test_converted__written_over__is_reported_and_worked_out_all_the_same(sent: tuple[Round, Path]) -> None:
    typed = {"lasted": 3, "lasted.unit": "Years", "lasted_converted": 99}
    assert ("computed_overwritten", "warning", cell(sent, "lasted_converted")) in found(sent, typed)
    assert row(read(sent, typed), "lasted_converted")["number"] == 36.0
