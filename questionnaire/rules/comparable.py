"""Keeps figures in different units apart: what a condition compares is in one unit, or it is not compared."""

from collections.abc import Iterator, Sequence

from questionnaire.declaration.answer_types import InUnits, Money, parts
from questionnaire.rules.conditions import (
    Always,
    Compare,
    Condition,
    Constant,
    Given,
    Ref,
    SameCode,
    Value,
    both,
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
    found: Condition = Always()
    for compared in (node for condition in conditions for node in walk(condition) if isinstance(node, Compare)):
        numbers = tuple(_numbers(compared))
        units = tuple(dict.fromkeys(unit for ref in numbers if (unit := _unit_of(ref, names)) is not None))
        for other in units[1:]:
            found = both(found, SameCode(units[0], other))
        if len(units) == 1 and _has_others(compared, numbers, names) and units[0] not in named:
            ref = next(ref for ref in numbers if _unit_of(ref, names))
            if not _is_money(ref, names):
                what = f"“{ref}” is in the unit that the respondent chooses, and is compared with a number in another"
                remedy = f"say which unit is meant, as in {units[0]} == …, or give the units factors in codelists.csv"
                raise ExpressionError(f"{what}: {remedy}")
    return found


def read_comparable(text: str, names: Names) -> Condition:
    """The condition that a text states of what is asked; ExpressionError also for figures that may differ in unit."""
    condition = read_condition(text, names)
    if not isinstance(comparable((condition,), names), Always):
        raise ExpressionError(f"in “{text}”, numbers are compared of which each may be in another unit")
    return condition


def _numbers(compared: Compare) -> Iterator[Ref]:
    """The answers that are numbers, each once."""
    yield from dict.fromkeys(node.ref for node in walk(compared) if isinstance(node, Value | Given))


def _unit_of(ref: Ref, names: Names) -> Ref | None:
    """The field with the unit of a number as it was given, None where that is not chosen."""
    asked = names.types.get(ref.field)
    if not isinstance(asked, InUnits):
        return None
    suffix, _ = parts(asked)[1]
    return Ref(f"{ref.field}.{suffix}", ref.indicator, ref.previous)


def _is_money(ref: Ref, names: Names) -> bool:
    """True for an amount: that it has a currency, no rule that compares it with a fixed number need say."""
    asked = names.types[ref.field]
    return isinstance(asked, InUnits) and isinstance(asked.number, Money)


def _has_others(compared: Compare, numbers: Sequence[Ref], names: Names) -> bool:
    """True where a number of no chosen unit, or a fixed one that is not 0, stands beside."""
    if any(_unit_of(ref, names) is None for ref in numbers):
        return True
    fixed = (node for node in walk(compared) if not isinstance(node, Compare | Value | Given))
    return any(not (isinstance(node, Constant) and node.number == 0) for node in fixed)
