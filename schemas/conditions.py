"""Decides conditions on a whole batch at once, with exactly the meaning of `questionnaire.rules.evaluate`.

It returns one verdict per row of the wide frame (`schemas.frame`) and never says what follows from it.
"""

import datetime as dt
from collections import Counter
from collections.abc import Callable, Mapping
from functools import reduce
from types import MappingProxyType
from typing import Any, assert_never

import numpy as np
import numpy.typing as npt
import pandas as pd

from questionnaire.blanks import EMPTY, AnswerStatus
from questionnaire.declaration.answer_types import Coded, Date, Derived, Numeric, Selection, Written
from questionnaire.declaration.blocks import Field
from questionnaire.declaration.form import Instrument
from questionnaire.rules.conditions import (
    AlikeLines,
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
    LineCount,
    LineNumber,
    LineSum,
    MarkedCount,
    NamesRespondent,
    Node,
    Not,
    Or,
    Parameter,
    Quantity,
    Ref,
    Reference,
    Rounded,
    SameCode,
    SameLine,
    TableCell,
    Value,
    Valued,
    WebForm,
    Within,
    YearOf,
    operands,
)
from questionnaire.rules.evaluate import ARITHMETIC, DECIMALS, OPERATORS, WEB_PREFIXES, content_text, rounded, same_line
from questionnaire.rules.rule import Rule
from schemas.frame import status_of

Verdicts = npt.NDArray[np.bool_]
Numbers = npt.NDArray[np.float64]
Parameters = Mapping[str, int]

# Conditions count days as Python does, from 1 January of year 1; numpy from 1 January 1970.
_NUMPY_DAY_0 = dt.date(1970, 1, 1).toordinal()


