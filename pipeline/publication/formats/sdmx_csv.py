"""Writes the observations as SDMX-CSV 1.0: what the structure message describes, each row naming its dataflow."""

from pathlib import Path

from pipeline.publication.formats.csv_files import Signs, csv_of


def write_sdmx_csv(parquet: Path, path: Path, dataflow: str) -> None:
    """Write a Parquet file of observations, some rows at a time; a missing value is empty."""
    with path.open("wb") as file:
        for piece in csv_of(parquet, Signs(), str, (("DATAFLOW", dataflow),)):
            file.write(piece)
