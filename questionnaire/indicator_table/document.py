"""Owns the document as a person's indicator table comes in: grids of cells, and the text around them in lines."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from questionnaire.indicator_table.grids.grid import Grid
from questionnaire.indicator_table.records import Irregularity


@dataclass(frozen=True)
class Document:
    """What a file holds; `headings` are the lines of its text that are headings, from 1, with their level."""

    source: str
    grids: tuple[Grid, ...] = ()
    text: str = ""
    headings: Mapping[int, int] = field(default_factory=dict)
    notes: tuple[Irregularity, ...] = ()
