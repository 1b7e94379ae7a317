"""What a secretariat drags from its mail program into the folder of returns, by the commands that a user types."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from random import Random

import pandas as pd
import pytest
from click.testing import CliRunner, Result

from pipeline.cli.main import main
from pipeline.desk import questionnaires
from pipeline.simulation.fill import FilledWorkbook
from questionnaire.layout import Layout
from questionnaire.rounds.round import Round
from questionnaire.sample import Sampler
from questionnaire.sheet_names import tab_names
from questionnaire.workbook.write import file_name
from tests.given import MINI, PERIOD, mini_round
from tests.pipeline.mails import mail, outlook, zipped

ROUND = "rounds/mini"


@pytest.fixture
def round_(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Round:
    """A round whose questionnaires were sent, in the folder that commands are typed in."""
    made = mini_round(tmp_path)
    monkeypatch.setattr("questionnaire.rounds.round.read_round.__defaults__", (MINI.parent,))
    monkeypatch.chdir(tmp_path)
    questionnaires.write_questionnaires(made)
    made.returns.mkdir()
    return made


def filled(round_: Round, code: str) -> bytes:
    """The questionnaire of a respondent, filled in without a fault."""
    respondent = round_.respondent(code)
    assert respondent
    layout = Layout(round_.instrument)
    sent = questionnaires.folder(round_) / file_name(round_, respondent)
    book = FilledWorkbook(sent, layout, tab_names(layout), respondent.language)
    book.answer(Sampler(layout.instrument, PERIOD, Random(code), respondent.language).valid())
    path = round_.folder / f"{code}.xlsx"
    book.save(path, dt.datetime(2026, 3, 1))
    return path.read_bytes()


def acopio(*arguments: str) -> Result:
    return CliRunner().invoke(main, arguments)


def test_mails_and_archives__dragged_into_the_returns__are_read_to_the_last_workbook(round_: Round) -> None:
    alpha, beta, gamma = (filled(round_, code) for code in ("AAA", "BBB", "CCC"))
    for name, data in {
        "Re_ questionnaire.eml": mail(
            [("answers.xlsx", alpha), ("law.pdf", b"%PDF-1.7")], "ana@a.example", "Réponse", logo=True
        ),
        "Réponse.msg": outlook(
            [("questionnaire.zip", zipped({"dossier/réponse.xls": beta}))], "Bo <bo@b.example>", "=cmd"
        ),
        "apology.eml": mail(subject="Out of office"),
        "gamma.xlsx": gamma,
        "gamma again.eml": mail([("x.xlsx", gamma)], "c@c.example"),
    }.items():
        (round_.returns / name).write_bytes(data)
    done = acopio("consolidate", ROUND)
    assert done.exit_code == 0, done.output
    returns = pd.read_parquet("outputs/mini/restricted/returns.parquet")
    assert returns[["file", "respondent", "verdict", "sender"]].to_numpy().tolist() == [
        ["Re_ questionnaire.eml", "", "not_a_return", "ana@a.example"],
        ["Re_ questionnaire.eml/answers.xlsx", "AAA", "accepted", "ana@a.example"],
        ["Re_ questionnaire.eml/law.pdf", "", "not_a_return", "ana@a.example"],
        ["Réponse.msg", "", "not_a_return", '"Bo" <bo@b.example>'],
        ["Réponse.msg/questionnaire.zip", "", "not_a_return", '"Bo" <bo@b.example>'],
        ["Réponse.msg/questionnaire.zip/dossier/réponse.xls", "BBB", "accepted", '"Bo" <bo@b.example>'],
        ["apology.eml", "", "not_usable", "Ana Souza <ana@mj.example>"],
        ["gamma again.eml", "", "not_a_return", "c@c.example"],
        ["gamma again.eml/x.xlsx", "", "duplicate", "c@c.example"],
        ["gamma.xlsx", "CCC", "accepted", ""],
    ]
    assert returns["subject"].iloc[3] == "=cmd"
    assert ",'=cmd," in Path("outputs/mini/restricted/returns.csv").read_text(encoding="utf-8-sig")
    kept = {path.name for path in round_.store.rglob("*") if path.is_file()}
    assert kept == set(returns["sha256"])


def test_check__a_mail__checks_each_workbook_and_says_what_it_holds(round_: Round) -> None:
    data = mail([("answers.xlsx", filled(round_, "AAA")), ("broken.xlsx", filled(round_, "BBB")[:5000])])
    (round_.folder / "a.eml").write_bytes(data)
    done = acopio("check", f"{ROUND}/a.eml", "--language", "en", "--round", ROUND)
    assert done.exit_code == 1
    assert done.output.splitlines()[0] == "a.eml: NOTE [container_opened]"
    assert "It holds: answers.xlsx, broken.xlsx." in done.output
    assert "a.eml/broken.xlsx: BLOCKER [workbook_damaged]" in done.output
    (round_.folder / "b.eml").write_bytes(mail([("scan.pdf", b"%PDF-1.7")]))
    none = acopio("check", f"{ROUND}/b.eml", "--language", "es")
    assert none.exit_code == 1
    assert "[container_without_workbook]" in none.output
    assert "pida al remitente el cuestionario de Excel" in none.output
