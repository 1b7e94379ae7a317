"""Compares result files that carry the time of their run by what they say: DuckDB databases, Stata and SPSS files."""

import re
from collections.abc import Callable, Mapping
from itertools import zip_longest
from pathlib import Path

import duckdb

from pipeline.tables.sql import quoted, text

_STATA_TIME = re.compile(rb"<timestamp>.{0,24}?</timestamp>", re.DOTALL)
# The day and time of writing in the header record of a system file (PSPP Developers’ Guide, “File Header Record”).
_SPSS_TIME = slice(92, 109)
_ROWS_AT_A_TIME = 50_000


def same_content(one: Path, other: Path) -> bool:
    """Whether two files of the same kind say the same; False for what cannot be read."""
    return _SAME[one.suffix](one, other)


def _same_stata(one: Path, other: Path) -> bool:
    undated = [_STATA_TIME.sub(b"", path.read_bytes(), count=1) for path in (one, other)]
    return undated[0] == undated[1]


def _same_spss(one: Path, other: Path) -> bool:
    undated = []
    for path in (one, other):
        content = bytearray(path.read_bytes())
        del content[_SPSS_TIME]
        undated.append(content)
    return undated[0] == undated[1]


def _same_databases(one: Path, other: Path) -> bool:
    try:
        with duckdb.connect(":memory:") as database:
            for name, path in (("one", one), ("other", other)):
                database.execute(f"ATTACH {text(str(path))} AS {name} (READ_ONLY)")
            tables = _described(database, "one")
            return tables == _described(database, "other") and all(
                _same_rows(database, name) for name, what, _ in tables if what == "table"
            )
    except duckdb.Error:
        return False


def _described(database: duckdb.DuckDBPyConnection, name: str) -> list[tuple[str, str, str]]:
    """Every table and view with its definition and comments."""
    own = f"database_name = {text(name)} AND NOT internal"
    query = f"""
    SELECT table_name, 'column', concat_ws(' ', column_index, column_name, data_type, comment)
    FROM duckdb_columns() WHERE {own}
    UNION ALL SELECT table_name, 'table', coalesce(comment, '') FROM duckdb_tables() WHERE {own}
    UNION ALL SELECT view_name, 'view', concat_ws(' ', sql, comment) FROM duckdb_views() WHERE {own}
    ORDER BY ALL
    """
    return database.execute(query).fetchall()


def _same_rows(database: duckdb.DuckDBPyConnection, table: str) -> bool:
    readers = [
        database.cursor().sql(f"FROM {name}.{quoted(table)}").to_arrow_reader(_ROWS_AT_A_TIME)
        for name in ("one", "other")
    ]
    return all(one is not None and other is not None and one.equals(other) for one, other in zip_longest(*readers))


_SAME: Mapping[str, Callable[[Path, Path], bool]] = {
    ".duckdb": _same_databases,
    ".dta": _same_stata,
    ".sav": _same_spss,
}
