"""What a statistician would ask about indicators of public tables, against what is proposed."""

import csv
from dataclasses import replace
from pathlib import Path

import pytest

from questionnaire.indicator_table.records import Attribute, Indicator
from questionnaire.messages import LANGUAGES, keys, wording
from questionnaire.proposals.phrases import catalogue, phrases
from questionnaire.proposals.proposal import Proposal, propose

STANDARD = Path(__file__).parents[3] / "questionnaire" / "standard"
JUDGED = [
    # Sustainable Development Goals
    ("en", "Proportion of the population living below the international poverty line by sex, age", "PERCENT"),
    ("en", "Number of deaths and missing persons attributed to disasters per 100,000 population", "RATE"),
    ("en", "Direct economic loss attributed to disasters in relation to global gross domestic product (GDP)", "PERCENT"),
    ("en", "Number of countries that adopt and implement national disaster risk reduction strategies", "LEVEL"),
    ("en", "Total official development assistance grants that focus on poverty reduction as a share of GNI", "PERCENT"),
    ("en", "Prevalence of undernourishment", "PERCENT"),
    ("en", "Volume of production per labour unit by classes of farming enterprise size", "NUMBER"),
    ("en", "The agriculture orientation index for government expenditures", "NUMBER"),
    ("en", "Total official flows to the agriculture sector", "AMOUNT"),
    ("en", "Maternal mortality ratio", "RATE"),
    ("en", "Alcohol per capita consumption (aged 15 years and older) in litres of pure alcohol", "NUMBER"),
    ("en", "Coverage of essential health services", "PERCENT"),
    ("en", "Extent to which global citizenship education is mainstreamed in national policies", "LEVEL"),
    ("en", "Whether or not legal frameworks are in place to promote equality on the basis of sex", "YES_NO"),
    ("en", "Proportion of countries where the law guarantees women’s equal rights to land ownership", "YES_NO"),
    ("en", "Annual growth rate of real GDP per capita", "CHANGE"),
    ("en", "Average hourly earnings of employees, by sex, age, occupation", "AMOUNT"),
    ("en", "CO2 emission per unit of value added", "NUMBER"),
    ("en", "Researchers (in full-time equivalent) per million inhabitants", "RATE"),
    ("en", "Forest area as a proportion of total land area", "PERCENT"),
    ("en", "Existence of independent national human rights institutions", "YES_NO"),
    ("en", "Dollar value of all resources made available to strengthen statistical capacity", "AMOUNT"),
    ("en", "Indicator of food price anomalies", "TEXT"),
    # Biodiversity, gender, projects
    ("en", "Red List Index", "NUMBER"),
    ("en", "Ratio of girls to boys in primary education", "RATIO"),
    ("en", "# of community members trained on gender-based violence", "COUNT"),
    ("en", "% of health facilities with a functioning incinerator", "PERCENT"),
    ("en", "Reduction in the number of road accidents", "COUNT"),
    ("en", "Time required to register a business", "NUMBER"),
    ("en", "Year of ratification of the Convention", "YEAR"),
    ("en", "Link to the national report", "WEB"),
    ("en", "National action plan adopted and implemented", "LEVEL"),
    ("en", "Judges trained", "COUNT"),
    ("en", "Main challenges in the implementation of the law", "TEXT"),
    ("en", "Gender wage gap", "PERCENT"),
    ("en", "Average share of the built-up area of cities that is green space", "PERCENT"),
    ("en", "Average number of hours spent on unpaid domestic work, by sex", "NUMBER"),
    ("en", "Women’s share of government ministerial positions", "PERCENT"),
    ("en", "Students enrolled in vocational training, by sex and disability", "COUNT"),
    ("en", "A functioning early warning system is in place", "YES_NO"),
    ("en", "Benefits from the sustainable use of wild species", "TEXT"),
    ("fr", "Nombre de victimes identifiées, par sexe et par âge", "COUNT"),
    ("fr", "Taux de chômage des jeunes", "PERCENT"),
    ("fr", "Taux de mortalité infantile", "RATE"),
    ("fr", "Existence d’une loi contre la traite des personnes", "YES_NO"),
    ("fr", "Élaboration et application d’une stratégie de lutte contre la traite des personnes", "LEVEL"),
    ("fr", "Montant des dépenses publiques consacrées à la santé", "AMOUNT"),
    ("fr", "Dépenses de santé en pourcentage du PIB", "PERCENT"),
    ("fr", "Date de ratification du protocole", "DATE"),
    ("fr", "Accords de coopération juridique signés", "COUNT"),
    ("fr", "Superficie forestière restaurée", "NUMBER"),
    ("es", "Tasa de homicidios por cada 100 000 habitantes, por sexo", "RATE"),
    ("es", "Porcentaje del presupuesto ejecutado", "PERCENT"),
    ("es", "Gasto público en educación como porcentaje del PIB", "PERCENT"),
    ("es", "Grado de aplicación de la ley", "LEVEL"),
    ("es", "Se cuenta con un protocolo de atención a víctimas", "YES_NO"),
    ("es", "Número de países que han ratificado la convención", "YES_NO"),
    ("es", "Tiempo promedio de resolución de los casos", "NUMBER"),
    ("es", "Ley de paridad promulgada", "YES_NO"),
    ("es", "Personas capacitadas en derechos humanos", "COUNT"),
    ("es", "Monto de los recursos financieros asignados", "AMOUNT"),
    ("pt", "Proporção de crianças menores de 5 anos com registro de nascimento", "PERCENT"),
    ("pt", "Número de profissionais capacitados, por sexo e raça", "COUNT"),
    ("pt", "Recursos financeiros destinados à política", "AMOUNT"),
    ("pt", "Legislação aprovada", "YES_NO"),
    ("pt", "Descrição das medidas adotadas", "TEXT"),
    ("pt", "Protocolo de atendimento implantado", "YES_NO"),
    ("pt", "Despesa pública com saúde per capita", "AMOUNT"),
    ("pt", "Taxa de variação do desmatamento", "CHANGE"),
    # Budgets that are carried out, comparisons of two figures, what was done to victims
    ("en", "Budget execution", "PERCENT"),
    ("fr", "Degré d’exécution du budget", "PERCENT"),
    ("es", "Grado de ejecución del presupuesto", "PERCENT"),
    ("es", "Presupuesto ejecutado sobre el presupuesto aprobado", "PERCENT"),
    ("pt", "Grau de execução orçamentária", "PERCENT"),
    ("pt", "Renda média das mulheres em relação à dos homens", "RATIO"),
    ("fr", "Salaire moyen des femmes par rapport à celui des hommes", "RATIO"),
    ("en", "Gini coefficient", "NUMBER"),
    ("en", "Red List of Ecosystems", "NUMBER"),
    ("en", "Inflation", "CHANGE"),
    ("es", "Variación interanual de las denuncias", "CHANGE"),
    ("es", "Nivel de satisfacción de las víctimas atendidas", "NUMBER"),
    ("en", "Victims referred to services within 48 hours", "COUNT"),
    ("es", "Víctimas repatriadas", "COUNT"),
    ("pt", "Há plano nacional vigente?", "YES_NO"),
    # How many there are to each of something else
    ("en", "Number of inhabitants per physician", "RATIO"),
    ("en", "Inhabitants per physician", "RATIO"),
    ("en", "Average number of pupils per class", "RATIO"),
    ("fr", "Nombre d’habitants par médecin", "RATIO"),
    ("es", "Habitantes por médico", "RATIO"),
    ("pt", "Número de alunos por professor", "RATIO"),
    ("en", "Number of women per region", "COUNT"),
    ("es", "Número de víctimas por mes", "COUNT"),
    ("en", "Percentage of schools with more than 40 pupils per teacher", "PERCENT"),
    ("en", "Expenditure on pupils per school", "AMOUNT"),
    ("en", "Number of vehicles per household", "COUNT"),
    # A currency in brackets
    ("en", "Support to lakes (USD)", "AMOUNT"),
    ("en", "Aid received (US$)", "AMOUNT"),
    ("en", "Net worth of enterprises (constant 2015 USD)", "AMOUNT"),
    ("fr", "Appui aux lacs (en euros)", "AMOUNT"),
    ("es", "Apoyo a los lagos (millones de USD)", "AMOUNT"),
    ("en", "Number of cars sold (euro area)", "COUNT"),
]  # fmt: skip


