"""What `acopio check` takes in one go, and how commands end on a disk that takes no more."""

from __future__ import annotations

import errno
import os
import signal
from pathlib import Path
from threading import Timer

import duckdb
import pytest
from click.testing import CliRunner, Result
from pebble import ProcessPool

from pipeline.cli.main import main
from pipeline.desk import questionnaires
from pipeline.receiving.register import REGISTER
from questionnaire.messages import LANGUAGES, say
from questionnaire.rounds.access import Access
from questionnaire.rounds.round import Round
from tests.given import MINI, mini_round, replace_in
from tests.pipeline.mails import mail


@pytest.fixture
def rounds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Round, Round]:
    """Two rounds whose questionnaires were written, the second one moved out of the folder of rounds."""
    made = mini_round(tmp_path), mini_round(tmp_path, "other")
    monkeypatch.setattr("questionnaire.rounds.round.read_round.__defaults__", (MINI.parent,))
    monkeypatch.chdir(tmp_path)
    for round_ in made:
        questionnaires.write_questionnaires(round_)
    made[1].folder.rename(tmp_path / "elsewhere")
    return made


def sent(round_: Round, code: str) -> Path:
    return next(questionnaires.folder(round_).glob(f"{code}_*.xlsx"))


def acopio(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, list(map(str, arguments)))


def found(done: Result) -> list[tuple[str, str]]:
    """File and code of every finding but those of what is left blank."""
    lines = (line for line in done.stdout.splitlines() if not line.startswith(" ") and "[" in line)
    pairs = [(line.partition(":")[0].partition(" · ")[0], line.partition("[")[2].partition("]")[0]) for line in lines]
    return [pair for pair in dict.fromkeys(pairs) if pair[1] not in {"unanswered", "required", "not_signed_off"}]


def test_check__several_files__checks_each_though_one_is_of_another_round(rounds: tuple[Round, Round]) -> None:
    here, other = rounds
    done = acopio("check", sent(other, "AAA"), sent(here, "AAA"), "--language", "en")
    assert found(done) == [
        (sent(other, "AAA").name, "round_not_here"), (sent(here, "AAA").name, "empty_return"),
    ]  # fmt: skip
    assert "“other”, which is not in rounds" in done.stdout
    assert "acopio check --round rounds/NAME FILE" in done.stdout
    assert (done.exit_code, done.stderr) == (1, "")


def test_check__a_folder__checks_all_in_it_each_against_its_round(rounds: tuple[Round, Round]) -> None:
    here, other = rounds
    Path("elsewhere").rename("rounds/other")
    folder = Path("received")
    (folder / "sub").mkdir(parents=True)
    (folder / "a.xlsx").write_bytes(sent(here, "AAA").read_bytes())
    (folder / "a copy.xlsx").write_bytes(sent(here, "AAA").read_bytes())
    (folder / "cut.xlsx").write_bytes(sent(here, "BBB").read_bytes()[:9000])
    (folder / "sub" / "b.xlsx").write_bytes(sent(other, "BBB").read_bytes())
    (folder / "m.eml").write_bytes(mail([("c.xlsx", sent(here, "CCC").read_bytes())]))
    done = acopio("check", folder, "--language", "en")
    assert found(done) == [
        ("a copy.xlsx", "duplicate_file"), ("a.xlsx", "empty_return"), ("cut.xlsx", "workbook_damaged"),
        ("m.eml", "container_opened"), ("m.eml/c.xlsx", "sender_unknown"), ("m.eml/c.xlsx", "empty_return"), ("sub/b.xlsx", "empty_return"),
    ]  # fmt: skip
    assert done.exit_code == 1
    Path("empty").mkdir()
    assert acopio("check", "empty").exit_code == 2


def test_check__one_file__is_opened_and_read_by_one_child(
    rounds: tuple[Round, Round], monkeypatch: pytest.MonkeyPatch
) -> None:
    # To start one, and to have it learn what a questionnaire looks like, takes longer than to read the file.
    started: list[int] = []
    start = ProcessPool._start_pool

    def counted(pool: ProcessPool) -> None:
        started.append(pool._context.workers)
        start(pool)  # type: ignore[no-untyped-call]

    monkeypatch.setattr(ProcessPool, "_start_pool", counted)
    assert found(acopio("check", sent(rounds[0], "AAA"))) == [(sent(rounds[0], "AAA").name, "empty_return")]
    assert started == [1]


