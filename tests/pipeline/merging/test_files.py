"""Files of one respondent that differ in kind: a level lowered later, parts beside wholes, older editions, errors."""

from __future__ import annotations

from dataclasses import replace
from itertools import permutations
from pathlib import Path

import pytest

from pipeline.consolidation.consolidate import Consolidation
from pipeline.desk import questionnaires
from pipeline.receiving.receive import receive_file
from pipeline.validation.batch import read_batch
from questionnaire.rounds.round import Round, read_round
from questionnaire.rules.evaluate import Answer
from questionnaire.sample import Draft
from tests.given import MINI
from tests.journeys.test_older_edition import Sent, sent  # noqa: F401  a fixture
from tests.journeys.test_slices import send
from tests.pipeline.consolidated import consolidate, frame
from tests.questionnaire.rounds.test_slices import SLICES, sliced

HIGH: Draft = {
    ("W01a", "regions.NORTH"): Answer("Y"), ("F01", "regions.NORTH"): Answer("Y"),
    ("W01b", "status"): Answer("0"), ("W02", "status"): Answer("0"),
    ("W01a", "status"): Answer("3"), ("W01a", "total"): Answer(7),
    ("F01", "status"): Answer("3"), ("F01", "total"): Answer(5), ("F01", "urban"): Answer(2), ("F01", "rural"): Answer(3),
}  # fmt: skip
WRONG: Draft = {("F01", "status"): Answer("1"), ("F01", "total"): Answer(1_000_001)}


@pytest.fixture(scope="module")
def round_(tmp_path_factory: pytest.TempPathFactory) -> Round:
    made = sliced(tmp_path_factory.mktemp("merged"))
    made.returns.mkdir()
    questionnaires.write_questionnaires(made, with_slices=True)
    return made


def in_any_order(round_: Round, *paths: Path) -> Consolidation:
    """What becomes of some files, the same in whatever order they come."""
    made = [consolidate(round_, read_batch(round_, [*map(receive_file, order)])) for order in permutations(paths)]
    keys = ["file", "block", "field", "outcome"]
    tables = [
        (set(frame(one.answers)[keys].astype("str").itertuples(index=False, name=None)), verdicts(one)) for one in made
    ]
    assert all(one == tables[0] for one in tables)
    assert made[0].reconciliation["balanced"].all()
    return made[0]


def verdicts(made: Consolidation) -> dict[str, str]:
    return dict(zip(made.returns["file"], made.returns["verdict"], strict=True))


def published(made: Consolidation, indicator: str, *fields: str) -> dict[str, tuple[object, str]]:
    rows = frame(made.answers)[
        (frame(made.answers)["outcome"] == "published") & (frame(made.answers)["indicator"] == indicator)
    ]
    return {
        row["field"]: (row["code"] if isinstance(row["code"], str) else row["number"], row["file"])
        for row in rows[rows["field"].isin(fields)].to_dict("records")
        if row["status"] == "answered"
    }


def test_a_level_lowered_in_a_later_file__takes_along_what_depends_on_it_and_leaves_the_rest(round_: Round) -> None:
    first = send(round_, "BBB", "", 10, "high.xlsx", draft=HIGH)
    later = send(round_, "BBB", "", 12, "low.xlsx", draft={("F01", "status"): Answer("0")})
    made = in_any_order(round_, first, later)
    assert published(made, "F01", "status", "total", "urban", "rural") == {"status": ("0", "low.xlsx")}
    rows = frame(made.answers)[
        (frame(made.answers)["outcome"] == "published") & (frame(made.answers)["indicator"] == "F01")
    ]
    assert set(rows.loc[rows["field"].isin(["total", "urban", "rural"]), "status"]) == {"skipped"}
    assert published(made, "W01a", "status", "total") == {"status": ("3", "high.xlsx"), "total": (7, "high.xlsx")}
    assert verdicts(made) == {"high.xlsx": "accepted", "low.xlsx": "accepted"}
    assert not set(frame(made.findings)["severity"]) & {"error", "blocker"}


@pytest.mark.wide
def test_a_part_with_an_error_beside_a_sound_whole__is_to_correct_and_the_whole_counts(round_: Round) -> None:
    whole = send(round_, "BBB", "", 10, "whole.xlsx", draft=HIGH)
    part = send(round_, "BBB", "forests", 12, "part.xlsx", draft=WRONG)
    made = in_any_order(round_, whole, part)
    assert verdicts(made) == {"whole.xlsx": "accepted", "part.xlsx": "to_correct"}
    assert published(made, "F01", "status", "total") == {"status": ("3", "whole.xlsx"), "total": (5, "whole.xlsx")}
    rejected = frame(made.answers)[
        (frame(made.answers)["file"] == "part.xlsx") & (frame(made.answers)["status"] == "answered")
    ]
    assert set(rejected["outcome"]) == {"rejected"}


@pytest.mark.wide
def test_a_sound_part_beside_a_whole_with_an_error__counts_and_puts_it_right(round_: Round) -> None:
    whole = send(round_, "BBB", "", 10, "whole.xlsx", draft={**HIGH, **WRONG})
    part = send(round_, "BBB", "forests", 12, "part.xlsx", draft={key: HIGH[key] for key in HIGH if key[0] == "F01"})
    made = in_any_order(round_, whole, part)
    assert verdicts(made) == {"whole.xlsx": "accepted", "part.xlsx": "accepted"}
    assert published(made, "F01", "total") == {"total": (5, "part.xlsx")}
    assert published(made, "W01a", "total") == {"total": (7, "whole.xlsx")}


@pytest.mark.wide
def test_an_older_edition_beside_a_part__gives_what_the_part_does_not_ask(sent: Sent) -> None:  # noqa: F811
    draft = {("W01", "status"): Answer("3"), ("W01", "total"): Answer(12), ("W01", "regions.NORTH"): Answer("Y")}
    older = sent.returned(draft)
    folder = sent.round.folder
    (folder / "slices.csv").write_text(SLICES, encoding="utf-8")
    round_ = replace(read_round(folder, MINI.parent), older_editions=("0",))
    questionnaires.write_questionnaires(round_, with_slices=True)
    part = send(round_, "AAA", "forests", 12, str(older.parent / "part.xlsx"), draft={
        ("F01", "status"): Answer("3"), ("F01", "total"): Answer(5),
    })  # fmt: skip
    made = in_any_order(round_, older, part)
    assert verdicts(made) == {"AAA.xlsx": "accepted", "part.xlsx": "accepted"}
    assert published(made, "W01a", "status", "total") == {"status": ("3", "AAA.xlsx"), "total": (12, "AAA.xlsx")}
    assert published(made, "F01", "status", "total") == {"status": ("3", "part.xlsx"), "total": (5, "part.xlsx")}


def test_what_nobody_answered__is_missed_in_the_file_that_answers_the_rest_of_its_indicator(round_: Round) -> None:
    without = {key: answer for key, answer in HIGH.items() if key != ("W01a", "regions.NORTH")}
    first = send(round_, "BBB", "", 10, "high.xlsx", draft=without)
    later = send(round_, "BBB", "", 12, "low.xlsx", draft={("F01", "status"): Answer("0")})
    made = in_any_order(round_, first, later)
    (missed,) = frame(made.findings)[frame(made.findings)["code"] == "required"].to_dict("records")
    assert (missed["file"], missed["indicator"], missed["field"]) == ("high.xlsx", "W01a", "regions")
    assert verdicts(made)["high.xlsx"] == "to_correct"
