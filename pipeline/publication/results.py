"""Reads back what a run published: the tables of `outputs/<round>/restricted`, for commands that report on them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb

from pipeline.publication.manifest import MANIFEST
from questionnaire.rounds.access import Access
from questionnaire.rounds.round import Round

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow


class NotConsolidatedError(Exception):
    """The round has no published results yet."""


def read_results(round_: Round, name: str) -> pd.DataFrame:
    """A published table such as `answers`, `findings` or `returns`; NotConsolidatedError if there is none."""
    import pandas as pd  # noqa: PLC0415  commands that only look at rows start without it

    return pd.read_parquet(results_path(round_, name))


def read_rows(round_: Round, name: str, columns: Sequence[str]) -> list[Mapping[str, Any]]:
    """The same as rows, without pandas: for commands that must be quick. A column that is not there is "" in all."""
    # DuckDB takes half the time of pyarrow to load, which brings NumPy along.
    with duckdb.connect(config={"threads": 1}) as database:
        found = database.from_parquet(str(results_path(round_, name)))
        there = [column for column in dict.fromkeys(columns) if column in found.columns]
        rows = found.project(", ".join(f'"{column}"' for column in there)).fetchall()
    return [dict.fromkeys(columns, "") | dict(zip(there, row, strict=True)) for row in rows]


def read_arrow(round_: Round, name: str, columns: Sequence[str]) -> pyarrow.Table:
    """The same in few bytes, of which a stretch of rows is had quickly: for tables of which many are looked at."""
    import pyarrow.parquet  # noqa: PLC0415

    return pyarrow.parquet.read_table(results_path(round_, name), columns=[*columns])


def results_path(round_: Round, name: str) -> Path:
    """The Parquet file of a published table; NotConsolidatedError if there is none."""
    folder = round_.results(Access.RESTRICTED)
    path = folder / f"{name}.parquet"
    if not (folder / MANIFEST).exists() or not path.exists():
        raise NotConsolidatedError
    return path
