"""Runs inside LibreOffice's Python: times how long a workbook takes to load, and to calculate after a cell is typed.

Started by tests/bench/waiting.py as tests/office_uno.py is by tests/office.py: the job comes as JSON on standard input, the
seconds go as JSON to standard output.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from tests.office_uno import opened, running


def main(program: str, profile: str) -> None:
    """Load the file several times, then type into its cells."""
    job = json.load(sys.stdin)
    with running(program, profile) as desktop:
        path = Path(job["path"])
        opened(desktop, path).close(True)  # the first document of a program pays for what all share
        loaded = [_loaded(desktop, path) for _ in range(job["repeats"])]
        document = opened(desktop, path)
        typed = [_typed(document, cell, job["repeats"]) for cell in job["cells"]]
        document.close(True)
    json.dump({"loaded": loaded, "typed": typed}, sys.stdout)


def _loaded(desktop: Any, path: Path) -> float:
    start = time.perf_counter()
    document = opened(desktop, path)
    seconds = time.perf_counter() - start
    document.close(True)
    return seconds


def _typed(document: Any, cell: Mapping[str, str], repeats: int) -> Sequence[float]:
    """Seconds until every formula that depends on a cell is calculated, again and again."""
    found = document.Sheets.getByName(cell["tab"]).getCellRangeByName(cell["address"])
    before, seconds = found.getFormula(), []
    for number in range(repeats):
        start = time.perf_counter()
        found.setFormula(before if number % 2 else cell["content"])
        document.calculate()
        # What is shown anywhere is asked for: the program puts off what nobody looks at.
        for sheet in document.Sheets:
            if sheet.IsVisible:
                cursor = sheet.createCursor()
                cursor.gotoEndOfUsedArea(False)
                end = cursor.RangeAddress
                sheet.getCellRangeByPosition(0, 0, end.EndColumn, end.EndRow).getDataArray()
        seconds.append(time.perf_counter() - start)
    return seconds


if __name__ == "__main__":
    main(*sys.argv[1:])
