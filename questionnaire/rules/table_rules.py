"""Makes the rules that follow from the totals of a table: a total is the sum of its parts, over lines and over columns.

They are made of what every rule is made of, so that each evaluator knows them already.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

from questionnaire.declaration.answer_types import Measured as MeasuredType
from questionnaire.declaration.answer_types import Numeric, ScalarType
from questionnaire.declaration.blocks import ListBlock
from questionnaire.declaration.lists.table_block import TableBlock
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
    LineCount,
    LineSum,
    Not,
    Or,
    Quantity,
    Ref,
    SameLine,
    Value,
    Valued,
    walk,
)
from questionnaire.rules.rule import Asked, Rule, Severity, automatic
from questionnaire.rules.substitution import in_columns

_HALF = 0.5


def rules_of_table(block: TableBlock) -> Iterator[Rule]:
    """The rules on the totals that a table declares."""
    for _, line, parts in block.totals():
        for column in block.cells(line):
            asked = tuple(part for part in parts if block.occurs(part, column))
            if asked and block.adds_up(column):
                yield from _over_lines(block, line, asked, column)
    yield from _over_columns(block)
    if block.unit_question is not None:
        yield _unit_chosen(block, block.unit_question.code)


def _unit_chosen(block: TableBlock, unit: str) -> Rule:
    """That the unit of a table is chosen, once it has a number."""
    numbers = tuple(Valued(Ref(asked.code)) for asked in block.questions if asked.unit_in)
    filled = Compare(">", LineCount(block.code, Or(numbers)), Constant(0))
    asked = Asked(None, (), Always(), None, (block.indicator,))
    return automatic("unit_required", Severity.ERROR, asked, unit, Filled(Ref(unit)), when=filled)


def in_each_column(rule: Rule, block: TableBlock, lists: Mapping[str, ListBlock]) -> Iterator[Rule]:
    """A rule on a measure of a table as rules on its columns; one that names no measure stays as it is."""
    named = {ref.field for ref in (*rule.refs, Ref(rule.target)) if not ref.indicator} - block.field_codes
    others = [node for tree in (rule.when, rule.check) for node in walk(tree) if isinstance(node, SameLine)]
    if not named and all(node.ref.field in lists[node.block].field_codes for node in others):
        yield rule
        return
    earlier = _earlier(block)
    for code in dict.fromkeys(held.code for held in block.measured.values()):
        own = {held.measure: column for column, held in block.measured.items() if held.code == code}
        there = {
            (table, held.measure): column
            for table in {node.block for node in others}
            if isinstance(other := lists[table], TableBlock)
            for column, held in other.measured.items()
            if held.code == (earlier.get(code, "") if table == block.code else code)
        }
        if all(
            (node.block, node.ref.field) in there or node.ref.field in lists[node.block].field_codes for node in others
        ):
            yield replace(
                rule,
                target=own.get(rule.target, rule.target),
                when=in_columns(rule.when, own, there, block.code),
                check=in_columns(rule.check, own, there, block.code),
            )


def looks_before(rule: Rule, block: TableBlock) -> bool:
    """True for a rule on the column before, which a table with a single column has not."""
    nodes = (node for tree in (rule.when, rule.check) for node in walk(tree))
    return any(isinstance(node, SameLine) and node.block == block.code for node in nodes)


def _earlier(block: TableBlock) -> Mapping[str, str]:
    """For each code across the one whose column stands before it; the total stands before and after none."""
    parts = block.across.parts if block.across else ()
    return dict(pairwise(reversed(parts)))


def _over_lines(block: TableBlock, line: int, parts: Sequence[int], column: str) -> Iterator[Rule]:
    """The total line against the sum of its parts in one column."""
    ref, of_parts = Ref(column), _in_lines(block, parts)
    missing = LineCount(block.code, And((of_parts, Not(Valued(ref)))))
    total = LineSum(block.code, ref, of_parts)
    allowed = _tolerance(block, column, len(parts))
    yield from _rules("lines_total", block, column, _in_lines(block, (line,)), total, missing, allowed=allowed)


def _over_columns(block: TableBlock) -> Iterator[Rule]:
    """The column of the total code against the sum of the others, in all lines at once or where some are not asked."""
    across = block.across
    if across is None or not across.total:
        return
    columns = {held.code: column for column, held in block.measured.items()}
    total = columns[across.total]
    if not block.adds_up(total):
        return
    by_parts: dict[tuple[str, ...], list[int]] = {}
    for line in range(1, block.most_lines + 1):
        asked = block.cells(line)
        parts = tuple(columns[code] for code in across.parts if columns[code] in asked)
        if total in asked and parts:
            by_parts.setdefault(parts, []).append(line)
    for parts, lines in by_parts.items():
        where = Always() if len(lines) == block.most_lines else _in_lines(block, lines)
        given: Quantity = Given(Ref(parts[0]))
        for part in parts[1:]:
            given = Arithmetic("+", given, Given(Ref(part)))
        missing = Or(tuple(Not(Valued(Ref(part))) for part in parts))
        allowed = _tolerance(block, total, len(parts))
        yield from _rules("columns_total", block, total, where, given, missing, allowed=allowed)


def _rules(
    code: str,
    block: TableBlock,
    column: str,
    where: Condition,
    parts: Quantity,
    missing: Condition | LineCount,
    *,
    allowed: float,
) -> Iterator[Rule]:
    """The total is the sum where all parts are given and, of what is never below 0, no less where some are not."""
    some = Compare(">", missing, Constant(0)) if isinstance(missing, LineCount) else missing
    total = Value(Ref(column))
    least = Compare(">=", total, _plus(parts, -allowed))
    most = Compare("<=", total, _plus(parts, allowed))
    asked = Asked(None, (), Always(), None, (block.code,), in_lines=True)
    whole = And((where, Not(some)))
    yield automatic(code, Severity.ERROR, asked, column, least, when=where if _adds_up(block, column) else whole)
    yield automatic(code, Severity.ERROR, asked, column, most, when=whole)


def _adds_up(block: TableBlock, column: str) -> bool:
    """True for what can only become more with every part."""
    scalar = block.field(column).type
    return isinstance(scalar, Numeric) and isinstance(scalar.minimum, int | float) and scalar.minimum >= 0


def _plus(quantity: Quantity, number: float) -> Quantity:
    return Arithmetic("+", quantity, Constant(number)) if number else quantity


def _in_lines(block: TableBlock, lines: Sequence[int]) -> Condition:
    """That a line is one of these; codes that all lines of the table may have are not named."""
    wanted = [block.combinations[line - 1] for line in lines]
    items: list[Condition] = []
    for place, dimension in enumerate(block.dimensions):
        codes = tuple(dict.fromkeys(item[place] for item in wanted))
        rest = tuple(code for code in dimension.codes if code not in codes)
        if rest:
            # Of a hundred countries all but their total: the sheet's formula names the total.
            few = CodeIn(Ref(dimension.name), min(codes, rest, key=len), ())
            items.append(few if len(codes) <= len(rest) else Not(few))
    boxed = _boxed(block, wanted)
    if boxed == len(wanted):
        return And(tuple(items))
    each = (
        And(tuple(CodeIn(Ref(name), (code,), ()) for name, code in block.coordinates(line).items())) for line in lines
    )
    return Or(tuple(each))


def _boxed(block: TableBlock, wanted: Sequence[tuple[str, ...]]) -> int:
    """How many lines have, in each dimension, one of the codes that the wanted lines have there."""
    size = 1
    for place, _ in enumerate(block.dimensions):
        size *= len({item[place] for item in wanted})
    return size


def _tolerance(block: TableBlock, column: str, parts: int) -> float:
    """How far the total may be from the sum; without a word of the table, half a unit of the last decimal a part."""
    if block.tolerance is not None:
        return block.tolerance
    return _rounding(block.field(column).type) * parts


def _rounding(scalar: ScalarType) -> float:
    """What honest rounding may change a number by; a count is exact."""
    return _HALF * float(10**-scalar.decimals) if isinstance(scalar, MeasuredType) else 0.0
