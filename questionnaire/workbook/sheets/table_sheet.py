"""Writes the sheet of one table: its lines printed, a cell for each number or its absence, the check beside them."""

from collections.abc import Iterator
from dataclasses import replace
from functools import cached_property
from typing import Any

from questionnaire.addresses import column_letter
from questionnaire.declaration.answer_types import SingleChoice
from questionnaire.declaration.blocks import Field, Question
from questionnaire.layout import (
    CHECK,
    FIRST_LINE,
    GUIDANCE,
    KEY,
    LINE,
    LIST_HEADINGS,
    REASON,
    REASON_SAID,
    Column,
    TableSheet,
)
from questionnaire.messages import in_language
from questionnaire.table_columns import code_column, fault_column, number_column, previous_column
from questionnaire.workbook.formulas.cell_formulas import beside
from questionnaire.workbook.formulas.table_checks import NOT_ASKED, TableChecks
from questionnaire.workbook.looks import styles
from questionnaire.workbook.looks.heights import Box, row_height
from questionnaire.workbook.looks.list_columns import (
    LINE_WIDTH,
    REASON_WIDTH,
    SIZE,
    table_check_width,
    table_width,
)
from questionnaire.workbook.looks.styles import Look
from questionnaire.workbook.sheets.book import PROTECTION, Book
from questionnaire.workbook.sheets.list_sheet import CHECK_LOOK, GUIDANCE_LOOK, LINE_LOOK, ListWriter, look_of
from questionnaire.workbook.texts.texts import LiveText

_LABEL = Look(size=10, ink=styles.BLACK, ruled=True, valign="vcenter", indent=1)
_TOTAL = replace(_LABEL, bold=True, ground=styles.HAZE)
_WHOLE = replace(_LABEL, italic=True, ink=styles.MUTED, ground=styles.MIST, wrap=False)
_CLOSED = Look(hatched=True, ruled=True)
_PREVIOUS = Look(size=10, ink=styles.MUTED, ground=styles.PAPER, ruled=True, valign="vcenter", wrap=False, indent=1)
_LEAST = 22
"""Points that a line is tall at least."""

_REASON = replace(styles.ENTRY, size=9.5, indent=1)


