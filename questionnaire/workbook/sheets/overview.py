"""Writes the Overview: one line per indicator with its level, what is answered, what is open, and a link to its block.

An instrument without levels has no column for them.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from questionnaire.addresses import column_letter
from questionnaire.declaration.form import Indicator, Instrument, Section
from questionnaire.layout import Column
from questionnaire.sheet_names import OVERVIEW
from questionnaire.workbook.formulas.tally import Tally
from questionnaire.workbook.looks import styles
from questionnaire.workbook.looks.heights import Box, row_height
from questionnaire.workbook.sheets.book import PROTECTION, Book
from questionnaire.workbook.texts.texts import LiveText
from questionnaire.workbook.texts.wordings import same, sheet_titles

CODE, OBJECTIVE, TEXT, LEVEL, ANSWERED, TO_DO, TO_CORRECT, TO_EXPLAIN, STATE, DONE, DUE = range(1, 12)
"""The columns of an instrument with levels. DONE and DUE are hidden: the numbers behind ANSWERED."""

_WIDTHS = {
    CODE: 9,
    OBJECTIVE: 9,
    TEXT: 54,
    LEVEL: 28,
    ANSWERED: 11,
    TO_DO: 11,
    TO_CORRECT: 11,
    TO_EXPLAIN: 11,
    STATE: 18,
}
_HEADINGS = {
    CODE: "overview_indicator", OBJECTIVE: "overview_objective", TEXT: "overview_text", LEVEL: "overview_level",
    ANSWERED: "overview_answered", TO_DO: "to_do", TO_CORRECT: "to_correct",
    TO_EXPLAIN: "to_explain", STATE: "overview_completeness",
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


def place(instrument: Instrument, column: int) -> int:
    """Where a column stands: one further left behind the levels that an instrument does not have."""
    return column - (column > LEVEL and instrument.level_scale is None)


def cells(book: Book, column: int, section: Section) -> str:
    """The cells of one column over a section's indicators."""
    instrument = book.layout.instrument
    first, last = section_rows(instrument, section)
    at = place(instrument, column)
    return f"{book.address(OVERVIEW, first, at)}:${column_letter(at)}${last + 1}"


def sum_of(book: Book, column: int) -> str:
    """The expression that adds up one column over all indicators."""
    return f"SUM({','.join(cells(book, column, section) for section in book.layout.instrument.sections)})"


def counted(book: Book, column: int, indicators: Iterable[Indicator]) -> int:
    """What one of the columns of counts adds up to over some indicators of an untouched questionnaire."""
    names = {TO_DO: "to_do", TO_CORRECT: "to_correct", TO_EXPLAIN: "to_explain", DONE: "done", DUE: "due"}
    return sum(getattr(book.tally(indicator), names[column]).cached for indicator in indicators)


def write_overview(book: Book, sheet: Any) -> None:
    """The whole sheet."""
    instrument = book.layout.instrument
    for column in _shown(instrument):
        at = place(instrument, column)
        sheet.set_column(at, at, _WIDTHS[column])
    sheet.set_column(0, 0, 2)
    sheet.set_column(place(instrument, DONE), place(instrument, DUE), 8, None, {"hidden": True})
    book.put(sheet, _TITLE_ROW, CODE, book.texts.say("overview_title"), styles.TITLE)
    sheet.set_row(_TITLE_ROW, 34)
    book.put(sheet, _INTRO_ROW, CODE, book.texts.say("overview_intro"), styles.SUBTITLE)
    sheet.set_row(_INTRO_ROW, 22)
    _headings(book, sheet)
    for row, item in _lines(instrument):
        if isinstance(item, Section):
            _section(book, sheet, row, item)
        else:
            _indicator(book, sheet, row, item)
    _others(book, sheet)
    _set_up(book, sheet)


def _shown(instrument: Instrument) -> list[int]:
    """The columns that a person sees."""
    return [column for column in _HEADINGS if column != LEVEL or instrument.level_scale is not None]


