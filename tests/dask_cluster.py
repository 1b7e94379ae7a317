"""Starts a real scheduler and workers of Dask, which only this machine can reach."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from tests.given import PATIENCE

ROOT = Path(__file__).parents[1]
_LOCAL = ("--host", "127.0.0.1", "--dashboard-address", "127.0.0.1:0")


class DaskCluster:
    """A `dask scheduler`, and as many `dask worker` processes as are started; their nannies replace what dies."""

    def __init__(self, folder: Path, environment: dict[str, str]) -> None:
        self._folder, self._file = folder, folder / "scheduler.json"
        self._environment = os.environ | environment | {"PYTHONPATH": str(ROOT)}
        self._started: list[subprocess.Popen[bytes]] = []
        # Both end by themselves, should nobody be left who ends them.
        self._start("scheduler", "--idle-timeout", "1800", "--port", "0", *_LOCAL, "--scheduler-file", str(self._file))
        until = time.monotonic() + PATIENCE
        while not (self._file.is_file() and self._file.stat().st_size):
            assert time.monotonic() < until, "the scheduler writes where it is"
            time.sleep(0.05)
        self.address: str = json.loads(self._file.read_text())["address"]

    def start_worker(self, *options: str) -> None:
        """Start a worker with one thread; `options` are those of its command."""
        number = str(len(self._started))
        own = (
            "--nworkers",
            "1",
            "--nthreads",
            "1",
            "--death-timeout",
            "300",
            "--local-directory",
            str(self._folder / number),
        )
        self._start("worker", self.address, *_LOCAL, *own, *options)

    @property
    def workers(self) -> list[int]:
        """The processes that were started for workers, each with the worker's own below it."""
        return [process.pid for process in self._started[1:]]

    def end(self) -> None:
        """End all that was started, with all that it has started."""
        for process in self._started:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait(PATIENCE)

    def _start(self, *command: str) -> None:
        program = [sys.executable, "-m", "dask", *command]
        with (self._folder / f"{len(self._started)}.log").open("wb") as log:
            started = subprocess.Popen(
                program, env=self._environment, stdout=log, stderr=log, cwd=self._folder, start_new_session=True
            )
        self._started.append(started)


@contextmanager
def dask_cluster(
    folder: Path, workers: Sequence[Sequence[str]] = ((), ()), **environment: str
) -> Iterator[DaskCluster]:
    """A scheduler and workers, each with options of its own."""
    folder.mkdir(parents=True, exist_ok=True)
    cluster = DaskCluster(folder, environment)
    try:
        for options in workers:
            cluster.start_worker(*options)
        yield cluster
    finally:
        cluster.end()
