"""Defines the command `acopio` and what it does when a file, a declaration or the disk is at fault.

Exit codes: 0 done; 1 findings of severity error or blocker, or nothing that could be done; 2 a wrong command or file,
or a disk or machine that can take no more; 130 stopped with Ctrl-C.
"""

import os
from pathlib import Path
from typing import Any

import click

from pipeline.cli import collection, correspondence, dataset, decisions, follow_up, instruments
from pipeline.cli.speaking import fail, shown_path
from pipeline.files import DISK_FULL, NOT_ALLOWED
from pipeline.receiving.isolation_error import IsolationError
from questionnaire.indicator_table.records import IndicatorTableError
from questionnaire.messages import say
from questionnaire.tables import DeclarationError

_QUERY_STOPPED = "Query interrupted"
"""What DuckDB says in a RuntimeError where Ctrl-C comes while it is at work."""


class _Commands(click.Group):
    """The commands in the order written; a fault in a declaration ends each with its sentence and exit code 2.

    So does a disk that is full or not to be written on, in the language of the round if one was read; Ctrl-C ends it
    with exit code 130.
    """

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except (DeclarationError, IndicatorTableError) as error:
            fail(str(error), 2)
        except IsolationError as error:
            fail(say("summary", "nothing_can_be_read", ctx.obj or "en", detail=str(error)), 2)
        except (KeyboardInterrupt, RuntimeError) as error:
            if isinstance(error, RuntimeError) and str(error) != _QUERY_STOPPED:
                raise
            # As shells report a command that Ctrl-C ended: 128 and the number of the signal.
            fail(say("summary", "interrupted", ctx.obj or "en"), 130)
        except OSError as error:
            if error.errno not in DISK_FULL | NOT_ALLOWED:
                raise
            key = "disk_full" if error.errno in DISK_FULL else "not_allowed"
            file = shown_path(Path(os.fsdecode(error.filename))) if error.filename else "—"
            fail(say("summary", key, ctx.obj or "en", file=file, reason=error.strerror or str(error)), 2)

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        return list(self.commands)


@click.group(cls=_Commands)
@click.version_option(package_name="acopio")
def main() -> None:
    """Send an Excel questionnaire to many governments, read what comes back, and make a regional dataset.

    ROUND is the folder of a round, such as rounds/demo.
    """


for _command in (
    instruments.table,
    instruments.new,
    instruments.try_,
    instruments.design,
    instruments.make_round,
    instruments.export,
    collection.questionnaires,
    collection.simulate,
    dataset.consolidate,
    collection.check,
    follow_up.status,
    follow_up.desk,
    follow_up.diff,
    follow_up.extend,
    collection.accept,
    collection.choose,
    correspondence.feedback,
    correspondence.mail,
    correspondence.fetch,
    decisions.correct,
    decisions.resolve,
    decisions.approve,
    decisions.reopen,
    dataset.explain,
    dataset.verify,
):
    main.add_command(_command)
