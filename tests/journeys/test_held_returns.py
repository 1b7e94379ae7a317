"""Returns of which it is not certain whose they are: held, shown with a command, accepted, and taken back again."""

import datetime as dt
import hashlib
import re
import shlex
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, replace
from email.message import EmailMessage
from pathlib import Path
from random import Random

import pandas as pd
import pytest
from click.testing import CliRunner, Result

from pipeline.cli.main import main
from pipeline.desk import questionnaires
from pipeline.receiving.receive import receive
from pipeline.receiving.register import REGISTER
from pipeline.receiving.store import Store
from pipeline.simulation.fill import FilledWorkbook
from questionnaire.layout import Layout
from questionnaire.rounds.round import Round, read_round
from questionnaire.rounds.round_key import KEY
from questionnaire.sample import Sampler
from questionnaire.sheet_names import tab_names
from questionnaire.workbook.write import file_name, identity
from tests.given import MINI, PERIOD, mini_round, replace_in

pytestmark = pytest.mark.wide

ROUND = "rounds/mini"


@dataclass(frozen=True)
class Seen:
    """What a run leaves: respondent, verdict and reason of each file, what became of its answers, and what is shown."""

    returns: dict[str, tuple[str, str, str]]
    outcomes: dict[str, set[str]]
    responses: dict[str, str]
    notes: dict[str, tuple[str, str, str]]
    status: str


def known(patch: pytest.MonkeyPatch) -> None:
    """Let commands know the small instrument, and who types them."""
    patch.setattr("questionnaire.rounds.round.read_round.__defaults__", (MINI.parent,))
    patch.setenv("LOGNAME", "ana")


@pytest.fixture
def round_(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Round:
    """A round whose questionnaires were sent, in the folder that commands are typed in."""
    made = mini_round(tmp_path)
    known(monkeypatch)
    monkeypatch.chdir(tmp_path)
    questionnaires.write_questionnaires(made)
    return made


def send(round_: Round, code: str, file: str, replaced: Mapping[str, str] | None = None, days: int = 0) -> Path:
    """Fill in the questionnaire of a respondent, with some texts of it replaced, into the returns."""
    respondent = round_.respondent(code)
    assert respondent
    layout = Layout(round_.instrument)
    sent = questionnaires.folder(round_) / file_name(round_, respondent)
    book = FilledWorkbook(sent, layout, tab_names(layout), respondent.language)
    book.answer(Sampler(layout.instrument, PERIOD, Random(code), respondent.language).valid())
    for old, new in (replaced or {}).items():
        book.replace(old, new)
    path = round_.returns / file
    book.save(path, dt.datetime(2026, 3, 1) + dt.timedelta(days=days))
    return path


def mail(path: Path, name: str, sender: str) -> None:
    """Put a mail with a file attached beside it."""
    made = EmailMessage()
    made["From"], made["Subject"] = sender, "Our answers"
    made.set_content("Please find attached.")
    made.add_attachment(path.read_bytes(), "application", "octet-stream", filename=path.name)
    path.with_name(name).write_bytes(bytes(made))


def line(round_: Round, code: str, **changes: str) -> str:
    """The line in a respondent's questionnaire that says whose it is, or what somebody made of it."""
    respondent = round_.respondent(code)
    assert respondent
    return str(replace(identity(round_, respondent), **changes))


def acopio(*arguments: str) -> Result:
    return CliRunner().invoke(main, arguments)


def consolidated() -> Seen:
    done = acopio("consolidate", ROUND)
    assert done.exit_code == 0, done.stderr
    returns, answers, regional, findings = (
        pd.read_parquet(f"outputs/mini/restricted/{name}.parquet")
        for name in ("returns", "answers", "regional", "findings")
    )
    notes = findings[findings["code"] == "accepted_by_hand"]
    return Seen(
        {row["file"]: (row["respondent"], row["verdict"], row["reason"]) for row in returns.to_dict("records")},
        {str(file): set(rows["outcome"]) for file, rows in answers.groupby("file", observed=True)},
        {str(code): rows["response"].iloc[0] for code, rows in regional.groupby("respondent", observed=True)},
        {row["file"]: (row["severity"], row["value"], row["explanation"]) for row in notes.to_dict("records")},
        acopio("status", ROUND).stdout,
    )


def commands(output: str) -> dict[str, list[str]]:
    """Every command shown, by its file, as a shell would take it, with a reason filled in."""
    found = re.findall(r"^ +acopio (accept .*)$", output, re.MULTILINE)
    parts = [shlex.split(command.replace('"..."', '"by telephone"')) for command in found]
    return {entry[2]: entry for entry in parts}


NOBODYS = "Gammaland (final).xlsx"


@dataclass(frozen=True)
class Story:
    """A round whose returns are held, then accepted, then one of them taken back and a file taken away."""

    round: Round
    received: Seen
    accepted: Seen
    undone: Seen
    away: bytes


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Story]:
    with pytest.MonkeyPatch.context() as patch:
        known(patch)
        patch.chdir(tmp_path_factory.mktemp("held"))
        round_ = mini_round(Path())
        questionnaires.write_questionnaires(round_)
        signed = line(round_, "AAA")
        send(round_, "AAA", "AAA.xlsx")
        send(round_, "AAA", "AAA (unsigned).xlsx", {signed: line(round_, "AAA", token="")}, days=9)
        send(round_, "AAA", "AAA_2019.xlsx", {signed: line(round_, "AAA", round="2019")}, days=8)
        send(round_, "AAA", "BBB_copy.xlsx", days=7)
        send(round_, "BBB", "answers.xlsx", {line(round_, "BBB"): line(round_, "BBB", respondent="CCC")})
        send(round_, "CCC", NOBODYS, {line(round_, "CCC"): ""})
        received = consolidated()
        for file in ("AAA (unsigned).xlsx", NOBODYS):
            assert acopio(*commands(received.status)[file]).exit_code == 0
        done = acopio("accept", ROUND, "answers.xlsx", "--as", "bbb", "--why", "by telephone")
        assert done.stdout.startswith("answers.xlsx now counts as the return of Betaland (BBB); the register has it.")
        accepted = consolidated()
        done = acopio("accept", ROUND, "answers.xlsx", "--undo", "--why", "a mistake")
        assert done.stdout.startswith("The acceptance of answers.xlsx as the return of BBB is taken back")
        away = (round_.returns / "AAA_2019.xlsx").read_bytes()
        Store(round_.store).put(away)
        (round_.returns / "AAA_2019.xlsx").unlink()
        yield Story(round_, received, accepted, consolidated(), away)


