"""The lines that lists had in the previous round: which of them a round of today gives back, and as what."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipeline.previous_round.previous_answers import with_previous_answers, with_shown_answers
from questionnaire.blanks import AnswerStatus
from questionnaire.declaration.earlier.editions import Edition
from questionnaire.rounds.previous_round import Previous, lines_shown
from questionnaire.rounds.round import Round
from questionnaire.rules.evaluate import Answer, Line
from questionnaire.tables import DeclarationError
from tests.pipeline.previous_round.test_previous_answers import row as answer_row
from tests.pipeline.returned import mini_round
from tests.with_list import instrument

_ANSWERS = pa.schema(
    [(name, pa.string()) for name in ("respondent", "indicator", "field", "status", "code", "text", "outcome")]
    + [("number", pa.float64()), ("date", pa.timestamp("ms"))]
)
_CELLS = pa.schema(
    [(name, pa.string()) for name in ("respondent", "roster", "column", "status", "code", "text", "outcome")]
    + [("line", pa.int32()), ("number", pa.float64()), ("date", pa.timestamp("ms"))]
)


def cell(
    line: int, column: str, status: str = "answered", outcome: str = "published", roster: str = "projects", **value: Any
) -> dict[str, Any]:
    given = {
        "respondent": "BRA",
        "roster": roster,
        "line": line,
        "column": column,
        "status": status,
        "outcome": outcome,
    }
    return dict.fromkeys(_CELLS.names) | given | value


def listed(folder: Path, *cells: dict[str, Any], edition: str = "1") -> Round:
    """A round whose previous round has these cells in its lists, and one answer."""
    answers = [answer_row("F01", "total", number=1.0)]
    pq.write_table(pa.Table.from_pylist(answers, schema=_ANSWERS), folder / "answers.parquet")
    pq.write_table(pa.Table.from_pylist(list(cells), schema=_CELLS), folder / "roster_answers.parquet")
    previous = Previous(folder / "answers.parquet", edition, "2022–2023")
    return mini_round(instrument=instrument(), previous=previous)


def lines(round_: Round) -> tuple[Line, ...]:
    return with_previous_answers(round_).previous_lines["BRA"]["projects"]


def test_lines__each_type__has_its_value_in_the_order_of_their_numbers(tmp_path: Path) -> None:
    round_ = listed(
        tmp_path,
        cell(7, "indicator", code="F01"),
        cell(7, "partner", status="confidential"),
        cell(2, "indicator", code="W01a"),
        cell(2, "partner", code="OTHER"),
        cell(2, "name", text=" =Utopia"),
        cell(2, "begun", number=2001.0),
        cell(2, "free_use", status="blank"),
    )
    assert lines(round_) == (
        {
            "indicator": Answer("W01a"),
            "partner": Answer("OTHER"),
            "name": Answer(" =Utopia"),
            "begun": Answer(2001.0),
        },
        {"indicator": Answer("F01"), "partner": Answer(None, AnswerStatus.CONFIDENTIAL)},
    )


def test_lines__not_published_or_with_no_place_today__are_left_out(tmp_path: Path) -> None:
    round_ = listed(
        tmp_path,
        cell(1, "indicator", code="W02"),
        cell(1, "partner", code="BBB"),
        cell(2, "indicator", code="F01"),
        cell(2, "partner", code="ATL"),
        cell(2, "colour", text="blue"),
        cell(3, "indicator", code="F01", outcome="superseded"),
        cell(4, "indicator", code="F01", roster="wells"),
    )
    assert lines(round_) == ({"indicator": Answer("F01")},)


def test_lines__of_an_older_edition__count_for_the_indicator_of_today(tmp_path: Path) -> None:
    round_ = listed(
        tmp_path,
        cell(1, "indicator", code="W01"),
        cell(2, "indicator", code="W09"),
        cell(3, "indicator", code="F01"),
        edition="0",
    )
    older = Edition("0", {"W01": "W01a", "F01": "F01", "W02": "W02"}, {"total": "total"})
    round_ = replace(round_, instrument=replace(round_.instrument, editions=(older,)))
    assert lines(round_) == ({"indicator": Answer("W01a")}, {"indicator": Answer("F01")})


def test_shown__texts__hold_nothing_that_a_program_obeys(tmp_path: Path) -> None:
    round_ = listed(tmp_path, cell(1, "indicator", code="F01"), cell(1, "name", text="=1+1\u202e"))
    shown = with_shown_answers(round_).previous_lines["BRA"]["projects"]
    assert shown == ({"indicator": Answer("F01"), "name": Answer("'=1+1")},)


def test_shown__more_lines_than_a_sheet_has__is_reported(tmp_path: Path) -> None:
    round_ = listed(tmp_path, *(cell(line, "indicator", code="F01") for line in range(1, 6)))
    with pytest.raises(DeclarationError, match="BRA has 5 lines in “projects”, of which a sheet shows 4") as caught:
        with_shown_answers(round_)
    assert "lists.toml" in caught.value.remedy
    assert len(lines(round_)) == 5


def test_table__not_beside_the_answers__is_reported_and_none_is_missed_of_an_older_edition(tmp_path: Path) -> None:
    round_ = listed(tmp_path)
    (tmp_path / "roster_answers.parquet").unlink()
    with pytest.raises(DeclarationError, match=r"roster_answers\.parquet: there is no such file"):
        with_previous_answers(round_)
    assert round_.previous
    older = replace(round_, previous=replace(round_.previous, edition="0"))
    assert with_previous_answers(older).previous_lines == {}


def test_lines__of_a_part_of_the_questionnaire__are_those_of_its_indicators(tmp_path: Path) -> None:
    round_ = listed(
        tmp_path,
        cell(1, "indicator", code="F01"),
        cell(2, "indicator", code="W01a"),
        cell(3, "partner", code="BBB"),
    )
    roster = round_.instrument.lists[0].only(frozenset({"W01a"}))
    assert roster
    shown = lines_shown(roster, lines(round_))
    assert shown == ({"indicator": Answer("W01a")}, {"partner": Answer("BBB")})


def test_suppressed__where_the_dataset_records_it__is_known_by_the_code_and_the_place_of_today(tmp_path: Path) -> None:
    def recorded(block: str, line: int, field: str, suppressed: bool, **value: Any) -> dict[str, Any]:
        given = {"respondent": "BRA", "block": block, "line": line, "field": field, "suppressed": suppressed}
        return (
            dict.fromkeys(("code", "number", "text", "date"))
            | {"status": "answered", "outcome": "published"}
            | given
            | value
        )

    rows = [
        recorded("F01", 1, "sum", True, number=7.0, last_seen=5.0),
        recorded("F01", 1, "gone", True, number=7.0),
        recorded("W01a", 1, "sum", False, number=7.0),
        recorded("projects", 2, "indicator", False, code="W09"),
        recorded("projects", 2, "begun", True, number=2001.0),
        recorded("projects", 5, "indicator", False, code="F01"),
        recorded("projects", 5, "begun", False, number=2001.0),
        recorded("projects", 7, "indicator", False, code="F01"),
        recorded("projects", 7, "begun", True, number=2001.0),
    ]
    pq.write_table(pa.Table.from_pylist(rows), tmp_path / "answers.parquet")
    older = Edition("0", {"W01": "W01a", "F01": "F01"}, {"sum": "total"})
    asks = replace(instrument(), editions=(older,))
    round_ = mini_round(instrument=asks, previous=Previous(tmp_path / "answers.parquet", "0", "2022–2023"))
    found = with_previous_answers(round_)
    assert found.previous_suppressed == {("BRA", "F01", 1, "total"): 5, ("BRA", "projects", 2, "begun"): None}
    assert len(found.previous_lines["BRA"]["projects"]) == 2


def test_suppressed__where_nothing_records_it__is_not_known(tmp_path: Path) -> None:
    assert with_previous_answers(listed(tmp_path)).previous_suppressed is None
