"""What the pages say of rounds that are empty, small or large, or that lack what a part of a page is about."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.report.edition import Edition
from pipeline.report.response import _places
from pipeline.report.source import Source
from pipeline.report.write import report_page
from pipeline.validation.completeness import Coverage
from questionnaire.rounds.access import Access
from questionnaire.rounds.round import Round
from tests import with_list
from tests.given import DEMO
from tests.journeys.test_demo_round import rows
from tests.pipeline.report.pages import ReportPage, seen
from tests.pipeline.tables.made import round_of


def without_tables(folder: Path, round_: Round, accepted: int, *standings: str) -> ReportPage:
    """The secretariat's page of a round of which there is no more than how its participants stand, and how many count."""
    rows = [
        {"respondent": one.code, "participates": one.participates, "response": standing}
        for one, standing in zip(round_.respondents, (*standings, None), strict=False)
    ]
    pq.write_table(pa.Table.from_pylist(rows), folder / "respondents.parquet")
    pq.write_table(pa.table({"responding": [accepted]}), folder / "measure_unit_response.parquet")
    coverage = Coverage(accepted, len(round_.participants), 0, 0)
    return ReportPage(report_page(Edition(round_, Access.RESTRICTED, "en", Source(folder), coverage)))


def test_scores__of_more_than_there_is_room_for__say_where_they_are(tmp_path: Path) -> None:
    round_ = round_of(with_list.instrument(), "AAA")
    rows = [{"respondent": f"M{number}", "section": "W", "answered_items": 3, "score": 1.0} for number in range(61)]
    pq.write_table(pa.Table.from_pylist(rows), tmp_path / "measure_section_scores.parquet")
    assert without_tables(tmp_path, round_, 61, "accepted").paragraphs("scores")[1:] == [
        "This page shows the scores of at most 60 participants; there are 61. All are in measure_section_scores.csv and "
        "measure_composite.csv."
    ]


def test_scores__where_nobody_has_all_of_them__say_that_there_is_no_composite(tmp_path: Path) -> None:
    round_ = round_of(with_list.instrument(), "AAA")
    scores = {"W": 50.0, "F": None}
    rows = [{"respondent": "AAA", "section": code, "answered_items": 1, "score": scores[code]} for code in scores]
    pq.write_table(pa.Table.from_pylist(rows), tmp_path / "measure_section_scores.parquet")
    found = without_tables(tmp_path, round_, 1, "accepted")
    assert found.paragraphs("scores")[1:] == ["No participant has the score of every section: there is no composite."]
    assert found.rows("scores")[1] == ["State AAA", "50.0 0 0 0 0 0", "– 0 0 0 0 0", "–", "–", "–", "–"]


def test_adoption__of_many_years__begins_with_what_is_earlier(tmp_path: Path) -> None:
    round_ = round_of(with_list.instrument(), "AAA")
    years = [
        {"indicator": "W02", "field": "started", "year": year, "adopted_in_year": 1}
        for year in (1901, 1950, 1980, 2019)
    ]
    pq.write_table(pa.Table.from_pylist(years), tmp_path / "measure_adoption.parquet")
    asked = [{"indicator": "W02", "field": "started", "responding": 8}]
    pq.write_table(pa.Table.from_pylist(asked), tmp_path / "measure_item_nonresponse.parquet")
    rows = without_tables(tmp_path, round_, 8, "accepted").rows("adoption")
    assert [rows[1], rows[2], rows[-1]] == [
        ["≤ 1980", "3", "3", "38%"], ["1981", "0", "3", "38%"], ["2019", "1", "4", "50%"],
    ]  # fmt: skip


def test_round_without_an_accepted_return__says_so_once__and_who_was_asked(tmp_path: Path) -> None:
    round_ = round_of(with_list.instrument(), "AAA", "BBB")
    empty = without_tables(tmp_path, round_, 0, "to_correct", "no_return")
    assert empty.parts == ["response", "matrix", "corrections", "method", "provenance"]
    assert empty.paragraphs("matrix") == ["No return is accepted: there is nothing to show here yet."]
    assert empty.paragraphs("corrections") == ["Nothing is left to correct."]
    assert [row[1] for row in empty.rows("response")[1:]] == ["1", "1", "1"]


