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
        (PointCell("W", (8, 4), "L1", "Which?", "", CHECK, is_count=True), 'NOT(EXACT(LEFT(A9,1),"✓"))'),
        (PointCell("W", (8, 4), "L1", "Which?", "", is_count=True), "E9=0"),
        (PointCell("W", (8, 4), "L1", "How many?"), "LEN(E9)=0"),
    ],
)
def test_marked__cell__stays_as_it_was_or_until_its_check_is_settled(cell: PointCell, condition: str) -> None:
    assert marked(returned(cell)) == {"W": {cell_address(*cell.at): [condition]}}


def test_marked__by_several_points__has_the_condition_of_each_once() -> None:
    cell, checked = PointCell("W", (8, 3), "L1", "Wells", "7"), PointCell("W", (8, 3), "L1", "Wells", "7", CHECK)
    (conditions,) = marked(returned(cell, checked, cell))["W"].values()
    assert len(conditions) == 2


@pytest.mark.parametrize(
    ("typed", "condition"),
    [
        ("Ana & <Co>", 'EXACT(LEFT(D9&"",10),"Ana & <Co>")'),
        ('say "é"', 'EXACT(LEFT(D9&"",7),"say ""é""")'),
        ("x" * 300, f'EXACT(LEFT(D9&"",200),"{"x" * 200}")'),
        ("a😀", 'EXACT(LEFT(D9&"",LEN("a😀")),"a😀")'),
        ("\uffff", 'EXACT(LEFT(D9&"",1),"\uffff")'),
        ("a" + "😀" * 200, f'EXACT(LEFT(D9&"",LEN("a{"😀" * 99}")),"a{"😀" * 99}")'),
    ],
)
def test_marked__of_a_text__compares_what_both_programs_count_alike_and_excel_takes(typed: str, condition: str) -> None:
    """A text in a formula may have 255 units of UTF-16; an emoji is two of them, and two characters in Excel alone."""
    point = Point("Why?", "", (PointCell("W", (8, 3), "L1", "Wells", typed),))
    saved = dt.datetime(2026, 4, 1, tzinfo=dt.UTC)
    assert marked(Returned((point,), saved, {"W": {(8, 3): typed}})) == {"W": {"D9": [condition]}}
