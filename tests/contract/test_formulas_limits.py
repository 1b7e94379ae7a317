"""Formulas stay within what every spreadsheet program takes, and the check column's signs can be distinguished."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

import pytest

from questionnaire.addresses import column_letter
from questionnaire.declaration.form import Instrument
from questionnaire.layout import Column, Layout
from questionnaire.rules.conditions import Compare, Constant, Filled, Not, Or, Ref, Value
from questionnaire.workbook.formulas.checks import (
    DEEPEST,
    LONGEST,
    FormulaError,
    Remark,
    Sign,
    check_formula,
    within_limits,
)
from questionnaire.workbook.formulas.remarks import Remarks
from questionnaire.workbook.formulas.rule_formulas import Formulas
from questionnaire.workbook.texts.codelist_sheet import list_addresses
from questionnaire.workbook.texts.texts import Texts
from tests.given import PERIOD, mini, seed

# All of them are in Excel 2007, LibreOffice and Google Sheets, and none needs to be entered as an array.
KNOWN = {
    "AND", "CHAR", "COUNT", "COUNTIF", "EXACT", "FIND", "IF", "IFERROR", "INDEX", "INT", "ISERROR", "ISLOGICAL",
    "ISNUMBER", "LEFT", "LEN", "LOWER", "MAX", "N", "NOT", "OR", "ROUND", "ROW", "SUBSTITUTE", "SUM", "SUMPRODUCT",
    "TRIM", "YEAR",
}  # fmt: skip

_QUOTED = re.compile(r'"(?:[^"]|"")*"|\'(?:[^\']|\'\')*\'')


def _translator(instrument: Instrument, prefilled: bool = False) -> Formulas:
    layout = Layout(instrument, prefilled)
    codes = [*(sheet.code for sheet in layout.sheets), *(listed.code for listed in layout.lists)]
    tabs = dict(zip(codes, codes, strict=True))
    return Formulas(layout, tabs, PERIOD, list_addresses(instrument))


def _every(formulas: Formulas) -> Iterator[str]:
    texts = Texts(formulas.layout.instrument.languages, formulas.layout.instrument.official_language, "fr")
    remarks = Remarks(formulas.layout.instrument, formulas, texts, PERIOD)
    for slot in formulas.layout.slots:
        yield formulas.code(slot)
        yield formulas.numeric(slot)
        yield remarks.on(slot).expression
        if formulas.layout.prefilled:
            yield formulas.confirmed(slot)
            yield remarks.difference(slot)


@pytest.mark.parametrize("prefilled", [False, True], ids=["first round", "next round"])
@pytest.mark.parametrize("instrument", [mini(), seed()], ids=["mini", "seed"])
def test_formulas__every_cell__uses_known_functions_and_keeps_short(instrument: Instrument, prefilled: bool) -> None:
    every = list(_every(_translator(instrument.with_comparisons() if prefilled else instrument, prefilled)))
    used = {name for formula in every for name in re.findall(r"([A-Z.]+)\(", _QUOTED.sub("", formula))}
    assert used <= KNOWN
    assert not any("{" in _QUOTED.sub("", formula) for formula in every), "an array constant"
    assert max(map(len, every)) < LONGEST / 2


def test_check__too_many_rules__is_an_error_that_names_the_cell() -> None:
    remarks = [Remark("A1", Sign.ERROR, '"x"')] * DEEPEST
    with pytest.raises(FormulaError, match="W01a:total: the formula is 64 levels deep"):
        check_formula(remarks, "W01a:total")
    with pytest.raises(FormulaError, match="characters long"):
        within_limits('"' + "(" * LONGEST + '"', "W01a:total")


def test_check__brackets_in_texts__are_no_levels() -> None:
    assert within_limits('IF(A1,"' + "(" * 100 + "\",'a((''('!B1)", "W01a:total")


def test_signs__each_other__differ_whatever_the_case() -> None:
    assert len({sign.casefold() for sign in Sign}) == len(Sign)
    assert all(len(sign) == 1 for sign in Sign)


def test_condition__field_that_is_not_asked__is_as_good_as_blank() -> None:
    formulas = _translator(mini())
    absent = Ref("opened")  # only W02 is asked it
    assert formulas.condition(Filled(absent), "F01") == "FALSE"
    assert formulas.condition(Not(Filled(absent)), "F01") == "NOT(FALSE)"
    assert formulas.condition(Compare(">", Value(absent), Constant(0)), "F01") == "FALSE"
    assert formulas.condition(Not(Compare(">", Value(absent), Constant(0))), "F01") == "TRUE"
    assert formulas.condition(Not(Compare("<", Value(absent), Constant(9))), "F01") == "NOT(FALSE)"
    assert formulas.quantity(Value(absent), "F01") == 'IF(FALSE,0,"")'


def test_condition__other_section__is_quoted() -> None:
    instrument = mini()
    tabs = {"W": "L'eau", "F": "F"}
    formulas = Formulas(Layout(instrument), tabs, PERIOD, list_addresses(instrument))
    reported = formulas.condition(Filled(Ref("total", "W01a")), "F01")
    assert reported.startswith(f"'L''eau'!{column_letter(Column.CODE)}")
    assert formulas.condition(Filled(Ref("total")), "W01a") == reported.partition("!")[2]
    assert formulas.condition(Or(()), "F01") == "FALSE"


def test_lists__label_with_no_break_space__stands_as_it_is_compared() -> None:
    instrument = mini()
    currencies = instrument.codelists["currencies"]
    spaced = replace(currencies.codes[0], label={"en": "EUR\u00a0–  euro"})
    lists = list_addresses(instrument)
    block = replace(lists.blocks["currencies"], codelist=replace(currencies, codes=(spaced, currencies.codes[1])))
    cells = list(replace(lists, blocks={**lists.blocks, "currencies": block}).cells("fr"))
    assert {cell.cached or cell.content for cell in cells if cell.row == block.first - 1} == {
        '=""',
        "EUR",
        "EUR – euro",
    }