def indicator(text: str, **attributes: str) -> Indicator:
    found = tuple(Attribute(role, role, value) for role, value in attributes.items())
    return Indicator("", "1", "Aim", 1, "", 2, text, text, 1, attributes=found)


def proposed(text: str, language: str = "en", **attributes: str) -> Proposal:
    return propose(indicator(text, **attributes), language)


@pytest.mark.parametrize(("language", "text", "expected"), JUDGED, ids=[text[:60] for _, text, _ in JUDGED])
def test_judged__of_public_tables__is_what_a_statistician_would_ask(language: str, text: str, expected: str) -> None:
    assert proposed(text, language).indicator_type == expected


# --- questions beside the type -----------------------------------------------------------------------------------


def test_by_sex__of_a_count__a_count_for_each() -> None:
    found = proposed("Number of cases assisted, by sex")
    assert found.questions == ("count_women", "count_men", "count_other_sex", "figure_year", "data_source")
    assert [look.key for look in found.to_look_at] == ["look_sex"]


def test_by_age_and_sex__a_table_has_both_and_the_rest_is_a_text() -> None:
    found = proposed("Number of cases assisted, by age and nationality and sex")
    assert found.by == ("sex", "age")
    assert found.questions == ("breakdown", "figure_year", "data_source")
    assert [look.key for look in found.to_look_at] == ["look_ages", "look_table"]
    assert found.to_look_at[-1].values == {"words": "nationality"}


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Nombre de victimes par groupe d’âge", "fr"),
        ("Porcentaje de personas ocupadas, por grupos de edad", "es"),
        ("Maternal mortality rate per 100,000, by age", "en"),
        ("Número de alunos por faixa etária", "pt"),
    ],
)
def test_by_age__in_each_language__is_a_table(text: str, language: str) -> None:
    assert proposed(text, language).by == ("age",)


