"""Writes tables for Stata and SPSS: short names, labels of variables and values, a missing value for each reason.

Both programs keep whole tables in memory, and so does the library: tables beyond `MOST_CELLS` are left out.
"""

import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
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
_Column = npt.NDArray[Any]

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
_NONE_IN_SPSS = -sys.float_info.max
"""What the files of SPSS have where a number is missing; the library asks pandas of each cell whether it is."""

_DATES = {STATA: ("%td", 3_653, 1), SPSS: ("DATE11", 141_428, 24 * 60 * 60)}
"""The format of dates in each program, days from its first day to 1 January 1970, and units of a day."""

_LONGEST_LABEL = 80


@dataclass(frozen=True)
class _Variable:
    """One column as both programs take it; `reasons` has beside each missing number why, where that is known."""

    name: str
    label: str
    values: pa.Array
    value_labels: Mapping[float, str]
    reasons: pa.Array | None = None

    @property
    def is_number(self) -> bool:
        return bool(self.values.type == pa.float64())

    @property
    def is_date(self) -> bool:
        return bool(self.values.type == pa.date32())


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
    rows = pq.read_table(folder / f"{table.name}.parquet").combine_chunks()
    variables = list(_variables(table, rows, instrument, language))
    title = _cut(in_language(table.title, language))
    _write_stata(variables, stata, title, language)
    _write_spss(variables, spss, title, language)


def _variables(table: Table, rows: pa.Table, instrument: Instrument, language: str) -> Iterator[_Variable]:
    official = instrument.official_language
    for column in table.columns:
        values, codes = _only_chunk(rows, column.name), _codes(column)
        is_number = codes is not None or column.type not in ("string", "date32")
        if column.is_status and _in_values(column, table):
            continue
        reasons = None
        if column.field is not None and not column.is_status and is_number:
            status = status_column(instrument, column.field.question)
            reasons = _only_chunk(rows, status) if status in rows.column_names else None
        labels = {}
        if codes is not None and column.codelist is not None:
            values = _replaced(values, codes)
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
            values = values.cast(pa.float64(), safe=False)
        label = _cut(in_language(column.label, language, official))
        yield _Variable(table.short_names[column.name], label, values, labels, reasons)


def _only_chunk(rows: pa.Table, name: str) -> pa.Array:
    return rows.column(name).combine_chunks()


def _replaced(texts: pa.Array, signs: Mapping[str, Any]) -> pa.Array:
    """The sign of each text; none where it has none."""
    encoded = texts.dictionary_encode()
    return pa.array([signs.get(text) for text in encoded.dictionary.to_pylist()]).take(encoded.indices)


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

    columns, labels, missing = {}, _Labels(), _Missing()
    for variable in variables:
        columns[variable.name], labels[variable.name] = _column(variable.values, STATA), dict(variable.value_labels)
        if variable.reasons is None:
            continue
        letters = _replaced(variable.reasons, REASONS).filter(variable.values.is_null())
        if used := sorted(letters.drop_null().unique().to_pylist()):
            missing[variable.name] = used
            columns[variable.name] = with_letters = columns[variable.name].astype(object)
            with_letters[variable.values.is_null()] = letters
            labels[variable.name] |= {
                letter: _reason(status, language) for status, letter in REASONS.items() if letter in used
            }
    lettered = [variable.values for variable in variables if variable.name in missing]
    pyreadstat.write_dta(
        _frame(columns).iloc[_numbers_first(lettered)] if lettered else _frame(columns),
        str(path),
        file_label=title,
        column_labels={variable.name: variable.label for variable in variables},
        variable_value_labels={name: values for name, values in labels.items() if values},
        missing_user_values=missing,
        variable_format=_formats(variables, STATA),
    )


def _write_spss(variables: Sequence[_Variable], path: Path, title: str, language: str) -> None:
    import pyreadstat  # noqa: PLC0415  half a second that only this step may cost

    numbers = {status: float(_LOWEST + place) for place, status in enumerate(REASONS)}
    columns, labels, missing = {}, _Labels(), _Missing()
    for variable in variables:
        values, labels[variable.name] = variable.values, dict(variable.value_labels)
        if variable.reasons is not None:
            values = pc.coalesce(values, _replaced(variable.reasons, numbers).cast(values.type))
            missing[variable.name] = [{"lo": float(_LOWEST), "hi": float(_LOWEST + len(REASONS) - 1)}]
            labels[variable.name] |= {number: _reason(status, language) for status, number in numbers.items()}
        columns[variable.name] = _column(values.fill_null(_NONE_IN_SPSS) if variable.is_number else values, SPSS)
    pyreadstat.write_sav(
        _frame(columns),
        str(path),
        file_label=title,
        column_labels={variable.name: variable.label for variable in variables},
        variable_value_labels={name: values for name, values in labels.items() if values},
        missing_ranges=missing,
        variable_format=_formats(variables, SPSS),
    )


def _formats(variables: Sequence[_Variable], program: str) -> dict[str, str]:
    return {variable.name: _DATES[program][0] for variable in variables if variable.is_date}


def _column(values: pa.Array, program: str) -> _Column:
    """Numbers as such, dates as the program counts them, NaN for a missing one of both, else objects."""
    if values.type == pa.float64():
        return np.asarray(values)
    if values.type == pa.date32():
        # Among objects, the library takes a first date after a hundred missing ones for a text, and fails.
        _, before, units = _DATES[program]
        days: _Column = np.asarray(values.cast(pa.int32()).cast(pa.float64()))
        return (days + before) * units
    # Neither program knows a missing text; the library stumbles over one beside a long text.
    if values.type == pa.string() and values.null_count < len(values):
        values = values.fill_null("")
    return np.array(values.to_pylist(), dtype=object)


def _frame(columns: Mapping[str, _Column]) -> pd.DataFrame:
    return pd.DataFrame({name: pd.Series(column, dtype=column.dtype) for name, column in columns.items()})


def _numbers_first(columns: Sequence[pa.Array]) -> _Column:
    """The rows in another order: those with the first number of each column, then the others.

    By its first hundred values the library decides whether a column is one of texts.
    """
    found = (values.is_valid().index(True).as_py() for values in columns)
    first = sorted({row for row in found if row >= 0})
    return np.append(first, np.delete(np.arange(len(columns[0])), first)).astype(int)


def _reason(status: str, language: str) -> str:
    return in_language(OWN_CODELISTS["status"][status].label, language)


def _cut(text: str) -> str:
    """The text as a label of both programs, which is short."""
    return text if len(text) <= _LONGEST_LABEL else f"{text[: _LONGEST_LABEL - 1]}…"
