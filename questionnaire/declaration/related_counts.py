"""Finds which numbers the rules relate to counts of persons: one of them that is known could give another away."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from questionnaire.declaration.blocks import PERSONS
from questionnaire.declaration.form import Instrument
from questionnaire.rules.conditions import Compare, Given, LineSum, Node, SameLine, TableCell, Value, refs, walk
from questionnaire.rules.rule import Rule, Severity

Cell = tuple[str, str]
"""A block and one of its fields."""


@dataclass(frozen=True)
class RelatedCounts:
    """Numbers that are shown together or not at all: counts of persons, and what rules relate to them.

    `by_line`: within each line of a list, since no rule adds up its lines. `across_rounds`: a rule that must hold also
    relates them to answers of the previous round.
    """

    cells: frozenset[Cell]
    by_line: bool
    across_rounds: bool


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

    def join_parts(self) -> None:
        """Join a part to its whole where the whole, known, would narrow what is not known.

        A small part alone leaves its whole, which is 5 or more where it is shown, and stays open from 1 to 4. One that
        is a whole itself, or that is added up with others, does not: its limits would limit them.
        """
        wholes = {whole for _, whole in self.parts}
        before = None
        while before != self.sets:
            before = dict(self.sets)
            for part, whole in sorted(self.parts):
                if len(self.sets[part]) > 1 or part in wholes:
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
            found.summed |= {*_added_up(rule.when), *_added_up(rule.check)}
            if rule.previous_refs and rule.severity is Severity.ERROR:
                found.over_rounds.update(cells)
    for (indicator, code), question in instrument.computed.items():
        assert question.formula is not None, "a computed question has a formula"
        cells = [(indicator, code), *_cells_in(question.formula.value, indicator)]
        found.join(*(cell for cell in dict.fromkeys(cells) if cell in found.sets))
        found.summed |= set(_added_up(question.formula.value))
    found.join_parts()
    lists = {block.code for block in instrument.lists}
    return tuple(
        RelatedCounts(
            cells,
            len(blocks := {block for block, _ in cells}) == 1 and blocks <= lists and not cells & found.summed,
            bool(cells & found.over_rounds),
        )
        for cells in dict.fromkeys(found.sets.values())
        if any(_counts_persons(instrument, cell) for cell in cells)
    )


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
    """The cells that a rule looks at when it judges a block: of today, of the previous round, and in lines."""
    yield from _cells_in(rule.when, block)
    yield from _cells_in(rule.check, block)


def _cells_in(tree: Node, block: str) -> Iterator[Cell]:
    for ref in refs(tree):
        yield ref.indicator or block, ref.field
    for node in walk(tree):
        if isinstance(node, LineSum | TableCell | SameLine):
            yield node.block, node.ref.field
        if isinstance(node, LineSum):
            yield from ((node.block, ref.field) for ref in refs(node.where) if not ref.indicator)


def _added_up(tree: Node) -> Iterator[Cell]:
    """The columns of lists that a tree adds up."""
    yield from ((node.block, node.ref.field) for node in walk(tree) if isinstance(node, LineSum))
