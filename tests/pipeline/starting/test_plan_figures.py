"""Baselines and targets of a table that are plain numbers become reference values of the plan; all else stays a text."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.starting.plan_figures import PlanFigures
from questionnaire.design_sheets.from_folder import rows_of_folder
from questionnaire.design_sheets.to_files import design_files
from questionnaire.indicator_table.records import Attribute, Indicator
from questionnaire.rounds.round import read_round
from questionnaire.tables import DeclarationError
from tests.pipeline.starting.test_start import started, there


def plan(
    *cells: str, head: str = "Baseline", language: str = "en", type_: str = "NUMBER", unit: str = ""
) -> PlanFigures:
    """The figures of indicators that have these cells, one each."""
    units = (Attribute("unit", "Unit", unit),) if unit else ()
    listed = {
        f"A{number}": Indicator(
            "", "", "", 1, "", 1, "Number of wells dug", "", 1, attributes=(*units, Attribute("baseline", head, cell))
        )
        for number, cell in enumerate(cells)
    }
    return PlanFigures(listed, dict.fromkeys(listed, type_), language)


@pytest.mark.parametrize(
    ("cell", "language", "expected"),
    [
        ("12", "en", (12, "", "")),
        ("0", "en", (0, "", "")),
        ("-3.5", "en", (-3.5, "", "")),
        ("40 %", "en", (40, "%", "")),
        ("12,5 pour cent", "fr", (12.5, "pour cent", "")),
        ("1,200 wells", "en", (1200, "wells", "")),
        ("1 200,5", "fr", (1200.5, "", "")),
        ("1.200.000", "es", (1200000, "", "")),
        ("1.234,5 km²", "pt", (1234.5, "km²", "")),
        ("USD 1,200.50", "en", (1200.5, "USD", "")),
        ("45 % (2019)", "en", (45, "%", "2019")),
        ("45 [2018-2019]", "en", (45, "", "2018-2019")),
        ("30 hectáreas en 2020", "es", (30, "hectáreas", "2020")),
    ],
)
def test_plan_figures__plain_number__with_its_unit_and_year(
    cell: str, language: str, expected: tuple[float, str, str]
) -> None:
    figure = plan(cell, language=language).of("A0")[0]
    assert (figure.item, figure.value, figure.unit, figure.period) == ("baseline_a0", *expected)


@pytest.mark.parametrize(
    "cell",
    [
        "to be determined", "increase by 20 % by 2030", "≥ 90 %", "< 5", "about 50", "10 – 12", "12 per 1,000", "45 % more", "n/a", "-",
        "1.5 million", "12; 14", "2: 2019", "=1+1",
    ],
)  # fmt: skip
def test_plan_figures__anything_else__stays_a_text(cell: str) -> None:
    found = plan(cell)
    assert found.every == []
    assert [(code, one.text) for code, one in found.texts] == [("A0", cell)]


@pytest.mark.parametrize(
    ("cells", "language", "first"),
    [
        (("1.234",), "pt", None),
        (("1.234", "2,5"), "pt", 1234),
        (("1.234", "2.5"), "pt", 1.234),
        (("1,234",), "en", 1234),
        (("1,234",), "es", None),
    ],
)
def test_plan_figures__three_digits_behind_a_sign__only_what_the_table_shows(
    cells: tuple[str, ...], language: str, first: float | None
) -> None:
    found = plan(*cells, language=language).of("A0")
    assert [figure.value for figure in found] == ([] if first is None else [first])


def test_plan_figures__of_a_count__thousands_need_no_decimal_sign() -> None:
    assert [figure.value for figure in plan("1.234", language="pt", type_="COUNT").every] == [1234]


def test_plan_figures__column_of_years__says_when_and_no_number() -> None:
    assert plan("2019", "2020").every == []
    assert [figure.value for figure in plan("2019", "40").every] == [2019, 40]


def test_plan_figures__year_of_the_head_and_unit_of_the_table__are_those_of_the_number() -> None:
    figure = plan("12", head="Baseline 2019", unit="boreholes").every[0]
    assert (figure.unit, figure.period) == ("boreholes", "2019")
    assert plan("12", head="Change 2019 to 2020").every[0].period == ""


def test_plan_figures__of_an_indicator_without_a_figure__stay_texts() -> None:
    assert plan("1", type_="YES_NO").every == []


def test_plan_figures__of_a_cell_that_names_a_year__stay_texts() -> None:
    assert plan("year 2030").every == []


def test_plan_figures__two_targets__are_two_items() -> None:
    targets = tuple(Attribute("target", f"Target {year}", text) for year, text in ((2025, "5"), (2030, "9")))
    one = Indicator("", "", "", 1, "", 1, "Wells", "", 1, attributes=targets)
    found = PlanFigures({"1.a": one}, {"1.a": "COUNT"}, "en").every
    assert [(figure.item, figure.value, figure.period) for figure in found] == [
        ("target_i1_a", 5, "2025"),
        ("target_i1_a_2", 9, "2030"),
    ]


def test_start__baselines_and_targets__stand_beside_the_figure_with_their_source(tmp_path: Path) -> None:
    made = started(tmp_path)
    indicators = made.round.instrument.indicators
    shown = {one.code: {question.code: question.references for question in one.questions} for one in indicators}
    assert shown["1.a.1"]["share"] == ("baseline_i1_a_1", "target_i1_a_1")
    assert shown["1.a.2"]["count_wells"] == ("baseline_i1_a_2", "target_i1_a_2")
    assert not shown["1.a.1"]["numerator"]
    assert not shown["1.a.2"]["data_source"]
    assert not shown["2.2"]["level"]
    found = made.round.reference("R03", "target_i1_a_1")
    assert found is not None
    assert (found.value, found.unit, found.source) == (60, "%", "indicator table, column “Target”")
    assert made.round.instrument.references[0].label["pt"] == "Linha de base do plano (a mesma para todos)"


def test_start__without_baselines__has_no_reference_values(tmp_path: Path) -> None:
    made = started(tmp_path, "Indicator;Target\nNumber of wells;many\n")
    assert made.round.instrument.references == ()
    assert not (there(tmp_path).round / "reference.csv").exists()
    assert "reference" not in (there(tmp_path).instrument / "indicators.csv").read_text(encoding="utf-8")
    assert made.round.instrument.indicators[0].help == {"en": "Target: many"}


def test_design__of_reference_values__comes_back_as_it_was(tmp_path: Path) -> None:
    started(tmp_path)
    folder = there(tmp_path).instrument
    back = design_files(rows_of_folder(folder)).texts
    assert (
        "1.a.2,COUNT,-count count_wells figure_year data_source,,baseline_i1_a_2 target_i1_a_2,"
        in back["indicators.csv"]
    )


def test_indicators__naming_a_reference_value_that_there_is_not__is_reported_with_its_line(tmp_path: Path) -> None:
    made = started(tmp_path)
    path = there(tmp_path).instrument / "indicators.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("target_i1_a_2", "target_of_it"), encoding="utf-8")
    with pytest.raises(
        DeclarationError, match=r"indicators.csv, line 3, column reference.*no reference value “target_of_it”"
    ):
        read_round(made.round.folder)
