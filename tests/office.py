"""Drives LibreOffice in tests: recalculates workbooks, reads what their cells say, saves them in its formats."""

from __future__ import annotations

import atexit
import json
import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from threading import Timer
from typing import Any

import pytest

from tests.conftest import find_uno_python
from tests.given import PATIENCE

FORMATS = ("xlsx", "ods", "xls")
"""Those in which a workbook comes back."""

EACH_FORMAT = [pytest.param(name, marks=[pytest.mark.wide] if name != "xlsx" else []) for name in FORMATS]
"""The same as parameters: `make test` takes the first, `make test-all` all."""

Grid = list[list[str | float | None]]
"""The cells of a sheet: texts and numbers; "" for an empty cell, None for an error."""

Edits = tuple[tuple[str | int, ...], ...]
"""Names and arguments of functions in tests/office_edits.py."""


class OfficeError(Exception):
    """LibreOffice did not do what it was asked for."""


@dataclass(frozen=True)
class Step:
    """What is done to an open workbook before everything is calculated and reported.

    `cells` are (sheet, address, text). `spoiled` are (sheet, address, part of a formula or "" for all of it, what comes
    instead): formulas changed for this step alone. `save_as` are paths, each saved in the format of its extension; without `tell` no sheet is reported.
    """

    edits: Edits = ()
    cells: tuple[tuple[str, str, str], ...] = ()
    spoiled: tuple[tuple[str, str, str, str], ...] = ()
    save_as: tuple[str, ...] = ()
    tell: bool = True


AS_IT_IS = Step()


@dataclass(frozen=True)
class Calculated:
    """What a calculated workbook says: its sheets in order, and which of them people see."""

    sheets: dict[str, Grid]
    visible: tuple[str, ...]


def recalculate(paths: Sequence[Path], out_dir: Path, formats: Sequence[str] = ("xlsx",)) -> list[Path]:
    """Open workbooks in LibreOffice, calculate every formula anew and save them under their own names in `out_dir`.

    Gives the files saved, format by format, in the order of `paths`; raises OfficeError if one is missing. Two workbooks
    of one call must not share a name.
    """
    python = find_uno_python()
    if python is None:
        raise OfficeError("LibreOffice is not installed: mark the test `libreoffice`")
    out_dir.mkdir(exist_ok=True)
    saved = {(path, extension): out_dir / f"{path.stem}.{extension}" for extension in formats for path in paths}
    steps = {path: Step(save_as=tuple(str(saved[path, name]) for name in formats), tell=False) for path in paths}
    calculated(python, [(path, [step]) for path, step in steps.items()])
    return list(saved.values())


def calculated(uno_python: Path, jobs: Sequence[tuple[Path, Sequence[Step]]]) -> list[list[Calculated]]:
    """Open workbooks in LibreOffice and tell every cell after each step, without saving: much faster than to convert.

    The steps of a job follow one another on the same open workbook. Gives job by job what each step led to.
    """
    asked = [{"path": str(path.absolute()), "steps": [asdict(step) for step in steps]} for path, steps in jobs]
    try:
        reported = _program(uno_python).do(asked)
    except OfficeError:
        _program.cache_clear()  # the next one starts anew
        raise
    return [
        [
            Calculated({s["tab"]: s["cells"] for s in sheets}, tuple(s["tab"] for s in sheets if s["visible"]))
            for sheets in steps
        ]
        for steps in reported
    ]


def save_edited(uno_python: Path, workbook: Path, edits: Mapping[str, Edits], extension: str) -> None:
    """Save a workbook beside itself after each of these edits, by name and in one of FORMATS: `NAME.ods`."""
    jobs = []
    for name, edit in edits.items():
        source = workbook.with_name(f"{name} before.xlsx")
        shutil.copy(workbook, source)
        saved = str(workbook.with_name(f"{name}.{extension}"))
        jobs.append((source, [Step(edits=edit, save_as=(saved,), tell=False)]))
    calculated(uno_python, jobs)


class _Program:
    """LibreOffice with a profile of its own, for as long as this process runs: a start takes a second of computing."""

    def __init__(self, uno_python: Path) -> None:
        self._profile = Path(tempfile.mkdtemp(prefix="acopio-office-"))
        (self._profile / "user").mkdir()
        # A group of its own: the program starts others, and a time-out must end them all, and only them.
        self._process = subprocess.Popen(
            [str(uno_python), "-m", "tests.office_uno", _soffice(), str(self._profile)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            env={**os.environ, "PYTHONIOENCODING": "utf-8"},
            cwd=Path(__file__).parent.parent,
            start_new_session=True,
        )
        atexit.register(self._end)

    def do(self, jobs: Sequence[object]) -> list[list[Any]]:
        """What it reports of the steps of each job; raises OfficeError, and is gone then."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        patience = Timer(PATIENCE, self._kill)
        patience.start()
        with suppress(BrokenPipeError):
            self._process.stdin.write(f"{json.dumps(jobs)}\n")
            self._process.stdin.flush()
        answer = self._process.stdout.readline()
        patience.cancel()
        if not answer:
            atexit.unregister(self._end)
            raise OfficeError(self._end() or f"LibreOffice took longer than {PATIENCE} seconds")
        found: list[list[Any]] = json.loads(answer)
        return found

    def _end(self) -> str:
        """End it; what it complained of."""
        complaint = self._process.communicate()[1]
        self._kill()
        shutil.rmtree(self._profile, ignore_errors=True)
        return complaint

    def _kill(self) -> None:
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)


_program = cache(_Program)


def _soffice() -> str:
    soffice = shutil.which("soffice") or shutil.which("libreoffice")
    if soffice is None:
        raise OfficeError("LibreOffice is not installed: mark the test `libreoffice`")
    return soffice
