"""The second worked instrument, all figures: it is complete in four languages, and its round finds what is planted."""

import csv
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from pipeline.journey import consolidate_round
from pipeline.simulation.simulate import REGISTER, simulate
from questionnaire.declaration.instrument import INSTRUMENTS, read_instrument
from questionnaire.declaration.lists.table_block import TableBlock
from questionnaire.rounds.access import Access
from questionnaire.rounds.round import Round, read_round
from questionnaire.rounds.round_key import create_key
from tests.given import DEMO, copy_of

ROUND = DEMO.parent / "demo-tables"


def test_instrument__every_text__stands_in_four_languages() -> None:
    instrument = read_instrument(INSTRUMENTS / "criminal-justice")
    questions = [asked for block in instrument.blocks.values() for asked in block.questions]
    texts = [
        *(item.text for item in instrument.indicators),
        *(item.objective for item in instrument.indicators),
        *(block.label for block in instrument.lists),
        *(asked.label for asked in questions),
        *(field.unit for asked in questions for field in asked.fields if field.unit),
        *(wording for item in instrument.references for wording in (item.label, item.unit)),
        *(code.label for codelist in instrument.codelists.values() for code in codelist),
    ]
    assert [text for text in texts if set(text) != {"fr", "es", "en", "pt"}] == []
    assert len(instrument.indicators) == 12
    assert instrument.level_scale is None


def test_instrument__tables__have_years_and_forms_as_columns() -> None:
    tables = read_instrument(INSTRUMENTS / "criminal-justice").lists
    assert all(isinstance(block, TableBlock) for block in tables)
    assert [block.code for block in tables] == ["investigated", "prosecuted", "convicted", "victims", "shelters"]
    victims = tables[3]
    assert isinstance(victims, TableBlock)
    assert victims.coordinates(9, "persons_forms") == {"sex": "T", "age": "ALL", "form": "FORMS"}


@pytest.mark.wide
def test_round__simulated__finds_what_is_planted_and_nothing_else(tmp_path: Path) -> None:
    folder = copy_of(ROUND, tmp_path / "rounds" / "demo-tables")
    create_key(folder)
    round_ = read_round(folder)
    simulate(round_, 1)
    consolidate_round(round_)
    found = pq.read_table(round_.results(Access.RESTRICTED) / "findings.parquet").to_pylist()
    with (folder / REGISTER).open(encoding="utf-8", newline="") as file:
        planted = [row for row in csv.DictReader(file) if row["finding"]]
    names = ("file", "code", "sheet", "cell", "field")
    expected = [tuple(row["finding" if name == "code" else name] for name in names) for row in planted]
    wanted = {"lines_total", "ratio_by_zero", "part_exceeds_whole", "trained_more_than_twice"}
    assert wanted <= {code for _, code, *_ in expected}
    reported = [
        tuple(row[name] for name in names) for row in found if row["severity"] in ("error", "blocker", "warning")
    ]
    assert sorted(row for row in reported if row[2]) == sorted(row for row in expected if row[2])
    verdicts = {
        row["verdict"] for row in pq.read_table(round_.results(Access.RESTRICTED) / "returns.parquet").to_pylist()
    }
    assert "accepted" in verdicts
    long = pq.read_table(round_.results(Access.RESTRICTED) / "long_victims.parquet").to_pylist()
    assert len(long) == 45 * len({row["respondent"] for row in long})
    assert all(row["answer_status"] == "answered" for row in long)
    _check_rates(round_)


def _check_rates(round_: Round) -> None:
    """The rates are the numbers of 2025 by the populations of the round, worked out anew."""
    folder = round_.results(Access.RESTRICTED)
    values = pq.read_table(folder / "reference_values.parquet").to_pylist()
    inhabitants = {row["respondent"]: row["value"] for row in values if row["item"] == "population"}
    assert len(inhabitants) == 9
    at = {"sex": "T", "age": "ALL", "period": "2025"}
    totals = {
        row["respondent"]: row["value"]
        for row in pq.read_table(folder / "long_investigated.parquet").to_pylist()
        if at.items() <= row.items()
    }
    rates = {
        row["respondent"]: row["investigated_rate"]
        for row in pq.read_table(folder / "type_table.parquet").to_pylist()
        if row["indicator"] == "J01a" and row["investigated_rate"] is not None
    }
    assert rates == {code: round(total / inhabitants[code] * 100_000, 2) for code, total in totals.items()}
    assert len(rates) >= 3
