"""Tables in columns are read by their heads, wherever these stand, down to the indicators of one cell."""

import pytest

from questionnaire.indicator_table.records import State
from tests.questionnaire.indicator_table.grids import attributes, grid, notes, read, table


def test_levels__number_and_text_in_columns_of_their_own__identifiers_kept() -> None:
    found = table(
        grid(
            [
                ["SDGNumber", "SDGTitle", "TargetsNumber", "Targets", "IndicatorsNumber", "Indicators", "Keywords"],
                ["1", "No Poverty", "1.1", " By 2030, eradicate poverty", "1.1.1", " Poor people", "x"],
                ["1", "No Poverty", "1.a", " Ensure mobilization of resources", "1.a.1", " Total aid", "x"],
                ["1", "No Poverty", "1.a", " Ensure mobilization of resources", "1.a.2", " Total spending", "x"],
                ["2", "Zero Hunger", "2.1", " By 2030, end all hunger", "2.1.1", " Undernourishment", "x"],
            ]
        )
    )
    assert read(found) == [
        ("No Poverty", "1.1", "By 2030, eradicate poverty", "1.1.1", "Poor people"),
        ("No Poverty", "1.a", "Ensure mobilization of resources", "1.a.1", "Total aid"),
        ("No Poverty", "1.a", "Ensure mobilization of resources", "1.a.2", "Total spending"),
        ("Zero Hunger", "2.1", "By 2030, end all hunger", "2.1.1", "Undernourishment"),
    ]
    assert [(section.code, section.heading, section.place) for section in found.sections] == [
        ("1", "No Poverty", "Sheet1!B2"),
        ("2", "Zero Hunger", "Sheet1!B5"),
    ]
    assert [indicator.place for indicator in found.indicators] == [f"Sheet1!F{row}" for row in (2, 3, 4, 5)]
    assert notes(found) == []


OFFICIAL = [
    ["Global framework", "", ""],
    ["To be disaggregated by income, sex and age, where relevant.", "", ""],
    ["Goals and targets (from the 2030 Agenda)", "Indicators", "UNSD Indicator Codes†"],
    ["Goal 1. End poverty", "", ""],
    ["1.1 Eradicate it", "1.1.1 Poor people, by sex", "C010101"],
    ["1.2 Halve it", "1.2.1 Poor by national lines¹", "C010201"],
    ["", "1.2.2 Poor children", "C010202"],
    ["Goal 2. End hunger", "", ""],
    ["2.c Adopt measures", "[No suitable replacement indicator was proposed.]", ""],
    ["2.d Trade", "2.d.1 Subsidies (deleted)", "C020d01"],
    ["", "", ""],
    ["1 Taking into account negotiations.", "", ""],
    ["† Codes of the Division.", "", ""],
]
ACROSS = [(0, 0, 0, 2), (3, 0, 3, 2), (7, 0, 7, 2), (5, 0, 6, 0)]


def test_official_framework__titles_headings_footnotes_and_dropped_indicators() -> None:
    found = table(grid(OFFICIAL, ACROSS))
    assert read(found) == [
        ("End poverty", "1.1", "Eradicate it", "1.1.1", "Poor people, by sex"),
        ("End poverty", "1.2", "Halve it", "1.2.1", "Poor by national lines"),
        ("End poverty", "1.2", "Halve it", "1.2.2", "Poor children"),
        ("End hunger", "2.d", "Trade", "2.d.1", "Subsidies (deleted)"),
    ]
    assert [(one.code, one.heading) for one in found.sections] == [("1", "End poverty"), ("2", "End hunger")]
    assert [one.number for one in found.objectives] == ["1.1", "1.2", "2.c", "2.d"]
    assert notes(found) == [("no_indicator", "Sheet1!B9"), ("indicator_retired", "Sheet1!B10")]
    assert found.indicators[3].state is State.RETIRED
    assert found.indicators[1].verbatim == "1.2.1 Poor by national lines¹"
    assert [(one.kind, one.place) for one in found.irregularities if one.kind == "notes"] == [
        ("notes", "Sheet1!A12"),
        ("notes", "Sheet1!A13"),
    ]


