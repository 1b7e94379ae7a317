"""What a run leaves for the commands that follow a round up: a register of returns, and answers, made for a test."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.publication.manifest import MANIFEST
from pipeline.receiving import register
from pipeline.receiving.received import ReceivedFile
from questionnaire.rounds.access import Access
from questionnaire.rounds.round import Round

_TEXTS = (
    "file", "sha256", "container", "sender", "mail_date", "saved", "program", "respondent", "slice", "verdict", "reason",
    "superseded_by", "focal_point", "signed_off_by", "signed_off_on",
)  # fmt: skip
_COUNTS = ("indicators_answered", "errors", "blockers", "warnings")

EMPTY = pa.table({name: pa.array([], pa.string()) for name in ("respondent", "file")})
"""A table without rows."""


def sha(file: str) -> str:
    """The hash that stands for the content of a file."""
    return hashlib.sha256(file.encode()).hexdigest()


def publish(round_: Round, returns: Sequence[Mapping[str, Any]], received: dt.datetime, **tables: Any) -> None:
    """Put results of a run in place: `returns` with what is not given left blank, received at that time."""
    rows = [
        dict.fromkeys(_TEXTS, "") | dict.fromkeys(_COUNTS, 0) | {"sha256": sha(row["file"])} | dict(row)
        for row in returns
    ]
    files = [
        ReceivedFile(row["file"], Path(row["file"]), row["sha256"], 1, received, container=row["container"])
        for row in rows
    ]
    register.record(round_, files, received)
    folder = round_.results(Access.RESTRICTED)
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in {"returns": rows, "conflicts": [], "parts": [], "findings": [], **tables}.items():
        pq.write_table(pa.Table.from_pylist(content) if content else EMPTY, folder / f"{name}.parquet")
    (folder / MANIFEST).write_text("{}", encoding="utf-8")
