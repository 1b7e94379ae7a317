"""What is counted over the lines of a list, as spreadsheet programs are asked for it; parity is held elsewhere."""

from __future__ import annotations

import pytest

from questionnaire.addresses import column_letter
from questionnaire.blanks import DECLARED, AnswerStatus
from questionnaire.layout import CONFIRM, CONTENT, PREVIOUS, ListSheet
from questionnaire.rules.conditions import (
    Always,
    And,
    CodeIn,
    Compare,
    Condition,
    Constant,
    Length,
    NamesRespondent,
    Not,
    Or,
    Parameter,
    Ref,
    Value,
    Valued,
)
from questionnaire.table_columns import code_column, number_column
from questionnaire.workbook.formulas.checks import FormulaError
from questionnaire.workbook.formulas.line_arrays import LineArrays
from questionnaire.workbook.texts.codelist_sheet import list_addresses
from tests.given import PERIOD
from tests.with_list import instrument

LIST = instrument().lists[0]
FREE = CodeIn(Ref("free_use"), ("Y",), ())


def arrays(prefilled: bool = False) -> LineArrays:
    return LineArrays(ListSheet(LIST, prefilled), "Projects!", list_addresses(instrument()), PERIOD, "AAA")


def column(name: str, prefilled: bool = False) -> str:
    """The cells of all four lines in a column."""
    sheet = ListSheet(LIST, prefilled)
    letter = column_letter(sheet.columns[name])
    return f"Projects!${letter}${sheet.first + 1}:${letter}${sheet.first + 4}"


def codes(field: str, *wanted: str, sign: str = "=") -> list[str]:
    return [f'({column(code_column(field))}{sign}"{code}")' for code in wanted]


FILLED = f'({column(CONTENT)}<>"||||")'
BEGUN = column(number_column("begun"))
MISSING = [code.code for code in list_addresses(instrument()).missing_list if code.missing in DECLARED]
SECRET = [code for code in MISSING if instrument().missing[code].missing is AnswerStatus.CONFIDENTIAL]


@pytest.mark.parametrize(
    ("where", "told"),
    [
        (Always(), "1"),
        (FREE, f"({codes('free_use', 'Y')[0]})"),
        (CodeIn(Ref("name"), (), ()), "0"),
        (
            CodeIn(Ref("free_use"), ("Y",), (AnswerStatus.CONFIDENTIAL,)),
            f"({'+'.join(codes('free_use', 'Y', *SECRET))})",
        ),
        (NamesRespondent(Ref("partner")), f"({codes('partner', 'AAA')[0]})"),
        (Valued(Ref("begun")), codes("begun", "*")[0]),
        (Valued(Ref("partner")), f"({'*'.join(codes('partner', '', '?', *MISSING, sign='<>'))})"),
        (Compare("<", Value(Ref("begun")), Constant(2000)), f"(({BEGUN}<1E+99)*({BEGUN}<2000))"),
        (Compare("!=", Value(Ref("begun")), Parameter("period_end")), f"(({BEGUN}<1E+99)*({BEGUN}<>2025))"),
        (And((FREE, Not(FREE))), f"({codes('free_use', 'Y')[0]})*(1-({codes('free_use', 'Y')[0]}))"),
        (Or((FREE, FREE)), f"((({codes('free_use', 'Y')[0]})+({codes('free_use', 'Y')[0]}))>0)"),
    ],
)
def test_count__of_lines_that_meet_a_condition__multiplies_ones_and_noughts(where: Condition, told: str) -> None:
    assert arrays().count(where) == f"SUMPRODUCT({FILLED}*{told})"


def test_total__of_a_field__leaves_what_is_no_number_to_an_array_of_its_own() -> None:
    assert arrays().total(Ref("begun"), Always()) == f"SUMPRODUCT({FILLED}*1,{BEGUN})"


def test_count__with_lines_of_the_previous_round__takes_those_marked_and_those_new() -> None:
    empty = f'{column(CONTENT, True)}<>"||||"'
    counts = f'(({column(PREVIOUS, True)}="")+({column(CONFIRM, True)}<>"")>0)'
    assert arrays(True).count(Always()) == f"SUMPRODUCT(({empty})*{counts}*1)"


def test_alike__of_a_line__compares_all_that_it_says() -> None:
    letter = column_letter(ListSheet(LIST).columns[CONTENT])
    assert arrays().alike(8) == f"SUMPRODUCT({FILLED}*({column(CONTENT)}={letter}9))"


def test_condition__that_no_array_can_decide__is_refused() -> None:
    with pytest.raises(FormulaError, match="Compare cannot be asked of the lines of projects"):
        arrays().count(Compare("<", Length(Ref("name")), Constant(3)))
