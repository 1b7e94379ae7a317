"""A unit is kept whole as that of the question, whether a column or the text gives it, and decides what is asked."""

from __future__ import annotations

import pytest

from questionnaire.indicator_table.identifiers import underscored
from tests.questionnaire.proposals.test_proposal import proposed


@pytest.mark.parametrize(
    ("unit", "type_", "kept", "asked"),
    [
        ("tonnes of CO2 equivalent", "NUMBER", "tonnes of CO2 equivalent", "value_tonnes_of_co2_equivalent"),
        ("t CO2e", "NUMBER", "t CO2e", "value_t_co2e"),
        ("km/h", "NUMBER", "km/h", "value_km_h"),
        ("persons", "COUNT", "persons", "count_persons"),
        ("ménages", "COUNT", "ménages", "count_menages"),
        ("litres per person per day", "NUMBER", "litres per person per day", "value_litres_per_person_per_day"),
        ("USD", "AMOUNT", "", ""),
        ("USD million", "AMOUNT", "USD million", "amount_usd_million"),
        ("USD per capita", "NUMBER", "USD per capita", "value_usd_per_capita"),
        ("number", "COUNT", "", ""),
        ("US$", "AMOUNT", "", ""),
        ("Bs", "AMOUNT", "", ""),
        ("R$ milhões", "AMOUNT", "R$ milhões", "amount_r_milhoes"),
        ("R$/aluno", "NUMBER", "R$/aluno", "value_r_aluno"),
        ("casos por 100 000 habitantes", "RATE", "", ""),
    ],
)
def test_unit__of_the_table__is_kept_as_that_of_the_question(unit: str, type_: str, kept: str, asked: str) -> None:
    found = proposed("Progress of the programme", unit=unit)
    assert (found.indicator_type, found.unit, found.unit_question) == (type_, kept, asked)


@pytest.mark.parametrize(
    ("language", "text", "type_", "unit"),
    [
        ("en", "Emissions in tonnes of CO2 equivalent", "NUMBER", "tonnes of CO2 equivalent"),
        ("fr", "Émissions de méthane (tonnes équivalent CO2)", "NUMBER", "tonnes équivalent CO2"),
        ("es", "Emisiones, en toneladas de CO2 equivalente", "NUMBER", "toneladas de CO2 equivalente"),
        ("pt", "Emissões (toneladas de CO2 equivalente)", "NUMBER", "toneladas de CO2 equivalente"),
        ("es", "Electricidad generada (GWh)", "NUMBER", "GWh"),
        ("en", "Number of hectares reforested", "NUMBER", "hectares"),
        ("en", "Number of pupils in years 5 to 9", "COUNT", "pupils"),
        ("en", "Investment mobilised (USD million)", "AMOUNT", "USD million"),
        ("en", "Income of households, in hours", "AMOUNT", ""),
    ],
)
def test_unit__that_the_text_names__is_whole(language: str, text: str, type_: str, unit: str) -> None:
    found = proposed(text, language)
    assert (found.indicator_type, found.unit) == (type_, unit)


@pytest.mark.parametrize(
    ("unit", "power"),
    [
        ("USD million", 6),
        ("millones de euros", 6),
        ("mil milhões de dólares", 9),
        ("milliers de dollars", 3),
        ("USD", 0),
        ("M€", 6),
        ("k€", 3),
        ("Mrd €", 9),
        ("S/ million", 6),
        ("$", 0),
    ],
)
def test_unit__of_an_amount__has_its_power_of_ten(unit: str, power: int) -> None:
    assert proposed("Budget", unit=unit).unit_mult == power
    assert proposed("Wells", unit="thousand tonnes").unit_mult == 0


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Number of computers per 100 pupils"),
        ("fr", "Nombre d’ordinateurs pour 100 élèves"),
        ("es", "Número de computadoras por cada 100 alumnos"),
        ("pt", "Número de computadores por 100 alunos"),
    ],
)
def test_number__for_so_many_things__is_a_ratio_of_the_two(language: str, text: str) -> None:
    found = proposed(text, language)
    assert found.questions[:4] == ("numerator", "set_against", "number_per_100", "given_per_100")
    assert (found.indicator_type, found.reason.key) == ("RATE", "set_against")


def test_number__for_so_many_people__asks_cases_and_population() -> None:
    assert proposed("Telephones per 1,000 inhabitants").questions[0] == "cases"
    assert proposed("Telephones per 1,000").questions[0] == "cases"


def test_unit__of_a_measure__says_more_than_number_of() -> None:
    assert proposed("Number of plots restored", unit="hectares").indicator_type == "NUMBER"


@pytest.mark.parametrize(
    ("language", "text", "persons"),
    [
        ("fr", "Nombre de victimes identifiées, par sexe", "victimes"),
        ("fr", "Nombre d’agents de police formés", "agents"),
        ("fr", "Nombre de foyers pour femmes", ""),
        ("es", "Número de niñas y niños atendidos", "niñas y niños"),
        ("es", "Número de casos de violencia contra mujeres", ""),
        ("en", "Number of newly identified adult victims of trafficking", "adult victims"),
        ("en", "Number of laws that protect children", ""),
        ("en", "Number of workshops held with judges", ""),
        ("pt", "Número de pessoas condenadas", "pessoas condenadas"),
        ("pt", "Número de abrigos para mulheres", ""),
        ("en", "Percentage of women", ""),
    ],
)
def test_count__of_persons__is_in_a_question_of_its_own_and_says_so(language: str, text: str, persons: str) -> None:
    found = proposed(text, language)
    assert (found.counts_persons, found.unit) == (bool(persons), persons)
    assert found.unit_question == (f"count_{underscored(persons).lower()}" if persons else "")


def test_count__of_persons_by_the_column_of_units__says_so() -> None:
    assert [proposed("Number trained", unit=unit).counts_persons for unit in ("persons", "number", "households")] == [
        True, False, False,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("language", "text", "type_"),
    [
        ("en", "Change in forest area", "CHANGE"),
        ("en", "Increase in the percentage of women elected", "PERCENT"),
        ("fr", "Réduction des émissions", "CHANGE"),
        ("en", "Forest area and its change in a year", "PERCENT"),
    ],
)
def test_percent__of_what_begins_as_a_change__may_be_below_0(language: str, text: str, type_: str) -> None:
    assert proposed(text, language, unit="%").indicator_type == type_


@pytest.mark.parametrize(
    ("language", "inflation", "satisfaction"),
    [
        ("fr", "Taux d’inflation annuel", "Degré de satisfaction des usagers"),
        ("es", "Tasa de inflación anual", "Grado de satisfacción de los usuarios"),
        ("en", "Inflation rate", "Degree of satisfaction of users"),
        ("pt", "Taxa de inflação anual", "Grau de satisfação dos usuários"),
    ],
)
def test_words__of_rates_and_degrees__are_not_always_shares_and_levels(
    language: str, inflation: str, satisfaction: str
) -> None:
    assert [proposed(text, language).indicator_type for text in (inflation, satisfaction)] == ["CHANGE", "NUMBER"]


def test_amount__in_millions_by_sex__asks_in_words() -> None:
    assert proposed("Expenditure on training, by sex", unit="USD").questions[:2] == ("amount_women", "amount_men")
    asked = proposed("Expenditure on training, by sex", unit="USD million").questions
    assert (asked[:2], [code for code in asked if code.startswith("amount_")]) == (("-amount", "breakdown"), [])


def test_unit__that_is_a_whole_sentence__is_none() -> None:
    assert proposed("Food anomalies", unit="to be agreed on with each of the ministries").indicator_type == "TEXT"
