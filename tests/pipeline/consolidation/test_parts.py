"""Parts of ministries: which have come, and what nobody has answered of them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from pipeline.consolidation.parts import answered_blocks, parts_table
from questionnaire.rounds.round import Round
from tests.questionnaire.rounds.test_slices import sliced


@pytest.fixture
def round_(tmp_path: Path) -> Round:
    return sliced(tmp_path)


def missing(round_: Round, verdict: str, *answers: tuple[str, str, str]) -> dict[str, tuple[str, str]]:
    """What BBB's parts are worth and lack, where its file of the part “water” has that verdict and these answers."""
    row = {"respondent": "BBB", "slice": "water", "verdict": verdict, "file": "a.xlsx", "sha256": "a"}
    said = [
        {"respondent": "BBB", "submission": "a", "block": block, "status": status, "outcome": outcome}
        for block, status, outcome in answers
    ]
    returns = pd.DataFrame([row])
    table = parts_table(round_, returns, answered_blocks(round_, returns, pd.DataFrame(said)))
    own = table[table["respondent"] == "BBB"]
    return dict(zip(own["slice"], zip(own["part_verdict"], own["missing"], strict=True), strict=True))


def test_missing__of_a_part__is_what_has_neither_a_value_nor_a_reason(round_: Round) -> None:
    found = missing(
        round_, "accepted", ("W01a", "answered", "published"), ("W01b", "not_available", "published"),
        ("W02", "blank", "published"),
    )  # fmt: skip
    assert found == {"water": ("accepted", "W02"), "forests": ("no_return", "F01")}


def test_missing__of_a_part__is_not_what_another_file_answers(round_: Round) -> None:
    assert missing(round_, "accepted", ("F01", "answered", "published"))["forests"] == ("no_return", "")


@pytest.mark.parametrize(
    ("verdict", "outcome", "lacks"),
    [
        ("accepted", "waiting", ""), ("to_approve", "waiting", ""), ("unverified", "waiting", "W01a"),
        ("to_correct", "rejected", "W01a"),
    ],
)  # fmt: skip
def test_missing__an_answer_that_waits__was_given_where_its_file_is_sound(
    verdict: str, outcome: str, lacks: str, round_: Round
) -> None:
    found = missing(
        round_, verdict, ("W01a", "answered", outcome), ("W01b", "answered", "published"),
        ("W02", "answered", "published"),
    )  # fmt: skip
    assert found["water"] == (verdict, lacks)


def test_answered__where_nobody_is_asked_in_parts__is_kept_of_nobody(round_: Round) -> None:
    returns = pd.DataFrame([{"respondent": "BBB", "verdict": "accepted", "sha256": "a"}])
    row = {"respondent": "BBB", "submission": "a", "block": "F01", "status": "answered", "outcome": "published"}
    answers = pd.DataFrame([row])
    assert answered_blocks(round_, returns, answers).to_numpy().tolist() == [["BBB", "F01"]]
    assert answered_blocks(replace(round_, slices=()), returns, answers).empty
