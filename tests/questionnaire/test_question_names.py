"""Names of what commands are about: taken apart as people type them, and written as the register has them."""

from __future__ import annotations

import pytest

from questionnaire.question_names import QuestionName, cell_name, line_number, split_name
from tests import with_list, with_table


@pytest.mark.parametrize(
    ("typed", "parts"),
    [
        ("W01a.total", ("W01a", "", "total")),
        ("W01a spent.currency", ("W01a", "", "spent.currency")),
        ("W01a", ("W01a", "", "")),
        ("projects[3].partner", ("projects", "3", "partner")),
        ("projects[ L3 ] partner", ("projects", "L3", "partner")),
        ("trees[sorts=OAK,grounds=HILL].planted", ("trees", "sorts=OAK,grounds=HILL", "planted")),
        ("projects[3", None),
        ("projects[3]partner", None),
        (".total", None),
        ("1.a.total", ("1.a", "", "total")),
        ("1.A spent.currency", ("1.A", "", "spent.currency")),
        ("1.a", ("1.a", "", "")),
        ("1.total", ("1", "", "total")),
        ("projects.1.a", ("projects", "", "1.a")),
        ("1.b.total", ("1", "", "b.total")),
    ],
)
def test_split_name__of_what_is_typed__has_its_parts(typed: str, parts: tuple[str, str, str] | None) -> None:
    assert split_name(typed, ("W01a", "projects", "1", "1.a")) == (QuestionName(*parts) if parts else None)


@pytest.mark.parametrize(("place", "line"), [("3", 3), ("L3", 3), ("003", 3), ("0", 0), ("-3", 0), ("sorts=OAK", 0)])
def test_line_number__of_a_list__is_as_the_sheet_numbers_it(place: str, line: int) -> None:
    assert line_number(with_list.instrument(), "projects", place) == line
    assert line_number(with_list.instrument(), "W01a", place) == 0


@pytest.mark.parametrize("place", ["sorts=PALM,grounds=PLAIN", "grounds=PLAIN; sorts=PALM", "grounds=PLAIN sorts=PALM"])
def test_line_number__of_a_table__is_that_of_its_codes_in_any_order(place: str) -> None:
    assert line_number(with_table.instrument(), "trees", place) == 4
    assert cell_name(with_table.instrument(), "trees", 4, "planted") == "trees[sorts=PALM,grounds=PLAIN].planted"


@pytest.mark.parametrize("place", ["4", "sorts=PALM", "sorts=ELM,grounds=PLAIN", "sorts=PALM,grounds=PLAIN,years=2024"])
def test_line_number__of_a_table_without_all_its_codes__is_none(place: str) -> None:
    assert line_number(with_table.instrument(), "trees", place) == 0
