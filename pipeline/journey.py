"""Runs the return pipeline in its order: receive, register, tidy, validate, consolidate, gate, publish."""

import datetime as dt
from dataclasses import dataclass
from pathlib import Path

from pipeline.consolidation.consolidate import Consolidation, consolidate
from pipeline.consolidation.flow import Engine, Flow, ThisMachine
from pipeline.consolidation.work import GROUPS
from pipeline.previous_round.previous_answers import with_previous_answers
from pipeline.processes import Processes
from pipeline.publication import writing
from pipeline.publication.csv_files import Flavour
from pipeline.publication.gate import DATA_DOCS, Gate, GateResult, public_docs
from pipeline.publication.made_before import MadeBefore, Recipe, made_before, remember
from pipeline.publication.manifest import about, inputs_of
from pipeline.publication.publish import Staging
from pipeline.publication.writing import Writing
from pipeline.receiving import register
from pipeline.receiving.receive import receive
from pipeline.tables.make import make_tables
from pipeline.validation.batch import Progress
from questionnaire.rounds.access import Access
from questionnaire.rounds.round import Round

_WORTH_A_CHILD = 100
"""Files from which on children judge and write: each computes two seconds before its first task."""


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
    language of the round. `jobs` is how many processes read returns and write files; `engine` reads and judges
    elsewhere.

    Raises NoReturnsError, NotPublishedError or DeclarationError; the earlier outputs then stay as they are.
    """
    round_, labels = with_previous_answers(round_), labels or round_.working_language
    files = receive(round_, jobs)
    if not files:
        raise NoReturnsError
    register.record(round_, files, dt.datetime.now(dt.UTC))
    files = register.with_acceptances(round_, files)
    with (
        Staging(round_.outputs) as staging,
        Gate(staging.of(Access.RESTRICTED)) as gate,
        Processes(round_, writing.__name__, jobs) as processes,
    ):

        def begin() -> None:
            """Have the children get ready from the moment when anything is new."""
            gate.start()
            if len(files) >= _WORTH_A_CHILD:
                processes.start()

        history = register.history(round_)
        engine = engine or ThisMachine(jobs, processes)
        flowed = Flow(round_, round_.outputs, progress, engine).run(files, history, begin)
        made = consolidate(round_, flowed.groups, files, round_.outputs / GROUPS, history)
        gone, inputs = register.gone(round_, files), inputs_of(round_, files)
        recipe = Recipe(flowed.version, flavour, labels, flowed.keys, inputs)
        if before := made_before(round_, recipe):
            return Published(made, GateResult(before.results, ()), gone, before.left_out, is_new=False)
        folders = {access: staging.of(access) for access in Access}
        written = Writing(round_, processes, folders, recipe)
        begin()
        tables = make_tables(round_, made, folders, written.of_table)
        gate.ask(round_, tables, folders)
        try:
            written.finish(made, tables)
        except Exception:
            # What must not be published may be nothing that can be written: what the gate says comes first.
            _judged(gate, round_, made, staging)
            raise
        result = _judged(gate, round_, made, staging)
        public_docs(staging.of(Access.PUBLIC), round_, result, made.coverage)
        manifests = {access: about(round_, access, staging.of(access), inputs, flavour, labels) for access in Access}
        staging.commit(manifests)
        remember(round_, recipe, MadeBefore(result.results, written.left_out))
    return Published(made, result, gone, written.left_out)


def _judged(gate: Gate, round_: Round, made: Consolidation, staging: Staging) -> GateResult:
    """The verdict of the gate; raises NotPublishedError where it is against publishing, and keeps its pages."""
    result = gate.answer(round_, made.coverage)
    if result.failed:
        raise NotPublishedError(result.failed, staging.keep_refused(DATA_DOCS))
    return result
