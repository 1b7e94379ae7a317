"""Two rounds, one after the other: what was published in the first is confirmed, changed and added to in the second.

Answers and the lines of a list alike.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import Path

import pandas as pd
import pytest

from pipeline.desk.explain import explain_lines
from pipeline.desk.questionnaires import folder, write_questionnaires
from pipeline.journey import consolidate_round
from pipeline.receiving.receive import receive
from pipeline.simulation.fill import CellValue, FilledWorkbook
from pipeline.simulation.simulate import simulate
from pipeline.validation.batch import read_batch
from questionnaire.addresses import column_letter
from questionnaire.layout import Column, Layout
from questionnaire.rounds.access import Access
from questionnaire.rounds.round import Round
from questionnaire.sheet_names import tab_names
from questionnaire.workbook.write import file_name
from tests.with_list import list_round

pytestmark = pytest.mark.wide

PREVIOUS = (
    '\n[previous]\nanswers = "../../outputs/first/restricted/answers.parquet"\nedition = "1"\nperiod = "2022–2023"\n'
)
Cells = Mapping[tuple[str, str], CellValue]

FIRST: Cells = {
    ("W01a", "status"): "3 – Partly",
    ("W01a", "total"): 12,
    ("W01a", "urban"): 7,
    ("W01a", "rural"): 5,
    ("W01a", "regions.NORTH"): "Yes",
    ("W01a", "regions.WEST"): "Yes",
    ("W01b", "status"): "2 – Adopted",
    ("W01b", "spent"): 100,
    ("W01b", "spent.currency"): "EUR – euro",
    ("W02", "status"): "2 – Adopted",
    ("W02", "regions.SOUTH"): "Yes",
    ("W02", "total"): 12,
    ("W02", "started"): 2019,
    ("W02", "opened"): dt.date(2020, 5, 4),
    ("W02", "report"): "=1+1",
}
CONFIRMED: Cells = dict.fromkeys(
    [
        ("W01a", "status"), ("W01a", "urban"), ("W01a", "regions"), ("W01b", "spent"),
        ("W02", "status"), ("W02", "regions"), ("W02", "started"), ("W02", "report"),
    ], "x",
)  # fmt: skip
CHANGED: Cells = {
    ("W01a", "total"): 13,
    ("W01a", "rural"): 6,
    ("W01b", "status"): "4 – Fully",
    ("W02", "total"): 120,
    ("F01", "status"): "1 – Planned",
}


Lines = Mapping[int, Mapping[str, CellValue]]

FIRST_LINES: Lines = {
    2: {"indicator": "W01a – Wells", "partner": "Betaland", "begun": 2001, "free_use": "Yes"},
    3: {"indicator": "W01a – Wells", "partner": "Elsewhere", "name": "=Utopia"},
    4: {"indicator": "F01 – Trees", "partner": "Gammaland"},
}
SECOND_LINES: Lines = {
    1: {"confirm": "x"},
    2: {"confirm": "x", "begun": 2010},
    4: {"indicator": "W01a – Puits", "partner": "Gammalande"},
}


@pytest.fixture(scope="module")
def second(tmp_path_factory: pytest.TempPathFactory) -> Round:
    """The second round, consolidated."""
    root = tmp_path_factory.mktemp("rounds")
    first = list_round(root, "first")
    _return(first, {Column.ANSWER: FIRST}, FIRST_LINES)
    consolidate_round(first)
    round_ = list_round(root, "second", PREVIOUS)
    _return(round_, {Column.ANSWER: CHANGED, Column.CONFIRM: CONFIRMED}, SECOND_LINES)
    consolidate_round(round_)
    return round_


def test_second__every_answer__says_whether_it_is_new_confirmed_or_changed(second: Round) -> None:
    answers = pd.read_parquet(second.results(Access.RESTRICTED) / "answers.parquet")
    assert set(answers["outcome"]) == {"published"}
    answers = answers[answers["block"] != "projects"]
    compared = answers[(answers["change"] != "") | (answers["previous"] != "")]
    value = compared["code"].fillna(compared["text"]).fillna(compared["number"].astype("string")).fillna("")
    columns = [compared[name] for name in ("indicator", "field", "change", "previous", "parsed_by")]
    rows = zip(*columns[:2], value, *columns[2:], strict=True)
    assert list(rows) == [
        ("W01a", "status", "3", "confirmed", "3", "confirmed"),
        ("W01a", "total", "13.0", "changed", "12", "number"),
        ("W01a", "urban", "7.0", "confirmed", "7", "confirmed"),
        ("W01a", "rural", "6.0", "changed", "5", "number"),
        ("W01a", "regions", "NORTH;WEST", "confirmed", "NORTH;WEST", "confirmed"),
        ("W01a", "regions.NORTH", "Y", "confirmed", "Y", "confirmed"),
        ("W01a", "regions.WEST", "Y", "confirmed", "Y", "confirmed"),
        ("W01b", "status", "4", "changed", "2", "choice:label"),
        ("W01b", "spent", "100.0", "confirmed", "100", "confirmed"),
        ("W01b", "spent.currency", "EUR", "confirmed", "EUR", "confirmed"),
        ("W02", "status", "2", "confirmed", "2", "confirmed"),
        ("W02", "total", "120.0", "changed", "12", "number"),
        ("W02", "regions", "SOUTH", "confirmed", "SOUTH", "confirmed"),
        ("W02", "regions.SOUTH", "Y", "confirmed", "Y", "confirmed"),
        ("W02", "started", "2019.0", "confirmed", "2019", "confirmed"),
        ("W02", "opened", "", "", "2020-05-04", "blank"),
        ("W02", "report", "=1+1", "confirmed", "=1+1", "confirmed"),
        ("F01", "status", "1", "new", "", "choice:label"),
    ]


def test_second__ten_times_as_many__are_asked_about_at_their_cell(second: Round) -> None:
    findings = pd.read_parquet(second.results(Access.RESTRICTED) / "findings.parquet")
    (found,) = findings[findings["code"].str.startswith("W18")].to_dict("records")
    cell = Layout.of(second).slot("W02", "total").cell(Column.ANSWER)
    assert (found["code"], found["severity"], found["cell"], found["value"]) == ("W18c", "warning", cell, "120")
    assert "(12)" in found["message"]
    codebook = pd.read_csv(second.results(Access.RESTRICTED) / "questions.csv", dtype="str").set_index(
        ["indicator", "field"]
    )["rules"]
    assert codebook["W02", "total"].split()[-3:] == ["W18c", "W18d", "W18e"]
    assert codebook["W02", "started"].split()[-1] == "W18b"


def test_explain__the_previous_answer_again__passed_the_rules_that_compare(second: Round) -> None:
    lines = list(explain_lines(second, "AAA", "W01a", "status"))
    assert any(line.strip().startswith("passed:") and "W18a" in line for line in lines), lines


def test_second__its_csv__holds_no_formula(second: Round) -> None:
    assert "\n=1+1" not in (text := (second.results(Access.RESTRICTED) / "answers.csv").read_text(encoding="utf-8-sig"))
    assert ",=1+1" not in text
    assert "'=1+1" in text


@pytest.mark.parametrize(
    ("indicator", "field", "expected"),
    [
        ("W01a", "urban", "unchanged answer; answer of 2022–2023: “7”"),
        ("W01a", "total", "changed answer; answer of 2022–2023: “12”"),
        ("F01", "status", "new answer"),
    ],
)
def test_explain__reports_the_change_and_the_previous_answer(
    second: Round, indicator: str, field: str, expected: str
) -> None:
    lines = [line.strip() for line in explain_lines(second, "AAA", indicator, field)]
    assert expected in lines
    typed = "x" if field == "urban" else CHANGED[indicator, field]
    assert any(line.startswith(f"text as typed: “{typed}”") for line in lines)


def test_simulated__a_round_that_follows__gives_answers_again_and_raises_no_query_about_others(second: Round) -> None:
    round_ = list_round(second.folder.parents[1], "third", PREVIOUS)
    simulate(round_, 1)
    batch = read_batch(round_, receive(round_))
    assert not [finding.code for finding in batch.findings if finding.code.startswith("W18")]
    answers = batch.answers[(batch.answers["respondent"] == "AAA") & (batch.answers["previous"] != "")]
    assert (answers["change"] == "confirmed").sum() >= 8


def test_second__lines_that_count__are_published(second: Round) -> None:
    lines = pd.read_csv(second.results(Access.RESTRICTED) / "projects.csv", encoding="utf-8-sig").astype(object)
    rows = lines[["indicator", "partner", "name", "begun", "free_use", "row"]].fillna("")
    assert rows.to_numpy().tolist() == [
        ["W01a", "BBB", "", 2001, "Y", 7],
        ["W01a", "OTHER", "'=Utopia", 2010, "", 8],
        ["W01a", "CCC", "", "", "", 10],
    ]


def test_second__cells_of_lines__say_whether_they_are_new_confirmed_or_changed(second: Round) -> None:
    cells = pd.read_parquet(second.results(Access.RESTRICTED) / "answers.parquet")
    rows = cells[(cells["status"] == "answered") & (cells["block"] == "projects")]
    columns = [rows[name] for name in ("line", "field", "change", "previous", "parsed_by")]
    assert list(zip(*columns, strict=True)) == [
        (1, "indicator", "confirmed", "W01a", "confirmed"),
        (1, "partner", "confirmed", "BBB", "confirmed"),
        (1, "begun", "confirmed", "2001", "confirmed"),
        (1, "free_use", "confirmed", "Y", "confirmed"),
        (2, "indicator", "confirmed", "W01a", "confirmed"),
        (2, "partner", "confirmed", "OTHER", "confirmed"),
        (2, "name", "confirmed", "=Utopia", "confirmed"),
        (2, "begun", "new", "", "number"),
        (4, "indicator", "new", "", "choice:label"),
        (4, "partner", "new", "", "choice:label"),
    ]


def test_second__numbers__are_held_against_the_lines_that_count(second: Round) -> None:
    findings = pd.read_csv(second.results(Access.RESTRICTED) / "findings.csv", encoding="utf-8-sig")
    counted = findings[findings["code"] == "lines_counted"]
    assert counted[["field", "value", "message"]].to_numpy().tolist() == [
        ["total", "13", "The list “List of projects” has 3 lines for this question, not the number given here."]
    ]
    assert pd.read_csv(second.results(Access.RESTRICTED) / "reconciliation.csv")["balanced"].all()


def _return(round_: Round, typed: Mapping[Column, Cells], lines: Lines) -> None:
    """The questionnaire of AAA, filled in and signed off."""
    write_questionnaires(round_)
    layout = Layout.of(round_)
    respondent = round_.participants[0]
    sent = folder(round_) / file_name(round_, respondent)
    book = FilledWorkbook(Path(sent), layout, tab_names(layout), respondent.language)
    for column, cells in typed.items():
        for key, value in cells.items():
            book.type(layout.slot(*key), value, column)
    (sheet,) = layout.lists
    for line, row in lines.items():
        for name, value in row.items():
            book.type_at(sheet.code, f"{column_letter(sheet.columns[name])}{sheet.row(line) + 1}", value)
    round_.returns.mkdir()
    book.save(round_.returns / sent.name, dt.datetime(2026, 3, 1, 8))
