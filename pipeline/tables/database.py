"""Holds the database of a round: one DuckDB file in which the published tables are made, described and kept.

It works column by column in bounded memory, and decides nothing: queries and declarations do.
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType

import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.tables.bounded import Bounded
from pipeline.tables.sql import quoted, text
from questionnaire.messages import in_language
from schemas.tables.table import Table, arrow_schema

DATABASE = "dataset.duckdb"
"""The file, among the results, that holds all tables."""

_ROWS_AT_A_TIME, _CELLS_AT_A_TIME = 50_000, 1_500_000
"""So many are exported at a time at most: those of a table of a hundred columns take as much memory as DuckDB has."""


class Database:
    """A DuckDB file that is being made. Use it as a context manager."""

    def __init__(self, path: Path) -> None:
        self._duckdb = Bounded(path.parent)
        self._attach(path, "dataset")
        self._duckdb.execute("USE dataset")

    def __enter__(self) -> "Database":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        # After an error a transaction may be open, in which neither can be done: the file is of no use to anybody.
        if error is None:
            self._duckdb.execute("USE memory")
            self._duckdb.execute("DETACH dataset")
        self._duckdb.close()

    def lend(self, name: str, rows: pa.Table) -> None:
        """Make a table that queries may use and that is not published."""
        with self._seen("lent", rows):
            self._duckdb.execute(f"CREATE OR REPLACE TEMP TABLE {quoted(name)} AS SELECT * FROM lent")

    def prepare(self, name: str, query: str) -> None:
        """Make the same of what a query finds."""
        self._duckdb.execute(f"CREATE OR REPLACE TEMP TABLE {quoted(name)} AS {query}")

    def look_at(self, name: str, query: str) -> None:
        """The same without keeping what the query finds: it is asked again each time."""
        self._duckdb.execute(f"CREATE OR REPLACE TEMP VIEW {quoted(name)} AS {query}")

    def make(self, table: Table, *queries: str) -> None:
        """Make a published table of what queries find, in their order, with the columns and types that are declared.

        Raises duckdb.Error where a query has no such columns.
        """
        columns = ", ".join(
            f"CAST({quoted(column.name)} AS {_SQL_TYPES[column.type]}) AS {quoted(column.name)}"
            for column in table.columns
        )
        for number, query in enumerate(queries):
            into = f"INSERT INTO {quoted(table.name)}" if number else f"CREATE TABLE {quoted(table.name)} AS"
            self._duckdb.execute(f"{into} SELECT {columns} FROM ({query})")

    def fill(self, table: Table, rows: pa.Table) -> None:
        """Make a published table of rows that were made elsewhere, with exactly its columns.

        Raises ValueError for columns that are not declared, or declared and not there.
        """
        if set(rows.schema.names) != set(table.names):
            difference = ", ".join(sorted(set(rows.schema.names) ^ set(table.names)))
            raise ValueError(f"{table.name}: {difference} in only one of the rows and schemas/tables")
        with self._seen("filled", rows):
            self.make(table, "SELECT * FROM filled")

    def change(self, statement: str) -> None:
        """Change rows of a published table where they stand."""
        self._duckdb.execute(statement)

    @contextmanager
    def covered(self, path: Path) -> Iterator[None]:
        """Within it, tables are made in another file and stand before those of the same name in this one."""
        self._attach(path, "covered")
        self._duckdb.execute("SET search_path = 'covered,dataset'")
        yield
        self._duckdb.execute("USE dataset")
        self._duckdb.execute("DETACH covered")

    def _attach(self, path: Path, name: str) -> None:
        # Small tables would take more than twice the room in blocks of the usual size, large ones more in smaller ones.
        self._duckdb.execute(f"ATTACH {text(str(path))} AS {name} (BLOCK_SIZE 65536)")

    def describe(self, tables: Iterable[Table], language: str) -> None:
        """Write what each table and column means into the file, in a language."""
        comments = [
            comment
            for table in tables
            for comment in (
                f"COMMENT ON TABLE {quoted(table.name)} IS {text(in_language(table.title, language))}",
                *(
                    f"COMMENT ON COLUMN {quoted(table.name)}.{quoted(column.name)}"
                    f" IS {text(in_language(column.label, language))}"
                    for column in table.columns
                ),
            )
        ]
        # Each in a transaction of its own would be written to the disk on its own.
        self._duckdb.execute("; ".join(("BEGIN", *comments, "COMMIT")))

    def view(self, name: str, query: str, meaning: str) -> None:
        """Add a view with what it shows."""
        self._duckdb.execute(f"CREATE VIEW {quoted(name)} AS {query}")
        self._duckdb.execute(f"COMMENT ON VIEW {quoted(name)} IS {text(meaning)}")

    def batches(self, table: Table) -> Iterator[pa.RecordBatch]:
        """The rows of a table, some at a time, as its schema has them."""
        schema = arrow_schema(table)
        columns = ", ".join(map(quoted, table.names))
        query = f"SELECT {columns} FROM {quoted(table.name)}"
        rows = min(_ROWS_AT_A_TIME, max(1, _CELLS_AT_A_TIME // len(schema)))
        for batch in self._duckdb.do(lambda connection: connection.sql(query).to_arrow_reader(rows)):
            yield pa.RecordBatch.from_arrays(
                [array.cast(field.type) for array, field in zip(batch.columns, schema, strict=True)], schema=schema
            )

    def export(self, table: Table, path: Path) -> None:
        """Write a table as Parquet."""
        with pq.ParquetWriter(path, arrow_schema(table)) as writer:
            for batch in self.batches(table):
                writer.write_batch(batch)

    def rows(self, query: str) -> list[tuple[object, ...]]:
        """What a query finds."""
        return self._duckdb.rows(query)

    @contextmanager
    def _seen(self, name: str, rows: pa.Table) -> Iterator[None]:
        """Within it, queries see rows under a name, as often as they are asked."""
        self._duckdb.do(lambda connection: connection.register(name, rows))
        yield
        self._duckdb.do(lambda connection: connection.unregister(name))


_SQL_TYPES: Mapping[str, str] = {
    "string": "VARCHAR",
    "bool": "BOOLEAN",
    "int32": "INTEGER",
    "int64": "BIGINT",
    "double": "DOUBLE",
    "date32": "DATE",
}
