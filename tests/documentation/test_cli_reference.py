"""The command's help: every command has one, and docs/cli.md is what the commands say."""

import pytest
from click.testing import CliRunner

from pipeline.cli.main import main
from tests.documentation.cli_reference import COMMANDS, REFERENCE, reference, undocumented


def test_help__of_acopio__lists_every_command_with_a_line() -> None:
    shown = CliRunner().invoke(main, ["--help"])
    assert shown.exit_code == 0
    listed = {line.split()[0] for line in shown.output.partition("Commands:")[2].splitlines() if len(line.split()) > 2}
    assert listed == set(COMMANDS)


@pytest.mark.parametrize("command", COMMANDS)
def test_help__of_each_command__says_what_it_does(command: str) -> None:
    shown = CliRunner().invoke(main, [command, "--help"])
    assert shown.exit_code == 0
    assert shown.output.startswith(f"Usage: main {command} ")


def test_help__every_command_and_option__has_a_text() -> None:
    assert list(undocumented()) == []


def test_reference__docs_cli__is_up_to_date() -> None:
    assert REFERENCE.read_text(encoding="utf-8") == reference(), (
        "docs/cli.md is stale: run .venv/bin/python -m tests.documentation.cli_reference"
    )
