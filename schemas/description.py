"""Puts conditions into words: what a person reads in the codebook; it decides nothing."""

from collections.abc import Mapping

from questionnaire.declaration.answer_types import Limit, Mark
from questionnaire.declaration.form import Instrument
from questionnaire.declaration.lists.table_block import TableBlock
from questionnaire.messages import say
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
)

_SIGNS: Mapping[str, str] = {"==": "=", "!=": "≠", "<": "<", "<=": "≤", ">": ">", ">=": "≥"}
_ARITHMETIC: Mapping[str, str] = {"+": "+", "-": "−", "*": "×", "/": "÷"}


def describe(condition: Condition, instrument: Instrument, language: str) -> str:
    """A condition in words, with fields and codes as they are named in the data."""
    return _Words(instrument, language).condition(condition)


def describe_quantity(quantity: Quantity, instrument: Instrument, language: str) -> str:
    """A number in words, such as what a computed question follows from."""
    return _Words(instrument, language).quantity(quantity)


def describe_limit(limit: Limit, language: str) -> str:
    """A bound of a number in words, "" for none."""
    if limit is None:
        return ""
    return say("description", limit, language) if isinstance(limit, str) else str(limit)


class _Words:
    def __init__(self, instrument: Instrument, language: str) -> None:
        self._codes = {code.missing: code.code for code in instrument.missing}
        self._fields, self._language = instrument.fields, language
        self._blocks = instrument.blocks

    def condition(self, condition: Condition) -> str:  # noqa: PLR0911  one line a node
        match condition:
            case Always():
                return self._say("always")
            case Compare(sign, left, right):
                return f"{self.quantity(left)} {_SIGNS[sign]} {self.quantity(right)}"
            case CodeIn():
                return self._code_in(condition, "=", "is_one_of")
            case Filled(ref):
                return self._say("filled", field=ref)
            case Valued(ref):
                return self._say("marked" if self._is_option(ref) else "valued", field=ref)
            case WebForm(ref):
                return self._say("web_form", field=ref)
            case NamesRespondent(ref):
                return self._say("names_respondent", field=ref)
            case SameCode(left, right):
                return f"{left} = {right}"
            case Within(pairs):
                inner, outer = (str(ref).rpartition(".")[0] for ref in pairs[0])
                return self._say("within", left=inner, right=outer)
            case And(items):
                return f" {self._say('and')} ".join(self._inner(item, Or) for item in items)
            case Or(items):
                return f" {self._say('or')} ".join(self._inner(item, And) for item in items)
            case Not(item):
                return self._not(item)

    def quantity(self, quantity: Quantity) -> str:  # noqa: PLR0911, PLR0912  one line a node
        match quantity:
            case Value(ref):
                return str(ref)
            case Given(ref):
                return self._say("given", field=ref)
            case Constant(number):
                return f"{number:g}" if abs(number) < 1e6 else f"{number:.0f}"
            case Parameter(name):
                return self._say(name)
            case Length(ref):
                return self._say("length", field=ref)
            case MarkedCount(options):
                return self._say("marked_count", field=str(options[0]).rpartition(".")[0])
            case YearOf(ref):
                return self._say("year_of", field=ref)
            case LineNumber():
                return self._say("line_number")
            case AlikeLines():
                return self._say("alike_lines")
            case SameLine(block, ref):
                return self._say("same_line", field=f"{block}.{ref}")
            case Reference(item):
                return self._say("reference", item=item)
            case TableCell(block, line, ref):
                return self._table_cell(block, line, ref)
            case Rounded(value, decimals):
                return self._say("rounded", value=self.quantity(value), decimals=decimals)
            case LineCount() | LineSum():
                return self._over_lines(quantity)
            case Arithmetic(sign, left, right):
                return f"{self._operand(left)} {_ARITHMETIC[sign]} {self._operand(right)}"

    def _table_cell(self, block: str, line: int, ref: Ref) -> str:
        table = self._blocks[block]
        assert isinstance(table, TableBlock), "only tables have cells"
        codes = table.coordinates(line, ref.field)
        where = ", ".join(f"{name} = {code}" for name, code in codes.items())
        return f"{block}.{table.measured[ref.field].measure} ({where})"

    def _over_lines(self, quantity: LineCount | LineSum) -> str:
        key, named = ("line_count", {"block": quantity.block})
        if isinstance(quantity, LineSum):
            key, named = ("line_sum", {"field": f"{quantity.block}.{quantity.ref}"})
        if isinstance(quantity.where, Always):
            return self._say(key, **named)
        return self._say(f"{key}_where", **named, condition=self.condition(quantity.where))

    def _not(self, item: Condition) -> str:
        match item:
            case CodeIn():
                return self._code_in(item, "≠", "is_none_of")
            case Filled(ref):
                return self._say("blank", field=ref)
            case Valued(ref):
                return self._say("not_marked" if self._is_option(ref) else "not_valued", field=ref)
            case Not(inner):
                return self.condition(inner)
        return self._say("not", condition=f"({self.condition(item)})")

    def _code_in(self, condition: CodeIn, sign: str, key: str) -> str:
        codes = [*condition.codes, *(self._codes.get(status, str(status)) for status in condition.statuses)]
        if len(codes) == 1:
            return f"{condition.ref} {sign} {codes[0]}"
        return self._say(key, field=condition.ref, codes=", ".join(codes))

    def _is_option(self, ref: Ref) -> bool:
        field = self._fields.get(ref.field)
        return field is not None and isinstance(field.type, Mark)

    def _inner(self, item: Condition, bracketed: type[And | Or]) -> str:
        return f"({self.condition(item)})" if isinstance(item, bracketed) else self.condition(item)

    def _operand(self, quantity: Quantity) -> str:
        return f"({self.quantity(quantity)})" if isinstance(quantity, Arithmetic) else self.quantity(quantity)

    def _say(self, key: str, **values: object) -> str:
        return say("description", key, self._language, **values)
