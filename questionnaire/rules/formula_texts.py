"""Reads what computed questions and ratios are made of, and refuses what nothing could be computed from."""

from dataclasses import dataclass, replace

from questionnaire.declaration.answer_types import Computed, Scalar, WholeNumber, parts
from questionnaire.rules.comparable import is_money, unit_of
from questionnaire.rules.conditions import (
    Arithmetic,
    Constant,
    Divided,
    Formula,
    Given,
    LineCount,
    LineSum,
    MarkedCount,
    Node,
    Parameter,
    Quantity,
    Reference,
    Rounded,
    TableCell,
    Value,
    computed_from,
    walk,
)
from questionnaire.rules.expressions import read_quantity
from questionnaire.rules.names import ExpressionError, Names

FACTORS = (1, 100, 1_000, 10_000, 100_000, 1_000_000)
"""What a ratio may be multiplied by."""


@dataclass(frozen=True)
class RatioTexts:
    """What a ratio says of itself: two expressions, the factor, and whether the first is part of the second."""

    numerator: str
    denominator: str
    factor: int = 1
    is_part: bool = False


def read_formula(text: str, names: Names, decimals: int | None = None) -> Formula:
    """The formula of a computed question, rounded to its decimals; one without decimals is made of whole numbers.

    ExpressionError says what in it cannot be understood, or computed.
    """
    value = _read(text, names, whole=decimals is None)
    return computed_from(value if decimals is None else Rounded(value, decimals))


def read_ratio(texts: RatioTexts, names: Names, decimals: int) -> Formula:
    """The formula of a ratio; ExpressionError as of every formula."""
    numerator, denominator = (_read(text, names, whole=False) for text in (texts.numerator, texts.denominator))
    multiplied: Quantity = numerator
    if texts.factor != 1:
        multiplied = Arithmetic("*", numerator, Constant(texts.factor))
    formula = computed_from(Rounded(Arithmetic("/", multiplied, denominator), decimals))
    return replace(formula, ratio=Divided(numerator, denominator, texts.is_part))


def _read(text: str, names: Names, whole: bool) -> Quantity:
    value = read_quantity(text, names)
    for part in walk(value):
        _check_computable(part, names, whole)
    return value


def _check_computable(part: Node, names: Names, whole: bool) -> None:
    """ExpressionError for what no formula may have in it; `whole` refuses what need not be whole."""
    if unit_of(part, names) and not is_money(part, names):
        what = f"“{part.ref}” is in the unit that the respondent chooses, and nothing converts it"  # type: ignore[union-attr]
        raise ExpressionError(f"{what}: use a question whose units have factors in codelists.csv")
    match part:
        case Value(ref) | Given(ref):
            if ref.previous:
                raise ExpressionError(f"“{ref}” is no answer of this round: use one that is")
            question, _, suffix = ref.field.partition(".")
            _check_type(str(ref), dict(parts(names.types[question])).get(suffix), whole)
        case LineSum(block, ref):
            _check_type(f"{block}.{ref}", names.lists[block][ref.field], whole)
        case TableCell(block, _, ref):
            _check_type(f"{block}.{ref}", names.lists[block][ref.field], whole)
        case Constant(number):
            if whole and not float(number).is_integer():
                raise ExpressionError(f"{number} is not a whole number: declare decimals, or use whole numbers")
        case Arithmetic("/") if whole:
            raise ExpressionError("what is divided need not be whole: declare how many decimals it has")
        case Reference() if whole:
            raise ExpressionError("a reference value need not be whole: declare decimals")
        case Arithmetic() | LineCount() | MarkedCount() | Parameter() | Reference():
            pass
        case _:
            known = (
                "numbers, given(…), lines(…), sum(…), at(…), count(…), reference(…), period_start, period_end, + - * /"
            )
            raise ExpressionError(f"{type(part).__name__} cannot stand in a formula: use {known}")


def _check_type(name: str, asked: object, whole: bool) -> None:
    if whole and not isinstance(asked, WholeNumber | Computed):
        raise ExpressionError(f"“{name}” is no whole number: declare decimals, or use whole numbers")
    if not isinstance(asked, Scalar) or not asked.traits.quantity:
        raise ExpressionError(f"“{name}” does not say how much or how many: use a question that does")
