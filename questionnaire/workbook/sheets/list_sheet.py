"""Writes the sheet of one list: a line per row, exactly where the layout puts them."""

from dataclasses import replace
from typing import Any

from questionnaire.addresses import column_letter
from questionnaire.declaration.answer_types import Numeric
from questionnaire.declaration.blocks import Field, Question
from questionnaire.layout import (
    CHECK,
    CONFIRM,
    CONTENT,
    FIRST_LINE,
    GUIDANCE,
    HEADER_KEYS,
    IDENTITY,
    INTRODUCTION,
    KEY,
    LINE,
    LIST_HEADINGS,
    PREVIOUS,
    TITLE,
    Column,
    ListSheet,
    Slot,
)
from questionnaire.rules.answer_cells import VALUED
from questionnaire.sheet_names import OVERVIEW
from questionnaire.workbook.formulas.cell_formulas import result
from questionnaire.workbook.formulas.checks import Sign
from questionnaire.workbook.formulas.line_checks import LineChecks
from questionnaire.workbook.formulas.tally import begins
from questionnaire.workbook.looks import styles
from questionnaire.workbook.looks.heights import Box, columns_for, row_height
from questionnaire.workbook.looks.list_columns import (
    CHECK_WIDTH,
    CONFIRM_WIDTH,
    HELPER_WIDTH,
    LINE_WIDTH,
    SCREEN,
    SIZE,
    width,
)
from questionnaire.workbook.looks.pages import pages_across
from questionnaire.workbook.looks.styles import Look
from questionnaire.workbook.sheets import previous_columns
from questionnaire.workbook.sheets.book import PROTECTION, Book
from questionnaire.workbook.sheets.dropdowns import SheetValidations
from questionnaire.workbook.sheets.section_sheet import answer_look, result_look, untouched_number
from questionnaire.workbook.texts.texts import LiveText
from questionnaire.workbook.texts.wordings import named

_INTRODUCTION = Look(size=10, ink=styles.BLACK, ground=styles.PAPER, valign="vcenter", indent=1)
GUIDANCE_LOOK = Look(size=10, ink=styles.MUTED, ground=styles.MIST, valign="top", indent=1)
LINE_LOOK = Look(size=10, ink=styles.MUTED, ruled=True, valign="vcenter", wrap=False, indent=1)
CHECK_LOOK = Look(size=9.5, ruled=True, valign="vcenter", indent=1)
_LINK = replace(styles.JUMP, ruled=False, wrap=False, indent=0)


