"""The commands that follow a round up: who stands where, what a later return changed, who is granted more time."""

import datetime as dt
import time
from pathlib import Path

import click

from pipeline.cli.speaking import ROUND, check_reason, fail, open_round, shown_path
from pipeline.safe_text import shown
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


@click.command()
@ROUND
@click.argument("respondent", required=False, default="")
@click.option("--all", "everybody", is_flag=True, help="Grant it to all participants.")
@click.option("--until", type=click.DateTime(["%Y-%m-%d"]), help="The new last day, such as 2026-05-15.")
@click.option("--undo", is_flag=True, help="Take the extension back; the register keeps both.")
@click.option("--why", required=True, help="Who asked for it, how, when. The register keeps it.")
def extend(
    round_folder: Path, respondent: str, everybody: bool, until: dt.datetime | None, undo: bool, why: str
) -> None:
    """Grant RESPONDENT (code, name or alias), or all, more time to answer the questionnaire of ROUND.

    Of several days that were granted, to it alone or to all, the latest holds. Status, letters and questionnaires that
    are written from now on have the new day; those written before that show another one are listed.
    """
    from pipeline.desk.naming import UnknownError
    from pipeline.follow_up import extend as extending

    if bool(respondent) is everybody:
        fail("Say either a respondent or --all.", 2)
    if undo is (until is not None):
        fail("Say either --until DATE, the new last day, or --undo.", 2)
    check_reason(why, "asked for by the ministry in a letter of 20 April")
    round_, now = open_round(round_folder), dt.datetime.now(dt.UTC)
    try:
        if until is None:
            lines = list(extending.undo(round_, respondent, why, now))
        else:
            lines = list(extending.extend(round_, respondent, until.date(), why, now))
    except extending.NotExtendedError as error:
        fail(str(error))
    except UnknownError as error:
        fail(str(error), 2)
    for line in lines:
        click.echo(shown(line))


@click.command()
@ROUND
@click.argument("respondent")
@click.argument("first", required=False, default="")
@click.argument("second", required=False, default="")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.option("--xlsx", type=click.Path(path_type=Path), help="Also write it as this workbook.")
def diff(round_folder: Path, respondent: str, first: str, second: str, form: str, xlsx: Path | None) -> None:
    """Show which answers of RESPONDENT were added, removed or changed between two of its files, with their cells.

    FIRST and SECOND are names of files as acopio status shows them, or the first 8 or more letters of their SHA-256;
    without them, the newest file is compared with the one before. FIRST may be “previous”, for the previous round.
    Lines of lists are compared by what they say, not by their place.
    """
    from pipeline.desk.naming import UnknownError
    from pipeline.files import write_whole
    from pipeline.follow_up import difference_formats as formats
    from pipeline.follow_up.differences import NothingToCompareError, compare
    from pipeline.publication.results import NotConsolidatedError

    round_ = open_round(round_folder)
    try:
        compared = compare(round_, respondent, first, second)
    except NotConsolidatedError:
        fail(say("summary", "not_consolidated", round_.working_language, folder=shown_path(round_.folder)))
    except NothingToCompareError as error:
        fail(str(error))
    except UnknownError as error:
        fail(str(error), 2)
    click.echo((formats.as_json if form == "json" else formats.as_text)(round_, compared), nl=False)
    if xlsx:
        write_whole(xlsx, formats.as_workbook(round_, compared))


@click.command()
@ROUND
def desk(round_folder: Path) -> None:
    """Write the desk page of ROUND: how everybody stands, files, findings, decisions, letters, and what to do next.

    It goes to outputs/<round>/desk/index.html, for the secretariat alone: open it in a browser, no network is needed.
    Consolidating writes it too; write it anew for another day, or after a decision.
    """
    from pipeline.desk_page.write import write_desk_page
    from pipeline.publication.results import NotConsolidatedError

    round_ = open_round(round_folder)
    try:
        page = write_desk_page(round_, dt.datetime.now().astimezone().date())
    except NotConsolidatedError:
        fail(say("summary", "not_consolidated", round_.working_language, folder=shown_path(round_.folder)))
    click.echo(say("desk", "page_written", round_.working_language, file=shown_path(page)))
