"""What was published is read back by commands, row by row."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipeline.publication.manifest import MANIFEST
from pipeline.publication.results import NotConsolidatedError, read_rows
from questionnaire.rounds.access import Access
from tests.given import mini_round


@pytest.mark.parametrize("name", ["plain", "it's [1] *"])
def test_read_rows__of_columns__has_those_in_the_order_of_the_rows_and_blanks_for_what_is_not_there(
    tmp_path: Path, name: str
) -> None:
    made = mini_round(tmp_path / name)
    round_ = replace(made, folder=tmp_path / name / "rounds" / made.name)
    folder = round_.results(Access.RESTRICTED)
    folder.mkdir(parents=True)
    rows = [{"n": 2, "day": dt.date(2026, 1, 2), "text": "é"}, {"n": 1, "day": None, "text": ""}]
    pq.write_table(pa.Table.from_pylist(rows), folder / "some.parquet")
    with pytest.raises(NotConsolidatedError):
        read_rows(round_, "some", ["n"])
    (folder / MANIFEST).touch()
    assert read_rows(round_, "some", ["text", "gone", "n"]) == [
        {"text": "é", "gone": "", "n": 2},
        {"text": "", "gone": "", "n": 1},
    ]
    assert [row["day"] for row in read_rows(round_, "some", ["day"])] == [dt.date(2026, 1, 2), None]
    with pytest.raises(NotConsolidatedError):
        read_rows(round_, "other", ["n"])
