"""Owns the shape of what rosters hold: the tidy table of their cells, and for each roster a table of its lines.

It reads no file and judges nothing.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
import pyarrow as pa

from questionnaire.declaration.answer_types import ScalarType
from questionnaire.declaration.lists import Roster

_REPEATED = pa.dictionary(pa.int32(), pa.string())

ROSTER_ANSWERS = pa.schema(
    [
        pa.field("submission", _REPEATED, nullable=False, metadata={"meaning": "SHA-256 of the file returned"}),
        pa.field("file", _REPEATED, nullable=False, metadata={"meaning": "its name in the folder of returns"}),
        pa.field("respondent", _REPEATED, nullable=False, metadata={"meaning": "code of the respondent"}),
        pa.field("roster", _REPEATED, nullable=False, metadata={"meaning": "code of the roster"}),
        pa.field("line", pa.int32(), nullable=False, metadata={"meaning": "number of the line on its sheet"}),
        pa.field("column", _REPEATED, nullable=False, metadata={"meaning": "code of the column"}),
        pa.field("status", _REPEATED, nullable=False, metadata={"meaning": "answered, or why there is no value"}),
        pa.field("code", pa.string(), metadata={"meaning": "the value of a choice"}),
        pa.field("number", pa.float64(), metadata={"meaning": "the value of a number or a year"}),
        pa.field("text", pa.string(), metadata={"meaning": "the value of a text"}),
        pa.field("date", pa.date32(), metadata={"meaning": "the value of a date"}),
        pa.field("raw", pa.string(), nullable=False, metadata={"meaning": "the cell as typed, '' if blank"}),
        pa.field("sheet", _REPEATED, nullable=False, metadata={"meaning": "name of the sheet"}),
        pa.field("cell", pa.string(), nullable=False, metadata={"meaning": "address of the cell, as D12"}),
        pa.field("parsed_by", _REPEATED, nullable=False, metadata={"meaning": "rule that made the value"}),
        pa.field("change", _REPEATED, nullable=False, metadata={"meaning": "new, confirmed or changed, '' if unknown"}),
        pa.field(
            "previous", pa.string(), nullable=False, metadata={"meaning": "what the line said in the previous round"}
        ),
    ]
)
"""The columns of the tidy table of rosters: one row per cell of each filled line."""

_FIRST, _LAST = ("respondent",), ("file", "sheet", "row", "submission")
_LINE = ("submission", "sheet", "line")


def roster_answers_frame(columns: Mapping[str, Sequence[object]]) -> pd.DataFrame:
    """The tidy table of plain columns, one list per name in `ROSTER_ANSWERS`, None where there is no value."""
    table = pa.table({name: columns[name] for name in ROSTER_ANSWERS.names}, schema=ROSTER_ANSWERS)
    frame: pd.DataFrame = table.to_pandas(date_as_object=False)
    return frame


def lines_schema(roster: Roster) -> pa.Schema:
    """The columns of a roster's table of lines: respondent | the roster's own | file, sheet, row, submission."""
    own = [pa.field(column.code, _arrow_type(column.type)) for column in roster.columns]
    first = [pa.field(name, pa.string(), nullable=False) for name in _FIRST]
    last = [pa.field(name, pa.int32() if name == "row" else pa.string(), nullable=False) for name in _LAST]
    return pa.schema([*first, *own, *last])


def lines_frame(answers: pd.DataFrame, roster: Roster) -> pd.DataFrame:
    """One row per filled line of a roster, by respondent, file and row; `answers` is the tidy table of rosters.

    Codes and texts are text, years and counts whole numbers; a cell without a value is missing. `row` is that of the
    sheet, counted from 1.
    """
    schema = lines_schema(roster)
    own = answers[answers["roster"].astype("str") == roster.code]
    lines: dict[tuple[Any, ...], dict[str, Mapping[Any, Any]]] = {}
    for cell in own.to_dict("records"):
        lines.setdefault(tuple(cell[name] for name in _LINE), {})[cell["column"]] = cell
    rows = [_line(cells, roster) for cells in lines.values()]
    rows.sort(key=lambda row: (row["respondent"], row["file"], row["sheet"], row["row"]))
    table = pa.Table.from_pylist(rows, schema=schema)
    frame: pd.DataFrame = table.to_pandas(types_mapper={pa.int32(): pd.Int32Dtype()}.get)
    return frame


def _line(cells: Mapping[str, Mapping[Any, Any]], roster: Roster) -> dict[str, Any]:
    """One row of the table of lines; `cells` are those of the line, by column."""
    first = next(iter(cells.values()))
    row: dict[str, Any] = {name: first[name] for name in ("respondent", "file", "sheet", "submission")}
    row["row"] = int("".join(sign for sign in first["cell"] if sign.isdigit()))
    return row | {column.code: _value(cells[column.code], column.type) for column in roster.columns}


def _value(cell: Mapping[Any, Any], scalar: ScalarType) -> object:
    value = cell[scalar.traits.column]
    if pd.isna(value):
        return None
    return int(value) if scalar.traits.arrow == "int64" else value


def _arrow_type(scalar: ScalarType) -> pa.DataType:
    return pa.int32() if scalar.traits.arrow == "int64" else pa.type_for_alias(scalar.traits.arrow)
