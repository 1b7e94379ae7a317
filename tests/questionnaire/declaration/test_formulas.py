"""Computed questions in the declaration: what a formula may say, and what is reported about one that cannot be."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from questionnaire.declaration.answer_types import Derived
from questionnaire.declaration.instrument import read_instrument
from questionnaire.rules.conditions import CodeIn, LineCount, LineSum, Ref, Rounded, refs
from questionnaire.rules.formula_texts import read_formula
from questionnaire.rules.names import ExpressionError, Names
from questionnaire.tables import DeclarationError
from tests.contract.list_sets import folder_of, listing
from tests.given import replace_in
from tests.with_ratio import instrument as ratios
from tests.with_ratio import made

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
    assert isinstance(field.type, Derived)
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
        ("previous(total)", "“previous(total)” is no answer of this round"),
        ("status + 1", "“status” is no whole number"),
        ("depth + 1", "“depth” is no whole number"),
        ("sum(projects.begun)", "is not a number"),
        ("1.5 * total", "1.5 is not a whole number: declare decimals"),
        ("length(report)", "Length cannot stand in a formula"),
        ("total / 2", "what is divided need not be whole: declare how many decimals"),
    ],
)
def test_formula__that_cannot_be_computed__is_refused(text: str, what: str) -> None:
    with pytest.raises(ExpressionError, match=re.escape(what)):
        read_formula(text, NAMES)


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("started / 2", "“started” does not say how much or how many"),
        ("spent.currency / 2", "has no number to compare"),
        ("previous(depth) / 2", "is no answer of this round"),
        ("at(trees.count, sorts == OAK)", "is no measure of a table: there is none"),
    ],
)
def test_formula_with_decimals__of_what_is_no_quantity__is_refused(text: str, what: str) -> None:
    with pytest.raises(ExpressionError, match=re.escape(what)):
        read_formula(text, NAMES, decimals=2)


def test_formula_with_decimals__of_numbers_of_any_type_and_indicator__is_rounded() -> None:
    found = read_formula("(depth + 1.5 * F01.total - all_projects) / (period_end - 2000)", NAMES, decimals=2)
    assert isinstance(found.value, Rounded)
    assert found.value.decimals == 2
    assert refs(found.value) == (Ref("depth"), Ref("total", "F01"), Ref("all_projects"))


OAKS = "at(trees.count, sorts == OAK, grounds == HILL)"


@pytest.mark.parametrize(
    ("old", "new", "where", "what"),
    [
        (",ended,begun,100,yes", ",,begun,100,yes", "column numerator", "the numerator is missing"),
        (",ended,begun,100,yes", ",ended,,100,yes", "column denominator", "the denominator is missing"),
        (",ended,begun,100,yes", ",ended,begun,60,yes", "column factor", "60 is no usual factor"),
        (",ended,begun,100,yes", ",ended,begun,100,no", "column part_of_whole", "“no” is not known"),
        (",ended,begun,100,yes", ",ended,note,100,yes", "column denominator", "“note” is not a question"),
        (",,,begun + ended,,,,", ",,,begun + ended,,begun,,", "column denominator", "is not computed from it"),
        (",2,per kg,,begun,weight,,", ",7,per kg,,begun,weight,,", "column decimals", "7 decimals cannot be had"),
        (OAKS, "at(trees.count, sorts == OAK)", "column denominator", "needs a code of each dimension of trees"),
        (OAKS, "at(trees.count, sorts == ELM, grounds == HILL)", "column denominator", "sorts == …, grounds == …"),
        (OAKS, "at(trees.height, sorts == OAK, grounds == HILL)", "column denominator", "there is trees.count"),
        (OAKS, "at(trees.count, sorts, grounds == HILL)", "column denominator", "names no code of a dimension"),
        ("(begun + ended) / 2", "twice / 2", "the formula of mean", "W02 is not asked twice"),
    ],
)  # fmt: skip
def test_ratio__that_cannot_be_computed__names_its_column(
    tmp_path: Path, old: str, new: str, where: str, what: str
) -> None:
    with pytest.raises(DeclarationError, match=re.escape(what)) as raised:
        read_instrument(made((old, new)).write(tmp_path / "made"))
    assert where in str(raised.value)


def test_formula__that_leads_back_to_itself__is_refused(tmp_path: Path) -> None:
    folder = made(("whole,computed,,,,,begun >= 1,,All of them,,,begun + ended", "whole,computed,,,,,,,All,0,,twice + 1"),
                  ("mean * 2 -", "mean * 2 - whole -")).write(tmp_path / "made")  # fmt: skip
    with pytest.raises(DeclarationError, match="in W01, twice follows from itself"):
        read_instrument(folder)


def test_ratio__of_percent__has_that_unit_and_a_rule_where_it_is_a_share() -> None:
    share = ratios().questions["share"]
    assert share.fields[0].unit == {"en": "%", "fr": "%"}
    found = {(rule.code, rule.target): (rule.blocks, str(rule.severity)) for rule in ratios().rules}
    assert found["ratio_by_zero", "share"] == (("W01", "W02"), "warning")
    assert found["part_exceeds_whole", "share"] == (("W01", "W02"), "error")
    assert ("part_exceeds_whole", "per_kilo") not in found


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
