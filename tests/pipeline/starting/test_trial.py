"""`acopio try` shows the whole journey of a new instrument, and leaves the round as it is."""

from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner, Result

from pipeline.cli.main import main
from pipeline.starting.started import tried_lines
from pipeline.starting.trial import apart, try_out
from questionnaire.rounds.round import Round
from tests.pipeline.starting.test_start import TABLE, started, there


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, [str(one) for one in arguments])


def test_trial__of_one_indicator__writes_beside_the_round(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Round] = []
    monkeypatch.setattr("pipeline.starting.trial.consolidate_round", asked.append)
    round_ = started(tmp_path, "Objective;Indicator\nAim;Number of wells\n", respondents=["BOL"]).round
    before = sorted(round_.folder.iterdir())
    trial = try_out(round_)
    assert sorted(round_.folder.iterdir()) == before
    assert trial.round.folder == tmp_path / "outputs" / "trial" / "water" / "rounds" / "water"
    assert trial.questionnaire.name.startswith("BOL_Bolivia")
    assert len(list(trial.round.returns.iterdir())) == len(trial.written) >= 1
    assert [*trial.planted] == []
    assert asked == [trial.round]


@pytest.mark.wide
def test_trial__of_a_new_instrument__a_questionnaire_returns_and_a_dataset_apart_from_the_round(tmp_path: Path) -> None:
    round_ = started(tmp_path).round
    before = {path: path.read_bytes() for path in tmp_path.rglob("*.*") if path.is_file()}
    trial = try_out(round_)
    regional = pd.read_csv(dict(trial.files)["tried_dataset"])
    assert list(regional["indicator"].unique()) == [one.code for one in round_.instrument.indicators]
    assert len(trial.written) == 2, "one of three sends nothing"
    [(respondent, planted)] = trial.planted
    findings = pd.read_csv(dict(trial.files)["tried_findings"])
    wrong = findings[findings["severity"] == "error"][["code", "respondent", "cell"]].to_dict("records")
    assert wrong == [{"code": "not_a_number", "respondent": respondent, "cell": planted.cell}]
    said = [*tried_lines(trial, str)]
    assert any(line.startswith("On purpose, so that you see what happens then: Respondent") for line in said)
    assert any("sent nothing. All else is made up." in line for line in said)
    folder = next(line for line in said if line.startswith("Where to look next, in ")).removeprefix(
        "Where to look next, in "
    )
    assert (Path(folder.removesuffix(":")) / "report" / "index.html").exists()
    assert trial.questionnaire.name == "R01_Respondent-1_water_en.xlsx"
    assert [key for key, path in trial.files if not path.exists()] == []
    assert {path: path.read_bytes() for path in before} == before
    made = [path for path in tmp_path.rglob("*.*") if path.is_file() and path not in before]
    assert made
    assert [path for path in made if not path.is_relative_to(tmp_path / "outputs" / "trial" / "water")] == []


def test_trial__of_many_respondents__has_the_reference_values_of_the_first_five(tmp_path: Path) -> None:
    codes = ["BOL", "PER", "ECU", "CHL", "BRA", "ARG"]
    round_ = started(tmp_path, "Indicator;Target\nNumber of wells;30\n", respondents=codes).round
    trial = apart(round_, tmp_path / "trial")
    assert [one.code for one in trial.respondents] == codes[:5]
    assert [value.respondent for value in trial.references] == codes[:5]


def test_command__of_what_is_not_there__says_how_to_make_it(tmp_path: Path) -> None:
    done = run("try", tmp_path / "water")
    assert done.exit_code == 2
    assert f"acopio new {tmp_path / 'water'}" in done.output


@pytest.mark.wide
def test_command__by_name_or_by_round__names_what_it_made_and_can_be_repeated(tmp_path: Path) -> None:
    path = tmp_path / "plan.csv"
    path.write_text(TABLE, encoding="utf-8")
    assert run("new", tmp_path / "water", path, "--respondents", "bol, kor", "--language", "es").exit_code == 0
    where = there(tmp_path / "water")
    printed = []
    for name in (tmp_path / "water", where.round):
        done = run("try", name)
        assert done.exit_code == 0, done.output
        printed.append(done.output)
    assert printed[0] == printed[1]
    assert "el cuestionario de Bolivia (Estado Plurinacional de), vacío" in printed[0]
    assert str(where.round.parents[1] / "outputs" / "trial" / "water") in printed[0]
