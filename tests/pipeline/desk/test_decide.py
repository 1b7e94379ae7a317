"""Decisions about answers: what is refused, where it says so, and that nothing of it reaches the register."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from pipeline.desk.decide import NotDecidedError, approve, correct, reopen, resolve, undo
from pipeline.desk.naming import UnknownError
from pipeline.publication.manifest import MANIFEST
from pipeline.receiving import register
from pipeline.receiving.decision import Kind
from pipeline.receiving.received import ReceivedFile
from questionnaire.answer_columns import COLUMN_NAMES
from questionnaire.rounds.access import Access
from questionnaire.rounds.round import Round
from tests.with_list import list_round

NOW = dt.datetime(2026, 5, 6, 8, tzinfo=dt.UTC)
FILES = {"water.xlsx": "1" * 64, "in a.zip/parks.xlsx": "2" * 64}
_NUMBERS = {"number": None, "line": 1}


def answer(file: str, field: str, outcome: str = "waiting", **said: Any) -> dict[str, Any]:
    """A row of the published table of answers."""
    row = dict.fromkeys(COLUMN_NAMES, "") | _NUMBERS | {"respondent": "AAA", "block": "W01b", "indicator": "W01b"}
    return (
        row | {"file": file, "submission": FILES[file], "field": field, "outcome": outcome, "status": "answered"} | said
    )


@pytest.fixture
def round_(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Round:
    """Two files of AAA that differ in an amount and in its currency; W01a.total is published as 7, of which 2 in towns."""
    monkeypatch.setenv("LOGNAME", "ana")
    made = list_round(tmp_path)
    folder = made.results(Access.RESTRICTED)
    folder.mkdir(parents=True)
    conflicts = [
        {"respondent": "AAA", "question": "W01b.spent", "answer": value, "file": file, "submission": FILES[file]}
        for value, file in zip(("1", "2"), FILES, strict=True)
    ]
    pd.DataFrame(conflicts).to_parquet(folder / "conflicts.parquet")
    returns = [
        {"respondent": "AAA", "file": file, "sha256": sha256, "verdict": "accepted"} for file, sha256 in FILES.items()
    ]
    pd.DataFrame(returns).to_parquet(folder / "returns.parquet")
    register.record(made, [ReceivedFile(file, Path(file), sha256, 1, NOW) for file, sha256 in FILES.items()], NOW)
    first, second = FILES
    whole = {"block": "W01a", "indicator": "W01a", "outcome": "published"}
    answers = [
        answer(first, "spent", number=1.0), answer(second, "spent", number=2.0),
        answer(first, "spent.currency", code="EUR"), answer(second, "spent.currency", code="USD"),
        answer(first, "status", code="1", **whole),
        answer(first, "total", number=7.0, raw="7", sheet="Water", cell="D9", **whole),
        answer(first, "urban", number=2.0, **whole), answer(first, "rural", number=5.0, **whole),
    ]  # fmt: skip
    for file, line in ((first, 1), (second, 2)):
        listed: dict[str, Any] = {
            "block": "projects",
            "indicator": "F01",
            "outcome": "published",
            "line": line,
            "sheet": "List",
        }
        said = {"indicator": "F01", "partner": "BBB", "name": None, "begun": None, "free_use": None}
        answers += [
            answer(file, field, code=code, raw=code or "", status="answered" if code else "blank", **listed)
            for field, code in said.items()
        ]
    table = pd.DataFrame(answers)
    table.assign(date=pd.to_datetime(table["date"].replace("", None)), code=table["code"].replace("", None),
                 text=table["text"].replace("", None)).to_parquet(folder / "answers.parquet")  # fmt: skip
    (folder / MANIFEST).write_text("{}", encoding="utf-8")
    return made


def decided(round_: Round) -> list[tuple[str, str, str, str]]:
    rows = register.decisions(round_).rows
    return [(str(entry.kind), entry.question, entry.value or entry.sha256[:2], entry.why) for entry in rows]


@pytest.mark.parametrize(
    ("respondent", "question", "value", "error", "said"),
    [
        ("Alphalnd", "W01a.total", "3", UnknownError, "AAA Alphaland"),
        ("AAA", "W1a.total", "3", UnknownError, "W01a"),
        ("AAA", "W01a.totl", "3", UnknownError, "total"),
        (
            "AAA",
            "projects.partner",
            "BBB",
            UnknownError,
            "is a list: name a line, as the sheet numbers it, and a column",
        ),
        ("AAA", "projects[5].partner", "BBB", UnknownError, "no line “5”; name it like this: “projects[1].free_use”"),
        ("AAA", "projects[3].partner", "BBB", UnknownError, "there are projects[1] water.xlsx, projects[2] in a.zip/"),
        ("AAA", "projects[1].partner", "AAA", NotDecidedError, "names your own country"),
        ("AAA", "projects[1].indicator", "F01", UnknownError, "ask the respondent for a corrected file"),
        ("AAA", "projects[1].begun", "long ago", NotDecidedError, "“long ago” cannot be read"),
        ("AAA", "W01a.total", "many", NotDecidedError, "many"),
        ("AAA", "W01a.total", "-3", NotDecidedError, "W01a.total"),
        ("AAA", "W01a.total", "9", NotDecidedError, "The total is not the sum of its parts. Correct the total"),
        ("AAA", "W01a.regions", "NORTH;NOWHERE", NotDecidedError, "NORTH;NOWHERE"),
    ],
)
def test_correct__what_cannot_be__is_refused_with_what_there_is_and_nothing_is_recorded(
    respondent: str, question: str, value: str, error: type[Exception], said: str, round_: Round
) -> None:
    with pytest.raises(error) as refused:
        correct(round_, respondent, [(question, value)], by="Eva Roth", why="by telephone", at=NOW)
    assert said in str(refused.value)
    assert decided(round_) == []


def test_correct__a_part__is_refused_where_the_total_no_longer_fits_and_named_with_it(round_: Round) -> None:
    with pytest.raises(NotDecidedError) as refused:
        correct(round_, "AAA", [("W01a.urban", "3")], by="Eva Roth", why="by telephone", at=NOW)
    assert str(refused.value).split("\n") == [
        "Nothing was recorded: with this answer to W01a.urban, a rule that must hold would be broken.",
        "W01a.total (“7”, Water D9), rule parts: The total is not the sum of its parts. Correct the total or a part.",
        "If other answers change too, give all of them in one command, each question with its value: "
        'acopio correct rounds/mini AAA W01a.total \'…\' W01a.urban 3 --by "..." --why "..."',
    ]
    assert decided(round_) == []


def test_correct__what_belongs_together__is_recorded_together_or_not_at_all(round_: Round) -> None:
    given = [("W01a.urban", "3"), ("W01a.total", "8")]
    with pytest.raises(UnknownError, match="urbn is not a question of W01a"):
        correct(round_, "AAA", [*given, ("W01a.urbn", "3")], by="Eva Roth", why="by telephone", at=NOW)
    with pytest.raises(NotDecidedError, match=r"W01a\.urban is named twice"):
        correct(round_, "AAA", [*given, ("w01a URBAN", "4")], by="Eva Roth", why="by telephone", at=NOW)
    assert decided(round_) == []
    said = correct(round_, "AAA", given, by="Eva Roth", why="by telephone", at=NOW)
    assert "W01a.urban of AAA is now “3” (before: “–”)" in said
    assert "W01a.total of AAA is now “8” (before: “7”)" in said
    assert [entry[1:3] for entry in decided(round_)] == given
    with pytest.raises(NotDecidedError, match=r"W01a\.rural"):
        undo(round_, Kind.CORRECT, "AAA", "W01a.urban", "W01a.rural", why="a mistake", at=NOW)
    undo(round_, Kind.CORRECT, "AAA", "W01a.urban", "w01a TOTAL", why="a mistake", at=NOW)
    assert register.decisions(round_).in_force == ()


def test_correct__a_part_left_blank__is_checked_as_blank_and_recorded(round_: Round) -> None:
    said = correct(round_, "alphaland", [("w01a URBAN", "")], by="Eva Roth", why="by telephone", at=NOW)
    assert "W01a.urban of AAA" in said
    assert decided(round_) == [("correct", "W01a.urban", "", "by telephone")]


def test_correct__within_a_line__is_of_the_file_that_has_it_and_is_taken_back_as_typed(round_: Round) -> None:
    said = correct(round_, "AAA", [("Projects[L2] partner", "CCC")], by="Eva Roth", why="by telephone", at=NOW)
    assert "projects[2].partner of AAA is now “CCC” (before: “BBB”)" in said
    (entry,) = register.decisions(round_).in_force
    assert (entry.question, entry.sha256) == ("projects[2].partner", "2" * 64)
    with pytest.raises(UnknownError, match=r"projects\[2\] in a\.zip"):
        correct(
            round_, "AAA", [("projects[2].partner", "CCC")], file="water.xlsx", by="Eva", why="by telephone", at=NOW
        )
    undo(round_, Kind.CORRECT, "AAA", "PROJECTS[2] partner", why="a mistake", at=NOW)
    assert register.decisions(round_).in_force == ()


def test_correct__within_a_line_again__is_of_the_file_whose_line_counts(round_: Round) -> None:
    correct(round_, "AAA", [("projects[2].partner", "CCC")], by="Eva Roth", why="by telephone", at=NOW)
    path = round_.results(Access.RESTRICTED) / "answers.parquet"
    table = pd.read_parquet(path)
    own = (table["block"] == "projects") & (table["line"] == 2)
    partner = own & (table["field"] == "partner")
    said = table[partner].assign(submission="decision-1", file="register.sqlite", raw="CCC")
    older = table[own].assign(file="water.xlsx", submission="1" * 64, outcome="superseded")
    table.loc[partner, "outcome"] = "superseded"
    pd.concat([older, table, said], ignore_index=True).to_parquet(path)
    told = correct(round_, "AAA", [("projects[2].partner", "BBB")], by="Eva Roth", why="by telephone", at=NOW)
    assert "now “BBB” (before: “CCC”)" in told
    assert {entry.sha256 for entry in register.decisions(round_).rows} == {"2" * 64}


def test_correct__within_a_line__leaves_the_line_of_that_number_in_another_file(round_: Round) -> None:
    path = round_.results(Access.RESTRICTED) / "answers.parquet"
    table = pd.read_parquet(path)
    of_list = table["block"] == "projects"
    table.loc[of_list, "line"] = 1
    parks = of_list & (table["file"] != "water.xlsx")
    table.loc[parks & (table["field"] == "partner"), "code"] = "OTHER"
    table.loc[parks & (table["field"] == "name"), ["text", "status"]] = ["Zedland", "answered"]
    table.to_parquet(path)
    correct(round_, "AAA", [("projects[1].name", "")], file="water.xlsx", by="Eva", why="by telephone", at=NOW)
    with pytest.raises(NotDecidedError, match=r"projects\[1\]\.name \(“–”\), rule "):
        correct(round_, "AAA", [("projects[1].name", "")], file="parks.xlsx", by="Eva", why="by telephone", at=NOW)


def test_resolve__lines_by_a_value__is_refused_as_a_file_has_them(round_: Round) -> None:
    path = round_.results(Access.RESTRICTED) / "conflicts.parquet"
    table = pd.read_parquet(path)
    table.assign(question="projects.F01").to_parquet(path)
    with pytest.raises(NotDecidedError, match=r"lines of a list\. Take those of one file with --take"):
        resolve(round_, "AAA", "projects.F01", take="", value="BBB", why="by telephone", at=NOW)
    resolve(round_, "AAA", "projects.F01", take="water.xlsx", value="", why="by telephone", at=NOW)
    assert decided(round_) == [("resolve", "projects.F01", "11", "by telephone")]


@pytest.mark.parametrize(
    ("question", "take", "error", "said"),
    [
        ("W01a.total", "water.xlsx", NotDecidedError, "W01b.spent"),
        ("W01b.spent", "wter.xlsx", UnknownError, "water.xlsx"),
        ("W01b.spent", "3" * 64, UnknownError, "water.xlsx"),
    ],
)
def test_resolve__of_what_is_no_conflict_or_by_no_file_of_it__says_what_waits(
    question: str, take: str, error: type[Exception], said: str, round_: Round
) -> None:
    with pytest.raises(error) as refused:
        resolve(round_, "AAA", question, take=take, value="", why="by telephone", at=NOW)
    assert said in str(refused.value)
    assert decided(round_) == []


@pytest.mark.parametrize("take", ["in a.zip/parks.xlsx", "parks.xlsx", "2" * 8])
def test_resolve__by_a_file_named_in_any_way__takes_its_answer(take: str, round_: Round) -> None:
    resolve(round_, "AAA", "W01b.spent", take=take, value="", why="by telephone", at=NOW)
    assert decided(round_) == [("resolve", "W01b.spent", "22", "by telephone")]


def test_resolve__one_field_of_several_that_differ__says_which_is_left_until_it_is_settled(round_: Round) -> None:
    first = resolve(round_, "AAA", "W01b.spent", take="", value="9", why="by telephone", at=NOW)
    assert "The files differ in W01b.spent.currency too: all of the question waits." in first
    second = resolve(round_, "AAA", "W01b.spent.currency", take="", value="EUR", why="by telephone", at=NOW)
    assert "too" not in second


def test_undo__of_a_decision_named_in_other_capitals__takes_it_back_and_of_none_says_which_there_are(
    round_: Round,
) -> None:
    resolve(round_, "AAA", "W01b.spent", take="water.xlsx", value="", why="by telephone", at=NOW)
    with pytest.raises(NotDecidedError, match=r"W01b\.spent"):
        undo(round_, Kind.RESOLVE, "AAA", "W01a.total", why="a mistake", at=NOW)
    undo(round_, Kind.RESOLVE, "AAA", "w01b SPENT", why="a mistake", at=NOW)
    assert register.decisions(round_).in_force == ()


def test_approve__covers_the_files_there_are_and_is_refused_where_there_is_none(round_: Round) -> None:
    assert "in a.zip/parks.xlsx, water.xlsx" in approve(round_, "AAA", why="read", at=NOW)
    assert register.decisions(round_).rows[0].value == " ".join(FILES.values())
    with pytest.raises(NotDecidedError, match="BBB"):
        approve(round_, "BBB", why="read", at=NOW)
    with pytest.raises(UnknownError):
        reopen(round_, "ZZZ", why="read", at=NOW)
    assert len(register.decisions(round_).rows) == 1
