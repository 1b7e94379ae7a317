"""Runs the return pipeline in its order: receive, register, tidy, validate, consolidate, gate, publish."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pipeline.consolidation.consolidate import Consolidation, consolidate
from pipeline.consolidation.flow import Engine, Flow, ThisMachine
from pipeline.consolidation.work import GROUPS
from pipeline.previous_round.previous_answers import with_previous_answers
from pipeline.publication.conflicts_workbook import write_conflicts
from pipeline.publication.csv_files import Flavour, signs, write_csv
from pipeline.publication.gate import GateResult, public_docs, start_gate
from pipeline.publication.labelled_files import write_labelled
from pipeline.publication.manifest import about, inputs_of
from pipeline.publication.metadata_files import write_metadata
from pipeline.publication.publish import Staging
from pipeline.publication.regional_workbook import write_workbook
from pipeline.receiving import register
from pipeline.receiving.receive import receive
from pipeline.report.write import write_report
from pipeline.tables.make import make_tables
from pipeline.validation.batch import Progress
from questionnaire.rounds.access import Access
from questionnaire.rounds.round import Round
from questionnaire.rounds.standings import Outcome
from schemas.tables.table import Table


class NoReturnsError(Exception):
    """There is nothing in the folder of returns."""


class NotPublishedError(Exception):
    """The regional dataset does not meet what is expected of it; `failed` says what, a sentence each."""

    def __init__(self, failed: tuple[str, ...]) -> None:
        super().__init__(*failed)
        self.failed = failed


@dataclass(frozen=True)
class Published:
    """What a run made, how it passed the gate, and what came earlier and is there no more.

    `left_out` are the tables that are too large for Stata and SPSS files.
    """

    consolidation: Consolidation
    gate: GateResult
    gone: tuple[register.Gone, ...] = ()
    left_out: tuple[str, ...] = ()


def consolidate_round(
    round_: Round,
    progress: Progress = iter,
    flavour: Flavour = Flavour.PLAIN,
    labels: str = "",
    jobs: int | None = None,
    engine: Engine | None = None,
) -> Published:
    """Make everything in `outputs/<round>` anew from the folder of returns; `flavour` is that of its CSV.

    `labels` is the language of the labels in Stata and SPSS files and of the signs in CSV for Excel, else the working
    language of the round. `jobs` is how many processes read returns; `engine` reads and judges them elsewhere.

    Raises NoReturnsError, NotPublishedError or DeclarationError; the earlier outputs then stay as they are.
    """
    round_, labels = with_previous_answers(round_), labels or round_.working_language
    files = receive(round_, jobs)
    if not files:
        raise NoReturnsError
    register.record(round_, files, dt.datetime.now(dt.UTC))
    files = register.with_acceptances(round_, files)
    with Staging(round_.outputs) as staging, start_gate(staging.of(Access.RESTRICTED)) as gate:
        history = register.history(round_)
        groups = Flow(round_, round_.outputs, progress, engine or ThisMachine(jobs)).run(files, history)
        made = consolidate(round_, groups, files, round_.outputs / GROUPS, history)
        folders = {access: staging.of(access) for access in Access}
        tables = make_tables(round_, made, folders)
        gate.ask(round_, tables, folders)
        left_out = _write(round_, made, tables, folders, flavour, labels)
        result = gate.answer(round_, made.coverage)
        if result.failed:
            raise NotPublishedError(result.failed)
        public_docs(staging.of(Access.PUBLIC), round_, result, made.coverage)
        inputs = inputs_of(round_, files)
        manifests = {access: about(round_, access, staging.of(access), inputs, flavour, labels) for access in Access}
        staging.commit(manifests)
    return Published(made, result, register.gone(round_, files), left_out)


def _write(
    round_: Round,
    made: Consolidation,
    tables: Sequence[Table],
    folders: Mapping[Access, Path],
    flavour: Flavour,
    labels: str,
) -> tuple[str, ...]:
    """Write all that is made of the tables, and return which of them are too large for Stata and SPSS."""
    write_report(round_, made.coverage, folders)
    write_conflicts(round_, made.conflicts, folders[Access.RESTRICTED])
    written = signs(flavour, labels)
    for folder in folders.values():
        for parquet in sorted(folder.glob("*.parquet")):
            write_csv(parquet, parquet.with_suffix(".csv"), written)
    totals = made.reconciliation[["read", *map(str, Outcome)]].sum()
    labelled: tuple[str, ...] = ()
    for access, folder in folders.items():
        write_metadata(round_, access, tables, folder, written)
        shown = (part for table in tables if (part := table.for_(access)) and (table.part or table.name == "regional"))
        labelled = write_labelled(shown, folder, round_.instrument, labels)
        write_workbook(round_, folder, access, made.coverage, {str(key): int(value) for key, value in totals.items()})
    return labelled
