"""What was made of the same is left, if it is still what was made."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pipeline.publication import made_before as module
from pipeline.publication.csv_files import Flavour
from pipeline.publication.data_docs import ExpectationResult
from pipeline.publication.made_before import NOTE, MadeBefore, ingredients, made_before, remember
from pipeline.publication.publish import PUBLISHING
from questionnaire.rounds.access import Access
from questionnaire.rounds.round import Round
from questionnaire.rules.rule import Severity
from tests.given import mini_round

RESULT = ExpectationResult("a", "Said.", met=False, examples=("x",), rows=3, severity=Severity.WARNING)


@pytest.fixture
def published(tmp_path: Path) -> Round:
    """A round with a file in each edition, and a note of what they were made."""
    round_ = mini_round(tmp_path)
    for access in Access:
        (round_.results(access) / "stata").mkdir(parents=True)
        (round_.results(access) / "stata" / "a.dta").write_text(access)
    remember(round_, "abc", [RESULT], ["long"])
    return round_


def test_made_before__of_the_same__says_how_it_passed(published: Round) -> None:
    assert made_before(published, "abc") == MadeBefore((RESULT,), ("long",))
    assert made_before(published, "other") is None


@pytest.mark.parametrize(
    "change",
    [
        lambda round_: (round_.results(Access.PUBLIC) / "stata" / "a.dta").write_text("edited"),
        lambda round_: (round_.results(Access.RESTRICTED) / "stata" / "a.dta").unlink(),
        lambda round_: (round_.results(Access.PUBLIC) / "more.csv").write_text("more"),
        lambda round_: (round_.outputs / PUBLISHING).touch(),
        lambda round_: (round_.outputs / NOTE).unlink(),
        lambda round_: (round_.outputs / NOTE).write_text("{"),
        lambda round_: (round_.outputs / NOTE).write_text("[]"),
        lambda round_: (round_.outputs / NOTE).write_text(json.dumps({"made_of": "abc"})),
    ],
)
def test_made_before__of_files_that_are_not_as_they_were_written__knows_nothing(
    published: Round, change: Callable[[Round], Any]
) -> None:
    change(published)
    assert made_before(published, "abc") is None


def test_ingredients__whatever_changes__are_others(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    inputs = {"declared": {"round.toml": "1"}}
    found = [
        ingredients(["a", "b"], inputs, Flavour.PLAIN, "en"),
        ingredients(["a", "c"], inputs, Flavour.PLAIN, "en"),
        ingredients(["a", "b"], {"declared": {"round.toml": "2"}}, Flavour.PLAIN, "en"),
        ingredients(["a", "b"], inputs, Flavour.EXCEL, "en"),
        ingredients(["a", "b"], inputs, Flavour.PLAIN, "fr"),
    ]
    assert ingredients(iter(["a", "b"]), dict(inputs), Flavour.PLAIN, "en") == found[0]
    monkeypatch.setattr(module, "software", lambda: {"acopio": "99"})
    found.append(ingredients(["a", "b"], inputs, Flavour.PLAIN, "en"))
    monkeypatch.setattr(module, "_ROOT", tmp_path)
    found.append(ingredients(["a", "b"], inputs, Flavour.PLAIN, "en"))
    assert len(set(found)) == len(found)
