"""The register: what it keeps, that nothing is ever taken from it, and that runs at the same time do not spoil it."""

import datetime as dt
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from pipeline.receiving.acceptance import Acceptance
from pipeline.receiving.choice import Choice
from pipeline.receiving.receive import receive
from pipeline.receiving.received import ReceivedFile
from pipeline.receiving.register import (
    NO_HISTORY,
    REGISTER,
    Gone,
    accept,
    acceptances,
    choose,
    gone,
    history,
    record,
    record_counted,
)  # fmt: skip
from questionnaire.rounds.round import Round
from questionnaire.tables import DeclarationError
from tests.given import mini_round

ROOT = Path(__file__).parents[3]
FIRST, LATER = (dt.datetime(2026, 3, day, 9, 30, tzinfo=dt.UTC) for day in (1, 2))


@pytest.fixture
def round_(tmp_path: Path) -> Round:
    made = mini_round(tmp_path)
    put(made, "a.xlsx", b"one")
    put(made, "b.xlsx", b"two")
    return made


def put(round_: Round, name: str, content: bytes) -> None:
    round_.returns.mkdir(exist_ok=True)
    (round_.returns / name).write_bytes(content)


def files(round_: Round) -> dict[str, ReceivedFile]:
    return {file.name: file for file in receive(round_)}


def rows(round_: Round, query: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(round_.folder / REGISTER)) as register:
        return register.execute(query).fetchall()


def test_record__again_later__adds_only_what_is_new(round_: Round) -> None:
    record(round_, receive(round_), FIRST)
    put(round_, "a again.xlsx", b"one")
    put(round_, "~$a.xlsx", b"lock")
    record(round_, receive(round_), LATER)
    record(round_, receive(round_), LATER)
    query = "SELECT name, bytes, format, first_received, first_seen FROM arrivals JOIN contents USING (sha256)"
    assert sorted(rows(round_, query)) == [
        ("a again.xlsx", 3, "text", "2026-03-01T09:30:00Z", "2026-03-02T09:30:00Z"),
        ("a.xlsx", 3, "text", "2026-03-01T09:30:00Z", "2026-03-01T09:30:00Z"),
        ("b.xlsx", 3, "text", "2026-03-01T09:30:00Z", "2026-03-01T09:30:00Z"),
    ]
    assert rows(round_, "SELECT count(*) FROM contents") == [(2,)]


@pytest.mark.parametrize("table", ["contents", "arrivals", "acceptances", "choices", "counted"])
@pytest.mark.parametrize("change", ["UPDATE {} SET sha256 = ''", "DELETE FROM {}"])
def test_register__a_row_changed_or_deleted__is_refused(round_: Round, table: str, change: str) -> None:
    record(round_, receive(round_), FIRST)
    sha256 = files(round_)["a.xlsx"].sha256
    accept(round_, Acceptance(sha256, "AAA", "ana", "2026-03-01T10:00:00Z", "why"))
    choose(round_, Choice(sha256, frozenset(), "ana", "2026-03-01T10:00:00Z", "why"))
    record_counted(round_, {("AAA", ""): sha256}, FIRST)
    with pytest.raises(sqlite3.IntegrityError, match="only ever added to"):
        rows(round_, change.format(table))


def test_acceptances__the_last_one_counts_and_all_stay(round_: Round) -> None:
    record(round_, receive(round_), FIRST)
    sha256 = files(round_)["a.xlsx"].sha256
    entries = [Acceptance(sha256, code, "ana", "2026-03-01T10:00:00Z", "why") for code in ("AAA", "BBB", "")]
    in_force = []
    for entry in entries:
        accept(round_, entry)
        in_force.append(acceptances(round_).get(sha256))
    assert in_force == [entries[0], entries[1], None]
    assert rows(round_, "SELECT respondent FROM acceptances ORDER BY number") == [("AAA",), ("BBB",), ("",)]


def test_acceptances__of_a_register_begun_before_there_were_parts__go_on(round_: Round) -> None:
    record(round_, receive(round_), FIRST)
    sha256 = files(round_)["a.xlsx"].sha256
    first, second = (Acceptance(sha256, "AAA", "ana", "2026-03-01T10:00:00Z", "why", part) for part in ("", "water"))
    accept(round_, first)
    rows(round_, "ALTER TABLE acceptances DROP COLUMN slice")
    assert acceptances(round_) == {sha256: first}
    accept(round_, second)
    assert acceptances(round_) == {sha256: second}


