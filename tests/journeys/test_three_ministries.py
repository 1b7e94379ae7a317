"""Three ministries of one state: a conflict resolved, a telephone correction, its explanation, a reopened return."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from pipeline.desk import questionnaires
from questionnaire.rounds.round import read_round
from questionnaire.rules.evaluate import Answer
from tests.given import mini_round
from tests.journeys.test_held_returns import ROUND, acopio, known
from tests.journeys.test_slices import send


def results(name: str) -> pd.DataFrame:
    done = acopio("consolidate", ROUND)
    assert done.exit_code == 0, done.stderr
    return pd.read_parquet(f"outputs/mini/restricted/{name}.parquet")


@pytest.mark.wide
def test_three_ministries__a_conflict_a_correction_and_a_reopened_return(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    known(monkeypatch)
    monkeypatch.chdir(tmp_path)
    round_ = mini_round(Path())
    (round_.folder / "slices.csv").write_text(
        "respondent,slice,title_en,title_fr,sections,indicators\n"
        "*,water,Water,Eau,,W01a\n*,parks,Parks,Parcs,,W01a F01\n*,forests,Forests,Forêts,,F01\n",
        encoding="utf-8",
    )
    round_ = read_round(round_.folder)
    questionnaires.write_questionnaires(round_, with_slices=True)
    round_.returns.mkdir(exist_ok=True)
    send(round_, "AAA", "water", 10, "water.xlsx", draft={("W01a", "total"): Answer(7)})
    send(round_, "AAA", "parks", 11, "parks.xlsx", draft={("W01a", "total"): Answer(8), ("F01", "total"): Answer(3)})
    send(round_, "AAA", "forests", 12, "forests.xlsx", draft={("F01", "total"): Answer(3)})
    conflicts = results("conflicts")
    assert sorted(zip(conflicts["question"], conflicts["answer"], conflicts["file"], strict=True)) == [
        ("W01a.total", "7", "water.xlsx"), ("W01a.total", "8", "parks.xlsx"),
    ]  # fmt: skip
    assert Path("outputs/mini/restricted/conflicts/AAA/conflicts.xlsx").exists()
    why = ("--why", "by telephone")
    wrong = acopio("resolve", ROUND, "Alphaland", "W01a.total", "--take", "forest.xlsx", *why)
    assert (wrong.exit_code, "these are: parks.xlsx, water.xlsx" in wrong.stderr) == (2, True), wrong.stderr
    assert acopio("resolve", ROUND, "Alpha", "W01a.total", "--take", "parks.xlsx", *why).exit_code == 0
    assert results("conflicts").empty
    refused = acopio("correct", ROUND, "AAA", "F01.total", "-3", "--by", "Eva Roth", *why)
    assert refused.exit_code != 0
    done = acopio("correct", ROUND, "AAA", "F01.total", "4", "--by", "Eva Roth", *why)
    assert done.exit_code == 0, done.stderr
    answers = results("answers")
    published = answers[(answers["outcome"] == "published") & (answers["field"] == "total")]
    shown = published[["block", "number", "file", "value_source"]].dropna().to_numpy().tolist()
    assert sorted(shown) == [["F01", 4, "register.sqlite", "correction"], ["W01a", 8, "parks.xlsx", "resolution"]]
    told = acopio("explain", ROUND, "alphaland", "f01", "total").stdout
    assert "corrected by the secretariat on" in told
    assert "as Eva Roth stated: by telephone" in told
    assert acopio("reopen", ROUND, "AAA", *why).exit_code == 0
    assert set(results("returns")["verdict"]) == {"to_approve"}
    assert acopio("approve", ROUND, "AAA", *why).exit_code == 0
    assert acopio("correct", ROUND, "AAA", "F01.total", "--undo", *why).exit_code == 0
    assert set(results("returns")["verdict"]) <= {"accepted", "superseded"}
    decisions = pd.read_csv("outputs/mini/restricted/decisions.csv")
    assert decisions["kind"].tolist() == ["resolve", "correct", "reopen", "approve", "correct"]
    assert decisions["in_force"].tolist() == [True, False, False, True, False]
