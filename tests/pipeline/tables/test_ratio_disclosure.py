"""Rates and totals of tables, attacked: what is divided by a number that everybody knows gives nothing away."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from questionnaire.rounds.access import Access
from questionnaire.rules.evaluate import Answer, Line, Responses
from tests.made_instruments import Made as MadeInstrument
from tests.made_instruments import indicators, sections, table
from tests.pipeline.tables.attack import Attack
from tests.pipeline.tables.made import Made, round_of

POPULATION = {"AAA": 300_000.0, "BBB": 400_000.0, "CCC": 90_000.0, "DDD": 12_345.0, "EEE": 50_000.0}
# In each line of the table: women under and over 18 and together, then men, then both.
CASES: Mapping[str, tuple[int, ...]] = {
    "AAA": (2, 40, 42, 30, 50, 80, 32, 90, 122),
    "BBB": (20, 40, 60, 30, 50, 80, 50, 90, 140),
    "CCC": (0, 3, 3, 0, 0, 0, 0, 3, 3),
    "DDD": (0, 0, 0, 0, 0, 0, 0, 0, 0),
    "EEE": (9, 9, 18, 1, 9, 10, 10, 18, 28),
}
HELPED = {"AAA": 90, "BBB": 3, "CCC": 2, "DDD": 0, "EEE": 12}
DECLARED = MadeInstrument(
    table(("VICTIMS", [["Victims protected"]])),
    (
        "helped,whole_number,,,,How many helped?,persons,,,,",
        'rate,ratio,,,,Victims per 100 000,,2,"at(cases.persons, sex == T, age == ALL)",reference(people),100000',
        'women,ratio,,,,Share of women,,1,"at(cases.persons, sex == F, age == ALL)",'
        '"at(cases.persons, sex == T, age == ALL)",100',
        "served,ratio,,,,Helped per 1 000,,3,helped,reference(people),1000",
    ),
    "helped rate women served",
    indicators("V01"),
    '[[reference]]\nitem = "people"\nlabel = { en = "People" }\n' + sections(("V", "VICTIMS")),
    head="question,type,codelist,relevant_when,required_when,label_en,discloses,decimals,numerator,denominator,factor",
    codelists="sex,F,,,Women\nsex,M,,,Men\nsex,T,,,Both\nage,CHILD,,,Under 18\nage,ADULT,,,Older\nage,ALL,,,All\n",
    tables="""
[[table]]
code = "cases"
indicator = "V01"
label = { en = "Cases" }
[[table.dimension]]
codelist = "sex"
total = "T"
label = { en = "Sex" }
[[table.dimension]]
codelist = "age"
total = "ALL"
label = { en = "Age" }
[[table.column]]
column = "persons"
type = "whole_number"
discloses = "persons"
label = { en = "Persons" }
""",
)


def given(respondent: str) -> Responses:
    """The answers of a respondent, and what follows from them as the program computes it."""
    cases, helped, people = CASES[respondent], HELPED[respondent], POPULATION[respondent]
    asked = {
        "helped": helped,
        "rate": round(cases[-1] / people * 100_000, 2),
        "served": round(helped / people * 1000, 3),
    }
    asked |= {"women": round(cases[2] / cases[-1] * 100, 1)} if cases[-1] else {}
    at = [(sex, age) for sex in "FMT" for age in ("CHILD", "ADULT", "ALL")]
    lines: dict[int, Line] = {
        number: {"sex": Answer(sex), "age": Answer(age), "persons": Answer(float(count))}
        for number, ((sex, age), count) in enumerate(zip(at, cases, strict=True), 1)
    }
    return Responses({("V01", code): Answer(float(number)) for code, number in asked.items()}, {"cases": lines})


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    folder: Path = tmp_path_factory.mktemp("ratios")
    instrument = DECLARED.round(folder, ["AAA"]).instrument
    known = {respondent: {"people": people} for respondent, people in POPULATION.items()}
    (folder / "made").mkdir()
    round_ = round_of(replace(instrument, reference_values=known), *CASES)
    return Made(round_, folder / "made", {respondent: given(respondent) for respondent in CASES})


@pytest.fixture(scope="module")
def attack(made: Made) -> Attack:
    return Attack(made.round.instrument, made.folders[Access.PUBLIC], {})


def test_public__rates_go_with_the_counts_that_they_are_made_of_and_the_rest_stays(attack: Attack) -> None:
    ratios = {
        code: {cell[3] for cell in {*attack.hidden, *attack.withheld} if cell[:2] == (code, "V01")} for code in CASES
    }
    assert ratios == {
        "AAA": {"rate", "women"},
        "BBB": {"helped", "served"},
        "CCC": {"rate", "women", "helped", "served"},
        "DDD": set(),
        "EEE": {"rate", "women"},
    }
    assert {cell[0] for cell in attack.hidden if cell[1] == "cases"} == {"AAA", "CCC", "EEE"}
    assert (attack.known["BBB", "V01", 0, "rate"], attack.known["BBB", "V01", 0, "women"]) == (35.0, 42.9)


def test_public__observations_of_tables__have_what_is_suppressed_as_confidential(made: Made) -> None:
    columns = ("REF_AREA", "MEASURE", "SEX", "AGE", "OBS_VALUE", "OBS_STATUS")
    found = {row[:4]: row[4:] for row in zip(*(made.public("observations", name) for name in columns), strict=True)}
    assert found["BBB", "cases__persons", "F", "CHILD"] == ("20", "A")
    assert found["CCC", "cases__persons", "F", "ADULT"] == (None, "Q")
    assert found["CCC", "rate", "_Z", "_Z"] == (None, "Q")


@pytest.mark.wide
def test_public__attacked_by_rates_and_totals__gives_no_count_away(attack: Attack, made: Made) -> None:
    assert attack.given_away(attack.true(made.folders[Access.RESTRICTED])) == []


@pytest.mark.parametrize(
    ("respondent", "code", "shown", "place", "count"),
    [("CCC", "rate", 3.33, ("cases", 8, "persons"), 3), ("BBB", "served", 0.008, ("V01", 0, "helped"), 3)],
)
def test_attack__were_a_rate_shown__finds_the_count(
    made: Made, respondent: str, code: str, shown: float, place: tuple[str, int, str], count: int
) -> None:
    """What the public edition must not do, done on purpose: the attack can fail."""
    attack = Attack(made.round.instrument, made.folders[Access.PUBLIC], {})
    block, line, field = place
    first = min(cell[2] for cell in attack.hidden if cell[:2] == (respondent, block))
    cell = (respondent, block, first + line, field)
    assert [attack.can_be(cell, number, number) for number in (1, 2, 3, 4)] == [(n, n) for n in (1, 2, 3, 4)]
    attack.show((respondent, "V01", 0, code), shown)
    assert attack.can_be(cell, 0, 1000) == (count, count)
