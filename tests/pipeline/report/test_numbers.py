"""Numbers are shown with what they count: the unit that was chosen in words, amounts with their currency, tables too."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipeline.report.edition import Edition
from pipeline.report.numbers import numbers
from pipeline.report.source import Source
from pipeline.report.tables import tables
from pipeline.validation.completeness import Coverage
from questionnaire.declaration.answer_types import SingleChoice
from questionnaire.declaration.form import Instrument
from questionnaire.declaration.instrument import INSTRUMENTS, read_instrument
from questionnaire.declaration.units import UnitOfMeasure
from questionnaire.rounds.access import Access
from tests import with_units
from tests.pipeline.tables.made import round_of


def test_numbers__in_a_unit_that_was_chosen__name_it_and_amounts_their_currency(tmp_path: Path) -> None:
    five = dict.fromkeys(("lowest", "lower_quartile", "median", "upper_quartile", "highest"), 2.0)
    rows = [
        {"table": "type_t", "indicator": "W01", "column": column, "unit": unit, "reporting": 1, **five}
        for column, unit in (("reached", "HOUSEHOLD"), ("spent", "EUR"), ("herd", ""), ("planned", ""))
    ]
    pq.write_table(pa.Table.from_pylist(rows), tmp_path / "measure_quartiles.parquet")
    round_ = round_of(with_units.instrument(), "AAA")
    page = "".join(numbers(Edition(round_, Access.PUBLIC, "en", Source(tmp_path), Coverage(1, 1, 0, 0))))
    assert "How many were reached?<small> (Households)</small>" in page
    assert "How much was spent?<small> (EUR)</small>" in page
    assert "How many animals?<small> (unit not given)</small>" in page
    assert "How much was planned?<small> (currency not given)</small>" in page


def tables_of(instrument: Instrument, folder: Path, name: str, rows: list[dict[str, object]]) -> str:
    pq.write_table(pa.Table.from_pylist(rows), folder / f"{name}.parquet")
    round_ = round_of(instrument, "AAA")
    return "".join(tables(Edition(round_, Access.PUBLIC, "en", Source(folder), Coverage(1, 1, 0, 0))))


def sums(page: str, caption: str) -> list[str]:
    """The first row of the table with that caption."""
    after = page[page.index(f"<caption>{caption}</caption>") :]
    return re.findall(r"<td>(.*?)</td>", after[: after.index("</table>")])


def test_tables__in_units_that_were_chosen__add_up_what_is_in_one_unit(tmp_path: Path) -> None:
    instrument = with_units.instrument()
    (held,) = (block for block in instrument.lists if block.code == "held")
    asked = held.fields[0].type
    assert isinstance(asked, SingleChoice)
    rows: list[dict[str, object]] = [
        {"colours": asked.codelist.codes[0].code, "measure": "held", "value": value, "unit": unit}
        | {"converted_value": head, "converted_unit": "Head" if unit else ""}
        for value, unit, head in ((3.0, "Dozens", 36.0), (5.0, "Head", 5.0), (7.0, "", None))
    ]
    page = tables_of(replace(instrument, lists=(held,)), tmp_path, "long_held", rows)
    assert sums(page, "Held (Head)")[:2] == ["41", "2"]
    assert sums(page, "Held (unit not given)")[:2] == ["7", "1"]


@pytest.mark.parametrize(
    ("units", "caption", "heads"),
    [
        (("places", "places"), "Places in shelters (places)", ["Places", "Of which for children"]),
        (("places", ""), "Places in shelters", ["Places (places)", "Of which for children"]),
    ],
)
def test_tables__in_declared_units__name_them_once_or_in_each_column(
    tmp_path: Path, units: tuple[str, str], caption: str, heads: list[str]
) -> None:
    instrument = read_instrument(INSTRUMENTS / "criminal-justice")
    (block,) = (block for block in instrument.lists if block.code == "shelters")
    first, *asked = block.questions
    counted = [
        replace(one, measured_in=UnitOfMeasure(words={"en": unit} if unit else {}))
        for one, unit in zip(asked, units, strict=True)
    ]
    changed = replace(instrument, lists=(replace(block, questions=(first, *counted)),))
    page = tables_of(changed, tmp_path, "long_shelters", [])
    assert f"<caption>{caption}</caption>" in page
    assert re.findall(r'<th scope="col"[^>]*>(.*?)</th>', page)[1:-1] == heads
