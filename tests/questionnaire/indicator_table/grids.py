"""Grids for tests, written as rows of cells, and what a reader of the table would write down."""

from collections.abc import Sequence

from questionnaire.indicator_table.grids.grid import Grid, Shape, filled
from questionnaire.indicator_table.grids.header import Choices
from questionnaire.indicator_table.grids.understanding import understand
from questionnaire.indicator_table.records import IndicatorTable

Areas = Sequence[tuple[int, int, int, int]]
Read = tuple[str, str, str, str, str]


def grid(rows: Sequence[Sequence[str]], areas: Areas = (), name: str = "Sheet1") -> Grid:
    return filled(name, Shape.SHEET, [list(row) for row in rows], list(areas))


def table(*grids: Grid, choices: Choices = Choices()) -> IndicatorTable:  # noqa: B008
    return understand("plan.xlsx", grids, choices)


def read(table: IndicatorTable) -> list[Read]:
    """Section, objective's identifier, objective, identifier, text of every indicator."""
    return [(i.section, i.objective_number, i.objective, i.identifier, i.text) for i in table.indicators]


def attributes(table: IndicatorTable) -> list[list[tuple[str, str]]]:
    return [[(one.role, one.text) for one in indicator.attributes] for indicator in table.indicators]


def notes(table: IndicatorTable) -> list[tuple[str, str]]:
    """Kind and place of what a person should look at."""
    return [(one.kind, one.place) for one in table.irregularities if one.is_doubtful]
