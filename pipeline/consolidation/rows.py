"""Names the rows of a table that stand in Parquet files, each with the columns declared, and never holds them all."""

import hashlib
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.files import write_whole

_ROWS_AT_A_TIME = 5_000


@dataclass(frozen=True)
class Rows:
    """The rows of one table, in one or more files; `order` is how SQL puts them in order, () for that of the files.

    Rows that `order` leaves equal stand in one file, and keep their order there.
    """

    files: tuple[Path, ...]
    order: tuple[str, ...] = ()

    @property
    def query(self) -> str:
        """The SQL that finds them."""
        files = ", ".join(f"'{str(path).replace(chr(39), chr(39) * 2)}'" for path in self.files)
        if not self.order:
            return f"SELECT * FROM read_parquet([{files}])"
        order = ", ".join((*self.order, "file_row_number"))
        found = f"read_parquet([{files}], file_row_number = true)"
        return f"SELECT * EXCLUDE (file_row_number) FROM {found} ORDER BY {order}"

    def records(self) -> Iterator[dict[str, Any]]:
        """One row after the other, file by file."""
        for path in self.files:
            with pq.ParquetFile(path) as file:
                for batch in file.iter_batches(_ROWS_AT_A_TIME):
                    yield from batch.to_pylist()


def as_parquet(frame: pd.DataFrame, schema: pa.Schema) -> bytes:
    """Rows as a Parquet file with exactly these columns; ValueError for others."""
    if set(frame.columns) != set(schema.names):
        difference = ", ".join(sorted(set(frame.columns) ^ set(schema.names)))
        raise ValueError(f"{difference} in only one of the rows and the declared columns")
    rows = pa.Table.from_pandas(frame, preserve_index=False, nthreads=1) if len(frame) else schema.empty_table()
    content = io.BytesIO()
    pq.write_table(rows.select(schema.names).cast(schema).replace_schema_metadata(None), content)
    return content.getvalue()


def write_rows(folder: Path, frames: Sequence[pd.DataFrame], schema: pa.Schema) -> tuple[Path, ...]:
    """Write frames into files of a folder, each named by its content, and return them."""
    paths = []
    for frame in frames:
        content = as_parquet(frame, schema)
        path = folder / f"{hashlib.sha256(content).hexdigest()}.parquet"
        if not is_unchanged(path):
            write_whole(path, content, lasting=False)
        paths.append(path)
    return tuple(paths)


def is_unchanged(path: Path) -> bool:
    """Whether such a file is there and holds what its name says."""
    try:
        with path.open("rb") as file:
            return f"{hashlib.file_digest(file, 'sha256').hexdigest()}.parquet" == path.name
    except OSError:
        return False
