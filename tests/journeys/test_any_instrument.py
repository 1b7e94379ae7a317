"""Whatever instrument is accepted runs to the end: questionnaires, simulated returns, dataset, gate.

In each, what was planted is found, and nothing else.
"""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from pipeline.journey import consolidate_round
from pipeline.simulation.simulate import REGISTER, simulate
from questionnaire.messages import say
from questionnaire.rounds.access import Access
from questionnaire.rounds.round import Round
from tests import with_units
from tests.made_instruments import Made, indicators, sections, table

TWO = table(("WATER", [["Wells dug"], ["Pipes laid"]]))
WATER = sections(("W", "WATER"))
COUNT = "count,whole_number,,,,,,,,How many?"
NOTE = "note,text,,,,100,,,,What else?"
STAGE = "stage,single_choice,stage,,,,,,always,How far?"

# Every answer type, each question always required, a choice of one code, and rules that tie the answers together.
EVERY_TYPE = (
    "a,whole_number,,1,9,,,,always,A?", "b,text,,,,5,,,always,B?", "c,multiple_choice,one,,,,,,always,C?",
    "d,date,,,,,,,always,D?", "e,yes_no,,,,,,,always,E?", "f,year,,,period_end,,yes,,always,F?",
    "g,single_choice,one,,,,,,always,G?", "h,amount,one,,,,,,always,H?", "i,web_reference,,,,40,,,always,I?",
)  # fmt: skip
RULE = """[[rule]]
code = "{code}"
scope = ["*"]
target = "a"
check = "{check}"
severity = "error"
reason = "It must hold."
message = {{ en = "It does not hold." }}
remedy = {{ en = "Make it hold." }}
"""
RULES = RULE.format(code="after", check="year(d) >= f") + RULE.format(code="length", check="2 * a == length(b) + 1")

LIST = """[[list]]
code = "works"
lines = 30
label = {{ en = "List of works" }}
[[list.column]]
column = "indicator"
type = "indicator"
required = true
label = {{ en = "Counts for" }}
[[list.column.option]]
code = "{indicator}"
label = {{ en = "The first one" }}
[[list.column]]
column = "partner"
type = "single_choice"
codelist = "{partners}"
required = true
others_only = true
label = {{ en = "With whom" }}
[[list.column]]
column = "open"
type = "yes_no"
label = {{ en = "Open to all" }}
[[list.count]]
question = "count"
"""
BILATERAL = '[list.bilateral]\npartner = "partner"\ncolumn = "open"\ncode = "Y"\n'
SCHOOLS = [f"S-{number:04}" for number in range(200)]
PARTS = "ABCDEFGHIJ"
LETTERS = [*"abcdefghijklmnopqrstuvwxyz", "aa", "ab", "ac", "ad"]

PRINTED = ("1.1", "1.10", "1.a.1", "A.CT.1", "BPfA-REP-001", "2/3", "4(b)", "IV")
AS_PRINTED = "\n".join(
    ["code,section,objective_code,objective,indicator", *(f"{code},WATER,1,Aim,Thing {code}" for code in PRINTED)]
)
BETWEEN = RULE.format(code="between", check="I1_a_1.count <= I4_b.count + 100000").replace(
    'scope = ["*"]\ntarget = "a"', 'scope = ["1.a.1"]\ntarget = "count"'
)

