"""The commands by which people of the secretariat settle answers: correct, resolve, approve, reopen."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from pipeline.cli.speaking import ROUND, check_reason, fail, open_round, shown_path
from pipeline.safe_text import shown
from questionnaire.messages import say
from questionnaire.rounds.round import Round

_WHY = click.option("--why", required=True, help="What makes you sure: who said so, how, when. The register keeps it.")


@click.command()
@ROUND
@click.argument("respondent")
@click.argument("given", nargs=-1, required=True, metavar="QUESTION [VALUE] [QUESTION VALUE]...")
@click.option("--by", metavar="NAME", help="Who gave the answer.")
@click.option("--blank", is_flag=True, help="There is no answer: take away what a file says; only questions are given.")
@click.option("--undo", is_flag=True, help="Take earlier corrections back; only questions are given.")
@click.option("--file", default="", help="Whose line of a list it is, where several files have that line.")
@_WHY
def correct(  # noqa: PLR0913  one per option
    round_folder: Path, respondent: str, given: tuple[str, ...],
    *, by: str | None, blank: bool, undo: bool, file: str, why: str,
) -> None:  # fmt: skip
    """Record an answer that RESPONDENT of ROUND gave by telephone or e-mail, or several that belong together.

    QUESTION is an indicator and a field, such as P01.status; of a list, a line as its sheet numbers it and a column,
    such as "agreements[3].partner"; of a table, the codes of a line and a column, such as
    "convicted[sex=F,age=ALL].persons_2024". VALUE is what one would type into its cell, of a multiple choice the codes
    or labels with semicolons between, "" for none. The file stays as it is. The correction counts instead, until
    the respondent sends a newer answer to that question, which is then reported.

    What would break a rule is refused. Where a number and the totals that it is part of change, give all of them in one
    command, each QUESTION with its VALUE: they are judged together, and recorded whole or not at all.
    """
    from pipeline.desk import decide as deciding
    from pipeline.receiving.decision import Kind

    if (blank and undo) or (not (blank or undo) and len(given) % 2):
        fail("Give either a value after each question, --blank or --undo.", 2)
    if not undo and not (by and by.strip()):
        fail("Write after --by who gave the answer.", 2)
    check_reason(why, "telephone call with the focal point, 3 May")
    round_, now = open_round(round_folder), dt.datetime.now(dt.UTC)
    if undo:
        _decided(round_, deciding.undo, Kind.CORRECT, respondent, *given, why=why, at=now)
    else:
        answers = [(one, "") for one in given] if blank else list(zip(given[::2], given[1::2], strict=True))
        _decided(round_, deciding.correct, respondent, answers, by=by, why=why, at=now, file=file)


@click.command()
@ROUND
@click.argument("respondent")
@click.argument("question")
@click.option("--take", metavar="FILE", help="The file whose answer counts.")
@click.option("--value", metavar="V", help="Another answer that counts.")
@click.option("--undo", is_flag=True, help="Take an earlier decision back; the register keeps both.")
@_WHY
def resolve(
    round_folder: Path, respondent: str, question: str, *, take: str | None, value: str | None, undo: bool, why: str
) -> None:
    """Say which answer to QUESTION counts where files of RESPONDENT contradict each other.

    conflicts.csv among the results lists the questions, the answers, and the command for each of them.
    """
    from pipeline.desk import decide as deciding
    from pipeline.receiving.decision import Kind

    if (take is not None) + (value is not None) + undo != 1:
        fail("Give either --take FILE, --value V or --undo.", 2)
    check_reason(why, "confirmed by the focal point in a mail of 3 May")
    round_, now = open_round(round_folder), dt.datetime.now(dt.UTC)
    if undo:
        _decided(round_, deciding.undo, Kind.RESOLVE, respondent, question, why=why, at=now)
    else:
        _decided(round_, deciding.resolve, respondent, question, take=take or "", value=value or "", why=why, at=now)


@click.command()
@ROUND
@click.argument("respondent")
@_WHY
def approve(round_folder: Path, respondent: str, why: str) -> None:
    """Approve what RESPONDENT has sent for ROUND: it may be published.

    Needed where round.toml says approval = true, or after acopio reopen. It covers the files of the last consolidation;
    one that comes later must be approved too.
    """
    from pipeline.desk import decide as deciding

    check_reason(why, "read with the unit on 3 May; nothing to ask")
    _decided(open_round(round_folder), deciding.approve, respondent, why=why, at=dt.datetime.now(dt.UTC))


@click.command()
@ROUND
@click.argument("respondent")
@_WHY
def reopen(round_folder: Path, respondent: str, why: str) -> None:
    """Take what RESPONDENT has sent out of the dataset of ROUND until it is approved again."""
    from pipeline.desk import decide as deciding

    check_reason(why, "the ministry asked to revise section P")
    _decided(open_round(round_folder), deciding.reopen, respondent, why=why, at=dt.datetime.now(dt.UTC))


def _decided(round_: Round, decide: Callable[..., str], *arguments: Any, **given: Any) -> None:
    """Record a decision and say so, or why it cannot be."""
    from pipeline.desk.decide import NotDecidedError
    from pipeline.desk.naming import UnknownError
    from pipeline.publication.results import NotConsolidatedError

    try:
        click.echo(shown(decide(round_, *arguments, **given)))
    except NotConsolidatedError:
        fail(say("summary", "not_consolidated", round_.working_language, folder=shown_path(round_.folder)))
    except NotDecidedError as error:
        fail(str(error))
    except UnknownError as error:
        fail(str(error), 2)
