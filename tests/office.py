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
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import asdict, dataclass
from functools import cache, partial
from pathlib import Path

import pytest

from tests.given import PATIENCE

# LibreOffice trusts the cached results of files it did not write; 0 means “always recalculate”
# (Tools, Options, Calc, Formula).
_SETTINGS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load">
<prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop>
<prop oor:name="ODFRecalcMode" oor:op="fuse"><value>0</value></prop>
</item>
</oor:items>
"""
_FILTERS = {"xlsx": "xlsx:Calc MS Excel 2007 XML", "ods": "ods:calc8", "xls": "xls:MS Excel 97", "pdf": "pdf"}
FORMATS = ("xlsx", "ods", "xls")
"""Those in which a workbook comes back."""

EACH_FORMAT = [pytest.param(name, marks=[pytest.mark.wide] if name != "xlsx" else []) for name in FORMATS]
"""The same as parameters: `make test` takes the first, `make test-all` all."""

_PROGRAMS = 2


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

    Two programs share the work, however many files there are. Gives the files saved, format by format, in the order of
    `paths`; raises OfficeError if one is missing. Two workbooks of one call must not share a name.
    """
    saved: list[Path] = []
    for extension in formats:
        shares = [paths[start::_PROGRAMS] for start in range(min(_PROGRAMS, len(paths)))]
        with ThreadPoolExecutor(_PROGRAMS) as pool:
            convert = partial(_convert, out_dir=out_dir, filter_=_FILTERS[extension])
            printed = "\n".join(pool.map(convert, shares, range(_PROGRAMS)))
        made = [out_dir / f"{path.stem}.{extension}" for path in paths]
        if missing := [path.name for path in made if not path.exists()]:
            raise OfficeError(f"LibreOffice did not save {', '.join(missing)}: {printed}")
        saved += made
    return saved


def calculated(
    uno_python: Path, jobs: Sequence[tuple[Path, Sequence[Step]]], programs: int = _PROGRAMS
) -> list[list[Calculated]]:
    """Open workbooks in LibreOffice and tell every cell after each step, without saving: much faster than to convert.

    The steps of a job follow one another on the same open workbook. Gives job by job what each step led to.
    """
    reported: list[list[Calculated]] = [[] for _ in jobs]
    shares = [range(start, len(jobs), programs) for start in range(min(programs, len(jobs)))]

    def work(share: Sequence[int], program: int) -> None:
        for number, steps in zip(share, _driven(uno_python, [jobs[n] for n in share], program), strict=True):
            reported[number] = steps

    with ThreadPoolExecutor(programs) as pool:
        list(pool.map(work, shares, range(programs)))
    return reported


def save_edited(uno_python: Path, workbook: Path, edits: Mapping[str, Edits], extension: str) -> None:
    """Save a workbook beside itself after each of these edits, by name and in one of FORMATS: `NAME.ods`."""
    jobs = []
    for name, edit in edits.items():
        source = workbook.with_name(f"{name} before.xlsx")
        shutil.copy(workbook, source)
        saved = str(workbook.with_name(f"{name}.{extension}"))
        jobs.append((source, [Step(edits=edit, save_as=(saved,), tell=False)]))
    calculated(uno_python, jobs)


def _driven(uno_python: Path, jobs: Sequence[tuple[Path, Sequence[Step]]], program: int) -> list[list[Calculated]]:
    asked = [{"path": str(path.absolute()), "steps": [asdict(step) for step in steps]} for path, steps in jobs]
    command = [str(uno_python), "-m", "tests.office_uno", _soffice(), str(_profile(program))]
    with subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        env={**os.environ, "PYTHONIOENCODING": "utf-8"},
        cwd=Path(__file__).parent.parent,
        start_new_session=True,
    ) as process:
        try:
            found, complaint = process.communicate(json.dumps(asked), timeout=PATIENCE)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            raise OfficeError(f"LibreOffice took longer than {PATIENCE} seconds") from None
        if process.returncode:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            raise OfficeError(complaint)
    return [
        [
            Calculated({s["tab"]: s["cells"] for s in sheets}, tuple(s["tab"] for s in sheets if s["visible"]))
            for sheets in steps
        ]
        for steps in json.loads(found)
    ]


def _soffice() -> str:
    soffice = shutil.which("soffice") or shutil.which("libreoffice")
    if soffice is None:
        raise OfficeError("LibreOffice is not installed: mark the test `libreoffice`")
    return soffice


def _convert(paths: Sequence[Path], program: int, out_dir: Path, filter_: str) -> str:
    arguments = [
        "--headless",
        "--norestore",
        f"-env:UserInstallation={_profile(program).as_uri()}",
        "--convert-to",
        filter_,
    ]
    command = [_soffice(), *arguments, "--outdir", str(out_dir), *map(str, paths)]
    # A group of its own: the program starts others, and a time-out must end them all, and only them.
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True
    ) as process:
        try:
            return process.communicate(timeout=PATIENCE)[0]
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            raise OfficeError(f"LibreOffice took longer than {PATIENCE} seconds") from None


@cache
def _profile(_program: int) -> Path:
    """A profile of one program alone: two on the same profile refuse to run at the same time."""
    profile = Path(tempfile.mkdtemp(prefix="acopio-office-"))
    atexit.register(shutil.rmtree, profile, ignore_errors=True)
    (profile / "user").mkdir()
    (profile / "user" / "registrymodifications.xcu").write_text(_SETTINGS, encoding="utf-8")
    return profile
