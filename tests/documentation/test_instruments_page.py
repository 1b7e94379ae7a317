"""docs/instruments.md is true: its table is read, made an instrument and tried by its own commands."""

import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner

from pipeline.cli.main import main
from tests.documentation.examples import blocks, examples, not_printed

PAGE = (Path(__file__).parents[2] / "docs" / "instruments.md").read_text(encoding="utf-8")
EXAMPLES = examples(PAGE)


def fault(place: Path, commands: tuple[str, ...], monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What the commands of the page do not print of what is shown below them."""
    monkeypatch.chdir(place)
    [(_, table)] = blocks(PAGE, "text")
    Path("water.csv").write_text(table, encoding="utf-8")
    faults = []
    for example in EXAMPLES:
        program, *arguments = shlex.split(example.command)
        assert program == "acopio"
        if arguments[0] in commands:
            printed = CliRunner().invoke(main, arguments).output
            missing = not_printed(example.shown, printed)
            faults += [f"line {example.line}: {missing}\n{printed}"] if missing is not None else []
    return faults


def test_page__commands_that_take_no_time__print_what_is_shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert [example.command.split()[1] for example in EXAMPLES] == ["table", "new", "try", *["design"] * 3]
    assert fault(tmp_path, ("table", "new", "design"), monkeypatch) == []


@pytest.mark.wide
def test_page__all_commands__print_what_is_shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert fault(tmp_path, ("table", "new", "try", "design"), monkeypatch) == []
