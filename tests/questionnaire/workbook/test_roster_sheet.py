"""The sheet of a roster: keys, headings, dropdowns and looks as on the other sheets, and small."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from openpyxl.worksheet.worksheet import Worksheet

from questionnaire.identity import find_identity
from questionnaire.layout import column_letter
from questionnaire.messages import in_language
from questionnaire.roster_layout import (
    CHECK,
    FIRST_LINE,
    GUIDANCE,
    HEADER_KEYS,
    HEADINGS,
    IDENTITY,
    KEY,
    LINE,
    TITLE,
    RosterSheet,
    roster_sheets,
)
from tests.questionnaire.workbook.written import Written, write


@pytest.fixture
def roster(real: Written) -> RosterSheet:
    return roster_sheets(real.layout)[0]


@pytest.fixture
def sheet(real: Written, roster: RosterSheet) -> Worksheet:
    found = real.book[real.tabs[roster.code]]
    assert isinstance(found, Worksheet)
    return found


def test_sheet__of_an_instrument_without_rosters__is_not_there(small: Written) -> None:
    assert not any(key.startswith("roster") for key in small.tabs)


def test_texts__in_the_respondents_language__stand_beside_their_formulas(real: Written, roster: RosterSheet) -> None:
    grid = real.values[real.tabs[roster.code]]
    assert grid[TITLE][roster.columns[LINE]] == "Lista de acordos"
    for column in roster.roster.columns:
        assert grid[HEADINGS][roster.columns[column.code]] == in_language(column.label, "pt")
        assert grid[GUIDANCE][roster.columns[column.code]] == in_language(column.help, "pt")


def test_keys__of_columns_and_lines__are_static(sheet: Worksheet, roster: RosterSheet) -> None:
    found = {cell.value: cell.column - 1 for cell in sheet[HEADER_KEYS + 1] if cell.value}
    assert set(found) == set(roster.header_keys)
    assert all(found[key] == roster.columns[name] for key, name in roster.header_keys.items() if name in roster.columns)
    lines = range(1, roster.roster.lines + 1)
    for name, told in ((KEY, roster.key), (LINE, roster.number)):
        cells = [sheet.cell(roster.row(line) + 1, roster.columns[name] + 1).value for line in lines]
        assert cells == [told(line) for line in lines]
    assert find_identity(sheet.cell(IDENTITY + 1, 1).value) is not None


def test_columns__that_are_no_concern_of_people__are_hidden(sheet: Worksheet, roster: RosterSheet) -> None:
    assert sheet.row_dimensions[HEADER_KEYS + 1].hidden
    assert sheet.column_dimensions["A"].hidden
    assert sheet.column_dimensions[column_letter(roster.columns[CHECK] + 1)].hidden
    assert sheet.freeze_panes == f"C{FIRST_LINE + 1}"


def test_cells__of_every_line__are_open_and_have_a_validation(sheet: Worksheet, roster: RosterSheet) -> None:
    ranges = {str(item.sqref): item for item in sheet.data_validations.dataValidation}
    covered = " ".join(ranges)
    for column in roster.roster.columns:
        letter = column_letter(roster.columns[column.code])
        assert f"{letter}{roster.first + 1}:{letter}{roster.last + 1}" in covered
        assert not sheet[f"{letter}{roster.last + 1}"].protection.locked
    assert sheet[f"{column_letter(roster.columns[CHECK])}{roster.first + 1}"].protection.locked
    assert sheet.protection.sheet
    assert all(len(item.prompt or "") <= 255 for item in ranges.values())


def test_formulas__of_all_lines__are_stored_once(real: Written, roster: RosterSheet) -> None:
    hidden = roster.columns[CHECK] + 1
    letters = [column_letter(column) for column in range(roster.columns[CHECK], hidden + len(roster.helpers) + 1)]
    spans = [f'ref="{letter}{roster.first + 1}:{letter}{roster.last + 1}"' for letter in letters]
    sheets = [content.decode() for name, content in real.package.items() if "worksheets/" in name]
    (content,) = (content for content in sheets if spans[0] in content)
    assert all(re.search(rf'<f t="shared" [^>]*{span}', content) for span in spans)


def test_size__of_the_sheet__is_small(real: Written, tmp_path: Path) -> None:
    bare = replace(real.round, instrument=replace(real.round.instrument, rosters=()))
    without = write(tmp_path, bare, real.respondent)
    assert real.path.stat().st_size - without.path.stat().st_size < 9_000
