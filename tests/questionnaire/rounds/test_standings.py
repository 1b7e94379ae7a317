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
        (["to_approve", "accepted"], "accepted"),
        (["to_correct", "to_approve"], "to_approve"),
        (["unverified", "to_complete"], "to_complete"),
        (["not_usable", "to_correct"], "to_correct"),
        (["not_usable", "unverified"], "unverified"),
        (["not_usable"], "not_usable"),
    ],
)
def test_standing__of_several_files__is_that_of_the_best(verdicts: list[str], found: str) -> None:
    assert standing(verdicts) == standing(verdicts[::-1]) == found


def test_standing__of_whom_parts_are_missing__is_in_part_once_something_is_accepted() -> None:
    assert standing(["accepted", "to_correct"], in_part=True) == "in_part"
    assert standing(["to_correct"], in_part=True) == "to_correct"
    assert standing([], in_part=True) == "no_return"
