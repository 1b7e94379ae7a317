"""A made instrument of numbers whose unit the respondent chooses: converted, not converted, and money."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from questionnaire.declaration.form import Instrument
from questionnaire.declaration.instrument import read_instrument
from questionnaire.rounds.round import Round
from tests.made_instruments import Made, sections, table

QUESTION = (
    "question,type,codelist,minimum,maximum,relevant_when,required_when,label_en,decimals,formula,units,sums,help_en"
)
QUESTIONS = (
    "lasted,number,,,,,,How long did it last?,1,,times,,",
    "reached,whole_number,,,,,,How many were reached?,,,groups,,",
    "aimed,whole_number,,,,,,How many were to be reached?,,,groups,,",
    "herd,whole_number,,,,,,How many animals?,,,stock,,",
    "spent,amount,money,,,,,How much was spent?,,,,,",
    "planned,amount,money,,,,,How much was planned?,,,,,",
    "twice,computed,,,,,,Twice as long,2,lasted * 2,,,",
)
ASKED = "lasted reached aimed herd spent planned twice"
CODES = """times,DAY,,,Days,0.5
times,MONTH,,,Months,1
times,YEAR,,,Years,12
times,AGE,,,Ages,
groups,PERSON,,,Persons
groups,HOUSEHOLD,,,Households
stock,HEAD,,,Head,1
stock,DOZEN,,,Dozens,12
money,EUR,,,EUR
money,USD,,,USD
"""
RULES = """
[[rule]]
code = "two_years"
scope = ["W01", "W02"]
target = "lasted"
check = "lasted <= 24"
severity = "warning"
reason = "More than two years is unusual."
message = { en = "More than two years." }
remedy = { en = "Look at it again." }

[[rule]]
code = "more_than_aimed"
scope = ["W01", "W02"]
target = "reached"
check = "reached <= aimed"
severity = "error"
reason = "No more are reached than were to be."
message = { en = "More than were to be reached." }
remedy = { en = "Correct one of the two." }

[[rule]]
code = "many_persons"
scope = ["W01", "W02"]
target = "aimed"
when = "aimed.unit == PERSON"
check = "aimed <= 1000"
severity = "warning"
reason = "More than a thousand persons are many."
message = { en = "More than a thousand persons." }
remedy = { en = "Look at it again." }

[[rule]]
code = "overspent"
scope = ["W01", "W02"]
target = "spent"
check = "spent <= planned"
severity = "error"
reason = "No more is spent than was planned."
message = { en = "More was spent than planned." }
remedy = { en = "Correct one of the two." }
"""


LISTS = """
[[list]]
code = "assets"
lines = 3
label = { en = "Assets" }
help = { en = "One line each." }

[[list.column]]
column = "indicator"
type = "indicator"
required = true
label = { en = "Counts for" }
[[list.column.option]]
code = "W01"
label = { en = "One thing" }

[[list.column]]
column = "size"
type = "whole_number"
units = "stock"
label = { en = "Size" }

[[list.column]]
column = "lost"
type = "whole_number"
units = "stock"
label = { en = "Lost" }
"""
LIST_RULES = """
[[rule]]
code = "lost_at_most"
scope = ["assets"]
target = "lost"
check = "lost <= size"
severity = "error"
reason = "A part is at most the whole."
message = { en = "More was lost than there was." }
remedy = { en = "Correct one of the two." }

[[rule]]
code = "heads_in_all"
scope = ["W01"]
target = "aimed"
check = "sum(assets.size, size_unit == HEAD) <= 100"
severity = "warning"
reason = "More than a hundred are many."
message = { en = "More than a hundred head." }
remedy = { en = "Look at it again." }
"""
TABLES = """
[[table]]
code = "held"
indicator = "W01"
units = "stock"
label = { en = "Held" }

[[table.dimension]]
codelist = "colours"
label = { en = "Colour" }

[[table.column]]
column = "held"
type = "whole_number"
label = { en = "Held" }

[[table.column]]
column = "share"
type = "percent"
label = { en = "Share" }

[[table]]
code = "sold"
indicator = "W02"
units = "stock"
label = { en = "Sold" }

[[table.dimension]]
codelist = "colours"
label = { en = "Colour" }

[table.across]
codelist = "stage"

[[table.column]]
column = "sold"
type = "whole_number"
label = { en = "Sold" }
"""
TABLE_RULES = """
[[rule]]
code = "sold_at_most"
scope = ["sold"]
target = "sold_low"
check = "sold_low <= same(held.held)"
severity = "error"
reason = "A part is at most the whole."
message = { en = "More was sold than held." }
remedy = { en = "Correct one of the two." }
"""


def made(*changed: tuple[str, str]) -> Made:
    """The instrument; each old text among its questions, codes and rules is replaced by a new one."""
    texts = ["\n".join(QUESTIONS), CODES, RULES + LIST_RULES + TABLE_RULES, LISTS, TABLES]
    for old, new in changed:
        assert any(old in text for text in texts), old
        texts = [text.replace(old, new) for text in texts]
    questions, codes, rules, lists, tables = texts
    return Made(
        table=table(("WATER", [["One thing"], ["Another thing"]])),
        questions=questions.split("\n"),
        asked=ASKED,
        indicators=("W01,T,,", "W02,T,,"),
        settings=sections(("W", "WATER")),
        rules=rules,
        codelists=codes,
        lists=lists,
        tables=tables,
        head=QUESTION,
    )


@cache
def instrument() -> Instrument:
    """The instrument."""
    with TemporaryDirectory() as folder:
        return read_instrument(made().write(Path(folder) / "made"))


def units_round(root: Path) -> Round:
    """A round of it with three participants."""
    return made().round(root, ("AAA", "BBB", "CCC"))
