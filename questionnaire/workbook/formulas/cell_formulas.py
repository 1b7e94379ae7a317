"""Writes the formulas by which the sheet reads an answer cell: the hidden helper columns CODE and NUMERIC.

CODE holds the code of a choice or of a declared reason for no answer, or one of the signs of `rules.answer_cells`.
NUMERIC holds the number, the rank of a code or the factor of a unit, the day number; of a text its length, of an
unreadable one -1.
The sheet is never more lenient than the reader of returns: a number typed as text is no number here.
"""

from collections.abc import Sequence
from typing import assert_never

from questionnaire.day_numbers import FIRST_DAY, LAST_DAY
from questionnaire.declaration.answer_types import (
    DECIMALS_OF_SCALED,
    Coded,
    Date,
    Derived,
    Mark,
    Money,
    Number,
    Numeric,
    Percent,
    ScalarType,
    Selection,
    SingleChoice,
    WholeNumber,
    Written,
    Year,
    YesNo,
    is_text,
)
from questionnaire.declaration.lists.table_block import TableBlock
from questionnaire.layout import Column, Slot
from questionnaire.rules.answer_cells import UNREADABLE, VALUED
from questionnaire.workbook.texts.codelist_sheet import BLANK_ROW, UNREADABLE_ROW, VALUED_ROW, ListAddresses

# White space that TRIM does not know, as people paste it. Formulas are read with every return: only a free text, where
# nothing else would tell a cell that looks empty, is searched for all of it.
_SPACES = ('"\u00a0"', "CHAR(10)")
_MORE_SPACES = ('"\u202f"', "CHAR(9)", "CHAR(13)")
_INVISIBLE = ('"\u200b"', '"\u200e"', '"\u200f"', '"\ufeff"')

# What LibreOffice makes of a logical value where a text is wanted.
_LOGICAL = frozenset(("0", "1"))


def visible(cell: str) -> str:
    """The expression for what can be seen in an answer cell: `blanks.visible_text`, for what people commonly paste."""
    return f"TRIM({_replaced(cell, _SPACES, ' ')})"


def beside(cell: str) -> str:
    """The same for the cells beside the answer, which take a choice from a list or only need to be blank or not."""
    return f"TRIM({_replaced(cell, _SPACES[:1], ' ')})"


def seen(cell: str) -> str:
    """The expression for what can be seen in a free text, whatever blanks and invisible characters are in it."""
    return f"TRIM({_replaced(_replaced(cell, (*_SPACES, *_MORE_SPACES), ' '), _INVISIBLE, '')})"


def code(slot: Slot, options: Sequence[Slot], lists: ListAddresses) -> str:
    """The formula of the helper column CODE; `options` are the slots below the head of a multiple choice."""
    scalar, answer = slot.field.type, visible(slot.cell(Column.ANSWER))
    if slot.is_computed:
        return f'IF(ISNUMBER({slot.cell(Column.NUMERIC)}),"{VALUED}","")'
    if isinstance(scalar, Selection):
        marked = f'COUNTIF({options[0].cell(Column.CODE)}:{options[-1].cell(Column.CODE)},"Y")'
        reason = lists.row_of_text(lists.missing_list, beside(slot.cell(Column.IF_NONE)))
        return f'IF({marked}>0,"{VALUED}",{_code_at(lists, str(UNREADABLE_ROW), reason)})'
    said = lists.row_of_text(lists.missing_list, _said(slot, answer))
    match scalar:
        case Mark(codelist):
            return _code_at(lists, str(UNREADABLE_ROW), lists.row_of_mark(codelist, answer), said)
        case SingleChoice(codelist) | YesNo(codelist):
            # A scale with reasons of its own takes no others, among which a blank cell is found otherwise.
            said = f'({answer}="")*{BLANK_ROW}' if codelist.declares else said
            found = _code_at(lists, str(UNREADABLE_ROW), lists.row_of_text(codelist, answer), said)
            if _LOGICAL.isdisjoint(item.code for item in codelist.codes):
                return found
            return f'IF(ISLOGICAL({slot.cell(Column.ANSWER)}),"{UNREADABLE}",{found})'
        case Written():
            valued = f"{slot.cell(Column.NUMERIC)}>0"
        case Numeric() | Date() | Derived():
            valued = f"ISNUMBER({slot.cell(Column.NUMERIC)})"
        case _:
            assert_never(scalar)
    return _code_at(lists, f"IF({valued},{VALUED_ROW},{UNREADABLE_ROW})", said)


