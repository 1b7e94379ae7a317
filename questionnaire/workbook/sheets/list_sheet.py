"""Owns the sheet of one roster: a table with a line per row, exactly where its layout puts them."""

from dataclasses import replace
from typing import Any

from questionnaire.declaration.answer_types import CODED
from questionnaire.declaration.lists import RosterColumn
from questionnaire.layout import column_letter
from questionnaire.list_layout import (
    CHECK,
    CONFIRM,
    CONTENT,
    FIRST_LINE,
    GUIDANCE,
    HEADER_KEYS,
    HEADINGS,
    IDENTITY,
    INTRODUCTION,
    KEY,
    LAST,
    LINE,
    TITLE,
    RosterSheet,
    as_field,
    helper_name,
)
from questionnaire.workbook.formulas.checks import Sign
from questionnaire.workbook.formulas.list_checks import RosterChecks
from questionnaire.workbook.formulas.tally import begins
from questionnaire.workbook.looks import styles
from questionnaire.workbook.looks.heights import Box, row_height
from questionnaire.workbook.looks.list_columns import (
    CHECK_WIDTH,
    CONFIRM_WIDTH,
    HELPER_WIDTH,
    KEY_WIDTH,
    LINE_WIDTH,
    SIZE,
    width,
)
from questionnaire.workbook.looks.styles import Look
from questionnaire.workbook.sheets import previous_columns
from questionnaire.workbook.sheets.book import OVERVIEW, PROTECTION, Book
from questionnaire.workbook.sheets.dropdowns import SheetValidations
from questionnaire.workbook.sheets.section_sheet import answer_look
from questionnaire.workbook.texts.texts import Text as LiveText
from questionnaire.workbook.texts.wordings import named

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
        sheet.set_column(places[KEY], places[KEY], KEY_WIDTH, None, hidden)
        sheet.set_column(places[LINE], places[LINE], LINE_WIDTH)
        if self._layout.prefilled:
            sheet.set_column(places[CONFIRM], places[CONFIRM], CONFIRM_WIDTH)
        for column in self._layout.roster.columns:
            sheet.set_column(places[column.code], places[column.code], width(column))
        sheet.set_column(places[CHECK], places[CHECK], CHECK_WIDTH)
        sheet.set_column(places[CHECK] + 1, max(places.values()), HELPER_WIDTH, None, hidden)
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
        across = LINE_WIDTH + sum(map(width, roster.columns))
        if previous := book.round.previous:
            introduction = introduction.then("\n", book.texts.say("list_previous_lines", period=previous.period))
            across += CONFIRM_WIDTH
        book.put_across(sheet, INTRODUCTION, (places[LINE], places[CHECK] - 1), introduction, _INTRODUCTION)
        sheet.set_row(INTRODUCTION, row_height([Box(introduction.every, across, _INTRODUCTION.size, indent=1)], 22))

    def _identity(self) -> LiveText:
        round_, texts = self._book.round, self._book.texts
        edition = texts.wording("identity_edition", edition=round_.instrument.edition)
        return texts.join("  ·  ", named(self._book.respondent, texts), round_.title, edition)

    def _headings(self) -> None:
        book, sheet, places = self._book, self._sheet, self._layout.columns
        headings: dict[str, tuple[LiveText, float]] = {LINE: (book.texts.say("column_number"), LINE_WIDTH)}
        if self._layout.prefilled:
            headings[CONFIRM] = (book.texts.say("column_still_valid"), CONFIRM_WIDTH)
        for column in self._layout.roster.columns:
            headings[column.code] = (book.texts.add(column.label), width(column))
        headings[CHECK] = (book.texts.say("column_check"), CHECK_WIDTH)
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
                boxes.append(Box(guidance.every, width(column), _GUIDANCE.size, indent=1))
        sheet.set_row(GUIDANCE, row_height(boxes, 18))

    def _line(self, line: int) -> None:
        book, sheet, places = self._book, self._sheet, self._layout.columns
        row = self._layout.row(line)
        sheet.write_string(row, places[KEY], self._layout.key(line))
        sheet.write_string(row, places[LINE], self._layout.number(line), book.styles(_LINE))
        if self._layout.prefilled:
            self._last(line)
        for column in self._layout.roster.columns:
            sheet.write_blank(row, places[column.code], None, book.styles(_look(column)))
            validation = book.dropdowns.answer(as_field(column))
            if validation is not None:
                self._validations.add(row, places[column.code], validation)

    def _last(self, line: int) -> None:
        """What is there of a line only where there is a round before: the cell for the x, and one for what it said."""
        book, sheet, places, row = self._book, self._sheet, self._layout.columns, self._layout.row(line)
        sheet.write_blank(row, places[CONFIRM], None, book.styles(previous_columns.CONFIRM))
        self._validations.add(row, places[CONFIRM], book.dropdowns.still_valid())
        sheet.write_blank(row, places[LAST], None, book.styles(styles.HELPER))

    def _formulas(self) -> None:
        """Beside every line the same formulas, worded for the row they stand in."""
        sheet, layout, checks = self._sheet, self._layout, self._checks
        look = self._book.styles(_CHECK)
        for row in range(layout.first, layout.last + 1):
            for column in layout.roster.columns:
                if isinstance(column.type, CODED):
                    sheet.write_formula(row, layout.helpers[column.code], f"={checks.choice(column, row)}", None, "")
            said = checks.check(row)
            sheet.write_formula(row, layout.columns[CHECK], said.formula, look, said.cached)
            sheet.write_formula(row, layout.columns[CONTENT], f"={checks.content(row)}", None, checks.untouched)
            boxes = [Box(said.every, CHECK_WIDTH, _CHECK.size, bold=True, indent=1)]
            sheet.set_row(row, row_height(boxes, 30))

    def _set_up(self) -> None:
        book, sheet, layout = self._book, self._sheet, self._layout
        check, first = layout.columns[CHECK], layout.columns[layout.roster.columns[0].code]
        book.colour_by_sign(sheet, check, (layout.first, layout.last), check)
        if layout.prefilled:
            waiting = "=" + begins(f"${column_letter(check)}{layout.first + 1}", Sign.NOT_NEEDED)
            condition = {"type": "formula", "criteria": waiting, "format": book.styles.conditional(styles.MUTED)}
            sheet.conditional_format(layout.first, first, layout.last, check - 1, condition)
        sheet.protect("", PROTECTION)
        sheet.hide_gridlines(2)
        sheet.set_zoom(90)
        sheet.freeze_panes(FIRST_LINE, first)
        sheet.set_selection(layout.first, layout.columns[LINE] + 1, layout.first, layout.columns[LINE] + 1)
        sheet.repeat_rows(HEADINGS)
        whole = f"A1:{column_letter(max(layout.columns.values()))}{layout.last + 1}"
        sheet.ignore_errors(dict.fromkeys(("number_stored_as_text", "formula_differs", "formula_range"), whole))
        book.fit_for_print(sheet, landscape=True, last_column=check - 1)  # as with sections: checks are for the screen


def _look(column: RosterColumn) -> Look:
    return replace(answer_look(column.type), size=SIZE)
