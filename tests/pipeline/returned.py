"""Returned workbooks for tests: the small questionnaire as plain rows, edited the way people do, then written."""

from __future__ import annotations

import atexit
import datetime as dt
import hashlib
import io
import shutil
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import xlsxwriter

from pipeline.reading.places.form_texts import FormTexts
from pipeline.reading.places.plans import section_plan
from pipeline.reading.places.sheet_map import SheetMap, find_marks, map_sheet
from pipeline.reading.submission import Submission
from pipeline.reading.tidy import tidy
from pipeline.reading.workbooks.grids import Sheet
from pipeline.receiving.formats import sniff
from pipeline.receiving.received import ReceivedFile
from questionnaire.declaration.answer_types import Selection
from questionnaire.layout import (
    HEADER_KEYS,
    HEADINGS,
    HELPERS,
    IDENTITY,
    TITLE,
    Column,
    Layout,
    RowKind,
    SectionSheet,
    Slot,
)
from questionnaire.messages import in_language, wording
from questionnaire.rounds.identity import Identity, short_fingerprint, signed
from questionnaire.rounds.round import Period, Respondent, Round
from questionnaire.rounds.round_key import create_key
from questionnaire.sheet_names import IDENTITY_SHEET
from questionnaire.table_columns import column_key
from tests.given import mini

Rows = list[list[Any]]
Book = dict[str, Rows]
Answers = Mapping[tuple[str, str], Any]
"""What is typed: (indicator, field) -> the answer cell."""

COVER = "Cover"
SAVED = dt.datetime(2025, 6, 1, 12, 30, tzinfo=dt.UTC)

# One answer in each indicator, so that a return is not empty.
SOME: Answers = {("W01a", "status"): "3 – Partly", ("W01a", "total"): 12, ("F01", "total"): 7}


@cache
def layout() -> Layout:
    return Layout(mini())


@cache
def _folder() -> Path:
    """The folder of the round: it holds the key, which stands in no repository."""
    made = Path(tempfile.mkdtemp(), "rounds", "test")
    atexit.register(shutil.rmtree, made.parents[1], ignore_errors=True)
    made.mkdir(parents=True)
    create_key(made)
    return made


def mini_round(folder: Path | None = None, **changes: Any) -> Round:
    """A round of the small instrument with three respondents and one who does not take part."""

    def respondent(code: str, name: str, *aliases: str, participates: bool = True) -> Respondent:
        reason = "" if participates else "it left"
        return Respondent(code, {"en": name, "fr": name}, "en", participates, reason, aliases)

    frame = (
        respondent("BRA", "Brazil", "BR", "Brasil"),
        respondent("USA", "United States", "US", "Estados Unidos"),
        respondent("MEX", "Mexico", "Estados Unidos Mexicanos"),
        respondent("CUB", "Cuba", participates=False),
    )
    made = Round(
        name="test", folder=folder or _folder(), title={"en": "Test"}, instrument=mini(), period=Period(2024, 2025),
        languages=("en", "fr"), working_language="en", sent_on=dt.date(2026, 1, 1), return_by=dt.date(2026, 2, 1),
        contact_name="N", contact_email="n@example.org", respondents=frame,
    )  # fmt: skip
    return replace(made, **changes)


def identity(**changes: str) -> Identity:
    """The identity of Brazil's questionnaire with these changes, signed as the round signs it."""
    fingerprint = short_fingerprint(mini().structure)
    made = Identity("mini", mini().edition, fingerprint, "test", "BRA", "en")
    return signed(replace(made, **changes), key())


def key() -> bytes:
    found = mini_round().key
    assert found
    return found


def book(answers: Answers = SOME, who: Identity | None = None, language: str = "en") -> Book:
    """The questionnaire with these answers, as rows of cells by sheet."""
    text = str(who or identity())
    sheets: Book = {COVER: [["Questionnaire"], ["", text]]}
    sheets |= {sheet.code: _section(sheet, answers, text, language) for sheet in layout().sheets}
    return {**sheets, IDENTITY_SHEET: [[text]]}


def row_of(sheets: Book, indicator: str, field: str) -> list[Any]:
    """The row of a field, where the layout puts it."""
    slot = layout().slot(indicator, field)
    return sheets[slot.sheet][slot.row]


def put(sheets: Book, indicator: str, field: str, value: Any, column: Column = Column.ANSWER) -> Book:
    row_of(sheets, indicator, field)[column] = value
    return sheets


