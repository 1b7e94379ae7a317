"""Owns what the sheet says of an answer that differs from that of the previous round: the hidden column DIFFERENCE.

It holds the sentence of the first of those rules that is broken, "" where none is.
"""

from collections.abc import Callable, Iterable, Sequence

from questionnaire.layout import Column, Slot
from questionnaire.rules.rule import Rule, Severity
from questionnaire.workbook.formulas.checks import Remark, Sign, within_limits


def asking(rules: Iterable[Rule]) -> tuple[Rule, ...]:
    """Those of the rules that ask for a reason where an answer differs from the last one."""
    return tuple(rule for rule in rules if rule.previous_refs and rule.severity is Severity.WARNING)


def difference(broken: Sequence[tuple[str, str]], slot: Slot) -> str:
    """The formula of DIFFERENCE; `broken` says under which condition which sentence is said."""
    formula = '""'
    for condition, sentence in reversed(broken):
        formula = f"IF({condition},{sentence},{formula})"
    return within_limits(formula, slot.key)


def remark(slot: Slot, say: Callable[[str], str], explained: str) -> Remark:
    """What the check column makes of it, until a reason is given."""
    cell = slot.cell(Column.DIFFERENCE)
    sentence = f'{cell}&" "&{say("check_give_reason")}'
    return Remark(f'{cell}<>""', Sign.WARNING, sentence, explained, say("check_reason_given"))
