"""The list of the small instrument: fills in its sheet, edits it, and gives its lines and all that is found in them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from pipeline.reading.submission import Columns, Submission
from pipeline.reading.tidy import tidy
from pipeline.receiving.receive import receive_file
from pipeline.simulation.fill import FilledWorkbook
from pipeline.validation.validate import validate
from questionnaire.addresses import column_letter
from questionnaire.layout import Layout, ListSheet
from questionnaire.rounds.round import Round
from questionnaire.sheet_names import tab_names
from questionnaire.workbook.sheets.verdict import SIGN_OFF
from schemas.answers_table import answers_frame
from tests.with_list import instrument

Line = Mapping[str, Any]
Edit = Callable[[Worksheet], object]


def rows_of(submission: Submission) -> Columns:
    """The tidy table of a submission without the rows of its indicators."""
    asked = zip(submission.rows["block"], submission.rows["indicator"], strict=True)
    kept = [place for place, (block, indicator) in enumerate(asked) if block != indicator]
    return {name: [values[place] for place in kept] for name, values in submission.rows.items()}


def judged(round_: Round, submission: Submission) -> Submission:
    """The submission with what the rules on lists find, too."""
    instrument = round_.instrument
    own = replace(instrument, rules=tuple(rule for rule in instrument.rules if rule.lists or "projects" in rule.blocks))
    found = validate(answers_frame(submission.rows), own, round_.period.parameters, {})
    return replace(submission, findings=(*submission.findings, *found))


@cache
def layout() -> Layout:
    return Layout(instrument())


@cache
def listed() -> ListSheet:
    return layout().lists[0]


def tab(sheet: str) -> str:
    return tab_names(layout())[sheet]


def at(line: int, column: str) -> str:
    """The cell of a line, where the layout puts it."""
    return f"{column_letter(listed().columns[column])}{listed().row(line) + 1}"


def fill(sent: Path, target: Path, lines: Mapping[int, Line], **answers: object) -> Path:
    """Type lines, a level, answers to questions of W01a, and sign off."""
    book = FilledWorkbook(sent, layout(), tab_names(layout()), "en")
    for line, cells in lines.items():
        for column, value in cells.items():
            book.type_at(listed().code, at(line, column), value)
    book.type(layout().slot("W01a", "status"), "2 – Adopted")
    for field, value in answers.items():
        book.type(layout().slot("W01a", field), value)  # type: ignore[arg-type]
    book.type_named(SIGN_OFF, "A. Person")
    book.save(target, dt.datetime(2026, 3, 1, 8))
    return target


def read(round_: Round, path: Path) -> Submission:
    return judged(round_, tidy(receive_file(path), path.read_bytes(), round_, layout()))


def edited(path: Path, name: str, edit: Edit, *, shown: bool = True) -> Path:
    """The same after somebody did something to a sheet; what formulas showed stays as text, or is lost."""
    book = load_workbook(path, data_only=shown)
    sheet = book[name]
    assert isinstance(sheet, Worksheet)
    edit(sheet)
    book.save(path)
    return path


def about(submission: Submission) -> list[tuple[str, str, str]]:
    """The findings that concern lists, or sheets as a whole: code, severity, cell."""
    return [(entry.code, str(entry.severity), entry.cell) for entry in submission.findings]


def values(submission: Submission) -> dict[tuple[int, str], object]:
    """What was read, without blanks: (line, column) -> value."""
    names = ("line", "field", "code", "number", "text", "date")
    listed = rows_of(submission)
    rows = zip(*(listed[name] for name in names), strict=True)
    found = {(row[0], row[1]): next((item for item in row[2:] if item is not None), None) for row in rows}
    return {key: value for key, value in found.items() if value is not None}
