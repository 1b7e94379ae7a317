"""Makes an instrument whose rules look at the lines of its list in every way, and lines drawn for it, good and bad."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from questionnaire.blanks import AnswerStatus
from questionnaire.declaration.answer_types import Coded, SingleChoice, WholeNumber
from questionnaire.declaration.blocks import Field
from questionnaire.declaration.form import Instrument
from questionnaire.declaration.instrument import read_instrument
from questionnaire.rounds.round import Round, read_round
from questionnaire.rules.evaluate import Answer, Line, Responses
from tests.given import mini_round
from tests.with_list import instrument_folder

_COLUMN = """
[[list.column]]
column = "people"
type = "whole_number"
maximum = 500
label = { en = "For how many people", fr = "Pour combien de personnes" }

[[list.column]]
column = "site"
type = "web_reference"
max_length = 40
label = { en = "Its page", fr = "Sa page" }
"""
_RULE = """
[[rule]]
code = "{code}"
scope = {scope}
target = "{target}"
when = "{when}"
check = "{check}"
severity = "{severity}"
reason = "A test."
message = {{ en = "{code} is broken.", fr = "{code} n’est pas respectée." }}
remedy = {{ en = "Mend it.", fr = "Corrigez." }}
"""
_RULES = (
    ("free_for_many", '["projects"]', "people", "free_use == Y", "people >= 10", "error"),
    ("old_and_named", '["projects"]', "name", "begun < 2000 and partner != OTHER", "not filled(name)", "warning"),
    ("people_of_all", '["W01a"]', "total", "", "sum(projects.people) <= 900", "warning"),
    ("people_of_its_own", '["W01a", "F01"]', "total", "", "sum(projects.people, indicator == this) <= 400", "warning"),
    (
        "lines_of_some", '["W01a", "F01"]', "urban", "filled(urban)",
        "lines(projects, indicator == this and (free_use == Y or begun >= 2000) and not partner in (OTHER, BBB)) <= 1",
        "warning",
    ),
    ("free_of_all", '["W01a", "F01"]', "free_projects", "urban >= 1", "free_projects <= all_projects - 1", "error"),
    ("people_of_computed", '["F01"]', "people_served", "all_projects > 1 or not filled(unlisted)", "people_served <= 300", "warning"),
    ("lines_at_all", '["F01"]', "urban", "filled(urban)", "lines(projects) <= 3", "error"),
)  # fmt: skip
_QUESTIONS = """unlisted,whole_number,,,,,,status >= 1,,How many more?,Combien d’autres ?,,,,,,
all_projects,computed,,,,,,status >= 0,,How many projects?,Combien de projets ?,,,,,,"lines(projects, indicator == this) + given(unlisted)"
free_projects,computed,,,,,,,,How many of them are free?,Combien sont gratuits ?,,,,,,"lines(projects, indicator == this and free_use == Y)"
people_served,computed,,,,,,status >= 1,,For how many people?,Pour combien de personnes ?,,,,,,"sum(projects.people, indicator == this) - urban"
"""
COMPUTED = ("all_projects", "free_projects", "people_served")
"""The questions of W01a and F01 that are computed from the lines of the list."""

LINES = 4
_LEVELS = (*[Answer("2")] * 6, Answer("0"), Answer(None, AnswerStatus.NOT_APPLICABLE))


def folder_of(target: Path) -> Path:
    """The folder of the instrument."""
    folder = instrument_folder(target)
    with (folder / "lists.toml").open("a", encoding="utf-8") as file:
        file.write(_COLUMN)
    _ask_computed(folder)
    with (folder / "rules.toml").open("a", encoding="utf-8") as file:
        names = ("code", "scope", "target", "when", "check", "severity")
        file.writelines(_RULE.format(**dict(zip(names, rule, strict=True))) for rule in _RULES)
    return folder


def _ask_computed(folder: Path) -> None:
    """Ask W01a and F01 the computed questions too."""
    path = folder / "questions.csv"
    head, rest = path.read_text(encoding="utf-8").split("\n", 1)
    path.write_text(f"{head},formula\n{rest}{_QUESTIONS}", encoding="utf-8")
    path = folder / "indicators.csv"
    text = path.read_text(encoding="utf-8")
    for asked in ("COUNT,regions targeted", "COUNT,targeted covered bare depth"):
        assert text.count(f",{asked},") == 1
        text = text.replace(f",{asked},", f",{asked} unlisted {' '.join(COMPUTED)},")
    path.write_text(text, encoding="utf-8")


@cache
def listing() -> Instrument:
    """The small instrument with a list of projects, their people, and rules over them."""
    with TemporaryDirectory() as folder:
        return read_instrument(folder_of(Path(folder) / "mini"))


def listing_round(root: Path) -> Round:
    """A round of it with three participants: AAA, BBB (French), CCC."""
    folder_of(root / "instruments" / "mini")
    return read_round(mini_round(root).folder, root / "instruments")


def drawn(random: Random, respondent: str) -> Responses:
    """Some lines, some of them alike, and the answers that go with lists, right or wrong."""
    numbers = sorted(random.sample(range(1, LINES + 1), random.randint(0, LINES)))
    lines = {number: _line(random) for number in numbers}
    lines = {number: line for number, line in lines.items() if line}
    if len(lines) > 1 and random.random() < 0.4:
        first, *others = lines
        lines[random.choice(others)] = lines[first]
    answers = {(block, "status"): random.choice(_LEVELS) for block in ("W01a", "F01")}
    for block in ("W01a", "F01"):
        for field in ("total", "urban"):
            if random.random() < 0.7:
                answers[block, field] = Answer(float(random.randint(0, 3)))
        roll = random.random()
        if roll < 0.6:
            answers[block, "unlisted"] = Answer(float(random.randint(0, 3)))
        elif roll < 0.7:
            answers[block, "unlisted"] = Answer(None, AnswerStatus.CONFIDENTIAL)
    return Responses(answers, {"projects": lines}, respondent)


def _line(random: Random) -> Line:
    cells = {field.code: _cell(random, field) for field in listing().lists[0].fields if random.random() < 0.75}
    return {code: answer for code, answer in cells.items() if answer is not None}


def _cell(random: Random, field: Field) -> Answer | None:
    roll, scalar = random.random(), field.type
    if roll < 0.06:
        return Answer(None, AnswerStatus.UNREADABLE)
    if roll < 0.12:
        return Answer(None, AnswerStatus.CONFIDENTIAL)
    if isinstance(scalar, SingleChoice):
        return Answer(random.choice(scalar.codelist.value_codes))
    if isinstance(scalar, Coded):
        return Answer(random.choice(("Y", "N")))
    if field.code == "name":
        return Answer(random.choice(("Utopia", "utopia", "x" * 21)))
    if field.code == "site":
        return Answer(random.choice(("https://example.org/wells", "example.org", "https://example.org/" + "x" * 30)))
    low, high = (0, 520) if isinstance(scalar, WholeNumber) else (1988, 2026)
    return Answer(float(random.choice((low, high, random.randint(low, high)))))
