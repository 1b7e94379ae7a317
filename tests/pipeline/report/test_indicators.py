"""Indicators without a level are named with their texts, since the parts about numbers call them by their codes."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.report.edition import Edition
from pipeline.report.indicators import has_unnamed, indicators
from pipeline.report.source import Source
from pipeline.report.write import _sections
from pipeline.validation.completeness import Coverage
from questionnaire.declaration.form import Instrument
from questionnaire.rounds.access import Access
from tests.given import mini
from tests.pipeline.tables.made import round_of


def edition_of(instrument: Instrument, tmp_path: Path, accepted: int = 1) -> Edition:
    coverage = Coverage(accepted, 1, 0, 0)
    pq.write_table(pa.table({"responding": [accepted]}), tmp_path / "measure_unit_response.parquet")
    return Edition(round_of(instrument, "AAA"), Access.PUBLIC, "en", Source(tmp_path), coverage)


def test_indicators__without_a_level__are_named_by_section(tmp_path: Path) -> None:
    bare = replace(mini(), level="")
    edition = edition_of(bare, tmp_path)
    page = "".join(indicators(edition))
    for indicator in bare.indicators:
        assert f'<th scope="row">{indicator.code}</th><td>{edition.text(indicator.text)}</td>' in page
    assert page.count('scope="rowgroup"') == len(bare.sections)
    order = list(_sections(edition))
    assert order.index("indicators") < order.index("numbers")


def test_indicators__that_the_matrix_names_all__are_not_named_again(tmp_path: Path) -> None:
    levelled = mini().only(frozenset(one.code for one in mini().indicators if mini().level in one.field_codes))
    assert levelled.indicators
    edition = edition_of(levelled, tmp_path)
    assert not has_unnamed(edition.round)
    assert "indicators" not in _sections(edition)


def test_indicators__where_nothing_is_accepted__are_not_named(tmp_path: Path) -> None:
    assert "indicators" not in _sections(edition_of(replace(mini(), level=""), tmp_path, accepted=0))