def test_received__what_is_not_certain__is_read_and_held_for_its_reason(story: Story) -> None:
    assert story.received.returns == {
        "AAA.xlsx": ("AAA", "accepted", ""),
        "AAA_2019.xlsx": ("", "not_usable", "other_round"),
        "AAA (unsigned).xlsx": ("AAA", "unverified", "token_missing"),
        "BBB_copy.xlsx": ("AAA", "unverified", "respondent_unclear"),
        NOBODYS: ("", "unverified", "no_identity"),
        "answers.xlsx": ("CCC", "unverified", "token_wrong"),
    }
    assert story.received.outcomes == {
        "AAA.xlsx": {"published"}, "AAA (unsigned).xlsx": {"waiting"}, "BBB_copy.xlsx": {"waiting"},
        NOBODYS: {"waiting"}, "answers.xlsx": {"waiting"},
    }  # fmt: skip
    assert story.received.responses == {"AAA": "accepted", "BBB": "no_return", "CCC": "unverified"}


def test_status__what_is_held__comes_first_with_the_command_for_each(story: Story) -> None:
    assert story.received.status.splitlines()[2] == "For us to settle (2)"
    said = " ".join(story.received.status.split())
    assert (
        "AAA (unsigned).xlsx: held, unverified – The workbook says that it is that of Alphaland (AAA), but lacks"
        in said
    )
    assert "Ask, through a contact that you know, whose AAA (unsigned).xlsx is; then: acopio accept" in said
    assert "token_missing" not in said
    shown = commands(story.received.status)
    assert {file: command[4] for file, command in shown.items()} == {
        "AAA (unsigned).xlsx": "AAA", "BBB_copy.xlsx": "AAA", NOBODYS: "CCC", "answers.xlsx": "CCC",
    }  # fmt: skip


