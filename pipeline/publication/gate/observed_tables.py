"""Looks for faults of single published tables: keys that repeat, answers that are lost, what everybody may not see.

A fault is a text that names table and place; where all is well there is none.
"""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any

import pandas as pd

from pipeline.tables.bounded import Bounded
from pipeline.tables.database import DATABASE
from pipeline.tables.sql import quoted, text
from questionnaire.declaration.answer_types import Mark
from questionnaire.rounds.access import Access
from questionnaire.rounds.round import Round
from questionnaire.rounds.standings import Outcome
from schemas.tables.own_codes import LARGEST_SUPPRESSED, SUPPRESSED
from schemas.tables.table import Sensitivity, Table

_REMADE = ("measure_sums", "measure_quartiles", "measure_bilateral", "measure_list_change")
"""What the public edition computes anew, of what it shows: its figures are others."""

_PUBLISHED = "published"

_HASHES_AT_A_TIME = 4_000_000

Fault = dict[str, str | None]
"""What is judged of one table: its name, and per sort of fault a text or None."""


class Editions:
    """The published files of both editions: each a schema with a view per Parquet file. Use it as a context manager.

    `found` has the columns of each; `database` those of the tables in the public DuckDB file.
    """

    def __init__(self, tables: Iterable[Table], folders: Mapping[Access, Path]) -> None:
        self.tables = {table.name: table for table in tables}
        self._duckdb = Bounded(folders[Access.RESTRICTED])
        # Each file is looked into several times; what stands where in it is read once.
        self._duckdb.execute("SET parquet_metadata_cache = true")
        self.found: dict[Access, dict[str, tuple[str, ...]]] = {}
        for access, folder in folders.items():
            self._duckdb.execute(f"CREATE SCHEMA {access}")
            for path in sorted(folder.glob("*.parquet")):
                view = f"{access}.{quoted(path.stem)}"
                self._duckdb.execute(f"CREATE VIEW {view} AS FROM read_parquet({text(str(path))})")
            self.found[access] = self._columns(f"schema_name = '{access}'")
        database = folders[Access.PUBLIC] / DATABASE
        self._duckdb.execute(f"ATTACH {text(str(database))} AS {_PUBLISHED} (READ_ONLY)")
        tables_of = f"SELECT table_name FROM duckdb_tables() WHERE database_name = '{_PUBLISHED}'"
        self.database = self._columns(f"database_name = '{_PUBLISHED}' AND table_name IN ({tables_of})")

    def __enter__(self) -> "Editions":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._duckdb.close()

    def frame(self, query: str) -> pd.DataFrame:
        """What a query finds."""
        found: pd.DataFrame = self._duckdb.do(lambda connection: connection.sql(query).df())
        return found

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """The rows that a query finds."""
        return self._duckdb.rows(query)

    def row(self, query: str) -> tuple[Any, ...]:
        """The one row that a query finds."""
        (row,) = self.rows(query)
        return row

    def count(self, query: str) -> int:
        """How many rows a query finds."""
        return int(self.row(f"SELECT count(*) FROM ({query})")[0])

    def _columns(self, where: str) -> dict[str, tuple[str, ...]]:
        listed = f"SELECT table_name, list(column_name ORDER BY column_index) FROM duckdb_columns() WHERE {where}"
        found = self.rows(f"{listed} GROUP BY table_name ORDER BY table_name")
        return {name: tuple(columns) for name, columns in found}


def table_faults(editions: Editions, round_: Round) -> list[Fault]:
    """Of each table that is there, what is wrong with it in any edition."""
    lost = _lost(editions, round_)
    faults = []
    for name in editions.found[Access.RESTRICTED]:
        table = editions.tables.get(name)
        faults.append(
            {
                "table": name,
                "lacking": _named(name, [name] if table is None else _lacking(editions, table)),
                "repeated": _named(name, _repeated(editions, table) if table else ()),
                "lost": _named(name, lost.get(name, ())),
                "contradicted": _named(name, _contradicted(editions, table) if table else ()),
            }
        )
    return faults


