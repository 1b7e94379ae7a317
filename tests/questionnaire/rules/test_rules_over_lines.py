"""Rules on lists and over their lines: what a rule may say there, and what is said of one that may not."""

from pathlib import Path
from typing import get_args

import pytest

from questionnaire.declaration.instrument import read_instrument
from questionnaire.layout import Layout
from questionnaire.rules.conditions import (
    AlikeLines,
    Always,
    And,
    Arithmetic,
    CodeIn,
    Compare,
    Condition,
    Constant,
    Filled,
    Given,
    Length,
    LineCount,
    LineNumber,
    LineSum,
    MarkedCount,
    NamesRespondent,
    Not,
    Or,
    Parameter,
    Quantity,
    Ref,
    Reference,
    Rounded,
    SameCode,
    SameLine,
    TableCell,
    Value,
    Valued,
    WebForm,
    Within,
    YearOf,
    countable,
)
from questionnaire.rules.expressions import read_condition
from questionnaire.rules.names import ExpressionError, Names
from questionnaire.rules.rule import Rule, Severity
from questionnaire.tables import DeclarationError
from questionnaire.workbook.formulas.checks import FormulaError
from questionnaire.workbook.formulas.line_arrays import LineArrays
from questionnaire.workbook.texts.codelist_sheet import ListAddresses
from tests.with_list import instrument, instrument_folder

BEGUN = Ref("begun")
QUANTITIES: tuple[Quantity, ...] = (
    Value(BEGUN), Given(BEGUN), Constant(1), Parameter("period_end"), Arithmetic("+", Value(BEGUN), Constant(1)),
    Length(Ref("name")), MarkedCount((BEGUN,)), YearOf(BEGUN), LineNumber(), LineCount("projects", Always()),
    LineSum("projects", BEGUN, Always()), AlikeLines(), SameLine("wells", Ref("dug")), TableCell("wells", 1, Ref("dug")),
    Rounded(Value(BEGUN), 2), Reference("area"),
)  # fmt: skip
CONDITIONS: tuple[Condition, ...] = (
    Always(), CodeIn(Ref("free_use"), ("Y",), ()), Filled(BEGUN), Valued(BEGUN), WebForm(Ref("name")),
    NamesRespondent(Ref("partner")), SameCode(BEGUN, BEGUN), Within(((BEGUN, BEGUN),)), And((Always(),)), Or((Always(),)), Not(Always()),
    *(Compare(">", left, right) for left in QUANTITIES for right in QUANTITIES),
)  # fmt: skip


def names() -> Names:
    listed = instrument()
    types = {code: question.type for code, question in listed.questions.items()}
    columns = {block.code: {question.code: question.type for question in block.questions} for block in listed.lists}
    indicators = frozenset(indicator.code for indicator in listed.indicators)
    counted = {block.code: block.indicator_field for block in listed.lists}
    room = {block.code: block.most_lines for block in listed.lists}
    return Names(types, indicators, listed.missing, columns, counted, room)


def expressible(condition: Condition) -> bool:
    """True if the sheet of the list has a formula for it."""
    (sheet,) = Layout(instrument(), False).lists
    try:
        LineArrays(sheet, "", ListAddresses({}, (), (), "en", instrument().missing), {"period_end": 2025}, "AAA").count(
            condition
        )
    except FormulaError:
        return False
    return True


def test_countable__every_condition__is_what_the_sheet_has_a_formula_for() -> None:
    assert {type(condition) for condition in CONDITIONS} == {*get_args(Condition)}
    assert {type(quantity) for quantity in QUANTITIES} == {*get_args(Quantity)}
    assert [item for item in CONDITIONS if countable(item)] == [item for item in CONDITIONS if expressible(item)]


@pytest.mark.parametrize(
    "where",
    [
        "indicator == this", "indicator in (this, F01)", "begun >= 2000", "begun <= period_end", "partner != OTHER",
        "filled(name)", "not valued(name) or begun > 2000 and free_use == Y", "begun == ND",
    ],
)  # fmt: skip
def test_lines__what_is_accepted__has_a_formula(where: str) -> None:
    condition = read_condition(f"lines(projects, {where}) > 2", names())
    assert isinstance(condition, Compare)
    assert isinstance(condition.left, LineCount)
    assert expressible(condition.left.where)


def test_room__of_a_list__is_the_number_of_lines_it_declares() -> None:
    (listed,) = instrument().lists
    condition = read_condition("lines(projects) >= room(projects)", names())
    assert condition == Compare(">=", LineCount("projects", Always()), Constant(listed.most_lines))


