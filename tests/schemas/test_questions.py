"""The table of questions and the words of its conditions."""

from __future__ import annotations

import pytest

from questionnaire.messages import LANGUAGES, keys, wording
from questionnaire.rules.conditions import Arithmetic, Compare, Condition, Constant, Ref, Value
from questionnaire.rules.expressions import read_condition
from questionnaire.rules.names import Names
from schemas.description import describe
from schemas.questions import questions_frame
from schemas.tables.parts import type_tables
from tests import with_list
from tests.schemas.tidy_rows import asked, mini


def _condition(text: str) -> Condition:
    types = {code: question.type for code, question in mini().questions.items()}
    return read_condition(text, Names(types, frozenset(item.code for item in mini().indicators), mini().missing))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "always"),
        ("status >= 2", "status ≥ 2"),
        ("status == SO", "status = SO"),
        ("status != SO", "status ≠ SO"),
        ("status in (SO, ND)", "status is one of SO, ND"),
        ("status not in (1, SO)", "status is none of 1, SO"),
        ("filled(total) and not filled(urban)", "total is filled in and urban is blank"),
        ("valued(total) and not valued(urban)", "total has a value and urban has no value"),
        ("total == urban + rural", "total = urban + rural"),
        ("total == 2 * (urban - 1)", "total = 2 × (urban − 1)"),
        ("(filled(total) or free == Y) and status > 1", "(total is filled in or free = Y) and status > 1"),
        ("not (status > 1)", "it is not so that (status > 1)"),
        ("started <= period_end", "started ≤ the last year of the reference period"),
        ("year(opened) >= period_start", "the year of opened ≥ the first year of the reference period"),
        ("length(report) > 10", "the number of characters of report > 10"),
        ("count(regions) == 2", "the number of options marked in regions = 2"),
        ("has(regions, NORTH)", "regions.NORTH is marked"),
        ("not has(regions, NORTH)", "regions.NORTH is not marked"),
        ("within(targeted, regions)", "every option marked in targeted is marked in regions too"),
        ("total >= given(urban) + 1", "total ≥ urban (0 if it is not given) + 1"),
        ("W01a.total <= 1000000", "W01a.total ≤ 1000000"),
    ],
)
def test_describe__every_sort_of_condition__in_words(text: str, said: str) -> None:
    assert describe(_condition(text), mini(), "en") == said


def test_describe__decimals__as_written() -> None:
    condition = Compare("<=", Value(Ref("spent")), Arithmetic("*", Constant(1.2), Value(Ref("planned"))))
    assert describe(condition, mini(), "fr") == "spent ≤ 1.2 × planned"


def test_words__every_language__has_all() -> None:
    assert all(set(wording("description", key)) == set(LANGUAGES) for key in keys("description"))


def test_questions__one_row_per_indicator_and_field__in_the_order_of_the_questionnaire() -> None:
    questions = questions_frame(mini(), "en")
    assert list(zip(questions["indicator"], questions["field"], strict=True)) == [
        (indicator.code, field.code) for indicator, field in asked(mini())
    ]
    assert not questions.isna().any(axis=None)


def test_questions__row__says_all_that_is_declared() -> None:
    questions = questions_frame(mini(), "fr")
    row = questions[(questions["indicator"] == "W02") & (questions["field"] == "started")].iloc[0].to_dict()
    assert row == {
        "table": "type_count",
        "section": "W",
        "objective": "2",
        "indicator": "W02",
        "indicator_text": "Rivières surveillées",
        "indicator_type": "COUNT",
        "met_from_level": "3",
        "number": "W02-4",
        "question": "Année du début",
        "field": "started",
        "column": "started",
        "short_name": "started",
        "label": "Année du début",
        "help": "Quatre chiffres",
        "type": "année",
        "column_type": "int64",
        "codes": "",
        "if_none": "SO = Sans objet; ND = Non disponible; CF = Confidentiel; RS = Rien à signaler",
        "minimum": "1990",
        "maximum": "la dernière année de la période de référence",
        "unit": "",
        "unit_measure": "",
        "unit_mult": "",
        "decimals": "",
        "max_length": "",
        "relevant_when": "status ≥ 2",
        "required_when": "status ≥ 2",
        "rules": "range not_relevant required",
    }


def test_questions__numbers_with_decimals__have_limits_and_units() -> None:
    questions = questions_frame(mini(), "fr").set_index("field")
    said = ["unit_measure", "unit_mult", "decimals"]
    assert [list(questions.loc[code, said]) for code in ("depth", "bare")] == [
        ["NUMBER", "0", "1"],
        ["PERCENT", "0", "2"],
    ]
    said = ["type", "column_type", "minimum", "maximum", "unit"]
    assert list(questions.loc["depth", said]) == ["nombre, avec décimales", "double", "-1.5", "40.5", "mètres"]
    assert list(questions.loc["bare", said]) == ["pourcentage", "double", "0.5", "99.5", "%"]
    assert list(questions.loc["covered", said]) == ["pourcentage", "double", "0", "100", "%"]


def test_questions__reasons_for_no_answer__only_where_the_row_offers_them() -> None:
    questions = questions_frame(mini(), "en").set_index(["indicator", "field"])["if_none"]
    offered = {key for key, reasons in questions.items() if reasons}
    fields = {(indicator.code, field.code): field for indicator in mini().indicators for field in indicator.fields}
    assert offered == {key for key, field in fields.items() if field.takes_missing}
    assert questions["W01a", "status"] == questions["W01b", "spent.currency"] == ""


def test_questions__columns_of_a_list__follow_with_all_that_is_declared() -> None:
    questions = questions_frame(with_list.instrument(), "en")
    rows = questions[questions["table"] == "projects"]
    types = [table for table in questions["table"] if table != "projects"]
    assert set(types) == {"type_count", "type_money"}
    assert list(questions["table"]) == types + ["projects"] * len(rows)
    assert list(rows["column"]) == ["indicator", "partner", "name", "begun", "free_use"]
    said = [{key: value for key, value in row.items() if value} for row in rows.to_dict("records")]
    same = {"table": "projects", "indicator": "W01a F01", "question": "List of projects"}
    assert said[1] == {
        **same, "field": "projects.partner", "column": "partner", "short_name": "partner", "label": "With whom",
        "help": "Another land.", "type": "single choice", "column_type": "string", "required_when": "always",
        "codes": "AAA = Alphaland; BBB = Betaland; CCC = Gammaland; OTHER = Elsewhere",
        "rules": "line_incomplete names_itself bilateral_consistency",
    }  # fmt: skip
    assert said[2]["required_when"] == "partner = OTHER"
    assert said[3] == {
        **same, "field": "projects.begun", "column": "begun", "short_name": "begun", "label": "Begun in",
        "type": "year", "column_type": "int32", "minimum": "1990", "maximum": "the last year of the reference period",
        "rules": "range",
    }  # fmt: skip


def test_questions__columns__are_those_of_the_tables_by_indicator_type() -> None:
    fields = {
        (table.name, column.name)
        for table in type_tables(mini())
        for column in table.columns
        if column.field and not column.is_status
    }
    questions = questions_frame(mini(), "en")
    assert set(zip(questions["table"], questions["column"], strict=True)) == fields
