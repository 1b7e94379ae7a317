"""The commands of the analyst: the regional dataset, and where its values come from."""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pipeline.cli.speaking import ROUND, fail, open_round, print_or_fail, progress, shown_path
from pipeline.safe_text import on_one_line, shown
from questionnaire.declaration.lists.table_block import TableBlock
from questionnaire.messages import LANGUAGES, say
from questionnaire.rounds.access import Access
from questionnaire.rounds.round import Round

if TYPE_CHECKING:
    from pipeline.consolidation.flow import Engine


@click.command()
@ROUND
@click.option(
    "--csv",
    "flavour",
    type=click.Choice(["plain", "excel"]),
    default="plain",
    show_default=True,
    help="excel: with the signs that Excel expects in a language, to open by a double click.",
)
@click.option(
    "--labels",
    type=click.Choice(LANGUAGES),
    help="Language of Stata and SPSS files, and of --csv excel; else the working language of the round.",
)
@click.option(
    "--jobs",
    type=click.IntRange(1, 64),
    help="Processes that read and judge returns and write files; else one per processor, 8 at most.",
)
@click.option(
    "--engine",
    type=click.Choice(["local", "dask"]),
    default="local",
    show_default=True,
    help="dask: the workers of a Dask cluster read and judge; needs acopio[dask] on all machines.",
)
@click.option("--scheduler", metavar="ADDRESS", help="Where the cluster is, such as tcp://10.0.0.5:8786.")
@click.option(
    "--storage",
    metavar="URL",
    help="Folder or object storage (s3://bucket/folder) that all workers see; else the folders of the round.",
)
def consolidate(
    round_folder: Path,
    flavour: str,
    labels: str | None,
    *,
    jobs: int | None,
    engine: str,
    scheduler: str | None,
    storage: str | None,
) -> None:
    """Read the returns of ROUND, check them, and make the regional dataset.

    Everything stands in outputs/<round>/restricted; what anybody may see, also in outputs/<round>/public. The desk page
    of the secretariat stands in outputs/<round>/desk.

    Only returns that are new since the last run are read, and only their respondents and a few neighbours judged;
    where nothing has changed, the files stay as they are. Delete .opened.json, .reading_cache, .groups and .made.json
    in outputs/<round> to have all done again. What is done can be followed: a bar on a terminal, else a line every ten
    seconds. Ctrl-C stops it; the next run goes on with what is left.

    With --engine dask, without --scheduler, workers start on this machine. docs/scale.md says how a cluster is set up.

    Exit code 1 if there is nothing to consolidate or the dataset fails its gate, 2 if no process can read on this
    machine or the cluster does not do the work: earlier results then stay.
    """
    from pipeline.desk.summary import summary
    from pipeline.desk_page.write import write_desk_page
    from pipeline.journey import NoReturnsError, consolidate_round
    from pipeline.publication.formats.flavour import Flavour
    from pipeline.publication.outcome import GateError, NotPublishedError

    round_ = open_round(round_folder)
    try:
        with _engine(round_, engine, scheduler or "", storage or "", jobs) as chosen:
            published = consolidate_round(round_, progress("returns"), Flavour(flavour), labels or "", jobs, chosen)
    except NoReturnsError:
        fail(say("summary", "no_returns", round_.working_language, folder=shown_path(round_.returns)))
    except NotPublishedError as error:
        language = round_.working_language
        head = say("summary", "gate_failed", language, failed=len(error.failed))
        pages = say("summary", "gate_pages", language, file=shown_path(error.pages / "index.html"))
        fail("\n".join((head, *error.failed, pages)))
    except GateError as error:
        fail(say("summary", "gate_broke", round_.working_language, detail=str(error)))
    for line in summary(round_, published, shown_path(round_.results(Access.RESTRICTED))):
        click.echo(shown(line))
    page = write_desk_page(round_, dt.datetime.now().astimezone().date())
    click.echo(say("desk", "page_written", round_.working_language, file=shown_path(page)))


@contextmanager
def _engine(round_: Round, name: str, scheduler: str, storage: str, jobs: int | None) -> Iterator["Engine | None"]:
    """What reads and judges, None for this machine alone; ends the command where a cluster does not do it."""
    if name == "local":
        if scheduler or storage:
            raise click.UsageError("--scheduler and --storage are of --engine dask: name it too")
        yield None
        return
    try:
        from pipeline.cluster.cluster import Cluster
        from pipeline.cluster.storage import ClusterError
    except ImportError as error:
        fail(say("cluster", "not_installed", round_.working_language, reason=str(error)), 2)
    try:
        with Cluster(scheduler, storage, jobs) as cluster:
            yield cluster
    except ClusterError as error:
        fail(say("cluster", error.key, round_.working_language, **error.values), 2)


@click.command()
@ROUND
def verify(round_folder: Path) -> None:
    """Check that what ROUND has published is what its manifests say, and comes out again of the returns kept.

    Every file in outputs/<round> is compared with its hash; then all is made again from the store of the round, in a
    folder of its own, and compared once more. Nothing is changed.

    Exit code 0 if all agrees, 1 if something does not or nothing is published yet.
    """
    from pipeline.desk import verify as verifying
    from pipeline.publication.results import NotConsolidatedError

    round_ = open_round(round_folder)
    try:
        verified = verifying.verify(round_, progress("returns"))
    except NotConsolidatedError:
        fail(say("summary", "not_consolidated", round_.working_language, folder=shown_path(round_.folder)))
    for line in verified.lines:
        click.echo(on_one_line(line))
    raise SystemExit(0 if verified.well else 1)


@click.command()
@ROUND
@click.argument("respondent")
@click.argument("indicator")
@click.argument("field", nargs=-1)
def explain(round_folder: Path, respondent: str, indicator: str, field: tuple[str, ...]) -> None:
    """Tell where the values of RESPONDENT for INDICATOR come from: file, sheet, cell, text as typed, rule, checks.

    FIELD limits it to one value, such as status or n_total. In place of INDICATOR there may be a table; then FIELD is
    a column of it, or codes of its dimensions, such as sex=F age=ADULT. Or there may be a list, or a line of it, such
    as "agreements[3]"; then FIELD is a column.
    """
    from pipeline.desk.explain import explain_cells, explain_lines, explain_list
    from questionnaire.question_names import split_name

    round_ = open_round(round_folder)
    name = split_name(indicator, round_.instrument.blocks)
    asked = {block.code.casefold(): block for block in round_.instrument.lists}
    block = asked.get(name.block.casefold()) if name else None
    if name is None or block is None:
        indicator, field = (name.block, (name.field, *field)) if name and not name.place else (indicator, field)
        print_or_fail(explain_lines, round_, respondent, indicator, " ".join(filter(None, field)) or None)
        return
    wanted = [part for part in (*field, name.field) if part]
    if isinstance(block, TableBlock):
        codes = [code for code in name.place.replace(",", " ").split() if code]
        print_or_fail(explain_cells, round_, respondent, block.code, [*codes, *wanted])
        return
    print_or_fail(explain_list, round_, respondent, block.code, name.place, " ".join(wanted))
