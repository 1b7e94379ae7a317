"""Numbers whose unit is chosen are shown with it in words; amounts with their currency."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.report.edition import Edition
from pipeline.report.numbers import numbers
from pipeline.report.source import Source
from pipeline.validation.completeness import Coverage
from questionnaire.rounds.access import Access
from tests import with_units
from tests.pipeline.tables.made import round_of


def test_numbers__in_a_unit_that_was_chosen__name_it_and_amounts_their_currency(tmp_path: Path) -> None:
    five = dict.fromkeys(("lowest", "lower_quartile", "median", "upper_quartile", "highest"), 2.0)
    rows = [
        {"table": "type_t", "indicator": "W01", "column": column, "unit": unit, "reporting": 1, **five}
        for column, unit in (("reached", "HOUSEHOLD"), ("spent", "EUR"))
    ]
    pq.write_table(pa.Table.from_pylist(rows), tmp_path / "measure_quartiles.parquet")
    round_ = round_of(with_units.instrument(), "AAA")
    page = "".join(numbers(Edition(round_, Access.PUBLIC, "en", Source(tmp_path), Coverage(1, 1, 0, 0))))
    assert "How many were reached?<small> (Households)</small>" in page
    assert "How much was spent?<small> (EUR)</small>" in page
