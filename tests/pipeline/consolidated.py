"""Reads and consolidates what a test has written, all at once, and shows the rows of the tables that no run holds as a whole."""

from __future__ import annotations

import atexit
import shutil
import tempfile
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import duckdb
import pandas as pd

from pipeline.consolidation import consolidate as consolidating
from pipeline.consolidation.consolidate import Consolidation
from pipeline.consolidation.judge import judge
from pipeline.consolidation.kept_groups import LARGE, KeptGroups
from pipeline.consolidation.rows import Rows, write_rows
from pipeline.reading.one_return import read_return
from pipeline.receiving.received import ReceivedFile
from pipeline.receiving.register import NO_HISTORY, History
from pipeline.validation.batch import Batch, validated
from questionnaire.layout import Layout
from questionnaire.rounds.round import Round

_FOLDER = Path(tempfile.mkdtemp(prefix="acopio-consolidated-"))
atexit.register(shutil.rmtree, _FOLDER, ignore_errors=True)


def read_here(round_: Round, files: Sequence[ReceivedFile]) -> Batch:
    """What some files say, read in this process: a child, which takes longer, is tested elsewhere."""
    layout = Layout.of(round_)
    read = {file.sha256: read_return((round_, layout), file) for file in files if file.is_return}
    return validated(round_, layout, files, read)


def consolidate(round_: Round, batch: Batch, history: History = NO_HISTORY) -> Consolidation:
    """What a round gives whose returns are one group."""
    tables = judge(round_, batch, history, frozenset(batch.submissions))
    kept = KeptGroups(_FOLDER).keep(f"{id(batch)}", tables)
    return consolidating.consolidate(round_, [kept], batch.files, _FOLDER, history)


def frame(rows: Rows) -> pd.DataFrame:
    """All rows, in their order."""
    return _duckdb().execute(rows.query).df()


@cache
def _duckdb() -> duckdb.DuckDBPyConnection:
    """One for all: to open and to close it takes four times as long as a query."""
    return duckdb.connect(":memory:")


def rows_of(name: str, table: pd.DataFrame) -> Rows:
    """Rows written by a test, as a run keeps those of a large table."""
    return Rows(write_rows(_FOLDER, [table], LARGE[name]))
