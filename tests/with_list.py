"""The small instrument with a list: a list of projects that count for two of its indicators."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from questionnaire.declaration.form import Instrument
from questionnaire.declaration.instrument import read_instrument
from questionnaire.rounds.round import Round, read_round
from tests.given import MINI, copy_of, mini_round

LIST = """
[[list]]
code = "projects"
lines = 4
label = { en = "List of projects", fr = "Liste des projets" }
help = { en = "One line each.", fr = "Une ligne chacun." }

[[list.column]]
column = "indicator"
type = "indicator"
required = true
label = { en = "Counts for", fr = "Compte pour" }
[[list.column.option]]
code = "W01a"
label = { en = "W01a – Wells", fr = "W01a – Puits" }
[[list.column.option]]
code = "F01"
label = { en = "F01 – Trees", fr = "F01 – Arbres" }

[[list.column]]
column = "partner"
type = "single_choice"
codelist = "lands"
required = true
others_only = true
label = { en = "With whom", fr = "Avec qui" }
help = { en = "Another land.", fr = "Un autre pays." }

[[list.column]]
column = "name"
type = "text"
max_length = 20
required_with = { column = "partner", code = "OTHER" }
label = { en = "Its name", fr = "Son nom" }

[[list.column]]
column = "begun"
type = "year"
minimum = 1990
maximum = "period_end"
label = { en = "Begun in", fr = "Commencé en" }

[[list.column]]
column = "free_use"
type = "yes_no"
label = { en = "Free of charge", fr = "Gratuit" }

[[list.count]]
question = "total"

[[list.count]]
question = "urban"
column = "free_use"
code = "Y"

[list.bilateral]
partner = "partner"
column = "free_use"
code = "Y"
"""
LANDS = """lands,AAA,,,Alphaland,Alphalande,,
lands,BBB,,,Betaland,Bétalande,,
lands,CCC,,,Gammaland,Gammalande,,
lands,OTHER,,,Elsewhere,Ailleurs,,
"""


def instrument_folder(target: Path) -> Path:
    """The folder of the small instrument with a list."""
    folder = copy_of(MINI, target)
    (folder / "lists.toml").write_text(LIST, encoding="utf-8")
    with (folder / "codelists.csv").open("a", encoding="utf-8") as file:
        file.write(LANDS)
    return folder


@cache
def instrument() -> Instrument:
    """The small instrument with a list."""
    with TemporaryDirectory() as folder:
        return read_instrument(instrument_folder(Path(folder) / "mini"))


def list_round(root: Path, name: str = "mini", more: str = "") -> Round:
    """A round of it with three participants: AAA, BBB (French), CCC; `more` is added to its round.toml."""
    if not (root / "instruments").exists():
        instrument_folder(root / "instruments" / "mini")
    folder = mini_round(root, name, more).folder
    return read_round(folder, root / "instruments")
