"""Owns the Check sheet: the verdict, the open points counted by section, and the first one of each indicator."""

from dataclasses import replace
from typing import Any

from questionnaire.form import Indicator, Section
from questionnaire.layout import Column, column_letter
from questionnaire.roster_layout import RosterSheet, roster_sheets
from questionnaire.workbook import overview, styles
from questionnaire.workbook.book import OVERVIEW, PROTECTION, Book, quoted
from questionnaire.workbook.checks import Sign
from questionnaire.workbook.heights import Box, row_height
from questionnaire.workbook.roster_checks import open_points, with_rosters
from questionnaire.workbook.styles import Look
from questionnaire.workbook.tally import OPEN, begins
from questionnaire.workbook.texts import Text
from questionnaire.workbook.verdict import verdict

CODE, SUBJECT, TO_DO, TO_CORRECT, TO_EXPLAIN, POINT, GO, ROW = range(1, 9)
"""The columns. ROW is hidden: the row of the first open point on its section's sheet, 0 if there is none."""

_WIDTHS = {CODE: 9, SUBJECT: 50, TO_DO: 12, TO_CORRECT: 12, TO_EXPLAIN: 12, POINT: 62, GO: 12}
_COUNTED = {TO_DO: overview.TO_DO, TO_CORRECT: overview.TO_CORRECT, TO_EXPLAIN: overview.TO_EXPLAIN}
_SIGNS = {TO_DO: Sign.TO_DO, TO_CORRECT: Sign.ERROR, TO_EXPLAIN: Sign.WARNING}
_HEADINGS = {TO_DO: "checks_to_do", TO_CORRECT: "checks_to_correct", TO_EXPLAIN: "checks_to_explain"}
_TITLE_ROW, _INTRO_ROW, _VERDICT_ROW, _SECTIONS_ROW = 1, 2, 4, 6
_FAR = 1_000_000  # beyond any row of a sheet

_VERDICT = Look(size=14, bold=True, valign="vcenter", indent=1)
_SUBJECT = replace(styles.CELL, size=9, ink=styles.MUTED)
_TOTAL = replace(styles.CELL, bold=True)
_TOTAL_COUNT = replace(styles.COUNT, bold=True)
_GO = replace(styles.JUMP, size=14, align="center", underline=False, indent=0)


def write_check_sheet(book: Book, sheet: Any) -> None:
    """The whole sheet."""
    sheet.set_column(0, 0, 2)
    for column, width in _WIDTHS.items():
        sheet.set_column(column, column, width)
    sheet.set_column(ROW, ROW, 8, None, {"hidden": True})
    book.put(sheet, _TITLE_ROW, CODE, book.texts.say("checks_title"), styles.TITLE)
    sheet.set_row(_TITLE_ROW, 34)
    book.put(sheet, _INTRO_ROW, CODE, book.texts.say("checks_intro"), styles.SUBTITLE)
    judged = verdict(book)
    book.put_across(sheet, _VERDICT_ROW, (CODE, GO), judged, _VERDICT)
    sheet.set_row(_VERDICT_ROW, row_height([Box(judged.every, sum(_WIDTHS.values()), 14, bold=True, indent=1)], 44))
    next_row = _sections(book, sheet)
    last = _points(book, sheet, next_row + 1)
    _set_up(book, sheet, last)


def _sections(book: Book, sheet: Any) -> int:
    """The table of sections; returns the row below its total."""
    _headings(book, sheet, _SECTIONS_ROW, {CODE: "checks_section", **_HEADINGS})
    row = _SECTIONS_ROW
    for row, section in enumerate(book.layout.instrument.sections, _SECTIONS_ROW + 1):
        book.link(sheet, row, CODE, book.address(section.code, 1, 1))
        sheet.write_string(row, CODE, section.code, book.styles(styles.JUMP))
        book.put(sheet, row, SUBJECT, book.texts.add(section.label), styles.CELL)
        for column, counted in _COUNTED.items():
            total = f"=SUM({overview.cells(book, counted, section)})"
            first = overview.counted(book, counted, section.indicators)
            sheet.write_formula(row, column, total, book.styles(styles.COUNT), first)
        sheet.set_row(row, 22)
    for roster in roster_sheets(book.layout.instrument):
        row += 1
        _roster(book, sheet, row, roster)
    row += 1
    sheet.write_blank(row, CODE, None, book.styles(_TOTAL))
    book.put(sheet, row, SUBJECT, book.texts.say("checks_total"), _TOTAL)
    for column, counted in _COUNTED.items():
        first = overview.counted(book, counted, book.layout.instrument.indicators)
        total = with_rosters(book, overview.sum_of(book, counted), _SIGNS[column])
        sheet.write_formula(row, column, f"={total}", book.styles(_TOTAL_COUNT), first)
    sheet.set_row(row, 22)
    return row + 1


def _roster(book: Book, sheet: Any, row: int, roster: RosterSheet) -> None:
    """The line of a roster: its points to complete and to correct; nothing on it asks for a reason."""
    book.link(sheet, row, CODE, book.address(roster.code, 1, 1))
    sheet.write_string(row, CODE, "→", book.styles(styles.JUMP))
    book.put(sheet, row, SUBJECT, book.texts.add(roster.roster.label), styles.CELL)
    for column in (TO_DO, TO_CORRECT):
        points = open_points(book, roster, _SIGNS[column])
        sheet.write_formula(row, column, f"={points}", book.styles(styles.COUNT), 0)
    sheet.write_blank(row, TO_EXPLAIN, None, book.styles(styles.COUNT))
    sheet.set_row(row, 22)