def _lines(instrument: Instrument) -> Iterator[tuple[int, Section | Indicator]]:
    row = _FIRST_ROW
    for section in instrument.sections:
        yield row, section
        yield from enumerate(section.indicators, row + 1)
        row += 1 + len(section.indicators)


def _headings(book: Book, sheet: Any) -> None:
    instrument = book.layout.instrument
    headings = {column: book.texts.say(_HEADINGS[column]) for column in _shown(instrument)}
    for column, heading in headings.items():
        look = styles.HEADING if column in (CODE, TEXT, LEVEL, STATE) else styles.CENTRED_HEADING
        book.put(sheet, _HEADING_ROW, place(instrument, column), heading, look)
    boxes = (Box(heading.every, _WIDTHS[column], 10, bold=True) for column, heading in headings.items())
    sheet.set_row(_HEADING_ROW, row_height(boxes, 26))


def _section(book: Book, sheet: Any, row: int, section: Section) -> None:
    for column in _shown(book.layout.instrument):
        sheet.write_blank(row, place(book.layout.instrument, column), None, book.styles(styles.BAND))
    book.link(sheet, row, CODE, book.address(section.code, 1, 1))
    title = book.texts.join("  ·  ", same(book.tabs[section.code], book.texts), section.label)
    book.put(sheet, row, CODE, title, styles.BAND_LINK)
    sheet.set_row(row, 26)


def _others(book: Book, sheet: Any) -> None:
    """Below the indicators: a link to each sheet that is no section, by the sign on its tab and its title."""
    instrument, row = book.layout.instrument, last_row(book.layout.instrument) + 1
    for column in _shown(instrument):
        sheet.write_blank(row, place(instrument, column), None, book.styles(styles.BAND))
    book.put(sheet, row, CODE, book.texts.say("overview_others"), replace(styles.BAND, wrap=False))
    sheet.set_row(row, 26)
    sections = {section.code for section in instrument.sections}
    for key, title in sheet_titles(book.layout, book.texts, book.correct_by is not None).items():
        if key in sections or key == OVERVIEW:
            continue
        row += 1
        book.link(sheet, row, CODE, book.address(key, 1, 1))
        sheet.write_string(row, CODE, book.tabs[key], book.styles(styles.JUMP))
        sheet.write_blank(row, OBJECTIVE, None, book.styles(_TEXT))
        wording = book.texts.add(title)
        book.put(sheet, row, TEXT, wording, _TEXT)
        sheet.set_row(row, row_height([Box(wording.every, _WIDTHS[TEXT], 10, indent=1)], 22))


def _indicator(book: Book, sheet: Any, row: int, indicator: Indicator) -> None:
    instrument = book.layout.instrument
    rows = book.layout.section(indicator.section).rows
    band = next(one.row for one in rows if one.indicator.code == indicator.code)
    book.link(sheet, row, CODE, book.address(indicator.section, band, Column.NUMBER))
    sheet.write_string(row, CODE, indicator.code, book.styles(styles.JUMP))
    sheet.write_string(row, OBJECTIVE, indicator.objective_number, book.styles(styles.CENTRED))
    wording = book.texts.add(indicator.text)
    book.put(sheet, row, TEXT, wording, _TEXT)
    boxes = [Box(wording.every, _WIDTHS[TEXT], 10, indent=1), *_level(book, sheet, row, indicator)]
    counts = book.tally(indicator)
    done, due = (place(instrument, column) for column in (DONE, DUE))
    for column, count in ((done, counts.done), (due, counts.due)):
        sheet.write_formula(row, column, f"={count.expression}", None, count.cached)
    shown = f'={column_letter(done)}{row + 1}&" / "&{column_letter(due)}{row + 1}'
    cached = f"{counts.done.cached} / {counts.due.cached}"
    sheet.write_formula(row, place(instrument, ANSWERED), shown, book.styles(styles.CENTRED), cached)
    for column, count in ((TO_DO, counts.to_do), (TO_CORRECT, counts.to_correct), (TO_EXPLAIN, counts.to_explain)):
        at = place(instrument, column)
        sheet.write_formula(row, at, f"={count.expression}", book.styles(styles.COUNT), count.cached)
    book.put(sheet, row, place(instrument, STATE), _state(book, row, counts), _STATE)
    sheet.set_row(row, row_height(boxes, 22))


