"""Translates conditions and rules into spreadsheet expressions.

Every verdict is that of `questionnaire.rules.evaluate`; the functions are those that Excel 2010, LibreOffice and Google
Sheets share. All methods give expressions without the leading “=”, to stand in a cell of the block's own sheet unless
`on` names another place ("" for any sheet that is none).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from questionnaire.addresses import column_letter
from questionnaire.blanks import DECLARED
from questionnaire.declaration.answer_types import Coded, Mark
from questionnaire.declaration.form import Indicator
from questionnaire.declaration.lists.table_block import TableBlock
from questionnaire.layout import Column, Layout, Slot
from questionnaire.rules.answer_cells import UNREADABLE, VALUED
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
from questionnaire.rules.evaluate import DECIMALS, OPERATORS, WEB_PREFIXES, same_line
from questionnaire.rules.rule import Rule
from questionnaire.sheet_names import REFERENCE_NUMBERS, REFERENCES_SHEET
from questionnaire.workbook.formulas import confirming
from questionnaire.workbook.formulas.cell_formulas import conjunction, either, has_number
from questionnaire.workbook.formulas.line_arrays import LineArrays
from questionnaire.workbook.formulas.terms import NEVER, Term, combined, known_where, rounded
from questionnaire.workbook.texts.codelist_sheet import ListAddresses

_SIGNS = {"==": "=", "!=": "<>", "<": "<", "<=": "<=", ">": ">", ">=": ">="}
_CONTRARY = {"==": "!=", "!=": "==", "<": ">=", "<=": ">", ">": "<=", ">=": "<"}
_OF_PREVIOUS = {
    Column.CODE: Column.PREVIOUS_CODE,
    Column.NUMERIC: Column.PREVIOUS_NUMERIC,
    Column.ANSWER: Column.PREVIOUS,
}
"""Where the same stands of the answer of the previous round."""


@dataclass(frozen=True)
class Judged:
    """Where a condition is decided: a block, the slots of its line by field (of a list), and the sheet it stands on."""

    block: str
    line: Mapping[str, Slot]
    place: str


class ConditionFormulas:
    """Translates for one workbook; `tabs` are the names of the sheets by section, `parameters` the round's years.

    `respondent` is the code of whoever the workbook is for.
    """

    def __init__(
        self,
        layout: Layout,
        tabs: Mapping[str, str],
        parameters: Mapping[str, int],
        lists: ListAddresses,
        respondent: str = "",
    ) -> None:
        self.layout, self._tabs, self._parameters, self._lists = layout, tabs, parameters, lists
        self._respondent = respondent

    # --- rules and conditions -------------------------------------------------------------------------------

    def broken(self, rule: Rule, block: str, on: str | None = None, line: int = 1) -> str:
        """True where the rule applies, is decided and is not kept."""
        at = self._judged(block, line, on)
        when = self._holding(rule.when, at)
        if NEVER[0] in when:
            return NEVER[0]
        # Once every operand is known, the comparisons of the check need no guards of their own.
        known = self._known(rule.operands, at)
        failing = self._failing(rule.check, at, known=True)
        if self._shows_unknown(Not(rule.check)):
            known = ()
        return conjunction((*when, *known, *failing))

    def condition(self, condition: Condition, block: str, on: str | None = None, line: int = 1) -> str:
        """True where the condition holds."""
        return conjunction(self._holding(condition, self._judged(block, line, on)))

    def quantity(self, quantity: Quantity, block: str, on: str | None = None, line: int = 1) -> str:
        """The number, or "" where an answer it needs is not there."""
        term = self._term(quantity, self._judged(block, line, on))
        guard = known_where(term)
        return f'IF({conjunction(guard)},{term.text},"")' if guard else term.text

    def _holding(  # noqa: PLR0911  one line a node
        self, condition: Condition, at: Judged, known: bool = False
    ) -> tuple[str, ...]:
        """The expressions that are all true where the condition holds."""
        match condition:
            case Always():
                return ()
            case Compare(sign, left, right):
                return self._compared(sign, left, right, at, known)
            case And(items):
                return tuple(text for item in items for text in self._holding(item, at, known))
            case Or((Valued(ref), CodeIn(same, (), statuses))) if ref == same and set(statuses) == set(DECLARED):
                # Said often, of every question that decides on others: a shorter way to say the same.
                return self._readable(ref, at)
            case Or(items):
                return (either([conjunction(self._holding(item, at, known)) for item in items]),)
            case Not(item):
                return self._failing(item, at, known)
            case Within(pairs):
                return (self._within(pairs, at),)
            case SameCode(left, right):
                return self._same_code(left, right, at)
            case CodeIn(ref) | Filled(ref) | Valued(ref) | WebForm(ref) | NamesRespondent(ref):
                slot = self._slot(ref, at)
                if slot is None:
                    return () if isinstance(condition, WebForm) else NEVER
                if (printed := _printed(slot)) is not None:
                    return () if not isinstance(condition, CodeIn) or printed in condition.codes else NEVER
                return (self._about(condition, slot, at.place),)

    def _same_code(self, left: Ref, right: Ref, at: Judged) -> tuple[str, ...]:
        slots = [(ref, slot) for ref in (left, right) if (slot := self._slot(ref, at)) is not None]
        codes = [self._of(ref, slot, Column.CODE, at.place) for ref, slot in slots]
        return (self._valued(slots[0][1], codes[0]), f"EXACT({','.join(codes)})") if len(slots) == 2 else NEVER

    def _failing(self, condition: Condition, at: Judged, known: bool = False) -> tuple[str, ...]:
        """The expressions that are all true where the condition does not hold."""
        match condition:
            case Always():
                return NEVER
            case Not(item):
                return self._holding(item, at, known)
            case And(items):
                return (either([conjunction(self._failing(item, at, known)) for item in items]),)
            case Or(items):
                return tuple(text for item in items for text in self._failing(item, at, known))
            case Compare(sign, left, right) if known or self._shows_unknown(condition):
                # Where an unknown number makes the comparison false, it makes the contrary true.
                contrary = self._compared(_CONTRARY[sign], left, right, at, known=True)
                return () if contrary == NEVER else contrary
            case CodeIn(ref) if (slot := self._slot(ref, at)) is not None and _printed(slot) is not None:
                return () if self._holding(condition, at) == NEVER else NEVER
            case Filled(ref) if (slot := self._slot(ref, at)) is not None:
                return (f'{self._of(ref, slot, Column.CODE, at.place)}=""',)
            case _:
                return (f"NOT({self._all(condition, at, known)})",)

    def _readable(self, ref: Ref, at: Judged) -> tuple[str, ...]:
        slot = self._slot(ref, at)
        if slot is None:
            return NEVER
        found = self._of(ref, slot, Column.CODE, at.place)
        return (f'{found}<>""', f'{found}<>"{UNREADABLE}"')

    def _all(self, condition: Condition, at: Judged, known: bool) -> str:
        return conjunction(self._holding(condition, at, known))

    def _about(self, condition: CodeIn | Filled | Valued | WebForm | NamesRespondent, slot: Slot, place: str) -> str:
        found = self._of(condition.ref, slot, Column.CODE, place)
        match condition:
            case CodeIn(_, codes, statuses):
                scalar = slot.field.type
                own = scalar.codelist if isinstance(scalar, Coded) else None
                wanted = (*codes, *self._lists.missing_codes(own, statuses))
                return either([f'EXACT({found},"{code}")' for code in wanted])
            case NamesRespondent():
                return f'EXACT({found},"{self._respondent}")'
            case Filled():
                return f'{found}<>""'
            case Valued():
                return self._valued(slot, found)
            case WebForm():
                answer = self._of(condition.ref, slot, Column.ANSWER, place)
                if self.layout.prefilled and Column.CONFIRMED in slot.columns and not condition.ref.previous:
                    previous, confirmed = (
                        self._cell(slot, column, place) for column in (Column.PREVIOUS, Column.CONFIRMED)
                    )
                    answer = f"IF({confirmed}={confirming.CONFIRMED},{previous},{answer})"
                begins = either([f'LEFT({answer},{len(prefix)})="{prefix}"' for prefix in WEB_PREFIXES])
                return f'IF(EXACT({found},"{VALUED}"),{begins},TRUE)'

    def _valued(self, slot: Slot, found: str) -> str:
        scalar = slot.field.type
        if isinstance(scalar, Mark):
            return f'EXACT({found},"Y")'
        if not isinstance(scalar, Coded):
            return f'EXACT({found},"{VALUED}")'
        none = "|".join(("", UNREADABLE, *self._lists.missing_codes(scalar.codelist, DECLARED), "", ""))
        return f'ISERROR(FIND("|"&{found}&"|","{none}"))'

    # --- numbers --------------------------------------------------------------------------------------------

    def _compared(self, sign: str, left: Quantity, right: Quantity, at: Judged, known: bool) -> tuple[str, ...]:
        if isinstance(left, LineNumber):
            # The rows of the form say which line is which: it has none beyond its last.
            return NEVER
        a, b = (self._term(side, at) for side in (left, right))
        if a.absent or b.absent:
            return NEVER
        alone = self._shows_unknown(Compare(sign, left, right))
        guard = () if known or alone else known_where(a, b)
        if a.whole and b.whole:
            return (*guard, f"{a.text}{_SIGNS[sign]}{b.text}")
        second = f"({b.text})" if b.compound else b.text
        difference = a.text if second == "0" else f"{a.text}-{second}"
        return (*guard, f"ROUND({difference},{DECIMALS}){_SIGNS[sign]}0")

    def _shows_unknown(self, condition: Condition) -> bool:
        """True for a comparison of one number with a fixed one that is false where the number is unknown, taken for 0.

        Such a comparison needs no guard.
        """
        match condition:
            case Not(Not(item)):
                return self._shows_unknown(item)
            case Not(Compare(sign, left, right)):
                return self._shows_unknown(Compare(_CONTRARY[sign], left, right))
            case Compare(sign, Value(), Constant() | Parameter() as fixed):
                number = fixed.number if isinstance(fixed, Constant) else self._parameters[fixed.name]
                return not OPERATORS[sign](0, number)
            case _:
                return False

    def _term(self, quantity: Quantity, at: Judged) -> Term:  # noqa: PLR0911  one line a node
        match quantity:
            case Constant(number):
                text = repr(int(number) if float(number).is_integer() else number).upper()
                return Term(text, whole=float(number).is_integer(), compound=number < 0)
            case Parameter(name):
                return Term(str(self._parameters[name]))
            case MarkedCount(options):
                return Term(self._marked(options, at))
            case LineNumber():
                return Term(str(next(iter(at.line.values())).line if at.line else 1))
            case LineCount() | LineSum() | AlikeLines():
                return self._over_lines(quantity, at)
            case SameLine(block, ref):
                return self._same_line(block, ref, at)
            case Reference(item):
                row = [declared.code for declared in self.layout.instrument.references].index(item)
                cell = f"{REFERENCES_SHEET}!${column_letter(REFERENCE_NUMBERS)}${row + 1}"
                # An empty cell, of which Gnumeric makes an error by N().
                return Term(f"SUM({cell})", (cell,), whole=False)
            case TableCell(block, line, ref):
                return self._table_cell(block, line, ref, at)
            case Rounded(value, decimals):
                return rounded(self._term(value, at), decimals)
            case Arithmetic(sign, left, right):
                return combined(sign, *(self._term(side, at) for side in (left, right)))
            case Value(ref) | Given(ref) | YearOf(ref) | Length(ref):
                slot = self._slot(ref, at)
                if slot is None:
                    return Term("0", absent=not isinstance(quantity, Given | Length))
                return self._measured(quantity, slot, at.place)

    def _measured(self, quantity: Value | Given | YearOf | Length, slot: Slot, place: str) -> Term:
        # N() makes the empty text of an unknown number a 0, which breaks no sum: AND() evaluates all its parts.
        # What was not answered in the previous round is an empty cell, of which Gnumeric makes an error by N().
        cell = self._of(quantity.ref, slot, Column.NUMERIC, place)
        number = f"SUM({cell})" if quantity.ref.previous else f"N({cell})"
        match quantity:
            case Length():
                return Term(f'{cell}*EXACT({self._of(quantity.ref, slot, Column.CODE, place)},"{VALUED}")')
            case YearOf():
                return Term(f"YEAR({number})", (cell,))
            case Given():
                return Term(number, whole=slot.field.type.traits.whole)
            case Value():
                absent = not has_number(slot.field.type)
                return Term(number, (cell,), whole=slot.field.type.traits.whole, absent=absent)

    def _known(self, nodes: Sequence[Node], at: Judged) -> tuple[str, ...]:
        numbers = Value | YearOf | SameLine | TableCell | Reference | Arithmetic
        terms = [self._term(node, at) for node in nodes if isinstance(node, numbers)]
        if any(term.absent for term in terms):
            return NEVER
        filled = [Filled(node.ref) for node in nodes if isinstance(node, CodeIn)]
        return (*known_where(*terms), *(self._all(item, at, known=False) for item in filled))

    def _same_line(self, block: str, ref: Ref, at: Judged) -> Term:
        """The number in the line of another table that has the same codes."""
        line = same_line(self.layout.instrument, at.block, next(iter(at.line.values())).line, block)
        return self._table_cell(block, line, ref, at)

    def _table_cell(self, block: str, line: int, ref: Ref, at: Judged) -> Term:
        slots = self.layout.list_of(block).slots(line) if line else ()
        slot = next((slot for slot in slots if slot.field.code == ref.field), None)
        if slot is None:
            return Term("0", absent=True)
        return self._measured(Value(ref), slot, at.place)

    def _over_lines(self, quantity: LineCount | LineSum | AlikeLines, at: Judged) -> Term:
        block = at.block if isinstance(quantity, AlikeLines) else quantity.block
        sheet = self.layout.list_of(block)
        lines = LineArrays(sheet, self._prefix(sheet.code, at.place), self._lists, self._parameters, self._respondent)
        match quantity:
            case LineCount(_, where):
                return Term(lines.count(where))
            case LineSum(_, ref, where):
                return Term(lines.total(ref, where), whole=sheet.block.field(ref.field).type.traits.whole)
            case AlikeLines():
                return Term(lines.alike(next(iter(at.line.values())).row))

    # --- multiple choices -----------------------------------------------------------------------------------

    def _marked(self, options: Sequence[Ref], at: Judged) -> str:
        span = self._span(options, at)
        if not span:
            return "(" + "+".join(self._mark(option, at) for option in options) + ")"
        return f'COUNTIF({span},"Y")'

    def _within(self, pairs: Sequence[tuple[Ref, Ref]], at: Judged) -> str:
        sides = [self._span(side, at) for side in zip(*pairs, strict=True)]
        if len(sides) == 2 and all(sides):
            left, right = sides
            return f'SUMPRODUCT(({left}="Y")*({right}<>"Y"))=0'
        marks = [[self._mark(option, at) for option in pair] for pair in pairs]
        return conjunction([f"{left}<={right}" for left, right in marks])

    def _mark(self, option: Ref, at: Judged) -> str:
        slot = self._slot(option, at)
        return "0" if slot is None else f'N(EXACT({self._of(option, slot, Column.CODE, at.place)},"Y"))'

    # --- addresses ------------------------------------------------------------------------------------------

    def _judged(self, block: str, line: int = 1, on: str | None = None) -> Judged:
        """A line of a block, looked at from its own sheet or from another one."""
        asked = self.layout.instrument.blocks[block]
        if isinstance(asked, Indicator):
            return Judged(block, {}, asked.section if on is None else on)
        sheet = self.layout.list_of(block)
        slots = {slot.field.code: slot for slot in sheet.slots(line)}
        return Judged(block, slots, sheet.code if on is None else on)

    def _slot(self, ref: Ref, at: Judged) -> Slot | None:
        """The slot of a field, None where the indicator is not asked it: then it is as good as blank."""
        if at.line and not ref.indicator:
            return at.line.get(ref.field)
        return self.layout.by_key.get(f"{ref.indicator or at.block}:{ref.field}")

    def _of(self, ref: Ref, slot: Slot, column: Column, place: str) -> str:
        """A cell in the row of an answer, or what stands beside it of the answer of the previous round."""
        return self._cell(slot, _OF_PREVIOUS[column] if ref.previous else column, place)

    def _cell(self, slot: Slot, column: Column, place: str) -> str:
        return self._prefix(slot.sheet, place) + slot.cell(column)

    def _span(self, refs: Sequence[Ref], at: Judged) -> str:
        """The codes of options that stand below one another, "" where they do not."""
        slots = [slot for ref in refs if (slot := self._slot(ref, at)) is not None]
        if len(slots) < len(refs) or not _adjoining(slots):
            return ""
        first, last = (self._of(refs[n], slots[n], Column.CODE, slots[n].sheet) for n in (0, -1))
        return f"{self._prefix(slots[0].sheet, at.place)}{first}:{last}"

    def _prefix(self, sheet: str, place: str) -> str:
        if sheet == place:
            return ""
        return "'" + self._tabs[sheet].replace("'", "''") + "'!"


def _printed(slot: Slot) -> str | None:
    """The code of a dimension in a line of a table, which nobody answers; None for everything else."""
    return slot.block.coordinates(slot.line).get(slot.field.code) if isinstance(slot.block, TableBlock) else None


def _adjoining(slots: Sequence[Slot]) -> bool:
    return all(below.sheet == above.sheet and below.row == above.row + 1 for above, below in pairwise(slots))