CASES: dict[str, tuple[Made, list[str]]] = {
    "units that respondents choose": (with_units.made(), ["AAA", "BBB", "CCC", "DDD"]),
    "without a level": (Made(TWO, (COUNT, NOTE), "count note", indicators("W01", "W02"), WATER), ["AAA", "BBB", "CCC"]),
    "all whole numbers": (
        Made(TWO, (COUNT, "more,whole_number,,5,20,,,,,More?"), "count more", indicators("W01", "W02"), WATER),
        ["AAA", "BBB", "CCC"],
    ),
    "everything always required": (
        Made(TWO, EVERY_TYPE, "a b c d e f g h i", indicators("W01", "W02"), WATER, RULES, "one,ONLY,,,The only one\n"),
        [f"R{number}" for number in range(30)],
    ),
    "no sections": (
        Made(table(("", [["Wells dug"], ["Pipes laid"]])), (COUNT,), "count", indicators("S01", "S02")), ["AAA", "BBB"]
    ),
    "thirty indicators under one objective": (
        Made(
            table(("WATER", [[f"Thing {number}" for number in range(30)]])), (COUNT,), "count",
            indicators(*(f"W01{letter}" for letter in LETTERS)), WATER,
        ),
        ["AAA"],
    ),
    "no-break spaces in headings": (
        Made(
            table(("WATER\u00a0AND\u202fLAND", [["Wells dug"]]), ("FIRE AND ICE", [["Fires put out"]])), (COUNT,),
            "count", indicators("W01", "F01"), sections(("W", "WATER AND LAND"), ("F", "FIRE\u00a0AND\u202fICE")),
        ),
        ["AAA", "BBB"],
    ),
    "two hundred schools and a list of states": (
        Made(
            TWO, (COUNT, NOTE), "count note", indicators("W01", "W02"), WATER,
            lists=LIST.format(indicator="W01", partners="colours") + BILATERAL,
        ),
        SCHOOLS,
    ),
    "one question to thirty respondents": (
        Made(table(("WATER", [["Wells dug"]])), (COUNT,), "count", indicators("W01"), WATER),
        [f"R{number}" for number in range(30)],
    ),
    "one respondent": (Made(TWO, (COUNT,), "count", indicators("W01", "W02"), WATER), ["AAA"]),
    "five respondents and a list without bilateral consistency": (
        Made(
            TWO, (COUNT, STAGE), "stage count", ("W01,T,,2", "W02,T,-stage,"), 'level = "stage"\n' + WATER,
            lists=LIST.format(indicator="W01", partners="colours"),
            types="indicator_type,label_en,questions,anchors_en\nT,Thing,,little | some | much\n",
        ),
        ["AAA", "BBB", "CCC", "DDD", "EEE"],
    ),
    "identifiers as they are printed": (
        Made(
            AS_PRINTED, (COUNT, NOTE, STAGE), "stage count note", indicators(*PRINTED),
            'level = "stage"\n' + sections(("1", "WATER")), BETWEEN,
            lists=LIST.format(indicator="1.a.1", partners="colours") + BILATERAL,
        ),
        ["AAA", "BBB", "CCC"],
    ),
    "three hundred indicators and a list": (
        Made(
            table(*((f"PART {part}X", [[f"Thing {part}{number}"] for number in range(30)]) for part in PARTS)),
            (COUNT, NOTE, STAGE), "stage count note",
            indicators(*(f"{part}{number:02}" for part in PARTS for number in range(1, 31))),
            'level = "stage"\n' + sections(*((part, f"PART {part}X") for part in PARTS)),
            lists=LIST.format(indicator="A01", partners="colours") + BILATERAL,
        ),
        ["AAA", "BBB"],
    ),
}  # fmt: skip


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def unexpected(round_: Round) -> list[tuple[str, ...]]:
    """What was planted and not found, and what was found and not planted: verdicts, then findings in their cells."""
    planted: dict[str, set[tuple[str, ...]]] = defaultdict(set)
    found: dict[str, set[tuple[str, ...]]] = defaultdict(set)
    for row in rows(round_.folder / REGISTER):
        planted[row["file"]] |= {("verdict", row["verdict"])}
        planted[row["file"]] |= {(row["finding"], row["severity"], row["sheet"], row["cell"])} - {("", "", "", "")}
    for row in rows(round_.results(Access.RESTRICTED) / "returns.csv"):
        found[row["file"]].add(("verdict", row["verdict"]))
    for row in rows(round_.results(Access.RESTRICTED) / "findings.csv"):
        found[row["file"]].add((row["code"], row["severity"], row["sheet"], row["cell"]))
    return [(file, *entry) for file in planted | found for entry in planted[file] ^ found[file]]


