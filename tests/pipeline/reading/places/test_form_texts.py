"""Which texts the form prints by itself: what its levels mean too, whatever the codes of the levels are."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.reading.places.form_texts import FormTexts
from questionnaire.declaration.instrument import read_instrument
from questionnaire.layout import Layout
from tests.made_instruments import Made, sections, table

STAGE = "stage,single_choice,stage,,,,,,always,How far?"
TYPES = "indicator_type,label_en,questions,anchors_en\nT,Thing,,little | some | much\n"


@pytest.mark.parametrize(
    ("text", "own"), [("LOW  little", True), ("HIGH  much", True), ("HIGH  plenty", False), ("much", False)]
)
def test_own__what_a_level_means__behind_its_code(tmp_path: Path, text: str, own: bool) -> None:
    settings = 'level = "stage"\n' + sections(("W", "WATER"))
    made = Made(table(("WATER", [["Wells"]])), (STAGE,), "stage", ("W01,T,,2",), settings, types=TYPES)
    assert FormTexts(Layout(read_instrument(made.write(tmp_path / "made")))).is_own(text) is own
