"""Writes the formulas for an x under “unchanged?”: those of the hidden column CONFIRMED and what follows from it.

A question is confirmed as a whole, at its head: by an x, where nothing else is answered to it and there is an answer
of the previous round. CODE and NUMERIC are then those of that answer, which stand beside them as static values.
"""

from collections.abc import Sequence

from questionnaire.declaration.answer_types import Selection, is_text
from questionnaire.layout import Column, Slot
from questionnaire.rules.answer_cells import CONFIRM_MARK
from questionnaire.workbook.formulas import cell_formulas

NOT, CONFIRMED, ANSWERED_TOO, UNKNOWN, NOTHING = 0, 1, 2, -1, -2
"""What CONFIRMED holds: no mark; a mark that counts; one beside an answer; something else; no previous answer."""

_FAULTS = {UNKNOWN: "check_confirm_unknown", NOTHING: "check_confirm_nothing"}


def confirmed(slots: Sequence[Slot]) -> str:
    """The formula of CONFIRMED at the head of a question, whose cells are `slots`; below it, that of the row above."""
    head, *_ = slots
    mark, previous = cell_formulas.beside(head.cell(Column.CONFIRM)), head.cell(Column.PREVIOUS_CODE)
    # What cannot be read is content too.
    answered = f"IFERROR({_content(slots)}>0,TRUE)"
    counts = f'IF({previous}="",{NOTHING},IF({answered},{ANSWERED_TOO},{CONFIRMED}))'
    return f'IFERROR(IF({mark}="",{NOT},IF(EXACT(LOWER({mark}),"{CONFIRM_MARK}"),{counts},{UNKNOWN})),{UNKNOWN})'


def code(slot: Slot, formula: str) -> str:
    """The formula of CODE, where the answer of the previous round may stand in for what is typed."""
    # An empty cell would come out as 0.
    return f'IF({_is(slot, CONFIRMED)},{slot.cell(Column.PREVIOUS_CODE)}&"",{formula})'


def numeric(slot: Slot, formula: str) -> str:
    """The same for NUMERIC."""
    previous = slot.cell(Column.PREVIOUS_NUMERIC)
    return f'IF({_is(slot, CONFIRMED)},IF({previous}="","",{previous}),{formula})'


def faults(slot: Slot) -> tuple[tuple[str, str], ...]:
    """What may be wrong with the mark itself: (condition, key of the sentence)."""
    if not slot.field.is_first:
        return ()
    return tuple((_is(slot, sign), key) for sign, key in _FAULTS.items())


def contradicted(slots: Sequence[Slot]) -> str:
    """True where there is a mark and an answer too, which is another one than in the previous round."""
    head, *_ = slots
    codes, last_codes = (_span(slots, column) for column in (Column.CODE, Column.PREVIOUS_CODE))
    differing = f"SUMPRODUCT(--({codes}<>{last_codes}))>0"
    if is_text(head.field.type):
        answer, previous = (cell_formulas.visible(head.cell(column)) for column in (Column.ANSWER, Column.PREVIOUS))
        other = f"IFERROR(NOT(EXACT({answer},{previous})),TRUE)"
    else:
        numbers, last_numbers = (_span(slots, column) for column in (Column.NUMERIC, Column.PREVIOUS_NUMERIC))
        other = f'SUMPRODUCT(--({numbers}&""<>{last_numbers}&""))>0'
    return f"AND({_is(head, ANSWERED_TOO)},OR({differing},{other}))"


def _content(slots: Sequence[Slot]) -> str:
    """How many characters are typed as an answer to a question."""
    head, *_ = slots
    typed = [slot for slot in slots if not isinstance(slot.field.type, Selection)]
    # Cells joined, not a range: what looks into texts takes a range for one cell in some programs, even in SUMPRODUCT.
    answers = "&".join(slot.cell(Column.ANSWER) for slot in typed)
    seen = cell_formulas.seen(answers) if is_text(head.field.type) else cell_formulas.visible(answers)
    reason = f"LEN({cell_formulas.beside(head.cell(Column.IF_NONE))})"
    return f"{reason}+LEN({seen})"


def _span(slots: Sequence[Slot], column: Column) -> str:
    first, last = slots[0].cell(column), slots[-1].cell(column)
    return first if first == last else f"{first}:{last}"


def _is(slot: Slot, sign: int) -> str:
    return f"{slot.cell(Column.CONFIRMED)}={sign}"
