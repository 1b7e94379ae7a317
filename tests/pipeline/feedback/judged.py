"""Judges the returns of a round without publishing anything: the tables that commands read back, and no more."""

from __future__ import annotations

from pathlib import Path

from pipeline.consolidation.consolidate import Consolidation
from pipeline.publication.manifest import MANIFEST
from pipeline.receiving.receive import receive
from pipeline.validation.batch import read_batch
from questionnaire.rounds.access import Access
from questionnaire.rounds.round import Round
from tests.pipeline.consolidated import consolidate, frame


def judged(round_: Round) -> Consolidation:
    """What the returns of a round are worth."""
    return consolidate(round_, read_batch(round_, receive(round_)))


def judge(round_: Round) -> Consolidation:
    """The same, put where `read_results` finds it."""
    made = judged(round_)
    folder: Path = round_.results(Access.RESTRICTED)
    folder.mkdir(parents=True, exist_ok=True)
    made.returns.to_parquet(folder / "returns.parquet")
    for name in ("answers", "findings"):
        frame(getattr(made, name)).to_parquet(folder / f"{name}.parquet")
    (folder / MANIFEST).write_text("{}", encoding="utf-8")
    return made
