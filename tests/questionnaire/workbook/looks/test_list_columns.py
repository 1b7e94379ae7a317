"""How wide the columns of a table are: as its labels and headings need, and the check what is left of a page."""

from __future__ import annotations

from questionnaire.workbook.looks.heights import columns_for, line_count, points
from questionnaire.workbook.looks.list_columns import CHECK_WIDTH, table_check_width, table_width
from tests.with_table import table


def test_columns_for__words_or_whole_texts__take_as_many_lines_as_was_asked() -> None:
    text = "All forms of exploitation"
    for whole, lines in ((True, 1), (False, 4)):
        room = points(columns_for([text], 10, bold=True, indent=1, whole=whole)) - 6 - 7
        assert line_count(text, room, 10, bold=True) <= lines
        assert line_count("exploitation", room, 10, bold=True) == 1
        assert line_count("exploitation", room - 8, 10, bold=True) == (2 if not whole else 1)


def test_table_width__what_lines_are__is_as_wide_as_the_longest_label() -> None:
    trees = table()
    sorts, grounds = (table_width(trees, trees.field(name)) for name in ("sorts", "grounds"))
    assert sorts == columns_for(["Toutes espèces"], 10, bold=True, indent=1, whole=True)
    assert grounds == columns_for(["Sur les collines"], 10, bold=True, indent=1, whole=True)
    wells = table("wells")
    assert table_width(wells, wells.field("dug_2024")) == 9


def test_table_check_width__takes_what_is_left_of_a_page_within_limits() -> None:
    assert table_check_width([6, 20, 9, 18]) == 60
    assert table_check_width([6, 20, 60, 18]) == 54
    assert table_check_width([6, 30, *[9] * 24, 18]) == CHECK_WIDTH
