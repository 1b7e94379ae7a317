"""Owns the mutation run: each fault of tests/mutants/faults.toml, alone in a copy of the code, must fail a test.

Run it with `make mutants`, or `python -m tests.mutants.run WORD ...` for the faults of files whose path holds a word.
The working tree is never touched. The order is that of the list, and hashes and drawn examples are the same each time.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from queue import SimpleQueue

from tests.given import PATIENCE

ROOT = Path(__file__).parents[2]
LIST = Path(__file__).with_name("faults.toml")
_NOT_COPIED = shutil.ignore_patterns(".*", "__pycache__", "outputs", "build", "*.egg-info", "returns", "store")
_SAY = (
    "-q",
    "--no-header",
    "--tb=short",
    "-x",
    "-p",
    "no:xdist",
    "-p",
    "no:cacheprovider",
    "-m",
    "not (wide or libreoffice)",
)
_FAILED = 1
"""Pytest's exit code where tests ran and some failed; a file that cannot even be imported gives another."""


class Verdict(StrEnum):
    """What became of a fault."""

    CAUGHT = "caught"
    SURVIVED = "SURVIVED"
    STALE = "STALE"
    BROKEN = "BROKEN"


MEANING = {
    Verdict.SURVIVED: "no test noticed it: state what should hold in a test",
    Verdict.STALE: "the text to replace does not stand there exactly once: write the fault anew",
    Verdict.BROKEN: "the tests could not be run with it: it proves nothing",
}


@dataclass(frozen=True)
class Fault:
    """A text in a file, what is put in its place, and the tests that are to notice."""

    file: str
    old: str
    new: str
    tests: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.file}: {self.old!r} -> {self.new!r}"


def listed(words: Sequence[str]) -> list[Fault]:
    """The faults of all files, or of those whose path holds one of the words."""
    return [
        Fault(module["file"], fault["old"], fault["new"], tuple(module["tests"]))
        for module in tomllib.loads(LIST.read_text(encoding="utf-8"))["module"]
        for fault in module["fault"]
        if not words or any(word in module["file"] for word in words)
    ]


def tried(copy: Path, fault: Fault) -> Verdict:
    """What becomes of a fault in a copy of the code, which is then as it was."""
    path = copy / fault.file
    sound = path.read_text(encoding="utf-8") if path.exists() else ""
    if sound.count(fault.old) != 1:
        return Verdict.STALE
    try:
        _write(path, sound.replace(fault.old, fault.new))
        code = run_tests(copy, fault.tests).returncode
    finally:
        _write(path, sound)
    return {0: Verdict.SURVIVED, _FAILED: Verdict.CAUGHT}.get(code, Verdict.BROKEN)


def run_tests(copy: Path, tests: Iterable[str]) -> subprocess.CompletedProcess[str]:
    """Pytest in a copy of the code, which stops at the first failure."""
    environment = os.environ | {"PYTHONPATH": str(copy), "PYTHONHASHSEED": "0", "HYPOTHESIS_PROFILE": "unshrunk"}
    command = [sys.executable, "-m", "pytest", *_SAY, *tests]
    return subprocess.run(
        command, cwd=copy, env=environment, capture_output=True, text=True, check=False, timeout=PATIENCE
    )


def _write(path: Path, text: str) -> None:
    """Write a source file and forget what was compiled of it: its date may be the same to the second."""
    path.write_text(text, encoding="utf-8")
    for compiled in path.parent.glob(f"__pycache__/{path.stem}.*"):
        compiled.unlink()


@contextmanager
def _copies(count: int) -> Iterator[SimpleQueue[Path]]:
    """Copies of the code, to be taken and put back."""
    with tempfile.TemporaryDirectory(prefix="acopio-mutants-") as folder:
        free = SimpleQueue[Path]()
        for number in range(count):
            free.put(Path(shutil.copytree(ROOT, Path(folder, f"copy-{number}"), ignore=_NOT_COPIED)))
        yield free


def main(words: Sequence[str]) -> int:
    """Try every fault, say what became of it, and give 1 if one was not caught."""
    faults, workers = listed(words), os.cpu_count() or 1
    if not faults:
        print(f"No file of {LIST.name} has {' or '.join(words)} in its path.", file=sys.stderr)
        return 1
    with _copies(workers) as free, ThreadPoolExecutor(workers) as pool:
        copy = free.get()
        sound = run_tests(copy, sorted({test for fault in faults for test in fault.tests}))
        free.put(copy)
        if sound.returncode:
            print(sound.stdout, "Without any fault these tests must pass.", sep="\n", file=sys.stderr)
            return 1

        def work(fault: Fault) -> Verdict:
            taken = free.get()
            try:
                return tried(taken, fault)
            finally:
                free.put(taken)

        left = []
        for fault, verdict in zip(faults, pool.map(work, faults), strict=True):
            print(f"{verdict:9}{fault}", flush=True)
            left += [(fault, verdict)] if verdict is not Verdict.CAUGHT else []
    print(f"\n{len(faults) - len(left)} of {len(faults)} faults were caught.")
    for fault, verdict in left:
        print(f"{verdict}: {fault}\n    {MEANING[verdict]}.")
    return 1 if left else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
