"""Owns the sheet of one roster: a table with a line per row, exactly where its layout puts them."""

from dataclasses import replace
from typing import Any

from questionnaire.answers import CODED, Date, Text, WholeNumber, Year
from questionnaire.form import Field
from questionnaire.layout import column_letter
from questionnaire.roster_layout import (
    CHECK,
    CONTENT,
    FIRST_LINE,
    GUIDANCE,
    HEADER_KEYS,
    HEADINGS,
    IDENTITY,
    INTRODUCTION,
    KEY,
    LINE,
    TITLE,
    RosterSheet,
    helper_name,
)
from questionnaire.rosters import RosterColumn
from questionnaire.workbook import styles
from questionnaire.workbook.book import OVERVIEW, PROTECTION, Book
from questionnaire.workbook.dropdowns import SheetValidations
from questionnaire.workbook.heights import Box, row_height
from questionnaire.workbook.roster_checks import RosterChecks
from questionnaire.workbook.section_sheet import answer_look
from questionnaire.workbook.styles import Look
from questionnaire.workbook.texts import Text as LiveText
from questionnaire.workbook.wordings import named

_KEY_WIDTH, _LINE_WIDTH, _CHECK_WIDTH, _HELPER_WIDTH = 4, 7, 40, 8
_LONG_TEXT = 250

_INTRODUCTION = Look(size=10, ink=styles.BLACK, ground=styles.PAPER, valign="vcenter", indent=1)
_GUIDANCE = Look(size=10, ink=styles.MUTED, ground=styles.MIST, valign="top", indent=1)
_LINE = Look(size=10, ink=styles.MUTED, ruled=True, valign="vcenter", wrap=False, indent=1)
_CHECK = Look(size=9, ruled=True, valign="vcenter", indent=1)
_BACK = replace(styles.JUMP, ruled=False, size=9, align="right")


