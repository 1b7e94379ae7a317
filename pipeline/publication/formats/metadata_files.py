"""Writes beside the tables of an edition what other programs read about them: data package, SDMX, DDI."""

import json
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import pyarrow.parquet as pq

from pipeline.publication.formats.csv_files import Signs
from pipeline.publication.formats.sdmx_csv import write_sdmx_csv
from questionnaire.rounds.access import Access
from questionnaire.rounds.round import Round
from schemas.metadata.data_package import data_package
from schemas.metadata.ddi_codebook import ddi_codebook
from schemas.metadata.sdmx_structure import VALUE, dataflow, sdmx_structure
from schemas.tables.table import Table

DATA_PACKAGE = "datapackage.json"
DDI_CODEBOOK = "ddi_codebook.xml"
SDMX_STRUCTURE = "sdmx_structure.xml"
SDMX_CSV = "observations_sdmx.csv"


def write_metadata(round_: Round, access: Access, tables: Iterable[Table], folder: Path, written: Signs) -> None:
    """Describe the tables that stand in a folder, as their Parquet files have them; no observation, no SDMX-CSV."""
    shown = tuple(_as_written(table, path) for table in tables if (path := folder / f"{table.name}.parquet").exists())
    package = data_package(round_, access, shown, written.separator, written.decimal)
    (folder / DATA_PACKAGE).write_text(json.dumps(package, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    rows = {table.name: pq.read_metadata(folder / f"{table.name}.parquet").num_rows for table in shown}
    (folder / DDI_CODEBOOK).write_bytes(ddi_codebook(round_, access, shown, rows))
    if any(table.name == "observations" and VALUE in table.names for table in shown):
        (folder / SDMX_STRUCTURE).write_bytes(sdmx_structure(round_))
        # Without a row it is no SDMX-CSV to pysdmx, which looks for columns with something in them.
        if rows["observations"]:
            write_sdmx_csv(folder / "observations.parquet", folder / SDMX_CSV, dataflow(round_.instrument))


def _as_written(table: Table, parquet: Path) -> Table:
    """The table with those of its columns that a file has."""
    names = pq.read_schema(parquet).names
    return replace(table, columns=tuple(table.column(name) for name in names))
