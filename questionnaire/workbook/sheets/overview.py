"""Owns the Overview: one line per indicator with its level, what is answered, what is open, and a link to its block."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from questionnaire.codelists import Codelist
from questionnaire.declaration.answer_types import SingleChoice
from questionnaire.declaration.form import Indicator, Instrument, Section
from questionnaire.layout import Column, Slot, column_letter
from questionnaire.sheet_names import OVERVIEW
from questionnaire.workbook.formulas.tally import Tally
from questionnaire.workbook.looks import styles
from questionnaire.workbook.looks.heights import Box, row_height
from questionnaire.workbook.sheets.book import PROTECTION, Book
from questionnaire.workbook.texts.texts import Text

CODE, OBJECTIVE, TEXT, LEVEL, ANSWERED, TO_DO, TO_CORRECT, TO_EXPLAIN, STATE, DONE, ASKED = range(1, 12)
"""The columns. DONE and ASKED are hidden: the numbers behind ANSWERED."""

_WIDTHS = {
    CODE: 9,
    OBJECTIVE: 9,
    TEXT: 64,
    LEVEL: 34,
    ANSWERED: 12,
    TO_DO: 11,
    TO_CORRECT: 11,
    TO_EXPLAIN: 11,
    STATE: 22,
}
_HEADINGS = {
    CODE: "overview_indicator", OBJECTIVE: "overview_objective", TEXT: "overview_text", LEVEL: "overview_status",
    ANSWERED: "overview_answered", TO_DO: "overview_to_do", TO_CORRECT: "overview_to_correct",
    TO_EXPLAIN: "overview_to_explain", STATE: "overview_completeness",
}  # fmt: skip
_TITLE_ROW, _INTRO_ROW, _HEADING_ROW, _FIRST_ROW = 1, 2, 3, 4

_TEXT = styles.CELL
_STATE = replace(styles.CELL, bold=True)


def section_row(instrument: Instrument, section: str) -> int:
    """The row that heads a section."""
    return next(row for row, item in _lines(instrument) if isinstance(item, Section) and item.code == section)


def indicator_row(instrument: Instrument, indicator: str) -> int:
    """The row of an indicator."""
    return next(row for row, item in _lines(instrument) if isinstance(item, Indicator) and item.code == indicator)


def section_rows(instrument: Instrument, section: Section) -> tuple[int, int]:
    """The first and the last row of a section's indicators."""
    head = section_row(instrument, section.code)
    return head + 1, head + len(section.indicators)


def last_row(instrument: Instrument) -> int:
    """The row of the last indicator."""
    return max(row for row, _ in _lines(instrument))


def cells(book: Book, column: int, section: Section) -> str:
    """The cells of one column over a section's indicators."""
    first, last = section_rows(book.layout.instrument, section)
    return f"{book.address(OVERVIEW, first, column)}:${column_letter(column)}${last + 1}"


def sum_of(book: Book, column: int) -> str:
    """The expression that adds up one column over all indicators."""
    return f"SUM({','.join(cells(book, column, section) for section in book.layout.instrument.sections)})"


def counted(book: Book, column: int, indicators: Iterable[Indicator]) -> int:
    """What one of the columns of counts adds up to over some indicators of an untouched questionnaire."""
    names = {TO_DO: "to_do", TO_CORRECT: "to_correct", TO_EXPLAIN: "to_explain", DONE: "done", ASKED: "asked"}
    return sum(getattr(book.tally(indicator), names[column]).cached for indicator in indicators)


def write_overview(book: Book, sheet: Any) -> None:
    """The whole sheet."""
    for column, width in _WIDTHS.items():
        sheet.set_column(column, column, width)
    sheet.set_column(0, 0, 2)
    sheet.set_column(DONE, ASKED, 8, None, {"hidden": True})
    book.put(sheet, _TITLE_ROW, CODE, book.texts.say("overview_title"), styles.TITLE)
    sheet.set_row(_TITLE_ROW, 34)
    book.put(sheet, _INTRO_ROW, CODE, book.texts.say("overview_intro"), styles.SUBTITLE)
    sheet.set_row(_INTRO_ROW, 22)
    _headings(book, sheet)
    for row, item in _lines(book.layout.instrument):
        if isinstance(item, Section):
            _section(book, sheet, row, item)
        else:
            _indicator(book, sheet, row, item)
    _set_up(book, sheet)


def _lines(instrument: Instrument) -> Iterator[tuple[int, Section | Indicator]]:
    row = _FIRST_ROW
    for section in instrument.sections:
        yield row, section
        yield from enumerate(section.indicators, row + 1)
        row += 1 + len(section.indicators)


def _headings(book: Book, sheet: Any) -> None:
    headings = {column: book.texts.say(key) for column, key in _HEADINGS.items()}
    for column, heading in headings.items():
        look = styles.HEADING if column in (CODE, TEXT, LEVEL, STATE) else styles.CENTRED_HEADING
        book.put(sheet, _HEADING_ROW, column, heading, look)
    boxes = (Box(heading.every, _WIDTHS[column], 10, bold=True) for column, heading in headings.items())
    sheet.set_row(_HEADING_ROW, row_height(boxes, 26))


