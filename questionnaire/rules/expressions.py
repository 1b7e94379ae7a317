"""Parses the text form of conditions, such as `status >= 2 and filled(title)`, into the tree of `conditions`.

The text borrows Python's grammar, which many people can read, and is parsed, never evaluated.
"""

import ast
from collections.abc import Callable, Mapping
from dataclasses import replace

from questionnaire.blanks import AnswerStatus
from questionnaire.codelists import Code, Codelist
from questionnaire.declaration.answer_types import AnswerType, Coded, Date, MultipleChoice, Scalar, ScalarType, parts
from questionnaire.indicator_table.identifiers import safe_name
from questionnaire.rules.conditions import (
    THIS,
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
    LineSum,
    MarkedCount,
    Not,
    Or,
    Parameter,
    Quantity,
    Ref,
    Reference,
    SameCode,
    SameLine,
    TableCell,
    Value,
    Valued,
    Within,
    YearOf,
    countable,
)
from questionnaire.rules.names import PARAMETERS, ExpressionError, Names

_COMPARISONS: dict[type[ast.cmpop], str] = {
    ast.Eq: "==", ast.NotEq: "!=", ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=",
}  # fmt: skip
_ARITHMETIC: dict[type[ast.operator], str] = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/"}


def read_condition(text: str, names: Names) -> Condition:
    """The condition that a text states; ExpressionError says what in it cannot be understood."""
    if text.strip() in ("", "always"):
        return Always()
    try:
        tree = ast.parse(text.strip(), mode="eval")
    except (SyntaxError, ValueError) as error:
        what = f"“{text}” is not a well-formed expression: check brackets and operators{names.remedy(text)}"
        raise ExpressionError(what) from error
    return _Reader(text, names, judged=not names.within).condition(tree.body)


def read_quantity(text: str, names: Names) -> Quantity:
    """The number that a text states, about an indicator; ExpressionError says what in it cannot be understood."""
    try:
        tree = ast.parse(text.strip(), mode="eval")
    except (SyntaxError, ValueError) as error:
        what = f"“{text}” is not a well-formed formula: check brackets and operators{names.remedy(text)}"
        raise ExpressionError(what) from error
    return _Reader(text, names, judged=True).quantity(tree.body)


