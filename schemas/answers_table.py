"""Declares the shape of the tidy table: one row per (submission, block, line, field), its columns as Arrow types.

It reads no file; whoever fills the table builds it here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

import pyarrow as pa

from questionnaire.answer_columns import ANSWER_COLUMNS, Holds

if TYPE_CHECKING:
    import pandas as pd

# Texts that repeat on thousands of rows are kept once each and pointed at.
_REPEATED = pa.dictionary(pa.int32(), pa.string())

_ARROW = {
    Holds.TEXT: pa.string(),
    Holds.REPEATED: _REPEATED,
    Holds.WHOLE: pa.int32(),
    Holds.NUMBER: pa.float64(),
    Holds.DATE: pa.date32(),
}

ANSWERS = pa.schema(
    [
        pa.field(column.name, _ARROW[column.holds], column.may_lack, metadata={"meaning": column.meaning})
        for column in ANSWER_COLUMNS
    ]
)
"""The columns of the tidy table as Arrow knows them."""


class ArrowColumns(Mapping[str, list[object]]):
    """The columns of a tidy table that is in Arrow already: each becomes a list where somebody asks for it."""

    def __init__(self, table: pa.Table) -> None:
        self.table = table

    def __getitem__(self, name: str) -> list[object]:
        column: list[object] = self.table[name].to_pylist()
        return column

    def __iter__(self) -> Iterator[str]:
        return iter(ANSWERS.names)

    def __len__(self) -> int:
        return len(ANSWERS.names)


def rows_in(columns: Mapping[str, Sequence[object]]) -> int:
    """How many rows the columns have."""
    return columns.table.num_rows if isinstance(columns, ArrowColumns) else len(columns["submission"])


def arrow_answers(columns: Mapping[str, Sequence[object]]) -> pa.Table:
    """The tidy table of plain columns, one list per name in `ANSWERS`, None where there is no value.

    Raises pyarrow.ArrowInvalid or ArrowTypeError for a value that is not of its column's type.
    """
    if isinstance(columns, ArrowColumns):
        return columns.table
    return pa.table({name: columns[name] for name in ANSWERS.names}, schema=ANSWERS)


def answers_frame(*some: Mapping[str, Sequence[object]]) -> pd.DataFrame:
    """The tidy table of the columns of some submissions, one below the other, as pandas holds it."""
    return answers_pandas(pa.concat_tables([ANSWERS.empty_table(), *map(arrow_answers, some)]))


def answers_pandas(table: pa.Table) -> pd.DataFrame:
    """The tidy table as pandas holds it: repeated texts categorical, days as datetime64."""
    frame: pd.DataFrame = table.to_pandas(date_as_object=False)
    return frame
