"""Owns the translation of the declaration into spreadsheet formulas: conditions, rules, and what stands beside a cell.

Every verdict is that of `questionnaire.rules.evaluate`; the functions are those that Excel 2010, LibreOffice and Google
Sheets share. All methods give expressions without the leading “=”, to stand in a cell of the indicator's own section
sheet unless `on` names another place ("" for any sheet that is no section).
"""

from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise

from questionnaire.blanks import DECLARED
from questionnaire.declaration.answer_types import Coded, Mark, Selection
from questionnaire.layout import Column, Layout, Slot
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
from questionnaire.rules.evaluate import DECIMALS, OPERATORS, WEB_PREFIXES
from questionnaire.rules.rule import Rule, Severity, not_relevant
from questionnaire.workbook.formulas import cell_formulas as readings
from questionnaire.workbook.formulas import confirming, differences
from questionnaire.workbook.formulas.cell_formulas import conjunction, has_number
from questionnaire.workbook.formulas.checks import Remark, Sign, check_formula, within_limits
from questionnaire.workbook.formulas.terms import NEVER, Term, combined, known_where
from questionnaire.workbook.texts.codelist_sheet import UNREADABLE, VALUED, ListAddresses

_SIGNS = {"==": "=", "!=": "<>", "<": "<", "<=": "<=", ">": ">", ">=": ">="}
_CONTRARY = {"==": "!=", "!=": "==", "<": ">=", "<=": ">", ">": "<=", ">=": "<"}
_TO_DO = ("required", "unanswered")
_OF_PREVIOUS = {
    Column.CODE: Column.PREVIOUS_CODE,
    Column.NUMERIC: Column.PREVIOUS_NUMERIC,
    Column.ANSWER: Column.PREVIOUS,
}
"""Where the same stands of the answer of the previous round."""


