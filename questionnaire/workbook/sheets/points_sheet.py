"""Writes the first sheet of a workbook that goes back: each point with links to its cells; says what marks these."""

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from questionnaire.addresses import address
from questionnaire.cell_texts import beginning, is_one_unit_each
from questionnaire.messages import long_date
from questionnaire.sheet_names import COVER
from questionnaire.workbook.formulas.checks import Sign
from questionnaire.workbook.formulas.tally import begins
from questionnaire.workbook.looks import styles
from questionnaire.workbook.looks.heights import Box, row_height
from questionnaire.workbook.looks.styles import Look
from questionnaire.workbook.returned import Point, PointCell, Returned, Value
from questionnaire.workbook.sheets.book import PROTECTION, Book
from questionnaire.workbook.texts.texts import LiveText
from questionnaire.workbook.texts.wordings import named, same

_KEY, _NUMBER, _WHERE, _QUESTION, _TYPED = range(5)
_WIDTHS = {_KEY: 2, _NUMBER: 6, _WHERE: 16, _QUESTION: 72, _TYPED: 44}
_ACROSS = (_WHERE, _TYPED)
_TITLE_ROW, _WHO_ROW, _INTRO_ROW, _HEADINGS_ROW, _FIRST = 1, 2, 3, 5, 6
_QUOTED = 200
"""Units of UTF-16 of a text that are compared: a text in a formula may have no more than 255 (Excel counts these)."""

_INTRO = Look(size=11, valign="vcenter", indent=1)
_POINT = Look(size=11, bold=True, ground=styles.MIST, valign="vcenter", indent=1)
_CELL = replace(styles.CELL, valign="top")
_LINK = replace(styles.JUMP, valign="top")


def write_sample(book: Book, sheet: Any, by: dt.date) -> None:
    """Write such a sheet, so that the workbook has all its looks."""
    sample = Point("…", "", (PointCell(COVER, (0, 0), "1", "…"),))
    PointsWriter(replace(book, texts=book.texts.copy()), sheet, (sample,), by).write()
    mark(book)


def mark(book: Book) -> int:
    """The number of the look of cells that are marked."""
    number: int = book.styles.conditional(*styles.CORRECT, bold=True)._get_dxf_index()
    return number


def marked(returned: Returned) -> dict[str, dict[str, list[str]]]:
    """Under which conditions a cell is marked, by sheet and address: as long as it says what it said."""
    found: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for cell in dict.fromkeys(cell for point in returned.points for cell in point.cells):
        condition = _unchanged(cell, returned.cells.get(cell.sheet, {}).get(cell.at))
        if cell.check:
            is_open = f"NOT({begins(address(*cell.check), Sign.OK)})"
            condition = is_open if cell.is_computed or cell.is_count else f"AND({condition},{is_open})"
        found[cell.sheet][address(*cell.at)].append(condition)
    return found


