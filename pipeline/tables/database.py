"""Holds the database of a round: one DuckDB file in which the published tables are made, described and kept.

It works column by column in bounded memory, and decides nothing: queries and declarations do.
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from questionnaire.messages import in_language
from schemas.tables.table import Table, arrow_schema

DATABASE = "dataset.duckdb"
"""The file, among the results, that holds all tables."""

MEMORY = "144MB"
"""What DuckDB may use before it writes to the disk beside the file."""

_ROWS_AT_A_TIME = 50_000
_SPILL = ".spill"


class Database:
    """A DuckDB file that is being made. Use it as a context manager."""

    def __init__(self, path: Path) -> None:
        self._connection = bounded(path.parent)
        self._attach(path, "dataset")
        self._connection.execute("USE dataset")

    def __enter__(self) -> "Database":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        # After an error a transaction may be open, in which neither can be done: the file is of no use to anybody.
        if error is None:
            self._connection.execute("USE memory")
            self._connection.execute("DETACH dataset")
        self._connection.close()

    def lend(self, name: str, rows: pa.Table) -> None:
        """Make a table that queries may use and that is not published."""
        self._connection.register("lent", rows)
        self._connection.execute(f"CREATE OR REPLACE TEMP TABLE {quoted(name)} AS SELECT * FROM lent")
        self._connection.unregister("lent")

    def prepare(self, name: str, query: str) -> None:
        """Make the same of what a query finds."""
        self._connection.execute(f"CREATE OR REPLACE TEMP TABLE {quoted(name)} AS {query}")

    def look_at(self, name: str, query: str) -> None:
        """The same without keeping what the query finds: it is asked again each time."""
        self._connection.execute(f"CREATE OR REPLACE TEMP VIEW {quoted(name)} AS {query}")

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
            self._connection.execute(f"{into} SELECT {columns} FROM ({query})")

    def fill(self, table: Table, rows: pa.Table | pa.RecordBatchReader) -> None:
        """Make a published table of rows that were made elsewhere, with exactly its columns.

        Raises ValueError for columns that are not declared, or declared and not there.
        """
        if set(rows.schema.names) != set(table.names):
            difference = ", ".join(sorted(set(rows.schema.names) ^ set(table.names)))
            raise ValueError(f"{table.name}: {difference} in only one of the rows and schemas/tables")
        self._connection.register("filled", rows)
        self.make(table, "SELECT * FROM filled")
        self._connection.unregister("filled")

    def change(self, statement: str) -> None:
        """Change rows of a published table where they stand."""
        self._connection.execute(statement)

    @contextmanager
    def covered(self, path: Path) -> Iterator[None]:
        """Within it, tables are made in another file and stand before those of the same name in this one."""
        self._attach(path, "covered")
        self._connection.execute("SET search_path = 'covered,dataset'")
        yield
        self._connection.execute("USE dataset")
        self._connection.execute("DETACH covered")

    def _attach(self, path: Path, name: str) -> None:
        # Small tables would take more than twice the room in blocks of the usual size, large ones more in smaller ones.
        self._connection.execute(f"ATTACH {text(str(path))} AS {name} (BLOCK_SIZE 65536)")

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
        self._connection.execute("; ".join(("BEGIN", *comments, "COMMIT")))

    def view(self, name: str, query: str, meaning: str) -> None:
        """Add a view with what it shows."""
        self._connection.execute(f"CREATE VIEW {quoted(name)} AS {query}")
        self._connection.execute(f"COMMENT ON VIEW {quoted(name)} IS {text(meaning)}")

    def batches(self, table: Table) -> Iterator[pa.RecordBatch]:
        """The rows of a table, some at a time, as its schema has them."""
        schema = arrow_schema(table)
        columns = ", ".join(map(quoted, table.names))
        found = self._connection.sql(f"SELECT {columns} FROM {quoted(table.name)}")
        for batch in found.to_arrow_reader(_ROWS_AT_A_TIME):
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
        return self._connection.execute(query).fetchall()


def bounded(folder: Path) -> duckdb.DuckDBPyConnection:
    """A connection in bounded memory; what does not fit goes to a folder that is removed, in this one."""
    connection = duckdb.connect(":memory:")
    connection.execute(f"SET temp_directory = {text(str(folder / _SPILL))}")
    # Sums of several threads would differ in their last digits from run to run.
    connection.execute("SET threads = 1")
    connection.execute(f"SET memory_limit = '{MEMORY}'")
    connection.execute("SET enable_progress_bar = false")
    return connection


_SQL_TYPES: Mapping[str, str] = {
    "string": "VARCHAR",
    "bool": "BOOLEAN",
    "int32": "INTEGER",
    "int64": "BIGINT",
    "double": "DOUBLE",
    "date32": "DATE",
}


def quoted(name: str) -> str:
    """A name as SQL takes it, whatever stands in it."""
    return '"' + name.replace('"', '""') + '"'


def text(value: str) -> str:
    """A text as SQL takes it, whatever stands in it."""
    return "'" + value.replace("'", "''") + "'"
