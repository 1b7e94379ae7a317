"""Children that die: each costs its own item, whatever the way, and the parent goes on."""

from __future__ import annotations

import errno
import os
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest
from pebble import ProcessPool
from pebble.pool.channel import WorkerChannel

from pipeline.receiving import isolation
from pipeline.receiving.isolation import Isolation, Lost
from pipeline.receiving.isolation_error import IsolationError
from questionnaire.rounds.limits import ReadingLimits
from tests.given import PATIENCE
from tests.pipeline.dying import act

# Computing time is the same on any machine. Only what sleeps is ended by the clock, which a busy machine must not feel.
LIMITS = ReadingLimits(memory_mb=1024, cpu_seconds=1, seconds=PATIENCE)


@pytest.fixture(scope="module")
def isolated() -> Iterator[Isolation]:
    with Isolation(LIMITS, "shared", workers=2) as children:
        yield children


def is_running(pid: object) -> bool:
    """False for a process that is gone, or dead and not yet asked for its exit code."""
    with suppress(FileNotFoundError, ProcessLookupError):
        return ") Z " not in Path(f"/proc/{pid}/stat").read_text(encoding="utf-8")
    return False


def codes(outcomes: Iterable[object]) -> list[object]:
    return [found.code if isinstance(found, Lost) else found for found in outcomes]


def test_map__results__come_in_order_with_what_is_shared(isolated: Isolation) -> None:
    items = [f"item {number}" for number in range(200)]
    assert list(isolated.map(act, items)) == [("shared", item) for item in items]
    assert list(isolated.map(act, [])) == []


def test_map__children_are_reused_and_import_no_table_library(isolated: Isolation) -> None:
    assert len(set(isolated.map(act, ["pid"] * 20))) <= 2
    assert list(isolated.map(act, ["modules"])) == [[]]


def test_map__what_a_child_starts_with__is_not_looked_through_for_garbage(isolated: Isolation) -> None:
    (frozen,) = isolated.map(act, ["frozen"])
    assert isinstance(frozen, int)
    assert frozen > 1000


def test_turn_to__other_work_within_the_same_limits__is_done_by_the_same_children() -> None:
    with Isolation(LIMITS, "first", workers=1) as children:
        pids = set(children.map(act, ["pid"] * 8))
        children.turn_to(LIMITS, "second")
        assert list(children.map(act, ["a", "b"])) == [("second", "a"), ("second", "b")]
        assert set(children.map(act, ["pid"] * 8)) <= pids
        children.turn_to(LIMITS, "third")
        assert codes(children.map(act, ["a", "abort", "b"])) == [("third", "a"), "reading_died", ("third", "b")]


def test_turn_to__other_limits__ends_the_children_that_had_the_former_ones() -> None:
    with Isolation(LIMITS, "first", workers=1) as children:
        (pid,) = children.map(act, ["pid"])
        children.turn_to(replace(LIMITS, memory_mb=2048), "second")
        assert not is_running(pid)
        assert list(children.map(act, ["limit", "a"])) == [2048 * 1024 * 1024, ("second", "a")]


def test_turn_to__before_anything_was_done__starts_children_with_what_is_shared_then() -> None:
    with Isolation(LIMITS, "first", workers=1) as children:
        children.turn_to(LIMITS, "second")
        assert list(children.map(act, ["a"])) == [("second", "a")]


def test_map__more_items_than_before__are_shared_out_among_more_children() -> None:
    with Isolation(LIMITS, workers=2) as children:
        (alone,) = children.map(act, ["pid"])
        # Whoever waits for a second child keeps it from doing all by itself.
        assert len(set(children.map(act, ["nap"] * 8))) == 2
        assert not is_running(alone)


def test_prepare__where_no_server_starts__leaves_it_to_the_first_item(monkeypatch: pytest.MonkeyPatch) -> None:
    called: list[str] = []

    def refuse() -> None:
        called.append("asked")
        raise OSError(errno.EAGAIN, "no process")

    monkeypatch.setattr("pipeline.receiving.isolation.forkserver.ensure_running", refuse)
    isolation.prepare()
    assert called == ["asked"]


