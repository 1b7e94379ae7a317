"""Writes the check beside a line of a list: nothing while the line is empty, else the gravest remark on its cells.

What a cell is taken for and which rules it breaks is the same as everywhere: `formulas.rule_formulas`.
"""

from collections.abc import Iterator

from questionnaire.addresses import column_letter
from questionnaire.declaration.answer_types import Coded
from questionnaire.layout import CONFIRM, CONTENT, PREVIOUS, Column, ListSheet, Slot
from questionnaire.rules.answer_cells import CONFIRM_MARK, UNREADABLE
from questionnaire.rules.rule import ABOUT_LINES, Rule, Severity
from questionnaire.workbook.formulas.cell_formulas import beside, overwritten, visible
from questionnaire.workbook.formulas.checks import Remark, Sign, check_formula, within_limits
from questionnaire.workbook.formulas.line_arrays import BETWEEN
from questionnaire.workbook.formulas.remarks import Remarks
from questionnaire.workbook.formulas.rule_formulas import Formulas, grave_remarks, sign_of
from questionnaire.workbook.texts.texts import LiveText, Texts


class LineChecks:
    """The checks of one list's sheet as live texts; lines count from 1."""

    def __init__(self, sheet: ListSheet, formulas: Formulas, remarks: Remarks, texts: Texts) -> None:
        self._sheet, self._formulas, self._remarks, self._texts = sheet, formulas, remarks, texts
        self._said: dict[str, LiveText] = {}

    @property
    def untouched(self) -> str:
        """What CONTENT holds beside an empty line."""
        return BETWEEN * (len(self._sheet.block.fields) - 1)

    def content(self, line: int) -> str:
        """All that a line says, as one text: two lines that say the same have the same."""
        parts = (_content(slot) for slot in self._sheet.slots(line))
        between = f'&"{BETWEEN}"&'
        return f'IFERROR({between.join(parts)},"{UNREADABLE}")'

    def check(self, line: int) -> LiveText:
        """The check beside a line."""
        self._said.clear()
        whose = f"{self._sheet.code}, line {line}"
        formula = check_formula(tuple(self._of_line(line)), whose)
        idle = self._idle(line)
        every = tuple(f"{Sign.TO_DO} {wording}" for text in self._said.values() for wording in text.every)
        return LiveText(within_limits(f'IF({idle},"",{formula})', whose), "", every)

    def _idle(self, line: int) -> str:
        """True where a line says nothing."""
        idle = f'{self._cell(CONTENT, line)}="{self.untouched}"'
        return f'AND({idle},{self._mark(line)}="")' if self._sheet.prefilled else idle

    # --- remarks --------------------------------------------------------------------------------------------

    def _of_line(self, line: int) -> Iterator[Remark]:
        slots = self._sheet.slots(line)
        broken = [(slot, self._formulas.rule_faults(slot)) for slot in slots]
        if self._sheet.prefilled:
            yield from self._of_mark(line)
        for slot in slots:
            yield from self._formulas.type_remarks(slot, lambda key, slot=slot: self._say(key, slot))  # type: ignore[misc]
        grave = [
            remark
            for slot, faults in broken
            for remark in grave_remarks(faults, lambda rule, slot=slot: self._say_rule(rule, slot))  # type: ignore[misc]
        ]
        yield from sorted(grave, key=lambda remark: remark.sign is Sign.TO_DO)
        for slot, faults in broken:
            for fault, rule in faults:
                if rule.severity is Severity.WARNING:
                    yield Remark(fault, sign_of(rule), self._say_rule(rule, slot))
            if slot.is_computed:
                yield Remark(overwritten(slot), Sign.WARNING, self._say("check_result_typed", slot))
        if self._sheet.prefilled:
            yield Remark(self._is_changed(line), Sign.OK, self._say("check_line_changed"))
        yield Remark("TRUE", Sign.OK, self._say("check_ok"))

    def _of_mark(self, line: int) -> Iterator[Remark]:
        """What is shown for an x, or of its absence: a line of the previous round counts with one alone."""
        mark, previous = self._mark(line), self._cell(PREVIOUS, line)
        yield Remark(
            f'AND({mark}<>"",NOT(EXACT(LOWER({mark}),"{CONFIRM_MARK}")))', Sign.ERROR, self._say("check_line_mark")
        )
        empty = f'{self._cell(CONTENT, line)}="{self.untouched}"'
        yield Remark(empty, Sign.ERROR, self._say("check_line_mark_alone"))
        unmarked = f'{mark}="",{previous}<>""'
        changed = f"AND({unmarked},{self._is_changed(line)})"
        yield Remark(changed, Sign.TO_DO, self._say("check_line_unmarked"))
        yield Remark(f"AND({unmarked})", Sign.NOT_NEEDED, self._say("check_line_unconfirmed"))

    def _mark(self, line: int) -> str:
        # An error in the cell is no x either.
        return f'IFERROR({beside(self._cell(CONFIRM, line))},"{UNREADABLE}")'

    def _is_changed(self, line: int) -> str:
        """True for a line that says something else than in the previous round."""
        previous = self._cell(PREVIOUS, line)
        return f'AND({previous}<>"",NOT(EXACT({previous},{self._cell(CONTENT, line)})))'

    def _say(self, key: str, slot: Slot | None = None) -> str:
        return self._kept(self._texts.say(key), slot)

    def _say_rule(self, rule: Rule, slot: Slot) -> str:
        about_line = rule.code in ABOUT_LINES
        return self._kept(self._remarks.say_rule(rule, slot), None if about_line else slot)

    def _kept(self, text: LiveText, slot: Slot | None) -> str:
        """The expression for a sentence, after the heading of the column it is about."""
        if slot is not None:
            text = self._texts.add(slot.field.label).then(" – ", text)
        self._said[text.expression] = text
        return text.expression

    def _cell(self, name: str, line: int) -> str:
        return f"{column_letter(self._sheet.columns[name])}{self._sheet.row(line) + 1}"


def _content(slot: Slot) -> str:
    """What one cell says, as text; programs write decimals with the sign of their language, here it is a point.

    What is computed says nothing, unless somebody wrote something over it.
    """
    if slot.is_computed:
        return f'IF({overwritten(slot)},{visible(slot.cell(Column.ANSWER))},"")'
    if isinstance(slot.field.type, Coded):
        return slot.cell(Column.CODE)
    text = visible(slot.cell(Column.ANSWER))
    return text if slot.field.type.traits.whole else f'SUBSTITUTE({text},",",".")'
