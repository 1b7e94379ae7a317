"""Tasks are done by children and by this process, and no child outlives its purpose."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from pipeline.processes import Processes
from tests.pipeline import tasks

ROOT = Path(__file__).parents[2]
ORPHANED = """
import sys
from pathlib import Path
from pipeline.processes import Processes
from tests.pipeline import tasks
if __name__ == "__main__":
    with Processes("shared", tasks.__name__, 2) as processes:
        processes.start()
        processes.do(1, tasks.never_end, Path(sys.argv[1]))
        processes.finish()
"""


@pytest.fixture(scope="module")
def pair() -> Iterator[Processes]:
    with Processes("shared", tasks.__name__, 2) as processes:
        processes.start()
        yield processes


def test_finish__a_large_task_and_small_ones__a_child_does_the_large_one_and_all_have_their_results(
    pair: Processes,
) -> None:
    large = pair.do(9, tasks.who, "large")
    small = [pair.do(size, tasks.who, str(size)) for size in (1, 2, 3)]
    pair.finish()
    assert large.result[0] == "shared large"
    assert large.result[1] != os.getpid()
    assert [task.result[0] for task in small] == ["shared 1", "shared 2", "shared 3"]


def test_start__several_tasks_are_waiting__a_child_takes_the_largest() -> None:
    with Processes("shared", tasks.__name__, 2) as processes:
        first, largest, last = (processes.do(size, tasks.who, "") for size in (1, 9, 5))
        processes.start()
        processes.finish()
    assert first.result[1] == os.getpid() != largest.result[1]
    assert last.result is not None


def test_finish__without_children__does_everything_here_from_the_smallest() -> None:
    done: list[str] = []
    with Processes("shared", tasks.__name__, 1) as processes:
        processes.start()
        for size, word in ((3, "c"), (1, "a"), (2, "b")):
            processes.do(size, lambda _, word: done.append(word), word)
        assert done == []
        processes.finish()
    assert done == ["a", "b", "c"]


def test_finish__a_child_finds_the_disk_full__raises_what_the_child_raised(tmp_path: Path) -> None:
    with Processes("shared", tasks.__name__, 2) as processes:
        processes.start()
        processes.do(1, tasks.disk_full, tmp_path / "a.csv")
        with pytest.raises(OSError, match=str(tmp_path / "a.csv")) as raised:
            processes.finish()
    assert raised.value.errno == errno.ENOSPC


def test_exit__an_error_while_a_child_is_busy__the_child_ends_at_once(tmp_path: Path) -> None:
    started = tmp_path / "started"
    with pytest.raises(tasks.TroubleError, match=r"^no cell can hold inf$"), Processes("", tasks.__name__, 2) as busy:  # noqa: PT012
        busy.start()
        busy.do(9, tasks.never_end, started)
        wait_for(lambda: bool(started.exists() and started.read_text()))
        busy.do(1, tasks.trouble, "no cell can hold inf")
        busy.finish()
    assert has_ended(int(started.read_text()))


def test_finish__a_child_is_killed__this_process_does_what_it_had_in_hand() -> None:
    with Processes("", tasks.__name__, 2) as processes:
        processes.start()
        task = processes.do(2, tasks.die_in_a_child, "word")
        other = processes.do(1, tasks.die_in_a_child, "other")
        processes.finish()
    assert (task.result, other.result) == (("word", os.getpid()), ("other", os.getpid()))


@pytest.mark.parametrize(("number", "code"), [(signal.SIGKILL, -signal.SIGKILL), (signal.SIGINT, -signal.SIGINT)])
def test_start__the_parent_is_killed_or_stopped__its_child_ends_too(
    tmp_path: Path, number: signal.Signals, code: int
) -> None:
    (tmp_path / "orphaned.py").write_text(ORPHANED, encoding="utf-8")
    started = tmp_path / "started"
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    command = [sys.executable, str(tmp_path / "orphaned.py"), str(started)]
    with subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, start_new_session=True) as parent:
        wait_for(lambda: bool(started.exists() and started.read_text()))
        if number == signal.SIGINT:
            os.killpg(parent.pid, number)
        else:
            parent.kill()
        assert parent.wait(60) == code
    wait_for(lambda: has_ended(int(started.read_text())))


def has_ended(pid: int) -> bool:
    """Whether a process is gone, or only waits for its parent to notice."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except FileNotFoundError:
        return True


def wait_for(condition: Callable[[], bool]) -> None:
    for _ in range(6000):
        if condition():
            return
        time.sleep(0.01)
    raise AssertionError("not within a minute")
