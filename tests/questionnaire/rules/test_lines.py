"""What is counted and compared over the lines of a list, and the rules that a list brings with it."""

from __future__ import annotations

import pytest

from questionnaire.blanks import AnswerStatus
from questionnaire.rules.conditions import AlikeLines, Always, CodeIn, LineCount, LineNumber, LineSum, Quantity, Ref
from questionnaire.rules.evaluate import Answer, Evaluator, Line, Responses, content_text
from questionnaire.rules.rule import Severity
from tests.contract.list_sets import listing
from tests.given import PERIOD

UNREADABLE = Answer(None, AnswerStatus.UNREADABLE)
WELLS: Line = {"indicator": Answer("W01a"), "partner": Answer("BBB"), "people": Answer(30.0), "free_use": Answer("Y")}
TREES: Line = {"indicator": Answer("F01"), "partner": Answer("CCC"), "people": Answer(5.0), "free_use": Answer("N")}
NOBODY: Line = {"indicator": Answer("W01a"), "partner": Answer("CCC"), "free_use": Answer("N")}
FREE = CodeIn(Ref("free_use"), ("Y",), ())
OF_WELLS = CodeIn(Ref("indicator"), ("W01a",), ())


def evaluator(*lines: Line, total: float | None = None, urban: float | None = None) -> Evaluator:
    said = {"total": total, "urban": urban}
    answers = {("W01a", field): Answer(number) for field, number in said.items() if number is not None}
    return Evaluator(listing(), Responses(answers, {"projects": dict(enumerate(lines, 1))}, "AAA"), PERIOD)


@pytest.mark.parametrize(
    ("quantity", "number"),
    [
        (LineCount("projects", Always()), 3),
        (LineCount("projects", FREE), 1),
        (LineCount("projects", OF_WELLS), 2),
        (LineSum("projects", Ref("people"), Always()), 35),
        (LineSum("projects", Ref("people"), OF_WELLS), 30),
        (LineSum("projects", Ref("begun"), Always()), 0),
    ],
)
def test_quantity__over_lines__is_of_those_that_meet_the_condition(quantity: Quantity, number: float) -> None:
    assert evaluator(WELLS, TREES, NOBODY).quantity(quantity, "W01a") == number
    assert evaluator().quantity(quantity, "W01a") == 0


def test_alike__of_each_line__counts_those_that_say_the_same() -> None:
    small, capital = ({**TREES, "name": Answer(name)} for name in ("utopia", "Utopia"))
    secret, blank = {**TREES, "name": Answer(None, AnswerStatus.CONFIDENTIAL)}, {**TREES, "name": Answer("")}
    unclear = {**TREES, "begun": UNREADABLE}
    judged = evaluator(WELLS, small, capital, secret, blank, unclear, unclear, {**WELLS, "people": Answer(30)})
    assert [judged.quantity(AlikeLines(), "projects", line) for line in range(1, 9)] == [2, 2, 2, 1, 1, 1, 1, 2]
    assert judged.quantity(LineNumber(), "projects", 3) == 3


def test_content__of_a_number_or_a_reason__is_what_a_spreadsheet_compares() -> None:
    assert content_text(30.0, AnswerStatus.ANSWERED) == content_text(30, AnswerStatus.ANSWERED) == "30"
    assert content_text(None, AnswerStatus.SKIPPED) == ""
    assert content_text(None, AnswerStatus.UNREADABLE) != ""


def broken(judged: Evaluator, code: str, line: int = 1) -> list[str]:
    """The targets of the rules with a code that are broken, in W01a or in a line."""
    rules = [rule for rule in listing().rules if rule.code == code]
    assert rules
    blocks = ("projects", "W01a")
    return [
        rule.target for rule in rules for block in blocks if block in rule.blocks and judged.broken(rule, block, line)
    ]


@pytest.mark.parametrize(
    ("lines", "total", "urban", "targets"),
    [
        ((WELLS, NOBODY), 2, 1, []),
        ((WELLS, NOBODY), 1, 1, ["total"]),
        ((WELLS, NOBODY), 3, 1, ["total"]),
        ((WELLS, NOBODY), 2, 2, ["urban"]),
        ((), 2, 1, []),
        ((TREES,), 2, 1, []),
        ((WELLS, {**NOBODY, "indicator": UNREADABLE}), 9, 9, []),
        ((WELLS, {**NOBODY, "free_use": UNREADABLE}), 9, 9, ["total"]),
        ((WELLS, {**TREES, "free_use": UNREADABLE}), 1, 9, ["urban"]),
        ((WELLS, {}), 9, 9, []),
    ],
)
def test_counts__lines_that_say_whose_they_are__must_agree(
    lines: tuple[Line, ...], total: float, urban: float, targets: list[str]
) -> None:
    assert broken(evaluator(*lines, total=total, urban=urban), "lines_counted") == targets


def test_list__twice_the_same_line__is_pointed_out_at_both() -> None:
    judged = evaluator(WELLS, TREES, WELLS)
    assert [broken(judged, "line_repeated", line) for line in (1, 2, 3)] == [["indicator"], [], ["indicator"]]


def test_list__more_lines_than_the_form_has__is_said_of_those_beyond() -> None:
    assert broken(evaluator(*[WELLS] * 4), "too_many_lines", 4) == []
    judged = evaluator(*[WELLS] * 5)
    assert [broken(judged, "too_many_lines", line) for line in (4, 5)] == [[], ["indicator"]]
    elsewhere = Evaluator(listing(), Responses({}, {"projects": dict.fromkeys((1, 2, 4, 5), WELLS)}, "AAA"), PERIOD)
    assert broken(elsewhere, "too_many_lines", 5) == []


def test_line__that_names_the_respondent_itself__is_an_error() -> None:
    judged = evaluator(WELLS, {**WELLS, "partner": Answer("AAA")})
    assert [broken(judged, "names_itself", line) for line in (1, 2)] == [[], ["partner"]]


def test_line__that_lacks_what_it_needs__is_an_error_in_every_line() -> None:
    judged = evaluator({**WELLS, "partner": Answer("OTHER")}, {"name": Answer("Utopia")})
    assert [broken(judged, "line_incomplete", line) for line in (1, 2)] == [["name"], ["indicator", "partner"]]
    assert {rule.severity for rule in listing().rules if rule.code == "line_incomplete"} == {Severity.ERROR}
