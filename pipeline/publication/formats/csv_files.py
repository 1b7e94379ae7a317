"""Writes tables as CSV, some rows at a time, every text made harmless; blanks are empty, the number 0 is 0.

A library that spells each cell takes four times as long (docs/adr/0063-side-by-side.md).
"""

import codecs
import math
import re
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path

import pyarrow.compute as pc
import pyarrow.parquet as pq

from pipeline.publication.formats.flavour import Flavour
from pipeline.publication.formats.spelled_columns import content, joined, spelled
from pipeline.safe_text import harmless

_ROWS_AT_A_TIME = 20_000

_DECIMAL = re.compile(r"-?[0-9]+(?:\.[0-9]+)?(?:e[+-][0-9]+)?")
_TO_QUOTE = {sign: re.compile(f'[{sign}"\n\r]') for sign in (",", ";")}


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


def write_csv(parquet: Path, path: Path, written: Signs, numbers: Collection[str] = ()) -> None:
    """Write a Parquet file as UTF-8 CSV; `numbers` are the columns of texts that are numbers where they look like one.

    Excel takes 2.7 for the second of July where the decimal sign is a comma.
    """
    with path.open("wb") as file:
        # The byte-order mark lets a spreadsheet program see that the accents are UTF-8.
        file.write(codecs.BOM_UTF8)
        for piece in csv_of(parquet, written, harmless, numbers=numbers):
            file.write(piece)


def csv_of(
    parquet: Path,
    written: Signs,
    shown: Callable[[str], str],
    first: tuple[tuple[str, str], ...] = (),
    numbers: Collection[str] = (),
) -> Iterator[memoryview]:
    """The lines of a Parquet file, heads first; `shown` is how texts are, `first` are columns that are always alike.

    A missing value is empty, and so is an empty text.
    """
    with pq.ParquetFile(parquet) as table:
        heads = [*(name for name, _ in first), *table.schema_arrow.names]
        yield memoryview(f"{written.separator.join(heads)}\n".encode())
        # 1, 1.0 and true are equal, and spelled differently.
        spell = lru_cache(50_000, typed=True)(partial(_cell, written=written, shown=shown))
        spells = {name: partial(_number, written=written, spell=spell) for name in numbers}
        for batch in table.iter_batches(_ROWS_AT_A_TIME):
            if not len(batch):
                continue
            columns = zip(batch.columns, batch.schema.names, strict=True)
            cells = [spelled(column, partial(map, spells.get(name, spell))).fill_null("") for column, name in columns]
            if len(heads) == 1:
                # A line with nothing in it would be no row.
                cells = [pc.if_else(pc.equal(cells[0], ""), '""', cells[0])]
            lines = joined(*(value for _, value in first), *cells, written.separator)
            yield content(joined(lines, "", "\n"))


def _number(value: str, written: Signs, spell: Callable[[str], str]) -> str:
    """A text, spelled as a number where it is one: a negative one is no formula, and has no sign before it."""
    return value.replace(".", written.decimal) if _DECIMAL.fullmatch(value) else spell(value)


def _cell(value: object, written: Signs, shown: Callable[[str], str]) -> str:
    """A value as it stands between two separators."""
    if isinstance(value, float):
        return "" if math.isnan(value) else str(value).replace(".", written.decimal)
    if not isinstance(value, str):
        return str(value)
    seen = shown(value)
    return '"' + seen.replace('"', '""') + '"' if _TO_QUOTE[written.separator].search(seen) else seen
