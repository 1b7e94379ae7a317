"""The sheet of a list: keys, headings, dropdowns and looks as on the other sheets."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from openpyxl.worksheet.worksheet import Worksheet

from questionnaire.addresses import column_letter
from questionnaire.blanks import AnswerStatus
from questionnaire.layout import (
    CHECK,
    FIRST_LINE,
    GUIDANCE,
    HEADER_KEYS,
    IDENTITY,
    KEY,
    LINE,
    LIST_HEADINGS,
    TITLE,
    ListSheet,
)
from questionnaire.messages import in_language
from questionnaire.rounds.identity import find_identity
from questionnaire.rounds.previous_round import Previous
from questionnaire.rules.evaluate import Answer
from questionnaire.sheet_names import CHECKS
from questionnaire.workbook.template import template
from tests.questionnaire.workbook.package_parts import Package
from tests.questionnaire.workbook.package_rules import RULES
from tests.questionnaire.workbook.written import Written, write

Rule = Callable[[Package], Iterator[str]]


@pytest.fixture
def listed(real: Written) -> ListSheet:
    return real.layout.lists[0]


@pytest.fixture
def sheet(real: Written, listed: ListSheet) -> Worksheet:
    found = real.book[real.tabs[listed.code]]
    assert isinstance(found, Worksheet)
    return found


def test_totals__of_the_check_sheet__count_the_lines_to_complete_and_to_correct_but_no_reasons(
    real: Written, listed: ListSheet
) -> None:
    sections = len(real.layout.instrument.sections)
    [totals] = real.book[real.tabs[CHECKS]].iter_rows(9 + sections, 9 + sections, 4, 6, values_only=True)
    assert [f"'{real.tabs[listed.code]}'" in str(total) for total in totals] == [True, True, False]


def test_sheet__of_an_instrument_without_lists__is_not_there(small: Written) -> None:
    assert not any(key.startswith("list") for key in small.tabs)


def test_texts__in_the_respondents_language__stand_beside_their_formulas(real: Written, listed: ListSheet) -> None:
    grid = real.values[real.tabs[listed.code]]
    assert grid[TITLE][listed.columns[CHECK]] == "Lista de acordos"
    for column in listed.block.questions:
        assert grid[LIST_HEADINGS][listed.columns[column.code]] == in_language(column.label, "pt")
        assert grid[GUIDANCE][listed.columns[column.code]] == in_language(column.help, "pt")


def test_keys__of_columns_and_lines__are_static(sheet: Worksheet, listed: ListSheet) -> None:
    found = {cell.value: cell.column - 1 for cell in sheet[HEADER_KEYS + 1] if cell.value}
    assert set(found) == set(listed.header_keys)
    assert all(found[key] == listed.columns[name] for key, name in listed.header_keys.items() if name in listed.columns)
    lines = range(1, listed.block.most_lines + 1)
    for name, expected in ((KEY, listed.key), (LINE, listed.number)):
        cells = [sheet.cell(listed.row(line) + 1, listed.columns[name] + 1).value for line in lines]
        assert cells == [expected(line) for line in lines]
    assert find_identity(sheet.cell(IDENTITY + 1, listed.columns[KEY] + 1).value) is not None


def test_columns__that_are_no_concern_of_people__are_hidden(sheet: Worksheet, listed: ListSheet) -> None:
    assert sheet.row_dimensions[HEADER_KEYS + 1].hidden
    assert sheet.column_dimensions[column_letter(listed.columns[KEY])].hidden
    assert not any(sheet.column_dimensions[letter].hidden for letter in "AB")
    assert sheet.freeze_panes == f"C{FIRST_LINE + 1}"


def test_cells__of_every_line__are_open_and_have_a_validation(sheet: Worksheet, listed: ListSheet) -> None:
    ranges = {str(item.sqref): item for item in sheet.data_validations.dataValidation}
    covered = " ".join(ranges)
    for column in listed.block.fields:
        letter = column_letter(listed.columns[column.code])
        assert f"{letter}{listed.first + 1}:{letter}{listed.last + 1}" in covered
        assert not sheet[f"{letter}{listed.last + 1}"].protection.locked
    assert sheet[f"{column_letter(listed.columns[CHECK])}{listed.first + 1}"].protection.locked
    assert sheet.protection.sheet
    assert all(len(item.prompt or "") <= 255 for item in ranges.values())


def test_formulas__beside_every_line__are_about_that_line(sheet: Worksheet, listed: ListSheet) -> None:
    for column in (listed.columns[CHECK], *range(listed.columns[KEY] + 1, max(listed.columns.values()) + 1)):
        above = str(sheet.cell(listed.first + 1, column + 1).value)
        for row in range(listed.first + 1, listed.last + 2):
            formula = str(sheet.cell(row, column + 1).value)
            assert formula == re.sub(rf"(?<=[A-Z]){listed.first + 1}\b", str(row), above)


PREVIOUS_LINES = (
    {
        "indicator": Answer("R16"),
        "partner": Answer("OTHER"),
        "partner_other": Answer("=1+1 <&>"),
        "year": Answer(2019.0),
    },
    {"indicator": Answer("P11"), "form": Answer(None, AnswerStatus.NOT_AVAILABLE), "reference": Answer("Acordo " * 40)},
)


@pytest.fixture(scope="module")
def prefilled(real: Written, tmp_path_factory: pytest.TempPathFactory) -> Written:
    """The questionnaire of Brazil with two lines of the previous round."""
    previous = Previous(Path("answers.parquet"), real.round.instrument.edition, "2022–2023")
    round_ = replace(real.round, previous=previous, previous_lines={"BRA": {"agreements": PREVIOUS_LINES}})
    return write(tmp_path_factory.mktemp("prefilled"), round_, real.respondent)


def _sheet_of(written: Written) -> tuple[ListSheet, Worksheet]:
    (listed,) = written.layout.lists
    found = written.book[written.tabs[listed.code]]
    assert isinstance(found, Worksheet)
    return listed, found


def test_previous_lines__stand_in_the_cells_as_if_typed(prefilled: Written) -> None:
    listed, _ = _sheet_of(prefilled)
    grid = prefilled.values[prefilled.tabs[listed.code]]
    own = [listed.columns[column.code] for column in listed.block.fields]
    said = [[grid[listed.row(line)][column] for column in own] for line in (1, 2, 3)]
    assert said == [
        ["R16 – Intercâmbio de informações", "Outro Estado ou uma organização", "=1+1 <&>", "", "", 2019, ""],
        ["P11 – Cooperação jurídica", "", "", "ND – Informação não disponível", "", "", ("Acordo " * 40).strip()],
        [""] * 7,
    ]
    check, previous = (listed.columns[name] for name in (CHECK, "last"))
    waits = "– Digite x se ainda é válida; sem x, esta linha não conta"
    assert [grid[listed.row(line)][check] for line in (1, 2, 3)] == [waits, waits, ""]
    assert [grid[listed.row(line)][previous] for line in (1, 3)] == ["R16|OTHER|=1+1 <&>|||2019|", ""]
    assert not [formula for _, formula in prefilled.formulas() if "1+1" in formula]


def test_links__beside_the_title__lead_to_every_indicator_that_lines_count_for(real: Written) -> None:
    _, sheet = _sheet_of(real)
    found = {cell.value: cell.hyperlink.location for cell in sheet[TITLE + 1] if cell.hyperlink}
    tabs, row = (
        real.tabs,
        {line.indicator.code: line.row for section in real.layout.sheets for line in section.rows[::-1]},
    )
    codes = {"P11": "P", "R16": "R", "R20": "R", "A34": "A"}
    assert {code: found.get(code) for code in codes} == {
        code: f"'{tabs[section]}'!B{row[code] + 1}" for code, section in codes.items()
    }
    assert f"'{tabs['overview']}'!B2" in found.values()


def test_previous_lines__are_open_with_a_cell_for_the_x_and_room_to_be_read(prefilled: Written) -> None:
    listed, sheet = _sheet_of(prefilled)
    assert sheet.freeze_panes == f"D{FIRST_LINE + 1}"
    for line in (1, listed.block.most_lines):
        for column in ("confirm", "indicator", "reference"):
            assert not sheet.cell(listed.row(line) + 1, listed.columns[column] + 1).protection.locked
    heights = [sheet.row_dimensions[listed.row(line) + 1].height or 0 for line in (1, 2, 3)]
    assert heights[0] == heights[2] < 7 * 12.75 <= heights[1] < 140


def test_previous_lines__of_one_template__are_each_respondents_own(prefilled: Written, tmp_path: Path) -> None:
    made = template(prefilled.round, prefilled.respondent.language, prefilled.layout)
    path = tmp_path / "ARG.xlsx"
    path.write_bytes(made.questionnaire_for(replace(prefilled.respondent, code="ARG")))
    assert made.questionnaire_for(prefilled.respondent) == prefilled.path.read_bytes()
    other = Written(path, prefilled.round, prefilled.respondent, prefilled.layout)
    listed, _ = _sheet_of(other)
    lines = other.values[other.tabs[listed.code]][listed.first : listed.last + 1]
    assert all(line[listed.columns["indicator"]] == "" and line[listed.columns[CHECK]] == "" for line in lines)


@pytest.mark.parametrize("rule", RULES)
def test_package__with_previous_lines__keeps_every_rule(prefilled: Written, rule: Rule) -> None:
    assert list(rule(Package(prefilled.package))) == []