class TableWriter(ListWriter):
    """Writes one table's sheet."""

    def __init__(self, book: Book, sheet: Any, layout: TableSheet) -> None:
        super().__init__(book, sheet, layout)
        self._table = layout
        self._checks = self._table_checks = TableChecks(layout, book.formulas, book.remarks, book.texts)

    @property
    def _first_open(self) -> int:
        return self._table.columns[next(iter(self._table.block.measured))]

    def _columns(self) -> None:
        super()._columns()
        places = self._table.columns
        self._sheet.set_column(places[REASON], places[REASON], REASON_WIDTH)
        for code in self._table.previous:
            at = places[previous_column(code)]
            self._sheet.set_column(at, at, self._width_of_previous(code))

    def _widths(self) -> list[float]:
        previous = (self._width(self._table.block.field(code)) for code in self._table.previous)
        return [*super()._widths(), REASON_WIDTH, *previous]

    @cached_property
    def _check_width(self) -> float:
        return table_check_width([LINE_WIDTH, *map(self._width, self._table.block.fields), REASON_WIDTH])

    def _width(self, field: Field) -> float:
        return table_width(self._table.block, field)

    def _width_of_previous(self, code: str) -> float:
        return self._width(self._table.block.field(code))

    def _introduction(self) -> LiveText:
        texts, missing = self._book.texts, self._book.layout.instrument.missing
        every = {
            language: "  ·  ".join(code.with_short(language, in_language(code.label, language)) for code in missing)
            for language in texts.languages
        }
        how, previous = texts.say("table_how", reasons=every), self._book.round.previous
        if self._table.previous and previous is not None:
            how = how.then(" ", texts.say("table_previous_how", period=previous.period))
        return super()._introduction().then("\n", how) if any(self._table.block.help.values()) else how

    def _headings(self) -> None:
        super()._headings()
        heading = self._book.texts.say("column_if_none")
        at, top = self._table.columns[REASON], self._table.top
        self._book.put(self._sheet, top + LIST_HEADINGS, at, heading, self._heading_look(REASON))
        self._sheet.write_blank(top + GUIDANCE, at, None, self._book.styles(GUIDANCE_LOOK))
        for code in self._table.previous:
            self._heading_of_previous(code)

    def _guidance(self, question: Question) -> LiveText | None:
        """The same; where the unit of the table is chosen, the one that is or, before one is, where to choose it."""
        guidance = super()._guidance(question)
        if not question.unit_in:
            return guidance
        book = self._book
        slot = book.layout.slot(self._table.block.indicator, question.unit_in)
        assert isinstance(slot.field.type, SingleChoice), "a unit is chosen"
        units, chosen = slot.field.type.codelist, book.address(slot.sheet, slot.row, Column.CODE)
        every = [
            max((book.texts.add(code.label).every[n] for code in units), key=len)
            for n in range(len(book.texts.languages))
        ]
        label = LiveText(book.dropdowns.lists.label_of(units, chosen), "", tuple(every))
        said = book.texts.say("table_choose_unit", number=slot.number).where(f'{chosen}=""', label)
        return said if guidance is None else said.then("\n", guidance)

    def _heading_of_previous(self, code: str) -> None:
        """The heading of a column again, with the period that its numbers were given in."""
        book, previous, at = self._book, self._book.round.previous, self._table.columns[previous_column(code)]
        assert previous is not None, "only a round with a previous one shows its numbers"
        top, label = self._table.top, book.texts.add(self._table.block.field(code).label)
        book.put(self._sheet, top + LIST_HEADINGS, at, label, styles.HEADING)
        said = book.texts.say("table_previous", period=previous.period)
        book.put(self._sheet, top + GUIDANCE, at, said, GUIDANCE_LOOK)
        wide = self._width_of_previous(code)
        for row, text, look in ((LIST_HEADINGS, label, styles.HEADING), (GUIDANCE, said, GUIDANCE_LOOK)):
            box = Box(text.every, wide, look.size, bold=look.bold, indent=1)
            self._set_height(top + row, row_height([box], self._heights[top + row]))

    def _line(self, line: int) -> None:
        """The codes and labels of a line, its cells, and the cell for a reason that holds for all of it."""
        book, sheet, layout, places = self._book, self._sheet, self._table, self._table.columns
        row, block, at = layout.row(line), layout.block, layout.block.coordinates(line)
        is_total = any(at[dimension.name] == dimension.total for dimension in block.dimensions)
        sheet.write_string(row, places[KEY], layout.key(line))
        sheet.write_string(row, places[LINE], layout.number(line), book.styles(LINE_LOOK))
        for dimension in block.dimensions:
            code = at[dimension.name]
            sheet.write_string(row, places[code_column(dimension.name)], code)
            if (rank := dimension.codelist[code].rank) is not None:
                sheet.write_number(row, places[number_column(dimension.name)], rank)
            label = book.texts.add(dimension.codelist[code].label)
            book.put(sheet, row, places[dimension.name], label, _TOTAL if is_total else _LABEL)
        for column in block.measured:
            field, asked = block.field(column), block.occurs(line, column)
            if asked and not block.is_typed(line, column):
                continue  # its formula is written with those beside it
            look = self._look(field, look_of(field)) if asked else _CLOSED
            sheet.write_blank(row, places[column], None, book.styles(replace(look, bold=is_total)))
            if asked and (validation := book.dropdowns.in_table(field)) is not None:
                self._validations.add(row, places[column], validation)
        for column in layout.previous:
            scalar = block.field(column).type
            look = replace(_PREVIOUS, number=scalar.number_format, align=scalar.traits.align)
            sheet.write_blank(row, places[previous_column(column)], None, book.styles(look))
        if block.cells(line) and not block.is_computed(line):
            self._reason(row)
        else:
            sheet.write_blank(row, places[REASON], None, book.styles(_CLOSED))

    def _reason(self, row: int) -> None:
        self._sheet.write_blank(row, self._table.columns[REASON], None, self._book.styles(_REASON))
        self._validations.add(row, self._table.columns[REASON], self._book.dropdowns.if_none())

    def _formulas(self) -> None:
        """The row of the whole table; beside every line what its cells are taken for, and the check."""
        self._whole()
        sheet, layout, places, look = self._sheet, self._table, self._table.columns, self._book.styles(CHECK_LOOK)
        lines = [line for line in range(1, layout.block.most_lines + 1) if layout.block.cells(line)]
        first = next(line for line in lines if not layout.block.is_computed(line))
        computed = next((line for line in lines if layout.block.is_computed(line)), first)
        for slot in (*layout.asked(first), *layout.asked(computed)):
            self._table_checks.fault(slot)
        boxes = [Box(self._checks.check(first).every, self._check_width, CHECK_LOOK.size, indent=1), *self._labels()]
        height = row_height(boxes, _LEAST)
        for line in range(1, layout.block.most_lines + 1):
            row = layout.row(line)
            self._set_height(row, height)
            if not layout.block.cells(line):
                sheet.write_blank(row, places[CHECK], None, look)
                continue
            if layout.block.is_computed(line):
                sheet.write_formula(row, places[REASON_SAID], f'="{NOT_ASKED}"', None, NOT_ASKED)
            else:
                own, whole = (beside(f"${column_letter(places[REASON])}${at + 1}") for at in (row, layout.whole))
                sheet.write_formula(row, places[REASON_SAID], f'=IF({own}="",{whole},{own})', None, "")
            for slot in layout.asked(line):
                self._taken_for(slot)
                at = places[fault_column(slot.field.code)]
                first = 0 if slot.is_computed else self._table_checks.of_blank
                sheet.write_formula(row, at, f"={self._table_checks.fault(slot)}", None, first)
            said = self._checks.check(line)
            sheet.write_formula(row, places[CHECK], said.formula, look, said.cached)

    def _whole(self) -> None:
        """The row above the lines: what is open in the table, and one reason for all of it."""
        book, sheet, places, row = self._book, self._sheet, self._table.columns, self._table.whole
        said = self._table_checks.whole()
        sheet.write_formula(row, places[CHECK], said.formula, book.styles(CHECK_LOOK), said.cached)
        sheet.write_string(row, places[KEY], self._table.key(0))
        sheet.write_string(row, places[LINE], self._table.number(0), book.styles(_WHOLE))
        for field in self._table.block.fields:
            sheet.write_blank(row, places[field.code], None, book.styles(_WHOLE))
        book.put(sheet, row, places[self._table.block.fields[0].code], book.texts.say("table_whole"), _WHOLE)
        self._reason(row)
        self._set_height(row, row_height([Box(said.every, self._check_width, CHECK_LOOK.size, indent=1)], _LEAST))

    def _labels(self) -> Iterator[Box]:
        """What is printed on the lines."""
        for dimension in self._table.block.dimensions:
            labels = tuple(text for code in dimension.codelist for text in code.label.values())
            yield Box(labels, self._width(self._table.block.field(dimension.name)), SIZE, bold=True, indent=1)

    def _set_up(self) -> None:
        book, sheet, layout = self._book, self._sheet, self._table
        check, first = layout.columns[CHECK], self._first_open
        book.colour_by_sign(sheet, check, (layout.whole, layout.last), check)
        sheet.protect("", PROTECTION)
        sheet.hide_gridlines(2)
        sheet.freeze_panes(FIRST_LINE, first)
        sheet.set_selection(layout.first, first, layout.first, first)
        sheet.repeat_rows(LIST_HEADINGS)
        whole = f"A1:{column_letter(max(layout.columns.values()))}{layout.last + 1}"
        sheet.ignore_errors(dict.fromkeys(("number_stored_as_text", "formula_differs", "formula_range"), whole))
        self._set_up_print()