_STOPPED_AT_ONCE = """
import os, signal
from pipeline.receiving import isolation
from questionnaire.rounds.limits import ReadingLimits
from tests.pipeline.dying import act
isolation.prepare("tests.pipeline.dying")
signal.signal(signal.SIGINT, signal.SIG_IGN)
os.killpg(0, signal.SIGINT)
with isolation.Isolation(ReadingLimits(), "shared", workers=1) as children:
    print(*children.map(act, ["a"]))
"""


def test_prepare__ctrl_c_while_the_server_loads__is_for_its_parent_alone() -> None:
    done = subprocess.run(
        [sys.executable, "-c", _STOPPED_AT_ONCE],
        env=os.environ | {"PYTHONPATH": str(Path(__file__).parents[3])},
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE,
        start_new_session=True,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "('shared', 'a')\n", "")


def test_map__ctrl_c_while_the_first_child_starts__waits_for_it(monkeypatch: pytest.MonkeyPatch) -> None:
    start, started = ProcessPool._start_pool, []

    def interrupted(pool: ProcessPool) -> None:
        os.kill(os.getpid(), signal.SIGINT)
        start(pool)  # type: ignore[no-untyped-call]
        started.append(pool)

    monkeypatch.setattr(ProcessPool, "_start_pool", interrupted)
    with pytest.raises(KeyboardInterrupt), Isolation(LIMITS, workers=1) as children:
        list(children.map(act, ["a"]))
    assert len(started) == 1


@pytest.mark.parametrize(
    ("word", "code", "detail"),
    [
        ("abort", "reading_died", "SIGABRT"),
        ("crash", "reading_died", "SIGSEGV"),
        ("fill", "reading_too_large", "out of memory"),
        ("recurse", "reading_died", "RecursionError: maximum recursion depth exceeded"),
        ("panic", "reading_died", "Unpicklable: index out of bounds"),
        ("leave", "reading_died", "SystemExit: 0"),
    ],
)
def test_map__an_item_that_kills_its_child__is_lost_alone(
    isolated: Isolation, word: str, code: str, detail: str
) -> None:
    before, lost, *after = isolated.map(act, ["a", word, "b", "c"])
    assert (before, after) == (("shared", "a"), [("shared", "b"), ("shared", "c")])
    assert isinstance(lost, Lost)
    assert (lost.code, lost.detail[:48]) == (code, detail)


@pytest.mark.wide
def test_map__items_that_hang__end_and_are_lost_alone() -> None:
    with Isolation(ReadingLimits(cpu_seconds=1, seconds=2), "shared", workers=2) as children:
        assert codes(children.map(act, ["loop", "a", "sleep", "b", "vanish", "c"])) == [
            "reading_too_long", ("shared", "a"), "reading_too_long", ("shared", "b"), "reading_too_long", ("shared", "c"),
        ]  # fmt: skip


def test_map__computing_time__is_counted_for_each_item_alone() -> None:
    with Isolation(ReadingLimits(cpu_seconds=1, seconds=PATIENCE), workers=1) as isolated:
        lost, found = isolated.map(act, ["loop", "a"])
        assert lost == Lost("reading_too_long", "more than 1 s of computing")
        assert found == (None, "a")


def test_map__a_death_that_does_not_happen_again__costs_nothing(isolated: Isolation, tmp_path: Path) -> None:
    items = [f"once {tmp_path / str(number)}" for number in range(4)]
    assert list(isolated.map(act, items)) == [("shared", item) for item in items]


def test_map__an_item_that_took_too_long__is_tried_once_more_alone(tmp_path: Path) -> None:
    slow = f"slow {tmp_path / 'tried'}"
    with Isolation(ReadingLimits(seconds=1), "shared", workers=2) as children:
        assert list(children.map(act, ["a", slow, "b"])) == [("shared", item) for item in ("a", slow, "b")]


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EROFS, errno.EACCES])
def test_map__a_disk_that_takes_no_more__is_no_fault_of_the_item(isolated: Isolation, number: int) -> None:
    with pytest.raises(OSError, match="refused") as raised:
        list(isolated.map(act, ["a", f"disk {number}"]))
    assert (raised.value.errno, raised.value.filename) == (number, "store/x")
    [lost] = isolated.map(act, [f"disk {errno.EINVAL}"])
    assert isinstance(lost, Lost)
    assert lost.code == "reading_died"


