"""Measures what a person waits for in a running LibreOffice: a questionnaire to load, an answer to be calculated.

The questionnaire is the real one, with answers of the previous round, today's answers and a filled list. These are
seconds of this machine, with what else it does at the time; run it with `make bench`. It is no test.
"""

from __future__ import annotations

import json
import os
import shutil
import statistics
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from random import Random

from pipeline.simulation.fill import FilledWorkbook
from pipeline.simulation.simulated_lines import LineWriter
from questionnaire.addresses import column_letter
from questionnaire.layout import Column, Layout
from questionnaire.sample import Sampler
from questionnaire.sheet_names import tab_names
from tests.conftest import find_uno_python
from tests.contract.answer_sets import SAVED
from tests.given import demo_round, following, write_questionnaire

ROOT = Path(__file__).parents[2]
LOADING, TYPING = 2.0, 0.2
"""Seconds up to which nobody need look."""
_REPEATS = 6


def filled_questionnaire(folder: Path) -> tuple[Path, Layout, dict[str, str]]:
    """The questionnaire of one respondent with all that it may hold, its layout and the names of its sheets."""
    round_ = demo_round(folder)
    respondent = round_.participants[0]
    random, parameters = Random(1), round_.period.parameters
    writer = LineWriter(Sampler(round_.instrument, parameters, random, respondent.language), respondent.code, ())
    lines = writer.drawn_first(round_.instrument)
    sampler = Sampler(round_.instrument, parameters, random, respondent.language, lines=lines)
    round_ = following(round_, {respondent.code: sampler.valid()})
    layout = Layout.of(round_)
    tabs = dict(tab_names(layout))
    path = folder / "filled.xlsx"
    write_questionnaire(path, round_, respondent, layout)
    book = FilledWorkbook(path, layout, tabs, respondent.language)
    book.answer(sampler.valid())
    for sheet in layout.lists:
        book.fill_lines(sheet, [dict(line) for line in lines[sheet.block.code].values()])
    book.save(path, SAVED)
    return path, layout, tabs


def measured(folder: Path, repeats: int = _REPEATS) -> Iterator[str]:
    """One line for loading, one for what is typed first, and one for each sort of cell typed into."""
    path, layout, tabs = filled_questionnaire(folder)
    level, *others = layout.slots
    count = next(slot for slot in others if slot.field.type.traits.whole and slot.field.type.traits.column == "number")
    sheet = layout.lists[0]
    cells = {
        "a level": {"tab": tabs[level.sheet], "address": level.cell(Column.ANSWER), "content": "1"},
        "a number": {"tab": tabs[count.sheet], "address": count.cell(Column.ANSWER), "content": "7"},
        "a cell of a list": {
            "tab": tabs[sheet.code],
            "address": f"{column_letter(sheet.columns[sheet.block.fields[0].code])}{sheet.row(1) + 1}",
            "content": "x",
        },
    }
    job = {"path": str(path), "cells": list(cells.values()), "repeats": repeats}
    soffice, python = shutil.which("soffice") or shutil.which("libreoffice"), find_uno_python()
    if soffice is None or python is None:
        yield "LibreOffice is not installed: nothing is measured in it."
        return
    done = subprocess.run(
        [str(python), "-m", "tests.bench.waiting_uno", soffice, str(folder / "profile")],
        input=json.dumps(job), cwd=ROOT, env={**os.environ, "PYTHONIOENCODING": "utf-8"},
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    found = json.loads(done.stdout)
    kilobytes = path.stat().st_size / 1024
    yield _line(found["loaded"], LOADING, f"loading a questionnaire of {kilobytes:.0f} KB in a running LibreOffice")
    yield _line(found["typed"][0][:1], TYPING, "calculating after the first answer is typed")
    for name, seconds in zip(cells, found["typed"], strict=True):
        yield _line(seconds, TYPING, f"calculating after {name} is typed")


def _line(seconds: list[float], good: float, what: str) -> str:
    middle = statistics.median(seconds)
    return f"{' ' if middle <= good else '!'}{middle:6.2f}  good up to {good:<4g} {what}, in seconds"


def main() -> None:
    """Print the seconds."""
    with tempfile.TemporaryDirectory() as root:
        for line in measured(Path(root)):
            print(line, flush=True)


if __name__ == "__main__":
    main()