class _Reader:
    def __init__(self, text: str, names: Names, judged: bool, counting: bool = False) -> None:
        # `judged`: it is an indicator that is judged, not a line of a list; THIS stands for it.
        self._text, self._names, self._counting, self._judged = text, names, counting, judged

    @property
    def names(self) -> Names:
        """What names mean here."""
        return self._names

    def condition(self, node: ast.expr) -> Condition:
        match node:
            case ast.BoolOp(op=ast.And(), values=values):
                return And(tuple(map(self.condition, values)))
            case ast.BoolOp(values=values):
                return Or(tuple(map(self.condition, values)))
            case ast.UnaryOp(op=ast.Not(), operand=operand):
                return Not(self.condition(operand))
            case ast.Call(func=ast.Name(id=name), args=args) if name in _PREDICATES:
                wanted, read = _PREDICATES[name]
                self._check_brackets(node, wanted, wanted)
                return self._countable(node, read(self, args))
            case ast.Compare(left=left, ops=operators, comparators=comparators):
                return self._comparison(left, operators, comparators)
        raise self._fault(node, "is neither a comparison nor one of filled(), valued(), has(), within()")

    def _comparison(self, left: ast.expr, operators: list[ast.cmpop], rights: list[ast.expr]) -> Condition:
        if len(operators) > 1:
            pairs = zip([left, *rights[:-1]], operators, rights, strict=True)
            return And(tuple(self._comparison(a, [operator], [b]) for a, operator, b in pairs))
        operator, right = operators[0], rights[0]
        if isinstance(operator, ast.In | ast.NotIn):
            items = right.elts if isinstance(right, ast.Tuple | ast.List | ast.Set) else [right]
            found = self._code_in(left, items)
            return found if isinstance(operator, ast.In) else Not(found)
        if isinstance(operator, ast.Eq | ast.NotEq) and self._is_code(right):
            found = self._code_in(left, [right])
            return found if isinstance(operator, ast.Eq) else Not(found)
        if type(operator) not in _COMPARISONS:
            what = "is compared in a way that is not known: use ==, <, <=, >, >= or in, with or without not"
            raise self._fault(right, what)
        compared = Compare(_COMPARISONS[type(operator)], self.quantity(left), self.quantity(right))
        return self._countable(ast.Compare(left, [operator], [right]), compared)

    def _countable(self, node: ast.expr, condition: Condition) -> Condition:
        if self._counting and not countable(condition):
            what = f"cannot be asked of the lines of {self._names.within} where they are counted"
            remedy = "compare one column with codes or with a number, the column first, as in year >= 2000"
            raise self._fault(node, f"{what}: {remedy}")
        return condition

    def _check_brackets(self, node: ast.Call, least: int, most: int | None) -> None:
        count = len(node.args) + len(node.keywords)
        if node.keywords or count < least or (most is not None and count > most):
            wanted = f"{least} name{'s' if least > 1 else ''}{'' if most == least else ' or more'}"
            given = "anything with “=”" if node.keywords else count
            raise self._fault(node, f"takes {wanted} in brackets, not {given}")

    def quantity(self, node: ast.expr) -> Quantity:
        match node:
            case ast.Constant(value=int() | float() as number) if not isinstance(number, bool):
                return Constant(number)
            case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int() | float() as number)):
                return Constant(-number)
            case ast.Name(id=name) if name in PARAMETERS:
                return Parameter(name)
            case ast.BinOp(left=left, op=operator, right=right) if type(operator) in _ARITHMETIC:
                return Arithmetic(_ARITHMETIC[type(operator)], self.quantity(left), self.quantity(right))
            case ast.Call(func=ast.Name(id=name), args=args) if name in _MEASURES:
                self._check_brackets(node, 1, 1)
                return _MEASURES[name](self, args[0])
            case ast.Call(func=ast.Name(id=name), args=args) if name in _OVER_LINES:
                self._check_brackets(node, 1, None)
                return _OVER_LINES[name](self, args[0], args[1:])
        ref, scalar = self.field(node)
        is_scale = isinstance(scalar, Coded) and scalar.codelist.is_scale
        if not is_scale and scalar.traits.column not in ("number", "date"):
            raise self._fault(node, "has no number to compare: it is neither a number, a date nor an ordered scale")
        return Value(self._names.in_one_unit(ref))

    def field(self, node: ast.expr) -> tuple[Ref, ScalarType]:
        """The field that a name stands for and its scalar type; previous(name) is the answer of the previous round."""
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "previous":
            if len(node.args) != 1:
                raise self._fault(node, "takes one question: previous(total)")
            if self._counting:
                what = "cannot be asked where lines are counted: those of the previous round are not at hand"
                raise self._fault(node, f"{what}; leave previous(…) out")
            ref, scalar = self.field(node.args[0])
            return replace(ref, previous=True), scalar
        path = _path(node)
        indicator = self._names.indicator(path[0]) if len(path) > 1 else ""
        path = path[1:] if indicator else path
        if not path or path[0] not in self._names.types:
            if self._names.within:
                known = ", ".join(self._names.types)
                raise self._fault(node, f"is not a column of {self._names.within} in lists.toml; it has {known}")
            raise self._fault(node, "is not a question of this instrument: see the first column of questions.csv")
        fields = {(f"{path[0]}.{suffix}" if suffix else path[0]): scalar for suffix, scalar in parts(self._type(path))}
        code = ".".join(path)
        if code not in fields:
            raise self._fault(node, f"is no part of {path[0]}; it has {', '.join(fields)}")
        return Ref(code, indicator), fields[code]

    def options(self, node: ast.expr) -> dict[str, Ref]:
        """The options of a multiple choice, by code."""
        ref, _ = self.field(node)
        answer_type = self._names.types.get(ref.field)
        if not isinstance(answer_type, MultipleChoice):
            raise self._fault(node, "is not a multiple choice")
        return {suffix: replace(ref, field=f"{ref.field}.{suffix}") for suffix, _ in parts(answer_type) if suffix}

    def list_code(self, node: ast.expr) -> str:
        """The list that a name stands for."""
        if not isinstance(node, ast.Name) or node.id not in self._names.lists:
            known = ", ".join(self._names.lists) or "none"
            raise self._fault(node, f"is not a list of this instrument; it has {known}")
        return node.id

    def room(self, node: ast.expr) -> Constant:
        """How many lines the sheet of a list has, as the instrument declares it."""
        return Constant(self._names.most_lines[self.list_code(node)])

    def reference(self, node: ast.expr) -> Reference:
        """The reference value that a name stands for."""
        if not isinstance(node, ast.Name) or node.id not in self._names.references:
            known = ", ".join(sorted(self._names.references)) or "none"
            raise self._fault(node, f"is no reference value that can be looked at here; there is {known}")
        return Reference(node.id)

    def same_line(self, node: ast.expr) -> Quantity:
        """same(table.column): the number in the line of another table with the same codes."""
        path, tables = _path(node), self._names.tables
        own = tables.get(self._names.within)
        if own is None or self._counting:
            raise self._fault(node, "is looked for in the same line, which only a rule on a table has")
        if len(path) != 2 or path[0] not in tables or path[0] == self._names.within:
            known = ", ".join(code for code in tables if code != self._names.within) or "none"
            raise self._fault(node, f"is no column of another table: write same(table.column); there is {known}")
        table, column = path
        if more := ", ".join(sorted(tables[table].dimension_codes - own.dimension_codes)):
            raise self._fault(node, f"has lines by {more}, of which {self._names.within} has none")
        types = {**self._names.measures(table), **self._names.lists[table]}
        found = types.get(column)
        if not isinstance(found, Scalar) or not found.traits.quantity:
            raise self._fault(node, f"is no number: {table} has {', '.join(types)}")
        return SameLine(table, Ref(column))

    def before(self, node: ast.expr) -> Quantity:
        """before(measure): the number one column earlier in the same line, such as that of the year before.

        It is looked up in the table of the rule itself, where `table_rules` takes the column before.
        """
        measures = {} if self._counting else self._names.measures(self._names.within)
        if not measures:
            raise self._fault(node, "is looked for one column earlier: only a rule on a table with codes across has it")
        found = measures.get(node.id) if isinstance(node, ast.Name) else None
        if not isinstance(found, Scalar) or not found.traits.quantity:
            raise self._fault(node, f"is no number that this table measures: write before({next(iter(measures))})")
        return SameLine(self._names.within, Ref(_path(node)[0]))

    def of_list(self, code: str) -> "_Reader":
        """The same where the lines of a list are looked at."""
        return _Reader(self._text, self._names.of_list(code), self._judged, counting=True)

    def number_field(self, node: ast.expr) -> Ref:
        return self._names.in_one_unit(self._typed(node, lambda scalar: scalar.traits.quantity, "is not a number"))

    def choice(self, node: ast.expr) -> Ref:
        return self._typed(node, lambda scalar: isinstance(scalar, Coded), "is not a choice")

    def text_field(self, node: ast.expr) -> Ref:
        return self._typed(node, lambda scalar: scalar.traits.column == "text", "is not a text")

    def date_field(self, node: ast.expr) -> Ref:
        return self._typed(node, lambda scalar: isinstance(scalar, Date), "is not a date")

    def _typed(self, node: ast.expr, fits: Callable[[ScalarType], bool], fault: str) -> Ref:
        ref, scalar = self.field(node)
        if not fits(scalar):
            raise self._fault(node, fault)
        return ref

    def _type(self, path: list[str]) -> AnswerType:
        return self._names.types[path[0]]

    def _is_code(self, node: ast.expr) -> bool:
        if isinstance(node, ast.Constant):
            return isinstance(node.value, str)
        return isinstance(node, ast.Name) and node.id not in self._names.types and node.id not in PARAMETERS

    def _code_in(self, left: ast.expr, items: list[ast.expr]) -> CodeIn:
        ref, scalar = self.field(left)
        own = scalar.codelist if isinstance(scalar, Coded) else None
        codes: list[str] = []
        statuses: list[AnswerStatus] = []
        for item in items:
            name = item.id if isinstance(item, ast.Name) else str(getattr(item, "value", ""))
            if name == THIS:
                self._check_this(left, ref)
                codes.append(THIS)
                continue
            code = _called(own, name) or self._missing_code(item, name)
            if code.missing is None:
                codes.append(code.code)
            else:
                statuses.append(code.missing)
        return CodeIn(ref, tuple(codes), tuple(statuses))

    def _check_this(self, node: ast.expr, ref: Ref) -> None:
        """ExpressionError unless THIS may be what the field on its left is compared with."""
        fault = f"is compared with “{THIS}”, the indicator that a rule judges"
        if not self._judged:
            raise self._fault(node, f"{fault}, in a rule on lines, which judges none: write the code of one")
        if not self._counting:
            what = "which is known only within lines() and sum(), as in lines(agreements, indicator == this)"
            raise self._fault(node, f"{fault}, {what}")
        named = self._names.indicator_fields.get(self._names.within, "")
        if ref.field != named:
            what = f"which in {self._names.within} is only in the column of the type indicator"
            raise self._fault(node, f"{fault}, {what}: write {named} == {THIS}")

    def _missing_code(self, node: ast.expr, name: str):  # type: ignore[no-untyped-def]
        if name not in self._names.missing:
            raise self._fault(node, "is no code of that question’s code list: see codelists.csv")
        return self._names.missing[name]

    def _fault(self, node: ast.expr, what: str) -> ExpressionError:
        return ExpressionError(f"in “{self._text}”, “{ast.unparse(node)}” {what}{self._names.remedy(self._text)}")


