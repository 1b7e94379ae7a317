"""Makes everything in `outputs/<round>` of the files received: read, judge, consolidate, gate, publish."""

from collections.abc import Sequence
from dataclasses import replace

from pipeline.consolidation.consolidate import Consolidation, consolidate
from pipeline.consolidation.flow import Engine, Flow, ThisMachine
from pipeline.consolidation.work import GROUPS
from pipeline.processes import Processes
from pipeline.publication import writing
from pipeline.publication.gate.gate import DATA_DOCS, Gate, GateResult, public_docs
from pipeline.publication.made_before import Recipe, made_before, remember
from pipeline.publication.manifest import about
from pipeline.publication.outcome import Figures, NotPublishedError, figures
from pipeline.publication.publish import Staging
from pipeline.publication.writing import Writing
from pipeline.receiving.received import ReceivedFile
from pipeline.receiving.register import History
from pipeline.tables.make import make_tables
from pipeline.validation.batch import Progress
from questionnaire.rounds.access import Access
from questionnaire.rounds.round import Round

_MANY = 100
"""Files of which tables and all that is made of them take so long that children judge and write too.

Each computes two seconds before its first task, the gate's child as well, which in a large round waits for the tables:
they take longer, and leave a core idle. As many returns to read or judge take longer too, and children judge them.
"""


def make_anew(
    round_: Round,
    files: Sequence[ReceivedFile],
    history: History,
    recipe: Recipe,
    progress: Progress = iter,
    *,
    jobs: int | None = None,
    engine: Engine | None = None,
) -> tuple[Figures, bool]:
    """What comes of it, and whether it is new: what was read anew, since nothing was kept of it, may say the same.

    `round_` has the previous round's answers. Raises NotPublishedError; the earlier outputs then stay as they are.
    """
    is_large = len(files) >= _MANY
    with (
        Staging(round_.outputs) as staging,
        Gate(staging.of(Access.RESTRICTED)) as gate,
        Processes(round_, writing.__name__, jobs) as processes,
    ):

        def begin(returns: int) -> None:
            """Have the children get ready that will soon have to do; few new returns do not wait for any."""
            if not is_large:
                gate.start()
            elif returns >= _MANY:
                processes.start()

        engine = engine or ThisMachine(jobs, processes)
        flowed = Flow(round_, round_.outputs, progress, engine, readings=recipe.readings).run(files, history, begin)
        if flowed.unkept:
            recipe = replace(recipe, rows=[*recipe.rows, *flowed.unkept])
            if before := made_before(round_, recipe):
                return before, False
        made = consolidate(round_, flowed.groups, files, round_.outputs / GROUPS, history)
        folders = {access: staging.of(access) for access in Access}
        written = Writing(round_, processes, folders, recipe)
        gate.start()
        if is_large:
            processes.start()
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
        how = recipe.inputs, recipe.flavour, recipe.labels
        manifests = {access: about(round_, access, staging.of(access), *how) for access in Access}
        staging.commit(manifests)
        found = figures(round_, made, result.expectations, written.left_out)
        remember(round_, recipe, found)
    return found, True


def _judged(gate: Gate, round_: Round, made: Consolidation, staging: Staging) -> GateResult:
    """The verdict of the gate; raises NotPublishedError where it is against publishing, and keeps its pages."""
    result = gate.answer(round_, made.coverage)
    if result.failed:
        raise NotPublishedError(result.failed, staging.keep_refused(DATA_DOCS))
    return result
