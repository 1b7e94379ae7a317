"""The regional dataset: every participant and indicator, values where published, reasons where not."""

from __future__ import annotations

import datetime as dt
import re

import pandas as pd
import pyarrow as pa
import pytest

from questionnaire.blanks import AnswerStatus
from questionnaire.rules.evaluate import Answer, Answers
from schemas.regional import regional_columns, regional_frame, regional_schema
from tests.schemas.tidy_rows import mini, mini_round, tidy_frame, wide_frame, with_heads

STANDINGS = {"A": "accepted", "B": "to_correct"}
ANSWERS: Answers = with_heads(
    mini(),
    {
        ("W01a", "status"): Answer("3"),
        ("W01a", "total"): Answer(0.0),
        ("W01a", "regions.WEST"): Answer("Y"),
        ("W01b", "status"): Answer(None, AnswerStatus.NOT_APPLICABLE),
        ("W01b", "spent"): Answer(None, AnswerStatus.CONFIDENTIAL),
        ("W02", "status"): Answer("2"),
        ("W02", "opened"): Answer(dt.date(2024, 5, 1)),
        ("F01", "total"): Answer(None, AnswerStatus.SKIPPED),
    },
)


def _regional(submissions: dict[str, Answers]) -> pd.DataFrame:
    return regional_frame(mini_round(), wide_frame(tidy_frame(mini(), submissions), mini()), STANDINGS)


def _cells(regional: pd.DataFrame, indicator: str, *columns: str) -> tuple[object, ...]:
    row = regional[(regional["respondent"] == "A") & (regional["indicator"] == indicator)].iloc[0]
    return tuple(None if pd.isna(row[column]) else row[column] for column in columns)


def test_regional__every_participant_and_indicator__in_the_order_of_frame_and_instrument() -> None:
    regional = _regional({"a": ANSWERS})
    indicators = ["W01a", "W01b", "W02", "F01"]
    assert list(zip(regional["respondent"], regional["indicator"], strict=True)) == [
        (respondent, indicator) for respondent in "AB" for indicator in indicators
    ]
    assert list(regional.columns) == [column.name for column in regional_columns(mini())]


def test_regional__values__typed_as_declared() -> None:
    regional = _regional({"a": ANSWERS})
    assert _cells(regional, "W01a", "level", "total", "total__answer_status") == ("3", 0, "answered")
    assert _cells(regional, "W02", "opened") == (pd.Timestamp("2024-05-01"),)
    table = pa.Table.from_pandas(regional, schema=regional_schema(mini()), preserve_index=False)
    assert table.schema.field("opened").type == pa.date32()
    assert table.schema.field("regions__WEST").type == pa.bool_()


def test_regional__options__false_only_where_the_question_was_answered() -> None:
    regional = _regional({"a": ANSWERS})
    assert _cells(regional, "W01a", "regions__WEST", "regions__NORTH", "regions") == (True, False, "WEST")
    assert _cells(regional, "W02", "regions__WEST", "regions__answer_status") == (None, "blank")
    assert _cells(regional, "W01b", "regions__WEST", "regions__answer_status") == (None, None)


def test_regional__missing_values__each_with_its_reason_and_sdmx_code() -> None:
    regional = _regional({"a": ANSWERS})
    assert _cells(regional, "W01a", "obs_status", "score", "met") == ("A", 3, True)
    assert _cells(regional, "W02", "obs_status", "score", "met") == ("A", 2, False)
    assert _cells(regional, "W01b", "obs_status", "score", "met", "level__answer_status") == (
        "M",
        None,
        None,
        "not_applicable",
    )
    assert _cells(regional, "F01", "obs_status", "score", "met", "total__answer_status") == ("O", None, None, "skipped")
    assert _cells(regional, "W01b", "spent", "spent__answer_status", "spent__currency") == (None, "confidential", None)


def test_regional__participant_without_an_accepted_return__is_there_without_values() -> None:
    other = _regional({"a": ANSWERS}).query("respondent == 'B'")
    assert set(other["response"]) == {"to_correct"}
    assert set(other["obs_status"]) == {"O"}
    assert other["submission"].isna().all()
    assert other.loc[:, "level":].isna().all(axis=None)


def test_regional__nothing_published__has_all_rows_and_types() -> None:
    regional = _regional({})
    assert len(regional) == 8
    pd.testing.assert_series_equal(regional.dtypes, _regional({"a": ANSWERS}).dtypes)


def test_regional__published_without_taking_part__is_refused() -> None:
    with pytest.raises(ValueError, match="published, but not taking part: C"):
        _regional({"c": {}})


def test_regional__two_published_returns_of_one_participant__are_refused() -> None:
    with pytest.raises(ValueError, match="two published submissions of A"):
        _regional({"a": ANSWERS, "A": ANSWERS})


def test_columns__names__survive_csv_r_and_stata() -> None:
    names = [column.name for column in regional_columns(mini())]
    assert all(re.fullmatch(r"[A-Za-z][A-Za-z0-9_]{0,31}", name) for name in names)
    assert len({name.lower() for name in names}) == len(names)


def test_columns__each__says_what_it_means() -> None:
    assert all(column.meaning for column in regional_columns(mini()))
