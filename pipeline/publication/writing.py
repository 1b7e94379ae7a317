"""Has everything written that is made of Parquet files alone: CSV, Stata and SPSS files, workbooks, report, metadata.

Each is a task of named files, which any process can do.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path

import pyarrow.parquet as pq

from pipeline.consolidation.consolidate import Consolidation
from pipeline.processes import Processes
from pipeline.publication.formats.conflicts_workbook import write_conflicts
from pipeline.publication.formats.csv_files import Signs, signs, write_csv
from pipeline.publication.formats.labelled_files import is_too_large, labelled_names, write_labelled
from pipeline.publication.formats.metadata_files import write_metadata
from pipeline.publication.formats.regional_workbook import write_workbook
from pipeline.publication.made_before import Earlier, Recipe
from pipeline.report.write import write_report
from questionnaire.rounds.access import Access
from questionnaire.rounds.round import Round
from questionnaire.rounds.standings import Outcome
from schemas.tables.table import Table

# How long a cell takes in each sort of file, in CSV 1.
_LABELLED, _IN_WORKBOOK, _DESCRIBED = 4, 3, 2


class Writing:
    """What is written into the folder of each access, by processes that may do it while other things are done.

    `recipe` says how, and what an earlier run has written that is taken over.
    """

    def __init__(self, round_: Round, processes: Processes, folders: Mapping[Access, Path], recipe: Recipe) -> None:
        self._round, self._processes, self._folders, self._labels = round_, processes, folders, recipe.labels
        self._earlier, self._signs = Earlier(round_, recipe), signs(recipe.flavour, recipe.labels)
        self._cells = dict.fromkeys(Access, 0)
        self._left_out: dict[str, None] = {}

    @property
    def left_out(self) -> tuple[str, ...]:
        """The tables that are too large for Stata and SPSS."""
        return tuple(self._left_out)

    def of_table(self, access: Access, table: Table) -> None:
        """Have written what is made of one table alone, whose Parquet file stands in its folder."""
        parquet = self._folders[access] / f"{table.name}.parquet"
        cells = pq.read_metadata(parquet).num_rows * len(table.columns)
        self._cells[access] += cells
        if not self._earlier.take(access, parquet, f"{table.name}.csv"):
            numbers = frozenset(column.name for column in table.columns if column.has_numbers)
            self._processes.do(cells, _csv, parquet, self._signs, numbers)
        if not (table.part or table.name == "regional"):
            return
        if is_too_large(cells):
            self._left_out[table.name] = None
        elif not self._earlier.take(access, parquet, *labelled_names(table)):
            self._processes.do(_LABELLED * cells, _labelled, parquet.parent, table, self._labels)

    def finish(self, made: Consolidation, tables: Sequence[Table]) -> None:
        """Have written what is made of all tables, and wait until all is."""
        totals = made.reconciliation[["read", *map(str, Outcome)]].sum()
        numbers = {str(key): int(value) for key, value in totals.items()}
        for access, folder in self._folders.items():
            size = self._cells[access]
            self._processes.do(_IN_WORKBOOK * size, write_workbook, folder, access, made.coverage, numbers)
            self._processes.do(_DESCRIBED * size, write_metadata, access, tables, folder, self._signs)
        self._processes.do(0, write_report, made.coverage, self._folders)
        self._processes.do(0, write_conflicts, made.conflicts, self._folders[Access.RESTRICTED])
        self._processes.finish()


def _csv(_: Round, parquet: Path, signs_: Signs, numbers: frozenset[str]) -> None:
    write_csv(parquet, parquet.with_suffix(".csv"), signs_, numbers)


def _labelled(round_: Round, folder: Path, table: Table, language: str) -> None:
    write_labelled(table, folder, round_.instrument, language)