def test_no_objective_column__headings_are_sections__one_implicit_objective_each() -> None:
    found = table(
        grid(
            [
                ["Minimum set", "", "", ""],
                ["No.", "Indicator", "Unit", "Source"],
                ["I. Economic structures", "", "", ""],
                ["1", "Hours of unpaid work", "Hours", "Survey"],
                ["2", "Participation", "%", "ILO"],
                ["II. Education", "", "", ""],
                ["3", "Literacy", "%", "UNESCO"],
                ["Source: expert group", "", "", ""],
            ],
            [(0, 0, 0, 3), (2, 0, 2, 3), (5, 0, 5, 3)],
        )
    )
    assert read(found) == [
        ("Economic structures", "", "Economic structures", "1", "Hours of unpaid work"),
        ("Economic structures", "", "Economic structures", "2", "Participation"),
        ("Education", "", "Education", "3", "Literacy"),
    ]
    assert [objective.is_implicit for objective in found.objectives] == [True, True]
    assert attributes(found)[0] == [("unit", "Hours"), ("source", "Survey")]
    assert notes(found) == []


def test_no_objective_column__two_levels_of_headings__section_and_objective() -> None:
    found = table(
        grid(
            [
                ["Indicator", "Unit"],
                ["HEALTH", ""],
                ["1. More nurses", ""],
                ["Nurses hired", "n"],
                ["2. More beds", ""],
                ["Beds bought", "n"],
                ["SCHOOLS", ""],
                ["3. More teachers", ""],
                ["Teachers hired", "n"],
            ],
            [(row, 0, row, 1) for row in (1, 2, 4, 6, 7)],
        )
    )
    assert read(found) == [
        ("HEALTH", "1", "More nurses", "", "Nurses hired"),
        ("HEALTH", "2", "More beds", "", "Beds bought"),
        ("SCHOOLS", "3", "More teachers", "", "Teachers hired"),
    ]


def test_headings_in_the_column_of_indicators__known_by_the_identifier_above_theirs() -> None:
    rows = [["Code", "Indicator", "Unit"], ["I", "Work", ""], ["I.1", "Hours", "h"], ["I.7", "Share", "%"]]
    found = table(grid([*rows, ["II", "School", ""], ["II.1", "Literacy", "%"], ["II.q1", "A law", ""]]))
    assert [(i.section, i.identifier, i.text) for i in found.indicators] == [
        ("Work", "I.1", "Hours"),
        ("Work", "I.7", "Share"),
        ("School", "II.1", "Literacy"),
        ("School", "II.q1", "A law"),
    ]
    assert notes(found) == [("heading_among_indicators", "Sheet1!B2"), ("heading_among_indicators", "Sheet1!B5")]


def test_results_chain__heads_on_two_levels_columns_without_head__several_indicators_in_a_cell() -> None:
    found = table(
        grid(
            [
                ["", "Overall objective of the action: hubs that are used by everybody", "", "", "", ""],
                ["", "Results chain", "", "", "", ""],
                ["", "Impact", "More income", "A figure", "", ""],
                ["", "", "", "Indicator", "Baseline ", "Target"],
                ["", "Outcome 1", "1. Hubs are known", "Roadmaps\nA dashboard", "0\n\n0", "3\n\n1"],
                ["", "Outputs", "Output 2.1 A design", "* Number of farmers\n\n* Number of hubs", "0", "5\n6\n7"],
                ["", "", "Output 2.2 A report", "Reports", "0", "2"],
            ],
            [(1, 1, 1, 2), (5, 1, 6, 1)],
        )
    )
    assert read(found) == [
        ("Outcome 1", "1", "Hubs are known", "", "Roadmaps"),
        ("Outcome 1", "1", "Hubs are known", "", "A dashboard"),
        ("Outputs", "2.1", "A design", "", "Number of farmers"),
        ("Outputs", "2.1", "A design", "", "Number of hubs"),
        ("Outputs", "2.2", "A report", "", "Reports"),
    ]
    assert attributes(found) == [
        [("baseline", "0"), ("target", "3")],
        [("baseline", "0"), ("target", "1")],
        [("baseline", "0"), ("target", "5 6 7")],
        [("baseline", "0"), ("target", "5 6 7")],
        [("baseline", "0"), ("target", "2")],
    ]
    assert notes(found) == [("values_together", "Sheet1!F6")]
    assert [one.place for one in found.irregularities if one.kind == "several_in_cell"] == ["Sheet1!D5", "Sheet1!D6"]


