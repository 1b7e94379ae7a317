"""Column heads are understood in four languages, however they are written, and unknown ones are not guessed."""

import pytest

from questionnaire.indicator_table.grids.heads import Meaning, meaning


@pytest.mark.parametrize(
    ("head", "role"),
    [
        ("Indicators", "indicator"),
        ("Indicator(s)", "indicator"),
        ("INDICATEUR DE RÉSULTAT", "indicator"),
        ("Indicadores objetivamente verificables", "indicator"),
        ("Objectively verifiable\nindicators (OVI)", "indicator"),
        ("Key performance indicator", "indicator"),
        ("Indicator name", "indicator"),
        ("Indicators and means of verification", "indicator"),
        ("Goals and targets (from the 2030 Agenda)", "objective"),
        ("Outcome(s) (Specific objective(s))", "objective"),
        ("Résultats attendus", "objective"),
        ("Ação prioritária", "objective"),
        ("Línea de acción", "objective"),
        ("Targets", "target"),
        ("Meta 2025", "target"),
        ("Valeur cible (2030)", "target"),
        ("Eixo temático", "section"),
        ("SDGTitle", "section"),
        ("Baseline (value & reference year)", "baseline"),
        ("Línea de base 2020", "baseline"),
        ("Indicator baseline", "baseline"),
        ("Source and mean of verification", "source"),
        ("Fonte de dados", "source"),
        ("Unité de mesure", "unit"),
        ("Unit responsible", "responsible"),
        ("Órgãos responsáveis", "responsible"),
        ("Periodicidad", "frequency"),
        ("Disaggregated by", "disaggregation"),
        ("Método de cálculo", "definition"),
        ("2021", "year"),
        ("2021-2022", "year"),
        ("Year 2019", "year"),
        ("Année 2019", "year"),
        ("Año (2019)", "year"),
        ("FY 2019/20", "year"),
        ("Valor 2019", "year"),
        ("Baseline value 2019", "baseline"),
        ("Year of the baseline 2019", "baseline"),
        ("Letter", "letter"),
    ],
)
def test_meaning__of_heads(head: str, role: str) -> None:
    found = meaning(head)
    assert found is not None
    assert found.role == role


@pytest.mark.parametrize(
    ("head", "of"),
    [
        ("No.", ""),
        ("N°", ""),
        ("#", ""),
        ("Código", ""),
        ("SDGNumber", "section"),
        ("TargetsNumber", "objective"),
        ("goal_id", "section"),
        ("indicator_code", "indicator"),
        ("Numéro de l’objectif", "objective"),
        ("No. of indicator", "indicator"),
    ],
)
def test_meaning__of_heads_of_identifiers(head: str, of: str) -> None:
    assert meaning(head) == Meaning("code", of, exact=True)


@pytest.mark.parametrize(
    "head",
    [
        "Number of women",
        "Comments",
        "ON TRACK",
        "",
        "Assumptions",
        "Year",
        "Year 20190",
        "From 2019 to 2021",
        "Women 2019",
        "word " * 13 + "indicator",
        "Current value",
    ],
)
def test_meaning__of_other_heads__none(head: str) -> None:
    assert meaning(head) is None


def test_meaning__more_than_one_phrase__not_exact() -> None:
    for head in ("Headline indicators", "Component indicator", "UNSD Indicator Codes†"):
        found = meaning(head)
        assert found is not None
        assert not found.exact