def _called(codelist: Codelist | None, name: str) -> Code | None:
    """The code of a list that a name stands for: an indicator such as 1.a.1 is I1_a_1, or "1.a.1" in quotes."""
    if codelist is None or name in codelist:
        return codelist[name] if codelist is not None else None
    return next((code for code in codelist.codes if safe_name(code.code) == name), None)


def _path(node: ast.expr) -> list[str]:
    match node:
        case ast.Name(id=name):
            return [name]
        case ast.Attribute(value=value, attr=name) if inner := _path(value):
            return [*inner, name]
    return []


def _has(reader: _Reader, args: list[ast.expr]) -> Condition:
    options = reader.options(args[0])
    name = args[1].id if isinstance(args[1], ast.Name) else ""
    if name not in options:
        raise reader._fault(args[0], f"has no option “{name}”; it has {', '.join(options)}")
    return Valued(options[name])


def _within(reader: _Reader, args: list[ast.expr]) -> Condition:
    left, right = reader.options(args[0]), reader.options(args[1])
    if left.keys() != right.keys():
        raise reader._fault(args[1], "has other options than the choice it is compared with")
    return Within(tuple((left[code], right[code]) for code in left))


def _lines(reader: _Reader, node: ast.expr, more: list[ast.expr]) -> Quantity:
    code = reader.list_code(node)
    return LineCount(code, _where(reader.of_list(code), more))


