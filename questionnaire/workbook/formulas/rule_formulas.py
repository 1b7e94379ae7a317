"""Writes the formulas beside an answer: what it is taken for, which rules it breaks, what the check says."""

from collections.abc import Callable, Sequence

from questionnaire.declaration.answer_types import Derived, Mark, Selection
from questionnaire.declaration.lists.table_block import TableBlock
from questionnaire.layout import Column, Slot, TableSheet
from questionnaire.rules.conditions import Always, And
from questionnaire.rules.rule import Rule, Severity, not_relevant
from questionnaire.workbook.formulas import cell_formulas, confirming, differences, table_totals
from questionnaire.workbook.formulas.cell_formulas import conjunction
from questionnaire.workbook.formulas.checks import Remark, Sign, check_formula, within_limits
from questionnaire.workbook.formulas.condition_formulas import ConditionFormulas
from questionnaire.workbook.formulas.terms import NEVER

TO_DO = ("required", "unanswered", "line_incomplete")
"""The rules that are broken where something is still to be answered."""


class Formulas(ConditionFormulas):
    """The formulas of one workbook."""

    # --- beside a cell --------------------------------------------------------------------------------------

    def code(self, slot: Slot) -> str:
        """The helper column CODE: a code, "*" for another value, "?" for what could not be read, "" for blank."""
        formula = cell_formulas.code(slot, self._options(slot), self._lists)
        if self._takes_x(slot):
            formula = confirming.code(slot, formula)
        return within_limits(formula, slot.key)

    def numeric(self, slot: Slot) -> str:
        """The helper column NUMERIC; "" where it stays empty."""
        formula = self._total(slot) or self._computed(slot) or cell_formulas.numeric(slot, self._lists)
        if formula and self._takes_x(slot):
            formula = confirming.numeric(slot, formula)
        return within_limits(formula, slot.key)

    def confirmed(self, slot: Slot) -> str:
        """The helper column CONFIRMED: one of the signs of `workbook.confirming`."""
        return within_limits(confirming.confirmed(self._question(slot)), slot.key)

    def type_fault(self, slot: Slot) -> tuple[tuple[str, str], ...]:
        """(condition, key in wordings/workbook.toml), gravest first; only the first that is true counts."""
        own = cell_formulas.type_faults(slot)
        return (*own, *confirming.faults(slot)) if self._takes_x(slot) else own

    def _total(self, slot: Slot) -> str:
        """The sum that a computed cell of a table is, "" for every other one."""
        if not (isinstance(slot.block, TableBlock) and (slot.line, slot.field.code) in slot.block.computed):
            return ""
        sheet = self.layout.list_of(slot.block.code)
        assert isinstance(sheet, TableSheet), "a table has the sheet of one"
        return table_totals.total(slot, sheet)

    def _computed(self, slot: Slot) -> str:
        """What a computed answer follows from, "" for every other one."""
        formula = slot.question.formula
        if formula is None:
            return ""
        at = self._judged(slot.block.code, slot.line)
        known = self._all(And((slot.question.relevant_when, formula.known_when)), at, False)
        value = self.quantity(formula.value, slot.block.code, line=slot.line)
        return value if known == "TRUE" else f'IF({known},{value},"")'

    def _takes_x(self, slot: Slot) -> bool:
        """True where an x can confirm the answer of the previous round; what is computed needs no confirming."""
        computed = isinstance(slot.field.type, Derived)
        return self.layout.prefilled and Column.CONFIRMED in slot.columns and not computed

    def rule_faults(self, slot: Slot) -> tuple[tuple[str, Rule], ...]:
        """(condition under which it is broken, rule) for every rule whose findings name this cell and may do so."""
        rules = self.layout.instrument.rules_for(slot.block.code, slot.field.code)
        found = ((self.broken(rule, slot.block.code, line=slot.line), rule) for rule in rules)
        return tuple((fault, rule) for fault, rule in found if fault != NEVER[0])

    def not_needed(self, slot: Slot) -> str:
        """True where the cell is blank and other answers say that nothing is asked."""
        relevant = slot.question.relevant_when
        if isinstance(relevant, Always):
            return "FALSE"
        blank = f'{slot.cell(Column.CODE)}=""'
        return conjunction((blank, *self._holding(not_relevant(relevant), self._judged(slot.block.code, slot.line))))

    def check(self, slot: Slot, say: Callable[[str], str], say_rule: Callable[[Rule], str]) -> str:
        """The check column: the gravest remark on the cell.

        `say` gives the expression for a sentence of wordings/workbook.toml, `say_rule` the one for a broken rule.
        An option of a multiple choice reports only what is wrong with it: its head says the rest.
        """
        broken = self.rule_faults(slot)
        remarks = [*self.type_remarks(slot, say), *grave_remarks(broken, say_rule)]
        if self._takes_x(slot) and slot.field.is_first:
            remarks.append(
                Remark(confirming.contradicted(self._question(slot)), Sign.WARNING, say("check_confirm_contradicted"))
            )
        explained = f'IFERROR({cell_formulas.beside(slot.cell(Column.COMMENT))}<>"",TRUE)'
        if isinstance(slot.field.type, Derived):
            fault = cell_formulas.overwritten(slot)
            key = slot.field.type.traits.fault
            remarks.append(Remark(fault, Sign.WARNING, say(key), explained, say("check_reason_given")))
        comparing = differences.asking(rule for _, rule in broken)
        for fault, rule in (item for item in broken if item[1].severity is Severity.WARNING):
            if rule not in comparing:
                remarks.append(Remark(fault, sign_of(rule), say_rule(rule), explained, say("check_reason_given")))
        if comparing:
            remarks.append(differences.remark(slot, say, explained))
        if not isinstance(slot.field.type, Mark):
            if not isinstance(slot.question.relevant_when, Always):
                remarks.append(Remark(self.not_needed(slot), Sign.NOT_NEEDED, say("check_not_needed")))
            remarks.append(Remark(f'{slot.cell(Column.CODE)}<>""', Sign.OK, say("check_ok")))
        return check_formula(remarks, slot.key)

    def type_remarks(self, slot: Slot, say: Callable[[str], str]) -> list[Remark]:
        """What may be wrong with a cell by itself."""
        return [Remark(fault, Sign.ERROR, say(key)) for fault, key in self.type_fault(slot)]

    def _options(self, slot: Slot) -> tuple[Slot, ...]:
        return self._question(slot)[1:] if isinstance(slot.field.type, Selection) else ()

    def _question(self, slot: Slot) -> tuple[Slot, ...]:
        """The slots of the question that a slot belongs to."""
        return tuple(self.layout.slot(slot.block.code, field.code) for field in slot.question.fields)


def grave_remarks(broken: Sequence[tuple[str, Rule]], say_rule: Callable[[Rule], str]) -> list[Remark]:
    """What is said where rules are broken that forbid, those that ask for an answer last."""
    grave = [item for item in broken if item[1].severity in (Severity.BLOCKER, Severity.ERROR)]
    grave.sort(key=lambda item: item[1].code in TO_DO)
    return [Remark(fault, sign_of(rule), say_rule(rule)) for fault, rule in grave]


def sign_of(rule: Rule) -> Sign:
    """The sign of a rule's remark in the check column."""
    if rule.code in TO_DO:
        return Sign.TO_DO
    return Sign.WARNING if rule.severity is Severity.WARNING else Sign.ERROR
