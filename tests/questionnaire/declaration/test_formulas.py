"""Computed questions in the declaration: what a formula may say, and what is reported about one that cannot be."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from questionnaire.declaration.answer_types import Computed
from questionnaire.declaration.instrument import read_instrument
from questionnaire.rules.conditions import CodeIn, LineCount, LineSum, Ref
from questionnaire.rules.expressions import ExpressionError, Names, read_formula
from questionnaire.tables import DeclarationError
from tests.contract.list_sets import folder_of, listing
from tests.given import replace_in

NAMES = Names(
    {code: question.type for code, question in listing().questions.items()},
    frozenset(indicator.code for indicator in listing().indicators),
    listing().missing,
    {"projects": {question.code: question.type for question in listing().lists[0].questions}},
    {"projects": "indicator"},
)


def test_formula__of_each_indicator__counts_its_own_lines() -> None:
    counted = {
        key: formula.value.where
        for key, question in listing().computed.items()
        if (formula := question.formula) and isinstance(formula.value, LineCount)
    }
    assert list(counted) == [("W01a", "free_projects"), ("F01", "free_projects")]
    for (indicator, _), where in counted.items():
        assert where.items[0] == CodeIn(Ref("indicator"), (indicator,), ())  # type: ignore[union-attr]


def test_field__computed__offers_no_reason_and_is_never_required() -> None:
    field = listing().field("W01a", "all_projects")
    assert isinstance(field.type, Computed)
    assert not field.takes_missing
    own = {rule.code for rule in listing().rules_for("W01a", "all_projects")}
    assert own.isdisjoint({"unanswered", "required", "not_relevant", "range", "below_minimum"})
    assert {"W18c", "W18d"} <= {rule.code for rule in listing().comparisons if rule.target == "all_projects"}


def test_lists_computed_from__those_that_a_formula_counts_or_adds_up() -> None:
    assert listing().lists_computed_from == {"projects"}


def test_formula__a_sum_over_lines__is_read() -> None:
    assert isinstance(read_formula("sum(projects.people)", NAMES).value, LineSum)


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("lines(projects", "“lines(projects” is not a well-formed formula"),
        ("lines(wells)", "“wells” is not a list of this instrument"),
        ("F01.total + 1", "“F01.total” is no answer of the same indicator in this round"),
        ("previous(total)", "“previous(total)” is no answer of the same indicator in this round"),
        ("all_projects + 1", "“all_projects” is not typed as a whole number"),
        ("status + 1", "“status” is not typed as a whole number"),
        ("sum(projects.begun)", "is not a number"),
        ("1.5 * total", "1.5 is not a whole number"),
        ("period_end - 2000", "Parameter cannot stand in a formula"),
        ("length(report)", "Length cannot stand in a formula"),
        ("total / 2", "“total / 2” is not a question"),
    ],
)
def test_formula__that_cannot_be_computed__is_refused(text: str, what: str) -> None:
    with pytest.raises(ExpressionError, match=re.escape(what)):
        read_formula(text, NAMES)


FORMULA = '"lines(projects, indicator == this) + given(unlisted)"'


@pytest.mark.parametrize(
    ("file", "old", "new", "where", "what"),
    [
        ("questions.csv", FORMULA, "", "column formula", "the formula is missing"),
        ("questions.csv", FORMULA, "lines(wells)", "column formula", "“wells” is not a list"),
        ("questions.csv", "all_projects,computed,,", "all_projects,computed,,0", "column minimum", "answered by nobody"),
        ("questions.csv", "unlisted,whole_number,,,,,,status >= 1,,How many more?,Combien d’autres ?,,,,,,",
         "unlisted,whole_number,,,,,,status >= 1,,How many more?,Combien d’autres ?,,,,,,1", "column formula", "is not computed"),
        ("questions.csv", "free_projects,computed,,,,,,", "free_projects,computed,,,,,,all_projects >= 1",
         "column relevant_when", "cannot depend on all_projects"),
        ("indicators.csv", "targeted covered bare depth unlisted", "targeted covered bare depth", "the formula of all_projects",
         "F01 is not asked unlisted"),
        ("indicators.csv", "W02,COUNT,regions", "W02,COUNT,free_projects regions", "the formula of free_projects",
         "no line of projects can count for W02"),
    ],
)  # fmt: skip
def test_instrument__with_a_formula_in_the_wrong_place__names_it(
    tmp_path: Path, file: str, old: str, new: str, where: str, what: str
) -> None:
    folder = folder_of(tmp_path / "mini")
    replace_in(folder / file, old, new)
    with pytest.raises(DeclarationError, match=re.escape(what)) as raised:
        read_instrument(folder)
    assert where in str(raised.value)