def test_accept__a_content_never_received__is_refused(round_: Round) -> None:
    with pytest.raises(DeclarationError, match="the register cannot be used"):
        accept(round_, Acceptance("0" * 64, "AAA", "ana", "2026-03-01T10:00:00Z", "why"))


def test_gone__a_file_taken_away__is_named_and_a_renamed_one_is_not(round_: Round) -> None:
    before = files(round_)
    record(round_, receive(round_), FIRST)
    assert gone(round_, receive(round_)) == ()
    (round_.returns / "a.xlsx").rename(round_.returns / "c.xlsx")
    (round_.returns / "b.xlsx").unlink()
    assert gone(round_, receive(round_)) == (Gone(before["b.xlsx"].sha256, "b.xlsx"),)


def test_register__not_there_yet__has_nothing_and_is_not_made_by_looking(round_: Round) -> None:
    assert (acceptances(round_), gone(round_, [])) == ({}, ())
    assert not (round_.folder / REGISTER).exists()


def test_register__damaged__is_named_with_what_to_do(round_: Round) -> None:
    (round_.folder / REGISTER).write_bytes(b"no database" * 100)
    with pytest.raises(DeclarationError, match=r"register\.sqlite: the register cannot be used .* Make sure that"):
        record(round_, receive(round_), FIRST)


def test_record__by_several_runs_at_once__keeps_every_row_once(round_: Round) -> None:
    for number in range(30):
        put(round_, f"{number}.xlsx", str(number).encode())
    script = (
        "import datetime as dt; from pathlib import Path; from questionnaire.rounds.round import read_round;"
        "from pipeline.receiving.receive import receive; from pipeline.receiving.register import record;"
        f"r = read_round(Path({str(round_.folder)!r}), Path({str(ROOT / 'tests' / 'instruments')!r}));"
        "[record(r, [f], dt.datetime.now(dt.UTC)) for f in receive(r)]"
    )
    runs = [subprocess.Popen([sys.executable, "-c", script], cwd=ROOT) for _ in range(3)]
    assert [run.wait(60) for run in runs] == [0, 0, 0]
    assert rows(round_, "SELECT count(*) FROM contents") == [(32,)]
    assert rows(round_, "SELECT count(*) FROM arrivals") == [(32,)]
    assert rows(round_, "PRAGMA integrity_check") == [("ok",)]


def test_history__has_the_order_of_receipt_what_counted_last_and_the_choices_in_force(round_: Round) -> None:
    assert history(round_) == NO_HISTORY
    record(round_, receive(round_), FIRST)
    put(round_, "c.xlsx", b"three")
    record(round_, receive(round_), LATER)
    a, b, c = (files(round_)[name].sha256 for name in ("a.xlsx", "b.xlsx", "c.xlsx"))
    for counted in ({("AAA", ""): a}, {("AAA", ""): b, ("AAA", "water"): c}, {("AAA", ""): b}):
        record_counted(round_, counted, LATER)
    choices = [Choice(one, frozenset({a, b, c} - {one}), "ana", "2026-03-02T10:00:00Z", "why") for one in (a, b, a, c)]
    for choice in choices:
        choose(round_, choice)
    choose(round_, choices[0], taken_back=True)
    known = history(round_)
    assert known.received == {a: "2026-03-01T09:30:00Z", b: "2026-03-01T09:30:00Z", c: "2026-03-02T09:30:00Z"}
    assert known.counted == {("AAA", ""): b, ("AAA", "water"): c}
    assert known.choices == (choices[1], choices[3])
    assert rows(round_, "SELECT count(*) FROM choices") == [(5,)]
    assert rows(round_, "SELECT count(*) FROM counted") == [(3,)]


def test_history__what_counted_only_by_a_choice_taken_back__counted_never(round_: Round) -> None:
    record(round_, receive(round_), FIRST)
    a, b = (files(round_)[name].sha256 for name in ("a.xlsx", "b.xlsx"))
    record_counted(round_, {("AAA", ""): a}, FIRST)
    for one in (a, b):
        choose(round_, Choice(one, frozenset(), "ana", "2026-03-01T10:00:00Z", "why"))
    record_counted(round_, {("AAA", ""): b}, LATER)
    assert history(round_).counted == {("AAA", ""): b}
    for one in (a, b):
        choose(round_, Choice(one, frozenset(), "ana", "2026-03-03T10:00:00Z", "a mistake"), taken_back=True)
        assert history(round_).counted == {("AAA", ""): b if one == a else a}
    record_counted(round_, {("AAA", ""): b}, LATER)
    choose(round_, Choice(b, frozenset(), "ana", "2026-03-04T10:00:00Z", "why"))
    assert history(round_).choices[0].sha256 == b
