"""Makes every published table of a round, in one DuckDB file, and writes each of them as Parquet beside it."""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pandas as pd
import pyarrow as pa

from pipeline.consolidation.consolidate import Consolidation
from pipeline.measures import levels
from pipeline.measures.queries import measure_queries
from pipeline.tables import lent
from pipeline.tables.database import DATABASE, Database
from pipeline.tables.dataset import (
    PUBLISHED,
    observations_queries,
    regional_queries,
    respondents_query,
)
from pipeline.tables.disclosure import (
    RECORDED,
    compared_by_everybody,
    disclosed_query,
    earlier_query,
    hidden_query,
    lent_for_disclosure,
    small_query,
)
from pipeline.tables.long import long_query
from pipeline.tables.parts import list_queries, type_queries
from pipeline.tables.sql import quoted
from pipeline.tables.views import add_views
from questionnaire.declaration.lists.table_block import TableBlock
from questionnaire.rounds.access import Access
from questionnaire.rounds.round import Round
from schemas.codebook import codebook_frame
from schemas.declared_frames import codes_frame, indicators_frame, references_frame
from schemas.questions import questions_frame
from schemas.tables.declared import REFERENCES
from schemas.tables.long import long_name
from schemas.tables.parts import type_name
from schemas.tables.published import published_tables
from schemas.tables.table import Table

_OF_ANSWERS = ("measure_bilateral", "measure_list_change", "measure_sums", "measure_quartiles")
"""The measures that look at answers other than levels, years and answer statuses."""


def _nothing(*_: object) -> None:
    pass


def make_tables(
    round_: Round,
    made: Consolidation,
    folders: Mapping[Access, Path],
    exported: Callable[[Access, Table], object] = _nothing,
) -> tuple[Table, ...]:
    """Write the database and the Parquet files into the folder of each access, and return the tables.

    `exported` is called for each table once its Parquet file stands there.
    """

    def export(access: Access, table: Table) -> None:
        database.export(table, folders[access] / f"{table.name}.parquet")
        exported(access, table)

    def make(name: str, *queries: str) -> None:
        database.make(tables[name], *queries)
        export(Access.RESTRICTED, tables[name])

    tables = {table.name: table for table in published_tables(round_.instrument)}
    language = round_.working_language
    with Database(folders[Access.RESTRICTED] / DATABASE) as database:
        _lend(database, round_, made)
        database.make(tables["answers"], made.answers.query)
        database.look_at("published", PUBLISHED)
        _suppress(database, round_)
        # Only now do its rows say what the public edition suppresses.
        export(Access.RESTRICTED, tables["answers"])
        for name, rows in (("findings", made.findings), ("damage", made.damage)):
            make(name, rows.query)
        for name, frame in _frames(round_, made, tuple(tables.values())):
            database.fill(tables[name], _arrow(frame, tables[name]))
            export(Access.RESTRICTED, tables[name])
        for name, *queries in _queries(round_, tables):
            make(name, *queries)
            if name == "regional" and round_.instrument.level_scale is not None:
                for prepared, prepares in levels.PREPARED.items():
                    database.prepare(prepared, prepares)
        database.describe(tables.values(), language)
        add_views(database, round_)
        public = [part for table in tables.values() if (part := table.for_(Access.PUBLIC)) is not None]
        with database.covered(folders[Access.PUBLIC] / DATABASE):
            made_again = set()
            for table in _cover(database, round_, tables):
                export(Access.PUBLIC, table)
                made_again.add(table.name)
            for table in public:
                if table.name not in made_again:
                    database.make(table, f"FROM dataset.{quoted(table.name)}")
                    export(Access.PUBLIC, table)
            database.describe(public, language)
            add_views(database, round_)
    return tuple(tables.values())


def _suppress(database: Database, round_: Round) -> None:
    """Find the numbers that not everybody may see, and record that with the answers."""
    for name, rows in lent_for_disclosure(round_).items():
        database.lend(name, rows)
    database.prepare("earlier", earlier_query())
    database.prepare("small", small_query())
    database.prepare("hidden", hidden_query())
    database.change(RECORDED)


