"""What the commands have in common: how a round is opened, how something is said, and how a command fails."""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, NoReturn

import click

from pipeline.safe_text import on_one_line, shown
from questionnaire.messages import say
from questionnaire.rounds.round import Round, read_round

ROUND = click.argument("round_folder", metavar="ROUND", type=click.Path(path_type=Path))


def fail(message: str, code: int = 1) -> NoReturn:
    """Print a message to standard error and end with an exit code."""
    click.echo(shown(message), err=True)
    raise SystemExit(code)


def check_reason(why: str, example: str) -> None:
    """End the command unless a reason was given that says something."""
    if not why.strip(" .…"):
        fail(f"Write after --why what makes you sure, such as “{example}”.", 2)


def open_round(folder: Path) -> Round:
    """The round in a folder; whatever goes wrong from here on is said in its working language."""
    round_ = read_round(folder)
    click.get_current_context().find_root().obj = round_.working_language
    return round_


def print_or_fail(lines: Callable[..., Iterable[str]], round_: Round, *arguments: Any) -> None:
    """Print what a report says of a round, or why there is none to print."""
    from pipeline.desk.naming import UnknownError
    from pipeline.publication.results import NotConsolidatedError

    try:
        for line in lines(round_, *arguments):
            click.echo(on_one_line(line))
    except NotConsolidatedError:
        fail(say("summary", "not_consolidated", round_.working_language, folder=shown_path(round_.folder)))
    except UnknownError as error:
        fail(str(error), 2)


def progress(label: str) -> Callable[[Iterable[Any]], Iterable[Any]]:
    """A progress bar on a terminal; nothing where output is a file or another program."""
    from tqdm import tqdm

    return lambda items: tqdm(items, desc=label, disable=None, leave=False)


def shown_path(path: Path) -> str:
    """A path as short as it can be said from here."""
    try:
        return str(path.resolve().relative_to(Path.cwd()))
    except ValueError:
        return str(path)
