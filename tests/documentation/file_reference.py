"""Writes docs/reference.md, every file and column: `.venv/bin/python -m tests.documentation.file_reference`."""

from collections.abc import Iterator
from pathlib import Path
from typing import get_args

from questionnaire.declaration.answer_types import Declared
from questionnaire.declared_files import INSTRUMENT, ROUND, DeclaredFile, Entry, Need
from questionnaire.indicator_table.plain_table import HEADS

REFERENCE = Path(__file__).parents[2] / "docs" / "reference.md"
_HEAD = """# Every file and column of an instrument and a round

Made from the code itself by `.venv/bin/python -m tests.documentation.file_reference`; do not edit.

A column “per language” stands once for each language of the instrument, with its code behind: `help_fr`, `help_en`. “Always” is a column or
key that must be there; a column may be empty in a line that needs none. CSV files are saved as “CSV UTF-8”, with commas or semicolons.
A key with a dot stands in a table of the file: `deadlines.return_by` is `return_by` below `[deadlines]`.
"""


def reference() -> str:
    """The text of docs/reference.md."""
    answer_types = ", ".join(f"`{name}`" for name in get_args(Declared))
    heads = ", ".join(f"`{head}`" for head in HEADS)
    return "\n".join((
        _HEAD,
        "## An instrument: `instruments/<name>/`\n",
        "Beside these files, the indicator table itself, and in the folder `editions` the older editions, each whole.",
        f"`acopio new` keeps a table as `table.csv` (columns {heads}), and says in `proposals.csv` why it proposed what.\n",
        f"Answer types: {answer_types}.\n",
        *(line for file in INSTRUMENT for line in _file(file)),
        "## A round: `rounds/<name>/`\n",
        "Beside these files, `returns/` has what came in; `key`, `register.sqlite` and `store/` are Acopio’s own.\n",
        *(line for file in ROUND for line in _file(file)),
    ))  # fmt: skip


def _file(file: DeclaredFile) -> Iterator[str]:
    head = "key" if file.name.endswith(".toml") else "column"
    yield f"### `{file.name}`\n"
    yield file.holds + (" The file may be absent." if file.may_lack else "") + "\n"
    yield f"| {head} | must be there | what it says |\n| --- | --- | --- |"
    yield from map(_row, file.entries)
    yield ""


def _row(entry: Entry) -> str:
    name = f"{entry.name}_<language>" if entry.need in (Need.OFFICIAL, Need.LANGUAGES) else entry.name
    meaning = entry.meaning.replace("|", "\\|")
    return f"| `{name}` | {entry.need.value} | {meaning} |"


if __name__ == "__main__":
    REFERENCE.write_text(reference(), encoding="utf-8")