def public_faults(editions: Editions) -> list[Fault]:
    """Of each table that everybody would get, in whichever file, what it shows that is for the secretariat alone."""
    found, faults = editions.found[Access.PUBLIC], []
    for name in sorted({*found, *editions.database}):
        table = editions.tables.get(name)
        part = table.for_(Access.PUBLIC) if table else None
        seen = dict.fromkeys((*found.get(name, ()), *editions.database.get(name, ())))
        shown = tuple(column for column in part.columns if column.name in found.get(name, ())) if part else ()
        kept = part.with_columns(shown) if part else None
        faults.append(
            {
                "table": name,
                "undeclared": _named(name, [column for column in seen if not part or column not in part.names]),
                "small": _named(name, _small(editions, kept) if kept else ()),
                "suppressed_shown": _named(name, _suppressed_shown(editions, kept) if kept else ()),
                "uncleared": _named(name, _uncleared(editions, kept) if kept else ()),
            }
        )
    return faults


def _named(table: str, places: Iterable[str]) -> str | None:
    listed = ", ".join(places)
    return f"{table}: {listed}" if listed else None


def _lacking(editions: Editions, table: Table) -> Iterator[str]:
    """The declared columns that an edition has not, and those that the secretariat's has besides."""
    for access in Access:
        part, there = table.for_(access), editions.found[access].get(table.name, ())
        names = part.names if part else ()
        yield from (f"{access}.{column}" for column in names if column not in there)
        if access is Access.RESTRICTED:
            yield from (f"{access}.{column}" for column in there if column not in names)


def _repeated(editions: Editions, table: Table) -> Iterator[str]:
    """How many keys name more than one row, by edition."""
    for access in Access:
        if table.key and set(table.key) <= set(editions.found[access].get(table.name, ())):
            keys = ", ".join(map(quoted, table.key))
            place = f"{access}.{quoted(table.name)}"
            again = f"SELECT 1 FROM {place} GROUP BY {keys} HAVING count(*) > 1"
            if not _differ(editions, place, keys) and (number := editions.count(again)):
                yield f"{access} {number}"


def _differ(editions: Editions, place: str, keys: str) -> bool:
    """True if the hashes of all keys differ: then the keys do too. Numbers are told apart sooner than texts.

    All of them would not fit into memory: those that may be alike are together in one part of them.
    """
    (rows,) = editions.row(f"SELECT count(*) FROM {place}")
    parts = 1 + rows // _HASHES_AT_A_TIME
    asked = f"SELECT count(*) = count(DISTINCT hash({keys})) FROM {place} WHERE hash({keys}) % {parts} = "
    return all(editions.row(f"{asked}{part}")[0] for part in range(parts))


def _lost(editions: Editions, round_: Round) -> dict[str, list[str]]:
    """By table, the fields of which it has another number of values than were published, with both numbers."""
    rows = editions.rows(f"""
        SELECT block, field, count(*) FROM restricted.answers
        WHERE outcome = '{Outcome.PUBLISHED}'
            AND coalesce(code, CAST(number AS VARCHAR), text, CAST(date AS VARCHAR)) <> ''
        GROUP BY block, field
    """)
    published = {(block, field): number for block, field, number in rows}
    types = {item.code: item.indicator_type.code for item in round_.instrument.indicators}
    lost: dict[str, list[str]] = {}
    for table in (table for table in editions.tables.values() if table.part):
        columns = [
            (column.name, column.field.code)
            for column in table.columns
            if column.field and not column.is_status and not isinstance(column.field.type, Mark)
            and column.name in editions.found[Access.RESTRICTED].get(table.name, ())
        ]  # fmt: skip
        if not columns:
            continue
        blocks = [block for block, type_ in types.items() if type_ == table.part and table.name != table.part]
        counted = ", ".join(f"count({quoted(name)})" for name, _ in columns)
        values = editions.row(f"SELECT {counted} FROM restricted.{quoted(table.name)}")
        for (name, field), there in zip(columns, values, strict=True):
            expected = sum(published.get((block, field), 0) for block in blocks or [table.part])
            if there != expected:
                lost.setdefault(table.name, []).append(f"{name} {there} ≠ {expected}")
    return lost


