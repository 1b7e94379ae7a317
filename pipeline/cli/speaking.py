"""What the commands have in common: how a round is opened, how something is said, and how a command fails."""

import os
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, NoReturn

import click

from pipeline.safe_text import on_one_line, shown
from questionnaire.messages import say
from questionnaire.rounds.round import Round, read_round

ROUND = click.argument("round_folder", metavar="ROUND", type=click.Path(path_type=Path))

_SECONDS_BETWEEN_LINES = 10
_SIZE = 80, 24
_LINE = "{desc}: {n_fmt}/{total_fmt} [{elapsed}<{remaining}, {rate_fmt}]"


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
    """A bar with rate and time left on a terminal; elsewhere a line of the same now and then."""
    from tqdm import tqdm

    # There is none where a timer or a script started the command with standard error closed.
    if sys.stderr is not None and sys.stderr.isatty():
        columns, lines = _terminal_size()
        return lambda items: tqdm(items, desc=label, leave=False, ncols=columns, nrows=lines)
    return lambda items: _in_lines(label, list(items))


def _terminal_size() -> tuple[int, int]:
    """Columns and lines; of a terminal that has none, as in some containers, no bar would be seen."""
    try:
        columns, lines = os.get_terminal_size(sys.stderr.fileno())
    except OSError:
        return _SIZE
    return (columns, lines) if columns and lines else _SIZE


def _in_lines(label: str, items: Sequence[Any]) -> Iterator[Any]:
    """The items, with a line to standard error for those that take long."""
    from tqdm import tqdm

    start = said = time.monotonic()
    for done, item in enumerate(items):
        now = time.monotonic()
        if now - said >= _SECONDS_BETWEEN_LINES:
            said = now
            line = tqdm.format_meter(done, len(items), now - start, prefix=label, bar_format=_LINE)
            click.echo(line, err=True)
        yield item


def shown_path(path: Path) -> str:
    """A path as short as it can be said from here."""
    try:
        return str(path.resolve().relative_to(Path.cwd()))
    except ValueError:
        return str(path)
