"""The database of a round, while its tables are made."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from pipeline.tables.database import Database


def test_database__error_within_a_transaction__is_what_is_raised(tmp_path: Path) -> None:
    with (
        pytest.raises(duckdb.ConversionException),
        Database(tmp_path / "x.duckdb") as database,
        database.covered(tmp_path / "y.duckdb"),
    ):
        database.change("BEGIN; CREATE TABLE a AS SELECT CAST('x' AS INTEGER)")
