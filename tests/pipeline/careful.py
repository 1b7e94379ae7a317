"""Reads a return the careful way: cell by cell, with the parser and without anything kept from earlier returns."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.reading import cover, questions, skipping
from pipeline.reading.places import known_sections, plans
from pipeline.reading.places.locate import form_texts
from pipeline.reading.submission import Submission
from pipeline.reading.tidy import tidy
from pipeline.reading.values import choice_texts, shown
from pipeline.reading.workbooks import packages
from pipeline.reading.workbooks.office import cell_looks, plain_cells, plain_values, sheet_parts
from pipeline.receiving.receive import receive_file
from pipeline.receiving.received import ReceivedFile
from questionnaire.layout import Layout
from questionnaire.rounds.round import Round

_KEPT = (
    plans.section_plan, known_sections.known_sections, form_texts, packages._styles, packages._names, packages._entries,
    plain_cells._rows_in, plain_cells._filled_in, plain_cells._is_behind, plain_cells._said, plain_cells._spanned,
    cell_looks.told_by, sheet_parts._behind, sheet_parts._as_before,
    questions._known, skipping._gated, choice_texts._kept_named, shown._number, shown.shows_texts,
)  # fmt: skip
"""What keeps something from one return to the next."""


def read_with_care(received: ReceivedFile, data: bytes, round_: Round, layout: Layout) -> Submission:
    """What a return says to who looks at every cell."""
    for kept in _KEPT:
        kept.cache_clear()
    cover._NO_LABELS.clear()
    plain_values._TEXTS.clear()
    for known in plain_values.READERS.values():
        known.clear()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sheet_parts, "plain_cells", lambda _: None)
        return tidy(received, data, round_, layout)


def assert_same_with_care(
    received: ReceivedFile, data: bytes, round_: Round, layout: Layout, before: Path | None = None
) -> None:
    """A return says the same whether it is read the careful way, in bulk, or in bulk after others like it.

    `before` is one that is read first.
    """
    expected = read_with_care(received, data, round_, layout)
    if before is not None:
        tidy(receive_file(before), before.read_bytes(), round_, layout)
    assert tidy(received, data, round_, layout) == expected
    assert tidy(received, data, round_, layout) == expected
