"""A whole round, from the invitation to the thanks, beside a sheet kept by hand of what each answer must be."""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from html import unescape
from pathlib import Path

import pandas as pd
import pytest

from pipeline.desk import questionnaires
from questionnaire.layout import Column, Layout
from questionnaire.rounds.round import Round, read_round
from questionnaire.rules.evaluate import Answer
from questionnaire.sheet_names import tab_names
from tests.given import mini_round
from tests.journeys.test_held_returns import ROUND, acopio, known, line
from tests.journeys.test_slices import send
from tests.office import Step, calculated

WHY = ("--why", "by telephone")
RESTRICTED = Path("outputs/mini/restricted")
SLICES = """respondent,slice,title_en,title_fr,sections,indicators
AAA,water,Water,Eau,,W01a
AAA,parks,Parks,Parcs,,W01a F01
AAA,forests,Forests,Forêts,,F01 W01b W02
"""
CONTACTS = """respondent,name,email,role
AAA,Ana,ana@aaa.example,to
BBB,Bea,bea@bbb.example,to
CCC,Cec,cec@ccc.example,to
"""
BY_HAND = {
    ("AAA", "W01a.total"): (8, "parks.xlsx", "resolution"),
    ("AAA", "F01.total"): (4, "register.sqlite", "correction"),
    ("BBB", "W01a.total"): (5, "BBB corrected.xlsx", "return"),
    ("BBB", "F01.total"): (41, "BBB corrected.xlsx", "return"),
    ("CCC", "F01.total"): (6, "CCC.xlsx", "return"),
}


def done(*arguments: str) -> str:
    run = acopio(*arguments)
    assert run.exit_code == 0, (arguments, run.stderr, run.stdout)
    return run.stdout


def verdicts() -> dict[str, str]:
    done("consolidate", ROUND)
    returns = pd.read_parquet(RESTRICTED / "returns.parquet")
    return dict(zip(returns["file"], returns["verdict"], strict=True))


def letters(what: str) -> dict[str, str]:
    """Who would get a letter, and its subject."""
    shown = done("mail", ROUND, "--what", what, "--dry-run").splitlines()
    return {parts[0]: parts[2].partition(" → ")[0] for text in shown if len(parts := text.split(" · ")) == 3}


def opened_round() -> Round:
    """A round that asks for approval, whose questionnaires and invitations are written."""
    round_ = mini_round(Path(), more="approval = true\n")
    (round_.folder / "slices.csv").write_text(SLICES, encoding="utf-8")
    (round_.folder / "contacts.csv").write_text(CONTACTS, encoding="utf-8")
    refused = acopio("mail", ROUND, "--what", "invitation")
    assert (refused.exit_code, "acopio questionnaires rounds/mini" in refused.stderr) == (1, True), refused.stdout
    questionnaires.write_questionnaires(read_round(round_.folder), with_slices=True)
    done("mail", ROUND, "--what", "invitation")
    assert len(list(Path("outputs/mini/letters/invitation").glob("*.eml"))) == 3
    return read_round(round_.folder)


def first_returns(round_: Round) -> None:
    """Three ministries of AAA that contradict each other, a return of BBB that is held and wrong, CCC too late."""
    round_.returns.mkdir(exist_ok=True)
    send(round_, "AAA", "water", 10, "water.xlsx", draft={("W01a", "total"): Answer(7)})
    send(round_, "AAA", "parks", 11, "parks.xlsx", draft={("W01a", "total"): Answer(8), ("F01", "total"): Answer(3)})
    send(round_, "AAA", "forests", 12, "forests.xlsx", draft={("F01", "total"): Answer(3)})
    wrong = {
        ("W01a", "status"): Answer("1"), ("W01a", "total"): Answer(5),
        ("F01", "status"): Answer("1"), ("F01", "total"): Answer(1_000_001),
    }  # fmt: skip
    spoiled = line(round_, "BBB"), line(round_, "BBB", token="0" * 16)
    send(round_, "BBB", "", 10, "BBB.xlsx", draft=wrong, edit=lambda book: book.replace(*spoiled))
    send(round_, "CCC", "", 80, "CCC.xlsx", draft={("F01", "status"): Answer("1"), ("F01", "total"): Answer(6)})


def corrected_in_libreoffice(round_: Round, uno_python: Path, given_back: Path, target: Path) -> list[str]:
    """Type the right total into the workbook given back, sign it, and save it; gives the texts of its first sheet."""
    layout = Layout.of(round_)
    slot = layout.slot("F01", "total")
    tab = tab_names(layout)[slot.sheet]
    step = Step(cells=((tab, slot.cell(Column.ANSWER), "41"),), save_as=(str(target),))
    with zipfile.ZipFile(given_back) as package:
        assert unescape(package.read("xl/workbook.xml").decode()).count("<sheet ") > len(layout.instrument.sections)
    (((after,)),) = calculated(uno_python, [(given_back, [step])])
    first: Sequence[Sequence[object]] = next(iter(after.sheets.values()))
    return [str(cell) for row in first for cell in row if cell]


