"""How much of a return, and of a round, is answered: which returns are to be completed, and when a dataset is whole."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pandas as pd
import pytest

from pipeline.reading.submission import Submission
from pipeline.validation.completeness import Coverage, completeness_findings, coverage, indicators_answered
from questionnaire.blanks import AnswerStatus
from questionnaire.rounds.slices import Slice
from questionnaire.rules.evaluate import Answer
from tests.schemas.tidy_rows import mini, mini_round, tidy_frame
from tests.with_table import instrument

FIELDS: Mapping[str, str] = {"W01a": "status", "W01b": "status", "W02": "status", "F01": "total"}


def answers(*indicators: str) -> pd.DataFrame:
    given = {(code, FIELDS[code]): Answer(None, AnswerStatus.NOT_AVAILABLE) for code in indicators}
    return tidy_frame(mini(), {"a": given})


def read(**changes: object) -> Submission:
    return replace(Submission("a", "a.xlsx", None, "A", "", "", {}, ()), **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("given", "least", "reported"),
    [
        (("W01a",), 0.5, "1 / 4"), (("W01a", "F01"), 0.5, ""), (("W01a", "F01"), 0.51, "2 / 4"), ((), 0.0, ""),
        (("W01a", "W01b", "W02", "F01"), 1, ""),
    ],
)  # fmt: skip
def test_return__that_answers_fewer_indicators_than_the_round_asks__is_to_be_completed(
    given: tuple[str, ...], least: float, reported: str
) -> None:
    round_ = replace(mini_round(), answered_at_least=least)
    found = list(completeness_findings(answers(*given), [read()], round_))
    assert [entry.value for entry in found] == ([reported] if reported else [])
    assert {(entry.code, str(entry.severity), entry.submission, entry.file, entry.respondent) for entry in found} <= {
        ("too_little_answered", "error", "a", "a.xlsx", "A")
    }


def test_return__of_a_part__is_measured_by_what_the_part_asks() -> None:
    part = Slice("water", "*", {}, frozenset({"W01a", "W02"}))
    assert list(completeness_findings(answers("W01a"), [read(part=part)], mini_round())) == []


def test_indicator__counts_once_however_much_of_it_is_answered() -> None:
    given = {("W01a", "status"): Answer("3"), ("W01a", "total"): Answer(5.0), ("F01", "total"): Answer(0.0)}
    assert indicators_answered(tidy_frame(mini(), {"a": given}), mini()) == {"a": 2}


def test_line_of_a_list__that_names_an_indicator__does_not_answer_it() -> None:
    frame = answers("W01a")
    lines = frame[frame["indicator"] == "W01a"].assign(block="agreements", indicator="F01")
    assert indicators_answered(pd.concat([frame, lines]), mini()) == {"a": 1}


def test_cell_of_a_table__answers_its_indicator_and_what_is_printed_there_does_not() -> None:
    frame = answers("W01a")
    cell = frame[frame["indicator"] == "W01a"].assign(block="trees", indicator="F01", field="planted")
    printed = cell.assign(block="wells", indicator="W02", field="grounds", parsed_by="printed")
    assert indicators_answered(pd.concat([frame, cell, printed]), instrument()) == {"a": 2}


def test_coverage__counts_participants_whose_return_is_accepted_and_what_these_answer() -> None:
    returns = pd.DataFrame(
        {
            "respondent": ["AAA", "AAA", "BBB", "AAA"],
            "slice": ["", "", "", ""],
            "verdict": ["accepted", "to_correct", "to_complete", "duplicate"],
            "indicators_answered": [3, 3, 4, 0],
        }
    )
    found = coverage(mini_round(), returns)
    assert found == Coverage(accepted=1, asked=2, answered=3, indicators=4)
    again = returns.assign(verdict=["accepted", "accepted", "to_complete", "duplicate"])
    assert coverage(mini_round(), again) == Coverage(accepted=1, asked=2, answered=4, indicators=4)
    parts = returns.assign(slice=["water", "", "", ""])
    assert coverage(mini_round(), parts) == Coverage(accepted=0, asked=2, answered=0, indicators=4)
    assert (found.provisional, dict(found.figures)) == (True, {"accepted": 1, "asked": 2, "share": 75})
    whole = Coverage(accepted=2, asked=2, answered=7, indicators=4)
    assert (whole.provisional, whole.figures["share"]) == (False, 87)
    assert Coverage(0, 2, 0, 4).figures["share"] == 0