def test_accepted__counts_as_that_respondents_with_a_note(story: Story) -> None:
    seen = story.accepted
    assert seen.returns == story.received.returns | {
        "AAA.xlsx": ("AAA", "superseded", ""),
        "AAA (unsigned).xlsx": ("AAA", "accepted", ""),
        NOBODYS: ("CCC", "accepted", ""),
        "answers.xlsx": ("BBB", "accepted", ""),
    }
    assert seen.outcomes["answers.xlsx"] == seen.outcomes[NOBODYS] == {"published"}
    assert seen.responses == dict.fromkeys(("AAA", "BBB", "CCC"), "accepted")
    assert seen.notes == {
        "AAA (unsigned).xlsx": ("info", "token_missing", "by telephone"),
        NOBODYS: ("info", "no_identity", "by telephone"),
        "answers.xlsx": ("info", "token_wrong", "by telephone"),
    }
    assert commands(seen.status).keys() == {"BBB_copy.xlsx"}


def test_undone__is_held_again_and_both_stay_in_the_register(story: Story) -> None:
    assert story.undone.returns["answers.xlsx"] == story.received.returns["answers.xlsx"]
    assert story.undone.outcomes["answers.xlsx"] == {"waiting"}
    with closing(sqlite3.connect(story.round.folder / REGISTER)) as register:
        kept = register.execute("SELECT respondent, who, why, undo FROM decisions ORDER BY number").fetchall()
    assert kept[-2:] == [("BBB", "ana", "by telephone", 0), ("BBB", "ana", "a mistake", 1)]


def test_gone__a_file_taken_away__is_reported_and_brought_back_by_the_command(story: Story) -> None:
    assert "AAA_2019.xlsx" not in story.undone.returns
    assert "\n  AAA_2019.xlsx (" in story.undone.status
    assert "AAA_2019.xlsx (" not in story.accepted.status
    [command] = re.findall(r"^ +cp (.*)$", story.undone.status.replace("\\\n", ""), re.MULTILINE)
    source, target = shlex.split(command)
    assert target == f"{ROUND}/returns/AAA_2019.xlsx"
    assert Path(source).read_bytes() == story.away


def test_mail__from_another_respondents_address__is_held_until_accepted(round_: Round) -> None:
    replace_in(round_.folder / "respondents.csv", "aliases\n", "aliases,senders\n")
    replace_in(round_.folder / "respondents.csv", "yes,,\nCCC", "yes,,,beta.example\nCCC")
    path = send(round_, "AAA", "answers.xlsx")
    mail(path, "mail.eml", "Consul <Consul@foreign.Beta.example>")
    path.unlink()
    checked = acopio("check", "--round", ROUND, f"{ROUND}/returns/mail.eml")
    assert "BLOCKER [sender_disagrees] “Consul <Consul@foreign.Beta.example>”" in checked.stdout
    assert "an address of Betaland (BBB)" in checked.stdout
    name = next(file.name for file in receive(read_round(round_.folder, MINI.parent)) if file.container)
    assert acopio("accept", ROUND, name, "--as", "AAA", "--why", "sure").exit_code == 0
    with closing(sqlite3.connect(round_.folder / REGISTER)) as register:
        [row] = register.execute("SELECT container, subject FROM arrivals WHERE sender <> '' AND name = ?", [name])
    assert row == ("mail.eml", "Our answers")
    assert acopio("check", "--round", ROUND, f"{ROUND}/returns/mail.eml").exit_code == 0


def test_same_file__loose_and_in_mails__is_taken_once_and_every_sender_counts(round_: Round) -> None:
    replace_in(round_.folder / "respondents.csv", "aliases\n", "aliases,senders\n")
    replace_in(round_.folder / "respondents.csv", "yes,,Alpha\nBBB", "yes,,Alpha,alpha.example\nBBB")
    replace_in(round_.folder / "respondents.csv", "yes,,\nCCC", "yes,,,beta.example\nCCC")
    path = send(round_, "AAA", "answers.xlsx")
    senders = {"1.eml": "consul@beta.example", "2.eml": "minister@alpha.example", "3.eml": "x@mail.example"}
    for name, sender in senders.items():
        mail(path, name, sender)
        if name == "1.eml":
            assert consolidated().returns["answers.xlsx"] == ("AAA", "unverified", "sender_disagrees")
    seen = consolidated()
    assert seen.returns["answers.xlsx"][:2] == ("AAA", "accepted")
    returns, findings = (
        pd.read_csv("outputs/mini/restricted/returns.csv"),
        pd.read_csv("outputs/mini/restricted/findings.csv"),
    )
    copies = returns[returns["verdict"] == "duplicate"]
    assert dict(zip(copies["file"], copies["sender"], strict=True)) == {
        f"{name}/answers.xlsx": sender for name, sender in senders.items()
    }
    reported = findings[findings["code"].isin(["copy_sent_by_other", "copy_from_stranger"])]
    assert sorted(zip(reported["code"], reported["severity"], reported["file"], reported["value"], strict=True)) == [
        ("copy_from_stranger", "info", "answers.xlsx", "x@mail.example"),
        ("copy_sent_by_other", "warning", "answers.xlsx", "consul@beta.example"),
    ]


