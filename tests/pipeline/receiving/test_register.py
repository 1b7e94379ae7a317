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
from pipeline.receiving.decision import Decision, Kind
from pipeline.receiving.receive import receive
from pipeline.receiving.received import ReceivedFile
from pipeline.receiving.register import (
    NO_HISTORY,
    REGISTER,
    Gone,
    acceptances,
    decide,
    decisions,
    gone,
    history,
    record,
    rewind,
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


def accepted(sha256: str, respondent: str, *, part: str = "", undo: bool = False) -> Decision:
    return Decision(Kind.ACCEPT, respondent, "ana", "2026-03-01T10:00:00Z", "why", sha256, value=part, undo=undo)


def chosen(sha256: str, *over: str, at: str = "2026-03-02T10:00:00Z", undo: bool = False) -> Decision:
    return Decision(Kind.CHOOSE, "AAA", "ana", at, "why", sha256, value=" ".join(over), undo=undo)


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


@pytest.mark.parametrize("table", ["contents", "arrivals", "decisions"])
@pytest.mark.parametrize("change", ["UPDATE {} SET sha256 = ''", "DELETE FROM {}"])
def test_register__a_row_changed_or_deleted__is_refused(round_: Round, table: str, change: str) -> None:
    record(round_, receive(round_), FIRST)
    sha256 = files(round_)["a.xlsx"].sha256
    decide(round_, accepted(sha256, "AAA"))
    with pytest.raises(sqlite3.IntegrityError, match="only ever added to"):
        rows(round_, change.format(table))


def test_acceptances__the_last_one_counts_and_all_stay(round_: Round) -> None:
    record(round_, receive(round_), FIRST)
    sha256 = files(round_)["a.xlsx"].sha256
    entries = [accepted(sha256, "AAA"), accepted(sha256, "BBB", part="water"), accepted(sha256, "BBB", undo=True)]
    in_force = []
    for entry in entries:
        decide(round_, entry)
        in_force.append(acceptances(round_).get(sha256))
    when = "2026-03-01T10:00:00Z"
    assert in_force == [
        Acceptance(sha256, "AAA", "ana", when, "why"),
        Acceptance(sha256, "BBB", "ana", when, "why", "water"),
        None,
    ]
    assert [entry.respondent for entry in decisions(round_).rows] == ["AAA", "BBB", "BBB"]


@pytest.mark.parametrize("parts", [True, False])
def test_register__begun_before_there_was_one_table_of_decisions__goes_on(round_: Round, parts: bool) -> None:
    record(round_, receive(round_), FIRST)
    a, b = (files(round_)[name].sha256 for name in ("a.xlsx", "b.xlsx"))
    slice_, water = (", slice TEXT", ", 'water'") if parts else ("", "")
    old = (
        "DROP TABLE decisions",
        "CREATE TABLE acceptances (number INTEGER PRIMARY KEY, sha256 TEXT, respondent TEXT, who TEXT, at TEXT,"
        f" why TEXT{slice_})",
        "CREATE TABLE choices (number INTEGER PRIMARY KEY, sha256 TEXT, over TEXT, who TEXT, at TEXT, why TEXT,"
        " taken_back INTEGER)",
        f"INSERT INTO acceptances VALUES (1, '{a}', 'AAA', 'ana', '2026-03-02T10:00:00Z', 'sure'{water})",
        f"INSERT INTO acceptances VALUES (2, '{b}', 'BBB', 'ana', '2026-03-03T10:00:00Z', 'sure'{water})",
        f"INSERT INTO acceptances VALUES (3, '{b}', '', 'ana', '2026-03-05T10:00:00Z', 'a mistake'{water})",
        f"INSERT INTO choices VALUES (1, '{a}', '{b}', 'ben', '2026-03-04T10:00:00Z', 'why', 0)",
    )
    with closing(sqlite3.connect(round_.folder / REGISTER)) as register, register:
        for statement in old:
            register.execute(statement)
    part = "water" if parts else ""
    for _ in range(2):
        known = decisions(round_)
        assert [(entry.number, entry.kind, entry.sha256, entry.undo) for entry in known.rows] == [
            (1, Kind.ACCEPT, a, False), (2, Kind.ACCEPT, b, False), (3, Kind.CHOOSE, a, False), (4, Kind.ACCEPT, b, True)
        ]  # fmt: skip
        assert acceptances(round_) == {a: Acceptance(a, "AAA", "ana", "2026-03-02T10:00:00Z", "sure", part)}
        assert history(round_).choices == (Choice(a, frozenset({b}), "ben", "2026-03-04T10:00:00Z", "why"),)


def test_decide__about_a_content_never_received__is_refused(round_: Round) -> None:
    with pytest.raises(DeclarationError, match="the register cannot be used"):
        decide(round_, accepted("0" * 64, "AAA"))


def decided(
    kind: Kind, respondent: str = "AAA", question: str = "", value: str = "", *, undo: bool = False
) -> Decision:
    at = "2026-03-01T10:00:00Z"
    return Decision(kind, respondent, "ana", at, "why", question=question, value=value, source="Eva", undo=undo)


def test_decisions__in_force__are_the_last_about_each_thing_that_nobody_took_back(round_: Round) -> None:
    rows = [
        decided(Kind.CORRECT, question="W01a.total", value="7"),
        decided(Kind.CORRECT, question="W01a.total", value="8"),
        decided(Kind.CORRECT, question="W01a.urban", value="1"),
        decided(Kind.CORRECT, question="W01a.urban", undo=True),
        decided(Kind.CORRECT, "BBB", question="W01a.total", value="9"),
        decided(Kind.APPROVE, value="aa"),
        decided(Kind.REOPEN),
        decided(Kind.EXTEND, "", value="2026-05-31"),
        decided(Kind.EXTEND, "AAA", value="2026-06-30"),
    ]
    for row in rows:
        decide(round_, row)
    known = decisions(round_)
    assert [(entry.value, entry.source, entry.undo) for entry in known.rows] == [
        (row.value, "Eva", row.undo) for row in rows
    ]
    assert [entry.number for entry in known.in_force] == [2, 5, 7, 8, 9]
    assert [entry.kind for entry in known.of(Kind.APPROVE, Kind.REOPEN)] == [Kind.REOPEN]


def test_rewind__of_a_copy__leaves_the_decisions_before(round_: Round) -> None:
    record(round_, receive(round_), FIRST)
    sha256 = files(round_)["a.xlsx"].sha256
    for respondent in ("AAA", "BBB", "CCC"):
        decide(round_, accepted(sha256, respondent))
    rewind(round_, 2)
    assert [entry.respondent for entry in decisions(round_).rows] == ["AAA", "BBB"]


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


def test_history__has_the_order_of_receipt_the_names_and_the_choices_in_force(round_: Round) -> None:
    assert history(round_) == NO_HISTORY
    record(round_, receive(round_), FIRST)
    put(round_, "c.xlsx", b"three")
    record(round_, receive(round_), LATER)
    a, b, c = (files(round_)[name].sha256 for name in ("a.xlsx", "b.xlsx", "c.xlsx"))
    for one in (a, b, a, c):
        decide(round_, chosen(one, *sorted({a, b, c} - {one})))
    decide(round_, chosen(a, undo=True))
    known = history(round_)
    assert known.received == {a: "2026-03-01T09:30:00Z", b: "2026-03-01T09:30:00Z", c: "2026-03-02T09:30:00Z"}
    assert known.names == {"a.xlsx": (a,), "b.xlsx": (b,), "c.xlsx": (c,)}
    when = "2026-03-02T10:00:00Z"
    assert known.choices == tuple(Choice(one, frozenset({a, b, c} - {one}), "ana", when, "why") for one in (b, c))
    assert len(known.decisions.rows) == 5
