"""Holds what the sheets of one workbook share while it is written, and how a live text gets into a cell."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from questionnaire.addresses import column_letter
from questionnaire.declaration.answer_types import Derived
from questionnaire.declaration.form import Indicator
from questionnaire.layout import CHECK, Column, Layout, ListSheet, Slot, TableSheet
from questionnaire.messages import in_language, say
from questionnaire.rounds.round import Respondent, Round
from questionnaire.rounds.slices import Slice
from questionnaire.workbook.formulas.checks import Sign
from questionnaire.workbook.formulas.remarks import Remarks
from questionnaire.workbook.formulas.rule_formulas import Formulas
from questionnaire.workbook.formulas.tally import OPEN, Area, Count, Tally, beginning, begins, tally
from questionnaire.workbook.looks import styles
from questionnaire.workbook.looks.pages import MARGINS
from questionnaire.workbook.looks.styles import Look, Styles
from questionnaire.workbook.placeholders import in_footer
from questionnaire.workbook.sheets.dropdowns import Dropdowns
from questionnaire.workbook.texts.codelist_sheet import ListAddresses
from questionnaire.workbook.texts.texts import CATALOGUE, LiveText, Texts

PROTECTION = {
    "format_cells": False,
    "format_columns": True,
    "format_rows": True,
    "select_locked_cells": True,
    "select_unlocked_cells": True,
}
"""What may be done on a protected sheet besides answering. There is no password: it keeps from mishaps only."""

A4 = 9


@dataclass(frozen=True)
class Book:
    """One workbook in the making: whose, in which words, in which looks; `part` is the slice it is limited to.

    `correct_by` is the last day to correct it, in a workbook that goes back. `entries` are the cells of the Cover that
    are filled in, by their names, `heights` those of the rows of sections, by their codes: as far as they are written.
    """

    workbook: Any
    round: Round
    respondent: Respondent
    layout: Layout
    identity: str
    tabs: Mapping[str, str]
    texts: Texts
    styles: Styles
    lists: ListAddresses
    formulas: Formulas
    remarks: Remarks
    dropdowns: Dropdowns
    part: Slice | None = None
    correct_by: dt.date | None = None
    entries: dict[str, str] = field(default_factory=dict)
    heights: dict[str, Mapping[int, float]] = field(default_factory=dict)
    _tallies: dict[str, Tally] = field(default_factory=dict)

    @property
    def language(self) -> str:
        return self.respondent.language

    def put(self, sheet: Any, row: int, column: int, text: LiveText, look: Look) -> None:
        """A live text into one cell."""
        sheet.write_formula(row, column, text.formula, self.styles(look), text.cached)

    def put_across(self, sheet: Any, row: int, columns: tuple[int, int], text: LiveText, look: Look) -> None:
        """A live text across several columns of one row, the first and the last given."""
        first, last = columns
        if last > first:
            sheet.merge_range(row, first, row, last, "", self.styles(look))
        self.put(sheet, row, first, text, look)

    def check(self, slot: Slot) -> LiveText:
        """What the check beside an answer says."""
        return self.remarks.on(slot)

    def colour_by_sign(self, sheet: Any, column: int, rows: tuple[int, int], last_column: int) -> None:
        """Colour cells by the sign that the text in `column` begins with; what is in order stays calm."""
        first, last = rows
        for sign, (ink, ground) in styles.COLOURS.items():
            look = self.styles.conditional(ink, ground if sign in OPEN else "")
            criteria = "=" + begins(f"${column_letter(column)}{first + 1}", sign)
            condition = {"type": "formula", "criteria": criteria, "format": look}
            sheet.conditional_format(first, column, last, last_column, condition)

    def link(self, sheet: Any, row: int, column: int, target: str) -> None:
        """Make a cell a link to an address of this workbook; call it before the cell is written."""
        # LibreOffice follows relative addresses only.
        tab, cell = target.rsplit("!", 1)
        sheet.write_url(row, column, f"internal:{tab}!{cell.replace('$', '')}", string="")

    def address(self, sheet: str, row: int, column: int) -> str:
        """An absolute address such as 'P…'!$D$12; rows and columns count from 0."""
        return f"{quoted(self.tabs[sheet])}!${column_letter(column)}${row + 1}"

    def _rows(self, slots: Sequence[Slot], column: Column) -> str:
        """The cells of one column from the first of some slots to the last."""
        letter, tab = column_letter(column), quoted(self.tabs[slots[0].sheet])
        return f"{tab}!${letter}${slots[0].row + 1}:${letter}${slots[-1].row + 1}"

    def tally(self, indicator: Indicator) -> Tally:
        """The counts of an indicator's block."""
        if indicator.code not in self._tallies:
            slots = self.slots_of(indicator)
            said = [self.check(slot).cached for slot in slots]
            runs = [tuple(run) for answered, run in groupby(slots, _is_answered) if answered]
            found = tally([*map(self._area, runs)], self._rows(slots, Column.CHECK), said)
            for table in self.layout.tables_of(indicator):
                whole = self.address(table.code, table.whole, table.columns[CHECK])
                points = (self.open_points(table, sign) for sign in (Sign.TO_DO, Sign.ERROR))
                found = found.with_table(whole, *points)
            self._tallies[indicator.code] = found
        return self._tallies[indicator.code]

    def open_points(self, sheet: ListSheet, sign: Sign) -> Count:
        """How many checks of a list or a table begin with a sign: of a table that nobody has touched, one is open."""
        check, is_table = sheet.columns[CHECK], isinstance(sheet, TableSheet)
        first = sheet.whole if isinstance(sheet, TableSheet) else sheet.first
        checks = f"{self.address(sheet.code, first, check)}:${column_letter(check)}${sheet.last + 1}"
        return Count(beginning(checks, sign), int(is_table and sign is Sign.TO_DO))

    def _area(self, slots: Sequence[Slot]) -> Area:
        return Area(*(self._rows(slots, column) for column in (Column.KEY, Column.CODE)))

    def slots_of(self, indicator: Indicator) -> tuple[Slot, ...]:
        """The slots of an indicator, top down."""
        return tuple(self.layout.slot(indicator.code, field.code) for field in indicator.fields)

    def fit_for_print(
        self, sheet: Any, *, landscape: bool, last_column: int, first_column: int = 1, across: int = 1
    ) -> None:
        """So many pages wide, on A4 as on Letter, and as many long as are needed."""
        if landscape:
            sheet.set_landscape()
        sheet.fit_to_pages(across, 0)
        self.set_up_print(sheet, first_column, last_column)

    def set_up_print(self, sheet: Any, first_column: int, last_column: int) -> None:
        """A4 that also suits Letter, counted in the footer; the columns from the first to the last one given."""
        sheet.set_paper(A4)
        sheet.set_margins(**MARGINS)
        sheet.center_horizontally()
        sheet.set_footer(self._footer(), {"margin": 0.2})
        sheet.print_area(0, first_column, sheet.dim_rowmax, last_column)

    def _footer(self) -> str:
        name = in_language(self.respondent.name, self.language) or self.respondent.code
        footer = say(
            CATALOGUE, "print_footer", self.language, respondent=name, round=self.round.name, page="\0", pages="\1"
        )
        return "&C&8" + in_footer(footer).replace("\0", "&P").replace("\1", "&N")


def _is_answered(slot: Slot) -> bool:
    """True for what somebody answers, not for what is computed."""
    return not isinstance(slot.field.type, Derived)


def quoted(tab: str) -> str:
    """A sheet's name as formulas write it."""
    return "'" + tab.replace("'", "''") + "'"
