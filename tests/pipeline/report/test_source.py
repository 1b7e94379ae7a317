"""What a report reads: the rows asked for, of the columns asked for, and the hash of each file it has seen."""

import hashlib
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipeline.report.source import Source

LEVELS = {"respondent": ["AAA", "AAA", "BBB"], "indicator": ["W01", "W02", "W01"], "level": [3, None, 1]}


@pytest.fixture
def source(tmp_path: Path) -> Source:
    pq.write_table(pa.table(LEVELS), tmp_path / "regional.parquet")
    pq.write_table(pa.table({"code": ["W01"]}), tmp_path / "indicators.parquet")
    return Source(tmp_path)


def test_rows__where_every_condition_holds__with_the_columns_of_the_conditions(source: Source) -> None:
    assert source.rows("regional", "level", respondent="AAA", indicator="W01") == [
        {"level": 3, "respondent": "AAA", "indicator": "W01"}
    ]
    assert [row["level"] for row in source.rows("regional", "level", respondent="AAA")] == [3, None]


def test_rows__other_columns_of_the_same_table__are_read_too(source: Source) -> None:
    assert source.rows("regional", "level") == [{"level": 3}, {"level": None}, {"level": 1}]
    assert source.rows("regional", "indicator") == [{"indicator": "W01"}, {"indicator": "W02"}, {"indicator": "W01"}]


def test_rows__of_what_the_edition_does_not_have__are_none__a_column_is_none_in_each(source: Source) -> None:
    assert source.rows("findings", "message") == []
    assert source.rows("indicators", "code", "reason") == [{"code": "W01", "reason": None}]


def test_row__the_first_that_is_found__else_none_in_each_column(source: Source) -> None:
    assert source.row("regional", "level", indicator="W01") == {"level": 3, "indicator": "W01"}
    assert source.row("regional", "level", "indicator", respondent="CCC") == {"level": None, "indicator": None}


def test_hashes__of_the_files_that_were_read__by_name(source: Source, tmp_path: Path) -> None:
    source.rows("regional", "level")
    assert list(source.hashes) == ["regional.parquet"]
    source.rows("indicators", "code")
    source.rows("findings", "message")
    paths = [tmp_path / "indicators.parquet", tmp_path / "regional.parquet"]
    assert list(source.hashes.items()) == [(path.name, hashlib.sha256(path.read_bytes()).hexdigest()) for path in paths]
