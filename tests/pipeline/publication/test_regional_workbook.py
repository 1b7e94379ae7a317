"""The levels at a glance: their shades, and the signs for why there is none, whatever an instrument calls them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pipeline.publication.regional_workbook import _shades, _shown_levels
from questionnaire.blanks import AnswerStatus
from questionnaire.codelists import Code, Codelist
from questionnaire.declaration.form import INDICATORS, Instrument
from questionnaire.rules.evaluate import Answer, Answers
from schemas.frame import wide_frames
from schemas.regional import regional_frame
from tests.schemas.tidy_rows import mini, mini_round, tidy_frame, with_heads


@pytest.mark.parametrize(
    ("levels", "shades"), [(1, [0]), (2, [0, 4]), (3, [0, 2, 4]), (5, [0, 1, 2, 3, 4]), (7, [0, 1, 1, 2, 3, 3, 4])]
)
def test_shades__of_any_number_of_levels__run_from_the_lightest_to_the_darkest(levels: int, shades: list[int]) -> None:
    scale = Codelist("scale", tuple(Code(f"L{rank}", {}, {}, rank) for rank in range(levels)))
    assert _shades(scale) == shades


def renamed(codes: dict[AnswerStatus, str]) -> Instrument:
    """The small instrument with other codes for why there is no answer."""
    lists = {
        name: Codelist(name, tuple(replace(code, code=codes.get(code.missing, code.code)) if code.missing else code for code in item))
        for name, item in mini().codelists.items()
    }  # fmt: skip
    return replace(mini(), codelists=lists)


def test_levels__shown__by_their_code_or_the_instruments_reason_for_none() -> None:
    answers: Answers = {
        ("W01a", "status"): Answer("3"),
        ("W01b", "status"): Answer(None, AnswerStatus.NOT_APPLICABLE),
        ("W02", "status"): Answer(None, AnswerStatus.NOTHING_TO_REPORT),
    }
    frame = wide_frames(tidy_frame(mini(), {"a": with_heads(mini(), answers)}), mini())[INDICATORS]
    regional = regional_frame(mini_round(), frame, {"A": "accepted", "B": "no_return"})
    shown = _shown_levels(regional, renamed({AnswerStatus.NOTHING_TO_REPORT: "NIL"}))
    assert [shown["A", code] for code in ("W01a", "W01b", "W02", "F01")] == ["3", "SO", "NIL", "·"]
    assert {level for (respondent, _), level in shown.items() if respondent == "B"} == {""}
