"""Rows in Parquet files: found in their order whatever file they stand in, with the columns declared and no others."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pyarrow as pa
import pytest

from pipeline.consolidation.rows import Rows, as_parquet, is_unchanged, write_rows
from tests.pipeline.consolidated import frame

SCHEMA = pa.schema([("file", pa.string()), ("count", pa.int64())])


def table(*rows: tuple[str, int]) -> pd.DataFrame:
    return pd.DataFrame(list(rows), columns=["file", "count"])


def test_query__with_an_order__sorts_over_all_files_and_keeps_what_is_equal_as_it_stood(tmp_path: Path) -> None:
    folder = tmp_path / "it's a folder"
    files = write_rows(folder, [table(("b", 2), ("b", 1), ("d", 0)), table(("c", 9), ("a", 3))], SCHEMA)
    found = frame(Rows(files, ("file",)))
    assert list(zip(found["file"], found["count"], strict=True)) == [("a", 3), ("b", 2), ("b", 1), ("c", 9), ("d", 0)]
    assert frame(Rows(files))["file"].tolist() == ["b", "b", "d", "c", "a"]
    assert [row["count"] for row in Rows(files).records()] == [2, 1, 0, 9, 3]


def test_parquet__no_rows__has_the_columns_all_the_same() -> None:
    assert as_parquet(table(), SCHEMA) == as_parquet(pd.DataFrame({"count": [], "file": []}), SCHEMA)


@pytest.mark.parametrize("columns", [["file"], ["file", "count", "more"]])
def test_parquet__columns_that_are_not_those_declared__are_named(columns: list[str]) -> None:
    with pytest.raises(ValueError, match="^(count|more) in only one of the rows"):
        as_parquet(pd.DataFrame([[1] * len(columns)], columns=columns), SCHEMA)


def test_file__one_changed_bit__is_not_what_was_written(tmp_path: Path) -> None:
    (path,) = write_rows(tmp_path, [table(("a", 1))], SCHEMA)
    assert is_unchanged(path)
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    assert not is_unchanged(path)