class Formulas:
    """Translates for one workbook; `tabs` are the names of the sheets by section, `parameters` the round's years."""

    def __init__(
        self, layout: Layout, tabs: Mapping[str, str], parameters: Mapping[str, int], lists: ListAddresses
    ) -> None:
        self.layout, self._tabs, self._parameters, self._lists = layout, tabs, parameters, lists

    # --- beside a cell --------------------------------------------------------------------------------------

    def code(self, slot: Slot) -> str:
        """The helper column CODE: a code, "*" for another value, "?" for what could not be read, "" for blank."""
        formula = readings.code(slot, self._options(slot), self._lists)
        if self.layout.prefilled:
            formula = confirming.code(slot, formula)
        return within_limits(formula, slot.key)

    def numeric(self, slot: Slot) -> str:
        """The helper column NUMERIC; "" where it stays empty."""
        formula = readings.numeric(slot, self._lists)
        if formula and self.layout.prefilled:
            formula = confirming.numeric(slot, formula)
        return within_limits(formula, slot.key)

    def confirmed(self, slot: Slot) -> str:
        """The helper column CONFIRMED: one of the signs of `workbook.confirming`."""
        return within_limits(confirming.confirmed(self._question(slot)), slot.key)

    def type_fault(self, slot: Slot) -> tuple[tuple[str, str], ...]:
        """(condition, key in wordings/workbook.toml), gravest first; only the first that is true counts."""
        own = readings.type_faults(slot)
        return (*own, *confirming.faults(slot)) if self.layout.prefilled else own

    def rule_faults(self, slot: Slot) -> tuple[tuple[str, Rule], ...]:
        """(condition under which it is broken, rule) for every rule whose findings name this cell."""
        rules = self.layout.instrument.rules_for(slot.indicator.code, slot.field.code)
        return tuple((self.broken(rule, slot.indicator.code), rule) for rule in rules)

    def not_needed(self, slot: Slot) -> str:
        """True where the cell is blank and other answers say that nothing is asked."""
        relevant = slot.question.relevant_when
        if isinstance(relevant, Always):
            return "FALSE"
        code = slot.indicator.code
        blank = f'{slot.cell(Column.CODE)}=""'
        return conjunction((blank, *self._holding(not_relevant(relevant), code, self._home(code))))

    def check(self, slot: Slot, say: Callable[[str], str], say_rule: Callable[[Rule], str]) -> str:
        """The check column: the gravest remark on the cell.

        `say` gives the expression for a sentence of wordings/workbook.toml, `say_rule` the one for a broken rule.
        An option of a multiple choice is told only what is wrong with it: its head says the rest.
        """
        remarks = [Remark(fault, Sign.ERROR, say(key)) for fault, key in self.type_fault(slot)]
        broken = [(fault, rule) for fault, rule in self.rule_faults(slot) if rule.severity is not Severity.INFO]
        grave = [item for item in broken if item[1].severity is not Severity.WARNING]
        for fault, rule in sorted(grave, key=lambda item: item[1].code in _TO_DO):
            remarks.append(Remark(fault, Sign.TO_DO if rule.code in _TO_DO else Sign.ERROR, say_rule(rule)))
        if self.layout.prefilled and slot.field.is_first:
            remarks.append(
                Remark(confirming.contradicted(self._question(slot)), Sign.WARNING, say("check_confirm_contradicted"))
            )
        explained = f'IFERROR({readings.beside(slot.cell(Column.COMMENT))}<>"",TRUE)'
        comparing = differences.asking(rule for _, rule in broken)
        for fault, rule in (item for item in broken if item[1].severity is Severity.WARNING):
            if rule not in comparing:
                sign = Sign.TO_DO if rule.code in _TO_DO else Sign.WARNING
                remarks.append(Remark(fault, sign, say_rule(rule), explained, say("check_reason_given")))
        if comparing:
            remarks.append(differences.remark(slot, say, explained))
        if not isinstance(slot.field.type, Mark):
            if not isinstance(slot.question.relevant_when, Always):
                remarks.append(Remark(self.not_needed(slot), Sign.NOT_NEEDED, say("check_not_needed")))
            remarks.append(Remark(f'{slot.cell(Column.CODE)}<>""', Sign.OK, say("check_ok")))
        return check_formula(remarks, slot.key)

    # --- rules and conditions -------------------------------------------------------------------------------

    def broken(self, rule: Rule, indicator: str, on: str | None = None) -> str:
        """True where the rule applies, is decided and is not kept."""
        place = self._home(indicator) if on is None else on
        when = self._holding(rule.when, indicator, place)
        # Once every operand is known, the comparisons of the check need no guards of their own.
        known = self._known(operands(rule.check), indicator, place)
        failing = self._failing(rule.check, indicator, place, known=True)
        if self._tells_unknown(Not(rule.check)):
            known = ()
        return conjunction((*when, *known, *failing))

    def condition(self, condition: Condition, indicator: str, on: str | None = None) -> str:
        """True where the condition holds."""
        place = self._home(indicator) if on is None else on
        return conjunction(self._holding(condition, indicator, place))

    def quantity(self, quantity: Quantity, indicator: str, on: str | None = None) -> str:
        """The number, or "" where an answer it needs is not there."""
        term = self._term(quantity, indicator, self._home(indicator) if on is None else on)
        guard = known_where(term)
        return f'IF({conjunction(guard)},{term.text},"")' if guard else term.text

    def _holding(  # noqa: PLR0911  one line a node
        self, condition: Condition, indicator: str, place: str, known: bool = False
    ) -> tuple[str, ...]:
        """The expressions that are all true where the condition holds."""
        match condition:
            case Always():
                return ()
            case Compare(sign, left, right):
                return self._compared(sign, left, right, indicator, place, known)
            case And(items):
                return tuple(text for item in items for text in self._holding(item, indicator, place, known))
            case Or((Valued(ref), CodeIn(same, (), statuses))) if ref == same and set(statuses) == set(DECLARED):
                # Said often, of every question that decides on others: a shorter way to say the same.
                return self._readable(ref, indicator, place)
            case Or(items):
                return (_either([conjunction(self._holding(item, indicator, place, known)) for item in items]),)
            case Not(item):
                return self._failing(item, indicator, place, known)
            case Within(pairs):
                return (self._within(pairs, indicator, place),)
            case CodeIn(ref) | Filled(ref) | Valued(ref) | WebForm(ref):
                slot = self._slot(ref, indicator)
                if slot is None:
                    return () if isinstance(condition, WebForm) else NEVER
                return (self._about(condition, slot, place),)

    def _failing(self, condition: Condition, indicator: str, place: str, known: bool = False) -> tuple[str, ...]:
        """The expressions that are all true where the condition does not hold."""
        match condition:
            case Always():
                return NEVER
            case Not(item):
                return self._holding(item, indicator, place, known)
            case And(items):
                return (_either([conjunction(self._failing(item, indicator, place, known)) for item in items]),)
            case Or(items):
                return tuple(text for item in items for text in self._failing(item, indicator, place, known))
            case Compare(sign, left, right) if known or self._tells_unknown(condition):
                # Where an unknown number makes the comparison false, it makes the contrary true.
                contrary = self._compared(_CONTRARY[sign], left, right, indicator, place, known=True)
                return () if contrary == NEVER else contrary
            case Filled(ref) if (slot := self._slot(ref, indicator)) is not None:
                return (f'{self._of(ref, slot, Column.CODE, place)}=""',)
            case _:
                return (f"NOT({self._all(condition, indicator, place, known)})",)

    def _readable(self, ref: Ref, indicator: str, place: str) -> tuple[str, ...]:
        slot = self._slot(ref, indicator)
        if slot is None:
            return NEVER
        found = self._of(ref, slot, Column.CODE, place)
        return (f'{found}<>""', f'{found}<>"{UNREADABLE}"')

    def _all(self, condition: Condition, indicator: str, place: str, known: bool) -> str:
        return conjunction(self._holding(condition, indicator, place, known))

    def _about(self, condition: CodeIn | Filled | Valued | WebForm, slot: Slot, place: str) -> str:
        found = self._of(condition.ref, slot, Column.CODE, place)
        match condition:
            case CodeIn(_, codes, statuses):
                scalar = slot.field.type
                own = scalar.codelist if isinstance(scalar, Coded) else None
                wanted = (*codes, *self._lists.missing_codes(own, statuses))
                return _either([f'EXACT({found},"{code}")' for code in wanted])
            case Filled():
                return f'{found}<>""'
            case Valued():
                return self._valued(slot, found)
            case WebForm():
                answer = self._of(condition.ref, slot, Column.ANSWER, place)
                if self.layout.prefilled and not condition.ref.previous:
                    last, confirmed = (
                        self._cell(slot, column, place) for column in (Column.PREVIOUS, Column.CONFIRMED)
                    )
                    answer = f"IF({confirmed}={confirming.CONFIRMED},{last},{answer})"
                begins = _either([f'LEFT({answer},{len(prefix)})="{prefix}"' for prefix in WEB_PREFIXES])
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

    def _compared(
        self, sign: str, left: Quantity, right: Quantity, indicator: str, place: str, known: bool
    ) -> tuple[str, ...]:
        a, b = (self._term(side, indicator, place) for side in (left, right))
        if a.absent or b.absent:
            return NEVER
        alone = self._tells_unknown(Compare(sign, left, right))
        guard = () if known or alone else known_where(a, b)
        if a.whole and b.whole:
            return (*guard, f"{a.text}{_SIGNS[sign]}{b.text}")
        second = f"({b.text})" if b.compound else b.text
        difference = a.text if second == "0" else f"{a.text}-{second}"
        return (*guard, f"ROUND({difference},{DECIMALS}){_SIGNS[sign]}0")

    def _tells_unknown(self, condition: Condition) -> bool:
        """True for a comparison of one number with a fixed one that is false where the number is unknown, taken for 0.

        Such a comparison needs no guard.
        """
        match condition:
            case Not(Not(item)):
                return self._tells_unknown(item)
            case Not(Compare(sign, left, right)):
                return self._tells_unknown(Compare(_CONTRARY[sign], left, right))
            case Compare(sign, Value(), Constant() | Parameter() as fixed):
                number = fixed.number if isinstance(fixed, Constant) else self._parameters[fixed.name]
                return not OPERATORS[sign](0, number)
            case _:
                return False

    def _term(self, quantity: Quantity, indicator: str, place: str) -> Term:
        match quantity:
            case Constant(number):
                text = repr(int(number) if float(number).is_integer() else number).upper()
                return Term(text, whole=float(number).is_integer(), compound=number < 0)
            case Parameter(name):
                return Term(str(self._parameters[name]))
            case MarkedCount(options):
                return Term(self._marked(options, indicator, place))
            case Arithmetic(sign, left, right):
                return combined(sign, *(self._term(side, indicator, place) for side in (left, right)))
            case Value(ref) | Given(ref) | YearOf(ref) | Length(ref):
                slot = self._slot(ref, indicator)
                if slot is None:
                    return Term("0", absent=not isinstance(quantity, Given | Length))
                return self._measured(quantity, slot, place)

    def _measured(self, quantity: Value | Given | YearOf | Length, slot: Slot, place: str) -> Term:
        # N() makes the empty text of an unknown number a 0, which breaks no sum: AND() evaluates all its parts.
        cell = self._of(quantity.ref, slot, Column.NUMERIC, place)
        match quantity:
            case Length():
                return Term(f'{cell}*EXACT({self._of(quantity.ref, slot, Column.CODE, place)},"{VALUED}")')
            case YearOf():
                return Term(f"YEAR(N({cell}))", (cell,))
            case Given():
                return Term(f"N({cell})", whole=slot.field.type.traits.whole)
            case Value():
                absent = not has_number(slot.field.type)
                return Term(f"N({cell})", (cell,), whole=slot.field.type.traits.whole, absent=absent)

    def _known(self, nodes: Sequence[Node], indicator: str, place: str) -> tuple[str, ...]:
        terms = [self._term(node, indicator, place) for node in nodes if isinstance(node, Value | YearOf)]
        if any(term.absent for term in terms):
            return NEVER
        filled = [Filled(node.ref) for node in nodes if isinstance(node, CodeIn)]
        return (*known_where(*terms), *(self._all(item, indicator, place, known=False) for item in filled))

    # --- multiple choices -----------------------------------------------------------------------------------

    def _marked(self, options: Sequence[Ref], indicator: str, place: str) -> str:
        span = self._span(options, indicator, place)
        if not span:
            return "(" + "+".join(self._mark(option, indicator, place) for option in options) + ")"
        return f'COUNTIF({span},"Y")'

    def _within(self, pairs: Sequence[tuple[Ref, Ref]], indicator: str, place: str) -> str:
        sides = [self._span(side, indicator, place) for side in zip(*pairs, strict=True)]
        if len(sides) == 2 and all(sides):
            left, right = sides
            return f'SUMPRODUCT(EXACT({left},"Y")*(1-EXACT({right},"Y")))=0'
        marks = [[self._mark(option, indicator, place) for option in pair] for pair in pairs]
        return conjunction([f"{left}<={right}" for left, right in marks])

    def _mark(self, option: Ref, indicator: str, place: str) -> str:
        slot = self._slot(option, indicator)
        return "0" if slot is None else f'N(EXACT({self._of(option, slot, Column.CODE, place)},"Y"))'

    # --- addresses ------------------------------------------------------------------------------------------

    def _home(self, indicator: str) -> str:
        return self.layout.instrument.indicator(indicator).section

    def _options(self, slot: Slot) -> tuple[Slot, ...]:
        return self._question(slot)[1:] if isinstance(slot.field.type, Selection) else ()

    def _question(self, slot: Slot) -> tuple[Slot, ...]:
        """The slots of the question that a slot belongs to."""
        return tuple(self.layout.slot(slot.indicator.code, field.code) for field in slot.question.fields)

    def _slot(self, ref: Ref, indicator: str) -> Slot | None:
        """The slot of a field, None where the indicator is not asked it: then it is as good as blank."""
        return self.layout.by_key.get(f"{ref.indicator or indicator}:{ref.field}")

    def _of(self, ref: Ref, slot: Slot, column: Column, place: str) -> str:
        """A cell in the row of an answer, or what stands beside it of the answer of the previous round."""
        return self._cell(slot, _OF_PREVIOUS[column] if ref.previous else column, place)

    def _cell(self, slot: Slot, column: Column, place: str) -> str:
        return self._prefix(slot, place) + slot.cell(column)

    def _span(self, refs: Sequence[Ref], indicator: str, place: str) -> str:
        """The codes of options that stand below one another, "" where they do not."""
        slots = [slot for ref in refs if (slot := self._slot(ref, indicator)) is not None]
        if len(slots) < len(refs) or not _adjoining(slots):
            return ""
        first, last = (self._of(refs[n], slots[n], Column.CODE, slots[n].sheet) for n in (0, -1))
        return f"{self._prefix(slots[0], place)}{first}:{last}"

    def _prefix(self, slot: Slot, place: str) -> str:
        if slot.sheet == place:
            return ""
        return "'" + self._tabs[slot.sheet].replace("'", "''") + "'!"


def _either(items: Sequence[str]) -> str:
    kept = tuple(dict.fromkeys(items))
    if not kept:
        return "FALSE"
    return kept[0] if len(kept) == 1 else f"OR({','.join(kept)})"


def _adjoining(slots: Sequence[Slot]) -> bool:
    return all(below.sheet == above.sheet and below.row == above.row + 1 for above, below in pairwise(slots))