@pytest.mark.wide
@pytest.mark.libreoffice
def test_round__from_invitation_to_thanks__is_what_the_sheet_kept_by_hand_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, uno_python: Path
) -> None:
    known(monkeypatch)
    monkeypatch.chdir(tmp_path)
    round_ = opened_round()
    assert set(letters("reminder")) == {"AAA", "BBB", "CCC"}
    first_returns(round_)
    assert verdicts() == dict.fromkeys(("water.xlsx", "parks.xlsx", "forests.xlsx", "CCC.xlsx"), "to_approve") | {
        "BBB.xlsx": "unverified"
    }
    status = done("status", ROUND)
    assert "nothing: for us to approve" in status
    assert "missing" not in status
    assert status.count("acopio approve rounds/mini AAA") == 1
    assert "late" in next(text for text in status.splitlines() if text.startswith("CCC"))
    # Whoever owes nothing is not reminded; whose file is held gets the letter about it.
    assert letters("reminder") == {"BBB": "Un fichier au nom de Bétalande : est-il de vous ?"}
    done("accept", ROUND, "BBB.xlsx", "--as", "Betaland", *WHY)
    done("extend", ROUND, "CCC", "--until", "2026-06-30", *WHY)
    for code in ("AAA", "CCC"):
        done("approve", ROUND, code, *WHY)
    assert verdicts()["BBB.xlsx"] == "to_correct"
    status = done("status", ROUND)
    assert "saved in time" in next(text for text in status.splitlines() if text.startswith("CCC"))
    assert "acopio resolve rounds/mini AAA W01a.total --take" in status
    assert letters("thanks") == {"CCC": "Thank you: the questionnaire of Gammaland is accepted"}
    done("resolve", ROUND, "AAA", "W01a.total", "--take", "parks.xlsx", *WHY)
    done("correct", ROUND, "Alphaland", "f01 total", "4", "--by", "Eva Roth", *WHY)
    done("feedback", ROUND)
    (given_back,) = Path("outputs/mini/feedback").glob("BBB*.xlsx")
    first = corrected_in_libreoffice(round_, uno_python, given_back.resolve(), tmp_path / "BBB corrected.xlsx")
    assert any("1000001" in text for text in first), first
    (tmp_path / "BBB corrected.xlsx").rename(round_.returns / "BBB corrected.xlsx")
    assert verdicts()["BBB corrected.xlsx"] == "to_approve"
    done("approve", ROUND, "BBB", *WHY)
    done("reopen", ROUND, "CCC", *WHY)
    assert verdicts()["CCC.xlsx"] == "to_approve"
    assert set(letters("thanks")) == {"AAA", "BBB"}
    done("approve", ROUND, "CCC", *WHY)
    assert set(verdicts().values()) <= {"accepted", "superseded"}
    assert set(letters("thanks")) == {"AAA", "BBB", "CCC"}
    assert letters("reminder") == {}
    _compare_with_sheet()
    # What is decided later leaves the results true of what was decided then.
    done("extend", ROUND, "--all", "--until", "2099-01-01", *WHY)
    assert "All is well" in done("verify", ROUND)


def _compare_with_sheet() -> None:
    answers = pd.read_parquet(RESTRICTED / "answers.parquet")
    own = answers[(answers["outcome"] == "published") & (answers["field"] == "total") & answers["number"].notna()]
    assert {
        (row["respondent"], f"{row['block']}.total"): (row["number"], row["file"], row["value_source"])
        for row in own.to_dict("records")
    } == BY_HAND
    assert "corrected by the secretariat on" in done("explain", ROUND, "AAA", "F01", "total")
    assert pd.read_parquet(RESTRICTED / "conflicts.parquet").empty
    assert set(pd.read_parquet(RESTRICTED / "reconciliation.parquet")["balanced"]) == {True}
    parts = pd.read_parquet(RESTRICTED / "parts.parquet")
    assert parts[["slice", "missing"]].to_numpy().tolist() == [["water", ""], ["parks", ""], ["forests", "W01b W02"]]
    decisions = pd.read_csv(RESTRICTED / "decisions.csv")
    assert decisions[["kind", "respondent"]].to_numpy().tolist() == [
        ["accept", "BBB"], ["extend", "CCC"], ["approve", "AAA"], ["approve", "CCC"], ["resolve", "AAA"],
        ["correct", "AAA"], ["approve", "BBB"], ["reopen", "CCC"], ["approve", "CCC"],
    ]  # fmt: skip
    assert (decisions["decided_by"] == "ana").all()