def test_by_age__of_what_is_no_figure__is_no_table() -> None:
    assert proposed("Existence of a law on minimum age, by age").by == ()
    assert proposed("Ratio of pupils to teachers, by age").by == ()


def test_breakdowns__in_a_column_of_their_own__count_as_those_in_the_text() -> None:
    found = proposed("Number of cases", disaggregation="sex; island of origin; age group")
    assert (found.by, found.questions[0]) == (("sex", "age"), "figure_year")
    assert "breakdown" not in proposed("Number of victims", disaggregation="sex").questions
    assert proposed("Number of boats", disaggregation="by fleet").to_look_at[0].values == {"words": "by fleet"}


@pytest.mark.parametrize(
    ("heads", "years"),
    [
        (("2021", "2022", "2023"), 3),
        (("2023", "2022"), 2),
        (("2024",), 0),
        (("2021", "2025", "2030"), 0),
        (("2021", "2022", "2022/23"), 0),
        ((*map(str, range(2000, 2024)),), 24),
        ((*map(str, range(2000, 2025)),), 0),
    ],
)
def test_years_as_columns__one_after_the_other__are_a_time_series(heads: tuple[str, ...], years: int) -> None:
    given = tuple(Attribute("year", head, "7") for head in heads)
    found = propose(replace(indicator("Number of wells"), attributes=given), "en")
    assert found.years == years
    assert [look.values for look in found.to_look_at if look.key == "look_series"] == [{"years": str(years)}] * (
        years > 0
    )
    assert propose(replace(indicator("Existence of a law"), attributes=given), "en").years == 0


def test_years_as_columns__of_which_one_is_blank__are_all_asked_about() -> None:
    given = tuple(Attribute("year", year, "1") for year in ("2021", "2022"))
    wells = replace(indicator("Number of wells"), attributes=given)
    assert propose(wells, "en", {"2021", "2022", "2023"}).years == 3
    assert propose(wells, "en", {"2021", "2022", "2030"}).years == 2
    assert propose(indicator("Number of wells"), "en", {"2021", "2022"}).years == 0


def test_by__of_who_does_it__is_no_breakdown() -> None:
    assert "breakdown" not in proposed("Number of cases prosecuted by the courts of the country").questions


