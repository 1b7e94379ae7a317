"""A made instrument whose list and table have columns that are computed: ratios, with a total line, and a sum."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from questionnaire.declaration.form import Instrument
from questionnaire.declaration.instrument import read_instrument
from questionnaire.declaration.lists.table_block import TableBlock
from questionnaire.rounds.round import Round, read_round
from tests.made_instruments import Made, sections, table

LISTS = """
[[list]]
code = "visits"
lines = 4
label = { en = "Visits" }

[[list.column]]
column = "indicator"
type = "indicator"
required = true
label = { en = "Counts for" }
[[list.column.option]]
code = "J01"
label = { en = "J01 – One thing" }

[[list.column]]
column = "seen"
type = "whole_number"
label = { en = "People seen" }

[[list.column]]
column = "helped"
type = "number"
decimals = 1
label = { en = "People helped" }

[[list.column]]
column = "helped_share"
type = "ratio"
numerator = "helped"
denominator = "seen"
factor = 100
decimals = 2
label = { en = "Share helped" }

[[list.column]]
column = "both"
type = "computed"
formula = "given(seen) + given(seen)"
label = { en = "Seen twice" }
"""
TABLES = """
[[table]]
code = "courts"
indicator = "J01"
totals = "computed_from_known"
label = { en = "Courts" }

[[table.dimension]]
codelist = "sex"
total = "T"
label = { en = "Sex" }

[[table.column]]
column = "prosecuted"
type = "whole_number"
discloses = "persons"
label = { en = "Prosecuted" }

[[table.column]]
column = "convicted"
type = "whole_number"
discloses = "persons"
label = { en = "Convicted" }

[[table.column]]
column = "rate"
type = "ratio"
numerator = "convicted"
denominator = "prosecuted"
factor = 100
part_of_whole = true
label = { en = "Conviction rate" }
unit = { en = "%" }

[[table.column]]
column = "by_area"
type = "ratio"
numerator = "convicted"
denominator = "reference(area)"
factor = 1000
decimals = 3
label = { en = "Convicted by area" }

[[table.column]]
column = "twice_rate"
type = "computed"
decimals = 1
formula = "rate * 2"
label = { en = "Twice the rate" }

[[table.column]]
column = "together"
type = "computed"
formula = "given(prosecuted) + given(convicted)"
label = { en = "Together" }
"""
TABLES += """
[[table]]
code = "fines"
indicator = "J01"
totals = "computed_from_known"
label = { en = "Fines" }

[[table.dimension]]
codelist = "sex"
label = { en = "Sex" }

[table.across]
codelist = "period"
total = "ALL"

[[table.column]]
column = "paid"
type = "number"
decimals = 1
label = { en = "Paid" }
"""
COUNTED = (
    "visits_made,computed,,,,,,,,How many visits?,,lines(visits)",
    "both_made,computed,,,,,,,,How many were seen twice?,,sum(visits.both)",
)
CODES = "sex,F,,,Women\nsex,M,,,Men\nsex,T,,,Both\n"
REFERENCES = """
[[reference]]
item = "area"
label = { en = "Area" }
"""
VALUES = "respondent,item,value,unit,source,period\nAAA,area,250.5,,Atlas,\nBBB,area,0,,Atlas,\n"
RULES = """
[[rule]]
code = "rate_high"
scope = ["courts"]
target = "rate"
check = "rate <= 95"
severity = "warning"
reason = "A rule may look at what a line computes."
message = { en = "Nearly all are convicted." }
remedy = { en = "Look at it again." }

[[rule]]
code = "paid_jump"
scope = ["fines"]
target = "paid"
check = "paid <= 2 * before(paid)"
severity = "error"
reason = "The total stands before and after no year."
message = { en = "Many more than the year before." }
remedy = { en = "Correct one of the two." }

[[rule]]
code = "helped_of_all"
scope = ["J01"]
target = "things"
check = "sum(visits.both) <= 400"
severity = "warning"
reason = "A rule may add up what lines compute."
message = { en = "Many were seen." }
remedy = { en = "Look at it again." }
"""


def made(*changed: tuple[str, str]) -> Made:
    """The instrument; each old text among its lists, tables and rules is replaced by a new one."""
    lists, tables, rules = LISTS, TABLES, RULES
    for old, new in changed:
        assert old in lists + tables + rules, old
        lists, tables, rules = (text.replace(old, new) for text in (lists, tables, rules))
    return Made(
        table=table(("COURTS", [["One thing"]])),
        questions=[
            "things,whole_number,,,,,,,,How many?,,",
            *COUNTED,
        ],
        asked="things visits_made both_made",
        indicators=("J01,T,,",),
        settings=REFERENCES + sections(("J", "COURTS")),
        rules=rules,
        codelists=CODES,
        lists=lists,
        tables=tables,
    )


@cache
def instrument() -> Instrument:
    """The instrument."""
    with TemporaryDirectory() as folder:
        return read_instrument(made().write(Path(folder) / "made"))


def courts() -> TableBlock:
    """Its table."""
    found = instrument().blocks["courts"]
    assert isinstance(found, TableBlock)
    return found


def columns_round(root: Path, values: str = VALUES, respondents: tuple[str, ...] = ("AAA", "BBB", "CCC")) -> Round:
    """A round of it: AAA, BBB (whose area is 0), and CCC, of whom nothing is known."""
    folder = made().round(root, respondents).folder
    (folder / "reference.csv").write_text(values, encoding="utf-8")
    return read_round(root / "rounds" / "made", root / "instruments")