def _contradicted(editions: Editions, table: Table) -> Iterator[str]:
    """How many public rows the secretariat's table has not, or has otherwise; what is suppressed is left out."""
    part, own = table.for_(Access.PUBLIC), editions.found[Access.RESTRICTED].get(table.name, ())
    seen = editions.found[Access.PUBLIC].get(table.name, ())
    shared = [name for name in part.names if name in seen and name in own] if part else []
    if not shared or table.name in _REMADE or not set(table.key).issubset(shared):
        return
    masked = f"('{SUPPRESSED}', 'Q')"
    keys = " AND ".join(f"own.{quoted(key)} IS NOT DISTINCT FROM seen.{quoted(key)}" for key in table.key)
    others = " OR ".join(
        f"(seen.{name} IS DISTINCT FROM own.{name} AND CAST(seen.{name} AS VARCHAR) NOT IN {masked})"
        for name in map(quoted, shared)
    )
    place = quoted(table.name)
    # Both are made in the same order: only where a row is not as the one beside it, each is looked up by its key.
    alike = f"public.{place} AS seen POSITIONAL JOIN restricted.{place} AS own WHERE NOT ({keys}) OR {others}"
    if editions.count(f"SELECT 1 FROM {alike}") and (number := editions.count(f"""
        SELECT 1 FROM public.{place} AS seen
        LEFT JOIN (SELECT *, true AS there FROM restricted.{place}) AS own ON {keys}
        WHERE there IS NULL OR {others}
    """)):  # fmt: skip
        yield str(number)


def _small(editions: Editions, table: Table) -> Iterator[str]:
    """The columns with counts of persons from 1 to 4, and how many; observations and sums name the column in a row."""
    persons = ", ".join(
        f"({text(entry.name)}, {text(column.name)})"
        for entry in editions.tables.values()
        for column in entry.columns
        if entry.part and column.sensitivity is Sensitivity.PERSONS
    )
    persons = persons or "('', '')"
    named = f"(VALUES {persons}) AS persons (of_table, of_column)"
    of_persons = {
        "OBS_VALUE": f'"MEASURE" IN (SELECT of_column FROM {named})',
        "sum": f'EXISTS (FROM {named} WHERE of_table = "table" AND of_column = "column")',
    }
    small = {
        column.name: f"TRY_CAST({quoted(column.name)} AS DOUBLE) BETWEEN 1 AND {LARGEST_SUPPRESSED}"
        f" AND {of_persons.get(column.name, 'true')}"
        for column in table.columns
        if column.sensitivity is Sensitivity.PERSONS
    }
    yield from _counted(editions, table, small)


def _suppressed_shown(editions: Editions, table: Table) -> Iterator[str]:
    """The columns that show a number whose answer status says that it is suppressed."""
    statuses = {column.field.code: column.name for column in table.columns if column.field and column.is_status}
    own = {
        column.name: status
        for column in table.columns
        if column.field and not column.is_status and (status := statuses.get(column.field.code)) is not None
    }
    shown = {name: f"{quoted(status)} = '{SUPPRESSED}' AND {quoted(name)} IS NOT NULL" for name, status in own.items()}
    yield from _counted(editions, table, shown)


def _uncleared(editions: Editions, table: Table) -> Iterator[str]:
    """The columns with texts of respondents that did not allow them to be published."""
    cleared = "SELECT respondent FROM restricted.respondents WHERE texts_cleared"
    uncleared = {
        column.name: f"{quoted(column.name)} IS NOT NULL AND respondent NOT IN ({cleared})"
        for column in table.columns
        if column.sensitivity is Sensitivity.ANSWER_TEXT
    }
    yield from _counted(editions, table, uncleared)


def _counted(editions: Editions, table: Table, faulty: Mapping[str, str]) -> Iterator[str]:
    """The columns with faulty rows in the public table, and how many: all of them are counted in one go."""
    if faulty:
        counts = ", ".join(f"count_if({where})" for where in faulty.values())
        found = editions.row(f"SELECT {counts} FROM public.{quoted(table.name)}")
        yield from (f"{name} {number}" for name, number in zip(faulty, found, strict=True) if number)