def _level(book: Book, sheet: Any, row: int, indicator: Indicator) -> Iterator[Box]:
    """Write the label of the level chosen, nothing for an indicator that has none; the boxes it may need room for."""
    instrument = book.layout.instrument
    scale = instrument.level_scale
    if scale is None:
        return
    if instrument.level in indicator.field_codes:
        slot = book.layout.slot(indicator.code, instrument.level)
        label = book.lists.label_of(scale, book.address(slot.sheet, slot.row, Column.CODE))
        sheet.write_formula(row, LEVEL, f"={label}", book.styles(_TEXT), "")
        labels = tuple(label for code in scale.codes for label in code.label.values())
        yield Box(labels, _WIDTHS[LEVEL], 10, indent=1)
    else:
        sheet.write_blank(row, LEVEL, None, book.styles(_TEXT))


def _state(book: Book, row: int, counts: Tally) -> LiveText:
    """What is left to do with an indicator, in a word."""
    words = {key: book.texts.say(key) for key in ("check_ok", "not_started", "to_do", "to_correct", "to_explain")}
    correct, explain, open_, done = (
        f"{column_letter(place(book.layout.instrument, column))}{row + 1}"
        for column in (TO_CORRECT, TO_EXPLAIN, TO_DO, DONE)
    )
    expression = (
        f"IF({correct}>0,{words['to_correct'].expression},"
        f"IF({open_}>0,IF({done}=0,{words['not_started'].expression},{words['to_do'].expression}),"
        f"IF({explain}>0,{words['to_explain'].expression},{words['check_ok'].expression})))"
    )
    first = words[counts.state]
    return LiveText(expression, first.cached, first.every)


def _set_up(book: Book, sheet: Any) -> None:
    instrument = book.layout.instrument
    first, last = _FIRST_ROW, last_row(instrument)
    for column, colours in ((TO_CORRECT, styles.CORRECT), (TO_DO, styles.ANSWER), (TO_EXPLAIN, styles.REASON)):
        condition = {
            "type": "cell",
            "criteria": ">",
            "value": 0,
            "format": book.styles.conditional(*colours, bold=True),
        }
        at = place(instrument, column)
        sheet.conditional_format(first, at, last, at, condition)
    correct, open_, explain = (
        f"${column_letter(place(instrument, column))}{first + 1}" for column in (TO_CORRECT, TO_DO, TO_EXPLAIN)
    )
    state = place(instrument, STATE)
    for criteria, colours in (
        (f"={correct}>0", styles.CORRECT),
        (f"=AND({correct}=0,{open_}>0)", styles.ANSWER),
        (f"=AND({correct}+{open_}=0,{explain}>0)", styles.REASON),
        (f"=AND(ISNUMBER({open_}),{correct}+{open_}+{explain}=0)", styles.FINE),
    ):
        condition = {"type": "formula", "criteria": criteria, "format": book.styles.conditional(*colours, bold=True)}
        sheet.conditional_format(first, state, last, state, condition)
    sheet.protect("", PROTECTION)
    sheet.hide_gridlines(2)
    sheet.freeze_panes(_FIRST_ROW, OBJECTIVE)
    sheet.repeat_rows(_HEADING_ROW)
    sheet.ignore_errors({"number_stored_as_text": f"A1:{column_letter(place(instrument, DUE))}{last + 1}"})
    book.fit_for_print(sheet, landscape=True, last_column=state)
