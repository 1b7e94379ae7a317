"""Translates the expressions of an XLSForm into those of an instrument, as far as these have a counterpart."""

from __future__ import annotations

import keyword
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from questionnaire.indicator_table.identifiers import safe_name
from questionnaire.xlsform.numbers import plain_number
from questionnaire.xlsform.xpath import NOTHING, Node, NotUnderstoodError, answers

_COMPARISONS = {"=": "==", "!=": "!=", "<": "<", "<=": "<=", ">": ">", ">=": ">="}
_CHOICES = ("single_choice", "yes_no")
_NUMBERS = ("whole_number", "number", "percent", "year", "amount", "computed", *_CHOICES)
_NUMBER = re.compile(r"-?\d*\.?\d+(?:[eE][+-]?\d+)?")


@dataclass(frozen=True)
class Asked:
    """What a name of the form stands for: a field of a block, of a declared type, and the codes of its choices.

    `is_reason`: it asks why there is no answer. `is_scale`: its choices are compared as numbers.
    """

    block: str
    code: str
    declared: str
    codes: Mapping[str, str] = field(default_factory=dict)
    is_reason: bool = False
    is_scale: bool = False


@dataclass(frozen=True)
class Translation:
    """Translates what is asked from within a block, and of one of its fields; NotUnderstoodError for what cannot be."""

    known: Mapping[str, Asked]
    block: str
    own: str = ""

    def condition(self, node: Node) -> str:
        """A condition, "" for one that always holds."""
        return "" if node.sign == "true" else self._condition(node)

    def _condition(self, node: Node) -> str:
        parts = node.parts
        match node.sign:
            case "and" | "or":
                return f"({f' {node.sign} '.join(map(self._condition, parts))})"
            case "not" if len(parts) == 1:
                said = self._condition(parts[0])
                return said.removeprefix("not ") if said.startswith("not ") else f"not {said}"
            case "selected" if len(parts) == 2:
                return self._selected(*parts)
            case "=" | "!=" | "<" | "<=" | ">" | ">=":
                try:
                    return self._compared(node)
                except NotUnderstoodError:
                    raise NotUnderstoodError(_shown(node)) from None
            case _:
                raise NotUnderstoodError(_shown(node))

    def quantity(self, node: Node) -> str:
        """A number: written, answered, or calculated from others."""
        parts = node.parts
        match node.sign:
            case "number":
                return plain_number(float(node.value))
            case "text" if _NUMBER.fullmatch(node.value):
                return plain_number(float(node.value))
            case "answer" | "self":
                return self._name(node, *_NUMBERS)
            case "+" | "-" | "*":
                left, right = (self.quantity(part) for part in parts)
                return f"({left} {node.sign} {right})"
            case "coalesce" if len(parts) == 2 and parts[1] == Node("number", value="0"):
                return f"given({self._name(parts[0], 'whole_number', 'number', 'percent', 'amount')})"
            case "string-length" if len(parts) == 1:
                return f"length({self._name(parts[0], 'text', 'web_reference')})"
            case "count-selected" if len(parts) == 1:
                return f"count({self._name(parts[0], 'multiple_choice')})"
            case "format-date" if len(parts) == 2 and parts[1] == Node("text", value="%Y"):
                return f"year({self._name(parts[0], 'date')})"
            case _:
                raise NotUnderstoodError(_shown(node))

    def _compared(self, node: Node) -> str:
        left, right = node.parts
        if node.sign in ("=", "!="):
            if left.sign == "text":
                left, right = right, left
            if right == NOTHING:
                return self._blank(left, node.sign)
            asked = self._asked(left) if left.sign in ("answer", "self") else None
            if asked is not None and right.sign in ("text", "number") and (asked.codes or asked.is_reason):
                code = self._code(asked, right)
                return f"{'not ' * (node.sign == '!=')}{self._named(asked)} in ({_quoted(code)})"
            if asked is not None and asked.codes and node.sign == "=" and right.sign in ("answer", "self"):
                return self._alike(asked, self._asked(right))
        left, right = node.parts
        if not answers(node):
            raise NotUnderstoodError(_shown(node))
        return f"{self.quantity(left)} {_COMPARISONS[node.sign]} {self.quantity(right)}"

    def _alike(self, left: Asked, right: Asked) -> str:
        """That the same is chosen in two questions, neither of them that for a reason."""
        if left.is_reason or right.is_reason or not right.codes or left.is_scale or right.is_scale:
            raise NotUnderstoodError("=")
        return f"alike({self._named(left)}, {self._named(right)})"

    def _blank(self, node: Node, sign: str) -> str:
        asked = self._asked(node)
        name = self._named(asked)
        said = f"(filled({name}) and not valued({name}))" if asked.is_reason else f"valued({name})"
        return said if sign == "!=" else f"not {said}"

    def _selected(self, node: Node, option: Node) -> str:
        asked = self._asked(node)
        code = self._code(asked, option)
        if asked.declared == "multiple_choice":
            return f"has({self._named(asked)}, {code})"
        return f"{self._named(asked)} in ({_quoted(code)})"

    def _code(self, asked: Asked, node: Node) -> str:
        if node.value not in asked.codes:
            raise NotUnderstoodError(_shown(node))
        return asked.codes[node.value]

    def _asked(self, node: Node) -> Asked:
        name = self.own if node.sign == "self" else node.value
        if node.sign not in ("answer", "self") or name not in self.known:
            raise NotUnderstoodError(_shown(node))
        return self.known[name]

    def _name(self, node: Node, *declared: str) -> str:
        asked = self._asked(node)
        unordered = asked.declared in _CHOICES and not asked.is_scale
        if asked.declared not in declared or asked.is_reason or unordered:
            raise NotUnderstoodError(_shown(node))
        return self._named(asked)

    def _named(self, asked: Asked) -> str:
        return asked.code if asked.block == self.block else f"{safe_name(asked.block)}.{asked.code}"


def numeric(node: Node) -> frozenset[Node]:
    """The answers that an expression takes for numbers: what a comparison of more or less looks at."""
    if node.sign in ("<", "<=", ">", ">=", "+", "-", "*"):
        return answers(node)
    return frozenset().union(*(numeric(part) for part in node.parts))


def _quoted(code: str) -> str:
    return code if code.isidentifier() and not keyword.iskeyword(code) else f'"{code}"'


def _shown(node: Node) -> str:
    """The part of an expression, as the form would have it."""
    parts = [_shown(part) for part in node.parts]
    match node.sign:
        case "answer":
            return f"${{{node.value}}}"
        case "text":
            return f"'{node.value}'"
        case "number":
            return node.value
        case "self":
            return "."
        case _ if not node.sign[0].isalpha() or node.sign in ("and", "or"):
            return f" {node.sign} ".join(parts)
        case _:
            return f"{node.sign}({', '.join(parts)})"
