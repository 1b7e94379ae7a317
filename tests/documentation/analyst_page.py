"""Runs the examples of docs/analyst.md where the demonstration round has been consolidated."""

import doctest
from pathlib import Path

from tests.documentation.examples import Example, blocks, examples

PAGE = Path(__file__).parents[2] / "docs" / "analyst.md"
_TEXT = PAGE.read_text(encoding="utf-8")

COMMANDS: list[Example] = examples(_TEXT)
"""The commands of the page with what they print."""


def python_faults() -> str:
    """What the Python examples, run one after the other in the current folder, give instead of what is shown."""
    shown = "\n".join(text for _, text in blocks(_TEXT, "pycon"))
    test = doctest.DocTestParser().get_doctest(shown, {}, PAGE.name, str(PAGE), 0)
    reported: list[str] = []
    doctest.DocTestRunner().run(test, out=reported.append)
    return "".join(reported)
