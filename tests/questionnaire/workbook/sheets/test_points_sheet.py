"""The cells that points are about are marked as long as they are open."""

from __future__ import annotations

import datetime as dt

import pytest

from questionnaire.addresses import address as cell_address
from questionnaire.workbook.returned import Point, PointCell, Returned
from questionnaire.workbook.sheets.points_sheet import marked

CHECK = (8, 0)


def returned(*cells: PointCell) -> Returned:
    points = tuple(Point("Why?", "", (cell,)) for cell in cells)
    return Returned(points, dt.datetime(2026, 4, 1, tzinfo=dt.UTC), {"W": {(8, 3): 7.0}})


@pytest.mark.parametrize(
    ("cell", "condition"),
    [
        (PointCell("W", (8, 3), "L1", "Wells", "7"), "AND(ISNUMBER(D9),D9=7.0)"),
        (
            PointCell("W", (8, 3), "L1", "Wells", "7", CHECK),
            'AND(AND(ISNUMBER(D9),D9=7.0),NOT(EXACT(LEFT(A9,1),"✓")))',
        ),
        (PointCell("W", (8, 4), "L1", "All", "12", CHECK, is_computed=True), 'NOT(EXACT(LEFT(A9,1),"✓"))'),
    ],
)
def test_marked__of_a_computed_cell__stays_until_its_check_is_settled(cell: PointCell, condition: str) -> None:
    assert marked(returned(cell)) == {"W": {cell_address(*cell.at): [condition]}}


def test_marked__by_several_points__has_the_condition_of_each_once() -> None:
    cell, checked = PointCell("W", (8, 3), "L1", "Wells", "7"), PointCell("W", (8, 3), "L1", "Wells", "7", CHECK)
    (conditions,) = marked(returned(cell, checked, cell))["W"].values()
    assert len(conditions) == 2
