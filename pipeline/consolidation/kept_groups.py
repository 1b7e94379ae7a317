"""Keeps the rows of each group of respondents from run to run: what was judged before is not judged again.

It is a copy and no record: the folder may be deleted at any time, and what is damaged, half written or of another
version is as good as not there.
"""

import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa

from pipeline.consolidation.bilateral_consistency import NAMED
from pipeline.consolidation.rows import is_unchanged, write_rows
from pipeline.files import read_sealed, write_sealed
from schemas.tables.dataset import answers_table
from schemas.tables.registers import register_tables
from schemas.tables.table import arrow_schema

LARGE: Mapping[str, pa.Schema] = {
    "answers": arrow_schema(answers_table()),
    **{table.name: arrow_schema(table) for table in register_tables() if table.name in ("findings", "damage")},
    "named": NAMED,
}
"""The tables that are never in memory as a whole."""

_A_DAY = 24 * 60 * 60


@dataclass(frozen=True)
class Kept:
    """The rows of one group: a Parquet file for each large table, and the small ones in one more file."""

    folder: Path
    files: Mapping[str, str]
    small: Path

    @property
    def key(self) -> str:
        """The key that it was kept under."""
        return self.small.stem

    def path(self, name: str) -> Path:
        """The file of a large table."""
        return self.folder / self.files[name]

    def frames(self) -> dict[str, pd.DataFrame]:
        """The small tables."""
        tables = read_sealed(self.small)["tables"]
        return {name: _frame(table) for name, table in tables.items()}


class KeptGroups:
    """What was made of the groups of one round, a folder. Several runs at a time may use it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def find(self, key: str) -> Kept | None:
        """What an earlier run made; None if nothing, or if it is not as it was written."""
        small = self._folder / f"{key}.json"
        try:
            files: Mapping[str, str] = read_sealed(small)["files"]
            if files.keys() != LARGE.keys() or not all(is_unchanged(self._folder / name) for name in files.values()):
                return None
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return None
        return _in_use(Kept(self._folder, files, small))

    def keep(self, key: str, tables: Mapping[str, pd.DataFrame]) -> Kept:
        """Keep the rows of a group; OSError where the disk takes no more."""
        files = {name: write_rows(self._folder, [tables[name]], schema)[0].name for name, schema in LARGE.items()}
        small = {name: _plain(table) for name, table in tables.items() if name not in LARGE}
        path = self._folder / f"{key}.json"
        # Written last: where it stands, the files that it names stand too.
        write_sealed(path, {"files": files, "tables": small}, lasting=False)
        return _in_use(Kept(self._folder, files, path))

    def forget_others(self) -> None:
        """Delete what no run has used for a day: another one may have it in hand."""
        with suppress(OSError):
            for path in self._folder.iterdir():
                if path.stat().st_mtime < time.time() - _A_DAY:
                    path.unlink(missing_ok=True)


def _in_use(kept: Kept) -> Kept:
    for path in (kept.small, *map(kept.path, kept.files)):
        with suppress(OSError):
            path.touch()
    return kept


def _plain(table: pd.DataFrame) -> dict[str, Any]:
    # What is missing is of the type of its column, which depends on the rows of other groups.
    return {"columns": list(table.columns), "rows": table.to_numpy(dtype=object, na_value=None).tolist()}  # type: ignore[arg-type]


def _frame(table: Mapping[str, Any]) -> pd.DataFrame:
    return pd.DataFrame(table["rows"], columns=table["columns"])
