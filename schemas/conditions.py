"""Owns deciding conditions on a whole batch at once, with exactly the meaning of `questionnaire.rules.evaluate`.

It returns one verdict per row of the wide frame (`schemas.frame`) and never says what follows from it.
"""

from collections.abc import Callable, Mapping
from functools import reduce
from typing import Any, assert_never

import numpy as np
import numpy.typing as npt
import pandas as pd

from questionnaire.blanks import EMPTY
from questionnaire.declaration.answer_types import Coded, Date, Limit, Numeric, Selection, Written
from questionnaire.declaration.form import Instrument
from questionnaire.rules.conditions import (
    Always,
    And,
    Arithmetic,
    CodeIn,
    Compare,
    Condition,
    Constant,
    Filled,
    Given,
    Length,
    MarkedCount,
    Node,
    Not,
    Or,
    Parameter,
    Quantity,
    Ref,
    Value,
    Valued,
    WebForm,
    Within,
    YearOf,
    operands,
)
from questionnaire.rules.evaluate import ARITHMETIC, DECIMALS, OPERATORS, WEB_PREFIXES
from questionnaire.rules.rule import Rule
from schemas.frame import status_of

Verdicts = npt.NDArray[np.bool_]
Numbers = npt.NDArray[np.float64]
Parameters = Mapping[str, int]

# Proleptic day number (1 January of year 1 is day 1) of 1 January 1970, from which numpy counts days.
_EPOCH = 719_163


def resolved(limits: Mapping[str, Limit], parameters: Parameters) -> dict[str, object]:
    """The limits a message quotes, with the years of the round in place of their names."""
    return {name: parameters[limit] if isinstance(limit, str) else limit for name, limit in limits.items()}


class Conditions:
    """Decides conditions and rules for all rows of one wide frame; what was decided once is remembered."""

    def __init__(self, frame: pd.DataFrame, instrument: Instrument, parameters: Parameters) -> None:
        self.frame, self._instrument, self._parameters = frame, instrument, parameters
        self._verdicts: dict[Condition, Verdicts] = {}
        self._numbers: dict[Quantity, Numbers] = {}
        self._scopes: dict[tuple[str, ...], Verdicts] = {}

    def broken(self, rule: Rule) -> Verdicts:
        """True where the rule applies, is decided and is not kept."""
        found = self._concerns(rule.indicators) & self.holds(rule.when)
        for node in operands(rule.check):
            found = found & self._known(node)
        return found & ~self.holds(rule.check)

    def holds(self, condition: Condition) -> Verdicts:
        """True where the condition holds."""
        if condition not in self._verdicts:
            self._verdicts[condition] = self._decide(condition)
        return self._verdicts[condition]

    def quantity(self, quantity: Quantity) -> Numbers:
        """The number, or NaN where an answer it needs is not there."""
        if isinstance(quantity, Arithmetic):
            return self._measure(quantity)  # worked out sooner than it is worth keeping
        if quantity not in self._numbers:
            self._numbers[quantity] = self._measure(quantity)
        return self._numbers[quantity]

    def _decide(self, condition: Condition) -> Verdicts:  # noqa: PLR0911  one line a node
        match condition:
            case Always():
                return self._all(True)
            case Compare(sign, left, right):
                return self._compare(sign, self.quantity(left), self.quantity(right))
            case CodeIn(ref, codes, statuses):
                return _array(self._value(ref).isin(codes) | self._status(ref).isin(statuses))
            case Filled(ref):
                status = self._status(ref)
                return _array(status.notna() & ~status.isin(EMPTY))
            case Valued(ref):
                return _array(self._value(ref).notna())
            case WebForm(ref):
                text = self._value(ref)
                return _array(text.str.casefold().str.startswith(WEB_PREFIXES, na=True))
            case Within(pairs):
                kept = [~self.holds(Valued(left)) | self.holds(Valued(right)) for left, right in pairs]
                return reduce(np.logical_and, kept, self._all(True))
            case And(items):
                return reduce(np.logical_and, map(self.holds, items), self._all(True))
            case Or(items):
                return reduce(np.logical_or, map(self.holds, items), self._all(False))
            case Not(item):
                return ~self.holds(item)

    def _measure(self, quantity: Quantity) -> Numbers:
        match quantity:
            case Constant(number):
                return np.full(len(self.frame), float(number))
            case Parameter(name):
                return np.full(len(self.frame), float(self._parameters[name]))
            case Value(ref):
                return self._number(ref)
            case Given(ref):
                return np.nan_to_num(self._number(ref))
            case Length(ref):
                return _floats(self._value(ref).str.len().fillna(0))
            case MarkedCount(options):
                marked = (self.holds(Valued(option)).astype(np.float64) for option in options)
                return reduce(np.add, marked, np.zeros(len(self.frame)))
            case YearOf(ref):
                return _floats(self._value(ref).dt.year)
            case Arithmetic(sign, left, right):
                return self._combine(ARITHMETIC[sign], self.quantity(left), self.quantity(right))

    def _compare(self, sign: str, left: Numbers, right: Numbers) -> Verdicts:
        known = ~np.isnan(left) & ~np.isnan(right)
        difference = np.round(left - right, DECIMALS)
        return known & np.asarray(OPERATORS[sign](difference, 0))  # type: ignore[arg-type]

    def _combine(self, operation: Callable[[float, float], float], left: Numbers, right: Numbers) -> Numbers:
        return np.asarray(operation(left, right))  # type: ignore[arg-type]

    def _known(self, node: Node) -> Verdicts:
        if isinstance(node, CodeIn):
            return self.holds(Filled(node.ref))
        return ~np.isnan(self.quantity(node))  # type: ignore[arg-type]

    def _number(self, ref: Ref) -> Numbers:
        scalar = self._instrument.fields[ref.field].type
        value = self._value(ref)
        match scalar:
            case Numeric():
                return _floats(value)
            case Date():
                days = value.to_numpy().astype("datetime64[D]")
                return np.where(np.isnat(days), np.nan, days.astype(np.int64) + _EPOCH)
            case Coded(codelist):
                return _floats(value.map({code.code: code.rank for code in codelist if code.rank is not None}))
            case Selection() | Written():
                return np.full(len(self.frame), np.nan)
            case _:
                assert_never(scalar)

    def _concerns(self, indicators: tuple[str, ...]) -> Verdicts:
        if indicators not in self._scopes:
            self._scopes[indicators] = _array(self.frame["indicator"].isin(indicators))
        return self._scopes[indicators]

    def _all(self, verdict: bool) -> Verdicts:
        return np.full(len(self.frame), verdict)

    def _value(self, ref: Ref) -> Any:
        return self.frame[str(ref)]

    def _status(self, ref: Ref) -> "pd.Series[str]":
        return self.frame[status_of(str(ref))]


def _array(verdicts: "pd.Series[bool]") -> Verdicts:
    return verdicts.to_numpy(dtype=bool)


def _floats(numbers: Any) -> Numbers:
    return np.asarray(numbers.to_numpy(dtype=np.float64))
