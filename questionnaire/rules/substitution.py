"""Puts other names into conditions: the code of an indicator for THIS, columns for the measures of a table."""

from collections.abc import Mapping
from dataclasses import replace

from questionnaire.rules.conditions import (
    THIS,
    And,
    Arithmetic,
    CodeIn,
    Compare,
    Condition,
    Divided,
    Filled,
    Formula,
    Given,
    LineCount,
    LineSum,
    Not,
    Or,
    Quantity,
    Ref,
    Rounded,
    SameLine,
    Value,
    Valued,
)


def for_indicator(condition: Condition, code: str) -> Condition:
    """The condition with the code of an indicator where it says THIS."""
    match condition:
        case CodeIn(ref, codes, statuses):
            return CodeIn(ref, tuple(code if item == THIS else item for item in codes), statuses)
        case Compare(sign, left, right):
            return Compare(sign, _quantity_for(left, code), _quantity_for(right, code))
        case And(items):
            return And(tuple(for_indicator(item, code) for item in items))
        case Or(items):
            return Or(tuple(for_indicator(item, code) for item in items))
        case Not(item):
            return Not(for_indicator(item, code))
        case _:
            return condition


def formula_for(formula: Formula, code: str) -> Formula:
    """The formula with the code of an indicator where it says THIS."""
    ratio = formula.ratio
    if ratio is not None:
        numerator, denominator = _quantity_for(ratio.numerator, code), _quantity_for(ratio.denominator, code)
        ratio = Divided(numerator, denominator, ratio.is_part)
    return Formula(_quantity_for(formula.value, code), formula.known_when, ratio)


def _quantity_for(quantity: Quantity, code: str) -> Quantity:
    match quantity:
        case LineCount(block, where):
            return LineCount(block, for_indicator(where, code))
        case LineSum(block, ref, where):
            return LineSum(block, ref, for_indicator(where, code))
        case Arithmetic(sign, left, right):
            return Arithmetic(sign, _quantity_for(left, code), _quantity_for(right, code))
        case Rounded(value, decimals):
            return Rounded(_quantity_for(value, code), decimals)
        case _:
            return quantity


def in_columns(
    node: Condition, columns: Mapping[str, str], others: Mapping[tuple[str, str], str], table: str
) -> Condition:
    """The condition about other columns: `columns` gives those of its own line, `others` those of (table, column).

    What it looks up in its own `table` stands in its own line, in the column before.
    """

    def ref(old: Ref) -> Ref:
        return old if old.indicator else replace(old, field=columns.get(old.field, old.field))

    def quantity(old: Quantity) -> Quantity:
        match old:
            case Value(of):
                return Value(ref(of))
            case Given(of):
                return Given(ref(of))
            case SameLine(block, of):
                found = replace(of, field=others.get((block, of.field), of.field))
                return Value(found) if block == table else SameLine(block, found)
            case Arithmetic(sign, left, right):
                return Arithmetic(sign, quantity(left), quantity(right))
            case Rounded(value, decimals):
                return Rounded(quantity(value), decimals)
            case _:
                return old

    match node:
        case Compare(sign, left, right):
            return Compare(sign, quantity(left), quantity(right))
        case CodeIn(of, codes, statuses):
            return CodeIn(ref(of), codes, statuses)
        case Filled(of):
            return Filled(ref(of))
        case Valued(of):
            return Valued(ref(of))
        case And(items):
            return And(tuple(in_columns(item, columns, others, table) for item in items))
        case Or(items):
            return Or(tuple(in_columns(item, columns, others, table) for item in items))
        case Not(item):
            return Not(in_columns(item, columns, others, table))
        case _:
            return node
