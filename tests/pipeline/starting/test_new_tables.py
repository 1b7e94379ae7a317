"""Indicators by age, and with a column for each year, are asked in tables that every instrument may have."""

from pathlib import Path

import pytest

from pipeline.starting.start import start
from questionnaire.declaration.answer_types import Number, Percent, WholeNumber
from questionnaire.declaration.blocks import Question
from questionnaire.declaration.form import Instrument
from questionnaire.declaration.instrument import read_instrument
from questionnaire.declaration.lists.table_block import TableBlock, Totals
from questionnaire.indicator_table.reader import parse_indicator_table
from questionnaire.messages import LANGUAGES
from tests.pipeline.starting.test_start import TODAY, there

BY_AGE = """Code;Objective;Indicator;Unit
1.a;Help;Number of persons helped, by sex and age;
1.b;Help;Percentage of persons helped, by age;%
1.c;Help;Number of shelters;
"""
BY_YEAR = """Code;Objective;Indicator;Unit;2021;2022;2023
1.a;Help;Number of persons helped;;1;2;3
1.b;Help;Average stay;days;;;
1.c;Help;Number of children helped, by sex and age;;1;2;3
1.d;Help;Expenditure on help;USD;1;2;3
1.e;Help;Existence of a law;;no;no;yes
1.f;Help;Homicides per 1,000 inhabitants;;1;2;
"""


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("tables")


@pytest.fixture(scope="module")
def by_age(root: Path) -> Instrument:
    return start(there(root, "ages"), parse_indicator_table(BY_AGE, "plan.csv"), TODAY).round.instrument


@pytest.fixture(scope="module")
def by_year(root: Path) -> Instrument:
    return start(there(root, "years"), parse_indicator_table(BY_YEAR, "plan.csv"), TODAY).round.instrument


def tables_of(instrument: Instrument) -> list[TableBlock]:
    return [block for block in instrument.lists if isinstance(block, TableBlock)]


def figure(table: TableBlock) -> Question:
    return next(question for question in table.questions if question.code == "figure")


def dimensions(table: TableBlock) -> list[tuple[str, str]]:
    return [(dimension.name, dimension.total) for dimension in table.dimensions]


def test_count__by_sex_and_age__is_a_table_whose_totals_the_sheet_fills_in(by_age: Instrument) -> None:
    table = tables_of(by_age)[0]
    assert (table.code, table.indicator, table.most_lines) == ("by_sex_age_i1_a", "1.a", 24)
    assert dimensions(table) == [("by_sex", "T"), ("by_age", "T")]
    assert (table.totals_are, type(figure(table).type)) == (Totals.COMPUTED, WholeNumber)
    assert [figure(one).discloses for one in tables_of(by_age)] == ["persons", ""]
    assert table.label["en"] == "1.a – Sex, Age"
    assert set(table.label) == set(table.help) == set(LANGUAGES)


def test_percentage__by_age__has_no_totals_and_that_of_all_is_the_question_itself(by_age: Instrument) -> None:
    table = tables_of(by_age)[1]
    assert (dimensions(table), table.totals_are, type(figure(table).type)) == ([("by_age", "")], Totals.TYPED, Percent)
    assert table.impossible == ({"by_age": "T"},)
    assert [table.indicator for table in tables_of(by_age)] == ["1.a", "1.b"]


def test_number__of_which_there_is_a_table__must_be_its_total(by_age: Instrument) -> None:
    [rule] = [rule for rule in by_age.rules if rule.code.startswith("TOTAL_")]
    assert (rule.code, rule.severity) == ("TOTAL_I1_A", "warning")
    assert rule.message["en"] == "The number is not the total of the table."


def test_years_as_columns__are_the_last_years_of_the_round(by_year: Instrument) -> None:
    tables = {table.indicator: table for table in tables_of(by_year)}
    assert list(tables) == ["1.a", "1.c", "1.d", "1.f"]
    assert tables["1.f"].dimensions[0].codes == ("2023", "2024", "2025")
    assert figure(tables["1.f"]).measured_in.words["en"] == "per 1,000"
    assert tables["1.a"].dimensions[0].codes == ("2023", "2024", "2025")
    assert list(tables["1.c"].measured) == ["figure_2023", "figure_2024", "figure_2025"]
    assert dimensions(tables["1.c"]) == [("by_sex", "T"), ("by_age", "T")]
    assert type(figure(tables["1.d"]).type) is Number
    assert "in the currency" in tables["1.d"].help["en"]
    assert [rule.code for rule in by_year.rules if rule.code.startswith("TOTAL_")] == []


def test_values_of_years__stand_in_the_help_of_their_indicator(by_year: Instrument) -> None:
    assert by_year.indicators[0].help == {"en": "2021: 1 · 2022: 2 · 2023: 3"}


def test_tables__read_without_a_round__are_those_of_the_round(root: Path, by_year: Instrument) -> None:
    alone = read_instrument(root / "instruments" / "years")
    assert [table.code for table in tables_of(alone)] == [table.code for table in tables_of(by_year)]
