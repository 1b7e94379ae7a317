"""Lets DuckDB work in bounded memory: little at first, more where a statement cannot do with so little.

How much a statement keeps depends on a round's tables as well as on how many respond: no number is enough for all.
"""

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, TypeVar

import duckdb

from pipeline.tables.sql import text

MEMORY = (112, 256, 512, 1024, 2048, 4096)
"""Megabytes that DuckDB may use before it writes to the disk: the first, then each where the one before was too few."""

_SPILL = ".spill"

_Found = TypeVar("_Found")


class Bounded:
    """A DuckDB database in memory, into which files can be attached.

    What does not fit into memory goes to a folder in `folder`, which is removed. What has needed more keeps it.
    """

    def __init__(self, folder: Path) -> None:
        self._connection = duckdb.connect(":memory:")
        self._more = list(MEMORY)
        self._connection.execute(f"SET temp_directory = {text(str(folder / _SPILL))}")
        # Sums of several threads would differ in their last digits from run to run.
        self._connection.execute("SET threads = 1")
        self._connection.execute("SET enable_progress_bar = false")
        self._allow()

    def execute(self, statement: str) -> None:
        """Do what a statement says. Raises duckdb.Error, for lack of memory only where the last step is too few."""
        self.do(lambda connection: connection.execute(statement))

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """What a query finds."""
        return self.do(lambda connection: connection.execute(query).fetchall())

    def do(self, work: Callable[[duckdb.DuckDBPyConnection], _Found]) -> _Found:
        """What `work` makes of the connection; it is done again where there was too little memory for it."""
        while True:
            try:
                return work(self._connection)
            except duckdb.OutOfMemoryException:
                if not self._more:
                    raise
                self._roll_back()
                self._allow()

    def close(self) -> None:
        """End it; what was not attached is gone."""
        self._connection.close()

    def _roll_back(self) -> None:
        """Leave the transaction that a statement began before it failed: nothing else can be done within it."""
        with suppress(duckdb.TransactionException):
            self._connection.rollback()

    def _allow(self) -> None:
        self._connection.execute(f"SET memory_limit = '{self._more.pop(0)}MB'")
