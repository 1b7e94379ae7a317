"""The commands that follow a round up: who stands where, what a later return changed, who is granted more time."""

import datetime as dt
import time
from pathlib import Path

import click

from pipeline.cli.speaking import ROUND, fail, open_round, shown_path
from questionnaire.messages import say

_SECONDS = 20
"""How long --watch waits before it looks again."""


@click.command()
@ROUND
@click.option("--format", "form", type=click.Choice(["text", "json", "csv"]), default="text", show_default=True)
@click.option("--watch", is_flag=True, help="Look again every 20 seconds, until Ctrl-C: for the day of the deadline.")
def status(round_folder: Path, form: str, watch: bool) -> None:
    """Show what each participant of ROUND owes, how complete it is, by when, and what to do next, with the command.

    It reports what the last consolidation found. What only the secretariat can settle comes first: files that wait for
    a choice, are readable in part, or are held; then what respondents owe; then those of whom nothing is owed.

    A participant is early if a mail, or the register, had a usable file of it by its deadline; saved in time if only
    the file itself says that it was saved by then; else late. Where nothing usable has come, it is overdue.
    """
    from pipeline.desk.status import FORMATS
    from pipeline.publication.results import NotConsolidatedError

    while True:
        round_ = open_round(round_folder)
        try:
            printed = FORMATS[form](round_, dt.datetime.now().astimezone().date())
        except NotConsolidatedError:
            fail(say("summary", "not_consolidated", round_.working_language, folder=shown_path(round_.folder)))
        if watch:
            click.clear()
        click.echo(printed, nl=False)
        if not watch:
            return
        time.sleep(_SECONDS)
