"""The columns of the previous round: what stands in them for each type of answer, and that they are there only when due."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path

import pytest

from questionnaire.blanks import AnswerStatus
from questionnaire.declaration.answer_types import Computed, Selection
from questionnaire.layout import HEADINGS, OF_PREVIOUS_ROUND, Column
from questionnaire.rounds.round import Respondent, Round
from questionnaire.rules.evaluate import Answer
from questionnaire.rules.rule import Severity
from questionnaire.workbook.template import template
from tests.given import following, mini, mini_round
from tests.questionnaire.workbook.written import Written, write

ANSWERED_BEFORE = {
    ("W01a", "status"): Answer("3"),
    ("W01a", "total"): Answer(12.0),
    ("W01a", "regions"): Answer("NORTH;WEST"),
    ("W01a", "regions.NORTH"): Answer("Y"),
    ("W01a", "regions.WEST"): Answer("Y"),
    ("W01a", "targeted"): Answer(None, AnswerStatus.NOT_AVAILABLE),
    ("W01b", "spent"): Answer(0.1),
    ("W01b", "spent.currency"): Answer("EUR"),
    ("W02", "opened"): Answer(dt.date(2020, 5, 4)),
    ("W02", "report"): Answer("=1+1 <&> or so"),
    ("W02", "note"): Answer(None, AnswerStatus.CONFIDENTIAL),
}
SHOWN = {
    ("W01a", "status"): ("3 – En partie", "3", 3),
    ("W01a", "total"): (12, "*", 12),
    ("W01a", "regions"): (2, "*", None),
    ("W01a", "regions.NORTH"): ("Oui", "Y", None),
    ("W01a", "regions.WEST"): ("Oui", "Y", None),
    ("W01a", "targeted"): ("Non disponible", "ND", None),
    ("W01b", "spent"): (0.1, "*", 0.1),
    ("W01b", "spent.currency"): ("EUR – l’euro", "EUR", None),
    ("W02", "opened"): (dt.date(2020, 5, 4), "*", 43955),
    ("W02", "report"): ("=1+1 <&> or so", "*", 14),
    ("W02", "note"): ("Confidentiel", "CF", 0),
}
"""Of each answer: what is seen of it in French, its code, its number."""


@pytest.fixture(scope="module")
def prefilled(tmp_path_factory: pytest.TempPathFactory) -> Written:
    folder = tmp_path_factory.mktemp("prefilled")
    round_ = following(mini_round(folder), {"BBB": ANSWERED_BEFORE})
    return write(folder, round_, _respondent(round_, "BBB"))


def test_previous__each_answer__is_shown_with_its_code_and_number(prefilled: Written) -> None:
    found = {}
    for slot in prefilled.layout.slots:
        cells = prefilled.values[prefilled.tabs[slot.sheet]][slot.row]
        shown, code, number = (
            cells[column] for column in (Column.PREVIOUS, Column.PREVIOUS_CODE, Column.PREVIOUS_NUMERIC)
        )
        if shown != "" or code != "" or number != "":
            found[slot.block.code, slot.field.code] = shown, code, None if number == "" else number
    assert found == SHOWN


def test_previous__a_text_that_looks_like_a_formula__is_none(prefilled: Written) -> None:
    assert not [formula for _, formula in prefilled.formulas() if "1+1" in formula]


def test_confirmed__every_row__has_its_formula_whatever_was_answered(prefilled: Written) -> None:
    for slot in prefilled.layout.slots:
        formula = str(prefilled.cell(slot, Column.CONFIRMED))
        assert ("LOWER" in formula) == slot.field.is_first or formula.startswith("=O"), slot.key
        assert str(prefilled.cell(slot, Column.CODE)).startswith("="), slot.key
        if isinstance(slot.field.type, Selection):
            assert prefilled.cell(slot, Column.PREVIOUS_NUMERIC) is None


def test_difference__what_is_compared__has_a_formula_and_nothing_else_has(prefilled: Written) -> None:
    asking = [rule for rule in mini().comparisons if rule.severity is Severity.WARNING]
    compared = {f"{code}:{rule.target}" for rule in asking for code in rule.blocks}
    formulas = {slot.key: prefilled.cell(slot, Column.DIFFERENCE) for slot in prefilled.layout.slots}
    assert {key for key, formula in formulas.items() if formula} == compared
    slot = prefilled.layout.slot("W02", "total")
    assert f'"{{previous}}",{slot.cell(Column.PREVIOUS)})' in str(formulas[slot.key])
    assert f'IF({slot.cell(Column.DIFFERENCE)}<>"",' in str(prefilled.cell(slot, Column.CHECK))


def test_columns__a_previous_round__are_shown_with_its_period(prefilled: Written) -> None:
    sheet = prefilled.values[prefilled.tabs["W"]]
    assert sheet[HEADINGS][Column.PREVIOUS] == "Dernière réponse\n2022–2023"
    assert sheet[HEADINGS][Column.CONFIRM] == "Inchangé\u00a0?"
    hidden = [column for column in Column if prefilled.section("W").column_dimensions[_letter(column)].hidden]
    assert Column.PREVIOUS not in hidden
    assert Column.CONFIRM not in hidden


def test_confirm__beside_what_cannot_be_confirmed_by_itself__takes_nothing(prefilled: Written) -> None:
    for section in prefilled.layout.sheets:
        sheet = prefilled.section(section.code)
        taking = [item for item in sheet.data_validations.dataValidation if "=" not in (item.formula1 or "")]
        for slot in section.slots:
            cell = slot.cell(Column.CONFIRM)
            is_head = slot.field.is_first and not isinstance(slot.field.type, Computed)
            assert sheet[cell].protection.locked is not is_head
            assert any(cell in item.sqref for item in taking) is is_head, slot.key


def test_columns__no_previous_round__are_empty(tmp_path: Path) -> None:
    round_ = mini_round(tmp_path)
    written = write(tmp_path, round_, _respondent(round_, "AAA"))
    assert all(written.cell(slot, column) is None for slot in written.layout.slots for column in OF_PREVIOUS_ROUND)


def test_template__after_another_respondent__gives_each_its_own(prefilled: Written, tmp_path: Path) -> None:
    made = template(prefilled.round, "fr", prefilled.layout)
    other = replace(prefilled.respondent, code="CCC")
    (tmp_path / "CCC.xlsx").write_bytes(made.questionnaire_for(other))
    others = Written(tmp_path / "CCC.xlsx", prefilled.round, other, prefilled.layout)
    assert all(others.cell(slot, Column.PREVIOUS) is None for slot in others.layout.slots)
    assert made.questionnaire_for(prefilled.respondent) == prefilled.path.read_bytes()


def _respondent(round_: Round, code: str) -> Respondent:
    found = round_.respondent(code)
    assert found is not None
    return found


def _letter(column: Column) -> str:
    return "ABCDEFGHIJKLMNOP"[column]