def test_several_columns_of_indicators__each_read_with_its_head__merged_cells_once() -> None:
    found = table(
        grid(
            [
                ["Goal/Target", "Headline indicator", "Component indicator"],
                ["GOAL A", "A.1 Red list", "A.CT.1 Intactness"],
                ["", "", "A.CT.2 Integrity"],
                ["TARGET 1", "1.1 Land", "n/a"],
            ],
            [(1, 0, 2, 0), (1, 1, 2, 1)],
        )
    )
    assert [(i.objective_number, i.objective, i.identifier, i.text) for i in found.indicators] == [
        ("A", "GOAL A", "A.1", "Red list"),
        ("A", "GOAL A", "A.CT.1", "Intactness"),
        ("A", "GOAL A", "A.CT.2", "Integrity"),
        ("1", "TARGET 1", "1.1", "Land"),
    ]
    assert attributes(found)[1] == [("type", "Component indicator")]
    assert notes(found) == [("no_indicator", "Sheet1!C4")]


def test_heads_in_two_rows__value_and_year_under_their_head() -> None:
    found = table(
        grid(
            [
                ["Objective", "Indicator", "Baseline", "", "Targets", "", "Responsible body", "2021"],
                ["", "", "Value", "Year", "2025", "2030", "", ""],
                ["1. Health", "Births attended", "40%", "2019", "50%", "60%", "MoH", "41%"],
            ],
            [(0, 2, 0, 3), (0, 4, 0, 5)],
        )
    )
    assert [(one.role, one.head, one.text) for one in found.indicators[0].attributes] == [
        ("baseline", "Baseline Value", "40%"),
        ("baseline", "Baseline Year", "2019"),
        ("target", "Targets 2025", "50%"),
        ("target", "Targets 2030", "60%"),
        ("responsible", "Responsible body", "MoH"),
        ("year", "2021", "41%"),
    ]


def test_target__left_of_the_indicator_an_aim__right_of_it_a_value() -> None:
    left = [["Eixo", "Meta", "Indicador"], ["Gestão", "Meta 1.1 – Criar um comitê nacional", "Comitê criado"]]
    assert read(table(grid(left))) == [("Gestão", "1.1", "Criar um comitê nacional", "", "Comitê criado")]
    right = [["Objetivo", "Indicador", "Meta"], ["Gestão", "Comitê criado", "1"]]
    found = table(grid(right))
    assert read(found) == [("", "", "Gestão", "", "Comitê criado")]
    assert attributes(found) == [[("target", "1")]]
    alone = table(grid([["Indicator", "Target"], ["Nurses hired", "By 2030, one hundred nurses more"]]))
    assert attributes(alone) == [[("target", "By 2030, one hundred nurses more")]]


def test_heads__below_a_legend_that_reads_alike__those_with_an_indicator() -> None:
    found = table(grid([["Variable", "Source"], ["", ""], ["Objective", "Indicator"], ["1. Aim", "Sign"]]))
    assert read(found) == [("", "1", "Aim", "", "Sign")]


def test_capitals_in_the_column_of_objectives__alone_in_their_row__a_section() -> None:
    rows = [["Objective", "Indicator"], ["HEALTH", ""], ["Nurses", "Hired"], ["SCHOOLS", ""], ["Teachers", "Trained"]]
    assert read(table(grid(rows))) == [
        ("HEALTH", "", "Nurses", "", "Hired"),
        ("SCHOOLS", "", "Teachers", "", "Trained"),
    ]


def test_indicator_merged_over_rows__their_values_are_its_own() -> None:
    rows = [
        ["Indicator", "Disaggregation", "Baseline"],
        ["Rate", "men", "1"],
        ["", "women", "2"],
        ["Share", "all", "3"],
    ]
    found = table(grid(rows, [(1, 0, 2, 0)]))
    assert attributes(found) == [
        [("disaggregation", "men"), ("baseline", "1"), ("disaggregation", "women"), ("baseline", "2")],
        [("disaggregation", "all"), ("baseline", "3")],
    ]