def test_number_and_percentage__both_are_asked() -> None:
    assert "percent_of_all" in proposed("Number and percentage of schools with water").questions
    assert proposed("Pourcentage et nombre d’écoles", "fr").questions[0] == "count"
    assert "percent_of_all" not in proposed("Number of boys and girls in schools").questions


@pytest.mark.parametrize(
    ("text", "question"),
    [
        ("Deaths per 1,000 live births", "rate_per_1000"),
        ("Cases per 100 000 inhabitants", "rate_per_100000"),
        ("Cas pour 100 habitants", "rate_per_100"),
        ("Médicos por 10.000 habitantes", "rate_per_10000"),
        ("Casos por cada millón de habitantes", "rate_per_1000000"),
        ("Casos por 100 mil habitantes", "rate_per_100000"),
        ("Homicide rate", "rate"),
    ],
)
def test_rate__for_so_many__is_asked_for_as_many(text: str, question: str) -> None:
    found = proposed(text)
    computed = question.replace("rate_per", "cases_per")
    asked = ("cases", "population", computed, question) if question != "rate" else ("rate", "cases", "population")
    assert (found.indicator_type, found.questions[: len(asked)]) == ("RATE", asked)
    assert [look.key for look in found.to_look_at] == (["look_base"] if question == "rate" else [])


def test_unit__with_a_sign_in_it__is_that_of_the_number() -> None:
    assert proposed("Superficie des zones humides", "fr", unit="km²").unit == "km²"
    assert proposed("Concentration", unit="µg/m³").indicator_type == "NUMBER"


# --- what the table says beside the text -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "unit", "expected"),
    [
        ("Lakes of good quality", "%", "PERCENT"),
        ("Lakes of good quality", "Nombre", "COUNT"),
        ("Law on lakes", "yes/no", "YES_NO"),
        ("Law on lakes", "oui/non", "YES_NO"),
        ("Support to lakes", "USD million", "AMOUNT"),
        ("Boats", "per 1,000 inhabitants", "RATE"),
        ("Ratio of boats to lakes", "number", "RATIO"),
    ],
)
def test_unit__of_the_table__decides(text: str, unit: str, expected: str) -> None:
    assert proposed(text, unit=unit).indicator_type == expected


def test_unit__that_is_none_of_the_known__is_that_of_the_number() -> None:
    found = proposed("Shore restored", unit="kilometres")
    assert (found.indicator_type, found.unit, found.questions[0]) == ("NUMBER", "kilometres", "-value")


def test_unit__that_contradicts_the_text__is_followed_and_asked_about() -> None:
    found = proposed("Existence of a register", unit="%")
    assert found.indicator_type == "PERCENT"
    assert found.to_look_at[0].values == {"words": "%", "other": "Existence"}


@pytest.mark.parametrize(
    ("value", "expected"), [("45 % (2019)", "PERCENT"), ("1 200", "NUMBER"), ("Yes", "YES_NO"), ("n/a", "TEXT")]
)
def test_baseline__where_the_text_shows_nothing__tells(value: str, expected: str) -> None:
    found = proposed("Food anomalies", baseline=value)
    assert found.indicator_type == expected
    assert found.to_look_at


@pytest.mark.parametrize(
    ("language", "text", "unit"),
    [
        ("en", "Average time between identification and referral, in days", "days"),
        ("en", "Average number of hours worked", "hours"),
        ("fr", "Durée moyenne des procédures, en mois", "mois"),
        ("es", "Número promedio de días hasta la sentencia", "días"),
        ("pt", "Área restaurada, em quilômetros quadrados", "quilômetros quadrados"),
        ("en", "Extent of ecosystems (hectares)", "hectares"),
        ("es", "Tiempo promedio de resolución de los casos (en días)", "días"),
        ("fr", "Durée moyenne (hors jours fériés)", ""),
        ("en", "Mean duration of stays", ""),
        ("en", "Mean weight of boats older than ten years", ""),
    ],
)
def test_unit__that_the_text_names__is_that_of_the_number(language: str, text: str, unit: str) -> None:
    found = proposed(text, language)
    assert (found.indicator_type, found.unit) == ("NUMBER", unit)
    assert ("-value" in found.questions) == bool(unit)
    assert [look.key for look in found.to_look_at] == ([] if unit else ["look_no_unit"])


