"""What is no table of indicators is refused by name; any table that is one is read as it was written."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from questionnaire.indicator_table.records import IndicatorTableError
from tests.questionnaire.indicator_table.grids import grid, read, table


def refusal(*rows: list[str]) -> IndicatorTableError:
    with pytest.raises(IndicatorTableError) as caught:
        table(grid(rows))
    return caught.value


def test_refused__no_column_of_indicators__names_what_was_found_and_a_command() -> None:
    error = refusal(["Plan"], ["Línea", "Qué se mide", "Valor"], ["Prevenir la trata", "Campañas en el país", "3"])
    assert "Looked for: indicateur, indicador, indicator" in error.what
    assert error.what.endswith("Found: Sheet1, row 2: A “Línea”, B “Qué se mide”, C “Valor”.")
    assert error.remedy.endswith("acopio table FILE --sheet Sheet1 --header-row 2 --map objective=A,indicator=B")


def test_refused__a_sheet_without_heads_first__the_command_names_the_one_that_has_some() -> None:
    matrix = grid([["What we want", "How we know"], ["Clean air", "Days above the limit"]], name="Matrix")
    with pytest.raises(IndicatorTableError) as caught:
        table(grid([["Welcome"]]), matrix)
    assert caught.value.remedy.endswith("--sheet Matrix --header-row 1 --map objective=A,indicator=B")


def test_refused__no_heads_at_all__the_command_says_so() -> None:
    error = refusal(["Health", "1. More nurses", "Nurses hired"], ["Health", "2. More beds", "Beds bought"])
    assert error.remedy.endswith("--header-row 0 --map objective=B,indicator=C")


def test_refused__empty_template__says_where_nothing_stands() -> None:
    error = refusal(["", "Results chain", "Indicator", "Baseline"], ["Impact", "", "", ""], ["Outputs", "", "", ""])
    assert "heads stand in Sheet1, row 1, but column C “Indicator” holds none below them" in error.what
    assert "empty template" in error.what


TEXTS = st.lists(st.sampled_from(["école", "law", "plans", "(x)", "ONU", "children"]), min_size=2, max_size=4).map(
    lambda words: " ".join(["Share of", *words])
)


@given(
    st.lists(st.lists(TEXTS, min_size=1, max_size=4, unique=True), min_size=1, max_size=6),
    st.sampled_from(["repeat", "blank", "merge"]),
    st.integers(0, 12),
    st.booleans(),
)
def test_any_table__however_its_objectives_go_on__read_as_written(
    indicators: list[list[str]], way: str, above: int, numbered: bool
) -> None:
    rows, areas, expected = [[f"Remark {n}", "", ""] for n in range(above)], [], []
    rows.append(["Objectif", "Indicateur", "Unité"])
    for number, texts in enumerate(indicators, 1):
        start = len(rows)
        for position, text in enumerate(texts):
            aim = f"{number}. But numéro" if position == 0 or way == "repeat" else ""
            code = f"{number}.{position + 1}" if numbered else ""
            rows.append([aim, f"{code} {text}".strip(), "%"])
            expected.append(("", str(number), "But numéro", code, text))
        if way == "merge":
            areas.append((start, 0, len(rows) - 1, 0))
    assert read(table(grid(rows, areas))) == expected
