"""Files that carry the time of their run are the same where they say the same."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pandas as pd
import pyreadstat
import pytest

from pipeline.publication.same_content import same_content

ROWS = pd.DataFrame({"level": [1.0, float("nan")], "state": ["AAA", "BBB"]})


def stata(path: Path, label: str, time: bytes, rows: pd.DataFrame = ROWS) -> Path:
    pyreadstat.write_dta(rows, str(path), file_label=label)
    content = path.read_bytes()
    start = content.index(b"<timestamp>") + len(b"<timestamp>")
    end = content.index(b"</timestamp>")
    path.write_bytes(content[:start] + bytes([len(time)]) + time + content[end:])
    return path


def spss(path: Path, label: str, time: bytes, rows: pd.DataFrame = ROWS) -> Path:
    pyreadstat.write_sav(rows, str(path), file_label=label)
    content = path.read_bytes()
    assert content[:4] == b"$FL2"
    assert content[103:104] + content[106:107] == b"::"
    path.write_bytes(content[:92] + time + content[92 + len(time) :])
    return path


@pytest.mark.parametrize(
    ("write", "suffix", "times"),
    [
        (stata, ".dta", (b"01 Jan 2026 10:00", b"2 Feb 2026 09:59")),
        (spss, ".sav", (b"01 Jan 2610:00:00", b"02 Feb 2609:59:59")),
    ],
)
def test_same_content__another_time__is_the_same_and_another_value_or_label_is_not(
    tmp_path: Path, write: object, suffix: str, times: tuple[bytes, bytes]
) -> None:
    assert callable(write)
    one = write(tmp_path / f"one{suffix}", "levels", times[0])
    later = write(tmp_path / f"later{suffix}", "levels", times[1])
    assert one.read_bytes() != later.read_bytes()
    assert same_content(one, later)
    assert not same_content(one, write(tmp_path / f"label{suffix}", "other", times[0]))
    other = write(tmp_path / f"value{suffix}", "levels", times[0], ROWS.assign(level=[2.0, float("nan")]))
    assert not same_content(one, other)


def database(path: Path, *statements: str) -> Path:
    with duckdb.connect(str(path)) as made:
        for statement in ("CREATE TABLE t AS SELECT 1 AS a, NULL AS b", "CREATE VIEW v AS FROM t", *statements):
            made.execute(statement)
    return path


@pytest.mark.parametrize(
    ("statement", "same"),
    [
        ("SELECT 1", True),
        ("UPDATE t SET a = 2", False),
        ("INSERT INTO t VALUES (1, NULL)", False),
        ("COMMENT ON COLUMN t.a IS 'something else'", False),
        ("COMMENT ON TABLE t IS 'something else'", False),
        ("CREATE OR REPLACE VIEW v AS SELECT a FROM t", False),
        ("CREATE TABLE more AS FROM t", False),
    ],
)
def test_same_content__of_databases__is_tables_rows_comments_and_views(
    tmp_path: Path, statement: str, same: bool
) -> None:
    one, other = database(tmp_path / "one.duckdb"), database(tmp_path / "other.duckdb", statement)
    assert same_content(one, other) is same


def test_same_content__what_is_no_database__is_not_the_same(tmp_path: Path) -> None:
    broken = tmp_path / "broken.duckdb"
    broken.write_bytes(b"no database")
    assert not same_content(database(tmp_path / "one.duckdb"), broken)