class Conditions:
    """Decides conditions and rules for all rows of one wide frame; what was decided once is remembered."""

    def __init__(
        self,
        frame: pd.DataFrame,
        fields: Mapping[str, Field],
        instrument: Instrument,
        parameters: Parameters,
        lists: "Mapping[str, Conditions]" = MappingProxyType({}),
    ) -> None:
        """`fields` are those of the frame's own blocks; `lists` decide on the lines of the lists of the same batch."""
        self.frame, self._fields, self._instrument, self._parameters = frame, fields, instrument, parameters
        self._lists = lists
        self._verdicts: dict[Condition, Verdicts] = {}
        self._numbers: dict[Quantity, Numbers] = {}
        self._scopes: dict[tuple[str, ...], Verdicts] = {}

    def broken(self, rule: Rule) -> Verdicts:
        """True where the rule applies, is decided and is not kept."""
        found = self._concerns(rule.blocks) & self.holds(rule.when)
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
            case NamesRespondent(ref):
                return _array(self._value(ref).astype("str") == self.frame["respondent"].astype("str"))
            case SameCode(left, right):
                return _array(self._value(left).astype("str") == self._value(right).astype("str"))
            case Within(pairs):
                kept = [~self.holds(Valued(left)) | self.holds(Valued(right)) for left, right in pairs]
                return reduce(np.logical_and, kept, self._all(True))
            case And(items):
                return reduce(np.logical_and, map(self.holds, items), self._all(True))
            case Or(items):
                return reduce(np.logical_or, map(self.holds, items), self._all(False))
            case Not(item):
                return ~self.holds(item)

    def _measure(self, quantity: Quantity) -> Numbers:  # noqa: PLR0911, PLR0912  one line a node
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
            case LineNumber():
                return _floats(self.frame["line"])
            case LineCount(block, where):
                return self._over(block, self._lists[block].holds(where).astype(np.float64))
            case LineSum(block, ref, where):
                lines = self._lists[block]
                return self._over(block, np.nan_to_num(lines.quantity(Value(ref))) * lines.holds(where))
            case AlikeLines():
                return self._alike()
            case SameLine(block, ref):
                return self._same_line(block, ref)
            case Reference(item):
                known = self._instrument.reference_values
                of = [known.get(code, {}).get(item, np.nan) for code in self.frame["respondent"].astype("str")]
                return np.array(of, dtype=np.float64)
            case TableCell(block, line, ref):
                return self._table_cell(block, line, ref)
            case Rounded(value, decimals):
                numbers = [n if np.isnan(n) else rounded(n, decimals) for n in self.quantity(value)]
                return np.array(numbers, dtype=np.float64)
            case Arithmetic("/", left, right):
                divisor = self.quantity(right)
                divisor = np.where(np.round(divisor, DECIMALS) == 0, np.nan, divisor)
                return self._combine(ARITHMETIC["/"], self.quantity(left), divisor)
            case Arithmetic(sign, left, right):
                return self._combine(ARITHMETIC[sign], self.quantity(left), self.quantity(right))

    def _over(self, block: str, numbers: Numbers) -> Numbers:
        """The sum of numbers over the lines of a list, for each row that of its own submission."""
        lines = self._lists[block].frame["submission"].astype("str").to_numpy()
        totals = pd.Series(numbers).groupby(lines).sum()
        return _floats(totals.reindex(self.frame["submission"].astype("str")).fillna(0))

    def _table_cell(self, block: str, line: int, ref: Ref) -> Numbers:
        """The number in one line of a table, for each row that of its own submission."""
        lines = self._lists[block]
        own = (lines.frame["line"] == line).to_numpy()
        numbers = pd.Series(lines.quantity(Value(ref))[own], index=lines.frame["submission"].astype("str")[own])
        return _floats(numbers.reindex(self.frame["submission"].astype("str")))

    def _same_line(self, block: str, ref: Ref) -> Numbers:
        """The number in the line of another table with the same codes, for each row that of its own submission."""
        lines = self._lists[block]
        keys = zip(lines.frame["submission"].astype("str"), lines.frame["line"], strict=True)
        numbers = dict(zip(keys, lines.quantity(Value(ref)), strict=True))
        own = zip(
            *(self.frame[name].astype("str") for name in ("submission", "block")), self.frame["line"], strict=True
        )
        wanted = ((submission, same_line(self._instrument, asked, line, block)) for submission, asked, line in own)
        return np.array([numbers.get(key, np.nan) for key in wanted], dtype=np.float64)

    def _alike(self) -> Numbers:
        """How many rows of the same submission say what each row says."""
        values = [list(self.frame[code].astype(object).where(self.frame[code].notna(), None)) for code in self._fields]
        statuses = [list(self.frame[status_of(code)].astype("str")) for code in self._fields]
        said: list[tuple[str, ...] | int] = []
        for row, submission in enumerate(self.frame["submission"].astype("str")):
            cells = [(value[row], AnswerStatus(status[row])) for value, status in zip(values, statuses, strict=True)]
            unclear = any(status is AnswerStatus.UNREADABLE for _, status in cells)
            said.append(row if unclear else (submission, *(content_text(_plain(v), status) for v, status in cells)))
        counts = Counter(said)
        return np.array([float(counts[entry]) for entry in said])

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
        fields = self._instrument.fields if ref.indicator else self._fields
        scalar = fields[ref.field].type
        value = self._value(ref)
        match scalar:
            case Numeric() | Derived():
                return _floats(value)
            case Date():
                days = value.to_numpy().astype("datetime64[D]")
                return np.where(np.isnat(days), np.nan, days.astype(np.int64) + _NUMPY_DAY_0)
            case Coded(codelist):
                return _floats(value.map({code.code: code.number for code in codelist if code.number is not None}))
            case Selection() | Written():
                return np.full(len(self.frame), np.nan)
            case _:
                assert_never(scalar)

    def _concerns(self, blocks: tuple[str, ...]) -> Verdicts:
        if blocks not in self._scopes:
            self._scopes[blocks] = _array(self.frame["block"].isin(blocks))
        return self._scopes[blocks]

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


def _plain(value: Any) -> Any:
    """A value as Python has it: a day as a date."""
    return value.date() if isinstance(value, pd.Timestamp) else value
