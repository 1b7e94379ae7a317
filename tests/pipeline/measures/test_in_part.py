"""A participant that answers in parts: of a part that has not come nothing is known, in no measure and on no page."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow.parquet as pq
import pytest

from pipeline.publication.formats.regional_workbook import WORKBOOK, write_workbook
from pipeline.report.write import REPORT, write_report
from pipeline.tables.make import make_tables
from questionnaire.rounds.access import Access
from questionnaire.rounds.standings import Outcome
from questionnaire.rules.evaluate import Answer, Responses
from tests import with_list
from tests.pipeline.consolidated import frame, rows_of
from tests.pipeline.measures.test_measures import AAA, AAA_STARTED, BBB, BBB_STARTED, FREE, levels, line
from tests.pipeline.report.pages import ReportPage
from tests.pipeline.tables.made import made_of, round_of

LINES = {
    "AAA": {1: line("W01a", "CCC", **FREE), 2: line("F01", "CCC", **FREE)},
    "BBB": {1: line("W01a", "AAA", **FREE), 2: line("W01a", "CCC", **FREE)},
    "CCC": {1: line("F01", "BBB", **FREE)},
}
GIVEN = {"AAA": AAA | AAA_STARTED, "BBB": BBB | BBB_STARTED, "CCC": levels("4", "4", "4", "3")}


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> dict[Access, Path]:
    """Two whole returns, and of CCC the part with F01 alone."""
    round_ = round_of(with_list.instrument(), *GIVEN)
    whole = made_of(
        round_, {code: Responses(given, {"projects": LINES[code]}) for code, given in GIVEN.items()}, {"CCC": "in_part"}
    )
    answers = frame(whole.answers)
    not_come = (answers["respondent"] == "CCC") & answers["block"].isin(["W01a", "W01b", "W02"])
    made = replace(whole, answers=rows_of("answers", answers[~not_come]))
    found = {access: tmp_path_factory.mktemp(access) for access in Access}
    make_tables(round_, made, found)
    write_report(round_, made.coverage, found)
    for access, folder in found.items():
        write_workbook(round_, folder, access, made.coverage, dict.fromkeys(("read", *map(str, Outcome)), 0))
    return found


def rows(folders: dict[Access, Path], measure: str, *columns: str, **where: object) -> list[tuple[Any, ...]]:
    found = [pq.read_table(folder / f"measure_{measure}.parquet").to_pylist() for folder in folders.values()]
    assert found[0] == found[1], "nothing is suppressed here"
    chosen = (row for row in found[0] if all(row[name] == value for name, value in where.items()))
    return [tuple(row[name] for name in columns) for row in chosen]


def test_levels__of_a_part_that_has_not_come__are_not_those_of_an_accepted_return(folders: dict[Access, Path]) -> None:
    counted = ("indicator", "responding", "applicable")
    assert rows(folders, "level_distribution", *counted, scope="indicator", level=0) == [
        ("W01a", 2, 2), ("W01b", 2, 1), ("W02", 2, 2), ("F01", 3, 3),
    ]  # fmt: skip
    columns = ("indicator", "known", "unknown_item", "unknown_not_accepted", "unknown_no_return")
    assert rows(folders, "share_met", *columns, scope="indicator") == [
        ("W01a", 2, 0, 1, 0), ("W01b", 1, 0, 1, 0), ("W02", 1, 1, 1, 0), ("F01", 3, 0, 0, 0),
    ]  # fmt: skip


def test_sums__of_a_part_that_has_not_come__have_the_same_reason(folders: dict[Access, Path]) -> None:
    columns = ("indicator", "unknown_item", "unknown_not_accepted")
    assert rows(folders, "sums", *columns, column="total") == [("W01a", 0, 1), ("W02", 2, 1), ("F01", 3, 0)]
    lines = rows(folders, "sums", "indicator", "sum", "reporting", "unknown_not_accepted", table="projects", column="")
    assert lines == [("W01a", 3, 2, 1), ("F01", 2, 2, 0)]


def test_scores__of_a_section_whose_part_has_not_come__say_nothing(folders: dict[Access, Path]) -> None:
    columns = ("section", "items", "applicable_items", "answered_items", "score", "at_level_3")
    assert rows(folders, "section_scores", *columns, respondent="CCC") == [
        ("W", 3, None, None, None, None), ("F", 1, 1, 1, 75, 1),
    ]  # fmt: skip


def test_adoption__is_counted_of_those_of_whom_the_part_is_there(folders: dict[Access, Path]) -> None:
    assert rows(folders, "adoption", "indicator", "year", "with_year", "responding", "participants") == [
        ("W02", 2015, 2, 2, 3), ("W02", 2019, 2, 2, 3),
    ]  # fmt: skip


def test_bilateral__who_has_not_been_heard_on_an_indicator__contradicts_nobody(folders: dict[Access, Path]) -> None:
    columns = (
        "indicator", "respondent", "partner", "respondent_names_partner", "partner_names_respondent", "consistency",
    )  # fmt: skip
    assert rows(folders, "bilateral", *columns) == [
        ("", "AAA", "BBB", False, True, "contradicted"), ("", "AAA", "CCC", True, None, "unknown"),
        ("", "BBB", "CCC", True, True, "confirmed"),
        ("W01a", "AAA", "BBB", False, True, "contradicted"), ("W01a", "AAA", "CCC", True, None, "unknown"),
        ("W01a", "BBB", "CCC", True, None, "unknown"),
        ("F01", "AAA", "CCC", True, False, "contradicted"), ("F01", "BBB", "CCC", False, True, "contradicted"),
    ]  # fmt: skip
    lines = pq.read_table(folders[Access.PUBLIC] / "projects.parquet").to_pylist()
    assert [(row["respondent"], row["indicator"], row["partner"], row["confirmed_by_both"]) for row in lines] == [
        ("AAA", "W01a", "CCC", None), ("AAA", "F01", "CCC", False), ("BBB", "W01a", "AAA", False),
        ("BBB", "W01a", "CCC", None), ("CCC", "F01", "BBB", False),
    ]  # fmt: skip


def test_matrix__has_the_levels_of_the_part_that_has_come(folders: dict[Access, Path]) -> None:
    for folder in folders.values():
        page = ReportPage((folder / REPORT / "index.html").read_text("utf-8"))
        assert [row[-2:] for row in page.rows("matrix")] == [
            ["CCC", "Met / known"], ["Water"], ["–", "1/2"], ["–", "1/1"], ["–", "1/1"], ["Forests"], ["3", "2/3"],
        ]  # fmt: skip
        sheet = openpyxl.load_workbook(folder / WORKBOOK)["Levels"]
        assert [[cell.value for cell in row] for row in sheet.iter_rows(min_row=9)] == [
            ["CCC", "State CCC", 1, 1, None, None, None, 3],
        ]


def test_matrix__of_the_part_that_has_come__says_why_there_is_no_level(tmp_path: Path) -> None:
    round_ = round_of(with_list.instrument(), "AAA")
    made = made_of(round_, {"AAA": levels("4", Answer(None), Answer(None), "1")}, {"AAA": "in_part"})
    found = {access: tmp_path / access for access in Access}
    for folder in found.values():
        folder.mkdir()
    make_tables(round_, made, found)
    # No return is whole; what is there of it is shown.
    write_report(round_, replace(made.coverage, accepted=0), found)
    text = (found[Access.PUBLIC] / REPORT / "index.html").read_text("utf-8")
    page = ReportPage(text)
    assert "these figures are about one participant" in text
    assert [row[-2] for row in page.rows("matrix") if len(row) > 1] == ["AAA", "4", "·", "·", "1"]
