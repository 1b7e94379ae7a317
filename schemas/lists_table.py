"""Owns the shape of the table of a list: one row per line, a column per field.

It reads no file and judges nothing.
"""

from collections.abc import Mapping
from typing import Any

import pandas as pd
import pyarrow as pa

from questionnaire.declaration.answer_types import ScalarType
from questionnaire.declaration.blocks import ListBlock

_FIRST, _LAST = ("respondent",), ("file", "sheet", "row", "submission")
_LINE = ("submission", "sheet", "line")


def lines_schema(block: ListBlock) -> pa.Schema:
    """The columns of the table of a list: respondent | its fields | file, sheet, row, submission."""
    own = [pa.field(field.code, _arrow_type(field.type)) for field in block.fields]
    first = [pa.field(name, pa.string(), nullable=False) for name in _FIRST]
    last = [pa.field(name, pa.int32() if name == "row" else pa.string(), nullable=False) for name in _LAST]
    return pa.schema([*first, *own, *last])


def lines_frame(answers: pd.DataFrame, block: ListBlock) -> pd.DataFrame:
    """One row per filled line of a list, by respondent, file and row; `answers` is the tidy table.

    Codes and texts are text, years and counts whole numbers; a cell without a value is missing. `row` is that of the
    sheet, counted from 1.
    """
    schema = lines_schema(block)
    own = answers[answers["block"].astype("str") == block.code]
    lines: dict[tuple[Any, ...], dict[str, Mapping[Any, Any]]] = {}
    for cell in own.to_dict("records"):
        lines.setdefault(tuple(cell[name] for name in _LINE), {})[cell["field"]] = cell
    rows = [_line(cells, block) for cells in lines.values()]
    rows.sort(key=lambda row: (row["respondent"], row["file"], row["sheet"], row["row"]))
    table = pa.Table.from_pylist(rows, schema=schema)
    frame: pd.DataFrame = table.to_pandas(types_mapper={pa.int32(): pd.Int32Dtype()}.get)
    return frame


def _line(cells: Mapping[str, Mapping[Any, Any]], block: ListBlock) -> dict[str, Any]:
    """One row of the table of lines; `cells` are those of the line, by field."""
    first = next(iter(cells.values()))
    row: dict[str, Any] = {name: first[name] for name in ("respondent", "file", "sheet", "submission")}
    row["row"] = int("".join(sign for sign in first["cell"] if sign.isdigit()))
    return row | {field.code: _value(cells[field.code], field.type) for field in block.fields}


def _value(cell: Mapping[Any, Any], scalar: ScalarType) -> object:
    value = cell[scalar.traits.column]
    if pd.isna(value):
        return None
    return int(value) if scalar.traits.arrow == "int64" else value


def _arrow_type(scalar: ScalarType) -> pa.DataType:
    return pa.int32() if scalar.traits.arrow == "int64" else pa.type_for_alias(scalar.traits.arrow)