def write(sheets: Book, properties: str = "", date_1904: bool = False) -> bytes:
    """The workbook's bytes; a text that begins with = is a formula, a date is a formatted number."""
    buffer = io.BytesIO()
    made = xlsxwriter.Workbook(buffer, {"in_memory": True, "date_1904": date_1904, "strings_to_urls": False})
    made.set_properties({"created": SAVED.replace(tzinfo=None)})
    if properties:
        made.set_custom_property("acopio", properties)
    day = made.add_format({"num_format": "yyyy-mm-dd"})
    for name, rows in sheets.items():
        sheet = made.add_worksheet(name)
        for r, row in enumerate(rows):
            for c, value in enumerate(row):
                if isinstance(value, dt.date):
                    sheet.write_datetime(r, c, value, day)
                elif isinstance(value, str) and value.startswith("=#"):
                    sheet.write_formula(r, c, "=NA()", None, value[1:])
                elif value not in (None, ""):
                    sheet.write(r, c, value)
    made.close()
    return buffer.getvalue()


def received(data: bytes, name: str = "return.xlsx") -> ReceivedFile:
    sha256 = hashlib.sha256(data).hexdigest()
    return ReceivedFile(name, Path(name), sha256, len(data), SAVED, sniff(data))


def read(sheets: Book, name: str = "return.xlsx", round_: Round | None = None, **written: Any) -> Submission:
    """The submission that a workbook says."""
    data = write(sheets, **written)
    return without_values_only(tidy(received(data, name), data, round_ or mini_round(), layout()))


def section_map(sheet: Sheet, of: Layout) -> SheetMap[Column, Slot]:
    """Where things stand on a sheet that is known to be a section, whatever vouches for it."""
    plan = section_plan(of, FormTexts(of))
    found = map_sheet(find_marks(sheet, plan), plan, lambda *_: True)
    assert found
    return found


def without_values_only(submission: Submission) -> Submission:
    """The submission without the note that its workbook holds cells only, as all of these do."""
    return replace(submission, findings=tuple(f for f in submission.findings if f.code != "only_values"))


def answer_of(submission: Submission, indicator: str, field: str) -> dict[str, Any]:
    """One row of the tidy table."""
    rows = submission.rows
    keys = list(zip(rows["indicator"], rows["field"], strict=True))
    index = keys.index((indicator, field))
    return {name: values[index] for name, values in rows.items()}


def codes(submission: Submission) -> list[str]:
    return [finding.code for finding in submission.findings]


def edited(edit: Callable[[Rows], Any], answers: Answers = SOME, sheet: str = "W") -> Book:
    """The questionnaire after something was done to the rows of one sheet."""
    sheets = book(answers)
    edit(sheets[sheet])
    return sheets


def insert_column(rows: Rows, before: int, value: Any = "") -> None:
    for row in rows:
        row.insert(before, value)


def delete_column(rows: Rows, column: int) -> None:
    for row in rows:
        del row[column]


def _section(sheet: SectionSheet, answers: Answers, text: str, language: str) -> Rows:
    width = len(Column)
    rows: Rows = [["" for _ in range(width)] for _ in range(sheet.rows[-1].row + 1)]
    rows[HEADER_KEYS] = [column_key(column) if column in layout().columns else "" for column in Column]
    rows[TITLE][Column.NUMBER] = in_language(sheet.section.label, language)
    rows[IDENTITY][Column.KEY] = text
    for column in layout().columns:
        if column not in HELPERS:
            rows[HEADINGS][column] = wording("workbook", f"column_{column.name.lower()}")[language]
    for entry in sheet.rows:
        row = rows[entry.row]
        if entry.kind is RowKind.BAND:
            row[Column.NUMBER] = entry.indicator.code
            row[Column.QUESTION] = in_language(entry.indicator.text, language)
        elif entry.kind is RowKind.OBJECTIVE:
            objective = wording("workbook", "band_objective")[language].format(number=entry.indicator.objective_number)
            row[Column.QUESTION] = f"{objective} – {in_language(entry.indicator.objective, language)}"
        elif entry.slot is not None:
            slot = entry.slot
            row[Column.KEY], row[Column.NUMBER] = slot.key, slot.number
            label = wording("workbook", f"part_{unit}") if (unit := slot.field.asks_unit) else slot.field.label
            row[Column.QUESTION] = in_language(label, language)
            row[Column.ANSWER] = answers.get((slot.block.code, slot.field.code), "")
            if isinstance(slot.field.type, Selection):
                row[Column.ANSWER] = 0
            # What a values-only copy holds of the formulas beside an answer.
            row[Column.CODE] = "*" if row[Column.ANSWER] not in ("", 0) else ""
    return rows