def test_round_with_one_accepted_return__says_that_it_is_not_the_region(tmp_path: Path) -> None:
    one = without_tables(tmp_path, round_of(with_list.instrument(), "AAA"), 1, "accepted")
    header = seen(next(one.body.iter("header")))
    assert "One return only is accepted: these figures are about one participant, not about the region." in header
    assert "PROVISIONAL" not in header
    assert one.paragraphs("changes") == ["This round refers to no previous one."]


def test_instrument_without_levels__says_so_once__and_shows_the_rest(tmp_path: Path) -> None:
    round_ = round_of(replace(with_list.instrument(), level="", lists=()), "AAA")
    found = without_tables(tmp_path, round_, 1, "accepted")
    assert found.paragraphs("matrix") == [
        "This instrument has no levels: there is no matrix, distribution or share met."
    ]
    assert found.parts == [
        "response", "matrix", "adoption", "indicators", "numbers", "nonresponse", "agreements", "corrections", "method", "provenance",
    ]  # fmt: skip
    assert found.paragraphs("adoption") == ["No year of adoption is given, or the instrument asks for none."]
    assert found.paragraphs("agreements") == ["This instrument has no list in which two participants name each other."]


def test_map__of_a_frame_of_which_most_are_states__has_the_others_beside_it(tmp_path: Path) -> None:
    round_ = round_of(with_list.instrument(), "CAN", "CHL", "MUN-1")
    found = without_tables(tmp_path, round_, 1, "accepted", "to_correct", "no_return")
    on_map, beside = [one for one in found.part("response").iter("ul") if "tiles" in (one.get("class") or "")]
    assert [(tile.get("style"), tile.get("class"), tile.get("title")) for tile in on_map] == [
        ("grid-column:3;grid-row:1", "tile-accepted", "State CAN: accepted"),
        ("grid-column:5;grid-row:11", "tile-pending", "State CHL: received, not (yet) accepted, or in part only"),
    ]
    assert [(tile.get("class"), seen(tile)) for tile in beside] == [
        ("tile-none", "MUN-1–State MUN-1: nothing received"), ("tile-not_asked", "ZZZ×State ZZZ: not asked"),
    ]  # fmt: skip


def test_map__of_a_frame_of_which_few_are_states__is_left_out(tmp_path: Path) -> None:
    round_ = round_of(with_list.instrument(), "CAN", "MUN-1")
    found = without_tables(tmp_path, round_, 1, "accepted", "no_return")
    assert [one for one in found.part("response").iter("ul") if "tiles" in (one.get("class") or "")] == []


def test_map__has_a_place_of_its_own_for_every_state_of_the_demonstration() -> None:
    places = _places()
    assert set(places) == {row["respondent"] for row in rows(DEMO / "respondents.csv")}
    assert len(set(places.values())) == len(places)


def test_round_of_5000__names_the_few_that_stand_alike_and_says_where_the_rest_is(tmp_path: Path) -> None:
    round_ = round_of(with_list.instrument(), *(f"M{number:04}" for number in range(5000)))
    found = without_tables(tmp_path, round_, 2, "accepted", "accepted", *["no_return"] * 4998)
    assert found.rows("response")[1] == ["accepted, in the dataset", "2", "State M0000, State M0001"]
    assert found.rows("response")[2] == [
        "nothing received",
        "4 998",
        "4 998; the names are in respondents.csv",
    ]
    assert found.paragraphs("matrix") == [
        "The matrix shows at most 60 participants; this round has 5000. All levels are in regional.csv, their "
        "distribution by indicator in measure_level_distribution.csv."
    ]
    assert len(found.text) < 60_000