def numeric(slot: Slot, lists: ListAddresses) -> str:
    """The formula of the helper column NUMERIC by the answer in its row; "" where that gives no number."""
    cell, scalar = slot.cell(Column.ANSWER), slot.field.type
    match scalar:
        case SingleChoice(codelist) | YesNo(codelist):
            return lists.rank_of(codelist, slot.cell(Column.CODE)) if codelist.has_numbers else ""
        case WholeNumber():
            return _number(cell, f"{cell}=INT({cell})")
        case Money() | Number():
            return _number(cell)
        case Percent():
            return _number(cell, value=scaled(cell, scalar))
        case Year():
            return _number(cell, f"{cell}=INT({cell})", f"{cell}>=1000", f"{cell}<=9999")
        case Date():
            # A year typed where a day is asked shows as a day of 1905.
            no_year = f"OR({cell}<1900,{cell}>2100)"
            return _number(cell, f"{cell}=INT({cell})", f"{cell}>={FIRST_DAY}", f"{cell}<={LAST_DAY}", no_year)
        case Written():
            return f'IFERROR(IF({seen(cell)}="",0,LEN({cell})),-1)'
        case Mark() | Selection() | Derived():
            return ""  # what a computed answer follows from stands in other rows: `Formulas.numeric`
        case _:
            assert_never(scalar)


def type_faults(slot: Slot) -> tuple[tuple[str, str], ...]:
    """What may be wrong with a cell by itself, gravest first: (boolean expression, key of the sentence).

    Only the first that is true counts.
    """
    if slot.is_computed:
        return ()
    found = slot.cell(Column.CODE)
    faults = [(f'{found}="{UNREADABLE}"', slot.field.type.traits.fault)]
    if slot.field.takes_missing:
        answer, reason = (f"LEN(TRIM({slot.cell(column)}))" for column in (Column.ANSWER, Column.IF_NONE))
        if isinstance(slot.field.type, Selection):
            answer = f'({found}="{VALUED}")'
        # An error beside a readable answer is content too.
        faults.append((f"IFERROR({answer}*{reason}>0,TRUE)", "check_conflict"))
    return tuple(faults)


def overwritten(slot: Slot) -> str:
    """True where a computed answer shows something else than its formula gives, and is not empty."""
    shown, computed = slot.cell(Column.ANSWER), result(slot)
    return f'IFERROR(AND({shown}<>"",{shown}&""<>{computed}&""),TRUE)'


def result(slot: Slot) -> str:
    """The expression for what the cell of a computed answer shows: of a percentage, the share."""
    cell, scale = slot.cell(Column.NUMERIC), slot.field.type.traits.scale
    return cell if scale == 1 else f'IF(ISNUMBER({cell}),{cell}/{scale},"")'


def has_number(scalar: ScalarType) -> bool:
    """True if NUMERIC holds a value that conditions may compare, not the length of a text."""
    return isinstance(scalar, Coded) or scalar.traits.column in ("number", "date")


def _said(slot: Slot, answer: str) -> str:
    """The text that may declare a reason: the answer or, where it is blank, the cell beside it or of all its line."""
    if not slot.field.takes_missing and not isinstance(slot.block, TableBlock):
        return answer
    blank = f'{answer}=""'
    if is_text(slot.field.type):
        blank = f"{slot.cell(Column.NUMERIC)}=0"
    return f"IF({blank},{beside(slot.cell(Column.IF_NONE))},{answer})"


def _code_at(lists: ListAddresses, otherwise: str, *rows: str) -> str:
    row = f"MAX({otherwise},{','.join(rows)})"
    return f'IFERROR({lists.code_at(row)},"{UNREADABLE}")'


def _number(cell: str, *conditions: str, value: str = "") -> str:
    # LibreOffice takes TRUE for a number.
    needed = (f"NOT(ISLOGICAL({cell}))", *conditions)
    return f'IF(ISNUMBER({cell}),IF({conjunction(needed)},{value or cell},""),"")'


def scaled(cell: str, scalar: ScalarType) -> str:
    """The expression for the number that a cell stands for."""
    scale = scalar.traits.scale
    return cell if scale == 1 else f"ROUND({cell}*{scale},{DECIMALS_OF_SCALED})"


def conjunction(items: Sequence[str]) -> str:
    """All of several boolean expressions, each once."""
    kept = tuple(dict.fromkeys(items))
    if not kept:
        return "TRUE"
    return kept[0] if len(kept) == 1 else f"AND({','.join(kept)})"


def either(items: Sequence[str]) -> str:
    """At least one of several boolean expressions, each once."""
    kept = tuple(dict.fromkeys(items))
    if not kept:
        return "FALSE"
    return kept[0] if len(kept) == 1 else f"OR({','.join(kept)})"


def _replaced(text: str, characters: Sequence[str], by: str) -> str:
    for character in characters:
        text = f'SUBSTITUTE({text},{character},"{by}")'
    return text