def _section(book: Book, sheet: Any, row: int, section: Section) -> None:
    for column in range(CODE, STATE + 1):
        sheet.write_blank(row, column, None, book.styles(styles.BAND))
    book.link(sheet, row, CODE, book.address(section.code, 1, 1))
    book.put(sheet, row, CODE, book.texts.add(section.label), styles.BAND_LINK)
    sheet.set_row(row, 26)


def _indicator(book: Book, sheet: Any, row: int, indicator: Indicator) -> None:
    band = book.layout.section(indicator.section).block(indicator.code)[0]
    book.link(sheet, row, CODE, book.address(indicator.section, band.row, Column.NUMBER))
    sheet.write_string(row, CODE, indicator.code, book.styles(styles.JUMP))
    sheet.write_string(row, OBJECTIVE, indicator.objective_number, book.styles(styles.CENTRED))
    wording = book.texts.add(indicator.text)
    book.put(sheet, row, TEXT, wording, _TEXT)
    counts = book.tally(indicator)
    sheet.write_formula(row, LEVEL, f"={_level(book, indicator)}", book.styles(_TEXT), "")
    for column, count in ((DONE, counts.done), (ASKED, counts.asked)):
        sheet.write_formula(row, column, f"={count.expression}", None, count.cached)
    shown = f'={column_letter(DONE)}{row + 1}&" / "&{column_letter(ASKED)}{row + 1}'
    sheet.write_formula(
        row, ANSWERED, shown, book.styles(styles.CENTRED), f"{counts.done.cached} / {counts.asked.cached}"
    )
    for column, count in ((TO_DO, counts.to_do), (TO_CORRECT, counts.to_correct), (TO_EXPLAIN, counts.to_explain)):
        sheet.write_formula(row, column, f"={count.expression}", book.styles(styles.COUNT), count.cached)
    book.put(sheet, row, STATE, _state(book, row, counts), _STATE)
    boxes = [
        Box(wording.every, _WIDTHS[TEXT], 10, indent=1),
        Box(_level_labels(book, indicator), _WIDTHS[LEVEL], 10, indent=1),
    ]
    sheet.set_row(row, row_height(boxes, 22))


def _status(book: Book, indicator: Indicator) -> tuple[Slot, Codelist] | None:
    """The first choice that an indicator asks for, and what it is chosen from."""
    for slot in book.slots_of(indicator):
        if isinstance(slot.field.type, SingleChoice):
            return slot, slot.field.type.codelist
    return None


def _level(book: Book, indicator: Indicator) -> str:
    """The label of the level chosen, in the chosen language; nothing while there is none."""
    found = _status(book, indicator)
    if found is None:
        return '""'
    slot, codelist = found
    return book.lists.label_of(codelist, book.address(slot.sheet, slot.row, Column.CODE))


def _level_labels(book: Book, indicator: Indicator) -> tuple[str, ...]:
    found = _status(book, indicator)
    return tuple(label for code in found[1].codes for label in code.label.values()) if found else ()


def _state(book: Book, row: int, counts: Tally) -> Text:
    """What is left to do with an indicator, in a word."""
    words = {key: book.texts.say(key) for key in ("complete", "not_started", "to_do", "to_correct", "to_explain")}
    correct, explain, open_, done = (
        f"{column_letter(column)}{row + 1}" for column in (TO_CORRECT, TO_EXPLAIN, TO_DO, DONE)
    )
    expression = (
        f"IF({correct}>0,{words['to_correct'].expression},"
        f"IF({open_}>0,IF({done}=0,{words['not_started'].expression},{words['to_do'].expression}),"
        f"IF({explain}>0,{words['to_explain'].expression},{words['complete'].expression})))"
    )
    first = words[counts.state]
    return Text(expression, first.cached, first.every)


def _set_up(book: Book, sheet: Any) -> None:
    first, last = _FIRST_ROW, last_row(book.layout.instrument)
    for column, colours in ((TO_CORRECT, styles.CORRECT), (TO_DO, styles.ANSWER), (TO_EXPLAIN, styles.REASON)):
        condition = {
            "type": "cell",
            "criteria": ">",
            "value": 0,
            "format": book.styles.conditional(*colours, bold=True),
        }
        sheet.conditional_format(first, column, last, column, condition)
    correct, open_, explain = (f"${column_letter(column)}{first + 1}" for column in (TO_CORRECT, TO_DO, TO_EXPLAIN))
    for criteria, colours in (
        (f"={correct}>0", styles.CORRECT),
        (f"=AND({correct}=0,{open_}>0)", styles.ANSWER),
        (f"=AND({correct}+{open_}=0,{explain}>0)", styles.REASON),
        (f"=AND(ISNUMBER({open_}),{correct}+{open_}+{explain}=0)", styles.FINE),
    ):
        condition = {"type": "formula", "criteria": criteria, "format": book.styles.conditional(*colours, bold=True)}
        sheet.conditional_format(first, STATE, last, STATE, condition)
    sheet.protect("", PROTECTION)
    sheet.hide_gridlines(2)
    sheet.freeze_panes(_FIRST_ROW, OBJECTIVE)
    sheet.repeat_rows(_HEADING_ROW)
    sheet.ignore_errors({"number_stored_as_text": f"A1:{column_letter(ASKED)}{last + 1}"})
    book.fit_for_print(sheet, landscape=True, last_column=STATE)
