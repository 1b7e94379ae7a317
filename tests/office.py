"""Owns driving LibreOffice in tests: recalculates workbooks and saves them in the formats it writes."""

from __future__ import annotations

import atexit
import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache, partial
from pathlib import Path

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
_SECONDS = 240
_PROGRAMS = 2


class OfficeError(Exception):
    """LibreOffice did not save what it was asked for."""


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
            told = "\n".join(pool.map(convert, shares, range(_PROGRAMS)))
        made = [out_dir / f"{path.stem}.{extension}" for path in paths]
        if missing := [path.name for path in made if not path.exists()]:
            raise OfficeError(f"LibreOffice did not save {', '.join(missing)}: {told}")
        saved += made
    return saved


def _convert(paths: Sequence[Path], program: int, out_dir: Path, filter_: str) -> str:
    soffice = shutil.which("soffice") or shutil.which("libreoffice")
    if soffice is None:
        raise OfficeError("LibreOffice is not installed: mark the test `libreoffice`")
    arguments = [
        "--headless",
        "--norestore",
        f"-env:UserInstallation={_profile(program).as_uri()}",
        "--convert-to",
        filter_,
    ]
    command = [soffice, *arguments, "--outdir", str(out_dir), *map(str, paths)]
    # A group of its own: the program starts others, and a time-out must end them all, and only them.
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True
    ) as process:
        try:
            return process.communicate(timeout=_SECONDS)[0]
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            raise OfficeError(f"LibreOffice took longer than {_SECONDS} seconds") from None


@cache
def _profile(_program: int) -> Path:
    """A profile of one program alone: two on the same profile refuse to run at the same time."""
    profile = Path(tempfile.mkdtemp(prefix="acopio-office-"))
    atexit.register(shutil.rmtree, profile, ignore_errors=True)
    (profile / "user").mkdir()
    (profile / "user" / "registrymodifications.xcu").write_text(_SETTINGS, encoding="utf-8")
    return profile
