"""What tables of ministries say in brackets, in yes and no, in questions and by the values that stand in them."""

from dataclasses import replace

import pytest

from questionnaire.indicator_table.records import Attribute
from questionnaire.proposals.proposal import Proposal, propose
from tests.questionnaire.proposals.test_proposal import indicator, proposed


@pytest.mark.parametrize(
    ("language", "text", "type_", "unit"),
    [
        ("en", "Maximum speed limit on urban roads (km/h)", "NUMBER", "km/h"),
        ("en", "Maximum blood alcohol concentration (g/dl)", "NUMBER", "g/dl"),
        ("fr", "Poussières fines (µg/m³)", "NUMBER", "µg/m³"),
        ("fr", "Déchets ménagers (kg/habitant/an)", "NUMBER", "kg/habitant/an"),
        ("es", "Residuos peligrosos generados (t)", "NUMBER", "t"),
        ("en", "Unpaid work (hours per week)", "NUMBER", "hours per week"),
        ("en", "Kilometres of protected cycle lanes", "NUMBER", "Kilometres"),
        ("en", "Access to justice (men/women)", "TEXT", ""),
        ("en", "Green zones (and/or parks)", "TEXT", ""),
        ("pt", "Leitos ocupados (pessoas)", "COUNT", "pessoas"),
        ("fr", "Écoles raccordées (%)", "PERCENT", ""),
        ("es", "Ventanilla única (sí/no)", "YES_NO", ""),
        ("en", "Proportion of seats in parliament (women)", "PERCENT", ""),
        ("en", "Public debt (persons) of the state", "AMOUNT", ""),
    ],
)
def test_brackets__with_a_unit__are_that_of_the_answer(language: str, text: str, type_: str, unit: str) -> None:
    found = proposed(text, language)
    assert (found.indicator_type, found.unit) == (type_, unit)


@pytest.mark.parametrize(
    ("language", "text", "type_"),
    [
        ("en", "Road traffic deaths by road user type", "COUNT"),
        ("en", "People living in camps", "COUNT"),
        ("pt", "Médicos em atividade", "COUNT"),
        ("es", "Víctimas: medidas de reparación", "COUNT"),
        ("fr", "Enseignants du primaire", "COUNT"),
        ("en", "Victim support services", "TEXT"),
        ("en", "Children’s rights policy", "TEXT"),
        ("en", "Benefits for judges", "TEXT"),
        ("es", "Derechos de las mujeres", "TEXT"),
        ("en", "Prison population", "COUNT"),
    ],
)
def test_persons__whom_a_text_is_about__are_counted_and_asked_about(language: str, text: str, type_: str) -> None:
    found = proposed(text, language)
    assert found.indicator_type == type_
    assert next(look.key for look in found.to_look_at) == ("look_weak" if type_ == "COUNT" else "look_unknown")


def test_persons__whom_a_text_is_about__are_few_for_the_secretariat_alone() -> None:
    assert proposed("Refugees in camps").counts_persons


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Does a national law require audits of new roads?"),
        ("fr", "Le pays a-t-il un registre ?"),
        ("es", "¿Cuenta el país con una encuesta? Indique el año de la última"),
        ("pt", "O país tem um registro?"),
    ],
)
def test_questions__that_yes_answers__are_yes_or_no(language: str, text: str) -> None:
    assert proposed(text, language).indicator_type == "YES_NO"


def looked_at(found: Proposal) -> dict[str, dict[str, str]]:
    return {look.key: look.values for look in found.to_look_at}


def test_answers__that_the_text_offers__are_named() -> None:
    looks = looked_at(proposed("Does a law require audits? (yes / no / partly)"))
    assert looks == {"look_choice": {"words": "yes / no / partly"}}
    found = proposed("Which of the following are enforced: speed, helmets?")
    assert (found.indicator_type, looked_at(found)) == ("TEXT", {"look_choice": {"words": "speed, helmets"}})
    assert looked_at(proposed("Does a law require audits? (yes/no)")) == {}


def test_list_of_things__is_a_text_and_asked_about() -> None:
    found = proposed("Liste des accords en vigueur (partenaire, date, lien)", "fr")
    assert (found.indicator_type, list(looked_at(found))) == ("TEXT", ["look_list"])


def broken_down(*columns: tuple[str, str]) -> Proposal:
    given = tuple(Attribute("disaggregation", head, text) for head, text in columns)
    return propose(replace(indicator("Número de escuelas"), attributes=given), "es")


def test_columns_of_breakdowns__that_say_yes__mean_their_heads() -> None:
    found = broken_down(("Desagregación Sexo", "Sí"), ("Desagregación Edad", "No"), ("Ámbito", "urbano / rural"))
    assert found.questions[:4] == ("count_women", "count_men", "count_other_sex", "breakdown")
    assert looked_at(found)["look_table"] == {"words": "urbano, rural"}
    assert looked_at(broken_down(("Desglose", "No"))) == {}


def test_percentage__above_100_in_the_table__is_asked_per_100() -> None:
    found = proposed("Clearance rate", unit="%", baseline="98,1", target="101.6 %")
    assert (found.indicator_type, found.questions[:4]) == (
        "RATE",
        ("numerator", "set_against", "number_per_100", "given_per_100"),
    )
    assert looked_at(found) == {"look_over": {"words": "101.6 %"}}
    for value in ("100 %", "1.200", "2030"):
        assert proposed("Clearance rate", unit="%", target=value).indicator_type == "PERCENT"


def test_gross_rate__in_percent__is_asked_per_100() -> None:
    found = proposed("Tasa bruta de matrícula", "es", unit="%")
    assert (found.questions[:2], looked_at(found)) == (("numerator", "set_against"), {})


def test_identifier__left_before_the_text__hides_nothing() -> None:
    assert proposed("14.2.1 Number of countries using ecosystem-based approaches").indicator_type == "YES_NO"


@pytest.mark.parametrize(
    ("text", "type_", "expected"),
    [
        ("On what date did it enter into force?", "Date", "DATE"),
        ("What is the total of fines imposed?", "Currency", "AMOUNT"),
        ("Ratified", "Yes/No", "YES_NO"),
        ("Fines collected", "%", "PERCENT"),
        ("Extent to which the law is applied", "Outcome level", "LEVEL"),
        ("Number of wells", "Quantitative", "COUNT"),
        ("Food anomalies", "Output", "TEXT"),
    ],
)
def test_column_of_types__that_says_how_to_answer__decides(text: str, type_: str, expected: str) -> None:
    found = proposed(text, type=type_)
    assert found.indicator_type == expected
    assert "look_unit" not in looked_at(found)