def _cover(database: Database, round_: Round, tables: Mapping[str, Table]) -> Iterator[Table]:
    """Make those tables that hold answers again, of the answers that everybody may see: each that is public."""
    database.lend("compared", compared_by_everybody(round_.instrument))
    database.look_at("published", disclosed_query())
    answered = (*_answer_tables(round_, tables), ("observations", *observations_queries(round_)))
    measured = ((name, query) for name, query in measure_queries(round_) if name in _OF_ANSWERS)
    for name, *queries in (*answered, *measured):
        table = tables[name].for_(Access.PUBLIC)
        if table is not None:
            database.make(table, *queries)
            yield table
        else:
            # Measures look at it. Lines of a list that are persons are not even counted.
            kept = tables[name].access is Access.PUBLIC
            database.prepare(name, " UNION ALL ".join(f"SELECT * FROM ({query}) WHERE {kept}" for query in queries))


def _lend(database: Database, round_: Round, made: Consolidation) -> None:
    """What queries look things up in."""
    database.lend("frame", lent.frame_rows(round_, made.standings))
    database.lend("asked", lent.asked_rows(round_))
    database.lend("fields", lent.field_rows(round_))
    database.lend("due", lent.due_rows(round_))
    database.lend("scale", lent.scale_rows(round_))
    database.lend("obs_statuses", lent.obs_status_rows())
    database.lend("previous_levels", lent.previous_level_rows(round_))
    for name, rows in lent.lines_compared(round_).items():
        database.lend(name, rows)


def _frames(round_: Round, made: Consolidation, tables: tuple[Table, ...]) -> Iterator[tuple[str, pd.DataFrame]]:
    """The tables that are small whatever comes in, or that are made with the verdicts."""
    instrument, language = round_.instrument, round_.working_language
    yield "returns", made.returns
    yield "reconciliation", made.reconciliation
    yield "decisions", made.decisions
    yield "conflicts", made.conflicts[round_.working_language]
    yield "parts", made.parts
    yield "indicators", indicators_frame(instrument, language)
    yield "codes", codes_frame(instrument)
    yield "questions", questions_frame(instrument, language)
    if instrument.references:
        yield REFERENCES, references_frame(round_)
    yield "codebook", codebook_frame(tables, instrument, language)


def _queries(round_: Round, tables: Mapping[str, Table]) -> Iterator[tuple[str, ...]]:
    """The tables that are made of answers, each after those that it looks at: its name and its queries."""
    yield "regional", *regional_queries(round_, tables["regional"])
    yield from _answer_tables(round_, tables)
    yield "respondents", respondents_query(round_)
    yield "observations", *observations_queries(round_)
    yield from measure_queries(round_)


def _answer_tables(round_: Round, tables: Mapping[str, Table]) -> Iterator[tuple[str, ...]]:
    """The tables in which each field is a column, of indicator types and lists, and the long forms of tables."""
    blocks = {block.code: block for block in round_.instrument.lists}
    long = {long_name(block): block for block in blocks.values() if isinstance(block, TableBlock)}
    types = {type_name(item.indicator_type.code) for item in round_.instrument.indicators}
    for table in tables.values():
        if table.name in types:
            yield table.name, *type_queries(round_, table)
        elif table.name in blocks:
            yield table.name, *list_queries(round_, table, blocks[table.name])
        elif table.name in long:
            yield table.name, long_query(round_, long[table.name])


def _arrow(frame: pd.DataFrame, table: Table) -> pa.Table:
    """Rows as Arrow has them, with the columns of a table also where there is no row."""
    return pa.Table.from_pandas(frame, preserve_index=False) if len(frame) else _empty(frame, table)


def _empty(frame: pd.DataFrame, table: Table) -> pa.Table:
    names = list(frame.columns) or list(table.names)
    return pa.table({name: pa.array([], pa.string()) for name in names})
