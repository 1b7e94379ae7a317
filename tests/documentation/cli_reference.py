"""Writes docs/cli.md, the printed help of every command: `.venv/bin/python -m tests.documentation.cli_reference`."""

from collections.abc import Iterator, Mapping
from pathlib import Path

import click

from pipeline.cli.main import main

REFERENCE = Path(__file__).parents[2] / "docs" / "cli.md"
COMMANDS: Mapping[str, click.Command] = main.commands

_HEAD = """# The command `acopio`

Made from the commands themselves by `.venv/bin/python -m tests.documentation.cli_reference`; do not edit.

| exit code | what it says |
| --- | --- |
| 0 | done |
| 1 | findings of severity error or blocker, or nothing that could be done; each command says what it is for it |
| 2 | a wrong command or file, a fault in a declaration, or a disk or machine that can take no more |
| 130 | stopped with Ctrl-C: earlier results are as they were, and the same command goes on where it stopped |
"""
_WIDTH = 100


def reference() -> str:
    """The text of docs/cli.md."""
    helps = [("acopio", help_of(main, "acopio"))]
    helps += [(f"acopio {name}", help_of(command, f"acopio {name}")) for name, command in COMMANDS.items()]
    return "\n".join((_HEAD, *(f"## {title}\n\n```text\n{text}\n```\n" for title, text in helps)))


def help_of(command: click.Command, path: str) -> str:
    """What `--help` prints, 100 characters wide whatever the terminal."""
    context = click.Context(command, info_name=path, terminal_width=_WIDTH, max_content_width=_WIDTH)
    return command.get_help(context)


def undocumented() -> Iterator[str]:
    """Commands and options that have no help; the values of a choice say enough."""
    for name, command in COMMANDS.items():
        if not command.help:
            yield name
        options = [parameter for parameter in command.params if isinstance(parameter, click.Option)]
        yield from (
            f"{name} {option.opts[0]}"
            for option in options
            if not (option.help or isinstance(option.type, click.Choice))
        )


if __name__ == "__main__":
    REFERENCE.write_text(reference(), encoding="utf-8")
