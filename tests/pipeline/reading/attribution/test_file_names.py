"""Which respondents a file's name names: by code, hyphens and all, and the longest first."""

from __future__ import annotations

from collections.abc import Iterator

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
        "S-8": "River School",
        "S-9": "River School",
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
        ("River School.xlsx", ("S-8", "S-9")),
        ("River School S-9.xlsx", ("S-8", "S-9")),
    ],
)
def test_name__with_a_code_or_a_name__names_that_respondent(name: str, named: tuple[str, ...]) -> None:
    assert named_in(name, FRAME) == named


class Counted(tuple[Respondent, ...]):
    """A frame that counts how often all of it is looked at."""

    times = 0

    def __iter__(self) -> Iterator[Respondent]:
        self.times += 1
        return super().__iter__()


def test_names__of_many_files__are_looked_up_and_not_compared_with_each_respondent() -> None:
    frame = Counted(FRAME)
    assert named_in("PER.xlsx", frame) == ("PER",)
    looked = frame.times
    assert [named_in(name, frame) for name in ("S-7.xlsx", "peru.xlsx")] == [("S-7",), ("PER",)]
    assert frame.times == looked
    assert named_in("S-7.xlsx", FRAME[:2]) == ()