USUAL = ("without a level",)
"""The cases that the usual tests run; the others are wide."""


@pytest.mark.parametrize(
    "case", [pytest.param(case, marks=() if case in USUAL else pytest.mark.wide) for case in CASES]
)
def test_round__of_an_instrument_that_is_accepted__runs_to_the_end(case: str, tmp_path: Path) -> None:
    made, respondents = CASES[case]
    round_ = made.round(tmp_path, respondents)
    written = simulate(round_, seed=1)
    assert consolidate_round(round_).figures.expectations
    assert unexpected(round_) == []
    senders = {entry.respondent for entry in written} - {""}
    assert len(senders) >= 0.8 * len(respondents) - 1
    regional = pd.read_parquet(round_.results(Access.RESTRICTED) / "regional.parquet")
    assert list(regional["indicator"]) == [item.code for item in round_.instrument.indicators] * len(respondents)
    observed = pd.read_parquet(round_.results(Access.RESTRICTED) / "observations.parquet")
    assert {*observed["INDICATOR"]} <= {item.name for item in round_.instrument.indicators}


@pytest.mark.wide
def test_dataset__of_an_instrument_without_a_level__says_nothing_of_levels(tmp_path: Path) -> None:
    round_ = CASES["without a level"][0].round(tmp_path, ["AAA"])
    simulate(round_, seed=1)
    consolidate_round(round_)
    regional = pd.read_parquet(round_.results(Access.RESTRICTED) / "regional.parquet")
    assert not {"level", "level_code", "met", "met_from_level", "obs_status"} & set(regional.columns)
    thing = pd.read_parquet(round_.results(Access.RESTRICTED) / "type_t.parquet")
    assert list(thing.columns) == [
        "round", "respondent", "respondent_name", "section", "indicator", "response",
        "count", "count__answer_status", "note", "note__answer_status", "submission",
    ]  # fmt: skip
    assert "met_from_level" not in pd.read_csv(round_.results(Access.RESTRICTED) / "questions.csv").columns
    page = (round_.results(Access.RESTRICTED) / "data_docs" / "index.html").read_text(encoding="utf-8")
    checked = re.findall(r"</span></td><td>([^<]+)</td>", page)
    assert checked
    assert [sentence for sentence in checked if "level" in sentence] == []
    book = openpyxl.load_workbook(round_.results(Access.RESTRICTED) / "regional_dataset.xlsx")
    assert say("dataset", "sheet_levels", "en") not in book.sheetnames
    about = [str(cell.value) for row in book[say("dataset", "sheet_about", "en")].iter_rows() for cell in row]
    assert not [text for text in about if "level" in text.lower()]


@pytest.mark.wide
def test_dataset__of_an_indicator_without_the_level_question__has_a_level_that_cannot_exist(tmp_path: Path) -> None:
    made = CASES["five respondents and a list without bilateral consistency"][0]
    round_ = made.round(tmp_path, ["AAA"])
    simulate(round_, seed=1)
    consolidate_round(round_)
    regional = pd.read_parquet(round_.results(Access.RESTRICTED) / "regional.parquet").set_index("indicator")
    assert (regional.loc["W01", "level_code"], regional.loc["W01", "level"]) in (("LOW", 1), ("MID", 2), ("HIGH", 3))
    assert regional.loc["W02", ["level", "level_code", "met"]].isna().all()
    assert regional.loc["W02", "obs_status"] == "M"
    book = openpyxl.load_workbook(round_.results(Access.RESTRICTED) / "regional_dataset.xlsx")
    levels = book[say("dataset", "sheet_levels", "en")]
    assert [cell.value for cell in levels[2]][4:] == ["W01"]