def test_key__not_there__every_return_is_held_and_check_says_how_to_get_it(round_: Round) -> None:
    path = send(round_, "AAA", "AAA.xlsx")
    (round_.folder / KEY).rename(round_.folder.parent / KEY)
    checked = acopio("check", "--round", ROUND, str(path))
    assert (checked.exit_code, checked.stdout.count("BLOCKER [key_missing]")) == (1, 1)
    assert "Ask whoever sent the questionnaires for that file" in checked.stdout
    run = acopio("consolidate", ROUND)
    assert run.stdout.count("rounds/mini/key is missing: no return can be verified, and all are held.") == 1
    (round_.folder.parent / KEY).rename(round_.folder / KEY)
    assert acopio("check", "--round", ROUND, str(path)).exit_code == 0


def test_accept__by_path_or_hash__finds_the_same_file(round_: Round) -> None:
    path = send(round_, "AAA", "AAA.xlsx", {line(round_, "AAA"): line(round_, "AAA", token="")})
    sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
    for named in ("AAA.xlsx", str(path), f"{ROUND}/returns/AAA.xlsx", sha256, sha256[:8]):
        assert acopio("accept", ROUND, named, "--as", "AAA", "--why", "sure").exit_code == 0
    assert acopio("check", "--round", ROUND, str(path)).exit_code == 0


@pytest.fixture(scope="module")
def in_order(tmp_path_factory: pytest.TempPathFactory) -> Round:
    """A round with a return that is in order, and a file that is none."""
    made = mini_round(tmp_path_factory.mktemp("order"))
    questionnaires.write_questionnaires(made)
    send(made, "AAA", "AAA.xlsx")
    (made.returns / "notes.txt").write_text("Dear colleagues", encoding="utf-8")
    return made


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("AAA.xlsx", "--as", "ZZZ"), 2, "ZZZ is not in the frame of this round"),
        (("AAA.xlsx", "--as", "DDD"), 1, "Deltaland (DDD) does not take part in this round"),
        (("nowhere.xlsx", "--as", "AAA"), 2, "There is no file “nowhere.xlsx” in rounds/mini/returns"),
        (("0123456", "--as", "AAA"), 2, "There is no file “0123456”"),
        (("AAA.xlsx", "--as", "AAA"), 1, "AAA.xlsx is not held: there is nothing to accept."),
        (("notes.txt", "--as", "AAA"), 1, "for another reason. This is a text file, not a workbook, whatever"),
        (("AAA.xlsx", "--undo"), 1, "AAA.xlsx was not accepted: there is nothing to take back."),
        (("AAA.xlsx",), 2, "Say either --as CODE, whose return it is, or --undo."),
        (("AAA.xlsx", "--as", "AAA", "--undo"), 2, "Say either --as CODE, whose return it is, or --undo."),
        (("AAA.xlsx", "--as", "AAA", "--why", "..."), 2, "Write after --why what makes you sure"),
    ],
)
def test_accept__what_cannot_be__is_refused_in_a_sentence(
    in_order: Round, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...], code: int, said: str
) -> None:
    known(monkeypatch)
    monkeypatch.chdir(in_order.outputs.parents[1])
    why = () if "--why" in arguments else ("--why", "sure")
    done = acopio("accept", ROUND, *arguments, *why)
    assert (done.exit_code, said in done.stderr) == (code, True), done.stderr
    assert "Traceback" not in done.stderr
    assert not (in_order.folder / REGISTER).exists()
