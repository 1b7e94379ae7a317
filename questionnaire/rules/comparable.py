"""Keeps figures in different units apart: what a condition compares is in one unit, or it is not compared."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from questionnaire.declaration.answer_types import InUnits, Money
from questionnaire.rules.conditions import (
    Always,
    Arithmetic,
    Compare,
    Condition,
    Constant,
    Given,
    LineSum,
    Node,
    Quantity,
    Ref,
    Rounded,
    SameCode,
    SameLine,
    TableCell,
    Value,
    both,
    children,
    refs,
    walk,
)
from questionnaire.rules.expressions import read_condition
from questionnaire.rules.names import ExpressionError, Names


def comparable(conditions: Sequence[Condition], names: Names) -> Condition:
    """That the figures compared in these conditions are in the same unit, where each has one of its own.

    What is converted is in one unit already (`Names.in_one_unit`). ExpressionError for a figure of which the unit is
    chosen, but not converted, beside one of which it is not, unless a condition says what unit it means.
    """
    named = {ref for condition in conditions for ref in refs(condition)}
    said = {node for condition in conditions for node in walk(condition) if isinstance(node, SameCode)}
    found: Condition = Always()
    for compared in (node for condition in conditions for node in walk(condition) if isinstance(node, Compare)):
        units: dict[Ref, Quantity] = {}
        is_mixed = False
        for number in _numbers(compared):
            unit = unit_of(number, names)
            is_mixed = is_mixed or unit is None
            if unit is not None:
                units.setdefault(unit, number)
        for unit, other in pairwise(units):
            same = SameCode(unit, other)
            found = found if same in said else both(found, same)
        if is_mixed and len(units) == 1 and not named.intersection(units):
            ((unit, number),) = units.items()
            if not is_money(number, names):
                what = "a number in the unit that the respondent chooses is compared with another"
                remedy = f"say which unit is meant, as in {unit} == …, or give the units factors in codelists.csv"
                raise ExpressionError(f"{what}: {remedy}")
    return found


def unit_of(number: Node, names: Names) -> Ref | None:
    """Where the unit of a number is chosen; None where it is given, or where a sum names the unit it adds up.

    ExpressionError for a sum that adds up figures in different units.
    """
    match number:
        case Value(ref) | Given(ref):
            return names.unit_of(ref)
        case SameLine(block, ref) | TableCell(block, _, ref):
            return names.unit_of(ref, block)
        case LineSum(block, ref, where):
            unit = names.unit_of(ref, block)
            if unit is None or unit.indicator:
                return unit
            if unit not in refs(where):
                what = f"sum({block}.{ref}) would add up figures in different units"
                raise ExpressionError(f"{what}: say which, as in sum({block}.{ref}, {unit} == …)")
            return None
        case _:
            return None


def read_comparable(text: str, names: Names) -> Condition:
    """The condition that a text states of what is asked; ExpressionError also for figures that may differ in unit."""
    condition = read_condition(text, names)
    if not isinstance(comparable((condition,), names), Always):
        raise ExpressionError(f"in “{text}”, numbers are compared of which each may be in another unit")
    return condition


def _numbers(node: Node) -> Iterator[Quantity]:
    """The numbers that are compared or added up: neither 0, which is the same in every unit, nor a factor."""
    match node:
        case Constant(0):
            return
        case Arithmetic("*" | "/", left, right):
            sides = [side for side in (left, right) if not isinstance(side, Constant)]
            for side in sides or (left,):
                yield from _numbers(side)
        case Compare() | Arithmetic():
            for child in children(node):
                yield from _numbers(child)
        case Rounded(value):
            yield from _numbers(value)
        case _:
            yield node  # type: ignore[misc]


def is_money(number: Node, names: Names) -> bool:
    """True for an amount: that it has a currency, no rule that compares it with a fixed number need say."""
    asked = names.types.get(number.ref.field) if isinstance(number, Value | Given) else None
    return isinstance(asked, InUnits) and isinstance(asked.number, Money)