def not_there(_: object, __: object) -> None:
    """Is never called: its module is made one that no child can import."""


def test_map__a_child_that_cannot_import_the_function__stops_the_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(not_there, "__module__", "tests.pipeline.not_there")
    with Isolation(LIMITS, workers=1) as children, pytest.raises(IsolationError, match="No module named 'tests.pip"):
        next(children.map(not_there, ["a"]))


def test_map__a_library_missing_in_the_middle__is_no_fault_of_the_item(isolated: Isolation) -> None:
    with pytest.raises(IsolationError, match="ModuleNotFoundError: no library"):
        list(isolated.map(act, ["a", "library"]))


def dying(*_: object) -> None:
    """Ends a child before it has done anything."""
    os._exit(3)


@pytest.mark.parametrize(("broken", "why"), [("_limit", "no process starts"), ("_import", "exit code 3")])
def test_map__children_that_die_at_once__stop_the_run(monkeypatch: pytest.MonkeyPatch, broken: str, why: str) -> None:
    monkeypatch.setattr(isolation, broken, dying)
    with Isolation(LIMITS, workers=1) as children, pytest.raises(IsolationError, match=why):
        next(children.map(act, ["a"]))


@pytest.mark.parametrize("gone", [False, True])
def test_map__children_killed_from_outside__are_replaced(isolated: Isolation, gone: bool) -> None:
    for pid in set(isolated.map(act, ["pid"] * 20)):
        assert isinstance(pid, int)
        os.kill(pid, signal.SIGKILL)
        while gone and is_running(pid):
            time.sleep(0.01)
    assert list(isolated.map(act, ["a", "b", "c"])) == [("shared", "a"), ("shared", "b"), ("shared", "c")]


def test_map__every_other_item_dies__the_others_all_come_back(isolated: Isolation) -> None:
    found = codes(isolated.map(act, ["abort", "a", "crash", "b"] * 5))
    assert found == ["reading_died", ("shared", "a"), "reading_died", ("shared", "b")] * 5


def test_map__ctrl_c__is_for_the_parent_and_no_fault_of_the_item(isolated: Isolation) -> None:
    assert list(isolated.map(act, ["ctrl-c", "a"])) == [("shared", "ctrl-c"), ("shared", "a")]


def test_map__what_a_child_prints__is_not_heard(isolated: Isolation, capfd: pytest.CaptureFixture[str]) -> None:
    list(isolated.map(act, ["noise", "abort"]))
    assert capfd.readouterr() == ("", "")


def test_map__large_results__do_not_stay_in_the_parent(isolated: Isolation) -> None:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert all(found == bytes(1_000_000) for found in isolated.map(act, ["large"] * 300))
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - peak < 120_000


def test_isolation__ended__leaves_no_process() -> None:
    with Isolation(LIMITS, workers=2) as children:
        pids = set(children.map(act, ["pid"] * 8))
        hanging = children.map(act, ["pid", "sleep", "sleep"])
        pids.add(next(hanging))
    assert [pid for pid in pids if is_running(pid)] == []


def test_isolation__ends__its_children_before_what_they_talk_through(monkeypatch: pytest.MonkeyPatch) -> None:
    # A child that was only just starting would not find it, and print a traceback on the terminal.
    pids: set[object] = set()
    running: list[object] = []
    close = WorkerChannel.close

    def closes(channel: WorkerChannel) -> None:
        running.extend(pid for pid in pids if is_running(pid))
        close(channel)  # type: ignore[no-untyped-call]

    monkeypatch.setattr(WorkerChannel, "close", closes)
    with Isolation(LIMITS, workers=2) as children:
        pids.update(children.map(act, ["pid"] * 8))
    assert (bool(pids), running) == (True, [])
