"""What the check beside an answer asks for, in words."""

from __future__ import annotations

from dataclasses import replace

import pytest

from questionnaire.declaration.form import Instrument
from questionnaire.layout import Column, Layout
from questionnaire.rules.conditions import Always, Not
from questionnaire.rules.rule import Severity
from questionnaire.workbook.formulas.checks import Sign
from questionnaire.workbook.formulas.remarks import Remarks
from questionnaire.workbook.formulas.rule_formulas import Formulas
from questionnaire.workbook.texts.codelist_sheet import list_addresses
from questionnaire.workbook.texts.texts import LiveText, Texts
from tests.given import PERIOD, mini, seed


def said(instrument: Instrument, rule_code: str, block: str) -> tuple[LiveText, str, Texts]:
    """What is said of a rule, in Portuguese, the cell with the code of the answer that it is about, and all texts."""
    layout = Layout(instrument)
    codes = [*(sheet.code for sheet in layout.sheets), *(listed.code for listed in layout.lists)]
    tabs = dict(zip(codes, codes, strict=True))
    formulas = Formulas(layout, tabs, PERIOD, list_addresses(instrument))
    texts = Texts(("en", "pt"), "en", "pt")
    remarks = Remarks(instrument, formulas, texts, PERIOD)
    [rule] = [rule for rule in instrument.rules if rule.code == rule_code and block in rule.blocks]
    slot = layout.slot(block, rule.target)
    return remarks.say_rule(rule, slot), slot.cell(Column.CODE), texts


def test_warning__on_a_cell_that_is_empty__asks_for_the_answer_not_for_its_correction() -> None:
    text, code, texts = said(seed(), "W13", "P01")
    assert text.cached == "Nenhum documento ou endereço mostra que este nível foi alcançado. Responda ou comente"
    answer, correct = (texts.say(key).expression for key in ("check_answer_or_comment", "check_give_reason"))
    assert text.expression.endswith(f'&" "&IF({code}="",{answer},{correct})')
    assert text.every[0].endswith("Correct it or comment"), "the longer of the two decides the height"


def test_warning__that_looks_at_what_the_answer_says__asks_to_correct_it() -> None:
    text, *_ = said(mini(), "overspent", "W01b")
    assert "IF(" not in text.expression
    assert text.cached.endswith("Corrija ou comente")


def test_warning__on_what_is_computed__asks_to_correct_what_it_is_computed_from() -> None:
    text, *_ = said(seed(), "W16d", "P11")
    assert "IF(" not in text.expression
    assert text.cached.endswith("Corrija ou comente")


@pytest.mark.parametrize(("severity", "sign"), [(Severity.ERROR, Sign.ERROR), (Severity.WARNING, Sign.TO_DO)])
def test_check__untouched__reports_errors_before_what_is_missing_and_that_before_warnings(
    severity: Severity, sign: Sign
) -> None:
    broken = replace(
        next(rule for rule in mini().rules_for("W01a", "status") if rule.code == "unanswered"),
        code="never",
        when=Always(),
        check=Not(Always()),
        severity=severity,
    )
    instrument = replace(mini(), rules=(*mini().rules, broken))
    layout = Layout(instrument)
    codes = [*(sheet.code for sheet in layout.sheets), *(listed.code for listed in layout.lists)]
    formulas = Formulas(layout, dict(zip(codes, codes, strict=True)), PERIOD, list_addresses(instrument))
    remarks = Remarks(instrument, formulas, Texts(("en", "pt"), "en", "pt"), PERIOD)
    assert remarks.on(layout.slot(broken.blocks[0], "status")).cached.startswith(sign)
