"""Writes the checks of a table's sheet: beside every line, and in its first row one for the whole table.

What is wrong with a cell stands as a number in a hidden cell of its line. The check says each sentence once, after the
headings of all columns that it holds for.
"""

from collections.abc import Iterator
from dataclasses import replace

from questionnaire.addresses import column_letter
from questionnaire.declaration.answer_types import Numeric
from questionnaire.declaration.lists.table_block import Totals
from questionnaire.layout import CHECK, REASON_SAID, Column, Slot, TableSheet
from questionnaire.rules.rule import Severity
from questionnaire.table_columns import fault_column
from questionnaire.workbook.formulas.cell_formulas import conjunction, overwritten
from questionnaire.workbook.formulas.checks import Remark, Sign, within_limits
from questionnaire.workbook.formulas.line_checks import LineChecks
from questionnaire.workbook.formulas.remarks import Remarks
from questionnaire.workbook.formulas.rule_formulas import Formulas, sign_of
from questionnaire.workbook.formulas.table_totals import is_incomplete
from questionnaire.workbook.formulas.tally import beginning
from questionnaire.workbook.texts.texts import LiveText, Texts

_LONGEST = 400
"""Characters of the headings that are named before a sentence, and of what stands between them."""

_ORDER = (Sign.ERROR, Sign.TO_DO, Sign.WARNING, Sign.OK)

NOT_ASKED = "="
"""What stands in the place of the reason of a line in which nobody fills in anything."""


class TableChecks(LineChecks):
    """The checks of one table's sheet as live texts; lines count from 1."""

    def __init__(self, sheet: TableSheet, formulas: Formulas, remarks: Remarks, texts: Texts) -> None:
        super().__init__(sheet, formulas, remarks, texts)
        self._table = sheet
        self._sentences: dict[tuple[Sign, str], LiveText] = {}

    def whole(self) -> LiveText:
        """The check of the whole table: how many lines are blank, else whether all of them are in order."""
        blank, fine = blank_lines(self._table, self._texts), self._texts.say("check_ok")
        lines = _checks(self._table)
        every = f'COUNTIF({lines},"?*")' if self._table.block.computed else str(_asked(self._table))
        all_fine = f'IF({beginning(lines, Sign.OK)}={every},"{Sign.OK} "&{fine.expression},"")'
        return replace(blank, expression=f"IF({_blank(self._table)}>0,{blank.expression},{all_fine})")

    @property
    def of_blank(self) -> int:
        """The number of the sentence that holds for a cell that nobody has touched."""
        return self._number(Sign.TO_DO, self._texts.say("check_cell_blank"))

    def fault(self, slot: Slot) -> str:
        """The number of the gravest sentence that holds for a cell, 0 for none."""
        found = sorted(self._of_cell(slot), key=lambda item: _ORDER.index(item[0]))
        formula = "0"
        for sign, text, condition in reversed(found):
            formula = f"IF({condition},{self._number(sign, text)},{formula})"
        return within_limits(formula, slot.key)

    def _of_cell(self, slot: Slot) -> Iterator[tuple[Sign, LiveText, str]]:
        for condition, key in self._formulas.type_fault(slot):
            yield Sign.ERROR, self._retype(slot, key), condition
        for condition, rule in self._formulas.rule_faults(slot):
            if rule.severity is not Severity.INFO:
                yield sign_of(rule), self._remarks.say_rule(rule, slot), condition
        if not slot.is_computed:
            yield Sign.TO_DO, self._texts.say("check_cell_blank"), f'{slot.cell(Column.CODE)}=""'
            return
        if slot.question.formula is not None:
            yield Sign.WARNING, self._texts.say("check_result_typed"), overwritten(slot)
            return
        yield Sign.WARNING, self._texts.say("check_total_typed"), overwritten(slot)
        if self._table.block.totals_are is Totals.FROM_KNOWN:
            yield Sign.OK, self._texts.say("check_total_of_known"), is_incomplete(slot, self._table)

    def _retype(self, slot: Slot, key: str) -> LiveText:
        """What a cell takes: of a number, also the reason why there is none."""
        said = self._texts.say(key)
        if not isinstance(slot.field.type, Numeric):
            return said
        reasons = self._formulas.layout.instrument.missing
        codes = {language: ", ".join(code.short(language) for code in reasons) for language in self._texts.languages}
        return said.then(", ", self._texts.say("check_or_reason", codes=codes))

    def _number(self, sign: Sign, text: LiveText) -> int:
        """The number of a sentence in this table, from 1."""
        self._sentences.setdefault((sign, text.expression), text)
        return list(self._sentences).index((sign, text.expression)) + 1

    def _idle(self, line: int) -> str:
        asked = self._table.asked(line)
        given = [slot for slot in asked if slot.question.formula is None]
        untyped = [f"NOT({overwritten(slot)})" for slot in asked if slot not in given]
        return conjunction(["&".join(slot.cell(Column.CODE) for slot in given) + '=""', *untyped])

    def _of_line(self, line: int) -> Iterator[Remark]:
        """What holds for some cell of the line, the gravest first."""
        slots = self._table.asked(line)
        own = {(sign, text.expression) for slot in slots for sign, text, _ in self._of_cell(slot)}
        for sign, text in sorted(
            ((sign, text) for (sign, key), text in self._sentences.items() if (sign, key) in own),
            key=lambda item: _ORDER.index(item[0]),
        ):
            yield self._remark(line, slots, sign, text)
        yield Remark("TRUE", Sign.OK, self._say("check_ok"))

    def _remark(self, line: int, slots: tuple[Slot, ...], sign: Sign, text: LiveText) -> Remark:
        number = self._number(sign, text)
        labels = [self._texts.add(slot.field.label) for slot in slots]
        cells = [self._cell(fault_column(slot.field.code), line) for slot in slots]
        longest = max(labels, key=lambda label: max(map(len, label.every)))
        self._said[text.expression] = longest.then(" – ", text)
        named = "&".join(
            f'IF({cell}={number},", "&{label.expression},"")' for cell, label in zip(cells, labels, strict=True)
        )
        condition = f"COUNTIF({cells[0]}:{cells[-1]},{number})>0"
        return Remark(condition, sign, f'MID({named},3,{_LONGEST})&" – "&{text.expression}')


def blank_lines(sheet: TableSheet, texts: Texts) -> LiveText:
    """That so many lines are blank: of a table that nobody has touched, all."""
    text = texts.say("check_table_blank").filled(n=(f"({_blank(sheet)})", str(_asked(sheet))))
    every = tuple(f"{Sign.TO_DO} {wording}" for wording in text.every)
    return LiveText(f'"{Sign.TO_DO} "&{text.expression}', f"{Sign.TO_DO} {text.cached}", every)


def _checks(sheet: TableSheet) -> str:
    letter = column_letter(sheet.columns[CHECK])
    return f"{letter}{sheet.first + 1}:{letter}{sheet.last + 1}"


def _asked(sheet: TableSheet) -> int:
    """How many lines have something to answer."""
    return len(sheet.block.typed_lines)


def _blank(sheet: TableSheet) -> str:
    checks = _checks(sheet)
    if not sheet.block.computed:
        return f'{_asked(sheet)}-COUNTIF({checks},"?*")'
    letter = column_letter(sheet.columns[REASON_SAID])
    said = f"{letter}{sheet.first + 1}:{letter}{sheet.last + 1}"
    return f'{_asked(sheet)}-SUMPRODUCT(({checks}<>"")*({said}<>"{NOT_ASKED}"))'