def _sum(reader: _Reader, node: ast.expr, more: list[ast.expr]) -> Quantity:
    if not isinstance(node, ast.Attribute):
        raise reader._fault(node, "is not a field of a list: sum(agreements.amount)")
    code = reader.list_code(node.value)
    within = reader.of_list(code)
    return LineSum(code, within.number_field(ast.Name(node.attr)), _where(within, more))


def _at(reader: _Reader, node: ast.expr, more: list[ast.expr]) -> Quantity:
    """at(table.measure, sex == T, …): the number in one cell of a table."""
    path, tables = _path(node), reader.names.tables
    table = tables.get(path[0]) if len(path) == 2 else None
    if table is None or path[1] not in table.measures:
        known = ", ".join(f"{code}.{measure}" for code, block in tables.items() for measure in block.measures)
        raise reader._fault(node, f"is no measure of a table: there is {known or 'none'}")
    codes: dict[str, str] = {}
    for item in more:
        match item:
            case ast.Compare(left=ast.Name(id=name), ops=[ast.Eq()], comparators=[right]):
                text = right.id if isinstance(right, ast.Name) else str(getattr(right, "value", ""))
                codes[name] = table.every_dimension[name].code(text) if name in table.every_dimension else text
            case _:
                raise reader._fault(item, "names no code of a dimension: write it as in sex == T")
    found = table.cell(path[1], codes)
    if found is None:
        wanted = ", ".join(f"{name} == {' or '.join(one.named) or '…'}" for name, one in table.every_dimension.items())
        raise reader._fault(node, f"needs a code of each dimension of {path[0]}, and of no other: {wanted}")
    line, column = found
    if not table.occurs(line, column) or not table.field(column).type.traits.quantity:
        raise reader._fault(node, "has no number there: it cannot occur, or is none")
    return TableCell(path[0], line, Ref(column))


def _where(reader: _Reader, more: list[ast.expr]) -> Condition:
    return And(tuple(map(reader.condition, more))) if len(more) > 1 else reader.condition(more[0]) if more else Always()


_PREDICATES: Mapping[str, tuple[int, Callable[[_Reader, list[ast.expr]], Condition]]] = {
    "filled": (1, lambda reader, args: Filled(reader.field(args[0])[0])),
    "valued": (1, lambda reader, args: Valued(reader.field(args[0])[0])),
    "has": (2, _has),
    "alike": (2, lambda reader, args: SameCode(reader.choice(args[0]), reader.choice(args[1]))),
    "within": (2, _within),
}
"""How many names each takes in brackets, and how they are read."""
_MEASURES: Mapping[str, Callable[[_Reader, ast.expr], Quantity]] = {
    "given": lambda reader, node: Given(reader.number_field(node)),
    "length": lambda reader, node: Length(reader.text_field(node)),
    "before": lambda reader, node: reader.before(node),
    "same": lambda reader, node: reader.same_line(node),
    "room": lambda reader, node: reader.room(node),
    "reference": lambda reader, node: reader.reference(node),
    "count": lambda reader, node: MarkedCount(tuple(reader.options(node).values())),
    "year": lambda reader, node: YearOf(reader.date_field(node)),
}
_OVER_LINES: Mapping[str, Callable[[_Reader, ast.expr, list[ast.expr]], Quantity]] = {
    "lines": _lines,
    "sum": _sum,
    "at": _at,
}