@pytest.fixture
def round_(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Round:
    """A round to which a note has come back."""
    made = mini_round(tmp_path)
    monkeypatch.setattr("questionnaire.rounds.round.read_round.__defaults__", (MINI.parent,))
    monkeypatch.chdir(tmp_path)
    made.returns.mkdir()
    (made.returns / "a.txt").write_bytes(b"x")
    return made


@pytest.mark.parametrize(
    ("where", "number", "key"),
    [
        ("pipeline.receiving.store.write_whole", errno.ENOSPC, "disk_full"),
        ("pipeline.publication.publish.tempfile.mkdtemp", errno.EROFS, "not_allowed"),
        ("pipeline.publication.publish.tempfile.mkdtemp", errno.EDQUOT, "disk_full"),
    ],
)
def test_consolidate__on_a_disk_that_takes_no_more__ends_with_a_sentence(
    round_: Round, monkeypatch: pytest.MonkeyPatch, where: str, number: int, key: str
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError(number, os.strerror(number), "store/ab\x1b")

    monkeypatch.setattr(where, refuse)
    replace_in(round_.folder / "round.toml", 'working_language = "en"', 'working_language = "fr"')
    done = acopio("consolidate", round_.folder)
    expected = say("summary", key, "fr", file="store/ab", reason=os.strerror(number))
    assert (done.exit_code, done.stderr.splitlines()) == (2, [expected])
    assert len({say("summary", key, language, file="x", reason="y") for language in LANGUAGES}) == 4


def test_consolidate__where_no_process_can_read__changes_nothing_and_says_so(
    round_: Round, monkeypatch: pytest.MonkeyPatch
) -> None:
    earlier = round_.results(Access.RESTRICTED) / "answers.csv"
    earlier.parent.mkdir(parents=True)
    earlier.write_text("what was published")
    monkeypatch.setattr("pipeline.receiving.isolation._import", "no function")
    replace_in(round_.folder / "round.toml", 'working_language = "en"', 'working_language = "fr"')
    done = acopio("consolidate", round_.folder)
    expected = say("summary", "nothing_can_be_read", "fr", detail="TypeError: 'str' object is not callable")
    assert (done.exit_code, done.stderr.splitlines()) == (2, [expected])
    assert earlier.read_text() == "what was published"
    assert not (round_.folder / REGISTER).exists()
    assert len({say("summary", "nothing_can_be_read", language, detail="x") for language in LANGUAGES}) == 4


def test_consolidate__stopped_by_ctrl_c__ends_with_a_sentence(round_: Round, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[object] = []

    def stopped(*arguments: object) -> None:
        asked.extend(arguments[1:])
        raise KeyboardInterrupt

    monkeypatch.setattr("pipeline.journey.receive", stopped)
    replace_in(round_.folder / "round.toml", 'working_language = "en"', 'working_language = "fr"')
    done = acopio("consolidate", round_.folder, "--jobs", "3")
    assert (done.exit_code, done.stderr.splitlines()) == (130, [say("summary", "interrupted", "fr")])
    assert asked == [3]
    assert acopio("consolidate", round_.folder, "--jobs", "0").exit_code == 2


def test_consolidate__stopped_while_a_query_runs__ends_with_the_same_sentence(
    round_: Round, monkeypatch: pytest.MonkeyPatch
) -> None:
    def query(*_: object) -> None:
        with duckdb.connect() as database:
            # As Acopio sets it; of several threads, the one that hears of Ctrl-C may have nothing to do but wait.
            database.execute("SET threads = 1; SET enable_progress_bar = false")
            Timer(0.2, lambda: os.kill(os.getpid(), signal.SIGINT)).start()
            database.execute("SELECT count(*) FROM range(100000000000) AS n WHERE n.range % 7 = 3").fetchall()

    monkeypatch.setattr("pipeline.journey.receive", query)
    done = acopio("consolidate", round_.folder)
    assert (done.exit_code, done.stderr.splitlines()) == (130, [say("summary", "interrupted", "en")])


def test_consolidate__any_other_fault__is_not_called_the_disks(round_: Round, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise FileExistsError("two tables have one name")

    monkeypatch.setattr("pipeline.receiving.store.write_whole", fail)
    assert isinstance(acopio("consolidate", round_.folder).exception, FileExistsError)


def test_consolidate__another_error_while_it_runs__is_not_called_ctrl_c(
    round_: Round, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("no more threads")

    monkeypatch.setattr("pipeline.journey.receive", fail)
    assert isinstance(acopio("consolidate", round_.folder).exception, RuntimeError)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_consolidate__where_nobody_may_write__ends_with_a_sentence(round_: Round) -> None:
    round_.folder.chmod(0o500)
    done = acopio("consolidate", round_.folder)
    round_.folder.chmod(0o700)
    assert (done.exit_code, "refuses access to rounds/mini/store" in done.stderr) == (2, True)
