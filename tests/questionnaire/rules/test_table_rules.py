"""Totals of tables: which lines and columns must add up to them, judged by the evaluator that defines what rules mean."""

from dataclasses import replace
from pathlib import Path

import pytest

from questionnaire.blanks import AnswerStatus
from questionnaire.declaration.answer_types import Percent
from questionnaire.declaration.instrument import read_instrument
from questionnaire.declaration.lists.table_block import TableBlock
from questionnaire.rules.evaluate import Answer, Evaluator, Responses
from questionnaire.rules.table_rules import rules_of_table
from questionnaire.tables import DeclarationError
from tests.given import PERIOD, replace_in
from tests.with_table import instrument, instrument_folder, table

Cells = dict[int, dict[str, float | Answer]]
ND = Answer(status=AnswerStatus.NOT_AVAILABLE)


def broken(block: TableBlock, given: Cells) -> list[tuple[str, int, str]]:
    """(code, line, column) of every rule on totals that these cells break."""
    lines = {
        number: {
            **{name: Answer(code) for name, code in block.coordinates(number).items()},
            **{
                name: cell if isinstance(cell, Answer) else Answer(cell) for name, cell in given.get(number, {}).items()
            },
        }
        for number in range(1, block.most_lines + 1)
    }
    evaluator = Evaluator(instrument(), Responses({}, {block.code: lines}), PERIOD)
    return [
        (rule.code, line, rule.target)
        for rule in rules_of_table(block)
        for line in lines
        if evaluator.broken(rule, block.code, line)
    ]


@pytest.mark.parametrize(
    ("oaks", "palms", "total", "found"),
    [
        (3, 4, 7, []),
        (3, 4, 8, [("lines_total", 6, "planted")]),
        (3, 4, 6, [("lines_total", 6, "planted")]),
        (3, ND, 9, []),
        (3, ND, 2, [("lines_total", 6, "planted")]),
        (3, 4, ND, []),
    ],
)
def test_lines_total__in_the_plain(
    oaks: float, palms: float | Answer, total: float | Answer, found: list[tuple[str, int, str]]
) -> None:
    cells: Cells = {2: {"planted": oaks}, 4: {"planted": palms}, 6: {"planted": total}}
    assert broken(table(), cells) == found


def test_lines_total__part_that_cannot_occur__is_no_missing_part() -> None:
    assert broken(table(), {1: {"planted": 3}, 5: {"planted": 4}}) == [("lines_total", 5, "planted")]


@pytest.mark.parametrize(("total", "found"), [(101.1, []), (101.11, [("lines_total", 6, "alive")])])
def test_lines_total__percentages__may_differ_by_half_a_unit_of_the_last_decimal_a_part(
    total: float, found: list[tuple[str, int, str]]
) -> None:
    assert isinstance(table().field("alive").type, Percent)
    assert broken(table(), {2: {"alive": 50.5}, 4: {"alive": 50.5}, 6: {"alive": total}}) == found


def test_lines_total__declared_tolerance__is_what_counts() -> None:
    wide = replace(table(), tolerance=2)
    cells: Cells = {2: {"planted": 3}, 4: {"planted": 4}, 6: {"planted": 9}}
    assert broken(wide, cells) == []
    cells[6]["planted"] = 10
    assert broken(wide, cells) == [("lines_total", 6, "planted")]


@pytest.mark.parametrize(
    ("first", "second", "total", "found"),
    [(1, 2, 3, []), (1, 2, 4, [("columns_total", 2, "dug_all")]), (1, ND, 0, [("columns_total", 2, "dug_all")])],
)
def test_columns_total__of_a_line(
    first: float, second: float | Answer, total: float, found: list[tuple[str, int, str]]
) -> None:
    assert broken(table("wells"), {2: {"dug_2024": first, "dug_2025": second, "dug_all": total}}) == found


def test_same__a_rule_on_a_measure__is_one_for_each_column_that_both_tables_have() -> None:
    rules = [rule for rule in instrument().rules if rule.code == "dry_at_most_dug"]
    assert [(rule.blocks, rule.target, rule.lists) for rule in rules] == [
        (("dry",), column, ("wells",)) for column in ("dry_2024", "dry_2025", "dry_all")
    ]


@pytest.mark.parametrize(("dug", "dry", "found"), [(3, 3, False), (3, 4, True), (ND, 4, False), (3, ND, False)])
def test_same__part_of_another_table__is_compared_in_the_same_line_and_column(
    dug: float | Answer, dry: float | Answer, found: bool
) -> None:
    rule = next(rule for rule in instrument().rules if (rule.code, rule.target) == ("dry_at_most_dug", "dry_2025"))
    lines = {
        code: {
            line: {"grounds": Answer(ground), column: value if isinstance(value, Answer) else Answer(value)}
            for line, (ground, value) in enumerate((("HILL", other), ("PLAIN", given)), 1)
        }
        for code, column, other, given in (("wells", "dug_2025", 0, dug), ("dry", "dry_2025", 0, dry))
    }
    evaluator = Evaluator(instrument(), Responses({}, lines), PERIOD)
    assert not evaluator.broken(rule, "dry", 1)
    assert evaluator.broken(rule, "dry", 2) is found


@pytest.mark.parametrize(
    ("check", "fault"),
    [
        ("dry <= same(dug)", "is no column of another table"),
        ("dry <= same(dry.dry)", "is no column of another table"),
        ("dry <= same(trees.planted)", "has lines by sorts"),
        ("dry <= same(wells.grounds)", "is no number"),
    ],
)
def test_same__what_is_not_in_the_same_line__is_refused(tmp_path: Path, check: str, fault: str) -> None:
    folder = instrument_folder(tmp_path / "mini")
    replace_in(folder / "rules.toml", "dry <= same(wells.dug)", check)
    with pytest.raises(DeclarationError, match=fault):
        read_instrument(folder)


def test_before__a_rule_on_a_measure__is_one_for_each_column_that_has_another_before_it() -> None:
    rules = [rule for rule in instrument().rules if rule.code == "dug_jump"]
    assert [(rule.target, [ref.field for ref in rule.refs], rule.lists) for rule in rules] == [
        ("dug_2025", ["dug_2025", "dug_2024"], ())
    ]


@pytest.mark.parametrize(("before", "now", "found"), [(2, 5, False), (2, 6, True), (ND, 6, False), (2, ND, False)])
def test_before__the_number_of_the_year_before__is_that_of_the_same_line(
    before: float | Answer, now: float | Answer, found: bool
) -> None:
    rule = next(rule for rule in instrument().rules if rule.code == "dug_jump")
    given = {
        column: value if isinstance(value, Answer) else Answer(value)
        for column, value in (("dug_2024", before), ("dug_2025", now), ("dug_all", 0))
    }
    evaluator = Evaluator(instrument(), Responses({}, {"wells": {1: {"dug_2024": Answer(9)}, 2: given}}), PERIOD)
    assert evaluator.broken(rule, "wells", 2) is found


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("before(dug)", "before(grounds)", "is no number that this table measures: write before\\(dug\\)"),
        ("before(dug)", "sum(wells.dug_all, before(dug) > 1)", "is looked for one column earlier"),
        ("sum(rain.days, period == period_end)", "before(days)", "is looked for one column earlier"),
    ],
)
def test_before__where_no_column_stands_before__is_refused(tmp_path: Path, old: str, new: str, fault: str) -> None:
    folder = instrument_folder(tmp_path / "mini")
    replace_in(folder / "rules.toml", old, new)
    with pytest.raises(DeclarationError, match=fault):
        read_instrument(folder)
