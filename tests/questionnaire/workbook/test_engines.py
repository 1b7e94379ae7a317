"""What IronCalc and Gnumeric calculate of a questionnaire nobody has touched: the first value of every cell."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.reading.places.form_texts import FormTexts
from pipeline.simulation.fill import FilledWorkbook
from questionnaire.blanks import AnswerStatus
from questionnaire.layout import Column, RowKind
from questionnaire.rules.evaluate import Answer
from questionnaire.workbook.sheets import overview
from tests.contract.bare_workbook import saved_grids
from tests.engines import Gnumeric, IronCalc, RawGrid
from tests.given import following, mini_round
from tests.questionnaire.workbook.written import Written, different_cells, write

PREVIOUS = {
    ("W01a", "status"): Answer("3"),
    ("W01a", "total"): Answer(12.0),
    ("W01a", "regions"): Answer("NORTH;WEST"),
    ("W01a", "regions.NORTH"): Answer("Y"),
    ("W01a", "regions.WEST"): Answer("Y"),
    ("W01a", "targeted"): Answer(None, AnswerStatus.NOT_AVAILABLE),
    ("W02", "opened"): Answer(dt.date(2020, 5, 4)),
    ("W02", "report"): Answer("Report & <annex>"),
}
TYPED: dict[tuple[str, str], str | int] = {
    ("W01a", "status"): "3 – En partie",
    ("W01a", "total"): 3,
    ("W01a", "urban"): "beaucoup",
    ("W01b", "status"): "0 – Aucun",
    ("W02", "status"): "zéro",
    ("W02", "regions.NORTH"): "Oui",
    ("W02", "regions.WEST"): "Oui",
}


@pytest.fixture(scope="module")
def prefilled(tmp_path_factory: pytest.TempPathFactory) -> Written:
    """The questionnaire of the small instrument with answers of a previous round."""
    folder = tmp_path_factory.mktemp("prefilled")
    round_ = following(mini_round(folder), {"BBB": PREVIOUS})
    respondent = round_.respondent("BBB")
    assert respondent is not None
    return write(folder, round_, respondent)


@pytest.mark.parametrize("name", ["small", "real", "prefilled"])
def test_ironcalc__of_a_questionnaire_nobody_has_touched__calculates_the_first_values(
    request: pytest.FixtureRequest, name: str
) -> None:
    written: Written = request.getfixturevalue(name)
    assert different_cells(written.values, IronCalc().grids(written.path)) == []


@pytest.mark.gnumeric
@pytest.mark.parametrize(
    "name", ["small", *(pytest.param(name, marks=pytest.mark.wide) for name in ("real", "prefilled"))]
)
def test_gnumeric__of_a_questionnaire_nobody_has_touched__calculates_the_first_values(
    request: pytest.FixtureRequest, name: str, tmp_path: Path, ssconvert: Path
) -> None:
    written: Written = request.getfixturevalue(name)
    saved = Gnumeric(ssconvert).save(written.path, tmp_path / "saved.xlsx")
    assert different_cells(written.values, saved_grids(saved)) == []


@pytest.mark.gnumeric
def test_gnumeric__of_a_questionnaire_in_one_language__shows_its_texts(tmp_path: Path, ssconvert: Path) -> None:
    round_ = replace(mini_round(tmp_path), languages=("en",))
    written = write(tmp_path, round_, round_.participants[0])
    saved = Gnumeric(ssconvert).save(written.path, tmp_path / "saved.xlsx")
    assert different_cells(written.values, saved_grids(saved)) == []


@pytest.fixture(scope="module")
def answered(small: Written, tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, RawGrid]:
    """The questionnaire of the small instrument with some answers; one level leaves other questions idle."""
    book = FilledWorkbook(small.path, small.layout, small.tabs, "fr")
    for key, value in TYPED.items():
        book.type(small.layout.slot(*key), value)
    path = tmp_path_factory.mktemp("answered") / "answered.xlsx"
    book.save(path, dt.datetime(2026, 3, 1))
    return IronCalc().grids(path)


def test_ironcalc__of_answers__says_what_the_check_column_is_there_for(
    small: Written, answered: Mapping[str, RawGrid]
) -> None:
    slots = {key: small.layout.slot(*key) for key in (*TYPED, ("W01b", "spent"))}
    said = {key: answered[small.tabs[slot.sheet]][slot.row][Column.CHECK] for key, slot in slots.items()}
    assert {key: str(text)[:1] for key, text in said.items()} == {
        ("W01a", "status"): "✓",
        ("W01a", "total"): "✓",
        ("W01a", "urban"): "×",
        ("W01b", "status"): "✓",
        ("W01b", "spent"): "–",
        ("W02", "status"): "×",
        ("W02", "regions.NORTH"): "",
        ("W02", "regions.WEST"): "",
    }


def test_ironcalc__of_answers__the_band_says_what_is_left(small: Written, answered: Mapping[str, RawGrid]) -> None:
    said = {
        row.indicator.code: answered[small.tabs[sheet.code]][row.row][Column.HELP]
        for sheet in small.layout.sheets
        for row in sheet.rows
        if row.kind is RowKind.BAND
    }
    assert {code: said[code] for code in ("W01a", "W01b", "W02")} == {
        "W01a": "● À répondre\u00a0: 1  ·  × À corriger\u00a0: 1",
        "W01b": "✓ En ordre",
        "W02": "× À corriger\u00a0: 1",
    }
    texts = FormTexts(small.layout)
    assert all(texts.is_own(str(text)) for text in said.values())


def test_ironcalc__of_answers__counts_what_is_due_and_answered(small: Written, answered: Mapping[str, RawGrid]) -> None:
    idle = 0
    for indicator in small.layout.instrument.indicators:
        blocks = [slot for slot in small.layout.slots if slot.indicator.code == indicator.code]
        slots = [slot for slot in blocks if slot.field.is_first]
        cells = [
            [str(answered[small.tabs[slot.sheet]][slot.row][column] or "") for column in (Column.CHECK, Column.CODE)]
            for slot in slots
        ]
        asked = [code for check, code in cells if not check.startswith("–")]
        idle += len(cells) - len(asked)
        row = overview.indicator_row(small.layout.instrument, indicator.code)
        counted = [answered[small.tabs["overview"]][row][column] for column in (overview.DONE, overview.DUE)]
        missing = sum(str(answered[small.tabs[slot.sheet]][slot.row][Column.CHECK]).startswith("●") for slot in blocks)
        done = sum(code != "" for code in asked)
        assert counted == [done, done + missing], indicator.code
    assert idle