class RosterWriter:
    """Writes one roster's sheet."""

    def __init__(self, book: Book, sheet: Any, roster: RosterSheet) -> None:
        self._book, self._sheet, self._layout = book, sheet, roster
        self._checks = RosterChecks(book, roster)
        self._validations = SheetValidations()

    def write(self) -> None:
        """Everything of the sheet: contents, validations, conditional formats, set-up."""
        self._columns()
        self._head()
        self._headings()
        for line in range(1, self._layout.roster.lines + 1):
            self._line(line)
        self._formulas()
        self._validations.write(self._sheet)
        self._set_up()

    def _columns(self) -> None:
        sheet, places, hidden = self._sheet, self._layout.columns, {"hidden": True}
        sheet.set_column(places[KEY], places[KEY], _KEY_WIDTH, None, hidden)
        sheet.set_column(places[LINE], places[LINE], _LINE_WIDTH)
        for column in self._layout.roster.columns:
            sheet.set_column(places[column.code], places[column.code], _width(column))
        sheet.set_column(places[CHECK], places[CHECK], _CHECK_WIDTH)
        sheet.set_column(places[CHECK] + 1, places[CONTENT], _HELPER_WIDTH, None, hidden)
        every = places | {helper_name(code): place for code, place in self._layout.helpers.items()}
        for key, name in self._layout.header_keys.items():
            sheet.write_string(HEADER_KEYS, every[name], key)
        sheet.set_row(HEADER_KEYS, None, None, hidden)

    def _head(self) -> None:
        book, sheet, places, roster = self._book, self._sheet, self._layout.columns, self._layout.roster
        book.put(sheet, TITLE, places[LINE], book.texts.add(roster.label), styles.TITLE)
        sheet.set_row(TITLE, 34)
        book.link(sheet, TITLE, places[CHECK], book.address(OVERVIEW, 1, 1))
        book.put(sheet, TITLE, places[CHECK], book.texts.say("back_to_overview"), _BACK)
        sheet.write_string(IDENTITY, places[KEY], book.identity)
        book.put(sheet, IDENTITY, places[LINE], self._identity(), styles.SUBTITLE)
        sheet.set_row(IDENTITY, 18)
        introduction = book.texts.add(roster.help)
        book.put_across(sheet, INTRODUCTION, (places[LINE], places[CHECK] - 1), introduction, _INTRODUCTION)
        across = _LINE_WIDTH + sum(map(_width, roster.columns))
        sheet.set_row(INTRODUCTION, row_height([Box(introduction.every, across, _INTRODUCTION.size, indent=1)], 22))

    def _identity(self) -> LiveText:
        round_, texts = self._book.round, self._book.texts
        edition = texts.wording("identity_edition", edition=round_.instrument.edition)
        return texts.join("  ·  ", named(self._book.respondent, texts), round_.title, edition)

    def _headings(self) -> None:
        book, sheet, places = self._book, self._sheet, self._layout.columns
        headings: dict[str, tuple[LiveText, float]] = {LINE: (book.texts.say("column_number"), _LINE_WIDTH)}
        for column in self._layout.roster.columns:
            headings[column.code] = (book.texts.add(column.label), _width(column))
        headings[CHECK] = (book.texts.say("column_check"), _CHECK_WIDTH)
        for name, (heading, _) in headings.items():
            book.put(sheet, HEADINGS, places[name], heading, styles.HEADING)
            sheet.write_blank(GUIDANCE, places[name], None, book.styles(_GUIDANCE))
        boxes = [Box(heading.every, width, 10, bold=True, indent=1) for heading, width in headings.values()]
        sheet.set_row(HEADINGS, row_height(boxes, 26))
        boxes = []
        for column in self._layout.roster.columns:
            if any(column.help.values()):
                guidance = book.texts.add(column.help)
                book.put(sheet, GUIDANCE, places[column.code], guidance, _GUIDANCE)
                boxes.append(Box(guidance.every, _width(column), _GUIDANCE.size, indent=1))
        sheet.set_row(GUIDANCE, row_height(boxes, 18))

    def _line(self, line: int) -> None:
        book, sheet, places = self._book, self._sheet, self._layout.columns
        row = self._layout.row(line)
        sheet.write_string(row, places[KEY], self._layout.key(line))
        sheet.write_string(row, places[LINE], self._layout.number(line), book.styles(_LINE))
        for column in self._layout.roster.columns:
            sheet.write_blank(row, places[column.code], None, book.styles(_look(column)))
            validation = book.dropdowns.answer(Field(column.code, column.code, column.type, column.label))
            if validation is not None:
                self._validations.add(row, places[column.code], validation)

    def _formulas(self) -> None:
        """Beside every line the same formulas, counted from the line they stand in."""
        sheet, layout, checks = self._sheet, self._layout, self._checks
        rows = layout.first, layout.last
        for column in layout.roster.columns:
            if isinstance(column.type, CODED):
                sheet.fill_down(rows, layout.helpers[column.code], checks.choice(column, layout.first), None, "")
        said = checks.check(layout.first)
        sheet.fill_down(rows, layout.columns[CHECK], said.expression, self._book.styles(_CHECK), said.cached)
        sheet.fill_down(rows, layout.columns[CONTENT], checks.content(layout.first), None, checks.untouched)
        height = row_height([Box(said.every, _CHECK_WIDTH, _CHECK.size, bold=True, indent=1)], 30)
        for row in range(layout.first, layout.last + 1):
            sheet.set_row(row, height)

    def _set_up(self) -> None:
        book, sheet, layout = self._book, self._sheet, self._layout
        check = layout.columns[CHECK]
        book.colour_by_sign(sheet, check, (layout.first, layout.last), check)
        sheet.protect("", PROTECTION)
        sheet.hide_gridlines(2)
        sheet.set_zoom(90)
        sheet.freeze_panes(FIRST_LINE, layout.columns[LINE] + 1)
        sheet.set_selection(layout.first, layout.columns[LINE] + 1, layout.first, layout.columns[LINE] + 1)
        sheet.repeat_rows(HEADINGS)
        whole = f"A1:{column_letter(layout.columns[CONTENT])}{layout.last + 1}"
        sheet.ignore_errors(dict.fromkeys(("number_stored_as_text", "formula_differs", "formula_range"), whole))
        book.fit_for_print(sheet, landscape=True, last_column=check - 1)  # as with sections: checks are for the screen


def _width(column: RosterColumn) -> float:
    """The width of a column, in digits, by what is written into it."""
    match column.type:
        case Text(length):
            return 40 if length > _LONG_TEXT else 26
        case Year() | WholeNumber() | Date():
            return 14
        case _:
            return 26


def _look(column: RosterColumn) -> Look:
    return replace(answer_look(column.type), size=10)
