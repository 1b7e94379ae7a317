"""A made instrument of ratios and of numbers computed by division, from answers, other indicators and a table."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from questionnaire.declaration.form import Instrument
from questionnaire.declaration.instrument import read_instrument
from questionnaire.rounds.round import Round, read_round
from tests.made_instruments import Made, sections, table

QUESTION = (
    "question,type,codelist,minimum,maximum,max_length,relevant_when,required_when,label_en,decimals,unit_en,formula,"
    "numerator,denominator,factor,part_of_whole,reference"
)
QUESTIONS = (
    "begun,whole_number,,,,,,,How many were begun?,,,,,,,,baseline",
    "ended,whole_number,,,,,,,How many have ended?,,,,,,,",
    "weight,number,,-1000,,,,,What do they weigh?,3,kg,,,,,",
    "share,ratio,,,,,,,The share that has ended,1,,,ended,begun,100,yes",
    "per_kilo,ratio,,,,,,,Begun for each kilogram,2,per kg,,begun,weight,,",
    'mean,computed,,,,,,,The mean of the two,2,,"(begun + ended) / 2",,,,',
    "twice,computed,,,,,,,Twice the mean,0,,mean * 2 - W02.begun / 4,,,,",
    "whole,computed,,,,,begun >= 1,,All of them,,,begun + ended,,,,",
    "per_area,ratio,,,,,,,Begun by area,2,per 100 km²,,begun,reference(area),100,",
    'of_oaks,ratio,,,,,,,Begun for each oak,3,,,begun,"at(trees.count, sorts == OAK, grounds == HILL)",1,',
)
ASKED = "begun ended weight share per_kilo mean per_area"
RULES = """
[[rule]]
code = "few_a_kilo"
scope = ["W01", "W02"]
target = "ended"
when = "begun > 0"
check = "ended / begun <= 3 and per_kilo < 1000"
severity = "warning"
reason = "A rule may divide, and look at what is computed."
message = { en = "Many have ended." }
remedy = { en = "Look at it again." }

[[rule]]
code = "fewer_oaks"
scope = ["W01"]
target = "begun"
check = "begun >= at(trees.count, sorts == OAK, grounds == PLAIN)"
severity = "error"
reason = "A rule may look at one cell of a table."
message = { en = "Fewer than oaks in the plain." }
remedy = { en = "Correct one of the two." }
"""
RULES += """
[[rule]]
code = "far_from_baseline"
scope = ["W01", "W02"]
target = "begun"
check = "begun <= 2 * reference(baseline)"
severity = "warning"
reason = "More than twice the baseline asks for a word."
message = { en = "More than twice the baseline." }
remedy = { en = "Say why." }
"""
REFERENCES = """
[[reference]]
item = "area"
label = { en = "Area", fr = "Superficie" }
unit = { en = "km²", fr = "km²" }

[[reference]]
item = "baseline"
label = { en = "Begun in 2020", fr = "Commencés en 2020" }
"""
VALUES = """respondent,item,value,unit,source,period
AAA,area,12345.5,,Atlas <2024> & more,2024
AAA,baseline,4,,Yearbook,
BBB,area,0,ha,Atlas,
"""
TABLES = """
[[table]]
code = "trees"
indicator = "W01"
label = { en = "Trees" }

[[table.dimension]]
codelist = "sorts"
label = { en = "Sort" }

[table.across]
codelist = "grounds"

[[table.column]]
column = "count"
type = "whole_number"
label = { en = "Trees" }
"""
CODES = "sorts,OAK,,,Oak\nsorts,PALM,,,Palm\ngrounds,HILL,,,Hills\ngrounds,PLAIN,,,Plain\n"


def made(*changed: tuple[str, str]) -> Made:
    """The instrument; each old text among its questions and rules is replaced by a new one."""
    questions, rules = "\n".join(QUESTIONS), RULES
    for old, new in changed:
        assert old in questions + rules, old
        questions, rules = questions.replace(old, new), rules.replace(old, new)
    return Made(
        table=table(("WATER", [["One thing"], ["Another thing"]])),
        questions=questions.split("\n"),
        asked=ASKED,
        indicators=("W01,T,twice whole of_oaks,", "W02,T,,"),
        settings=REFERENCES + sections(("W", "WATER")),
        rules=rules,
        codelists=CODES,
        head=QUESTION,
        languages=("en", "fr"),
        tables=TABLES,
    )


@cache
def instrument() -> Instrument:
    """The instrument."""
    with TemporaryDirectory() as folder:
        return read_instrument(made().write(Path(folder) / "made"))


def ratio_round(root: Path, values: str = VALUES) -> Round:
    """A round of it with three participants: AAA, BBB (whose area is 0), and CCC, of whom nothing is known."""
    folder = made().round(root, ("AAA", "BBB", "CCC")).folder
    (folder / "reference.csv").write_text(values, encoding="utf-8")
    return read_round(root / "rounds" / "made", root / "instruments")
