"""The answers of the previous round: which of them count, and as what, in a round of today."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipeline.previous_round.previous_answers import with_previous_answers, with_shown_answers
from questionnaire.blanks import AnswerStatus
from questionnaire.declaration.earlier.editions import Edition
from questionnaire.rounds.previous_round import Previous
from questionnaire.rounds.round import Round
from questionnaire.rules.evaluate import Answer
from questionnaire.tables import DeclarationError
from tests.pipeline.returned import mini_round

_SCHEMA = pa.schema(
    [(name, pa.string()) for name in ("respondent", "indicator", "field", "status", "code", "text", "outcome")]
    + [("number", pa.float64()), ("date", pa.timestamp("ms"))]
)
ND = Answer(None, AnswerStatus.NOT_AVAILABLE)


def row(
    indicator: str, field: str, status: str = "answered", outcome: str = "published", **value: Any
) -> dict[str, Any]:
    given = {"respondent": "BRA", "indicator": indicator, "field": field, "status": status, "outcome": outcome}
    return dict.fromkeys(_SCHEMA.names) | given | value


def dataset(folder: Path, *rows: dict[str, Any], edition: str = "1") -> Round:
    """A round whose previous round has these answers."""
    path = folder / "answers.parquet"
    pq.write_table(pa.Table.from_pylist(list(rows), schema=_SCHEMA), path)
    return mini_round(previous=Previous(path, edition, "2022–2023"))


def previous_answers_of(folder: Path, *rows: dict[str, Any], edition: str = "1") -> dict[tuple[str, str], Answer]:
    return dict(with_previous_answers(dataset(folder, *rows, edition=edition)).previous_answers["BRA"])


def test_previous__each_type__has_its_value(tmp_path: Path) -> None:
    day = dt.date(2020, 5, 4)
    found = previous_answers_of(
        tmp_path,
        row("W02", "status", code="3"),
        row("W02", "total", number=12.0),
        row("W02", "started", number=2019.0),
        row("W02", "opened", date=dt.datetime.combine(day, dt.time())),
        row("W02", "report", text=" =1+1 "),
        row("W02", "free", status="not_available"),
        row("W01b", "spent", number=1.5),
        row("W01b", "spent.currency", code="EUR"),
    )
    assert found == {
        ("W02", "status"): Answer("3"),
        ("W02", "total"): Answer(12.0),
        ("W02", "started"): Answer(2019.0),
        ("W02", "opened"): Answer(day),
        ("W02", "report"): Answer(" =1+1 "),
        ("W02", "free"): ND,
        ("W01b", "spent"): Answer(1.5),
        ("W01b", "spent.currency"): Answer("EUR"),
    }


def test_previous__not_published_blank_skipped_or_unreadable__does_not_count(tmp_path: Path) -> None:
    found = previous_answers_of(
        tmp_path,
        row("W02", "total", number=1.0),
        row("F01", "total", number=2.0, outcome="rejected"),
        row("F01", "urban", number=3.0, outcome="superseded"),
        row("F01", "rural", status="blank"),
        row("F01", "regions", status="skipped"),
        row("F01", "status", status="unreadable"),
    )
    assert found == {("W02", "total"): Answer(1.0)}


@pytest.mark.parametrize(
    "gone",
    [
        row("W02", "status", code="7"),
        row("W02", "total", number=1.5),
        row("W02", "started", number=19.0),
        row("W02", "opened", date=dt.datetime(1890, 1, 1)),
        row("W02", "report", text="\u200b"),
        row("W02", "total", text="12"),
        row("W02", "spent", number=1.0),
        row("W09", "total", number=1.0),
        row("W01b", "spent.currency", code="EUR"),
        row("W02", "regions.NORTH", code="Y"),
        row("W01b", "planned.currency", status="not_available"),
    ],
)
def test_previous__what_could_not_be_answered_today__is_left_out(tmp_path: Path, gone: dict[str, Any]) -> None:
    assert previous_answers_of(tmp_path, gone, row("F01", "total", number=2.0)) == {("F01", "total"): Answer(2.0)}


def test_previous__value_that_answers_other_questions_today__is_theirs(tmp_path: Path) -> None:
    moved = {("total", "999"): {"free": "Y", "total": AnswerStatus.NOT_APPLICABLE}}
    older = Edition("0", {code: code for code in ("W01a", "W02", "F01")}, {"total": "total", "urban": "urban"}, moved)
    round_ = dataset(
        tmp_path,
        row("W02", "total", number=999.0),
        row("F01", "urban", number=999.0),
        row("F01", "total", number=999.0),
        row("W01a", "total", number=99.0),
        edition="0",
    )
    round_ = replace(round_, instrument=replace(round_.instrument, editions=(older,)))
    assert with_previous_answers(round_).previous_answers["BRA"] == {
        ("W02", "free"): Answer("Y"),
        ("W02", "total"): Answer(None, AnswerStatus.NOT_APPLICABLE),
        ("F01", "urban"): Answer(999.0),
        ("F01", "total"): Answer(999.0),  # not asked whether it is free
        ("W01a", "total"): Answer(99.0),
    }


def test_previous__multiple_choice__has_the_options_that_are_still_there(tmp_path: Path) -> None:
    rows = [
        row("W02", "regions", code="NORTH;EAST;WEST"),
        row("W02", "regions.NORTH", code="Y"),
        row("W02", "regions.SOUTH", status="blank"),
        row("W02", "regions.EAST", code="Y"),
        row("W02", "regions.WEST", code="Y"),
        row("W01a", "regions", code="EAST"),
        row("W01a", "regions.EAST", code="Y"),
        row("W01a", "targeted", status="not_available"),
    ]
    assert previous_answers_of(tmp_path, *rows) == {
        ("W02", "regions"): Answer("NORTH;WEST"),
        ("W02", "regions.NORTH"): Answer("Y"),
        ("W02", "regions.WEST"): Answer("Y"),
        ("W01a", "targeted"): ND,
    }


def test_previous__older_edition__goes_by_the_codes_of_today(tmp_path: Path) -> None:
    rows = [
        row("W01", "total", number=1.0),
        row("W03", "begun", number=2019.0),
        row("W02", "total", number=3.0),
        row("F01", "total", number=4.0),
    ]
    assert previous_answers_of(tmp_path, *rows, edition="0") == {
        ("W01a", "total"): Answer(1.0),
        ("W02", "started"): Answer(2019.0),
        ("F01", "total"): Answer(4.0),
    }


def test_shown__texts__hold_nothing_that_a_program_obeys(tmp_path: Path) -> None:
    rows = [row("W02", "report", text="=HYPERLINK(1)\u202e\x07"), row("W02", "status", code="3")]
    shown = with_shown_answers(dataset(tmp_path, *rows)).previous_answers["BRA"]
    assert shown == {("W02", "report"): Answer("'=HYPERLINK(1)"), ("W02", "status"): Answer("3")}


def test_previous__no_previous_round__is_none() -> None:
    round_ = mini_round()
    assert with_previous_answers(round_) is round_
    assert with_shown_answers(round_).previous_answers == {}


def test_previous__nothing_answers_this_round__is_reported(tmp_path: Path) -> None:
    round_ = dataset(tmp_path, row("X01", "total", number=1.0))
    with pytest.raises(DeclarationError, match="no published answer in it is to a question of edition 1") as caught:
        with_previous_answers(round_)
    assert caught.value.where == "round.toml, key previous.answers"


@pytest.mark.parametrize(
    ("content", "what"),
    [(None, "there is no such file"), (b"PK\x03\x04", "it cannot be read"), (b"", "it cannot be read")],
)
def test_previous__no_dataset__names_the_key_and_a_remedy(tmp_path: Path, content: bytes | None, what: str) -> None:
    round_ = dataset(tmp_path, row("W02", "total", number=1.0))
    assert round_.previous
    round_.previous.answers.unlink()
    if content is not None:
        round_.previous.answers.write_bytes(content)
    with pytest.raises(DeclarationError, match=what) as caught:
        with_previous_answers(round_)
    assert caught.value.where == "round.toml, key previous.answers"
    assert caught.value.remedy


def test_previous__the_path_of_an_earlier_version__names_the_new_one(tmp_path: Path) -> None:
    round_ = dataset(tmp_path, row("W02", "total", number=1.0))
    assert round_.previous
    moved = tmp_path / "restricted" / "answers.parquet"
    moved.parent.mkdir()
    round_.previous.answers.rename(moved)
    with pytest.raises(DeclarationError, match="there is no such file any more") as caught:
        with_previous_answers(round_)
    assert caught.value.remedy == f"Write {moved}"


def test_previous__another_table__says_which_column_is_missing(tmp_path: Path) -> None:
    round_ = dataset(tmp_path, row("W02", "total", number=1.0))
    assert round_.previous
    pq.write_table(pa.table({"respondent": ["BRA"]}), round_.previous.answers)
    with pytest.raises(DeclarationError, match="it has no column indicator, field"):
        with_previous_answers(round_)


def test_previous__columns_of_other_types__cannot_be_read(tmp_path: Path) -> None:
    round_ = dataset(tmp_path, row("W02", "total", number=1.0))
    assert round_.previous
    table = pq.read_table(round_.previous.answers)
    texts = pa.array(["many"])
    pq.write_table(table.set_column(table.schema.get_field_index("number"), "number", texts), round_.previous.answers)
    with pytest.raises(DeclarationError, match="it cannot be read"):
        with_previous_answers(round_)
