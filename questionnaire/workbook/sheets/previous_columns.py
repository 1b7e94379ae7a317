"""Writes the columns of a section sheet that show the answer of the previous round and take the x that confirms it.

What was answered is put in by `workbook.prefill`, respondent by respondent.
"""

from dataclasses import replace
from typing import Any

from questionnaire.addresses import column_letter
from questionnaire.declaration.answer_types import Derived, Selection
from questionnaire.layout import Column, Slot
from questionnaire.workbook.formulas.confirming import NOT
from questionnaire.workbook.looks import styles
from questionnaire.workbook.looks.styles import Look
from questionnaire.workbook.prefill.previous_heights import SIZE
from questionnaire.workbook.sheets.book import Book
from questionnaire.workbook.sheets.dropdowns import SheetValidations

_LAST = Look(size=SIZE, ink=styles.MUTED, ruled=True, valign="vcenter", indent=1)
CONFIRM = replace(styles.ENTRY, ground=styles.MARGIN, edge=styles.MARGIN_EDGE, number="@", align="center", indent=0)
"""How a cell looks that takes an x."""

LONG_TEXT = replace(_LAST, number="@", valign="top")
"""How a text is shown that its row cannot hold: its beginning must be seen."""

_CLOSED = Look(ruled=True, ground=styles.PAPER)


def write(book: Book, sheet: Any, validations: SheetValidations, slot: Slot, answer: Look) -> None:
    """The cells of one row; `answer` is how its answer looks. A question is confirmed at its head, if at all."""
    row, takes_x = slot.row, not isinstance(slot.field.type, Derived)
    head = slot.field.is_first and takes_x
    sheet.write_blank(row, Column.PREVIOUS, None, book.styles(_look(slot, answer)))
    sheet.write_blank(row, Column.CONFIRM, None, book.styles(CONFIRM if head else _CLOSED))
    if head:
        validations.add(row, Column.CONFIRM, book.dropdowns.confirm())
    for column in (Column.PREVIOUS_CODE, Column.PREVIOUS_NUMERIC):
        sheet.write_blank(row, column, None, book.styles(styles.HELPER))
    if difference := book.remarks.difference(slot):
        sheet.write_formula(row, Column.DIFFERENCE, f"={difference}", None, "")
    if not takes_x:
        return
    above = f"{column_letter(Column.CONFIRMED)}{row}"
    sheet.write_formula(row, Column.CONFIRMED, f"={book.formulas.confirmed(slot) if head else above}", None, NOT)


def grey(book: Book, sheet: Any, first: int, last: int) -> None:
    """Grey the cells to confirm in, from the first row to the last, where there is nothing to confirm."""
    key, code = (f"${column_letter(column)}{first + 1}" for column in (Column.KEY, Column.PREVIOUS_CODE))
    # The keys of options and currencies have a dot: they are confirmed with their question.
    condition = {
        "type": "formula",
        "criteria": f'=AND({key}<>"",ISERROR(FIND(".",{key})),{code}="")',
        "format": book.styles.conditional(*styles.IDLE, hatched=True),
    }
    sheet.conditional_format(first, Column.CONFIRM, last, Column.CONFIRM, condition)


def _look(slot: Slot, answer: Look) -> Look:
    """As the answer does, in muted letters; of a multiple choice, how many of its options were marked."""
    if isinstance(slot.field.type, Selection):
        return replace(_LAST, number=f'0" / {len(slot.question.fields) - 1}"', align="center", indent=0)
    return replace(_LAST, number=answer.number, align=answer.align, indent=answer.indent)
