"""Tables of statistical offices: two lines of heads, numbers before chapters, totals between the rows."""

from questionnaire.indicator_table.records import IndicatorTable
from tests.questionnaire.indicator_table.grids import attributes, grid, notes, read, table


def said(table: IndicatorTable, kind: str) -> list[str]:
    return [one.message for one in table.irregularities if one.kind == kind]


def test_levels_of_education__beside_numbers__are_sections_and_asked_about() -> None:
    rows = [
        ["Nivel educativo", "N.º", "Indicador", "Unidad"],
        ["Educación primaria", "1.1", "Matrícula", "personas"],
        ["", "1.2", "Abandono", "%"],
        ["Educación secundaria", "2.1", "Matrícula", "personas"],
    ]
    found = table(grid(rows, [(1, 0, 2, 0)]))
    assert [(section, code, text) for section, _, _, code, text in read(found)] == [
        ("Educación primaria", "1.1", "Matrícula"),
        ("Educación primaria", "1.2", "Abandono"),
        ("Educación secundaria", "2.1", "Matrícula"),
    ]
    assert notes(found) == [("column_unsure", "Sheet1")]


def test_type__alone_in_its_head__is_no_section() -> None:
    rows = [["Type", "Indicator"], ["Outcome level", "Wells"], ["Output level", "Pumps"]]
    assert attributes(table(grid(rows))) == [[("type", "Outcome level")], [("type", "Output level")]]


def test_rows_of_totals__of_a_level__are_left_out_and_named() -> None:
    rows = [["Section", "Indicator", "2021", "2022"], ["Water", "Wells", "1", "2"], ["Total water", "", "1", "2"]]
    found = table(grid([*rows, ["Soil", "Fields", "3", "4"], ["Total", "", "4", "6"]]))
    assert [one.heading for one in found.sections] == ["Water", "Soil"]
    assert attributes(found) == [[("year", "1"), ("year", "2")], [("year", "3"), ("year", "4")]]
    assert said(found, "notes") == ["“Total water” was left out.", "“Total” was left out."]


def test_total__of_which_an_indicator_asks__is_a_section_as_any() -> None:
    rows = [["Section", "Indicator"], ["Total fertility", "Births"], ["Deaths", "Total deaths"]]
    assert [(section, text) for section, *_, text in read(table(grid(rows)))] == [
        ("Total fertility", "Births"),
        ("Deaths", "Total deaths"),
    ]


def test_section__without_an_indicator__is_said() -> None:
    found = table(grid([["Section", "Indicator"], ["Water", "Wells"], ["Soil", ""]]))
    assert said(found, "section_without_indicator") == ["The section “Soil” has no indicator; it was kept without one."]


def test_numbers_before_the_chapter__nearly_all_unlike__are_of_the_indicators() -> None:
    rows = [["No.", "Chapter", "Indicator"]]
    rows += [[f"1.{n}", "Courts", f"Cases {n}"] for n in (1, 2, 3, 4, 5, 6, 7, 8, 9)]
    found = table(grid([*rows, ["1.1", "Courts", "Judges"], ["1.11", "Courts", "Clerks"]]))
    assert [entry[3] for entry in read(found)][-3:] == ["1.9", "1.1", "1.11"]
    [message] = said(found, "identifier_repeated")
    assert "should be 1.10, which a spreadsheet shortens to a number" in message


def test_identifier_repeated__not_between_such_neighbours__is_no_lost_zero() -> None:
    found = table(grid([["Code", "Indicator"], ["1.1", "Wells"], ["1.2", "Pumps"], ["1.1", "Rivers"], ["A", "Taps"]]))
    assert said(found, "identifier_repeated") == ["The identifier 1.1 stands at Sheet1!B2 too; both were kept."]


