"""Runs the return pipeline in its order: receive, register, tidy, validate, consolidate, gate, publish."""

import datetime as dt
from dataclasses import dataclass

from pipeline.consolidation.batch import Progress, read_batch
from pipeline.consolidation.consolidate import Consolidation, consolidate
from pipeline.previous_round.previous_answers import with_previous_answers
from pipeline.publication.csv_files import Flavour, signs, write_csv
from pipeline.publication.gate import GateResult, public_docs, start_gate
from pipeline.publication.publish import Staging
from pipeline.publication.regional_workbook import regional_workbook
from pipeline.receiving import register
from pipeline.receiving.receive import receive
from pipeline.tables.make import make_tables
from questionnaire.rounds.access import Access
from questionnaire.rounds.round import Round
from schemas.questions import questions_frame

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


def consolidate_round(round_: Round, progress: Progress = iter, flavour: Flavour = Flavour.PLAIN) -> Published:
    """Make everything in `outputs/<round>` anew from the folder of returns; `flavour` is that of its CSV.

    Raises NoReturnsError, NotPublishedError or DeclarationError; the earlier outputs then stay as they are.
    """
    round_ = with_previous_answers(round_)
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
        _stage(staging, round_, made, flavour)
        public_docs(staging.of(Access.PUBLIC), round_, result, made.coverage)
        register.record_counted(round_, made.counted, dt.datetime.now(dt.UTC))
        staging.commit()
    return Published(made, result, register.gone(round_, files))


def _stage(staging: Staging, round_: Round, made: Consolidation, flavour: Flavour) -> None:
    folders = {access: staging.of(access) for access in Access}
    make_tables(round_, made, folders)
    written = signs(flavour, round_.working_language)
    for folder in folders.values():
        for parquet in sorted(folder.glob("*.parquet")):
            write_csv(parquet, parquet.with_suffix(".csv"), written)
    codebook = questions_frame(round_.instrument, round_.working_language)
    staging.add_bytes("regional_dataset.xlsx", regional_workbook(round_, made, codebook, folders[Access.RESTRICTED]))
