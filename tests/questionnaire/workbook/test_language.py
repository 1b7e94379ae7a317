"""Recalculated in LibreOffice: first values are what the formulas yield, and the language switches everything."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace

import pytest
from openpyxl import load_workbook

from questionnaire.layout import Column
from questionnaire.rounds.identity import find_identity
from questionnaire.workbook.sheets.cover import LANGUAGE
from tests.office import recalculate
from tests.questionnaire.workbook.written import Written, write

pytestmark = pytest.mark.libreoffice

Grids = dict[str, list[list[object]]]


@pytest.fixture(scope="module")
def english(real: Written, tmp_path_factory: pytest.TempPathFactory) -> Written:
    """The same questionnaire, written in English from the start."""
    respondent = replace(real.respondent, language="en")
    return write(tmp_path_factory.mktemp("english"), real.round, respondent)


@pytest.fixture(scope="module")
def recalculated(real: Written, small: Written, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Written]:
    """Untouched questionnaires and one switched to English, after LibreOffice has calculated them anew."""
    folder = tmp_path_factory.mktemp("recalculated")
    switched = folder / "in" / "switched.xlsx"
    switched.parent.mkdir()
    book = load_workbook(real.path)
    ((tab, cell),) = book.defined_names[LANGUAGE].destinations
    book[tab][cell].value = "English"
    book.save(switched)
    paths = recalculate([real.path, small.path, switched], folder)
    origins = {"real": real, "small": small, "switched": real}
    return {
        name: replace(origins[name], path=path) for name, path in zip(("real", "small", "switched"), paths, strict=True)
    }


@pytest.mark.parametrize("name", ["real", "small"])
def test_first_values__recalculated__stay_the_same(
    name: str, recalculated: dict[str, Written], request: pytest.FixtureRequest
) -> None:
    written: Written = request.getfixturevalue(name)
    for tab, before in _visible(written).items():
        for row, (old, new) in enumerate(zip(before, _visible(recalculated[name])[tab], strict=False), 1):
            assert _seen(new) == _seen(old), f"{tab}, row {row}"


def test_language__chosen_on_the_cover__switches_every_text(
    real: Written, english: Written, recalculated: dict[str, Written]
) -> None:
    switched, wanted = _visible(recalculated["switched"]), _visible(english)
    for key, tab in real.tabs.items():
        for row, (found, right) in enumerate(zip(switched[tab], wanted[english.tabs[key]], strict=False), 1):
            assert _seen(found) == _seen(right), f"{tab}, row {row}"


def test_language__chosen_on_the_cover__switches_the_lists(english: Written, recalculated: dict[str, Written]) -> None:
    assert recalculated["switched"].values["_lists"] == english.values["_lists"]


def _visible(written: Written) -> Grids:
    """The cells of the sheets that people see, without hidden columns of section sheets."""
    sections = {written.tabs[sheet.code] for sheet in written.layout.sheets}
    return {
        tab: [row[Column.NUMBER : Column.PREVIOUS] if tab in sections else row for row in grid]
        for tab, grid in written.values.items()
        if tab in written.tabs.values()
    }


def _seen(row: Sequence[object]) -> list[object]:
    """A row without empty cells at its end; numbers rounded, identities left out."""
    cells = [
        "" if find_identity(cell) else round(cell, 9) if isinstance(cell, float) else cell
        for cell in row
        if not isinstance(cell, dt.date)
    ]
    while cells and cells[-1] in ("", None):
        cells.pop()
    return cells
