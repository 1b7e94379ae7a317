"""Declares the expression tree of rules: frozen nodes that every derivation translates and none of them changes.

A **condition** is true or false; a **quantity** is a number that may be unknown. A comparison with an unknown
quantity is false; whether a rule is decided at all is asked with `operands` (see `questionnaire.rules.rule`).
"""

from collections.abc import Iterator
from dataclasses import dataclass

from questionnaire.blanks import AnswerStatus


@dataclass(frozen=True)
class Ref:
    """A field of the line that is judged (indicator "") or of another indicator, of this round or of the previous one.

    Where there was no previous round, what was answered in it is blank.
    """

    field: str
    indicator: str = ""
    previous: bool = False

    def __str__(self) -> str:
        path = f"{self.indicator}.{self.field}" if self.indicator else self.field
        return f"previous({path})" if self.previous else path


THIS = "this"
"""Stands in a condition on the lines of a list for the code of the indicator that is judged."""


# --- quantities ---------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Value:
    """The number in a field: of a code its rank, or its factor as a unit, of a date its day number."""

    ref: Ref


@dataclass(frozen=True)
class Given:
    """The number in a field, 0 where there is none: what is given of a sum. It is never unknown."""

    ref: Ref


@dataclass(frozen=True)
class Constant:
    """A number that the rule itself states."""

    number: float


@dataclass(frozen=True)
class Parameter:
    """A year that the round sets: `period_start` or `period_end`."""

    name: str


@dataclass(frozen=True)
class Arithmetic:
    """left + right, left - right, left * right or left / right, which is unknown where right is 0."""

    operator: str
    left: "Quantity"
    right: "Quantity"


@dataclass(frozen=True)
class Rounded:
    """A number rounded to so many decimals, a half away from 0."""

    value: "Quantity"
    decimals: int


@dataclass(frozen=True)
class Length:
    """Characters of a text; 0 when there is none."""

    ref: Ref


@dataclass(frozen=True)
class MarkedCount:
    """How many of these options are marked."""

    options: tuple[Ref, ...]


@dataclass(frozen=True)
class YearOf:
    """The calendar year of a date."""

    ref: Ref


@dataclass(frozen=True)
class LineNumber:
    """The number of the line that is judged, from 1."""


@dataclass(frozen=True)
class LineCount:
    """How many lines of a list meet a condition, in which fields are those of the line that is counted."""

    block: str
    where: "Condition"


@dataclass(frozen=True)
class LineSum:
    """The sum of a field over the lines of a list that meet a condition; a line without a number adds nothing."""

    block: str
    ref: Ref
    where: "Condition"


@dataclass(frozen=True)
class AlikeLines:
    """How many lines of the list say what the line that is judged says, itself included.

    It is 1 for a line with something that could not be read: nobody knows what it says.
    """


@dataclass(frozen=True)
class SameLine:
    """The number in the line of another table that has the codes of the line that is judged."""

    block: str
    ref: Ref


@dataclass(frozen=True)
class TableCell:
    """The number in one cell of a table: in the line of that number."""

    block: str
    line: int
    ref: Ref


@dataclass(frozen=True)
class Reference:
    """The figure about the respondent that the round brings from another source."""

    item: str


OverLines = LineCount | LineSum
Quantity = (
    Value
    | Given
    | Constant
    | Parameter
    | Arithmetic
    | Rounded
    | Length
    | MarkedCount
    | YearOf
    | LineNumber
    | OverLines
    | AlikeLines
    | SameLine
    | TableCell
    | Reference
)


# --- conditions ---------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Always:
    """True."""


@dataclass(frozen=True)
class Compare:
    """left (== != < <= > >=) right; false when a side is unknown."""

    operator: str
    left: Quantity
    right: Quantity


@dataclass(frozen=True)
class CodeIn:
    """The field holds one of these codes, or one of these declared statuses."""

    ref: Ref
    codes: tuple[str, ...]
    statuses: tuple[AnswerStatus, ...]


@dataclass(frozen=True)
class Filled:
    """The field is not blank: a value, a declared status, or something that could not be read."""

    ref: Ref


@dataclass(frozen=True)
class Valued:
    """The field has a value."""

    ref: Ref


@dataclass(frozen=True)
class WebForm:
    """The text begins with http:// or https://; true when there is none."""

    ref: Ref


@dataclass(frozen=True)
class NamesRespondent:
    """The field holds the code of the respondent itself."""

    ref: Ref


@dataclass(frozen=True)
class SameCode:
    """Both fields hold the same code, such as the unit that was chosen for each of two numbers."""

    left: Ref
    right: Ref


