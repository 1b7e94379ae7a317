"""The cells that points are about are marked as long as they are open."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace
from typing import Any

import pytest

from questionnaire.workbook.returned import Point, PointCell, Returned
from questionnaire.workbook.sheets.points_sheet import PointsWriter

CHECK = (8, 0)


def marked(cell: PointCell) -> str:
    """The condition under which the cell is marked."""
    written: list[dict[str, Any]] = []
    sheet: Any = SimpleNamespace(conditional_format=lambda *at_and_how: written.append(at_and_how[-1]))
    book: Any = SimpleNamespace(styles=SimpleNamespace(conditional=lambda *_, **__: None))
    returned = Returned(
        (Point("Why?", "", (cell,)),), dt.date(2026, 5, 1), dt.datetime(2026, 4, 1, tzinfo=dt.UTC), {"W": {(8, 3): 7.0}}
    )
    PointsWriter(book, sheet, returned).mark({"W": sheet})
    (rule,) = written
    return str(rule["criteria"])


@pytest.mark.parametrize(
    ("cell", "condition"),
    [
        (PointCell("W", (8, 3), "L1", "Wells", "7"), "=AND(ISNUMBER(D9),D9=7.0)"),
        (
            PointCell("W", (8, 3), "L1", "Wells", "7", CHECK),
            '=AND(AND(ISNUMBER(D9),D9=7.0),NOT(EXACT(LEFT(A9,1),"✓")))',
        ),
        (PointCell("W", (8, 4), "L1", "All", "12", CHECK, is_computed=True), '=NOT(EXACT(LEFT(A9,1),"✓"))'),
    ],
)
def test_mark__of_a_computed_cell__stays_until_its_check_is_settled(cell: PointCell, condition: str) -> None:
    assert marked(cell) == condition
