"""What may be personal data in a free text is reported with its cell, and ordinary texts are left in peace."""

from __future__ import annotations

import pytest

from pipeline.validation.personal_data import personal_data, personal_data_findings
from questionnaire.rules.evaluate import Answer
from tests.schemas.tidy_rows import mini, tidy_frame, with_heads


@pytest.mark.parametrize(
    ("text", "sort", "words"),
    [
        ("Write to ana.perez+tip@mj.gob.example for it", "email", "ana.perez+tip@mj.gob.example"),
        ("Ligne d’écoute : +509 29 40 12 34, jour et nuit", "telephone", "+509 29 40 12 34"),
        ("Tél. : 514 555 0199", "telephone", "Tél. : 514 555 0199"),
        ("Teléfono 5555-0199", "telephone", "Teléfono 5555-0199"),
        ("Ligue (11) 95555-0199", "telephone", "(11) 95555-0199"),
        ("celular: 3105550199", "telephone", "celular: 3105550199"),
        ("pasaporte n.º AB1234567", "document", "pasaporte n.º AB1234567"),
        ("Passport no. X 1234567 was seized", "document", "Passport no. X 1234567"),
        ("CPF 123.456.789-09", "document", "CPF 123.456.789-09"),
        ("titular 12.345.678-K", "document", "12.345.678-K"),
        ("cédula 1.234.567", "document", "cédula 1.234.567"),
        ("The victim Jane Doe was sheltered", "name", "Jane Doe"),
        ("la victime, Mme Marie Dupont, a témoigné", "name", "Marie Dupont"),
        ("a víctima llamada María López Ruiz", "name", "María López Ruiz"),
        ("a vítima João Souza voltou", "name", "João Souza"),
        ("Maria Souza, vítima de tráfico", "name", "Maria Souza"),
        ("Luis Gil fue una víctima", "name", "Luis Gil"),
    ],
)
def test_personal_data__each_sort_in_four_languages__is_found(text: str, sort: str, words: str) -> None:
    assert dict(personal_data(text)).get(sort, "").startswith(words)


@pytest.mark.parametrize(
    "text",
    [
        "Ley 26.842 de 2012, artículo 145 bis; Gaceta Oficial 39.912",
        "Trafficking Victims Protection Act of 2000, Pub. L. 106-386",
        "Décret n° 2014-08 du 15 mai 2014, 1 250 victimes assistées",
        "Plan Nacional 2020-2024, 12.500.000 pesos",
        "El Ministerio Público atiende a las víctimas desde 2015-06-01",
        "La Fiscalía General, víctimas y testigos",
        "https://example.org/ley/2012/26842",
        "3 victims were sheltered; 2 victims returned to Costa Rica",
        "Programme for victims in Port of Spain",
        "Resolución 1234-2019, expediente 00123-2020-0",
        "Passports are checked at 12 border posts",
        "",
    ],
)
def test_personal_data__laws_years_amounts_and_institutions__are_none(text: str) -> None:
    assert list(personal_data(text)) == []


def test_findings__name_the_cell__of_a_published_text() -> None:
    given = {("W02", "report"): Answer("Call +1 202 555 0123"), ("W02", "note"): Answer("No more to say")}
    answers = tidy_frame(mini(), {"aaa": with_heads(mini(), given)})
    [found] = personal_data_findings(answers)
    assert (found.code, found.severity, found.indicator, found.field) == (
        "telephone_in_text",
        "warning",
        "W02",
        "report",
    )
    assert found.cell == answers.set_index(["block", "field"]).loc[("W02", "report"), "cell"]
    assert found.message_in("pt") == "Este texto parece conter um número de telefone: +1 202 555 0123"
    assert "institution" in found.remedy_in("fr")
