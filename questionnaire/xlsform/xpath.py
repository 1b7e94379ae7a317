"""Reads the expressions of an XLSForm, which are XPath, into a tree, and takes out what says nothing."""

from __future__ import annotations

import re
from dataclasses import dataclass

from questionnaire.rules.evaluate import DECIMALS

_LONGEST = 10_000
_DEEPEST = 60
_TOKEN = re.compile(
    r"\s*(?:(?P<text>'[^']*'|\"[^\"]*\")|\$\{\s*(?P<answer>[^{}\s]+)\s*\}"
    r"|(?P<number>\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|\.\d+)|(?P<sign><=|>=|!=|[=<>+*(),-])|(?P<self>\.)(?![.\w/])"
    r"|(?P<name>[A-Za-z_][\w.-]*))"
)
_QUOTES = str.maketrans({"“": '"', "”": '"', "‘": "'", "’": "'"})
_COMPARED = ("=", "!=", "<", "<=", ">", ">=")
_LEVELS = (("or",), ("and",), _COMPARED, ("+", "-"), ("*",))
_ALIKE = 0.5 / 10**DECIMALS
"""What an exported form allows for between two numbers that are calculated."""


class NotUnderstoodError(Exception):
    """An expression that has no counterpart; the text is the part of it that has none."""


@dataclass(frozen=True)
class Node:
    """A part of an expression: `sign` is an operator, the name of a function, or one of answer, self, text, number."""

    sign: str
    parts: tuple[Node, ...] = ()
    value: str = ""


NOTHING = Node("text")
SELF = Node("self")


def parsed(text: str) -> Node:
    """The tree of an expression, simplified; NotUnderstoodError names what is no part of this grammar."""
    if len(text) > _LONGEST:
        raise NotUnderstoodError(f"{text[:40]}…")
    parser = _Parser(_tokens(text.translate(_QUOTES)))
    node = parser.level(0)
    if parser.tokens:
        raise NotUnderstoodError(parser.tokens[0][1])
    return node


def conjuncts(node: Node) -> tuple[Node, ...]:
    """What all must hold for a condition to hold."""
    return node.parts if node.sign == "and" else (node,)


def joined(parts: list[Node]) -> Node:
    """What holds where all of these hold."""
    return parts[0] if len(parts) == 1 else Node("and", tuple(parts)) if parts else Node("true")


def answers(node: Node) -> frozenset[Node]:
    """The answers that an expression looks at."""
    own = {node} if node.sign in ("answer", "self") else set()
    return frozenset(own.union(*(answers(part) for part in node.parts)))


def condition_of(broken: Node) -> tuple[Node, Node]:
    """When a rule applies and what it then requires, of what is true where it is broken."""
    parts = list(conjuncts(broken))
    denied = next((part for part in reversed(parts) if part.sign == "not"), None)
    if denied is None:
        return Node("true"), _not(broken)
    check = denied.parts[0]
    known = {Node("!=", (answer, NOTHING)) for answer in answers(check)}
    return joined([part for part in parts if part is not denied and part not in known]), check


def _tokens(text: str) -> list[tuple[str, str]]:
    found, place = [], 0
    text = text.rstrip()
    while place < len(text):
        match = _TOKEN.match(text, place)
        if match is None:
            raise NotUnderstoodError(text[place : place + 30].strip())
        kind = str(match.lastgroup)
        found.append((kind, match[kind]))
        place = match.end()
    return found


@dataclass
class _Parser:
    tokens: list[tuple[str, str]]
    depth: int = 0

    def level(self, number: int) -> Node:
        """A part whose operators bind as those of a level, or more."""
        if number == len(_LEVELS):
            return self._single()
        left = self.level(number + 1)
        while self.tokens and self.tokens[0][0] in ("sign", "name") and self.tokens[0][1] in _LEVELS[number]:
            sign = self.tokens.pop(0)[1]
            left = _simple(Node(sign, (left, self.level(number + 1))))
        return left

    def _single(self) -> Node:
        if not self.tokens or self.depth > _DEEPEST:
            raise NotUnderstoodError("…")
        kind, text = self.tokens.pop(0)
        if kind == "text":
            return Node("text", value=text[1:-1])
        if kind in ("number", "answer"):
            return Node(kind, value=text)
        if kind == "self":
            return SELF
        if text == "-" and self.tokens and self.tokens[0][0] == "number":
            return Node("number", value="-" + self.tokens.pop(0)[1])
        if kind == "name" and self.tokens[:1] == [("sign", "(")]:
            self.tokens.pop(0)
            return _simple(Node(text, self._arguments()))
        if text == "(":
            [inner] = self._arguments()[:1] or [NOTHING]
            return inner
        raise NotUnderstoodError(text)

    def _arguments(self) -> tuple[Node, ...]:
        """What stands between brackets, of which the first is read."""
        self.depth += 1
        found: list[Node] = []
        while self.tokens and self.tokens[0] != ("sign", ")"):
            found.append(self.level(0))
            if self.tokens[:1] == [("sign", ",")]:
                self.tokens.pop(0)
            elif self.tokens[:1] != [("sign", ")")]:
                break
        if self.tokens[:1] != [("sign", ")")]:
            raise NotUnderstoodError(self.tokens[0][1] if self.tokens else ")")
        self.tokens.pop(0)
        self.depth -= 1
        return tuple(found)


def _simple(node: Node) -> Node:
    """The same with fewer parts, where an export writes more than it says."""
    parts = node.parts
    match node.sign:
        case "and" | "or":
            flat = [one for part in parts for one in (part.parts if part.sign == node.sign else (part,))]
            kept = [part for part in dict.fromkeys(flat) if node.sign == "or" or part.sign != "true"]
            return _equal(joined(kept)) if node.sign == "and" else Node("or", tuple(kept))
        case "not" if len(parts) == 1:
            return _not(parts[0])
        case "number" | "string" | "int" if len(parts) == 1:
            return parts[0]
        case "<" | ">" if parts[0].sign == "-" and parts[1].sign == "number":
            return _without_allowance(node)
        case _:
            return node


def _not(node: Node) -> Node:
    return node.parts[0] if node.sign == "not" else Node("not", (node,))


def _without_allowance(node: Node) -> Node:
    """`a - b < 0.0000005` says a <= b."""
    difference, limit = node.parts
    if abs(abs(float(limit.value)) - _ALIKE) > _ALIKE / 100:
        return node
    is_wide = (float(limit.value) > 0) == (node.sign == "<")
    return Node(node.sign + "=" * is_wide, difference.parts)


def _equal(node: Node) -> Node:
    """`a <= b and b <= a` says a = b."""
    if len(node.parts) == 2 and all(part.sign == "<=" for part in node.parts):
        first, second = node.parts
        if first.parts == second.parts[::-1]:
            return Node("=", first.parts)
    return node
