"""Each measure on answers small enough to be worked out by hand, and on a round without any."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import duckdb
import pyarrow.parquet as pq
import pytest

from pipeline.measures.levels import weightings
from pipeline.tables.database import DATABASE
from pipeline.tables.make import make_tables
from questionnaire.blanks import AnswerStatus
from questionnaire.declaration.form import Section
from questionnaire.declaration.instrument import read_instrument
from questionnaire.rounds.access import Access
from questionnaire.rules.evaluate import Answer, Answers, Responses
from schemas.tables.measures import measure_tables
from tests import with_list
from tests.pipeline.consolidated import frame, rows_of
from tests.pipeline.tables.made import Made, made_of, round_of

SO = Answer(None, AnswerStatus.NOT_APPLICABLE)
ND = Answer(None, AnswerStatus.NOT_AVAILABLE)
RS = Answer(None, AnswerStatus.NOTHING_TO_REPORT)
SKIPPED = Answer(None, AnswerStatus.SKIPPED)
FREE, NOT_FREE = {"free_use": Answer("Y")}, {"free_use": Answer("N")}


def line(indicator: str, partner: str, **cells: Answer) -> dict[str, Answer]:
    return {"indicator": Answer(indicator), "partner": Answer(partner), **cells}


def levels(
    w01a: str | Answer, w01b: str | Answer, w02: str | Answer, f01: str | Answer, **more: Answer
) -> dict[tuple[str, str], Answer]:
    given = zip(("W01a", "W01b", "W02", "F01"), (w01a, w01b, w02, f01), strict=True)
    found = {(code, "status"): level if isinstance(level, Answer) else Answer(level) for code, level in given}
    return found | {("W01a", field): answer for field, answer in more.items()}


AAA = levels("4", "2", "3", "1", total=Answer(10.0), urban=Answer(0.0), rural=RS)
BBB = levels("2", SO, ND, "0", total=Answer(5.0), urban=ND, rural=SKIPPED)
CCC = levels("3", "1", "2", "4", total=SO)
AAA_STARTED = {
    ("W02", "started"): Answer(2019.0),
    ("W01b", "spent"): Answer(2.5),
    ("W01b", "spent.currency"): Answer("EUR"),
}
BBB_STARTED = {("W02", "started"): Answer(2015.0)}
CCC_STARTED = {("W02", "started"): Answer(2019.0)}
PREVIOUS: dict[str, Answers] = {
    "AAA": {("W01a", "status"): Answer("3"), ("W02", "status"): Answer("3")},
    "BBB": {("W01a", "status"): Answer("2"), ("W02", "status"): Answer("1")},
    "DDD": {("W01a", "status"): Answer("0")},
}
"""AAA and BBB are in both rounds; BBB gives no level of W02 now, DDD nothing at all."""

LINES = {
    "AAA": {1: line("W01a", "BBB", **FREE), 2: line("W01a", "CCC", **FREE), 3: line("W01a", "OTHER", **FREE)},
    "BBB": {1: line("W01a", "AAA", **FREE), 2: line("F01", "CCC", **NOT_FREE)},
    "CCC": {1: line("F01", "BBB", **FREE), 2: line("F01", "DDD", **FREE)},
}  # fmt: skip


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    """Five participants: three published, one to correct, one of whom nothing came back."""
    answers = {"AAA": AAA | AAA_STARTED, "BBB": BBB | BBB_STARTED, "CCC": CCC | CCC_STARTED}
    published = {code: Responses(given, {"projects": LINES[code]}) for code, given in answers.items()}
    round_ = round_of(with_list.instrument(), "AAA", "BBB", "CCC", "DDD", "EEE", previous_answers=PREVIOUS)
    return Made(round_, tmp_path_factory.mktemp("made"), published, DDD="to_correct", EEE="no_return")


def test_unit_response__of_those_who_take_part__whose_return_is_published(made: Made) -> None:
    counts = ("frame_size", "participants", "returned", "responding")
    assert made.rows("measure_unit_response", *counts, "return_rate", "response_rate") == [(6, 5, 4, 3, 0.8, 0.6)]


def test_item_nonresponse__of_those_to_whom_it_applies__who_did_not_answer(made: Made) -> None:
    def of(field: str) -> tuple[object, ...]:
        columns = ("responding", "applicable", "answered", "nonresponse", "nonresponse_rate")
        return made.row("measure_item_nonresponse", *columns, indicator="W01a", field=field)

    assert of("total") == (3, 2, 2, 0, 0.0)  # CCC: not applicable
    assert of("urban") == (3, 3, 1, 2, 2 / 3)  # BBB: not available; CCC: blank
    assert of("rural") == (3, 2, 0, 1, 0.5)  # AAA: nothing to report; BBB: skipped; CCC: blank


def test_completeness__of_the_most_complete_first__and_of_no_return_last(made: Made) -> None:
    with duckdb.connect(str(made.folders[Access.RESTRICTED] / DATABASE), read_only=True) as database:
        seen = database.sql("SELECT percent_complete, respondent FROM view_completeness").fetchall()
    assert seen == sorted(seen, key=lambda one: (one[0] is None, -(one[0] or 0), one[1]))
    assert len({share for share, _ in seen} - {None}) > 1


def test_level_distribution__of_an_indicator_a_section_and_all__over_two_denominators(made: Made) -> None:
    def of(scope: str, section: str, indicator: str) -> list[tuple[object, ...]]:
        columns = ("level", "count", "share_of_responding", "share_of_applicable")
        where = {"scope": scope, "section": section, "indicator": indicator}
        return made.rows("measure_level_distribution", *columns, **where)

    assert of("indicator", "W", "W01b") == [
        (0, 0, 0, 0),
        (1, 1, 1 / 3, 0.5),
        (2, 1, 1 / 3, 0.5),
        (3, 0, 0, 0),
        (4, 0, 0, 0),
    ]
    assert of("section", "W", "") == [
        (0, 0, 0, 0), (1, 1, 1 / 9, 1 / 8), (2, 3, 3 / 9, 3 / 8), (3, 2, 2 / 9, 2 / 8), (4, 1, 1 / 9, 1 / 8),
    ]  # fmt: skip
    assert [count for _, count, *_ in of("all", "", "")] == [1, 2, 3, 2, 2]


def test_share_met__has_the_interval_that_unknown_levels_leave_open__in_its_parts(made: Made) -> None:
    def of(indicator: str, scope: str = "indicator", section: str = "W") -> tuple[object, ...]:
        columns = ("participants", "not_applicable", "known", "met", "met_at_most", "share_at_least", "share_at_most")
        parts = ("unknown_no_return", "unknown_not_accepted", "unknown_item")
        where = {"scope": scope, "section": section, "indicator": indicator}
        return made.row("measure_share_met", *columns, *parts, **where)

    assert of("W01a") == (5, 0, 3, 2, 4, 2 / 5, 4 / 5, 1, 1, 0)
    assert of("W01b") == (5, 1, 2, 1, 3, 1 / 4, 3 / 4, 1, 1, 0)
    assert of("W02") == (5, 0, 2, 1, 4, 1 / 5, 4 / 5, 1, 1, 1)
    assert of("", "section") == (15, 1, 7, 4, 11, 4 / 14, 11 / 14, 3, 3, 1)
    assert of("", "all", "") == (20, 1, 10, 6, 15, 6 / 19, 15 / 19, 4, 4, 1)


def test_section_scores__with_three_quarters_of_the_items__and_not_below(made: Made) -> None:
    columns = ("items", "applicable_items", "answered_items", "coverage", "score", "median_level")
    at_level = ("at_level_0", "at_level_1", "at_level_2", "at_level_3", "at_level_4")

    def of(respondent: str) -> tuple[object, ...]:
        return made.row("measure_section_scores", *columns, *at_level, respondent=respondent, section="W")

    assert of("AAA") == (3, 3, 3, 1, 75, 3, 0, 0, 1, 1, 1)
    assert of("BBB") == (3, 2, 1, 0.5, None, 2, 0, 0, 1, 0, 0)
    assert of("DDD") == (3, None, None, None, None, None, None, None, None, None, None)


def test_section_scores__with_exactly_three_quarters__is_there(tmp_path: Path) -> None:
    given = levels("4", "4", "0", ND)
    whole = replace(with_list.instrument(), sections=(_one_section(),))
    found = Made(round_of(whole, "AAA"), tmp_path, {"AAA": given})
    assert found.row("measure_section_scores", "coverage", "score") == (0.75, 100 * (8 / 3) / 4)


def _one_section() -> Section:
    first, second = with_list.instrument().sections
    return replace(first, indicators=(*first.indicators, *second.indicators))


def test_composite__of_those_with_all_scores__and_what_ranks_owe_to_the_weights(made: Made) -> None:
    columns = ("respondent", "weighting", "composite", "rank", "best_rank", "worst_rank")
    rows = made.rows("measure_composite", *columns)
    # AAA has 75 and 25, CCC 50 and 100; BBB lacks a score.
    assert rows[:3] == [
        ("AAA", "equal", 50, 2, 1, 2),
        ("AAA", "items", 62.5, 1, 1, 2),
        ("AAA", "double_W", 175 / 3, 2, 1, 2),
    ]
    assert [row[:4] for row in rows if row[0] == "CCC"] == [
        ("CCC", "equal", 75, 1), ("CCC", "items", 62.5, 1), ("CCC", "double_W", 200 / 3, 1),
        ("CCC", "double_F", 250 / 3, 1), ("CCC", "without_W", 100, 1), ("CCC", "without_F", 50, 2),
    ]  # fmt: skip
    assert made.rows("measure_composite", "lowest_composite", "highest_composite", respondent="CCC")[0] == (50, 100)


def test_weightings__of_one_section__are_no_choice() -> None:
    assert weightings({"W": 3, "F": 0}) == {"equal": {"W": 1.0}}


def test_adoption__counts_who_had_it_by_each_year(made: Made) -> None:
    columns = ("indicator", "field", "year", "adopted_in_year", "adopted_by_year", "with_year", "responding")
    assert made.rows("measure_adoption", *columns) == [
        ("W02", "started", 2015, 1, 1, 3, 3), ("W02", "started", 2019, 2, 3, 3, 3),
    ]  # fmt: skip


def test_level_change__on_the_matched_panel_only(made: Made) -> None:
    columns = ("matched", "higher", "same", "lower", "mean_change")
    assert made.row("measure_level_change", *columns, indicator="W01a") == (2, 1, 1, 0, 0.5)
    assert made.row("measure_level_change", *columns, indicator="W02") == (1, 0, 1, 0, 0)
    assert made.row("measure_level_change", *columns, indicator="F01") == (0, 0, 0, 0, None)
    assert made.row("measure_level_change", *columns, scope="all") == (3, 1, 2, 0, 1 / 3)


def test_level_transitions__one_row_for_each_pair_that_occurs(made: Made) -> None:
    columns = ("indicator", "previous_level", "level", "count")
    assert made.rows("measure_level_transitions", *columns, scope="indicator") == [
        ("W01a", 2, 2, 1), ("W01a", 3, 4, 1), ("W02", 3, 3, 1),
    ]  # fmt: skip
    assert made.rows("measure_level_transitions", *columns[1:], scope="section") == [(2, 2, 1), (3, 3, 1), (3, 4, 1)]


def test_bilateral__pairs_of_each_sort(made: Made) -> None:
    columns = (
        "indicator",
        "respondent",
        "partner",
        "respondent_names_partner",
        "partner_names_respondent",
        "consistency",
    )
    assert made.rows("measure_bilateral", *columns) == [
        ("", "AAA", "BBB", True, True, "confirmed"), ("", "AAA", "CCC", True, False, "contradicted"),
        ("", "BBB", "CCC", True, True, "confirmed"), ("", "CCC", "DDD", True, None, "unknown"),
        ("W01a", "AAA", "BBB", True, True, "confirmed"), ("W01a", "AAA", "CCC", True, False, "contradicted"),
        ("F01", "BBB", "CCC", False, True, "contradicted"), ("F01", "CCC", "DDD", True, None, "unknown"),
    ]  # fmt: skip


def test_list__each_line__says_whether_the_partner_confirms_it(made: Made) -> None:
    rows = made.rows("projects", "respondent", "indicator", "partner", "confirmed_by_both")
    assert rows == [
        ("AAA", "W01a", "BBB", True), ("AAA", "W01a", "CCC", False), ("AAA", "W01a", "OTHER", None),
        ("BBB", "W01a", "AAA", True), ("BBB", "F01", "CCC", None), ("CCC", "F01", "BBB", False), ("CCC", "F01", "DDD", None),
    ]  # fmt: skip


def test_sums__of_those_who_report_a_number__with_who_is_missing_and_why(made: Made) -> None:
    def of(column: str, indicator: str) -> tuple[object, ...]:
        parts = ("not_applicable", "unknown_no_return", "unknown_not_accepted", "unknown_item")
        columns = ("unit", "sum", "reporting", "participants", *parts)
        return made.row("measure_sums", *columns, column=column, indicator=indicator)

    assert of("total", "W01a") == ("", 15, 2, 5, 1, 1, 1, 0)
    assert of("urban", "W01a") == ("", 0, 1, 5, 0, 1, 1, 2)
    assert of("spent", "W01b") == ("EUR", 2.5, 1, 5, 0, 1, 1, 2)
    assert made.row("measure_sums", "sum", "reporting", table="projects", indicator="F01") == (3, 2)


def test_sums__what_the_declaration_says_has_no_sum__is_not_added_up(tmp_path: Path) -> None:
    path = with_list.instrument_folder(tmp_path / "mini") / "questions.csv"
    head, *lines = path.read_text(encoding="utf-8").splitlines()
    marked = (f"{'no' if row.startswith(('total', 'spent')) else ''},{row}" for row in lines)
    path.write_text("\n".join((f"sums,{head}", *marked)), encoding="utf-8")
    columns = "".join(
        f'[[list.column]]\ncolumn = "{code}"\ntype = "whole_number"\nlabel = {{ en = "{code}", fr = "{code}" }}\n{more}\n'
        for code, more in (("depth", "sums = false"), ("wells", ""))
    )
    path.with_name("lists.toml").write_text(
        with_list.LIST.replace("[[list.count]]", f"{columns}[[list.count]]", 1), encoding="utf-8"
    )
    given = Responses(AAA, {"projects": {1: line("W01a", "BBB", depth=Answer(3.0), wells=Answer(4.0))}})
    instrument = read_instrument(path.parent)
    found = Made(round_of(instrument, "AAA"), tmp_path, {"AAA": given})
    summed = {row[0] for row in found.rows("measure_sums", "column")}
    assert {"urban", "wells"} <= summed
    assert not {"total", "spent", "depth"} & summed


def test_sums__of_a_question_that_a_return_does_not_have__count_the_respondent_as_one_without_an_answer(
    tmp_path: Path,
) -> None:
    round_ = round_of(with_list.instrument(), "AAA")
    all_asked = made_of(round_, {"AAA": AAA}, {})
    answers = frame(all_asked.answers)
    older = replace(all_asked, answers=rows_of("answers", answers[answers["field"] != "urban"]))
    folders = {access: tmp_path / access for access in Access}
    for folder in folders.values():
        folder.mkdir()
    make_tables(round_, older, folders)
    rows = pq.read_table(folders[Access.RESTRICTED] / "measure_sums.parquet").to_pylist()
    urban = [row for row in rows if row["column"] == "urban"]
    assert [(row["indicator"], row["reporting"], row["unknown_item"]) for row in urban] == [
        ("W01a", 0, 1), ("F01", 0, 1),
    ]  # fmt: skip


def test_measures__of_a_round_without_an_accepted_return__are_there_and_give_no_share(tmp_path: Path) -> None:
    found = Made(round_of(with_list.instrument(), "AAA"), tmp_path, {}, AAA="no_return")
    assert {table.name for table in measure_tables(found.round.instrument)} <= found.tables.keys()
    assert found.row("measure_unit_response", "responding", "response_rate") == (0, 0)
    assert found.row("measure_share_met", "known", "share_of_known", "share_at_least", "share_at_most", indicator="W02") == (
        0, None, 0, 1,
    )  # fmt: skip
    assert {row[0] for row in found.rows("measure_level_distribution", "share_of_responding")} == {None}
    assert {row[0] for row in found.rows("measure_sums", "reporting")} == {0}
    assert found.rows("measure_composite", "rank") == []
