"""Choosing which file counts, among those that the last run shows: what is recorded, what is refused."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from click.testing import CliRunner

from pipeline.cli.main import main
from pipeline.desk.choose import NotChosenError, UnknownFileError, choose, undo
from pipeline.publication.manifest import MANIFEST
from pipeline.publication.results import NotConsolidatedError
from pipeline.receiving import register
from pipeline.receiving.received import ReceivedFile
from questionnaire.rounds.access import Access
from questionnaire.rounds.round import Round
from tests.given import MINI, mini_round

NOW = dt.datetime(2026, 5, 2, 10, 0, tzinfo=dt.UTC)
MARCH, APRIL = "2026-03-15T09:30:00Z", "2026-04-20T14:00:00Z"

# file, respondent, slice, verdict, reason, saved, mail_date
RETURNS = [
    ("old.xlsx", "AAA", "", "accepted", "", MARCH, ""),
    ("mail.eml/new.xlsx", "AAA", "", "accepted", "", "", APRIL),
    ("wrong.xlsx", "AAA", "", "to_correct", "range", "", ""),
    ("part.xlsx", "AAA", "water", "accepted", "", MARCH, ""),
    ("alone.xlsx", "BBB", "", "accepted", "", MARCH, ""),
    ("before.xlsx", "BBB", "", "superseded", "", MARCH, ""),
    ("before (wrong).xlsx", "BBB", "", "superseded", "range", MARCH, ""),
    ("half.xlsx", "CCC", "", "to_complete", "too_little_answered", MARCH, ""),
    ("unseen.xlsx", "CCC", "", "unreadable_in_part", "unreadable_in_part", MARCH, ""),
    ("held.xlsx", "CCC", "", "unverified", "token_missing", MARCH, ""),
    ("twice/new.xlsx", "AAA", "", "accepted", "", "", ""),
    ("sound.xlsx", "CCC", "", "to_approve", "", MARCH, ""),
]
HASHES = {row[0]: f"{number:x}" * 64 for number, row in enumerate(RETURNS)}


@pytest.fixture
def round_(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Round:
    """A round with the register and the results of a run that found these returns."""
    made = mini_round(tmp_path)
    monkeypatch.setenv("LOGNAME", "ana")
    received = [
        ReceivedFile(name, Path(name), sha256, 1, dt.datetime.fromtimestamp(0, dt.UTC))
        for name, sha256 in HASHES.items()
    ]
    register.record(made, received, NOW)
    columns = ["file", "respondent", "slice", "verdict", "reason", "saved", "mail_date"]
    table = pd.DataFrame(RETURNS, columns=columns)
    copy: dict[str, Any] = {**table.iloc[0], "file": "old (copy).xlsx", "respondent": "", "verdict": "duplicate"}
    table = pd.concat([table.assign(sha256=table["file"].map(HASHES)), pd.DataFrame([{**copy, "sha256": "0" * 64}])])
    results = made.results(Access.RESTRICTED)
    results.mkdir(parents=True)
    table.assign(errors=0, warnings=0, blockers=0, indicators_answered=3).to_parquet(results / "returns.parquet")
    found = [("wrong.xlsx", "Water", "D5", "It is too much."), ("before (wrong).xlsx", "", "", "It is wrong.")]
    findings = pd.DataFrame(found, columns=["file", "sheet", "cell", "message"])
    findings.assign(code="range", remedy="Correct it.").to_parquet(results / "findings.parquet")
    waiting = [HASHES[file] for file in ("old.xlsx", "mail.eml/new.xlsx", "twice/new.xlsx")]
    pd.DataFrame({"submission": waiting}).to_parquet(results / "conflicts.parquet")
    (results / MANIFEST).write_text("{}", encoding="utf-8")
    return made


def chosen(round_: Round) -> list[tuple[str, set[str], str, str]]:
    names = {sha256: name for name, sha256 in HASHES.items()}
    history = register.history(round_)
    return [(names[c.sha256], {names[over] for over in c.over}, c.who, c.why) for c in history.choices]


OTHERS = {"old.xlsx", "mail.eml/new.xlsx", "wrong.xlsx", "part.xlsx", "twice/new.xlsx"}


def test_choose__a_file_that_contradicts__is_recorded_over_all_others_of_its_respondent(round_: Round) -> None:
    said = choose(round_, "mail.eml/new.xlsx", "by telephone", NOW)
    assert said.startswith(
        "mail.eml/new.xlsx now counts for AAA, before: old.xlsx, wrong.xlsx, part.xlsx, twice/new.xlsx;"
    )
    assert chosen(round_) == [("mail.eml/new.xlsx", OTHERS - {"mail.eml/new.xlsx"}, "ana", "by telephone")]


@pytest.mark.parametrize("named", ["old.xlsx", "old (copy).xlsx", "0" * 8, "{returns}/old.xlsx"])
def test_choose__a_file_by_any_of_its_names(round_: Round, named: str) -> None:
    choose(round_, named.format(returns=round_.returns), "by telephone", NOW)
    assert [(name, over) for name, over, *_ in chosen(round_)] == [("old.xlsx", OTHERS - {"old.xlsx"})]


@pytest.mark.parametrize("file", ["before.xlsx", "half.xlsx", "unseen.xlsx"])
def test_choose__a_superseded_an_incomplete_or_a_partly_readable_file__may_count(round_: Round, file: str) -> None:
    choose(round_, file, "compared with its cells", NOW)
    assert [name for name, *_ in chosen(round_)] == [file]


@pytest.mark.parametrize(
    ("file", "error", "said"),
    [
        ("alone.xlsx", NotChosenError, "alone.xlsx counts already"),
        ("part.xlsx", NotChosenError, "part.xlsx counts already"),
        ("wrong.xlsx", NotChosenError, r"wrong.xlsx cannot count\. Water D5: It is too much\. Ask"),
        ("before (wrong).xlsx", NotChosenError, r"before \(wrong\).xlsx cannot count\. It is wrong\. Ask"),
        ("held.xlsx", NotChosenError, "It is not certain whose held.xlsx is: accept it first"),
        ("sound.xlsx", NotChosenError, "sound.xlsx waits for nothing but approval: acopio approve rounds/mini CCC"),
        ("new.xlsx", UnknownFileError, "“new.xlsx” means several files: mail.eml/new.xlsx, twice/new.xlsx"),
        ("nowhere.xlsx", UnknownFileError, "The last consolidation found no file “nowhere.xlsx”"),
        ("00000", UnknownFileError, "The last consolidation found no file “00000”"),
    ],
)
def test_choose__what_cannot_be__is_refused_in_a_sentence(
    round_: Round, file: str, error: type[Exception], said: str
) -> None:
    with pytest.raises(error, match=said):
        choose(round_, file, "by telephone", NOW)
    assert chosen(round_) == []


def test_undo__takes_back_every_choice_of_a_file_and_no_other(round_: Round) -> None:
    for file in ("old.xlsx", "mail.eml/new.xlsx", "old.xlsx"):
        choose(round_, file, "by telephone", NOW)
    assert undo(round_, "old.xlsx", "a mistake", NOW).startswith("The choice of old.xlsx is taken back")
    assert [name for name, *_ in chosen(round_)] == ["mail.eml/new.xlsx"]
    with pytest.raises(NotChosenError, match=r"old\.xlsx was not chosen: there is nothing to take back\."):
        undo(round_, "old.xlsx", "a mistake", NOW)


def test_choose__before_a_first_run__has_nothing_to_choose_among(tmp_path: Path) -> None:
    with pytest.raises(NotConsolidatedError):
        choose(mini_round(tmp_path), "old.xlsx", "by telephone", NOW)


def test_command__without_a_reason_or_before_a_run__ends_in_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("questionnaire.rounds.round.read_round.__defaults__", (MINI.parent,))
    folder = str(mini_round(tmp_path).folder)
    for why, code, said in (
        ("...", 2, "Write after --why what makes you sure"),
        ("sure", 1, "not been consolidated yet"),
    ):
        done = CliRunner().invoke(main, ["choose", folder, "a.xlsx", "--why", why])
        assert (done.exit_code, said in done.stderr) == (code, True), done.stderr
