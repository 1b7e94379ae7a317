"""What two respondents have together, both name: whoever is alone in it is asked, and nobody else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pandas as pd
import pytest

from pipeline.consolidation.bilateral_consistency import bilateral_findings, named_partners, published_in_lists
from questionnaire.messages import LANGUAGES
from questionnaire.rounds.round import Round
from schemas.answers_table import ANSWERS, answers_frame
from tests.pipeline.consolidated import rows_of
from tests.with_list import list_round

Line = tuple[str, str, str, str]
"""Respondent, indicator, partner, whether free of charge: where it is, the partner should name it too."""

ALL = frozenset((code, indicator) for code in ("AAA", "BBB", "CCC") for indicator in ("W01a", "F01"))


@cache
def round_() -> Round:
    with TemporaryDirectory() as folder:
        return list_round(Path(folder))


def found(lines: Sequence[Line], answered: frozenset[tuple[str, str]] = ALL) -> list[tuple[str, str, str]]:
    """Who is asked about what, and in which cell."""
    named = rows_of("named", named_partners(round_(), answers_frame(_columns(lines))))
    return [(entry.respondent, entry.indicator, entry.cell) for entry in bilateral_findings(round_(), named, answered)]


def _columns(lines: Sequence[Line]) -> Mapping[str, list[object]]:
    """The tidy table of these lines; each stands in the row of its place in the sequence, from 7 on."""
    rows = [
        {
            "submission": f"sha of {respondent}", "file": f"{respondent}.xlsx", "respondent": respondent,
            "block": "projects", "line": number, "indicator": values[0], "field": column, "status": "answered" if code else "blank",
            "code": code or None, "number": None, "text": None, "date": None, "raw": code, "if_none": "", "comment": "", "sheet": "List of projects",
            "cell": f"{letter}{number + 6}", "parsed_by": "choice:code", "change": "new", "previous": "",
        }
        for number, (respondent, *values) in enumerate(lines, 1)
        for letter, column, code in zip("CDG", ("indicator", "partner", "free_use"), values, strict=True)
    ]  # fmt: skip
    return {name: [row[name] for row in rows] for name in ANSWERS.names}


@pytest.mark.parametrize(
    ("lines", "asked"),
    [
        ([], []),
        ([("AAA", "F01", "BBB", "Y"), ("BBB", "F01", "AAA", "Y")], []),
        ([("AAA", "F01", "BBB", "Y")], [("AAA", "F01", "D7")]),
        ([("AAA", "F01", "BBB", "Y"), ("BBB", "W01a", "AAA", "Y")], [("AAA", "F01", "D7"), ("BBB", "W01a", "D8")]),
        ([("AAA", "F01", "BBB", "Y"), ("BBB", "F01", "AAA", "N")], [("AAA", "F01", "D7")]),
        ([("AAA", "F01", "BBB", "Y"), ("BBB", "F01", "CCC", "Y"), ("CCC", "F01", "BBB", "Y")], [("AAA", "F01", "D7")]),
        ([("AAA", "F01", "BBB", "Y"), ("AAA", "F01", "BBB", "Y")], [("AAA", "F01", "D7")]),
        ([("AAA", "F01", "BBB", "N")], []),
        ([("AAA", "F01", "OTHER", "Y")], []),
        ([("AAA", "F01", "", "Y"), ("AAA", "", "BBB", "Y"), ("AAA", "F01", "CCC", "")], []),
    ],
)
def test_partner__a_line_that_the_partner_does_not_have__is_asked_about(
    lines: list[Line], asked: list[tuple[str, str, str]]
) -> None:
    assert found(lines) == asked


def test_partner__a_partner_of_whom_nothing_is_published__is_not_held_against_anybody() -> None:
    assert found([("AAA", "F01", "BBB", "Y")], frozenset(pair for pair in ALL if pair[0] != "BBB")) == []


def test_partner__whose_part_with_the_indicator_has_not_come__is_not_held_against_anybody() -> None:
    lines = [("AAA", "F01", "BBB", "Y"), ("AAA", "W01a", "BBB", "Y")]
    assert found(lines, ALL - {("BBB", "F01")}) == [("AAA", "W01a", "D8")]


def test_published_in_lists__respondents_and_indicators_of_such_lists__each_once() -> None:
    blocks = [("AAA", "F01"), ("AAA", "F01"), ("AAA", "W02"), ("BBB", "projects"), ("BBB", "W01a")]
    answers = pd.DataFrame(blocks, columns=["respondent", "block"])
    assert published_in_lists(round_(), answers).to_numpy().tolist() == [["AAA", "F01"], ["BBB", "W01a"]]


def test_finding__names_both_in_every_language_and_says_where() -> None:
    named = rows_of("named", named_partners(round_(), answers_frame(_columns([("AAA", "F01", "BBB", "Y")]))))
    [entry] = bilateral_findings(round_(), named, ALL)
    assert (entry.code, str(entry.severity), entry.field) == ("bilateral_consistency", "warning", "projects.partner")
    assert (entry.file, entry.sheet, entry.value, entry.submission) == (
        "AAA.xlsx", "List of projects", "BBB", "sha of AAA",
    )  # fmt: skip
    assert entry.message_in("en") == (
        "Line L1: Alphaland names Betaland, but Betaland does not name Alphaland for this indicator."
    )
    assert "Alphalande cite Bétalande" in entry.message_in("fr")
    for language in LANGUAGES:
        assert "{" not in entry.message_in(language) + entry.remedy_in(language)
