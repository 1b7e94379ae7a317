"""Owns the shape of the tidy table: one row per (submission, indicator, field), its columns and their types.

It holds no answers and reads no file; whoever fills the table builds it here.
"""

from collections.abc import Mapping, Sequence

import pandas as pd
import pyarrow as pa

# Texts that repeat on thousands of rows are kept once each and pointed at.
_REPEATED = pa.dictionary(pa.int32(), pa.string())

ANSWERS = pa.schema(
    [
        pa.field("submission", _REPEATED, nullable=False, metadata={"meaning": "SHA-256 of the file returned"}),
        pa.field("file", _REPEATED, nullable=False, metadata={"meaning": "its name in the folder of returns"}),
        pa.field("respondent", _REPEATED, nullable=False, metadata={"meaning": "code of the respondent"}),
        pa.field("indicator", _REPEATED, nullable=False, metadata={"meaning": "code of the indicator"}),
        pa.field("field", _REPEATED, nullable=False, metadata={"meaning": "code of the field"}),
        pa.field("status", _REPEATED, nullable=False, metadata={"meaning": "answered, or why there is no value"}),
        pa.field("code", pa.string(), metadata={"meaning": "the value of a choice"}),
        pa.field("number", pa.float64(), metadata={"meaning": "the value of a number or a year"}),
        pa.field("text", pa.string(), metadata={"meaning": "the value of a text or a web address"}),
        pa.field("date", pa.date32(), metadata={"meaning": "the value of a date"}),
        pa.field("raw", pa.string(), nullable=False, metadata={"meaning": "the answer cell as typed, '' if blank"}),
        pa.field("if_none", pa.string(), nullable=False, metadata={"meaning": "the cell “if no answer” as typed"}),
        pa.field("comment", pa.string(), nullable=False, metadata={"meaning": "the comment beside the answer"}),
        pa.field("sheet", _REPEATED, nullable=False, metadata={"meaning": "name of the sheet"}),
        pa.field("cell", pa.string(), nullable=False, metadata={"meaning": "address of the answer cell, as D12"}),
        pa.field("parsed_by", _REPEATED, nullable=False, metadata={"meaning": "rule that made the value"}),
        pa.field(
            "change",
            _REPEATED,
            nullable=False,
            metadata={"meaning": "new, confirmed or changed since the previous round"},
        ),
        pa.field(
            "previous",
            pa.string(),
            nullable=False,
            metadata={"meaning": "the answer of the previous round, '' if none"},
        ),
    ]
)
"""The columns of the tidy table; exactly one of code, number, text and date is set where a row is answered."""


def answers_frame(columns: Mapping[str, Sequence[object]]) -> pd.DataFrame:
    """The tidy table of plain columns, one list per name in `ANSWERS`, None where there is no value.

    Raises pyarrow.ArrowInvalid or ArrowTypeError for a value that is not of its column's type.
    """
    return answers_pandas(pa.table({name: columns[name] for name in ANSWERS.names}, schema=ANSWERS))


def answers_pandas(table: pa.Table) -> pd.DataFrame:
    """The tidy table as pandas holds it: repeated texts categorical, days as datetime64."""
    frame: pd.DataFrame = table.to_pandas(date_as_object=False)
    return frame
