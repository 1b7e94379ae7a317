"""Writes tables as CSV, some rows at a time, every text made harmless; blanks are empty, the number 0 is 0."""

import math
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from pipeline.safe_text import harmless

_ROWS_AT_A_TIME = 10_000
_QUOTE = '"'
_QUOTED = (_QUOTE, "\n", "\r")


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
        names = table.schema_arrow.names
        file.write(written.separator.join(_cell(name, written) for name in names) + "\n")
        # A line with nothing in it would be taken for no line.
        blank = "" if len(names) > 1 else '""'
        for batch in table.iter_batches(_ROWS_AT_A_TIME):
            columns = [_spelled(column, written) for column in batch.columns]
            lines = pc.binary_join_element_wise(
                *columns, written.separator, null_handling="replace", null_replacement=blank
            )
            file.write("\n".join((*lines.to_pylist(), "")))


def _spelled(column: pa.Array, written: Signs) -> pa.Array:
    """A column as texts, each different value spelled once: most stand in thousands of rows."""
    encoded = column if pa.types.is_dictionary(column.type) else column.dictionary_encode()
    texts = [_cell(value, written) or None for value in encoded.dictionary.to_pylist()]
    return pa.array(texts, pa.string()).take(encoded.indices)


def _cell(value: object, written: Signs) -> str:
    """A value as it stands between separators, in quotes where it has one of the signs in it; "" for none."""
    match value:
        case str():
            text = harmless(value)
            is_plain = not any(sign in text for sign in (written.separator, *_QUOTED))
            return text if is_plain else f"{_QUOTE}{text.replace(_QUOTE, _QUOTE * 2)}{_QUOTE}"
        case float():
            return "" if math.isnan(value) else repr(value).replace(".", written.decimal)
        case None:
            return ""
        case _:
            return str(value)
