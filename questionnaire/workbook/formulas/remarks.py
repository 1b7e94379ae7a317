"""Writes what the check column says in words: the sentence of every rule, and each cell's remark while all is blank."""

from collections.abc import Mapping

from questionnaire.declaration.answer_types import Coded, Derived, Mark
from questionnaire.declaration.bounds import bounds
from questionnaire.declaration.form import Instrument
from questionnaire.layout import Column, Slot
from questionnaire.messages import filled_in_all, finding_wording
from questionnaire.rules.conditions import Filled, walk
from questionnaire.rules.evaluate import Evaluator, Lines, Responses
from questionnaire.rules.rule import AUTOMATIC, Rule, Severity, not_relevant
from questionnaire.workbook.formulas import differences
from questionnaire.workbook.formulas.checks import Sign
from questionnaire.workbook.formulas.rule_formulas import TO_DO, Formulas, sign_of
from questionnaire.workbook.texts.texts import LiveText, Texts

_DIGITS = 7  # of a number that is quoted


class Remarks:
    """The checks of one workbook as live texts."""

    def __init__(self, instrument: Instrument, formulas: Formulas, texts: Texts, parameters: Mapping[str, int]) -> None:
        self._formulas, self._texts, self._parameters = formulas, texts, parameters
        self._instrument = instrument
        nothing: Lines = {block.code: {} for block in instrument.lists}
        self._untouched = Evaluator(instrument, Responses({}, nothing), parameters)
        self._made: dict[str, LiveText] = {}

    def on(self, slot: Slot) -> LiveText:
        """The check beside an answer: formula, what it says of a blank questionnaire, all it may ever say."""
        if slot.key not in self._made:
            self._made[slot.key] = self._make(slot)
        return self._made[slot.key]

    def first_result(self, slot: Slot) -> float | str:
        """What is computed in a blank questionnaire, "" for nothing."""
        if slot.question.formula is None:
            return ""  # a total, of which no part is there
        value = self._untouched.computed(slot.block.code, slot.field.code, slot.line).value
        return value if isinstance(value, int | float) else ""

    def difference(self, slot: Slot) -> str:
        """The formula for what is remarkable in how an answer differs from that of the previous round, "" for none."""
        rules = self._comparing(slot)
        broken = [
            (self._formulas.broken(rule, slot.block.code), self._message(rule, slot).expression) for rule in rules
        ]
        return differences.difference(broken, slot) if broken else ""

    def say_rule(self, rule: Rule, slot: Slot) -> LiveText:
        """What is wrong where a rule is broken at a cell, and what to do."""
        if rule.code in AUTOMATIC and not rule.quotes_previous:
            short = finding_wording(rule.code).short
            return self._texts.add(filled_in_all(short, **bounds(rule.limits, self._parameters)))
        message = self._message(rule, slot)
        if rule.severity is Severity.WARNING and Column.COMMENT in slot.columns:
            return message.then(" ", self._settled_by(rule, slot))
        return message.then(" ", self._texts.add(rule.remedy))

    def _settled_by(self, rule: Rule, slot: Slot) -> LiveText:
        """What to do about a warning; where the answer itself may be what is missing, there is nothing to correct."""
        correct = self._texts.say("check_give_reason")
        if isinstance(slot.field.type, Derived) or not _may_miss(rule):
            return correct
        return self._texts.say("check_answer_or_comment").where(f'{slot.cell(Column.CODE)}=""', correct)

    def _comparing(self, slot: Slot) -> tuple[Rule, ...]:
        return differences.asking(self._instrument.rules_for(slot.block.code, slot.field.code))

    def _message(self, rule: Rule, slot: Slot) -> LiveText:
        message = self._texts.add(rule.message)
        return message.filled(previous=(_previous(slot), _longest(slot))) if rule.quotes_previous else message

    def _make(self, slot: Slot) -> LiveText:
        said: dict[str, LiveText] = {}

        def keep(text: LiveText) -> str:
            said[text.expression] = text
            return text.expression

        expression = self._formulas.check(
            slot, lambda key: keep(self._texts.say(key)), lambda rule: keep(self.say_rule(rule, slot))
        )
        texts = (*said.values(), *(self.say_rule(rule, slot) for rule in self._comparing(slot)))
        every = tuple(f"{Sign.TO_DO} {wording}" for text in texts for wording in text.every)
        return LiveText(expression, self._at_first(slot), every)

    def _at_first(self, slot: Slot) -> str:
        """What the check says while nothing is answered."""
        code = slot.block.code
        rules = [
            rule
            for rule in self._instrument.rules_for(code, slot.field.code)
            if rule.severity is not Severity.INFO and self._untouched.broken(rule, code)
        ]
        # As the formula does: what is missing comes last of what forbids, and warnings in the order of the declaration.
        rules.sort(
            key=lambda rule: (rule.severity is Severity.WARNING, rule.severity is Severity.ERROR and rule.code in TO_DO)
        )
        if rules:
            return f"{sign_of(rules[0])} {self.say_rule(rules[0], slot).cached}"
        relevance = not_relevant(slot.question.relevant_when)
        if not isinstance(slot.field.type, Mark) and self._untouched.holds(relevance, code):
            return f"{Sign.NOT_NEEDED} {self._texts.say('check_not_needed').cached}"
        if isinstance(slot.field.type, Derived) and self.first_result(slot) != "":
            return f"{Sign.OK} {self._texts.say('check_ok').cached}"
        return ""


def _may_miss(rule: Rule) -> bool:
    """True for a rule that looks whether there is an answer at all in the cell that it is about."""
    nodes = (*walk(rule.when), *walk(rule.check))
    return any(isinstance(node, Filled) and str(node.ref) == rule.target for node in nodes)


def _previous(slot: Slot) -> str:
    """The answer of the previous round as a message quotes it: a percentage in points, as its limits are."""
    shown = slot.cell(Column.PREVIOUS)
    if slot.field.type.traits.scale == 1:
        return shown
    return f"IF(ISNUMBER({shown}),{slot.cell(Column.PREVIOUS_NUMERIC)},{shown})"


def _longest(slot: Slot) -> str:
    """An answer that takes as much room as any in the column of previous answers."""
    scalar = slot.field.type
    labels = [label for code in scalar.codelist for label in code.label.values()] if isinstance(scalar, Coded) else []
    return max(labels, key=len, default="0" * _DIGITS)
