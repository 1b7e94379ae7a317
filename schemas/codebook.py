"""Writes the codebook: one row per column of every published table, with what the column means in every language."""

from collections.abc import Iterable, Iterator

import pandas as pd

from questionnaire.codelists import Codelist
from questionnaire.messages import LANGUAGES, in_language
from schemas.tables.table import Column, Table


def codebook_frame(tables: Iterable[Table], language: str) -> pd.DataFrame:
    """The codebook in the order of the tables; titles, codes and units are worded in a language, labels in each."""
    tables = tuple(tables)
    rows = [_row(table, column, language) for table in tables for column in table.columns]
    return pd.DataFrame(rows)


def _row(table: Table, column: Column, language: str) -> dict[str, object]:
    return {
        "table": table.name,
        "table_title": in_language(table.title, language),
        "column": column.name,
        "short_name": table.short_names[column.name],
        "type": column.type,
        "is_key": column.name in table.key,
        "codelist": "" if column.codelist is None else column.codelist.name,
        "codes": "" if column.codelist is None else "; ".join(_codes(column.codelist, column, language)),
        "unit": in_language(column.unit, language),
        "access": str(table.access_of(column)),
        "sensitivity": str(column.sensitivity),
        **{f"label_{code}": in_language(column.label, code) for code in LANGUAGES},
    }


def _codes(codelist: Codelist, column: Column, language: str) -> Iterator[str]:
    """What the values of the column mean: its codes, or in a column of numbers the ranks of its codes."""
    for code in codelist:
        value = code.code if column.type == "string" else code.rank
        if value is not None and code.missing is None:
            yield f"{value} = {in_language(code.label, language)}"
