"""More time: who has until when, what the register keeps, and which questionnaires show another day."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from click.testing import CliRunner

from pipeline.cli.main import main
from pipeline.desk.deadlines import deadline_of, extensions
from pipeline.desk.questionnaires import write_questionnaires, written
from pipeline.follow_up.cases import read_cases
from pipeline.follow_up.extend import NotExtendedError, extend, undo
from pipeline.receiving import register
from pipeline.receiving.decision import Decisions
from questionnaire.rounds.round import Round
from tests.given import MINI, mini_round
from tests.pipeline.follow_up.published import publish

NOW = dt.datetime(2026, 4, 22, 10, 0, tzinfo=dt.UTC)
APRIL, MAY, JUNE = dt.date(2026, 4, 30), dt.date(2026, 5, 15), dt.date(2026, 6, 1)


@pytest.fixture
def round_(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Round:
    monkeypatch.setenv("LOGNAME", "ana")
    return mini_round(tmp_path)


def days(round_: Round) -> list[dt.date]:
    return [deadline_of(round_, respondent.code) for respondent in round_.participants]


def test_extend__one_by_its_name__has_until_that_day_and_the_others_not(round_: Round) -> None:
    said = list(extend(round_, "betaland", MAY, "asked by letter", NOW))
    assert said == ["Betaland (BBB) may answer until 2026-05-15 (instead of 2026-04-30); the register has it."]
    assert days(round_) == [APRIL, MAY, APRIL]
    assert [(d.kind, d.respondent, d.value, d.who, d.why) for d in register.decisions(round_).rows] == [
        ("extend", "BBB", "2026-05-15", "ana", "asked by letter")
    ]


def test_extend__to_all__reads_the_register_no_more_often_for_more_questionnaires(
    round_: Round, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[Round] = []
    known = register.decisions

    def decisions(of: Round) -> Decisions:
        read.append(of)
        return known(of)

    monkeypatch.setattr(register, "decisions", decisions)
    list(extend(round_, "", MAY, "holidays", NOW))
    without = len(read)
    write_questionnaires(round_, with_slices=False)
    read.clear()
    said = list(extend(round_, "", JUNE, "holidays", NOW))
    assert (len(read), "AAA_" in said[-1] and "CCC_" in said[-1]) == (without, True)


def test_extend__to_all_and_to_one__the_latest_holds(round_: Round) -> None:
    list(extend(round_, "AAA", JUNE, "asked", NOW))
    list(extend(round_, "", MAY, "holidays", NOW))
    assert days(round_) == [JUNE, MAY, MAY]
    assert "DDD" not in extensions(round_)
    list(undo(round_, "AAA", "a mistake", NOW))
    assert days(round_) == [MAY, MAY, MAY]
    said = list(undo(round_, "", "a mistake", NOW))
    assert said == [
        "The extension for every participant is taken back; the deadline is 2026-04-30 again. The register keeps both."
    ]
    assert days(round_) == [APRIL] * 3
    assert len(register.decisions(round_).rows) == 4


@pytest.mark.parametrize(
    ("respondent", "until", "said"),
    [
        ("AAA", APRIL, "has until 2026-04-30 already"),
        ("DDD", MAY, "Deltaland (DDD) does not take part"),
    ],
)
def test_extend__what_cannot_be_granted__is_refused(round_: Round, respondent: str, until: dt.date, said: str) -> None:
    with pytest.raises(NotExtendedError) as caught:
        list(extend(round_, respondent, until, "asked", NOW))
    assert said in str(caught.value)
    assert register.decisions(round_).rows == ()


def test_undo__of_what_was_not_granted__is_refused(round_: Round) -> None:
    list(extend(round_, "", MAY, "holidays", NOW))
    with pytest.raises(NotExtendedError, match="No extension is in force for Alphaland"):
        list(undo(round_, "AAA", "a mistake", NOW))


def test_questionnaires__written_before__are_reported_and_written_anew_with_the_new_day(round_: Round) -> None:
    write_questionnaires(round_)
    _, said = extend(round_, "AAA", MAY, "asked", NOW)
    assert said.startswith(
        "1 questionnaire written before shows another day: AAA_Alphaland_mini_en.xlsx. It stays valid;"
    )
    write_questionnaires(round_)
    assert [row["return_by"] for row in written(round_)] == ["2026-05-15", "2026-04-30", "2026-04-30"]
    _, said = extend(round_, "", JUNE, "holidays", NOW)
    assert said.startswith("3 questionnaires written before show another day:")


def test_status__of_an_extended_one__counts_to_its_own_day(round_: Round) -> None:
    list(extend(round_, "BBB", MAY, "asked", NOW))
    publish(round_, [{"file": "a.xlsx", "respondent": "", "verdict": "not_a_return"}], NOW)
    cases = read_cases(round_, dt.date(2026, 5, 2)).cases
    assert [(str(case.timing), case.days) for case in cases] == [("overdue", -2), ("due", 13), ("overdue", -2)]


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["AAA", "--until", "2026-05-15"], 0, "Alphaland (AAA) may answer until 2026-05-15"),
        (["--all", "--until", "2026-05-15"], 0, "every participant may answer until 2026-05-15"),
        (["AAA", "--undo"], 1, "nothing to take back"),
        (["--until", "2026-05-15"], 2, "either a respondent or --all"),
        (["AAA", "--all", "--until", "2026-05-15"], 2, "either a respondent or --all"),
        (["AAA"], 2, "either --until DATE"),
        (["AAA", "--until", "2026-05-15", "--undo"], 2, "either --until DATE"),
        (["AAA", "--until", "15 May"], 2, "does not match the format"),
        (["Alphalnd", "--until", "2026-05-15"], 2, "AAA"),
    ],
)
def test_command__extend__does_it_or_says_what_is_missing(
    round_: Round, monkeypatch: pytest.MonkeyPatch, arguments: list[str], code: int, said: str
) -> None:
    monkeypatch.setattr("questionnaire.rounds.round.read_round.__defaults__", (MINI.parent,))
    done = CliRunner().invoke(main, ["extend", str(round_.folder), *arguments, "--why", "asked for in a letter"])
    assert (done.exit_code, said in done.output) == (code, True), done.output
