"""Writes the head of an indicator's block: code and text, what is left to do, the objective, the official text."""

from dataclasses import replace
from functools import reduce
from typing import Any

from questionnaire.declaration.form import Indicator
from questionnaire.layout import Column, SheetRow
from questionnaire.sheet_names import OVERVIEW
from questionnaire.workbook.formulas.checks import Sign
from questionnaire.workbook.looks import styles
from questionnaire.workbook.looks.heights import Box, row_height
from questionnaire.workbook.looks.section_pages import width, widths
from questionnaire.workbook.looks.styles import Look
from questionnaire.workbook.sheets import overview
from questionnaire.workbook.sheets.book import Book
from questionnaire.workbook.texts.texts import LiveText
from questionnaire.workbook.texts.wordings import official_note

_TEXT_ACROSS, _RIGHT_ACROSS = (Column.QUESTION, Column.CHECK), (Column.HELP, Column.COMMENT)
_BAND = styles.BAND
_DUE = replace(_BAND, size=10, align="right")
_BACK = Look(size=9.5, ink=styles.LINK, ground=styles.MIST, underline=True, valign="vcenter")
_OBJECTIVE = Look(ink=styles.BLACK, ground=styles.MIST, valign="vcenter", indent=1)
_OFFICIAL = Look(size=9.5, italic=True, ink=styles.MUTED, ground=styles.MIST, valign="vcenter", indent=1)
_TO_TABLE = replace(_BACK, ground="", wrap=False)
_LINKED = (Column.QUESTION, Column.ANSWER, Column.CHECK, Column.HELP)
"""The columns in which links to tables stand."""

_BETWEEN = "  ·  "


def write_band(book: Book, sheet: Any, row: SheetRow) -> float:
    """The band: code, text, and what is left to do; returns its height."""
    sheet.write_string(row.row, Column.NUMBER, row.indicator.code, book.styles(_BAND))
    wording, left = book.texts.add(row.indicator.text), _left_to_do(book, row.indicator)
    book.put_across(sheet, row.row, _TEXT_ACROSS, wording, _BAND)
    book.put_across(sheet, row.row, _RIGHT_ACROSS, left, _DUE)
    boxes = (
        _box(book, wording, _TEXT_ACROSS, _BAND),
        _box(book, left, _RIGHT_ACROSS, _DUE),
    )
    return row_height(boxes, 24)


def write_objective(book: Book, sheet: Any, row: SheetRow) -> float:
    """The row below it: a link back, the objective and help, what of the text is official; returns its height."""
    texts, indicator = book.texts, row.indicator
    back = texts.say("sheet_overview")
    target = book.address(OVERVIEW, overview.indicator_row(book.layout.instrument, indicator.code), overview.CODE)
    book.link(sheet, row.row, Column.NUMBER, target)
    book.put(sheet, row.row, Column.NUMBER, back, _BACK)
    objective = _objective_and_help(book, indicator)
    book.put_across(sheet, row.row, _TEXT_ACROSS, objective, _OBJECTIVE)
    note = official_note(book.layout.instrument, indicator, texts)
    book.put_across(sheet, row.row, _RIGHT_ACROSS, note, _OFFICIAL)
    boxes = (
        Box(back.every, width(Column.NUMBER, book.layout), _BACK.size),
        _box(book, objective, _TEXT_ACROSS, _OBJECTIVE),
        _box(book, note, _RIGHT_ACROSS, _OFFICIAL),
    )
    return row_height(boxes, 20)


def _objective_and_help(book: Book, indicator: Indicator) -> LiveText:
    """The objective with its number, and the help below it; without an objective of its own, the help alone."""
    texts, instrument = book.texts, book.layout.instrument
    objective = indicator.objective[instrument.official_language]
    headings = {
        one.label.get(instrument.official_language) for one in instrument.sections if indicator in one.indicators
    }
    said = []
    if objective and objective not in headings:
        number = indicator.objective_number
        heading = texts.say("band_objective").filled(number=(f'"{number}"', number))
        said.append(heading.then(" – ", texts.add(indicator.objective)))
    if any(indicator.help.values()):
        said.append(texts.add(indicator.help))
    nothing = LiveText('""', "", ("",) * len(texts.languages))
    return reduce(lambda above, below: above.then("\n", below), said) if said else nothing


def write_links(book: Book, sheet: Any, row: SheetRow) -> float:
    """The row below its questions: a link to each table about it that has its own sheet; returns its height."""
    own = [table for table in book.layout.tables_of(row.indicator) if not table.section]
    for listed, column in zip(own, _LINKED, strict=False):
        book.link(sheet, row.row, column, book.address(listed.code, 1, 1))
        label = book.texts.add(listed.block.label)
        said = book.texts.say("table_link").filled(label=(label.expression, label.cached))
        book.put(sheet, row.row, column, said, _TO_TABLE)
    return 24 if own else 6


def _left_to_do(book: Book, indicator: Indicator) -> LiveText:
    """What is due, to be corrected and asked about, or that all is in order, by the counts of the Overview."""
    row, counts = overview.indicator_row(book.layout.instrument, indicator.code), book.tally(indicator)
    parts = (
        (Sign.TO_DO, "left_to_do", overview.TO_DO, counts.to_do.cached),
        (Sign.ERROR, "left_to_correct", overview.TO_CORRECT, counts.to_correct.cached),
        (Sign.WARNING, "left_to_explain", overview.TO_EXPLAIN, counts.to_explain.cached),
    )
    fine = book.texts.say("check_ok")
    cells, shown, first, every = [], [], [], [f"{Sign.OK} {text}" for text in fine.every]
    for sign, key, column, number in parts:
        cell = book.address(OVERVIEW, row, overview.place(book.layout.instrument, column))
        text = book.texts.say(key).filled(n=(cell, str(number)))
        cells.append(cell)
        shown.append(f'IF({cell}>0,"{_BETWEEN}{sign} "&{text.expression},"")')
        first += [f"{sign} {text.cached}"] if number else []
        every += [f"{sign} {wording}" for wording in text.every]
    joined = f"MID({'&'.join(shown)},{len(_BETWEEN) + 1},999)"
    expression = f'IF({"+".join(cells)}=0,"{Sign.OK} "&{fine.expression},{joined})'
    return LiveText(expression, _BETWEEN.join(first) or f"{Sign.OK} {fine.cached}", tuple(every))


def _box(book: Book, text: LiveText, across: tuple[Column, Column], look: Look) -> Box:
    return Box(text.every, sum(widths(book.layout, across)), look.size, bold=look.bold, indent=look.indent)
