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


def made(*changed: tuple[str, str]) -> Made:
    """The instrument; each old text among its questions, codes and rules is replaced by a new one."""
    texts = ["\n".join(QUESTIONS), CODES, RULES]
    for old, new in changed:
        assert any(old in text for text in texts), old
        texts = [text.replace(old, new) for text in texts]
    questions, codes, rules = texts
    return Made(
        table=table(("WATER", [["One thing"], ["Another thing"]])),
        questions=questions.split("\n"),
        asked=ASKED,
        indicators=("W01,T,,", "W02,T,,"),
        settings=sections(("W", "WATER")),
        rules=rules,
        codelists=codes,
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
