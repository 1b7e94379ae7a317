"""Writes tables as CSV, some rows at a time, every text made harmless; blanks are empty, the number 0 is 0."""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.safe_text import harmless

# More columns than rows are written at once where a table has hundreds of them: pandas alone would take too few.
_ROWS_AT_A_TIME = 5_000

_MAY_LACK = {pa.int32(): pd.Int32Dtype(), pa.int64(): pd.Int64Dtype(), pa.bool_(): pd.BooleanDtype()}.get


class Flavour(StrEnum):
    """For whom CSV is written: for programs, or for a double click in Excel."""

    PLAIN = "plain"
    EXCEL = "excel"


@dataclass(frozen=True)
class Signs:
    """What separates values, and what the decimals of a number."""

    separator: str = ","
    decimal: str = "."


# What Windows takes for granted where these languages are spoken (CLDR 46, numbers and their list separator).
_OF_EXCEL = {"en": Signs(), "fr": Signs(";", ","), "es": Signs(";", ","), "pt": Signs(";", ",")}


def signs(flavour: Flavour, language: str) -> Signs:
    """The signs of a flavour; in Excel they are those of a language."""
    return _OF_EXCEL.get(language, Signs()) if flavour is Flavour.EXCEL else Signs()


def write_csv(parquet: Path, path: Path, written: Signs) -> None:
    """Write a Parquet file as UTF-8 CSV."""
    # The byte-order mark lets a spreadsheet program see that the accents are UTF-8.
    with path.open("w", encoding="utf-8-sig", newline="") as file, pq.ParquetFile(parquet) as table:
        file.write(written.separator.join(table.schema_arrow.names) + "\n")
        for batch in table.iter_batches(_ROWS_AT_A_TIME):
            safe = pa.RecordBatch.from_arrays(list(map(_harmless, batch.columns)), names=batch.schema.names)
            safe.to_pandas(types_mapper=_MAY_LACK).to_csv(
                file,
                index=False,
                header=False,
                lineterminator="\n",
                sep=written.separator,
                decimal=written.decimal,
                chunksize=_ROWS_AT_A_TIME,
            )


def _harmless(column: pa.Array) -> pa.Array:
    """A column with its texts made harmless, each different one once: most stand in thousands of rows."""
    is_text = pa.types.is_string(column.type) or pa.types.is_large_string(column.type)
    if not (is_text or pa.types.is_dictionary(column.type)):
        return column
    encoded = column if pa.types.is_dictionary(column.type) else column.dictionary_encode()
    texts = pa.array([harmless(text) for text in encoded.dictionary.to_pylist()], pa.string())
    return texts.take(encoded.indices)
