"""What stands above a table of a document without headings may be its title; sentences are none."""

import pytest

from pipeline.documents.lines import Lines
from questionnaire.indicator_table.grids.grid import Grid
from tests.questionnaire.indicator_table.grids import grid

TABLE: Grid = grid([["Objective", "Indicator"], ["Aim", "Wells"]])


@pytest.mark.parametrize(
    ("above", "titles"),
    [("Water", ("Water",)), ("The table follows.", ()), (" ".join(["word"] * 16), ()), ("", ())],
)
def test_line__right_above_a_table__is_its_title_where_it_is_short(above: str, titles: tuple[str, ...]) -> None:
    lines = Lines()
    lines.add("Plan")
    lines.add(above or "It has this.")
    lines.add_grid(TABLE)
    assert lines.grids[0].titles == titles


def test_headings__above_a_table__those_of_its_level_and_of_the_levels_above() -> None:
    lines = Lines()
    for text, level in (("Plan", 1), ("Water", 2), ("Wells", 3), ("Land", 2)):
        lines.add(text, level)
    lines.add("Short line")
    lines.add_grid(TABLE)
    assert lines.grids[0].titles == ("Plan", "Land")
