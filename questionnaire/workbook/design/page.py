"""Lays out a page of the design workbook: title, explanations, heads, lines, and room for more lines below."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from questionnaire.addresses import column_letter
from questionnaire.design_sheets.plan import REMARK
from questionnaire.workbook.design.words import Words
from questionnaire.workbook.looks import styles
from questionnaire.workbook.looks.heights import Box, row_height
from questionnaire.workbook.looks.pages import MARGINS
from questionnaire.workbook.looks.styles import Styles

TITLE_ROW, MEANING_ROW, HEAD_ROW, FIRST_ROW = 0, 1, 2, 3
CHECK_COLUMN, FIRST_COLUMN = 0, 1
CHECK_WIDTH = 26
SPARE = 60
"""Empty lines below, which are checked too and take what is new."""
_A4 = 9
_TALLEST = 150
_LOOK = replace(styles.ENTRY_TEXT, size=10, valign="top")
_NUMBER = replace(_LOOK, number="0.######")
_STILL = replace(styles.CELL, ground=styles.PAPER, valign="top", number="@")
_CHECKED = replace(styles.CELL, ink=styles.CORRECT[0], bold=True, valign="top")
_MEANING = replace(styles.NOTE, ground=styles.PAPER)


@dataclass(frozen=True)
class Shown:
    """A column of a page: its head, what it means, its width; a `still` one is not edited here.

    What it means is said in the language of the page.
    """

    head: str
    meaning: str
    width: float
    still: bool = False
    is_number: bool = False


@dataclass(frozen=True)
class Page:
    """A sheet with its columns, of which the first `frozen` stay in sight, and the number of its lines."""

    sheet: Any
    name: str
    styles: Styles
    columns: Sequence[Shown]
    lines: int
    frozen: int
    words: Words

    @property
    def last_row(self) -> int:
        """The last line there is room for, from 0."""
        return FIRST_ROW + self.lines + SPARE - 1

    def area(self, column: int, sheet: bool = False) -> str:
        """The address of a column from its first line to the last; for formulas on other sheets with its name."""
        letter = column_letter(column)
        own = f"${letter}${FIRST_ROW + 1}:${letter}${self.last_row + 1}"
        return f"'{self.name}'!{own}" if sheet else own

    def head(self, title: str) -> None:
        """Title, explanations and heads; the page's widths, filter, frozen panes and print settings."""
        sheet = self.sheet
        sheet.write_string(TITLE_ROW, 0, self.name, self.styles(styles.TITLE))
        sheet.write_string(TITLE_ROW, FIRST_COLUMN, self.words(title), self.styles(styles.SUBTITLE))
        sheet.set_row(TITLE_ROW, 34)
        sheet.set_column(CHECK_COLUMN, CHECK_COLUMN, CHECK_WIDTH)
        sheet.write_string(MEANING_ROW, 0, self.words("what is missing or wrong in the line"), self.styles(_MEANING))
        sheet.write_string(HEAD_ROW, 0, REMARK, self.styles(styles.HEADING))
        for place, column in enumerate(self.columns, FIRST_COLUMN):
            sheet.set_column(place, place, column.width)
            sheet.write_string(MEANING_ROW, place, column.meaning, self.styles(_MEANING))
            sheet.write_string(HEAD_ROW, place, column.head, self.styles(styles.HEADING))
        sheet.set_row(MEANING_ROW, row_height([Box((one.meaning,), one.width, 9) for one in self.columns], 26))
        sheet.set_row(HEAD_ROW, 24)
        last = FIRST_COLUMN + len(self.columns) - 1
        sheet.freeze_panes(FIRST_ROW, FIRST_COLUMN + self.frozen)
        sheet.autofilter(HEAD_ROW, 0, self.last_row, last)
        sheet.hide_gridlines(2)
        fit_for_print(sheet, last, FIRST_ROW + max(self.lines, 1) - 1)

    def line(self, row: int, cells: Sequence[str], check: str, result: str = "") -> None:
        """One line, from 0: its cells, and the formula of its check with its result."""
        at = FIRST_ROW + row
        self.sheet.write_formula(at, CHECK_COLUMN, check, self.styles(_CHECKED), result)
        boxes = []
        for place, (column, text) in enumerate(zip(self.columns, cells, strict=True), FIRST_COLUMN):
            self._put(at, place, column, text)
            boxes.append(Box((text,), column.width, 10, indent=1))
        self.sheet.set_row(at, min(_TALLEST, row_height(boxes, 20)))

    def _put(self, row: int, place: int, column: Shown, text: str) -> None:
        look = self.styles(_STILL if column.still else _NUMBER if column.is_number else _LOOK)
        if not text:
            self.sheet.write_blank(row, place, None, look)
        elif column.is_number and (number := _number(text)) is not None:
            self.sheet.write_number(row, place, number, look)
        else:
            self.sheet.write_string(row, place, text, look)


def _number(text: str) -> float | None:
    """The number of a text that a cell shows just so."""
    try:
        number = float(text)
    except ValueError:
        return None
    return number if f"{number:.15g}" == text else None


def fit_for_print(sheet: Any, last_column: int, last_row: int) -> None:
    """On its side, as wide as the paper, the heads on every page."""
    sheet.set_paper(_A4)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.set_margins(**MARGINS)
    sheet.repeat_rows(TITLE_ROW, HEAD_ROW)
    sheet.print_area(0, 0, last_row, last_column)
    sheet.set_footer("&L&8&A&R&8&P / &N")


def note_of(meaning: str, head: str) -> Mapping[str, str]:
    """What a selected cell shows: the head and what it means, as short as programs take it."""
    return {"input_title": head[:32], "input_message": meaning[:255]}