def test_numbers_before_the_chapter__that_come_again_with_it__are_of_the_chapter() -> None:
    rows = [
        ["No.", "Chapter", "Indicator"],
        ["1", "Courts", "Cases"],
        ["1", "Courts", "Judges"],
        ["2", "Police", "Cars"],
    ]
    found = table(grid(rows))
    assert [(one.code, one.heading) for one in found.sections] == [("1", "Courts"), ("2", "Police")]


def test_heads_in_two_lines__number_and_name_of_the_objective__are_of_it() -> None:
    rows = [
        ["Objectif", "", "Indicateur", "Données", ""],
        ["N°", "Libellé", "", "Unité", "Source"],
        ["1", "Échanges", "Délai", "jours", "Douanes"],
        ["", "", "Recettes", "XOF", "Trésor"],
    ]
    found = table(grid(rows, [(0, 0, 0, 1), (0, 2, 1, 2), (0, 3, 0, 4), (2, 0, 3, 0), (2, 1, 3, 1)]))
    assert read(found) == [("", "1", "Échanges", "", "Délai"), ("", "1", "Échanges", "", "Recettes")]
    assert attributes(found)[0] == [("unit", "jours"), ("source", "Douanes")]


def test_first_row_below_a_head_that_is_spread__is_no_second_line_of_heads() -> None:
    rows = [["Objective", "", "Indicator"], ["1", "Trade", "Days"], ["2", "Ports", "Ships"]]
    assert [row[1:3] for row in read(table(grid(rows, [(0, 0, 0, 1)])))] == [("1", "Trade"), ("2", "Ports")]


def test_head_over_number_and_text__that_of_indicators__is_of_both() -> None:
    rows = [["Goal", "", "Indicator", ""], ["1", "Water", "1.1", "Wells"], ["2", "Soil", "2.1", "Fields"]]
    expected = [("", "1", "Water", "1.1", "Wells"), ("", "2", "Soil", "2.1", "Fields")]
    assert read(table(grid(rows, [(0, 0, 0, 1), (0, 2, 0, 3)]))) == expected
    assert read(table(grid(rows))) == expected


def test_head_over_two_columns_of_texts__is_not_of_a_number() -> None:
    rows = [["Indicator", "", "Unit"], ["Wells", "Dug by hand", "number"], ["Pumps", "Bought", "number"]]
    assert [text for *_, text in read(table(grid(rows)))] == ["Wells", "Pumps"]


def test_indicators_that_look_like_numbers__beside_a_remark_without_a_head__stay_indicators() -> None:
    names = ["PM10", "SO2", "NO2", "O3", "Lead in the air"]
    rows = [["Goal", "Indicator", ""], *(["Air", name, ""] for name in names), ["Air", "PM25", "yearly mean"]]
    [columns] = said(table(grid(rows)), "columns")
    assert "indicator: column B “Indicator”." in columns


def test_heads_in_two_lines__of_which_the_first_goes_down__no_row_of_figures_is_one() -> None:
    rows = [["Indicador", "Año", ""], ["", "2021", "2022"], ["Población ocupada", "23", "24"], ["Desempleo", "5", "6"]]
    found = table(grid(rows, [(0, 0, 1, 0), (0, 1, 0, 2)]))
    assert [text for *_, text in read(found)] == ["Población ocupada", "Desempleo"]
    assert attributes(found) == [[("year", "23"), ("year", "24")], [("year", "5"), ("year", "6")]]


def test_heads_of_a_survey__questions_stand_for_indicators() -> None:
    rows = [["Section", "Question no.", "Question"], ["Law", "Q1", "Is there a law?"], ["Law", "Q2", "Since when?"]]
    assert read(table(grid(rows)))[1] == ("Law", "", "Law", "Q2", "Since when?")
    rows = [
        ["Ref", "Domain", "Data item"],
        ["P1", "Stock", "Places"],
        ["P2", "Stock", "Held"],
        ["P3", "Flow", "Entries"],
    ]
    assert [entry[0] + entry[3] for entry in read(table(grid(rows)))] == ["StockP1", "StockP2", "FlowP3"]
