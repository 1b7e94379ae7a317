"""Reads the published tables that a report takes its figures from, and remembers which: nothing else is a source."""

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

Row = Mapping[str, Any]


class Source:
    """The tables of one folder of results; of the public one, what is suppressed there is not even seen here."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._read: dict[tuple[str, tuple[str, ...]], list[Row]] = {}
        self._hashes: dict[str, str] = {}

    def rows(self, table: str, *columns: str, **where: object) -> list[Row]:
        """The rows of a table in which columns have these values; none of a table that the edition does not have.

        A column that it does not have is None in every row.
        """
        asked = tuple(dict.fromkeys((*columns, *where)))
        if (table, asked) not in self._read:
            self._read[table, asked] = self._rows(table, asked)
        found = self._read[table, asked]
        return [row for row in found if all(row[name] == value for name, value in where.items())]

    def row(self, table: str, *columns: str, **where: object) -> Row:
        """The first of these rows; each column is None where there is none."""
        return next(iter(self.rows(table, *columns, **where)), dict.fromkeys(columns))

    @property
    def hashes(self) -> Mapping[str, str]:
        """The name and the SHA-256 of every file read so far, by name."""
        return dict(sorted(self._hashes.items()))

    def _rows(self, table: str, columns: tuple[str, ...]) -> list[Row]:
        path = self._folder / f"{table}.parquet"
        if not path.exists():
            return []
        if path.name not in self._hashes:
            with path.open("rb") as file:
                self._hashes[path.name] = hashlib.file_digest(file, "sha256").hexdigest()
        there = set(pq.read_schema(path).names)
        read = pq.read_table(path, columns=[name for name in columns if name in there], use_threads=False)
        return [dict.fromkeys(columns) | row for row in read.to_pylist()]