class PointsWriter:
    """Writes the points of what was returned, to be corrected by a day."""

    def __init__(self, book: Book, sheet: Any, points: Sequence[Point], by: dt.date) -> None:
        self._book, self._sheet, self._points, self._by = book, sheet, points, by

    def write(self) -> None:
        """The whole sheet."""
        self._head()
        row = _FIRST
        for number, point in enumerate(self._points, 1):
            row = self._point(row, number, point)
        self._set_up()

    def _head(self) -> None:
        book, texts, round_ = self._book, self._book.texts, self._book.round
        for column, width in _WIDTHS.items():
            self._sheet.set_column(column, column, width, None, {"hidden": column == _KEY})
        # The identity vouches for the sheet: what stands on it is no answer.
        self._sheet.write_string(0, _KEY, book.identity)
        book.put(self._sheet, _TITLE_ROW, _NUMBER, texts.say("points_title"), styles.TITLE)
        self._sheet.set_row(_TITLE_ROW, 34)
        part = book.part.title if book.part else {}
        book.put(
            self._sheet, _WHO_ROW, _NUMBER, texts.join("  ·  ", named(book.respondent, texts), part, round_.title),
            styles.SUBTITLE,
        )  # fmt: skip
        contact = f"{round_.contact_name}, {round_.contact_email}"
        by = {language: long_date(self._by, language) for language in texts.languages}
        intro = texts.say("points_intro", count=len(self._points), by=by, contact=contact)
        book.put_across(self._sheet, _INTRO_ROW, (_NUMBER, _TYPED), intro, _INTRO)
        self._height(_INTRO_ROW, Box(intro.every, sum(_WIDTHS.values()), _INTRO.size, indent=1))
        keys = ("points_number", "points_where", "column_question", "points_typed")
        for column, key in enumerate(keys, _NUMBER):
            book.put(self._sheet, _HEADINGS_ROW, column, texts.say(key), styles.HEADING)
        self._sheet.set_row(_HEADINGS_ROW, 26)

    def _point(self, row: int, number: int, point: Point) -> int:
        """One point and the cells it is about; returns the row below."""
        book, texts = self._book, self._book.texts
        self._sheet.write_number(row, _NUMBER, number, book.styles(_POINT))
        said = self._same(" ".join(filter(None, (point.message, point.remedy))))
        if point.place:
            said = said.then("\n", self._same(point.place))
        if len(point.cells) > 1:
            said = said.then("  ", texts.say("points_count", count=len(point.cells)))
        book.put_across(self._sheet, row, _ACROSS, said, _POINT)
        width = sum(_WIDTHS[column] for column in range(_ACROSS[0], _ACROSS[1] + 1))
        self._height(row, Box(said.every, width, _POINT.size, bold=True, indent=1))
        for cell in point.cells:
            row += 1
            self._cell(row, cell)
        return row + 1

    def _cell(self, row: int, cell: PointCell) -> None:
        book = self._book
        book.link(self._sheet, row, _WHERE, book.address(cell.sheet, *cell.at))
        book.put(self._sheet, row, _WHERE, self._same(f"{cell.number} → {address(*cell.at)}"), _LINK)
        question = self._same(cell.question)
        book.put(self._sheet, row, _QUESTION, question, _CELL)
        if cell.is_computed:
            shown = book.texts.say("points_computed", number=cell.typed or "–")
        else:
            shown = self._same(cell.typed) if cell.typed else book.texts.say("points_blank")
        book.put(self._sheet, row, _TYPED, shown, _CELL)
        boxes = (Box(question.every, _WIDTHS[_QUESTION], 10, indent=1), Box(shown.every, _WIDTHS[_TYPED], 10, indent=1))
        self._height(row, *boxes)

    def _same(self, text: str) -> LiveText:
        return self._book.texts.add(same(text, self._book.texts))

    def _height(self, row: int, *boxes: Box) -> None:
        self._sheet.set_row(row, row_height(boxes, 22))

    def _set_up(self) -> None:
        self._sheet.set_tab_color(styles.CORRECT[0])
        self._sheet.protect("", PROTECTION)
        self._sheet.hide_gridlines(2)
        self._sheet.freeze_panes(_FIRST, 0)
        self._sheet.set_first_sheet()
        self._sheet.activate()
        self._sheet.set_selection(_FIRST, _WHERE, _FIRST, _WHERE)
        self._sheet.repeat_rows(_HEADINGS_ROW)
        self._book.fit_for_print(self._sheet, landscape=True, last_column=_TYPED)


def _unchanged(cell: PointCell, value: Value | None) -> str:
    """The condition that a cell still says what it said when it came."""
    where = address(*cell.at)
    match value:
        case None if cell.is_count:
            return f"{where}=0"
        case None:
            return f"LEN({where})=0"
        case str():
            compared = beginning(value, _QUOTED)
            quoted = '"{}"'.format(compared.replace('"', '""'))
            # Of an emoji Excel counts two characters and LibreOffice one: each has to count by itself.
            length = len(compared) if is_one_unit_each(compared) else f"LEN({quoted})"
            return f'EXACT(LEFT({where}&"",{length}),{quoted})'
        case _:
            return f"AND(ISNUMBER({where}),{where}={value!r})"