@pytest.mark.parametrize(
    ("language", "text", "looks"),
    [
        ("en", "Rate of invasive alien species establishment", ["look_rate"]),
        ("en", "Unemployment rate", []),
        ("fr", "Taux de remplacement des navires", ["look_rate"]),
        ("es", "Tasa de deserción escolar", []),
        ("pt", "Taxa de renovação da frota", ["look_rate"]),
        ("en", "Percentage of schools with water", []),
        ("en", "Emissions of sulphur", ["look_no_unit"]),
        ("en", "Red List Index", []),
        ("en", "(a) Index of eutrophication; and (b) plastic debris density", ["look_several"]),
        ("en", "Gender wage gap", ["look_gap"]),
        ("en", "Number of gaps found in the law", []),
    ],
)
def test_doubt__that_the_words_leave__is_said(language: str, text: str, looks: list[str]) -> None:
    assert [look.key for look in proposed(text, language).to_look_at] == looks


def test_level__with_a_percentage_as_target__is_a_percentage_and_said_so() -> None:
    found = proposed("Grado de avance de las obras", "es", target="90 %")
    assert (found.indicator_type, [look.key for look in found.to_look_at]) == ("PERCENT", ["look_target"])
    assert proposed("Grado de avance de las obras", "es", target="terminado").indicator_type == "LEVEL"
    assert proposed("Number of wells dug", target="90 %").indicator_type == "COUNT"


def test_text__that_shows_nothing__is_a_text_and_listed() -> None:
    found = proposed("Food anomalies")
    assert (found.indicator_type, found.reason.key, found.questions) == ("TEXT", "unknown", ())
    assert [look.key for look in found.to_look_at] == ["look_unknown"]


def test_what_was_done__several_are_counted_one_is_or_is_not() -> None:
    assert [proposed(text).indicator_type for text in ("Laws adopted", "Law adopted")] == ["COUNT", "YES_NO"]
    assert [look.key for look in proposed("Law adopted").to_look_at] == ["look_weak"]


def test_reason__names_the_words_as_printed() -> None:
    assert proposed("NOMBRE D’ÉCOLES raccordées", "fr").reason.values == {"words": "NOMBRE D"}
    assert proposed("Deaths per 100,000 inhabitants").reason.values == {"words": "per 100,000"}
    assert proposed("N° de escuelas", "es").indicator_type == "COUNT"


# --- the tables of words and of standard questions ---------------------------------------------------------------


def rows(name: str) -> list[dict[str, str]]:
    with (STANDARD / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_patterns__each_has_phrases_in_four_languages_a_type_and_a_reason() -> None:
    types = {row["indicator_type"] for row in rows("indicator_types.csv")}
    for group, entry in catalogue("indicator_patterns").items():
        assert entry["type"] in types, group
        assert all(phrases("indicator_patterns", group, language) for language in LANGUAGES), group
        assert group in keys("proposals"), group
    assert {str(entry["type"]) for entry in catalogue("unit_words").values()} <= types


def test_sentences__of_proposals_and_of_new_instruments__in_four_languages() -> None:
    for name in ("proposals", "new_instrument"):
        assert [key for key in keys(name) if set(wording(name, key)) != set(LANGUAGES)] == []


def test_words_of_new_tables__in_four_languages() -> None:
    assert all(set(wording("new_tables", key)) == set(LANGUAGES) for key in keys("new_tables"))


def test_standard_questions__of_every_type_and_proposal__are_there_in_four_languages() -> None:
    questions = {row["question"]: row for row in rows("questions.csv")}
    wanted = {code for row in rows("indicator_types.csv") for code in row["questions"].split()}
    wanted |= {code for language, text, _ in JUDGED for code in proposed(text, language).questions if code[0] != "-"}
    assert wanted <= set(questions)
    assert [row for row in questions.values() if not all(row[f"label_{one}"] for one in LANGUAGES)] == []


def test_standard_lists__of_each_code__a_text_in_four_languages_that_no_other_has() -> None:
    for language in LANGUAGES:
        texts = [(row["codelist"], row[f"label_{language}"].casefold()) for row in rows("codelists.csv")]
        assert all(text for _, text in texts)
        assert len(set(texts)) == len(texts)
