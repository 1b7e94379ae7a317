"""Declares what comes of a run, in a few figures that a note can keep, or why nothing was published."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from questionnaire.rounds.round import Round
from questionnaire.rounds.standings import Outcome

if TYPE_CHECKING:
    from pipeline.consolidation.consolidate import Consolidation


class GateError(Exception):
    """The gate could not judge: its child process failed. The text is what it said last."""


class NotPublishedError(Exception):
    """The regional dataset does not meet what is expected of it; `failed` says what, a sentence each.

    `pages` is the folder with all that was checked and seen.
    """

    def __init__(self, failed: tuple[str, ...], pages: Path) -> None:
        super().__init__(*failed)
        self.failed, self.pages = failed, pages


@dataclass(frozen=True)
class Figures:
    """What a run came to.

    `standings` says of each participant what its files are worth together, `verdicts` counts files; `conflicts` are
    answers that contradict each other; `reconciled` counts the answers read and what became of them; `provisional` is
    what the dataset covers, as long as a return is missing. `expectations` were met; `left_out` are the tables that
    are too large for Stata and SPSS files.
    """

    standings: Mapping[str, str]
    verdicts: Mapping[str, int]
    key_missing: bool
    conflicts: int
    severities: Mapping[str, int]
    reconciled: Mapping[str, int]
    provisional: Mapping[str, object] | None
    expectations: int
    left_out: tuple[str, ...]


def figures(round_: Round, made: Consolidation, expectations: int, left_out: tuple[str, ...]) -> Figures:
    """The figures of a run that is done."""
    totals = made.reconciliation[["read", *map(str, Outcome)]].sum()
    return Figures(
        standings=made.standings,
        verdicts=dict(Counter(map(str, made.returns["verdict"]))),
        key_missing=bool(made.returns["reason"].str.contains("key_missing").any()),
        conflicts=len(made.conflicts[round_.working_language][["respondent", "question"]].drop_duplicates()),
        severities=dict(made.severities),
        reconciled={str(key): int(value) for key, value in totals.items()},
        provisional=made.coverage.figures if made.coverage.provisional else None,
        expectations=expectations,
        left_out=left_out,
    )
