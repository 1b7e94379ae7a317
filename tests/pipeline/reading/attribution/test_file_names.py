"""Which respondents a file's name names: by code, hyphens and all, and the longest first."""

from __future__ import annotations

import pytest

from pipeline.reading.attribution.file_names import named_in
from questionnaire.rounds.round import Respondent

FRAME = tuple(
    Respondent(code, {"en": name}, "en", participates=True, reason="", aliases=())
    for code, name in {
        "S-0042": "Hill School",
        "S-0042-B": "Hill School Annex",
        "PER": "Peru",
        "S-7": "Sea School",
    }.items()
)


@pytest.mark.parametrize(
    ("name", "named"),
    [
        ("S-0042_answers.xlsx", ("S-0042",)),
        ("answers S_0042 final.xlsx", ("S-0042",)),
        ("S-0042-B_answers.xlsx", ("S-0042-B",)),
        ("S-0042 and S-0042-B.xlsx", ("S-0042", "S-0042-B")),
        ("s-0042.xlsx", ()),
        ("S-00421.xlsx", ()),
        ("PER_S-7.xlsx", ("PER", "S-7")),
        ("per school.xlsx", ()),
        ("Hill School Annex.xlsx", ("S-0042-B",)),
    ],
)
def test_name__with_a_code_or_a_name__names_that_respondent(name: str, named: tuple[str, ...]) -> None:
    assert named_in(name, FRAME) == named
