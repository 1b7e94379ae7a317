"""Writes tables for Stata and SPSS: short names, labels of variables and values, a missing value for each reason.

Both programs keep whole tables in memory, and so does the library: tables beyond `MOST_CELLS` are left out.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow.parquet as pq

from questionnaire.blanks import AnswerStatus
from questionnaire.declaration.answer_types import Selection, YesNo
from questionnaire.declaration.column_names import status_column
from questionnaire.declaration.form import Instrument
from questionnaire.messages import in_language
from schemas.tables.own_codes import OWN_CODELISTS, SUPPRESSED
from schemas.tables.table import Column, Table

MOST_CELLS = 2_000_000
"""Rows times columns; a table of so many takes about a quarter of a gigabyte while it is written."""

_Labels = dict[str, dict[Any, str]]
_Missing = dict[str, list[Any]]

STATA, SPSS = "stata", "spss"

REASONS: Mapping[str, str] = {
    AnswerStatus.NOT_APPLICABLE: "a",
    AnswerStatus.NOT_AVAILABLE: "b",
    AnswerStatus.CONFIDENTIAL: "c",
    AnswerStatus.NOTHING_TO_REPORT: "d",
    AnswerStatus.BLANK: "e",
    AnswerStatus.SKIPPED: "f",
    AnswerStatus.UNREADABLE: "g",
    SUPPRESSED: "h",
}
"""The extended missing value of Stata for each reason, as `.a`; without an accepted return it is the plain `.`."""

_LOWEST = -999_999_999
_LONGEST_LABEL = 80


@dataclass(frozen=True)
class _Variable:
    """One column as both programs take it; `reasons` has beside each missing value why, where that is known."""

    name: str
    label: str
    values: Sequence[Any]
    value_labels: Mapping[float, str]
    is_number: bool
    reasons: Sequence[str | None] | None = None


def labelled_names(table: Table) -> tuple[str, str]:
    """The files of a table, below the folder of its Parquet file."""
    return f"{STATA}/{table.name}.dta", f"{SPSS}/{table.name}.sav"


def is_too_large(cells: int) -> bool:
    """Whether a table has too many cells for both programs."""
    return cells > MOST_CELLS


def write_labelled(table: Table, folder: Path, instrument: Instrument, language: str) -> None:
    """Write `stata/<table>.dta` and `spss/<table>.sav` beside the Parquet file of a table, labels in a language."""
    stata, spss = (folder / name for name in labelled_names(table))
    for path in (stata, spss):
        path.parent.mkdir(exist_ok=True)
    rows = pq.read_table(folder / f"{table.name}.parquet").to_pydict()
    variables = list(_variables(table, rows, instrument, language))
    title = _cut(in_language(table.title, language))
    _write_stata(variables, stata, title, language)
    _write_spss(variables, spss, title, language)


def _variables(
    table: Table, rows: Mapping[str, list[Any]], instrument: Instrument, language: str
) -> Iterator[_Variable]:
    official = instrument.official_language
    for column in table.columns:
        values, codes = rows[column.name], _codes(column)
        is_number = codes is not None or column.type not in ("string", "date32")
        if column.is_status and _in_values(column, table):
            continue
        reasons = None
        if column.field is not None and not column.is_status and is_number:
            reasons = rows.get(status_column(instrument, column.field.question))
        labels = {}
        if codes is not None and column.codelist is not None:
            values = [None if value is None else codes.get(value) for value in values]
            labels = {
                codes[code.code]: _cut(in_language(code.label, language, official))
                for code in column.codelist
                if code.code in codes
            }
        elif column.codelist is not None and column.type != "string":
            labels = {
                float(c.rank): _cut(in_language(c.label, language, official))
                for c in column.codelist.ranked
                if c.rank is not None
            }
        elif column.type == "bool":
            labels = _yes_no(instrument, language)
        if is_number:
            values = [None if value is None else float(value) for value in values]
        label = _cut(in_language(column.label, language, official))
        yield _Variable(table.short_names[column.name], label, values, labels, is_number, reasons)


def _in_values(column: Column, table: Table) -> bool:
    """Whether the reasons of a status column stand in the values of its question, as missing values."""
    own = next((item for item in table.columns if item.field is column.field and not item.is_status), None)
    if own is None:
        return False  # the answers are not for everybody, that there are any is
    return own.type not in ("string", "date32") or _codes(own) is not None


def _codes(column: Column) -> dict[str, float] | None:
    """The number of each code of a choice, 1 and 0 for yes and no; None where the column holds no single code."""
    if column.type != "string" or column.codelist is None:
        return None
    scalar = column.field.type if column.field is not None else None
    if isinstance(scalar, Selection):
        return None
    if isinstance(scalar, YesNo):
        return {"Y": 1.0, "N": 0.0}
    return {code: float(number) for number, code in enumerate(column.codelist.value_codes, 1)}


def _yes_no(instrument: Instrument, language: str) -> dict[float, str]:
    labels = instrument.codelists["yes_no"]
    official = instrument.official_language
    return {number: in_language(labels[code].label, language, official) for code, number in (("Y", 1.0), ("N", 0.0))}


def _write_stata(variables: Sequence[_Variable], path: Path, title: str, language: str) -> None:
    import pyreadstat  # noqa: PLC0415  half a second that only this step may cost

    columns, labels, missing = {}, _Labels(), {}
    for variable in variables:
        columns[variable.name] = values = _with_reasons(variable, REASONS)
        labels[variable.name] = dict(variable.value_labels)
        if variable.reasons is not None and (used := sorted({value for value in values if isinstance(value, str)})):
            missing[variable.name] = used
            labels[variable.name] |= {
                letter: _reason(status, language) for status, letter in REASONS.items() if letter in used
            }
    pyreadstat.write_dta(
        _numbers_first(_frame(columns, variables), missing),
        str(path),
        file_label=title,
        column_labels={variable.name: variable.label for variable in variables},
        variable_value_labels={name: values for name, values in labels.items() if values},
        missing_user_values=missing,
    )


def _write_spss(variables: Sequence[_Variable], path: Path, title: str, language: str) -> None:
    import pyreadstat  # noqa: PLC0415  half a second that only this step may cost

    numbers = {status: float(_LOWEST + place) for place, status in enumerate(REASONS)}
    columns, labels, missing = {}, _Labels(), _Missing()
    for variable in variables:
        columns[variable.name] = _with_reasons(variable, numbers)
        labels[variable.name] = dict(variable.value_labels)
        if variable.reasons is not None:
            missing[variable.name] = [{"lo": float(_LOWEST), "hi": float(_LOWEST + len(REASONS) - 1)}]
            labels[variable.name] |= {number: _reason(status, language) for status, number in numbers.items()}
    pyreadstat.write_sav(
        _frame(columns, variables),
        str(path),
        file_label=title,
        column_labels={variable.name: variable.label for variable in variables},
        variable_value_labels={name: values for name, values in labels.items() if values},
        missing_ranges=missing,
    )


def _with_reasons(variable: _Variable, signs: Mapping[str, Any]) -> Sequence[Any]:
    """The values, and in the place of each missing one the sign of its reason."""
    if variable.reasons is None:
        return variable.values
    return [
        signs.get(reason) if value is None and reason else value
        for value, reason in zip(variable.values, variable.reasons, strict=True)
    ]


def _frame(columns: Mapping[str, Sequence[Any]], variables: Sequence[_Variable]) -> pd.DataFrame:
    """The columns side by side; one of numbers alone is a column of numbers, also where it has none."""
    frame = {}
    for variable in variables:
        values = columns[variable.name]
        types = set(map(type, values))
        if variable.is_number and types <= {float, type(None)}:
            frame[variable.name] = pd.Series(values, dtype="float64")
            continue
        # Neither program knows a missing text; the library stumbles over one beside a long text.
        if variable.reasons is None and str in types:
            values = ["" if value is None else value for value in values]
        frame[variable.name] = pd.Series(values, dtype=object)
    return pd.DataFrame(frame)


def _numbers_first(frame: pd.DataFrame, lettered: Iterable[str]) -> pd.DataFrame:
    """The rows with the first number of each column that has letters, then the others.

    By its first hundred values the library decides whether a column is one of texts.
    """
    found = (next((row for row, value in enumerate(frame[name]) if _is_number(value)), None) for name in lettered)
    first = sorted({row for row in found if row is not None})
    return frame.iloc[[*first, *(row for row in range(len(frame)) if row not in first)]]


def _reason(status: str, language: str) -> str:
    return in_language(OWN_CODELISTS["status"][status].label, language)


def _is_number(value: object) -> bool:
    return isinstance(value, float)


def _cut(text: str) -> str:
    """The text as a label of both programs, which is short."""
    return text if len(text) <= _LONGEST_LABEL else f"{text[: _LONGEST_LABEL - 1]}…"