@dataclass(frozen=True)
class Within:
    """Every option marked on the left is marked on the right: pairs of (left option, right option)."""

    pairs: tuple[tuple[Ref, Ref], ...]


@dataclass(frozen=True)
class And:
    """All of them."""

    items: tuple["Condition", ...]


@dataclass(frozen=True)
class Or:
    """At least one of them."""

    items: tuple["Condition", ...]


@dataclass(frozen=True)
class Not:
    """The contrary."""

    item: "Condition"


@dataclass(frozen=True)
class Divided:
    """What a ratio divides by what; `is_part` where the numerator is part of the denominator."""

    numerator: Quantity
    denominator: Quantity
    is_part: bool = False


@dataclass(frozen=True)
class Formula:
    """What a computed answer is: a quantity, and when it is known. `ratio` is what it divides, if it is one."""

    value: Quantity
    known_when: "Condition"
    ratio: Divided | None = None


Condition = Always | Compare | CodeIn | Filled | Valued | WebForm | NamesRespondent | SameCode | Within | And | Or | Not
Node = Quantity | Condition


def children(node: Node) -> tuple[Node, ...]:
    """The nodes directly below a node."""
    match node:
        case Compare(_, left, right) | Arithmetic(_, left, right):
            return (left, right)
        case And(items) | Or(items):
            return items
        case Not(item) | Rounded(item):
            return (item,)
        case _:
            return ()


def walk(node: Node) -> Iterator[Node]:
    """A node and all below it, in reading order."""
    waiting = [node]
    while waiting:
        found = waiting.pop()
        yield found
        waiting.extend(reversed(children(found)))


def refs(node: Node) -> tuple[Ref, ...]:
    """Every field a tree looks at, each once, in reading order; what it counts in other lines is not among them."""
    found: dict[Ref, None] = {}
    for item in walk(node):
        match item:
            case Value(ref) | Given(ref) | Length(ref) | YearOf(ref):
                found[ref] = None
            case CodeIn(ref) | Filled(ref) | Valued(ref) | WebForm(ref) | NamesRespondent(ref):
                found[ref] = None
            case MarkedCount(options):
                found |= dict.fromkeys(options)
            case SameCode(left, right):
                found |= dict.fromkeys((left, right))
            case Within(pairs):
                found |= dict.fromkeys(ref for pair in pairs for ref in pair)
            case _:
                pass
    return tuple(found)


def refs_in_lines(node: Node) -> tuple[Ref, ...]:
    """Every field of a list that a tree looks at in the lines it counts or adds up, each once."""
    counted = [item.where for item in walk(node) if isinstance(item, LineCount | LineSum)]
    return tuple(dict.fromkeys(ref for where in counted for ref in (*refs(where), *refs_in_lines(where))))


def countable(condition: Condition) -> bool:
    """True if lines that meet such a condition can be counted within one formula; its items are judged apart."""
    match condition:
        case Compare(_, Value(), Constant() | Parameter()):
            return True
        case Always() | CodeIn() | Filled() | Valued() | NamesRespondent() | And() | Or() | Not():
            return True
        case _:
            return False


_ELSEWHERE = LineCount | LineSum | SameLine | TableCell


def lists_in(node: Node) -> tuple[str, ...]:
    """The codes of the lists whose lines a tree counts, adds up or looks at, each once."""
    return tuple(dict.fromkeys(item.block for item in walk(node) if isinstance(item, _ELSEWHERE)))


def references_in(node: Node) -> tuple[str, ...]:
    """The items of the reference values that a tree looks at, each once."""
    return tuple(dict.fromkeys(item.item for item in walk(node) if isinstance(item, Reference)))


def operands(node: Node) -> tuple[Node, ...]:
    """The parts whose value must be known before a check is decided: compared values, years, codes and quotients."""
    single = Value | YearOf | CodeIn | SameLine | TableCell | Reference
    return tuple(item for item in walk(node) if isinstance(item, single) or _divides(item))


def _divides(node: Node) -> bool:
    return isinstance(node, Arithmetic) and node.operator == "/"


def computed_from(value: Quantity) -> Formula:
    """The formula of a quantity. given() takes a blank for 0, but no reason for no answer and nothing unreadable."""
    given = (item.ref for item in walk(value) if isinstance(item, Given))
    blank_or_valued = tuple(Or((Not(Filled(ref)), Valued(ref))) for ref in dict.fromkeys(given))
    return Formula(value, And(blank_or_valued))


def both(left: Condition, right: Condition) -> Condition:
    """Left and right, without an idle `Always`."""
    if isinstance(left, Always):
        return right
    return left if isinstance(right, Always) else And((left, right))
