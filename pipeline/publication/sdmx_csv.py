"""Writes the observations as SDMX-CSV 1.0: what the structure message describes, each row naming its dataflow."""

import csv
from pathlib import Path

import pyarrow.parquet as pq


def write_sdmx_csv(parquet: Path, path: Path, dataflow: str) -> None:
    """Write a Parquet file of observations, some rows at a time; a missing value is empty."""
    with path.open("w", encoding="utf-8", newline="") as file, pq.ParquetFile(parquet) as table:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("DATAFLOW", *table.schema_arrow.names))
        for batch in table.iter_batches():
            columns = (column.to_pylist() for column in batch.columns)
            writer.writerows((dataflow, *row) for row in zip(*columns, strict=True))
