"""Blank, zero and the declared reasons for no value are different things."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from questionnaire.blanks import DECLARED, OBS_STATUS, AnswerStatus, is_blank, visible_text


@pytest.mark.parametrize("value", [None, "", " ", "\t\n", "\u00a0", "\u200b", "\ufeff \u2060"])
def test_is_blank__nothing_visible__true(value: object) -> None:
    assert is_blank(value)


@pytest.mark.parametrize("value", [0, 0.0, False, "0", "-", ".", "ND", "\u200b0"])
def test_is_blank__zero_or_any_sign__false(value: object) -> None:
    assert not is_blank(value)


def test_obs_status__six_different_things__never_share_zero_or_a_value() -> None:
    assert OBS_STATUS[AnswerStatus.BLANK] == "O"
    assert OBS_STATUS[AnswerStatus.NOT_APPLICABLE] == "M"
    assert OBS_STATUS[AnswerStatus.NOT_AVAILABLE] == "L"
    assert OBS_STATUS[AnswerStatus.CONFIDENTIAL] == "Q"
    assert OBS_STATUS[AnswerStatus.NOTHING_TO_REPORT] == "M"
    assert OBS_STATUS[AnswerStatus.SKIPPED] == "M"
    assert OBS_STATUS[AnswerStatus.UNREADABLE] == "O"
    assert OBS_STATUS.keys() == set(AnswerStatus)
    assert "A" not in {OBS_STATUS[status] for status in (*DECLARED, AnswerStatus.BLANK, AnswerStatus.SKIPPED)}


@given(st.text())
def test_visible_text__any_text__is_stable_and_trimmed(text: str) -> None:
    seen = visible_text(text)
    assert visible_text(seen) == seen
    assert seen == seen.strip()
    assert is_blank(text) == (seen == "")
