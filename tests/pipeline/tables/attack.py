"""Attacks what everybody may see, as somebody would who knows the questionnaire, its rules and how it is suppressed.

Every number that is suppressed is an unknown whole number; the rules that a published return keeps to, the limits of
the questions and the figures that are published bound it. Linear programming with whole numbers (scipy) says what is
left to it.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import reduce
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
from scipy.optimize import Bounds, LinearConstraint, milp

from questionnaire.declaration.answer_types import Derived, Numeric
from questionnaire.declaration.blocks import PERSONS, Field
from questionnaire.declaration.form import Instrument
from questionnaire.declaration.lists.table_block import TableBlock
from questionnaire.rules.conditions import (
    Always,
    And,
    Arithmetic,
    CodeIn,
    Compare,
    Condition,
    Constant,
    Given,
    LineCount,
    LineSum,
    Not,
    Or,
    Quantity,
    Ref,
    Reference,
    Rounded,
    TableCell,
    Value,
    Valued,
)
from questionnaire.rules.rule import Severity
from schemas.tables.parts import type_name

Cell = tuple[str, str, int, str]
"""A respondent, a block, the row of a line (0 in an indicator), a field."""

_MOST = 10_000.0
_AT_ONCE = {"==": (0.0, 0.0), "<=": (-np.inf, 0.0), "<": (-np.inf, -1.0), ">=": (0.0, np.inf), ">": (1.0, np.inf)}


@dataclass(frozen=True)
class Sum:
    """A sum of unknown cells and a number that is known."""

    parts: Mapping[Cell, float] = field(default_factory=dict)
    known: float = 0.0

    def plus(self, other: Sum, times: float = 1.0) -> Sum:
        parts = {
            cell: self.parts.get(cell, 0) + times * other.parts.get(cell, 0) for cell in {*self.parts, *other.parts}
        }
        return Sum(parts, self.known + times * other.known)

    def named(self, name: Callable[[Cell], Cell]) -> Sum:
        """The same sum of cells that are called otherwise."""
        return Sum({name(cell): times for cell, times in self.parts.items()}, self.known)


_THEN = "then "


def then(cell: Cell) -> Cell:
    """A cell of the previous round, beside those of today."""
    return cell[0], _THEN + cell[1], *cell[2:]


def _is_then(cell: Cell) -> bool:
    return cell[1].startswith(_THEN)


class Attack:
    """What the public folder of a round says, and what follows from it.

    `previous` are numbers that the previous round showed; `before` is the whole of that round, whose hidden numbers are
    unknowns beside those of today, each in a block called `then <block>`.
    """

    def __init__(
        self,
        instrument: Instrument,
        folder: Path,
        previous: Mapping[tuple[str, str, str], float],
        before: Attack | None = None,
    ) -> None:
        self.instrument, self.previous, self.before = instrument, previous, before
        self.known: dict[Cell, float] = {}
        self.hidden: dict[Cell, int] = {}
        # What is computed follows from the numbers that are hidden, and is none of its own.
        self.withheld: set[Cell] = set()
        self.codes: dict[tuple[str, str, int], dict[str, object]] = {}
        self._tables = {path.stem: pq.read_table(path).to_pylist() for path in folder.glob("*.parquet")}
        for item in instrument.indicators:
            for row in self._tables[type_name(item.indicator_type.code)]:
                if row["indicator"] == item.code:
                    self._see(row["respondent"], item.code, 0, row)
        for block in instrument.lists:
            for row in self._tables.get(block.code, ()):
                self._see(row["respondent"], block.code, row["row"], row)
        if before is not None:
            self.hidden |= {then(cell): len(self.hidden) + place for place, cell in enumerate(before.hidden)}
        self.rules = [*self._rules(), *self._formulas(), *self._rules_before()]

    def _see(self, respondent: str, block: str, line: int, row: Mapping[str, object]) -> None:
        self.codes[respondent, block, line] = {
            asked.code: row.get(asked.code.replace(".", "__")) for asked in self.instrument.blocks[block].fields
        }
        for asked in self.instrument.blocks[block].fields:
            name, cell = asked.code.replace(".", "__"), (respondent, block, line, asked.code)
            if row.get(f"{name}__answer_status") == "suppressed":
                assert row[name] is None
                if isinstance(asked.type, Derived):
                    self.withheld.add(cell)
                else:
                    self.hidden[cell] = len(self.hidden)
            elif asked.type.traits.quantity and isinstance(number := row.get(name), int | float):
                self.known[cell] = float(number)

    def show(self, cell: Cell, number: float) -> None:
        """See a computed number as if it were published."""
        self.known[cell] = number
        self.rules = [*self._rules(), *self._formulas(), *self._rules_before()]

    def true(self, restricted: Path) -> dict[Cell, float]:
        """What the secretariat has in its own folder of each number that is suppressed."""
        found: dict[Cell, float] = {}
        hidden = [cell for cell in self.hidden if not _is_then(cell)]
        lists = {block.code for block in self.instrument.lists}
        for block in {cell[1] for cell in hidden}:
            of_type = "" if block in lists else type_name(self.instrument.indicator(block).indicator_type.code)
            for row in pq.read_table(restricted / f"{of_type or block}.parquet").to_pylist():
                place = (row["respondent"], row["indicator"], 0) if of_type else (row["respondent"], block, row["row"])
                found |= {cell: float(row[cell[3].replace(".", "__")]) for cell in hidden if cell[:3] == place}
        return found

    def _rules_before(self) -> Iterator[tuple[str, Sum]]:
        """What the rules of the previous round say of its numbers."""
        if self.before is not None:
            yield from ((sign, found.named(then)) for sign, found in self.before.rules)

    # --- what follows from the rules ------------------------------------------------------------------------

    def _rules(self) -> Iterator[tuple[str, Sum]]:
        """The comparisons, as a sign and a sum that is compared with 0, that hold in every published return."""
        for respondent in {cell[0] for cell in self.hidden}:
            for rule in self.instrument.rules:
                if rule.severity is not Severity.ERROR:
                    continue
                for block in rule.blocks:
                    lists = {item.code for item in self.instrument.lists}
                    lines = {cell[2] for cell in {**self.hidden, **self.known} if cell[:2] == (respondent, block)}
                    for line in lines if block in lists else {0}:
                        place = (respondent, block, line)
                        if self._holds(rule.when, place):
                            yield from self._compared(rule.check, place)

    def _formulas(self) -> Iterator[tuple[str, Sum]]:
        """What a computed number that is shown says of those it is made of: it was rounded, and so leaves a little."""
        computed = {**self.instrument.computed, **self.instrument.computed_columns}
        respondents = {cell[0] for cell in self.hidden}
        for (respondent, block, line, code), shown in self.known.items():
            question = computed.get((block, code))
            if question is not None and question.formula is not None and respondent in respondents:
                yield from self._rounded(question.formula.value, shown, (respondent, block, line))

    def _rounded(self, formula: Quantity, shown: float, place: tuple[str, str, int]) -> Iterator[tuple[str, Sum]]:
        value, half = (formula.value, 0.5 * 10.0**-formula.decimals) if isinstance(formula, Rounded) else (formula, 0.0)
        is_divided = isinstance(value, Arithmetic) and value.operator == "/"
        above, below = (
            (value.left, value.right) if isinstance(value, Arithmetic) and is_divided else (value, Constant(1))
        )
        numerator, denominator = self._sum(above, place), self._sum(below, place)
        if numerator is not None and denominator is not None:
            yield ">=", numerator.plus(denominator, -(shown - half))
            yield "<=", numerator.plus(denominator, -(shown + half))

    def _holds(self, condition: Condition, place: tuple[str, str, int]) -> bool:
        """True for what is certainly so, whatever the unknown numbers are."""
        match condition:
            case Always():
                return True
            case Valued(ref):
                return self._cell(ref, place) in {**self.hidden, **self.known}
            case Not(Valued(ref)):
                return self._cell(ref, place) not in {**self.hidden, **self.known}
            case Not(And(items)):
                return any(self._holds(Not(item), place) for item in items)
            case And(items):
                return all(self._holds(item, place) for item in items)
            case Or(items):
                return any(self._holds(item, place) for item in items)
            case _:
                return self._holds_in_lines(condition, place)

    def _holds_in_lines(self, condition: Condition, place: tuple[str, str, int]) -> bool:
        match condition:
            case CodeIn(ref, codes):
                return self.codes[place].get(ref.field) in codes
            case Not(CodeIn(ref, codes)):
                return self.codes[place].get(ref.field) not in codes
            case Not(Compare(">", LineCount(block, where), Constant(0))):
                return not any(self._holds(where, line) for line in self._lines(place[0], block))
            case _:
                return False

    def _lines(self, respondent: str, block: str) -> list[tuple[str, str, int]]:
        """The lines of a list or table, in their order."""
        return sorted(place for place in self.codes if place[:2] == (respondent, block))

    def _compared(self, condition: Condition, place: tuple[str, str, int]) -> Iterator[tuple[str, Sum]]:
        match condition:
            case And(items):
                for item in items:
                    yield from self._compared(item, place)
            case Compare(sign, left, right) if sign in _AT_ONCE:
                sums = self._sum(left, place), self._sum(right, place)
                if sums[0] is not None and sums[1] is not None:
                    yield sign, sums[0].plus(sums[1], -1)
            case _:
                return

    def _sum(self, quantity: Quantity, place: tuple[str, str, int]) -> Sum | None:
        match quantity:
            case Constant(number):
                return Sum({}, number)
            case Value(ref):
                return self._of(ref, place)
            case Given(ref):
                return self._of(ref, place) or Sum()
            case Arithmetic("+" | "-" as sign, left, right):
                first, second = self._sum(left, place), self._sum(right, place)
                return first.plus(second, 1 if sign == "+" else -1) if first and second else None
            case _:
                return self._sum_elsewhere(quantity, place)

    def _sum_elsewhere(self, quantity: Quantity, place: tuple[str, str, int]) -> Sum | None:
        """A sum over lines, what stands in a table or comes from another source, and its multiples."""
        match quantity:
            case Arithmetic("*", left, Constant(number)):
                times = self._sum(left, place)
                return None if times is None else Sum().plus(times, number)
            case Reference(item):
                figure = self.instrument.reference_values.get(place[0], {}).get(item)
                return None if figure is None else Sum({}, figure)
            case TableCell(block, number, ref):
                return self._of(Ref(ref.field), self._lines(place[0], block)[number - 1])
            case LineSum(block, ref, where):
                lines = [line for line in self._lines(place[0], block) if self._holds(where, line)]
                return reduce(Sum.plus, (self._of(ref, line) or Sum() for line in lines), Sum())
            case _:
                return None

    def _of(self, ref: Ref, place: tuple[str, str, int]) -> Sum | None:
        if ref.previous:
            asked = place[0], ref.indicator or place[1], 0, ref.field
            if self.before is not None:
                found = self.before.hidden.keys() | self.before.known.keys()
                return self.before._value(asked).named(then) if asked in found else None
            number = self.previous.get((asked[0], asked[1], asked[3]))
            return None if number is None else Sum({}, number)
        cell = self._cell(ref, place)
        return self._value(cell) if cell in self.hidden or cell in self.known else None

    def _value(self, cell: Cell) -> Sum:
        return Sum({cell: 1.0}) if cell in self.hidden else Sum({}, self.known[cell])

    def _cell(self, ref: Ref, place: tuple[str, str, int]) -> Cell:
        return place[0], ref.indicator or place[1], 0 if ref.indicator else place[2], ref.field

    # --- what is left to an unknown number ------------------------------------------------------------------

    def can_be(self, cell: Cell, low: float, high: float, also: Cell | None = None) -> tuple[float, float] | None:
        """The least and greatest number that a cell can be within limits; `also` is a small count at the same time."""
        limits = {also: (1.0, 4.0)} if also else {}
        limits[cell] = (max(low, limits.get(cell, (low, high))[0]), min(high, limits.get(cell, (low, high))[1]))
        found = [self._solved(cell, sign, limits) for sign in (1, -1)]
        return None if found[0] is None or found[1] is None else (found[0], found[1])

    def _solved(self, cell: Cell, sign: int, limits: Mapping[Cell, tuple[float, float]]) -> float | None:
        # Only what one return says bounds its numbers: the published sums add up what is published.
        mine = [other for other in self.hidden if other[0] == cell[0]]
        place = {other: index for index, other in enumerate(mine)}
        bounds = [limits.get(other, self._limits(other)) for other in mine]
        rows, low, high = [], [], []
        for operator, found in self.rules:
            if found.parts and found.parts.keys() <= place.keys():
                row = np.zeros(len(mine))
                for other, times in found.parts.items():
                    row[place[other]] = times
                rows.append(row)
                low.append(_AT_ONCE[operator][0] - found.known)
                high.append(_AT_ONCE[operator][1] - found.known)
        goal = np.zeros(len(mine))
        goal[place[cell]] = sign
        constraints = LinearConstraint(np.array(rows), low, high) if rows else ()
        solved = milp(
            goal,
            integrality=np.ones(len(mine)),
            bounds=Bounds([pair[0] for pair in bounds], [pair[1] for pair in bounds]),
            constraints=constraints,
        )
        return None if solved.x is None else float(round(solved.x[place[cell]]))

    def _limits(self, cell: Cell) -> tuple[float, float]:
        scalar = self._asked(cell).type
        assert isinstance(scalar, Numeric)
        low, high = (limit if isinstance(limit, int | float) else None for limit in (scalar.minimum, scalar.maximum))
        return (low or 0.0, _MOST if high is None else high)

    def _asked(self, cell: Cell) -> Field:
        if self.before is not None and _is_then(cell):
            return self.before.instrument.field(cell[1].removeprefix(_THEN), cell[3])
        return self.instrument.field(cell[1], cell[3])

    # --- what must not follow -------------------------------------------------------------------------------

    def given_away(self, true: Mapping[Cell, float]) -> list[str]:
        """What the public figures give away, a sentence each; `true` are the numbers that were suppressed."""
        found = []
        counts = [cell for cell in self.hidden if self._asked(cell).discloses == PERSONS]
        for cell in self.hidden:
            if cell in counts and 1 <= true[cell] <= 4:
                excluded = [number for number in (1, 2, 3, 4) if self.can_be(cell, number, number) is None]
                found += [f"{cell} cannot be {number}" for number in excluded]
            open_to = [self.can_be(cell, *self._limits(cell), also=count) for count in counts if count[0] == cell[0]]
            ranges = [pair for pair in open_to if pair is not None]
            if not ranges or min(pair[0] for pair in ranges) == max(pair[1] for pair in ranges):
                found.append(f"{cell} is one number only")
        return found + list(self._totals())

    def _totals(self) -> Iterator[str]:
        """Published sums that are not those of published numbers: the difference is what was suppressed."""
        for row in self._tables["measure_sums"]:
            if row["column"] and row["sum"] is not None:
                names = {code.replace(".", "__"): code for code in self.instrument.fields} | {
                    item.code: item.code for block in self.instrument.lists for item in block.fields
                }
                block = row["indicator"] if row["table"].startswith("type_") else row["table"]
                shown = [
                    number
                    for cell, number in self.known.items()
                    if cell[1] == block and cell[3] == names[row["column"]] and self._adds(cell, row)
                ]
                if not math.isclose(sum(shown), row["sum"]):
                    yield f"{row['table']}.{row['column']} of {row['indicator']} adds up more than is shown"

    def _adds_line(self, cell: Cell, own: Mapping[str, object], block: TableBlock) -> bool:
        """True for a total that is shown, and for its parts where it is not."""
        with_total = [item for item in block.dimensions if item.total]
        at = [own[item.name] == item.total for item in with_total]
        if all(at) or any(at):
            return all(at)
        whole = {item.name: item.total or own[item.name] for item in block.dimensions}
        rows = [
            one["row"]
            for one in self._tables[block.code]
            if one["respondent"] == cell[0] and whole.items() <= one.items()
        ]
        return not any((*cell[:2], row, cell[3]) in self.known for row in rows)

    def _adds(self, cell: Cell, row: Mapping[str, object]) -> bool:
        """True for a number that belongs into a sum: in a list, of its indicator; of amounts, in its currency."""
        table = str(row["table"])
        (own,) = (
            item
            for item in self._tables[table]
            if item["respondent"] == cell[0]
            and (item["indicator"] == cell[1] if table.startswith("type_") else item["row"] == cell[2])
        )
        if table.startswith("type_"):
            chosen = self.instrument.field(cell[1], cell[3]).unit_in
            return (own.get(chosen.replace(".", "__")) or "") == row["unit"]
        block = next(item for item in self.instrument.lists if item.code == table)
        if isinstance(block, TableBlock):
            return self._adds_line(cell, own, block)
        return bool(own[block.indicator_field] == row["indicator"])
