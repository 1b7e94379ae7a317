"""Reads returns as a competent user would without Acopio: pandas.read_excel, pandera per file, concat; and calamine alone."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd
import pandera.pandas as pa
from python_calamine import CalamineWorkbook

from questionnaire.blanks import is_blank
from questionnaire.declaration.answer_types import Coded, Computed, Date, Mark, Percent, Selection
from questionnaire.layout import Column, Layout
from questionnaire.sheet_names import tab_names

_SCHEMA = pa.DataFrameSchema(
    {
        "respondent": pa.Column(str),
        "block": pa.Column(str),
        "field": pa.Column(str),
        "value": pa.Column(object, nullable=True),
        "number": pa.Column(float, pa.Check.ge(-1e12), nullable=True),
    },
    unique=["respondent", "block", "field"],
)


def calamine_alone(paths: Sequence[Path]) -> int:
    """The cells of all sheets of all returns, by python-calamine in two processes; how many there are."""
    with ProcessPoolExecutor(2) as pool:
        return sum(pool.map(_cells, paths, chunksize=8))


def _cells(path: Path) -> int:
    book = CalamineWorkbook.from_path(path)
    return sum(
        len(row) for name in book.sheet_names for row in book.get_sheet_by_name(name).to_python(skip_empty_area=False)
    )


def read_by_hand(layout: Layout, paths: Sequence[Path], *, every_sheet: bool = False) -> pd.DataFrame:
    """One row per answer cell of the section sheets, from where the questionnaire as it was sent has it.

    What formulas compute of other answers is left out: it needs no reading. `every_sheet` reads the others as well,
    as whoever wants lists, the Cover and what stands beside the answers would.
    """
    tables = [_SCHEMA.validate(_answers(layout, path, every_sheet), lazy=True) for path in paths]
    return pd.concat(tables, ignore_index=True)


def _answers(layout: Layout, path: Path, every_sheet: bool) -> pd.DataFrame:
    tabs = tab_names(layout)
    wanted = None if every_sheet else [tabs[sheet.code] for sheet in layout.sheets]
    read = pd.read_excel(path, engine="openpyxl", sheet_name=wanted, header=None, dtype=object)
    sheets = {sheet.code: read[tabs[sheet.code]] for sheet in layout.sheets}
    rows = []
    for slot in layout.slots:
        if isinstance(slot.field.type, Computed | Selection):
            continue
        sheet = sheets[slot.sheet]
        cell = sheet.iat[slot.row, slot.columns[Column.ANSWER]] if slot.row < len(sheet) else None
        value = _value(slot.field.type, cell)
        number = value if isinstance(value, float) else None
        rows.append((path.stem, slot.block.code, slot.field.code, value, number))
    return pd.DataFrame(rows, columns=["respondent", "block", "field", "value", "number"]).astype({"number": float})


def _value(type_: Any, cell: Any) -> Any:
    if cell is None or cell != cell or is_blank(cell):  # noqa: PLR0124  NaN alone differs from itself
        return None
    if isinstance(type_, Mark):
        return "Y"
    if isinstance(type_, Coded):
        return _codes(type_.codelist).get(str(cell).strip(), str(cell))
    if isinstance(type_, Date):
        return cell.date() if isinstance(cell, dt.datetime) else str(cell)
    if isinstance(cell, int | float):
        return round(100 * cell, 6) if isinstance(type_, Percent) else float(cell)
    return str(cell)


@cache
def _codes(codelist: Any) -> Mapping[str, str]:
    return {label: code.code for code in codelist.codes for label in code.label.values()}


def compared(by_hand: pd.DataFrame, answers: pd.DataFrame) -> tuple[int, list[tuple[Any, ...]]]:
    """How many answers both have alike, and those that differ; `answers` are the published ones of the same returns."""
    given = answers[(answers["status"] == "answered") & (answers["block"] == answers["indicator"])]
    theirs = {tuple(row[:3]): row[3] for row in by_hand.itertuples(index=False, name=None)}
    rows = given[_OURS].itertuples(index=False, name=None)
    ours = {key: _ours(row[3:]) for row in rows if (key := tuple(row[:3])) in theirs}
    differing = [(key, theirs.get(key), value) for key, value in ours.items() if theirs.get(key) != value]
    return len(ours) - len(differing), differing


_OURS = ["respondent", "block", "field", "code", "number", "text", "date"]


def _ours(values: Sequence[Any]) -> Any:
    found = next((value for value in values if not pd.isna(value)), None)
    return found.date() if isinstance(found, pd.Timestamp) else found
