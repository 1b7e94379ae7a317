"""Reference values in the workbook: in words beside the question, as a number on a hidden sheet, for each respondent."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import openpyxl
import pytest

from questionnaire.layout import Column, Layout
from questionnaire.rounds.round import Round
from questionnaire.sheet_names import REFERENCES_SHEET
from questionnaire.workbook.template import Template, template
from tests.given import mini_round
from tests.with_ratio import ratio_round


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Round, Template]:
    round_ = ratio_round(tmp_path_factory.mktemp("references"))
    return round_, template(round_, "en", Layout.of(round_))


@pytest.mark.parametrize(
    ("respondent", "shown", "numbers"),
    [
        ("AAA", ("Begun in 2020: 4 (Yearbook)", "Area: 12\u00a0345.5 km², 2024 (Atlas <2024> & more)"), (12345.5, 4)),
        ("BBB", ("Begun in 2020: not known", "Area: 0 ha (Atlas)"), (0, None)),
        ("CCC", ("Begun in 2020: not known", "Area: not known"), (None, None)),
    ],
)
def test_workbook__of_each_respondent__shows_its_own_figures(
    made: tuple[Round, Template], respondent: str, shown: tuple[str, str], numbers: tuple[float | None, ...]
) -> None:
    round_, of_all = made
    who = round_.respondent(respondent)
    assert who
    book = openpyxl.load_workbook(BytesIO(of_all.questionnaire_for(who)), data_only=True)
    layout = Layout.of(round_)
    sheet = book.worksheets[2]
    beside = [
        str(sheet.cell(layout.slot("W01", code).row + 1, Column.HELP + 1).value) for code in ("begun", "per_area")
    ]
    assert [text.splitlines()[-1] for text in beside] == [f"Reference – {text}" for text in shown]
    hidden = book[REFERENCES_SHEET]
    assert hidden.sheet_state == "hidden"
    rows = tuple(hidden.iter_rows(values_only=True, max_col=2))
    assert rows == tuple(zip(("area", "baseline"), numbers, strict=True))


def test_workbook__in_another_language__shows_the_figures_in_it(made: tuple[Round, Template]) -> None:
    round_, of_all = made
    (first, *_) = round_.participants
    book = openpyxl.load_workbook(BytesIO(of_all.questionnaire_for(first)), data_only=True)
    texts = {str(cell) for row in book["_texts"].iter_rows(values_only=True) for cell in row}
    assert "Référence – Superficie\u00a0: 12\u00a0345,5 km², 2024 (Atlas <2024> & more)" in texts


def test_workbook__of_an_instrument_without_reference_values__has_no_such_sheet(tmp_path: Path) -> None:
    round_ = mini_round(tmp_path)
    content = template(round_, "en", Layout.of(round_)).questionnaire_for(round_.participants[0])
    assert REFERENCES_SHEET not in openpyxl.load_workbook(BytesIO(content), read_only=True).sheetnames
