"""Measures whole runs on rounds of several sizes against what a competent user would write; run it with `make bench`.

Everything is one run on this machine, and what counts are the ratios. Returns are accepted ones of the demonstration,
each stamped for a respondent of its own. It is no test: nothing fails by it.
"""

from __future__ import annotations

import json
import os
import platform
import resource
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from importlib.util import cache_from_source
from pathlib import Path

import pandas as pd

from pipeline.publication.manifest import software
from questionnaire.layout import Layout
from questionnaire.rounds.access import Access
from questionnaire.rounds.round import Round
from tests.bench.by_hand import calamine_alone, compared, read_by_hand
from tests.bench.clocked import PLAIN, STAGED, TO_GATE
from tests.bench.stamped import ROOT, simulated_round, stamped_round

SIZES = (35, 200, 1000)
_BY_HAND_AT_MOST = 200
_EVERY_SHEET_AT_MOST = 50
"""Returns read by hand: beyond, each one more costs as much as the one before."""


@dataclass(frozen=True)
class Run:
    """One run of `consolidate`: seconds on the clock and of computing, of each stage, and the most memory (MB)."""

    seconds: float
    computing: float
    stages: Mapping[str, float]
    parent: float
    children: float


def consolidated(round_: Round, how: str = PLAIN) -> Run:
    """Run `acopio consolidate` in a process of its own, its memory watched from outside."""
    command = [sys.executable, "-m", "tests.bench.clocked", how, "consolidate", str(round_.folder)]
    start = time.perf_counter()
    with subprocess.Popen(
        command, env=os.environ | {"PYTHONPATH": str(ROOT)}, stdout=subprocess.PIPE, text=True, start_new_session=True
    ) as process:
        seen = _Seen()
        watcher = threading.Thread(target=seen.watch, args=(process,))
        watcher.start()
        text = process.communicate()[0]
        watcher.join()
    if process.returncode:
        raise SystemExit(process.returncode)
    stages, parent = json.loads(text.splitlines()[-1])
    return Run(time.perf_counter() - start, sum(seen.computing.values()), stages, parent, seen.children)


class _Seen:
    """What the processes of a run were seen to take: seconds of computing of each, and the memory of the children."""

    def __init__(self) -> None:
        self.computing: dict[str, float] = {}
        self.children = 0.0

    def watch(self, process: subprocess.Popen[str]) -> None:
        """Look at all processes of a session until its first one has ended."""
        while process.poll() is None:
            found = {entry.name: _usage(entry, process.pid) for entry in Path("/proc").glob("[0-9]*")}
            own = {name: usage for name, usage in found.items() if usage is not None}
            self.computing |= {name: seconds for name, (seconds, _) in own.items()}
            together = sum(memory for name, (_, memory) in own.items() if name != str(process.pid))
            self.children = max(self.children, together)
            time.sleep(0.2)


def _usage(entry: Path, session: int) -> tuple[float, float] | None:
    """Seconds of computing and megabytes of a process; None for one of another session, or that has ended."""
    try:
        fields = entry.joinpath("stat").read_text().rpartition(")")[2].split()
        resident = int(entry.joinpath("statm").read_text().split()[1])
    except (OSError, IndexError):
        return None
    if int(fields[3]) != session:
        return None
    ticks = int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK"), resident * resource.getpagesize() / 1024 / 1024


def _timed(run: Callable[[], object]) -> tuple[float, float]:
    """Seconds on the clock, and of computing in this process and its children."""
    start, computing = time.perf_counter(), _computing()
    run()
    return time.perf_counter() - start, _computing() - computing


def _computing() -> float:
    used = os.times()
    return used.user + used.system + used.children_user + used.children_system


