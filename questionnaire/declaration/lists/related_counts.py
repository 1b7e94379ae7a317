"""Finds which numbers the rules relate to counts of persons: one of them that is known could give another away."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from questionnaire.declaration.blocks import PERSONS
from questionnaire.declaration.form import Instrument
from questionnaire.declaration.lists.table_block import TableBlock
from questionnaire.rules.conditions import (
    Compare,
    Given,
    LineCount,
    LineSum,
    Node,
    SameLine,
    TableCell,
    Value,
    refs,
    walk,
)
from questionnaire.rules.rule import Rule, Severity

Cell = tuple[str, str]
"""A block and one of its fields."""


@dataclass(frozen=True)
class RelatedCounts:
    """Numbers that are shown together or not at all: counts of persons, and what rules relate to them.

    `by_line`: within each line of a list, since no rule adds up its lines. `across_rounds`: a rule that must hold also
    relates them to answers of the previous round. `parts`: what is at most one of them; it goes with them where they
    are compared with what was shown in the previous round, since it would bound from below what changed by few.
    """

    cells: frozenset[Cell]
    by_line: bool
    across_rounds: bool
    parts: frozenset[Cell] = frozenset()


@dataclass
class _Relations:
    """What is found while rules are looked at: sets of cells, by each of their cells, and the rest of the facts.

    `parts` are pairs of counts of persons of which one is at most the other, and nothing else is said of them.
    """

    sets: dict[Cell, frozenset[Cell]]
    parts: set[tuple[Cell, Cell]] = field(default_factory=set)
    summed: set[Cell] = field(default_factory=set)
    over_rounds: set[Cell] = field(default_factory=set)

    def join(self, *cells: Cell) -> None:
        joined = frozenset().union(*(self.sets[cell] for cell in cells))
        self.sets |= dict.fromkeys(joined, joined)

    def parts_of(self, cells: frozenset[Cell]) -> frozenset[Cell]:
        """What is at most a cell of a set, without being joined to it."""
        return frozenset(part for part, whole in self.parts if whole in cells and part not in cells)

    def join_parts(self) -> None:
        """Join a part to its whole where the whole, known, would narrow what is not known.

        A small part alone leaves its whole, which is 5 or more where it is shown, and stays open from 1 to 4. One that
        is a whole itself, or part of two, or that is added up with others, does not: its limits would limit them.
        """
        wholes = {whole for _, whole in self.parts}
        within = Counter(part for part, _ in self.parts)
        before = None
        while before != self.sets:
            before = dict(self.sets)
            for part, whole in sorted(self.parts):
                if len(self.sets[part]) > 1 or part in wholes or within[part] > 1:
                    self.join(part, whole)


def related_counts(instrument: Instrument) -> tuple[RelatedCounts, ...]:
    """The counts of persons of an instrument, each with all that is directly or indirectly related to it."""
    found = _Relations({cell: frozenset((cell,)) for cell in _numbers(instrument)})
    for rule in (*instrument.rules, *instrument.comparisons):
        for block in rule.blocks:
            cells = [cell for cell in dict.fromkeys(_looked_at(rule, block)) if cell in found.sets]
            pair = _part_and_whole(rule, block)
            if pair and set(pair) == set(cells) and all(_counts_persons(instrument, cell) for cell in pair):
                found.parts.add(pair)
            elif cells:
                found.join(*cells)
            found.summed |= {(lines.block, lines.ref.field) for lines in _sums(*_trees(rule))}
            if rule.previous_refs and rule.severity is Severity.ERROR:
                found.over_rounds.update(cells)
    for (indicator, code), value in _formulas(instrument):
        found.join((indicator, code), *(cell for cell in _in_tree(value, indicator) if cell in found.sets))
        found.summed |= {(lines.block, lines.ref.field) for lines in _sums(value)}
    found.join_parts()
    lists = {block.code for block in instrument.lists}
    return tuple(
        RelatedCounts(cells, _by_line(cells | parts, lists, found), bool(cells & found.over_rounds), parts)
        for cells in dict.fromkeys(found.sets.values())
        if any(_counts_persons(instrument, cell) for cell in cells)
        for parts in (found.parts_of(cells),)
    )


def lists_of_persons(instrument: Instrument) -> frozenset[str]:
    """The open lists whose lines a rule or a formula counts beside a number of persons: so many lines, so many persons.

    The lines of a table are printed, and as many for everybody.
    """
    counted = {
        lines
        for rule in (*instrument.rules, *instrument.comparisons)
        if (found := [*_counted(*_trees(rule))])
        and any(_counts_persons(instrument, cell) for block in rule.blocks for cell in _looked_at(rule, block))
        for lines in found
    }
    counted |= {
        lines
        for cell, value in _formulas(instrument)
        if (found := [*_counted(value)])
        and any(_counts_persons(instrument, looked) for looked in (cell, *_in_tree(value, cell[0])))
        for lines in found
    }
    return frozenset(
        block.code for block in instrument.lists if block.code in counted and not isinstance(block, TableBlock)
    )


def _by_line(cells: frozenset[Cell], lists: set[str], found: _Relations) -> bool:
    """True for what hangs together within each line of one list, and over its lines not at all."""
    blocks = {block for block, _ in cells}
    return len(blocks) == 1 and blocks <= lists and not cells & found.summed


def _numbers(instrument: Instrument) -> Iterator[Cell]:
    """Every number that says how many or how much."""
    for block in instrument.blocks.values():
        yield from ((block.code, asked.code) for asked in block.fields if asked.type.traits.quantity)


def _counts_persons(instrument: Instrument, cell: Cell) -> bool:
    return instrument.field(*cell).discloses == PERSONS


def _part_and_whole(rule: Rule, block: str) -> tuple[Cell, Cell] | None:
    """The two cells of a rule that says no more than that one is at most the other, today."""
    match rule.check:
        case Compare("<=" | "<", Value(part) | Given(part), Value(whole) | Given(whole)):
            pass
        case Compare(">=" | ">", Value(whole) | Given(whole), Value(part) | Given(part)):
            pass
        case _:
            return None
    if part.previous or whole.previous:
        return None
    return (part.indicator or block, part.field), (whole.indicator or block, whole.field)


def _looked_at(rule: Rule, block: str) -> Iterator[Cell]:
    """The cells that a rule looks at when it judges a block: of today, of the previous round, in lines and tables."""
    for tree in _trees(rule):
        yield from _in_tree(tree, block)
    yield from ((ref.indicator or block, ref.field) for ref in rule.previous_refs)


def _in_tree(tree: Node, block: str) -> Iterator[Cell]:
    yield from ((ref.indicator or block, ref.field) for ref in refs(tree))
    for lines in _sums(tree):
        yield lines.block, lines.ref.field
        yield from ((lines.block, ref.field) for ref in refs(lines.where) if not ref.indicator)
    yield from ((node.block, node.ref.field) for node in walk(tree) if isinstance(node, SameLine | TableCell))


def _sums(*trees: Node) -> Iterator[LineSum]:
    return (node for tree in trees for node in walk(tree) if isinstance(node, LineSum))


def _counted(*trees: Node) -> Iterator[str]:
    """The lists whose lines are counted."""
    return (node.block for tree in trees for node in walk(tree) if isinstance(node, LineCount))


def _trees(rule: Rule) -> tuple[Node, Node]:
    return rule.when, rule.check


def _formulas(instrument: Instrument) -> Iterator[tuple[Cell, Node]]:
    """Each computed answer with the quantity that it is."""
    for cell, question in (*instrument.computed.items(), *instrument.computed_columns.items()):
        if question.formula is not None:
            yield cell, question.formula.value
