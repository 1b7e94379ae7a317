"""The database of a round, while its tables are made."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest

from pipeline.tables import bounded, database
from pipeline.tables.database import Database
from schemas.tables.published import published_tables
from tests import with_list

_KEEPS_MUCH = "SELECT number, list(other) AS others FROM range(200) a(number), range(30_000) b(other) GROUP BY ALL"


def test_database__error_within_a_transaction__is_what_is_raised(tmp_path: Path) -> None:
    with (
        pytest.raises(duckdb.ConversionException),
        Database(tmp_path / "x.duckdb") as database,
        database.covered(tmp_path / "y.duckdb"),
    ):
        database.change("BEGIN; CREATE TABLE a AS SELECT CAST('x' AS INTEGER)")


def test_database__transaction_that_needs_more_memory__is_done_again_from_its_beginning(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bounded, "MEMORY", (20, 400))
    with closing(bounded.Bounded(tmp_path)) as database:
        settings = "SELECT current_setting('memory_limit'), current_setting('threads')"
        assert database.rows(settings) == [("19.0 MiB", 1)], "sums of several threads would differ from run to run"
        database.execute("CREATE TABLE kept AS SELECT 1 AS one")
        database.execute(f"BEGIN; INSERT INTO kept VALUES (2); CREATE TABLE made AS {_KEEPS_MUCH}; COMMIT")
        assert database.rows("SELECT * FROM kept") == [(1,), (2,)]
        assert database.rows("SELECT count(*) FROM made") == [(200,)]


def test_database__query_that_needs_more_memory__gets_it_and_finds_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for memory, ends in (((20,), True), ((20, 40, 400), False)):
        monkeypatch.setattr(bounded, "MEMORY", memory)
        with closing(bounded.Bounded(tmp_path)) as database:
            if ends:
                with pytest.raises(duckdb.OutOfMemoryException):
                    database.execute(f"CREATE TABLE made AS {_KEEPS_MUCH}")
                assert database.rows("SELECT count(*) FROM duckdb_tables()") == [(0,)]
            else:
                database.execute(f"CREATE TABLE made AS {_KEEPS_MUCH}")
                assert database.rows("SELECT count(*), min(len(others)) FROM made") == [(200, 30_000)]
                assert database.rows("SELECT current_setting('memory_limit')") == [("381.4 MiB",)]


def test_database__table_of_many_columns__is_exported_fewer_rows_at_a_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (table,) = (one for one in published_tables(with_list.instrument()) if one.name == "returns")
    monkeypatch.setattr(database, "_CELLS_AT_A_TIME", 2_048 * len(table.names))
    with database.Database(tmp_path / "x.duckdb") as made:
        made.fill(table, pa.table({name: pa.nulls(5_000, pa.string()) for name in table.names}))
        assert [batch.num_rows for batch in made.batches(table)] == [2_048, 2_048, 904]