def measured(originals: Sequence[Path], source: Round, folder: Path, count: int) -> Iterator[str]:
    """The lines of the table for a round of that many returns."""
    round_ = stamped_round(originals, source, folder / "rounds" / source.name, count + 1)
    paths = sorted(round_.returns.iterdir())
    late = folder / paths.pop().name
    shutil.move(round_.returns / late.name, late)
    floor, floor_computing = _timed(partial(calamine_alone, paths))
    some, found = paths[:_BY_HAND_AT_MOST], list[pd.DataFrame]()
    taken = _timed(lambda: found.append(read_by_hand(Layout.of(round_), some)))
    by_hand, by_hand_computing = (seconds * len(paths) / len(some) for seconds in taken)
    few = some[:_EVERY_SHEET_AT_MOST]
    taken = _timed(partial(read_by_hand, Layout.of(round_), few, every_sheet=True))
    every, every_computing = (seconds * len(paths) / len(few) for seconds in taken)
    gated = consolidated(round_, TO_GATE)
    shutil.rmtree(round_.outputs)
    full = consolidated(round_, STAGED)
    answers = pd.read_parquet(round_.results(Access.RESTRICTED) / "answers.parquet")
    alike, differing = compared(found[0], answers[answers["respondent"].isin({path.stem for path in some})])
    again = consolidated(round_)
    shutil.move(late, round_.returns / late.name)
    one_more = consolidated(round_)
    yield f"| {count} returns | seconds | × calamine | × by hand | computing | × calamine | × by hand |"
    yield "| --- | --- | --- | --- | --- | --- | --- |"
    for what, seconds, computing in (
        ("calamine alone, all cells, two processes", floor, floor_computing),
        ("by hand: read_excel (openpyxl), pandera per file, concat", by_hand, by_hand_computing),
        ("the same, every sheet (`sheet_name=None`)", every, every_computing),
        ("to Parquet, findings and gate", gated.seconds, gated.computing),
        ("with every output", full.seconds, full.computing),
        ("again, nothing new", again.seconds, again.computing),
        ("again, one new return", one_more.seconds, one_more.computing),
    ):
        cells = (*_cells(seconds, floor, by_hand), *_cells(computing, floor_computing, by_hand_computing))
        yield f"| {what} | {' | '.join(cells)} |"
    yield ""
    yield f"To the gate: {by_hand / gated.seconds:.1f} times quicker than by hand, {every / gated.seconds:.1f} than every sheet."
    yield f"One new return: {one_more.seconds / full.seconds:.2f} of a full run. By hand and by Acopio, {alike} answers are the same and {len(differing)} differ."
    yield f"Most memory: parent {full.parent:.0f} MB, children together {full.children:.0f} MB."
    yield "Shares of a full run: " + ", ".join(
        f"{name} {100 * took / full.seconds:.0f} %" for name, took in full.stages.items()
    )
    yield ""


def _cells(seconds: float, floor: float, by_hand: float) -> tuple[str, str, str]:
    return f"{seconds:.1f}", f"{seconds / floor:.1f}", f"{seconds / by_hand:.2f}"


def machine() -> str:
    """What it was measured on."""
    model = next(
        (
            line.partition(":")[2].strip()
            for line in Path("/proc/cpuinfo").read_text().splitlines()
            if "model name" in line
        ),
        platform.processor(),
    )
    libraries = ", ".join(f"{name} {version}" for name, version in software().items())
    # Where Python may not keep what it compiles, every process begins with compiling.
    compiled = Path(cache_from_source(pd.__file__)).exists()
    warning = "" if compiled else " NO BYTECODE: each process compiles its libraries anew."
    system = f"{platform.system()} {platform.release()}"
    return f"{os.cpu_count()} × {model}, {system}; load {os.getloadavg()[0]:.1f}. {libraries}.{warning}"


def main() -> None:
    """Measure rounds of the sizes given, else of `SIZES`."""
    print(machine(), "\n")
    with tempfile.TemporaryDirectory() as root:
        source, originals = simulated_round(Path(root, "source", "rounds", "demo"))
        for count in map(int, sys.argv[1:] or SIZES):
            for line in measured(originals, source, Path(root, str(count)), count):
                print(line, flush=True)


if __name__ == "__main__":
    main()