def test_room__of_no_list__is_refused() -> None:
    with pytest.raises(ExpressionError, match="“works” is not a list of this instrument; it has projects"):
        read_condition("lines(projects) >= room(works)", names())


@pytest.mark.parametrize(
    ("text", "part", "what"),
    [
        ("lines(projects, begun > begun) > 1", "begun > begun", "compare one column with codes or with a number"),
        ("lines(projects, length(name) > 3) > 1", "length(name) > 3", "cannot be asked of the lines of projects"),
        ("lines(projects, 2000 < begun) > 1", "2000 < begun", "the column first"),
        ("lines(projects, 2000 < begun < 2010) > 1", "“2000 < begun”", "the column first"),
        ("lines(projects, begun + 1 > 3) > 1", "begun + 1 > 3", "cannot be asked"),
        ("lines(projects, lines(projects) > 2) > 1", "lines(projects) > 2", "cannot be asked"),
        ("sum(projects.begun) > 1", "begun", "is not a number"),
        ("lines(projects, previous(begun) > 2) > 1", "previous(begun)", "leave previous(…) out"),
        ("lines(projects, filled(previous(begun))) > 1", "previous(begun)", "leave previous(…) out"),
        ("lines(projects, free_use == this) > 1", "free_use", "write indicator == this"),
        ("lines(projects, name == this) > 1", "name", "write indicator == this"),
        ("lines() > 1", "lines()", "takes 1 name or more in brackets, not 0"),
        ("sum() > 1", "sum()", "takes 1 name or more in brackets, not 0"),
        (
            "sum(projects.beds) > 1",
            "beds",
            "is not a column of projects in lists.toml; it has indicator, partner, name",
        ),
        ("lines(projects, beds > 1) > 1", "beds", "is not a column of projects in lists.toml"),
        ("lines(projects, W01a.begun > 1) > 1", "W01a.begun", "is not a column of projects in lists.toml"),
    ],
)
def test_lines__not_understood__names_the_part(text: str, part: str, what: str) -> None:
    with pytest.raises(ExpressionError) as caught:
        read_condition(text, names())
    assert part in str(caught.value)
    assert what in str(caught.value)


def test_previous_refs__within_lines_that_are_counted__are_seen() -> None:
    last = Ref("begun", previous=True)
    counted = Compare(">", LineCount("projects", Not(Filled(last))), Constant(0))
    rule = Rule("r", ("W01a",), "total", Always(), counted, Severity.ERROR, {}, {}, {})
    assert (rule.refs, rule.previous_refs) == ((), (last,))


RULE = """
[[rule]]
code = "a_rule"
scope = {scope}
target = "{target}"
check = "{check}"
severity = "error"
reason = "A test."
message = {{ en = "{message}", fr = "Non." }}
remedy = {{ en = "{remedy}", fr = "Corrigez." }}
"""
LISTED = {"scope": '["projects"]', "target": "begun", "check": "begun > 1", "message": "No.", "remedy": "Mend."}


@pytest.mark.parametrize(
    ("changed", "where", "what", "remedy"),
    [
        ({"check": "beds > 1"}, "check", "“beds” is not a column of projects in lists.toml; it has", "Correct"),
        ({"check": "indicator == this"}, "check", "in a rule on lines, which judges none", "Correct"),
        ({"check": "lines(projects, indicator == this) > 1"}, "check", "write the code of one", "Correct"),
        ({"check": "filled()"}, "check", "takes 1 name in brackets, not 0", "Correct"),
        ({"message": "It was {previous}."}, "message", "nothing fills in {previous}", "Leave {previous} out"),
        ({"remedy": "It was {previous}."}, "remedy", "nothing fills in {previous}", "without curly brackets"),
        (
            {"scope": '["hostels"]', "check": "beds > 1"},
            "scope",
            "hostels is neither an indicator, an indicator type nor a list",
            "lists: projects",
        ),
    ],
)
def test_rule__on_a_list__that_cannot_be__names_where_what_and_remedy(
    tmp_path: Path, changed: dict[str, str], where: str, what: str, remedy: str
) -> None:
    folder = instrument_folder(tmp_path / "mini")
    with (folder / "rules.toml").open("a", encoding="utf-8") as file:
        file.write(RULE.format(**(LISTED | changed)))
    with pytest.raises(DeclarationError) as caught:
        read_instrument(folder)
    assert caught.value.where.startswith("rules.toml, key rule ")
    assert f".{where}" in caught.value.where
    assert what in caught.value.what
    assert caught.value.where.endswith("(of “a_rule”)")
    assert remedy in caught.value.remedy