def test_thirty_indicators_under_one_objective__in_order() -> None:
    rows = [["Objective", "Indicator"], *[["1. Aim" if n == 1 else "", f"Indicator text {n}"] for n in range(1, 31)]]
    found = table(grid(rows))
    assert len(found.objectives) == 1
    assert [(one.position, one.text) for one in found.indicators] == [(n, f"Indicator text {n}") for n in range(1, 31)]


def test_columns_of_aims_and_indicators_in_turn__each_indicator_under_its_own() -> None:
    rows = [
        ["Outcome", "Outcome indicator", "Baseline", "Output", "Output indicator", "Target"],
        ["1. Health", "Deaths", "3", "1.1 Nurses", "Hired", "9"],
        ["", "", "", "1.2 Beds", "Bought", "8"],
    ]
    found = table(grid(rows))
    assert read(found) == [
        ("", "1", "Health", "", "Deaths"),
        ("", "1.1", "Nurses", "", "Hired"),
        ("", "1.2", "Beds", "", "Bought"),
    ]
    assert attributes(found) == [[("baseline", "3")], [("target", "9")], [("target", "8")]]


def test_headings_of_two_levels_by_their_words__outcome_over_output() -> None:
    rows = [["Indicator", "Unit"], ["Outcome 1: Health", ""], ["Output 1.1: Nurses", ""], ["Hired", "n"]]
    rows += [["Output 1.2: Beds", ""], ["Bought", "n"]]
    found = table(grid(rows, [(1, 0, 1, 1), (2, 0, 2, 1), (4, 0, 4, 1)]))
    assert read(found) == [("Health", "1.1", "Nurses", "", "Hired"), ("Health", "1.2", "Beds", "", "Bought")]


def test_identifier_on_a_line_of_its_own__goes_with_the_text_below() -> None:
    found = table(grid([["Objective", "Indicator"], ["1. Aim", "1.1.1\nProportion of x"], ["", "1.1.2\nRate of y"]]))
    assert [(i.identifier, i.text) for i in found.indicators] == [("1.1.1", "Proportion of x"), ("1.1.2", "Rate of y")]


def test_level_and_description__read_as_section_and_objective__asked_about() -> None:
    rows = [["Level", "Description", "Indicator"], ["Outcome", "1. More nurses in the country", "Nurses"]]
    found = table(grid(rows))
    assert read(found) == [("Outcome", "1", "More nurses in the country", "", "Nurses")]
    assert [kind for kind, _ in notes(found)] == ["column_unsure", "column_unsure"]


def test_unknown_head_beside_the_indicators__read_as_objective_and_asked_about() -> None:
    found = table(grid([["Qué se hará", "Indicador"], ["Formar a jueces", "Jueces formados"]]))
    assert read(found) == [("", "", "Formar a jueces", "", "Jueces formados")]
    assert notes(found) == [("column_unsure", "Sheet1")]


def test_heads_again_on_each_page__left_out() -> None:
    heads = ["Objective", "Indicator"]
    found = table(grid([heads, ["1. Aim", "Sign"], heads, ["2. Goal", "Mark"]]))
    assert [one.text for one in found.indicators] == ["Sign", "Mark"]


def test_two_tables_in_one_sheet__titles_are_sections() -> None:
    found = table(
        grid(
            [
                ["Health", "", ""],
                ["Objective", "Indicator", ""],
                ["1. Aim", "Sign", ""],
                ["Schools", "", ""],
                ["Code", "Objective", "Performance indicator"],
                ["2.1", "2.1 Goal", "Mark"],
            ]
        )
    )
    assert read(found) == [("Health", "1", "Aim", "", "Sign"), ("Schools", "2.1", "Goal", "", "Mark")]
    assert [one.text for one in found.objectives] == ["Aim", "Goal"]


