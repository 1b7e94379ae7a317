"""The standing of a participant: the best of what its files are worth."""

from __future__ import annotations

import pytest

from questionnaire.rounds.standings import standing


@pytest.mark.parametrize(
    ("verdicts", "found"),
    [
        ([], "no_return"),
        (["duplicate", "not_a_return"], "no_return"),
        (["superseded", "accepted", "to_correct"], "accepted"),
        (["to_choose", "accepted"], "accepted"),
        (["to_correct", "to_choose"], "to_choose"),
        (["unverified", "to_complete"], "to_complete"),
        (["not_usable", "to_correct"], "to_correct"),
        (["unverified", "slice_waits", "to_correct"], "to_correct"),
        (["unverified", "slice_waits"], "slice_waits"),
        (["not_usable", "unverified"], "unverified"),
        (["not_usable"], "not_usable"),
    ],
)
def test_standing__of_several_files__is_that_of_the_best(verdicts: list[str], found: str) -> None:
    assert standing(verdicts) == standing(verdicts[::-1]) == found
