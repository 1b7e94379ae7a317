"""Runs the return pipeline in its order: receive, register, tidy, validate, consolidate, gate, publish."""

import datetime as dt
from dataclasses import dataclass

from pipeline.consolidation.batch import Progress, read_batch
from pipeline.consolidation.consolidate import Consolidation, consolidate
from pipeline.publication.gate import GateResult, start_gate
from pipeline.publication.publish import Staging
from pipeline.publication.regional_workbook import regional_workbook
from pipeline.receiving import register
from pipeline.receiving.receive import receive
from questionnaire.rounds.access import Access
from questionnaire.rounds.round import Round
from schemas.codebook import codebook_frame
from schemas.lists_table import lines_schema
from schemas.regional import regional_schema

READING_CACHE = ".reading_cache"
"""The folder, among the outputs of a round, of what its earlier runs have read."""


class NoReturnsError(Exception):
    """There is nothing in the folder of returns."""


class NotPublishedError(Exception):
    """The regional dataset does not meet what is expected of it; `failed` says what, a sentence each."""

    def __init__(self, failed: tuple[str, ...]) -> None:
        super().__init__(*failed)
        self.failed = failed


@dataclass(frozen=True)
class Published:
    """What a run made, how it passed the gate, and what came earlier and is there no more."""

    consolidation: Consolidation
    gate: GateResult
    gone: tuple[register.Gone, ...] = ()


def consolidate_round(round_: Round, progress: Progress = iter) -> Published:
    """Make everything in `outputs/<round>` anew from the folder of returns.

    Raises NoReturnsError, NotPublishedError or DeclarationError; the earlier outputs then stay as they are.
    """
    files = receive(round_)
    if not files:
        raise NoReturnsError
    register.record(round_, files, dt.datetime.now(dt.UTC))
    files = register.with_acceptances(round_, files)
    with Staging(round_.outputs) as staging, start_gate(staging.of(Access.RESTRICTED)) as gate:
        batch = read_batch(round_, files, progress, round_.outputs / READING_CACHE)
        made = consolidate(round_, batch, register.history(round_))
        result = gate.check(round_, made.regional, made.reconciliation, made.coverage)
        if result.failed:
            raise NotPublishedError(result.failed)
        _stage(staging, round_, made)
        register.record_counted(round_, made.counted, dt.datetime.now(dt.UTC))
        staging.commit()
    return Published(made, result, register.gone(round_, files))


def _stage(staging: Staging, round_: Round, made: Consolidation) -> None:
    both = ("csv", "parquet")
    staging.add_table("answers", made.answers, both)
    staging.add_table("regional", made.regional, both, regional_schema(round_.instrument))
    staging.add_table("findings", made.findings, both)
    staging.add_table("returns", made.returns, both)
    staging.add_table("damage", made.damage, both)
    staging.add_table("reconciliation", made.reconciliation, ("csv",))
    for block in round_.instrument.lists:
        staging.add_table(block.code, made.lists[block.code], both, lines_schema(block))
    codebook = codebook_frame(round_.instrument, round_.working_language)
    staging.add_table("codebook", codebook, ("csv",))
    staging.add_bytes("regional_dataset.xlsx", regional_workbook(round_, made, codebook))
