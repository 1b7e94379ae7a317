"""Runs the command line as users do, in a process that `tests.bench.rounds` measures, and prints what its stages took.

Child processes import this module too, as they do any main module: it loads no more than the command line does.
"""

import json
import resource
import sys
import time
from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any

from pipeline.cli.main import main

STAGES: Mapping[str, tuple[str, str]] = {
    "receive": ("pipeline.journey", "receive"),
    "read": ("pipeline.consolidation.flow", "_Run._read"),
    "judge": ("pipeline.consolidation.flow", "_Run._judged"),
    "gather": ("pipeline.made_anew", "consolidate"),
    "tables": ("pipeline.made_anew", "make_tables"),
    "gate": ("pipeline.publication.gate.gate", "Gate.ask"),
    "other files": ("pipeline.publication.writing", "Writing.finish"),
    "wait for gate": ("pipeline.publication.gate.gate", "Gate.answer"),
}

PLAIN, STAGED, TO_GATE = "--plain", "--staged", "--to-gate"
"""How a run is measured: as it is; with a clock on its stages; that, and without what is written beside Parquet."""


def run(how: str, arguments: list[str]) -> None:
    """Run a command, and print the seconds of each stage and the most memory in megabytes."""
    seconds = dict.fromkeys(STAGES, 0.0)
    if how == TO_GATE:
        from pipeline.publication.writing import Writing

        for name in ("of_table", "finish"):
            setattr(Writing, name, _nothing)
    if how != PLAIN:
        for stage, (module, path) in STAGES.items():
            *owner, name = path.split(".")
            place = getattr(import_module(module), owner[0]) if owner else import_module(module)
            setattr(place, name, _clocked(getattr(place, name), seconds, stage))
    main(arguments, standalone_mode=False)
    print(json.dumps([seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024]))


def _nothing(*_: object) -> None:
    pass


def _clocked(function: Callable[..., Any], seconds: dict[str, float], stage: str) -> Callable[..., Any]:
    def clocked(*arguments: Any, **named: Any) -> Any:
        start = time.perf_counter()
        try:
            return function(*arguments, **named)
        finally:
            seconds[stage] += time.perf_counter() - start

    return clocked


if __name__ == "__main__":
    run(sys.argv[1], sys.argv[2:])