def _points(book: Book, sheet: Any, row: int) -> int:
    """The table of indicators; returns its last row."""
    book.put(sheet, row, CODE, book.texts.say("checks_open_points"), styles.PART_HEADING)
    sheet.set_row(row, 28)
    row += 1
    names = {CODE: "checks_indicator", **_HEADINGS, POINT: "checks_first_point", GO: "checks_go_to"}
    _headings(book, sheet, row, names)
    for section in book.layout.instrument.sections:
        row += 1
        _section(book, sheet, row, section)
        for indicator in section.indicators:
            row += 1
            _indicator(book, sheet, row, indicator)
    return row


def _headings(book: Book, sheet: Any, row: int, names: dict[int, str]) -> None:
    last = max(names)
    for column in range(CODE, last + 1):
        sheet.write_blank(row, column, None, book.styles(styles.HEADING))
    headings = {column: book.texts.say(name) for column, name in names.items()}
    for column, heading in headings.items():
        look = styles.CENTRED_HEADING if column in _COUNTED else styles.HEADING
        book.put(sheet, row, column, heading, look)
    boxes = [Box(heading.every, _WIDTHS[column], 10, bold=True) for column, heading in headings.items()]
    sheet.set_row(row, row_height(boxes, 26))


def _section(book: Book, sheet: Any, row: int, section: Section) -> None:
    for column in range(CODE, GO + 1):
        sheet.write_blank(row, column, None, book.styles(styles.BAND))
    book.link(sheet, row, CODE, book.address(section.code, 1, 1))
    book.put(sheet, row, CODE, book.texts.add(section.label), styles.BAND_LINK)
    sheet.set_row(row, 24)


def _indicator(book: Book, sheet: Any, row: int, indicator: Indicator) -> None:
    line = overview.indicator_row(book.layout.instrument, indicator.code)
    book.link(sheet, row, CODE, book.address(OVERVIEW, line, overview.CODE))
    sheet.write_string(row, CODE, indicator.code, book.styles(styles.JUMP))
    wording = book.texts.add(indicator.text)
    book.put(sheet, row, SUBJECT, wording, _SUBJECT)
    for column, counted in _COUNTED.items():
        source = f"={book.address(OVERVIEW, line, counted)}"
        first = overview.counted(book, counted, (indicator,))
        sheet.write_formula(row, column, source, book.styles(styles.COUNT), first)
    point, found = _first_point(book, indicator)
    sheet.write_formula(row, ROW, f"={point}", None, found)
    here = f"${column_letter(ROW)}{row + 1}"
    book.put(sheet, row, POINT, _told(book, indicator, here, found), styles.CELL)
    target = f'"#{quoted(book.tabs[indicator.section])}!{column_letter(Column.ANSWER)}"&{here}'
    jump = f'=IF({here}=0,"",HYPERLINK({target},"→"))'
    sheet.write_formula(row, GO, jump, book.styles(_GO), "→" if found else "")
    sheet.set_row(row, row_height([Box(wording.every, _WIDTHS[SUBJECT], 9, indent=1)], 22))


def _first_point(book: Book, indicator: Indicator) -> tuple[str, int]:
    """The row, counted from 1, of the first open point of an indicator, 0 if none: expression and first value."""
    checks = book.column_of(indicator, Column.CHECK)
    is_open = "+".join(begins(checks, sign) for sign in OPEN)
    nearest = f"SUMPRODUCT(MAX(({is_open})*({_FAR}-ROW({checks}))))"
    opened = [slot.row + 1 for slot in book.slots_of(indicator) if book.check(slot).cached.startswith(OPEN)]
    return f"MOD({_FAR}-{nearest},{_FAR})", opened[0] if opened else 0


def _told(book: Book, indicator: Indicator, here: str, found: int) -> Text:
    """What the check beside the first open point says."""
    tab, letter = quoted(book.tabs[indicator.section]), column_letter(Column.CHECK)
    rows = book.layout_of(indicator.section).rows
    column = f"{tab}!${letter}$1:${letter}${rows[-1].row + 1}"
    fine = book.texts.say("complete")
    sound = f"{Sign.OK} {fine.cached}"
    expression = f'IF({here}=0,"{Sign.OK} "&{fine.expression},INDEX({column},{here}))'
    cached = next((book.check(slot).cached for slot in book.slots_of(indicator) if slot.row + 1 == found), sound)
    return Text(expression, cached, fine.every)


def _set_up(book: Book, sheet: Any, last: int) -> None:
    for column in (CODE, POINT):
        rows = (_VERDICT_ROW, _VERDICT_ROW) if column == CODE else (_SECTIONS_ROW, last)
        book.colour_by_sign(sheet, column, rows, GO if column == CODE else column)
    sheet.protect("", PROTECTION)
    sheet.hide_gridlines(2)
    sheet.freeze_panes(_SECTIONS_ROW, 0)
    sheet.ignore_errors({"number_stored_as_text": f"A1:{column_letter(ROW)}{last + 1}"})
    book.fit_for_print(sheet, landscape=True, last_column=GO)