def test_several_sheets__names_are_sections__a_sheet_within_another_is_left_out() -> None:
    health = grid([["Objective", "Indicator"], ["1. Aim", "Sign"], ["2. Goal", "Mark"]], name="Health")
    schools = grid([["Objective", "Indicator"], ["1. End", "Trace"]], name="Schools")
    part = grid([["Objective", "Indicator"], ["2. Goal", "Mark"]], name="Draft")
    found = table(health, schools, part)
    assert [(i.section, i.text) for i in found.indicators] == [
        ("Health", "Sign"),
        ("Health", "Mark"),
        ("Schools", "Trace"),
    ]
    left = [one for one in found.irregularities if one.kind == "sheet_not_read"]
    assert [(one.place, "“Draft”" in one.message) for one in left] == [("Health", True)]


def test_long_form__rows_that_repeat_an_indicator__its_values() -> None:
    rows = [["Indicator", "Baseline"], ["Rate", "1"], ["Rate", "2"], ["Rate", "3"], ["Share", "4"]]
    found = table(grid(rows))
    assert [one.text for one in found.indicators] == ["Rate", "Share"]
    assert attributes(found) == [[("baseline", "1"), ("baseline", "2"), ("baseline", "3")], [("baseline", "4")]]


def test_identifier__without_text__kept_and_asked_about() -> None:
    found = table(
        grid(
            [
                ["Code", "Objective", "Code of indicator", "Indicator"],
                ["1", "Aim", "1.1", "Sign"],
                ["2", "Goal", "0", ""],
            ]
        )
    )
    assert [(i.identifier, i.text, i.state) for i in found.indicators] == [
        ("1.1", "Sign", State.MEANT),
        ("0", "", State.EMPTY),
    ]
    assert notes(found) == [("indicator_empty", "Sheet1!D3")]


def test_identifier__twice__both_kept_and_said() -> None:
    found = table(grid([["Code", "Indicator"], ["1.1", "Sign"], ["1.1", "Mark"]]))
    assert notes(found) == [("identifier_repeated", "Sheet1!B3")]


def test_identifier__of_a_cell_with_several_indicators__are_distinguished() -> None:
    rows = [
        ["N°", "Indicateur"],
        ["4", "Taux"],
        ["5", "a. Enfants scolarisés\nb. Enfants formés"],
        ["6", "Lois\nPlans"],
    ]
    found = table(grid(rows))
    assert [(i.identifier, i.text) for i in found.indicators] == [
        ("4", "Taux"),
        ("5a", "Enfants scolarisés"),
        ("5b", "Enfants formés"),
        ("6a", "Lois"),
        ("6b", "Plans"),
    ]
    assert notes(found) == [("cell_lines", "Sheet1!B4"), ("identifier_shared", "Sheet1!B4")]


@pytest.mark.parametrize(
    ("printed", "kind"),
    [
        ("=1+1", "identifier_no_code"), ("-1", "identifier_no_code"), ("I 7", "identifier_no_code"),
        ("it's", "identifier_no_code"), ("2001-02-01", "identifier_date"), ("1-Feb", "identifier_date"),
        ("01/02/2026", "identifier_date"), ("01-févr", "identifier_date"), ("feb-24", "identifier_date"),
        ("3.10", "identifier_alike"), ("3.A", "identifier_alike"),
    ],
)  # fmt: skip
def test_identifier__that_is_no_code_or_no_longer_one__is_kept_and_said(printed: str, kind: str) -> None:
    other = {"3.10": "3-10", "3.A": "3.a"}.get(printed, "9.9")
    found = table(grid([["Code", "Indicator"], [other, "Sign"], [printed, "Mark"]]))
    assert [one.identifier for one in found.indicators] == [other, printed]
    assert notes(found) == [(kind, "Sheet1!B3")]


def test_identifier__with_brackets_within__keeps_them() -> None:
    printed = ["(a)", "[b]", "4(b)", "16.b(ii)", "5)", "BPfA-REP-001", "1.10", "1.1"]
    rows = [["Code", "Indicator"], *([code, f"Thing {code}"] for code in printed)]
    found = table(grid(rows))
    assert [one.identifier for one in found.indicators] == ["a", "b", "4(b)", "16.b(ii)", "5", *printed[5:]]
    assert notes(found) == []
