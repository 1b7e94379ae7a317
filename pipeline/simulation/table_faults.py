"""Plants a fault in a table: a total that is not the sum of its parts, with all that a run should find of it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from pipeline.simulation.faults import Planted
from questionnaire.declaration.blocks import ListBlock
from questionnaire.layout import Column, Layout, TableSheet
from questionnaire.rounds.round import Round
from questionnaire.rules.evaluate import Answer, Evaluator, Responses

Lines = list[dict[str, Answer]]
"""What each line of a table says, by column."""


@dataclass(frozen=True)
class TableFault:
    """A table with a fault: its code, its lines, what should be found."""

    table: str
    lines: Lines
    planted: tuple[Planted, ...]


def total_fault(
    layout: Layout, tabs: Mapping[str, str], round_: Round, lines_of: Callable[[ListBlock], Lines]
) -> TableFault | None:
    """The first table with one of its totals too large, the one that breaks the fewest rules; None without totals."""
    for sheet in (listed for listed in layout.lists if isinstance(listed, TableSheet)):
        block, lines = sheet.block, lines_of(sheet.block)
        totals = [(line, column) for _, line, _ in block.totals() for column in block.cells(line)] if lines else []
        totals = [cell for cell in totals if block.is_typed(*cell)]
        planted = {cell: _broken_by(sheet, tabs[sheet.code], round_, lines, cell) for cell in totals}
        broken = [cell for cell in totals if planted[cell]]
        if broken:
            line, column = min(broken, key=lambda cell: len(planted[cell]))
            lines[line - 1][column] = _one_more(lines[line - 1][column])
            return TableFault(block.code, lines, planted[line, column])
    return None


def _broken_by(sheet: TableSheet, tab: str, round_: Round, lines: Lines, cell: tuple[int, str]) -> tuple[Planted, ...]:
    """What is found once a cell of a table holds one more."""
    (line, column), block, instrument = cell, sheet.block, round_.instrument
    given: dict[int, dict[str, Answer]] = {
        number: {**said, **{name: Answer(code) for name, code in block.coordinates(number).items()}}
        for number, said in enumerate(lines, 1)
    }
    if not isinstance(given[line][column].value, int | float):
        return ()
    given[line][column] = _one_more(given[line][column])
    evaluator = Evaluator(instrument, Responses({}, {block.code: given}), round_.period.parameters)
    slots = {(number, slot.field.code): slot for number in given for slot in sheet.asked(number)}
    return tuple(
        Planted(
            rule.code, str(rule.severity), tab, slots[number, rule.target].cell(Column.ANSWER),
            block.indicator, f"{block.code}.{rule.target}",
        )
        for rule in instrument.rules
        if block.code in rule.blocks and not set(rule.lists) - {block.code}
        for number in given
        if (number, rule.target) in slots and evaluator.broken(rule, block.code, number)
    )  # fmt: skip


def _one_more(answer: Answer) -> Answer:
    assert isinstance(answer.value, int | float), "totals are numbers"
    return Answer(answer.value + 1)
