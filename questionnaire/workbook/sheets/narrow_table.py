"""Writes a table on the sheet of its section, below the questions about its indicator, in the columns of that sheet."""

from collections.abc import Mapping
from dataclasses import replace

from questionnaire.declaration.blocks import Field
from questionnaire.layout import IDENTITY, INTRODUCTION, TITLE, Column
from questionnaire.table_columns import previous_column
from questionnaire.workbook.looks import styles
from questionnaire.workbook.looks.heights import Box, row_height
from questionnaire.workbook.looks.list_columns import HELPER_WIDTH
from questionnaire.workbook.looks.section_pages import width, widths
from questionnaire.workbook.looks.styles import Look
from questionnaire.workbook.sheets.dropdowns import SheetValidations
from questionnaire.workbook.sheets.table_sheet import TableWriter

_TITLE = Look(size=11, bold=True, ink=styles.NAVY, valign="vcenter", indent=1)
_INTRODUCTION = Look(size=9.5, ink=styles.MUTED, valign="vcenter", indent=1)
_NARROW = 9.5
"""Points of the letters in the narrowest column."""

_NARROW_HEADING = replace(styles.CENTRED_HEADING, size=_NARROW)
_HIDDEN = 1
"""Points of the hidden row, which has a height like every other row of the section."""

_ACROSS = (Column.QUESTION, Column.CHECK)


class NarrowTableWriter(TableWriter):
    """Writes one table on the sheet of a section, which sets up the sheet as a whole."""

    def write_rows(self, validations: SheetValidations) -> Mapping[int, float]:
        """Everything of the table but what holds for the whole sheet; returns the heights of its rows."""
        self._validations = validations
        self._columns()
        self._head()
        self._headings()
        for line in range(1, self._table.block.most_lines + 1):
            self._line(line)
        self._formulas()
        return self._heights

    def _columns(self) -> None:
        """Hide the columns behind those of the section, and say in a hidden row what each column holds."""
        sheet, places, row = self._sheet, self._table.columns, self._table.top + IDENTITY
        sheet.set_column(Column.DIFFERENCE, max(places.values()), HELPER_WIDTH, None, {"hidden": True})
        for key, name in self._table.header_keys.items():
            sheet.write_string(row, places[name], key)
        self._set_height(row, _HIDDEN)
        sheet.set_row(row, _HIDDEN, None, {"hidden": True})

    def _head(self) -> None:
        book, sheet, block, top = self._book, self._sheet, self._table.block, self._table.top
        label, introduction = book.texts.add(block.label), self._introduction()
        across = sum(widths(book.layout, _ACROSS))
        for row, text, look in ((TITLE, label, _TITLE), (INTRODUCTION, introduction, _INTRODUCTION)):
            book.put_across(sheet, top + row, _ACROSS, text, look)
            self._set_height(top + row, row_height([Box(text.every, across, look.size, bold=look.bold, indent=1)], 22))

    def _heading_look(self, name: str) -> Look:
        return _NARROW_HEADING if self._table.columns[name] == Column.IF_NONE else styles.HEADING

    def _width(self, field: Field) -> float:
        return width(Column(self._table.columns[field.code]), self._book.layout)

    def _width_of_previous(self, code: str) -> float:
        return width(Column(self._table.columns[previous_column(code)]), self._book.layout)

    def _look(self, field: Field, look: Look) -> Look:
        # LibreOffice leaves out the indent of a number beside another one whose letters look the same.
        return replace(look, size=_NARROW) if self._table.columns[field.code] == Column.IF_NONE else look

    @property
    def _check_width(self) -> float:
        return width(Column.CHECK, self._book.layout)