class ListWriter:
    """Writes one list's sheet."""

    def __init__(self, book: Book, sheet: Any, layout: ListSheet) -> None:
        self._book, self._sheet, self._layout = book, sheet, layout
        self._checks = LineChecks(layout, book.formulas, book.remarks, book.texts)
        self._validations = SheetValidations()
        self._heights: dict[int, float] = {}

    def write(self) -> None:
        """Everything of the sheet: contents, validations, conditional formats, set-up."""
        self._columns()
        self._head()
        self._headings()
        for line in range(1, self._layout.block.most_lines + 1):
            self._line(line)
        self._formulas()
        self._validations.write(self._sheet)
        self._set_up()

    def _columns(self) -> None:
        sheet, places, hidden = self._sheet, self._layout.columns, {"hidden": True}
        sheet.set_column(places[CHECK], places[CHECK], self._check_width)
        sheet.set_column(places[LINE], places[LINE], LINE_WIDTH)
        if self._layout.prefilled:
            sheet.set_column(places[CONFIRM], places[CONFIRM], CONFIRM_WIDTH)
        for field in self._layout.block.fields:
            sheet.set_column(places[field.code], places[field.code], self._width(field))
        sheet.set_column(places[KEY], max(places.values()), HELPER_WIDTH, None, hidden)
        for key, name in self._layout.header_keys.items():
            sheet.write_string(HEADER_KEYS, places[name], key)
        sheet.set_row(HEADER_KEYS, None, None, hidden)

    def _head(self) -> None:
        book, sheet, places, block = self._book, self._sheet, self._layout.columns, self._layout.block
        first = places[CHECK]
        book.put(sheet, TITLE, first, book.texts.add(block.label), styles.TITLE)
        sheet.set_row(TITLE, 34)
        self._links()
        sheet.write_string(IDENTITY, places[KEY], book.identity)
        book.put(sheet, IDENTITY, first, self._identity(), styles.SUBTITLE)
        sheet.set_row(IDENTITY, 18)
        introduction = self._introduction()
        seen, across = self._in_sight()
        book.put_across(sheet, INTRODUCTION, (first, seen), introduction, _INTRODUCTION)
        self._set_height(INTRODUCTION, row_height([Box(introduction.every, across, _INTRODUCTION.size, indent=1)], 22))

    def _introduction(self) -> LiveText:
        """What to do on this sheet."""
        introduction = self._book.texts.add(self._layout.block.help)
        if self._layout.prefilled and (previous := self._book.round.previous):
            said = self._book.texts.say("list_previous_lines", period=previous.period)
            introduction = introduction.then("\n", said)
        return introduction

    def _links(self) -> None:
        """Back to the overview, and to the head of every indicator that lines count for: beside the title, in sight."""
        book, sheet, layout = self._book, self._sheet, self._book.layout
        back = book.texts.say("back_to_overview")
        at, behind = self._link_places(columns_for(back.every, _LINK.size, whole=True))
        book.link(sheet, TITLE, at, book.address(OVERVIEW, 1, 1))
        book.put(sheet, TITLE, at, back, _LINK)
        heads = {
            row.indicator.code: (section.code, row.row) for section in layout.sheets for row in reversed(section.rows)
        }
        for column, code in enumerate(self._layout.block.indicators[: self._last + 1 - behind], behind):
            book.link(sheet, TITLE, column, book.address(*heads[code], Column.NUMBER))
            sheet.write_string(TITLE, column, code, book.styles(_LINK))

    def _link_places(self, wide: float) -> tuple[int, int]:
        """The column of the link back, whose text stands over as many as it needs, and the first one behind it.

        In a narrow table it begins further to the left, so that something is left for the links to indicators.
        """
        columns = self._layout.columns
        for first in (self._first_open, columns[LINE] + 1):
            room = self._widths()[first - columns[CHECK] :]
            behind = next((n for n in range(1, len(room)) if sum(room[:n]) >= wide), 0)
            if behind:
                return first, first + behind
        return columns[LINE] + 1, self._last

    def _in_sight(self) -> tuple[int, float]:
        """The last column that a small screen shows at once, and the width in digits up to there."""
        seen: list[float] = []
        for wide in self._widths():
            if sum(seen) + wide > SCREEN:
                break
            seen.append(wide)
        return len(seen) - 1, sum(seen)

    def _widths(self) -> list[float]:
        """The widths in digits of the columns that a person sees."""
        before = [self._check_width, LINE_WIDTH, *((CONFIRM_WIDTH,) if self._layout.prefilled else ())]
        return [*before, *map(self._width, self._layout.block.fields)]

    @property
    def _check_width(self) -> float:
        return CHECK_WIDTH

    def _width(self, field: Field) -> float:
        """The width of the column of a field."""
        return width(field)

    @property
    def _first_open(self) -> int:
        """The first column that a person fills in."""
        return self._layout.columns[self._layout.block.fields[0].code]

    @property
    def _last(self) -> int:
        """The last column that a person sees."""
        return self._layout.columns[KEY] - 1

    def _identity(self) -> LiveText:
        round_, texts = self._book.round, self._book.texts
        edition = texts.wording("identity_edition", edition=round_.instrument.edition)
        return texts.join("  ·  ", named(self._book.respondent, texts), round_.title, edition)

    def _headings(self) -> None:
        book, sheet, places = self._book, self._sheet, self._layout.columns
        headings: dict[str, tuple[LiveText, float]] = {CHECK: (book.texts.say("column_check"), self._check_width)}
        headings[LINE] = (book.texts.say("column_number"), LINE_WIDTH)
        if self._layout.prefilled:
            headings[CONFIRM] = (book.texts.say("column_still_valid"), CONFIRM_WIDTH)
        for field in self._layout.block.fields:
            headings[field.code] = (book.texts.add(field.label), self._width(field))
        for name, (heading, _) in headings.items():
            book.put(sheet, self._layout.top + LIST_HEADINGS, places[name], heading, self._heading_look(name))
            sheet.write_blank(self._layout.top + GUIDANCE, places[name], None, book.styles(GUIDANCE_LOOK))
        boxes = [Box(heading.every, wide, 10, bold=True, indent=1) for heading, wide in headings.values()]
        self._set_height(self._layout.top + LIST_HEADINGS, row_height(boxes, 26))
        boxes = []
        for question in self._layout.block.questions:
            if (guidance := self._guidance(question)) is not None:
                book.put(sheet, self._layout.top + GUIDANCE, places[question.code], guidance, GUIDANCE_LOOK)
                boxes.append(Box(guidance.every, self._width(question.fields[0]), GUIDANCE_LOOK.size, indent=1))
        self._set_height(self._layout.top + GUIDANCE, row_height(boxes, 18))

    def _heading_look(self, name: str) -> Look:  # noqa: ARG002
        """How the heading of a column looks."""
        return styles.HEADING

    def _set_height(self, row: int, height: float) -> None:
        self._heights[row] = height
        self._sheet.set_row(row, height)

    def _guidance(self, question: Question) -> LiveText | None:
        """The unit and the help of a column, which stand below its heading; None where it has neither."""
        unit = question.fields[0].unit
        has_any = any((*unit.values(), *question.help.values()))
        return self._book.texts.join("\n", unit, question.help) if has_any else None

    def _line(self, line: int) -> None:
        book, sheet, places = self._book, self._sheet, self._layout.columns
        row = self._layout.row(line)
        sheet.write_string(row, places[KEY], self._layout.key(line))
        sheet.write_string(row, places[LINE], self._layout.number(line), book.styles(LINE_LOOK))
        if self._layout.prefilled:
            self._previous(line)
        for field in self._layout.block.fields:
            sheet.write_blank(row, places[field.code], None, book.styles(look_of(field)))
            validation = book.dropdowns.answer(field)
            if validation is not None:
                self._validations.add(row, places[field.code], validation)

    def _previous(self, line: int) -> None:
        """What a line has only where there is a previous round: the cell for the x, and one for what it said then."""
        book, sheet, places, row = self._book, self._sheet, self._layout.columns, self._layout.row(line)
        sheet.write_blank(row, places[CONFIRM], None, book.styles(previous_columns.CONFIRM))
        self._validations.add(row, places[CONFIRM], book.dropdowns.still_valid())
        sheet.write_blank(row, places[PREVIOUS], None, book.styles(styles.HELPER))

    def _formulas(self) -> None:
        """Beside every line: what each of its cells is taken for, the check, and all that the line says."""
        sheet, layout, checks, look = self._sheet, self._layout, self._checks, self._book.styles(CHECK_LOOK)
        height = row_height([Box(checks.check(1).every, CHECK_WIDTH, CHECK_LOOK.size, indent=1)], 30)
        for line in range(1, layout.block.most_lines + 1):
            row = layout.row(line)
            for slot in layout.slots(line):
                self._taken_for(slot)
            said = checks.check(line)
            sheet.write_formula(row, layout.columns[CHECK], said.formula, look, said.cached)
            sheet.write_formula(row, layout.columns[CONTENT], f"={checks.content(line)}", None, checks.untouched)
            sheet.set_row(row, height)

    def _look(self, field: Field, look: Look) -> Look:  # noqa: ARG002
        """How the cells of a column look, which look like this elsewhere."""
        return look

    def _taken_for(self, slot: Slot) -> None:
        """What a cell is taken for; the result, where nobody fills it in."""
        sheet, formulas, code = self._sheet, self._book.formulas, ""
        first: float | str = untouched_number(slot)
        if slot.is_computed:
            first = self._book.remarks.first_result(slot)
            code = VALUED if first != "" else ""
            shown = self._book.styles(self._look(slot.field, replace(result_look(slot.field.type), size=SIZE)))
            sheet.write_formula(slot.row, slot.columns[Column.ANSWER], f"={result(slot)}", shown, first)
        sheet.write_formula(slot.row, slot.columns[Column.CODE], f"={formulas.code(slot)}", None, code)
        if number := formulas.numeric(slot):
            sheet.write_formula(slot.row, slot.columns[Column.NUMERIC], f"={number}", None, first)

    def _set_up(self) -> None:
        book, sheet, layout = self._book, self._sheet, self._layout
        check, first = layout.columns[CHECK], layout.columns[layout.block.fields[0].code]
        book.colour_by_sign(sheet, check, (layout.first, layout.last), check)
        if layout.prefilled:
            waiting = "=" + begins(f"${column_letter(check)}{layout.first + 1}", Sign.NOT_NEEDED)
            condition = {"type": "formula", "criteria": waiting, "format": book.styles.conditional(styles.MUTED)}
            sheet.conditional_format(layout.first, first, layout.last, self._last, condition)
        sheet.protect("", PROTECTION)
        sheet.hide_gridlines(2)
        sheet.freeze_panes(FIRST_LINE, first)
        sheet.set_selection(layout.first, layout.columns[LINE] + 1, layout.first, layout.columns[LINE] + 1)
        sheet.repeat_rows(LIST_HEADINGS)
        whole = f"A1:{column_letter(max(layout.columns.values()))}{layout.last + 1}"
        sheet.ignore_errors(dict.fromkeys(("number_stored_as_text", "formula_differs", "formula_range"), whole))
        self._set_up_print()

    def _set_up_print(self) -> None:
        """As many pages side by side as letters need that can be read; what the lines are stands on each."""
        check, repeated = self._layout.columns[CHECK], self._first_open - self._layout.columns[CHECK]
        across = pages_across(self._widths(), repeated, CHECK_LOOK.size)
        if across > 1:
            self._sheet.repeat_columns(check, self._first_open - 1)
        self._book.fit_for_print(self._sheet, landscape=True, first_column=check, last_column=self._last, across=across)


def look_of(field: Field) -> Look:
    """How the cell of a field looks.

    LibreOffice leaves out the indent of a number whose text may be broken, beside another one of the same look.
    """
    return replace(answer_look(field.type), size=SIZE, wrap=not isinstance(field.type, Numeric))
