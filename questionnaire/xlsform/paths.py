"""Translates conditions into the XPath of XLSForm, with the meaning of `questionnaire.rules.evaluate`.

What ODK has nothing for, such as the answers of the previous round, raises NotInFormsError.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import assert_never

from questionnaire.blanks import AnswerStatus
from questionnaire.codelists import Code, Codelist
from questionnaire.declaration.answer_types import Coded, Date, Derived, Mark, Numeric, Selection, Written
from questionnaire.declaration.blocks import Block, Field
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
)
from questionnaire.rules.evaluate import DECIMALS, WEB_PREFIXES
from questionnaire.rules.rule import Rule
from questionnaire.xlsform.names import RESPONDENT, Names
from questionnaire.xlsform.numbers import plain_number

_SIGNS = {"==": "=", "!=": "!=", "<": "<", "<=": "<=", ">": ">", ">=": ">="}


class NotInFormsError(Exception):
    """Something that a form cannot ask; the text is the key of what, in wordings/xlsform.toml."""


@dataclass(frozen=True)
class Paths:
    """Translates what is asked of the answers of one block, of an indicator or of a line of a list.

    `lines` is the list whose lines are being counted, where answers are named from within a line.
    """

    instrument: Instrument
    names: Names
    block: Block
    parameters: Mapping[str, int]
    lines: str = ""

    def broken(self, rule: Rule) -> str:
        """True where a rule applies, is decided and is not kept."""
        known = [
            self.condition(Filled(node.ref)) if isinstance(node, CodeIn) else self._known(node)
            for node in rule.operands
        ]
        parts = [self.condition(rule.when), *known, f"not({self.condition(rule.check)})"]
        return " and ".join(part for part in parts if part != "true()")

    def condition(self, condition: Condition) -> str:  # noqa: PLR0911, PLR0912  one line a node
        """A condition as an expression that is true or false."""
        match condition:
            case Always():
                return "true()"
            case Compare(sign, left, right):
                sides = self._compared(sign, left, right)
                # Nothing is unequal to an answer that is not there.
                return f"({self._known_all(left, right)} and {sides})" if sign == "!=" else f"({sides})"
            case CodeIn(ref, codes, statuses):
                return self._code_in(ref, codes, statuses)
            case Filled(ref):
                return self._either(self._valued(ref), self._declares(ref, None))
            case Valued(ref):
                return self._valued(ref)
            case WebForm(ref):
                path = self._path(ref)
                begins = [f"starts-with({path}, '{prefix}')" for prefix in WEB_PREFIXES]
                return f"({path} = '' or {' or '.join(begins)})"
            case NamesRespondent(ref):
                return f"{self._path(ref)} = ${{{RESPONDENT}}}"
            case SameCode(left, right):
                return f"({self._valued(left)} and {self._path(left)} = {self._path(right)})"
            case Within(pairs):
                kept = (f"(not({self._valued(left)}) or {self._valued(right)})" for left, right in pairs)
                return f"({' and '.join(kept)})"
            case And(items):
                return self._joined(" and ", items) or "true()"
            case Or(items):
                return self._joined(" or ", items) or "false()"
            case Not(item):
                return f"not({self.condition(item)})"
            case _:
                assert_never(condition)

    def quantity(self, quantity: Quantity) -> str:  # noqa: PLR0911, PLR0912  one line a node
        """A quantity as an expression: NaN where it is not known."""
        match quantity:
            case Constant(number):
                return plain_number(number)
            case Parameter(name):
                return str(self.parameters[name])
            case Value(ref):
                return self._number(ref)
            case Given(ref):
                return f"coalesce({self._path(ref)}, 0)"
            case Length(ref):
                return f"string-length({self._path(ref)})"
            case MarkedCount(options):
                return "(" + " + ".join(f"if({self._valued(option)}, 1, 0)" for option in options) + ")"
            case YearOf(ref):
                return f"number(format-date({self._path(ref)}, '%Y'))"
            case Arithmetic("/", left, right):
                a, b = self.quantity(left), self.quantity(right)
                return f"if({b} = 0, number(''), {a} div {b})"
            case Arithmetic(sign, left, right):
                return f"({self.quantity(left)} {sign} {self.quantity(right)})"
            case LineNumber():
                return "position(..)"
            case LineCount(block, where):
                return f"count({self._counted(block, where)})"
            case LineSum(block, ref, where):
                name = self.names.of_field(block, ref.field)
                return f"sum({self._counted(block, where, f'./{name} != {_NOTHING}')}/{name})"
            case Rounded(value, decimals):
                return f"round({self.quantity(value)}, {decimals})"
            case AlikeLines():
                raise NotInFormsError("alike_lines")
            case SameLine():
                raise NotInFormsError("same_line")
            case TableCell():
                raise NotInFormsError("table_cell")
            case Reference():
                raise NotInFormsError("reference")
            case _:
                assert_never(quantity)

    def _compared(self, sign: str, left: Quantity, right: Quantity) -> str:
        """Two quantities side by side; of what is calculated, a difference in the last digits is none."""
        a, b = self.quantity(left), self.quantity(right)
        if not any(isinstance(side, Arithmetic | LineSum | Rounded) for side in (left, right)):
            return f"{a} {_SIGNS[sign]} {b}"
        match sign:
            case "==" | "!=":
                alike = f"{a} - {b} < {_ALIKE} and {b} - {a} < {_ALIKE}"
                return alike if sign == "==" else f"not({alike})"
            case "<" | "<=":
                return f"{a} - {b} < {'-' if sign == '<' else ''}{_ALIKE}"
            case _:
                return f"{a} - {b} > {'' if sign == '>' else '-'}{_ALIKE}"

    # --- answers --------------------------------------------------------------------------------------------

    def _counted(self, block: str, where: Condition, more: str = "") -> str:
        within = replace(self, block=self.instrument.blocks[block], lines=block)
        asked = [part for part in (more, within.condition(where)) if part and part != "true()"]
        return f"${{{self.names.of_block(block)}}}" + (f"[{' and '.join(asked)}]" if asked else "")

    def _path(self, ref: Ref) -> str:
        """The answer itself; of an option of a multiple choice, that of its question."""
        if ref.previous:
            raise NotInFormsError("previous_round")
        block, field = self._asked(ref)
        name = self.names.of_field(block.code, field.question if isinstance(field.type, Mark) else field.code)
        return f"./{name}" if self.lines and not ref.indicator else f"${{{name}}}"

    def _asked(self, ref: Ref) -> tuple[Block, Field]:
        block = self.instrument.indicator(ref.indicator) if ref.indicator else self.block
        return block, block.field(ref.field)

    def _valued(self, ref: Ref) -> str:
        _, field = self._asked(ref)
        path = self._path(ref)
        if isinstance(field.type, Mark):
            return f"selected({path}, '{ref.field.partition('.')[2]}')"
        declared = self._own_reasons(field)
        said = [f"{path} != {_NOTHING}", *(f"{path} != '{code.code}'" for code in declared)]
        return f"({' and '.join(said)})" if declared else said[0]

    def _declares(self, ref: Ref, statuses: tuple[AnswerStatus, ...] | None) -> str:
        """True where the reason for no answer is one of these, or any; "" where none can be given."""
        block, field = self._asked(ref)
        if field.takes_missing and not self.lines:
            path = f"${{{self.names.of_reason(block, field)}}}"
            return _one_of(path, _codes(self.instrument.missing, statuses)) if statuses else f"{path} != {_NOTHING}"
        own = [code for code in self._own_reasons(field) if not statuses or code.missing in statuses]
        return _one_of(self._path(ref), [code.code for code in own]) if own else ""

    @staticmethod
    def _own_reasons(field: Field) -> list[Code]:
        codelist = field.type.codelist if isinstance(field.type, Coded) else ()
        return [code for code in codelist if code.missing is not None]

    def _code_in(self, ref: Ref, codes: tuple[str, ...], statuses: tuple[AnswerStatus, ...]) -> str:
        path = self._path(ref)
        _, field = self._asked(ref)
        if isinstance(field.type, Mark):
            return self._valued(ref)
        chosen = _one_of(path, codes) if codes else ""
        return self._either(chosen, self._declares(ref, statuses) if statuses else "") or "false()"

    def _number(self, ref: Ref) -> str:
        _, field = self._asked(ref)
        path = self._path(ref)
        match field.type:
            case Coded(codelist):
                ranks = [(code.code, code.number) for code in codelist if code.number is not None]
                if all(code == str(rank) for code, rank in ranks):
                    return f"number({path})"
                found = "number('')"
                for code, rank in ranks:
                    found = f"if({path} = '{code}', {plain_number(rank)}, {found})"
                return found
            case Date():
                return f"decimal-date-time({path})"
            case Numeric() | Derived():
                return f"number({path})"
            case Selection() | Written():
                raise NotInFormsError("number_of_text")
            case _:
                assert_never(field.type)

    def _known(self, node: Node) -> str:
        match node:
            case Value(ref) | YearOf(ref):
                return self._valued(ref)
            case Arithmetic("/", left, right):
                return f"{self._known_all(left, right)} and {self.quantity(right)} != 0"
            case Arithmetic(_, left, right):
                return self._known_all(left, right)
            case Rounded(value):
                return self._known(value)
            case _:
                return "true()"

    def _known_all(self, *quantities: Quantity) -> str:
        known = dict.fromkeys(self._known(quantity) for quantity in quantities)
        return " and ".join(part for part in known if part != "true()") or "true()"

    def _joined(self, between: str, items: tuple[Condition, ...]) -> str:
        parts = [self.condition(item) for item in items]
        return f"({between.join(parts)})" if len(parts) > 1 else "".join(parts)

    @staticmethod
    def _either(left: str, right: str) -> str:
        return f"({left} or {right})" if left and right else left or right


_NOTHING = "''"
_ALIKE = f"{0.5 / 10**DECIMALS:.{DECIMALS + 1}f}"
"""Half a unit of the last decimal in which two numbers can differ."""


def _one_of(path: str, codes: tuple[str, ...] | list[str]) -> str:
    parts = [f"{path} = '{code}'" for code in codes]
    return f"({' or '.join(parts)})" if len(parts) > 1 else parts[0]


def _codes(codelist: Codelist, statuses: tuple[AnswerStatus, ...]) -> list[str]:
    return [code.code for code in codelist if code.missing in statuses]
