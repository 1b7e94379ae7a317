"""The small instrument with tables: planted trees by sort and land (two measures), wells by land over years, and rain in
the years of the round."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from questionnaire.declaration.form import Instrument
from questionnaire.declaration.instrument import read_instrument
from questionnaire.declaration.lists.table_block import TableBlock
from questionnaire.rounds.round import Round, read_round
from tests.given import MINI, copy_of, mini_round

TABLES = """
[[table]]
code = "trees"
indicator = "F01"
label = { en = "Trees planted", fr = "Arbres plantés" }
help = { en = "Count every tree once.", fr = "Comptez chaque arbre une fois." }

[[table.dimension]]
codelist = "sorts"
total = "T"
label = { en = "Sort of tree", fr = "Espèce" }

[[table.dimension]]
codelist = "grounds"
label = { en = "Ground", fr = "Terrain" }

[[table.column]]
column = "planted"
type = "whole_number"
discloses = "persons"
label = { en = "Planted", fr = "Plantés" }

[[table.column]]
column = "alive"
type = "percent"
label = { en = "Alive after a year", fr = "Vivants après un an" }

[[table.cannot_occur]]
sorts = "PALM"
grounds = "HILL"

[[table]]
code = "wells"
indicator = "W01a"
label = { en = "Wells dug", fr = "Puits creusés" }

[[table.dimension]]
codelist = "grounds"
label = { en = "Where", fr = "Où" }

[table.across]
codelist = "years"
total = "ALL"

[[table.column]]
column = "dug"
type = "whole_number"
label = { en = "Wells", fr = "Puits" }
"""
TABLES += """
[[table]]
code = "nests"
indicator = "W01a"
totals = "computed"
label = { en = "Nests", fr = "Nids" }

[[table.dimension]]
codelist = "sorts"
total = "T"
label = { en = "Sort of tree", fr = "Espèce" }

[table.across]
codelist = "years"
total = "ALL"

[[table.column]]
column = "nests"
type = "number"
decimals = 1
minimum = 0
label = { en = "Nests", fr = "Nids" }

[[table.cannot_occur]]
sorts = "PALM"
years = "2024"

[[table]]
code = "birds"
indicator = "W01a"
totals = "computed_from_known"
label = { en = "Share of birds", fr = "Part des oiseaux" }

[[table.dimension]]
codelist = "sorts"
total = "T"
label = { en = "Sort of tree", fr = "Espèce" }

[[table.dimension]]
codelist = "grounds"
label = { en = "Ground", fr = "Terrain" }

[[table.column]]
column = "birds"
type = "percent"
label = { en = "Birds", fr = "Oiseaux" }

[[table]]
code = "rain"
indicator = "W01a"
label = { en = "Days with rain", fr = "Jours de pluie" }

[[table.dimension]]
codelist = "period"
years = 3
label = { en = "Year", fr = "Année" }

[[table.column]]
column = "days"
type = "whole_number"
maximum = 366
label = { en = "Days", fr = "Jours" }

[[table]]
code = "dry"
indicator = "W01a"
label = { en = "Wells that are dry", fr = "Puits à sec" }

[[table.dimension]]
codelist = "grounds"
label = { en = "Where", fr = "Où" }

[table.across]
codelist = "years"

[[table.column]]
column = "dry"
type = "whole_number"
label = { en = "Dry wells", fr = "Puits à sec" }
"""
RULES = """
[[rule]]
code = "dry_at_most_dug"
scope = ["dry"]
target = "dry"
check = "dry <= same(wells.dug)"
severity = "error"
reason = "A part is at most the whole."
message = { en = "More dry wells than wells.", fr = "Plus de puits à sec que de puits." }
remedy = { en = "Correct one of the two.", fr = "Corrigez l’un des deux." }

[[rule]]
code = "dug_jump"
scope = ["wells"]
target = "dug"
check = "dug <= 2 * before(dug) + 1"
severity = "error"
reason = "Nobody digs so many more."
message = { en = "Many more than the year before.", fr = "Bien plus que l’année précédente." }
remedy = { en = "Check the number.", fr = "Vérifiez ce nombre." }

[[rule]]
code = "nests_few"
scope = ["nests"]
target = "nests"
check = "nests <= 4"
severity = "error"
reason = "There are few."
message = { en = "Too many nests.", fr = "Trop de nids." }
remedy = { en = "Check the number.", fr = "Vérifiez ce nombre." }

[[rule]]
code = "rain_in_last_year"
scope = ["rain"]
target = "days"
when = "period < period_end"
check = "days <= sum(rain.days, period == period_end)"
severity = "error"
reason = "The last year was the wettest."
message = { en = "More than in the last year.", fr = "Plus que la dernière année." }
remedy = { en = "Check the number.", fr = "Vérifiez ce nombre." }
"""
CODES = """sorts,OAK,,,Oak,Chêne,,
sorts,PALM,,,Palm,Palmier,,
sorts,T,,,All sorts,Toutes espèces,,
grounds,HILL,,,On hills,Sur les collines,,
grounds,PLAIN,,,In the plain,En plaine,,
years,2024,,,2024,2024,,
years,2025,,,2025,2025,,
years,ALL,,,Both years,Les deux années,,
"""


def instrument_folder(target: Path) -> Path:
    """The folder of the small instrument with tables."""
    folder = copy_of(MINI, target)
    (folder / "tables.toml").write_text(TABLES, encoding="utf-8")
    with (folder / "rules.toml").open("a", encoding="utf-8") as file:
        file.write(RULES)
    with (folder / "codelists.csv").open("a", encoding="utf-8") as file:
        file.write(CODES)
    return folder


@cache
def instrument() -> Instrument:
    """The small instrument with tables."""
    with TemporaryDirectory() as folder:
        return read_instrument(instrument_folder(Path(folder) / "mini"))


def table(code: str = "trees") -> TableBlock:
    """One of its tables."""
    found = instrument().blocks[code]
    assert isinstance(found, TableBlock)
    return found


def table_round(root: Path, name: str = "mini", more: str = "") -> Round:
    """A round of it with three participants: AAA, BBB (French), CCC; `more` is added to its round.toml."""
    if not (root / "instruments").exists():
        instrument_folder(root / "instruments" / "mini")
    folder = mini_round(root, name, more).folder
    return read_round(folder, root / "instruments")
