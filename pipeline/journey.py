"""Runs the return pipeline in its order: receive, register, tidy, validate, consolidate, gate, publish."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from pipeline.consolidation.consolidate import Consolidation, consolidate
from pipeline.consolidation.flow import Engine, Flow, ThisMachine
from pipeline.consolidation.work import GROUPS
from pipeline.previous_round.previous_answers import with_previous_answers
from pipeline.publication.conflicts_workbook import write_conflicts
from pipeline.publication.csv_files import Flavour, signs, write_csv
from pipeline.publication.gate import DATA_DOCS, Gate, GateResult, public_docs
from pipeline.publication.labelled_files import write_labelled
from pipeline.publication.made_before import Earlier, MadeBefore, Recipe, made_before, remember
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
    """The regional dataset does not meet what is expected of it; `failed` says what, a sentence each.

    `pages` is the folder with all that was checked and seen.
    """

    def __init__(self, failed: tuple[str, ...], pages: Path) -> None:
        super().__init__(*failed)
        self.failed, self.pages = failed, pages


@dataclass(frozen=True)
class Published:
    """What a run made, how it passed the gate, and what came earlier and is there no more.

    `left_out` are the tables that are too large for Stata and SPSS files; `is_new` is false where an earlier run has
    made the same, and its files were left where they are.
    """

    consolidation: Consolidation
    gate: GateResult
    gone: tuple[register.Gone, ...] = ()
    left_out: tuple[str, ...] = ()
    is_new: bool = True


def consolidate_round(
    round_: Round,
    progress: Progress = iter,
    flavour: Flavour = Flavour.PLAIN,
    labels: str = "",
    jobs: int | None = None,
    engine: Engine | None = None,
) -> Published:
    """Make everything in `outputs/<round>` from the folder of returns; `flavour` is that of its CSV.

    What would be the same as what stands there is not made again.

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
    with Staging(round_.outputs) as staging, Gate(staging.of(Access.RESTRICTED)) as gate:
        history = register.history(round_)
        flowed = Flow(round_, round_.outputs, progress, engine or ThisMachine(jobs)).run(files, history, gate.start)
        made = consolidate(round_, flowed.groups, files, round_.outputs / GROUPS, history)
        gone, inputs = register.gone(round_, files), inputs_of(round_, files)
        recipe = Recipe(flowed.version, flavour, labels, flowed.keys, inputs)
        if before := made_before(round_, recipe):
            return Published(made, GateResult(before.results, ()), gone, before.left_out, is_new=False)
        folders = {access: staging.of(access) for access in Access}
        tables = make_tables(round_, made, folders)
        gate.ask(round_, tables, folders)
        try:
            left_out = _write(round_, made, tables, folders, recipe)
        except Exception:
            # What must not be published may be nothing that can be written: what the gate says comes first.
            _judged(gate, round_, made, staging)
            raise
        result = _judged(gate, round_, made, staging)
        public_docs(staging.of(Access.PUBLIC), round_, result, made.coverage)
        manifests = {access: about(round_, access, staging.of(access), inputs, flavour, labels) for access in Access}
        staging.commit(manifests)
        remember(round_, recipe, MadeBefore(result.results, left_out))
    return Published(made, result, gone, left_out)


def _judged(gate: Gate, round_: Round, made: Consolidation, staging: Staging) -> GateResult:
    """The verdict of the gate; raises NotPublishedError where it is against publishing, and keeps its pages."""
    result = gate.answer(round_, made.coverage)
    if result.failed:
        raise NotPublishedError(result.failed, staging.keep_refused(DATA_DOCS))
    return result


def _write(
    round_: Round,
    made: Consolidation,
    tables: Sequence[Table],
    folders: Mapping[Access, Path],
    recipe: Recipe,
) -> tuple[str, ...]:
    """Write all that is made of the tables, and return which of them are too large for Stata and SPSS."""
    write_report(round_, made.coverage, folders)
    write_conflicts(round_, made.conflicts, folders[Access.RESTRICTED])
    earlier, written = Earlier(round_, recipe), signs(recipe.flavour, recipe.labels)
    for access, folder in folders.items():
        for parquet in sorted(folder.glob("*.parquet")):
            if not earlier.take(access, parquet, f"{parquet.stem}.csv"):
                write_csv(parquet, parquet.with_suffix(".csv"), written)
    totals = made.reconciliation[["read", *map(str, Outcome)]].sum()
    labelled: tuple[str, ...] = ()
    for access, folder in folders.items():
        write_metadata(round_, access, tables, folder, written)
        shown = (part for table in tables if (part := table.for_(access)) and (table.part or table.name == "regional"))
        labelled = write_labelled(shown, folder, round_.instrument, recipe.labels, partial(earlier.take, access))
        write_workbook(round_, folder, access, made.coverage, {str(key): int(value) for key, value in totals.items()})
    return labelled
