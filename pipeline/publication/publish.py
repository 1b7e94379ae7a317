"""Writes the results of a round: writes tables and pages aside, then moves them into place, the manifests last.

A run killed at any moment leaves no half-written file; one that was killed while moving leaves the mark `.publishing`,
and the next run puts it right.
"""

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.safe_text import harmless
from questionnaire.rounds.access import Access

MANIFEST = "manifest.json"

PUBLISHING = ".publishing"
"""The file that stands among the outputs while they are replaced: left behind, they are of two runs."""

# Pandas alone would take so few of a table with hundreds of columns that it needs three times as long.
_ROWS_AT_A_TIME = 5_000


class Staging:
    """A folder among the outputs in which everything is written before anything is replaced, in a folder per access.

    Use it as a context manager: what was not committed is removed.
    """

    def __init__(self, outputs: Path) -> None:
        self._outputs = outputs
        outputs.mkdir(parents=True, exist_ok=True)
        _remove_abandoned(outputs)
        self.folder = Path(tempfile.mkdtemp(dir=outputs, prefix=".staging-", suffix=f"-{os.getpid()}"))
        for access in Access:
            self.of(access).mkdir()

    def __enter__(self) -> "Staging":
        return self

    def __exit__(self, *_: object) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)

    def of(self, access: Access) -> Path:
        """The folder for the results that are for some people."""
        return self.folder / access

    def add_table(
        self,
        name: str,
        table: pd.DataFrame,
        formats: tuple[str, ...],
        schema: pa.Schema | None = None,
        access: Access = Access.RESTRICTED,
    ) -> None:
        """Write a table as `<name>.<format>` for each format: parquet keeps texts verbatim, csv makes them harmless.

        Raises FileExistsError if one of that name was written already.
        """
        for extension in formats:
            path = self.of(access) / f"{name}.{extension}"
            if path.exists():
                raise FileExistsError(f"{path.name} was written already: two tables have one name")
            _WRITERS[extension](path, table, schema)

    def add_bytes(self, name: str, content: bytes, access: Access = Access.RESTRICTED) -> None:
        (self.of(access) / name).write_bytes(content)

    def commit(self) -> None:
        """Move everything into place, write the manifests of what stands there now, and remove what is no more."""
        hashes = {access: _hashes(self.of(access)) for access in Access}
        earlier = {folder: _listed(folder) for folder in (self._outputs, *map(self._target, Access))}
        mark = self._outputs / PUBLISHING
        mark.touch()
        for access in Access:
            self._target(access).mkdir(exist_ok=True)
            for entry in sorted(self.of(access).iterdir()):
                _replace(entry, self._target(access) / entry.name)
        for access in Access:
            manifest = self.of(access) / MANIFEST
            manifest.write_text(json.dumps(hashes[access], indent=1, sort_keys=True) + "\n", encoding="utf-8")
            manifest.replace(self._target(access) / MANIFEST)
            _remove(self._target(access), earlier[self._target(access)] - hashes[access].keys())
        # Earlier versions wrote into the folder above: results that nobody renews would be taken for today's.
        _remove(self._outputs, earlier[self._outputs])
        (self._outputs / MANIFEST).unlink(missing_ok=True)
        mark.unlink()

    def _target(self, access: Access) -> Path:
        return self._outputs / access


def _harmless(column: "pd.Series[Any]") -> "pd.Series[Any]":
    """A column with its texts made harmless, each different one once: most stand in thousands of rows."""
    if isinstance(column.dtype, pd.StringDtype):
        column = column.astype("category")
    if not isinstance(column.dtype, pd.CategoricalDtype) and column.dtype != object:
        return column
    return column.map(lambda value: harmless(value) if isinstance(value, str) else value)


def _write_csv(path: Path, table: pd.DataFrame, _: pa.Schema | None) -> None:
    """Write UTF-8 CSV with every text made harmless; blanks are empty, the number 0 is 0."""
    safe = pd.DataFrame({name: _harmless(column) for name, column in table.items()})
    # The byte-order mark lets a spreadsheet program see that the accents are UTF-8.
    safe.to_csv(path, index=False, lineterminator="\n", encoding="utf-8-sig", chunksize=_ROWS_AT_A_TIME)


def _write_parquet(path: Path, table: pd.DataFrame, schema: pa.Schema | None) -> None:
    pq.write_table(pa.Table.from_pandas(table, schema=schema, preserve_index=False), path)


_WRITERS: Mapping[str, Callable[[Path, pd.DataFrame, pa.Schema | None], None]] = {
    "csv": _write_csv,
    "parquet": _write_parquet,
}


def _replace(source: Path, target: Path) -> None:
    """Put a file or folder in the place of another; a folder is moved away first, since it cannot be overwritten."""
    if source.is_dir() and target.exists():
        aside = source.parent / f"old-{target.name}"
        target.rename(aside)
        source.rename(target)
        shutil.rmtree(aside)
    else:
        source.replace(target)


def _hashes(folder: Path) -> dict[str, str]:
    """The SHA-256 of every file of a folder, by its name there."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): _sha256(path) for path in files}


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _listed(folder: Path) -> frozenset[str]:
    """The files that the manifest of a folder names; none where there is no manifest, or an unreadable one."""
    try:
        return frozenset(json.loads((folder / MANIFEST).read_text(encoding="utf-8")))
    except (OSError, ValueError):
        return frozenset()


def _remove(folder: Path, names: Iterable[str]) -> None:
    """Remove files of earlier results, and the folders that are empty without them; never what is outside."""
    for name in names:
        path = folder / name
        if path.resolve().is_relative_to(folder.resolve()):
            path.unlink(missing_ok=True)
            if path.parent != folder and path.parent.is_dir() and not any(path.parent.iterdir()):
                path.parent.rmdir()


def _remove_abandoned(outputs: Path) -> None:
    """Clear what an earlier run that was killed left behind; never another run's work in hand."""
    for leftover in outputs.glob(".staging-*"):
        marker = leftover.name.rpartition("-")[2]
        if not _is_alive(marker):
            shutil.rmtree(leftover, ignore_errors=True)


def _is_alive(process: str) -> bool:
    try:
        os.kill(int(process), 0)
    except (ValueError, ProcessLookupError):
        return False
    except PermissionError:
        return True
    return True
