"""The wide frame: every answer in its place, nothing invented, nothing lost."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pandas as pd
import pytest

from questionnaire.blanks import AnswerStatus
from questionnaire.rules.conditions import Filled, Ref
from questionnaire.rules.evaluate import Answer, Responses
from schemas.frame import wide_frames
from tests.contract.list_sets import listing
from tests.schemas.tidy_rows import mini, tidy_frame, wide_frame, with_heads

BATCH = {
    "s1": with_heads(
        mini(),
        {
            ("W01a", "status"): Answer("3"),
            ("W01a", "total"): Answer(0.0),
            ("W01a", "regions.WEST"): Answer("Y"),
            ("W02", "opened"): Answer(dt.date(1492, 10, 12)),
            ("W02", "report"): Answer("Ñandú"),
            ("F01", "total"): Answer(None, AnswerStatus.CONFIDENTIAL),
        },
    ),
    "s0": {("W01a", "total"): Answer(7.0)},
}


def _row(frame: pd.DataFrame, submission: str, indicator: str) -> pd.Series:
    return frame[(frame["submission"] == submission) & (frame["block"] == indicator)].iloc[0]


def test_wide_frame__one_row_per_submission_and_indicator__in_their_order() -> None:
    frame = wide_frame(tidy_frame(mini(), BATCH), mini())
    indicators = ["W01a", "W01b", "W02", "F01"]
    assert list(zip(frame["submission"], frame["block"], strict=True)) == [
        (submission, indicator) for submission in ("s1", "s0") for indicator in indicators
    ]
    assert list(frame["respondent"].unique()) == ["S1", "S0"]


def test_wide_frame__values_and_statuses__typed_and_in_their_places() -> None:
    frame = wide_frame(tidy_frame(mini(), BATCH), mini())
    first = _row(frame, "s1", "W01a")
    assert (first["status"], first["total"], first["regions"]) == ("3", 0.0, "WEST")
    assert (first["total@status"], first["urban@status"]) == ("answered", "blank")
    assert _row(frame, "s1", "W02")["opened"] == pd.Timestamp("1492-10-12")
    assert _row(frame, "s1", "W02")["report"] == "Ñandú"
    assert pd.isna(_row(frame, "s1", "F01")["total"])
    assert _row(frame, "s1", "F01")["total@status"] == "confidential"


def test_wide_frame__field_the_indicator_does_not_ask__has_neither_value_nor_status() -> None:
    row = _row(wide_frame(tidy_frame(mini(), BATCH), mini()), "s1", "W01b")
    assert pd.isna(row["total"])
    assert pd.isna(row["total@status"])


def test_wide_frame__field_of_another_indicator__stands_on_every_row_of_its_submission() -> None:
    frame = wide_frame(tidy_frame(mini(), BATCH), mini())
    assert list(frame["W01a.total"]) == [0.0] * 4 + [7.0] * 4
    assert set(frame["W01a.total@status"]) == {"answered"}


def test_wide_frame__rows_in_any_order_and_plain_types__same_frame() -> None:
    answers = tidy_frame(mini(), {"s1": BATCH["s1"]})
    plain = answers.sample(frac=1, random_state=3).astype({"submission": "str", "field": object, "status": "str"})
    plain["date"] = [None if pd.isna(day) else day.date() for day in plain["date"]]
    pd.testing.assert_frame_equal(
        wide_frame(plain, mini()), wide_frame(answers, mini()), check_dtype=False, check_categorical=False
    )


def test_wide_frame__no_answers__is_empty_with_its_columns() -> None:
    frame = wide_frame(tidy_frame(mini(), {}), mini())
    assert frame.empty
    assert "W01a.total@status" in frame.columns


@pytest.mark.parametrize(
    ("column", "value", "said"),
    [("field", "colour", "no field colour"), ("block", "X99", "no block X99"), ("status", "lost", "no status")],
)
def test_wide_frame__something_the_instrument_does_not_know__is_refused(column: str, value: str, said: str) -> None:
    answers = tidy_frame(mini(), {"s0": {}}).astype({column: "str"})
    answers.loc[3, column] = value
    with pytest.raises(ValueError, match=said):
        wide_frame(answers, mini())


def test_wide_frame__the_same_file_read_twice__is_refused() -> None:
    answers = tidy_frame(mini(), {"s0": {}})
    with pytest.raises(ValueError, match="read twice"):
        wide_frame(pd.concat([answers, answers]), mini())


def test_wide_frames__field_of_an_indicator_beside_a_line__is_that_of_its_own_submission() -> None:
    like = next(rule for rule in listing().rules if rule.code == "too_long" and "projects" in rule.blocks)
    rule = replace(like, code="looks_beyond", check=Filled(Ref("total", "W01a")))
    instrument = replace(listing(), rules=(*listing().rules, rule))
    lines = {"projects": {3: {"indicator": Answer("W01a")}, 1: {"indicator": Answer("F01")}}}
    answers = tidy_frame(
        instrument,
        {
            "s2": Responses({("W01a", "total"): Answer(2.0)}),
            "s1": Responses({("W01a", "total"): Answer(1.0)}, lines),
            "s0": Responses({}, lines),
        },
    )
    answers = answers[(answers["submission"] != "s0") | (answers["block"] == "projects")]
    found = wide_frames(answers, instrument)["projects"]
    assert list(found["submission"]) == ["s1", "s1", "s0", "s0"]
    assert list(found["line"]) == [1, 3, 1, 3]
    assert found["W01a.total"].fillna(-1).tolist() == [1.0, 1.0, -1.0, -1.0]
