"""Writes the Check sheet: the verdict, what is open counted by section, and below that the open points themselves."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from questionnaire.addresses import column_letter
from questionnaire.declaration.form import Section
from questionnaire.layout import ListSheet
from questionnaire.workbook.formulas.checks import Sign
from questionnaire.workbook.formulas.tally import Count
from questionnaire.workbook.looks import styles
from questionnaire.workbook.looks.heights import Box, row_height
from questionnaire.workbook.looks.styles import Look
from questionnaire.workbook.sheets import overview
from questionnaire.workbook.sheets.book import PROTECTION, Book
from questionnaire.workbook.sheets.open_points import POINT, OpenPoints
from questionnaire.workbook.sheets.verdict import verdict, with_lists

CODE, SUBJECT, TO_CORRECT, TO_DO, TO_EXPLAIN, REST = range(1, 7)
"""The columns of the counts. The list below has the same columns, and its helpers, hidden, to the right of them."""

_WIDTHS = {CODE: 11, SUBJECT: 46, TO_CORRECT: 12, TO_DO: 12, TO_EXPLAIN: 12, REST: 68}
_COUNTED = {TO_CORRECT: overview.TO_CORRECT, TO_DO: overview.TO_DO, TO_EXPLAIN: overview.TO_EXPLAIN}
_SIGNS = {TO_CORRECT: Sign.ERROR, TO_DO: Sign.TO_DO, TO_EXPLAIN: Sign.WARNING}
_HEADINGS = {TO_CORRECT: "to_correct", TO_DO: "to_do", TO_EXPLAIN: "to_explain"}
_TITLE_ROW, _INTRO_ROW, _VERDICT_ROW, _SECTIONS_ROW = 1, 2, 4, 6

_VERDICT = Look(size=14, bold=True, valign="vcenter", indent=1)
_TOTAL = replace(styles.CELL, bold=True)
_TOTAL_COUNT = replace(styles.COUNT, bold=True)


def write_check_sheet(book: Book, sheet: Any) -> None:
    """The whole sheet."""
    sheet.set_column(0, 0, 2)
    for column, width in _WIDTHS.items():
        sheet.set_column(column, column, width)
    book.put(sheet, _TITLE_ROW, CODE, book.texts.say("checks_title"), styles.TITLE)
    sheet.set_row(_TITLE_ROW, 34)
    book.put(sheet, _INTRO_ROW, CODE, book.texts.say("checks_intro"), styles.SUBTITLE)
    judged = verdict(book)
    book.put_across(sheet, _VERDICT_ROW, (CODE, REST), judged, _VERDICT)
    sheet.set_row(_VERDICT_ROW, row_height([Box(judged.every, sum(_WIDTHS.values()), 14, bold=True, indent=1)], 40))
    total_row = _sections(book, sheet)
    counts = {
        sign: [f"${column_letter(column)}${row + 1}" for row in range(_SECTIONS_ROW + 1, total_row)]
        for column, sign in _SIGNS.items()
    }
    points = OpenPoints(book, sheet, total_row + 2, counts)
    points.write(_WIDTHS)
    _set_up(book, sheet, points)


def _sections(book: Book, sheet: Any) -> int:
    """The table of sections; returns the row of its total."""
    headings = {column: book.texts.say(name) for column, name in ({SUBJECT: "checks_section"} | _HEADINGS).items()}
    sheet.write_blank(_SECTIONS_ROW, CODE, None, book.styles(styles.HEADING))
    for column, heading in headings.items():
        look = styles.CENTRED_HEADING if column in _COUNTED else styles.HEADING
        book.put(sheet, _SECTIONS_ROW, column, heading, look)
    boxes = [Box(heading.every, _WIDTHS[column], 10, bold=True) for column, heading in headings.items()]
    sheet.set_row(_SECTIONS_ROW, row_height(boxes, 26))
    row = _SECTIONS_ROW
    for row, section in enumerate(book.layout.instrument.sections, _SECTIONS_ROW + 1):
        book.link(sheet, row, CODE, book.address(section.code, 1, 1))
        sheet.write_string(row, CODE, book.tabs[section.code], book.styles(styles.JUMP))
        book.put(sheet, row, SUBJECT, book.texts.add(section.label), styles.CELL)
        for column, counted in _COUNTED.items():
            total = f"=SUM({overview.cells(book, counted, section)})"
            first = overview.counted(book, counted, section.indicators)
            for points in _elsewhere(book, section, _SIGNS[column]):
                total, first = f"{total}-{points.expression}", first - points.cached
            sheet.write_formula(row, column, total, book.styles(styles.COUNT), first)
        sheet.set_row(row, 20)
    for listed in book.layout.own_sheets:
        row += 1
        _list(book, sheet, row, listed)
    row += 1
    sheet.write_blank(row, CODE, None, book.styles(_TOTAL))
    book.put(sheet, row, SUBJECT, book.texts.say("checks_total"), _TOTAL)
    for column, counted in _COUNTED.items():
        first = overview.counted(book, counted, book.layout.instrument.indicators)
        total = with_lists(book, overview.sum_of(book, counted), _SIGNS[column])
        sheet.write_formula(row, column, f"={total}", book.styles(_TOTAL_COUNT), first)
    sheet.set_row(row, 22)
    return row


def _elsewhere(book: Book, section: Section, sign: Sign) -> Iterator[Count]:
    """The points of a section's tables that have sheets of their own, and so rows of their own here."""
    own = book.layout.own_sheets if sign is not Sign.WARNING else ()
    for table in (table for indicator in section.indicators for table in book.layout.tables_of(indicator)):
        if table in own:
            yield book.open_points(table, sign)


def _list(book: Book, sheet: Any, row: int, listed: ListSheet) -> None:
    """The row of a list: its points to complete and to correct; nothing on it asks for a reason."""
    book.link(sheet, row, CODE, book.address(listed.code, 1, 1))
    sheet.write_string(row, CODE, book.tabs[listed.code], book.styles(styles.JUMP))
    book.put(sheet, row, SUBJECT, book.texts.add(listed.block.label), styles.CELL)
    for column in (TO_CORRECT, TO_DO):
        points = book.open_points(listed, _SIGNS[column])
        sheet.write_formula(row, column, f"={points.expression}", book.styles(styles.COUNT), points.cached)
    sheet.write_blank(row, TO_EXPLAIN, None, book.styles(styles.COUNT))
    sheet.set_row(row, 20)


def _set_up(book: Book, sheet: Any, points: OpenPoints) -> None:
    book.colour_by_sign(sheet, CODE, (_VERDICT_ROW, _VERDICT_ROW), REST)
    book.colour_by_sign(sheet, POINT, (points.first, points.last), POINT)
    sheet.protect("", PROTECTION)
    sheet.hide_gridlines(2)
    sheet.freeze_panes(_SECTIONS_ROW, 0)
    sheet.repeat_rows(points.first - 1)
    sheet.ignore_errors({"number_stored_as_text": f"A1:{column_letter(REST)}{points.last + 1}"})
    book.fit_for_print(sheet, landscape=True, last_column=REST)
    sheet.print_area(0, CODE, points.first + points.printed - 1, REST)
