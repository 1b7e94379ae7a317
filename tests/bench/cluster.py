"""Measures what a second worker of a Dask cluster adds, and what handing the work over costs; run it with `make bench`.

The mapped stage alone: reading and judging, from a folder that the workers share. It is no test: nothing fails by it.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psutil

from pipeline.cluster.cluster import Cluster
from pipeline.consolidation.flow import Engine, Flow, ThisMachine
from pipeline.receiving.receive import receive
from pipeline.receiving.register import NO_HISTORY
from questionnaire.rounds.round import Round
from tests.bench.rounds import machine
from tests.bench.stamped import simulated_round, stamped_round
from tests.dask_cluster import dask_cluster

RETURNS = 200
_FIRST = 50


@dataclass(frozen=True)
class Took:
    """Seconds on the clock, and of computing of each process that was asked, with those below it."""

    seconds: float
    computing: list[float]


def measured(round_: Round, folder: Path) -> Iterator[str]:
    """The lines of the table for a round with returns."""
    files = receive(round_)

    def took(name: str, engine: Engine, processes: list[int]) -> Took:
        # What each process does once, such as importing, is done before.
        Flow(round_, folder / f"{name} first", engine=engine).run(files[:_FIRST], NO_HISTORY)
        before, start = [*map(_computing, processes)], time.perf_counter()
        Flow(round_, folder / name, engine=engine).run(files, NO_HISTORY)
        seconds, after = time.perf_counter() - start, [*map(_computing, processes)]
        return Took(seconds, [late - early for early, late in zip(before, after, strict=True)])

    alone = took("alone", ThisMachine(jobs=1), [os.getpid()])
    with dask_cluster(folder / "dask", [()]) as dask:
        with Cluster(dask.address, patience=600) as cluster:
            one = took("one", cluster, dask.workers)
        dask.start_worker()
        with Cluster(dask.address, patience=600) as cluster:
            while cluster.threads < 2:
                time.sleep(0.1)
            two = took("two", cluster, dask.workers)
    yield f"| {len(files)} returns read and judged | seconds | computing of each |"
    yield "| --- | --- | --- |"
    for name, run in (("one child, no cluster", alone), ("one worker", one), ("two workers", two)):
        yield f"| {name} | {run.seconds:.1f} | {' + '.join(f'{spent:.1f}' for spent in run.computing)} |"
    yield ""
    clock, computing = one.seconds / two.seconds / 2, max(one.computing) / max(two.computing) / 2
    yield f"Two workers do {clock:.2f} × 2 of the work of one by the clock, {computing:.2f} × 2 by what the busier one computes (wanted: 0.8 × 2)."


def _computing(process: int) -> float:
    """Seconds of computing of a process and of all below it, those that have ended included."""
    root = psutil.Process(process)
    times = (entry.cpu_times() for entry in (root, *root.children(recursive=True)))
    return float(sum(spent.user + spent.system + spent.children_user + spent.children_system for spent in times))


def main() -> None:
    """Measure a round of the size given, else of `RETURNS`."""
    print(machine(), "\n")
    with tempfile.TemporaryDirectory() as root:
        source, originals = simulated_round(Path(root, "source", "rounds", "demo"))
        count = int(sys.argv[1]) if sys.argv[1:] else RETURNS
        round_ = stamped_round(originals, source, Path(root, "rounds", source.name), count)
        for line in measured(round_, Path(root, "work")):
            print(line, flush=True)


if __name__ == "__main__":
    main()
