"""Makes the workbooks that go back to their respondents: today's questionnaire, signed, with the answers in place.

As questionnaires are made: one is written for nobody in particular, with places for what a return says.
"""

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import replace
from itertools import groupby

from questionnaire.addresses import address
from questionnaire.layout import Column, Layout, SectionSheet, TableSheet
from questionnaire.rounds.round import Respondent, Round
from questionnaire.rounds.slices import Slice
from questionnaire.sheet_names import COVER, POINTS, TEXTS_SHEET
from questionnaire.workbook import placeholders
from questionnaire.workbook.looks import styles
from questionnaire.workbook.looks.heights import Box, row_height
from questionnaire.workbook.looks.section_pages import width
from questionnaire.workbook.package import Pieces, Place
from questionnaire.workbook.prefill.prefilled_sheet import Content, PrefilledSheet, cell, cut
from questionnaire.workbook.prefill.previous_heights import Heights
from questionnaire.workbook.prefill.previous_round import previous_round
from questionnaire.workbook.returned import At, Returned, Value
from questionnaire.workbook.sheets.points_sheet import PointsWriter, mark, marked
from questionnaire.workbook.template import Template, blank_for_nobody
from questionnaire.workbook.texts.texts import OFFICIAL_NAME, TEXTS_NAME, Texts
from questionnaire.workbook.worksheet import sheet_apart

_WORKBOOK, _PROPERTIES = "xl/workbook.xml", "docProps/core.xml"

_WHOLE, _LAST_POINT, _LAST_TEXT, _MORE_TEXTS, _SAVED = "whole", "last point", "last text", "more texts", "saved"
"""What places are called: all of the sheet of points, its last row; the last text, further texts; when it was saved."""

_PLACES = {
    _LAST_POINT: re.compile(r'<definedName name="_xlnm\.Print_Area" localSheetId="0">[^<]*\$(\d+)<'),
    _LAST_TEXT: re.compile(
        rf'(?:<definedName name="(?:{TEXTS_NAME}|{OFFICIAL_NAME})">|<dimension ref=")[^<"]*?(\d+)[<"]'
    ),
    _MORE_TEXTS: re.compile("()</sheetData>"),
    _SAVED: re.compile(">([^<]*)</dcterms:"),
}


class CorrectedWorkbooks:
    """The workbooks of a round, or of one slice of it, in a language, that are to be corrected by the same day.

    What was answered in the previous round stands beside questions and in tables again. The lines of its lists do not:
    in their cells stand the lines of the return.
    """

    def __init__(self, round_: Round, language: str, layout: Layout, part: Slice | None, by: dt.date) -> None:
        """`layout` is that of the whole round."""
        self._layout, self._round, self._by = layout.part(part.indicators) if part else layout, round_, by
        blank = blank_for_nobody(round_, language, self._layout, part, by)
        answered = [section.code for section in self._layout.sheets] + [one.code for one in self._layout.own_sheets]
        self._book = blank.book
        self._sheets = {code: PrefilledSheet(blank.xml(code)) for code in answered}
        self._sheets[COVER] = PrefilledSheet(blank.xml(COVER), self._book.entries.values())
        beside = Layout(self._layout.instrument, self._layout.prefilled)
        beside.lists = tuple(sheet for sheet in beside.lists if isinstance(sheet, TableSheet))
        previous = previous_round(round_, beside, language, self._sheets, blank.long_text)
        pieces: dict[str, Pieces] = {code: sheet.pieces for code, sheet in self._sheets.items()}
        pieces |= {POINTS: (Place(_WHOLE),), TEXTS_SHEET: _with_places(blank.xml(TEXTS_SHEET))}
        others = {name: _with_places(blank.parts[name]) for name in (_WORKBOOK, _PROPERTIES)}
        self._template = Template.of(blank, previous, pieces, others)
        self._rooms = {
            (slot.sheet, slot.row, slot.columns[column]): width(column, self._layout)
            for slot in self._layout.slots
            for column in (Column.ANSWER, Column.COMMENT)
        }
        """How wide the cells are whose rows grow with a text in them."""
        self._look = mark(self._book)
        self._identity = self._book.workbook.str_table.string_array.index(self._book.identity)

    def workbook(self, respondent: Respondent, returned: Returned) -> bytes:
        """The workbook of a respondent, with what it returned. Raises KeyError for what has no place in it."""
        if unknown := returned.cells.keys() - self._sheets.keys():
            raise KeyError(*sorted(unknown))
        shown = self._template.previous.of(respondent.code)
        cells = {
            code: {address(*at): Content(value) for at, value in its.items() if value != ""}
            for code, its in returned.cells.items()
        }
        cells[COVER] = {self._book.entries[name]: Content(text) for name, text in returned.cover.items()}
        marks = marked(returned)
        for code, sheet in self._sheets.items():
            shown[code] = shown.get(code, {}) | sheet.filled(cells.get(code, {}), {})
            if code in marks:
                shown[code] |= sheet.marked(marks[code], self._look)
        for section in self._layout.sheets:
            shown[section.code] |= self._grown(section, respondent, returned.cells.get(section.code, {}))
        texts = self._book.texts.copy()
        points, last = self._points(returned, texts, self._template.words(respondent))
        shown[POINTS] = {_WHOLE: points}
        shown[TEXTS_SHEET] = {_LAST_TEXT: str(len(texts)), _MORE_TEXTS: _rows(texts, len(self._book.texts))}
        others = {
            _WORKBOOK: {_LAST_TEXT: str(len(texts)), _LAST_POINT: str(last)},
            _PROPERTIES: {_SAVED: returned.saved.strftime("%Y-%m-%dT%H:%M:%SZ")},
        }
        return self._template.filled(respondent, shown, others)

    def _points(self, returned: Returned, texts: Texts, words: Mapping[str, str]) -> tuple[str, int]:
        """The sheet of points, which adds to the texts, and the number of its last row."""
        sheet = sheet_apart(self._book.tabs[POINTS], {self._book.identity: self._identity})
        PointsWriter(replace(self._book, texts=texts), sheet, returned.points, self._by).write()
        return placeholders.filled(sheet.xml(), words), sheet.dim_rowmax + 1

    def _grown(self, section: SectionSheet, respondent: Respondent, cells: Mapping[At, Value]) -> dict[str, str]:
        """What stands in the places of a section's rows that grow for what is typed, now or in the previous round."""
        sheet, usual, previous = self._sheets[section.code], self._book.heights[section.code], self._template.previous
        typed: dict[int, float] = {}
        for at, value in cells.items():
            if isinstance(value, str) and (room := self._rooms.get((section.code, *at))):
                row, _ = at
                needed = row_height([Box((value,), room, styles.ENTRY.size, indent=1)])
                if needed > typed.get(row, usual[row]):
                    typed[row] = needed
        # XlsxWriter writes heights in whole pixels.
        grown = {row: int(height * 4 / 3 + 0.5) * 0.75 for row, height in typed.items()}
        if section.code in previous.sections:
            _, heights = previous.sections[section.code]
            taller = heights.taller(self._round.previous_answers.get(respondent.code, {}))
            if taller := {row: height for row, height in taller.items() if height > grown.get(row, 0)}:
                grown |= taller
                return sheet.filled({}, grown) | sheet.broken_before(heights.breaks(grown))
        if not typed:
            return {}
        return sheet.filled({}, grown) | sheet.broken_before(Heights(self._layout, section, usual).breaks(typed))


def _with_places(xml: str) -> Pieces:
    return cut(xml, [(found.span(1), name) for name, place in _PLACES.items() for found in place.finditer(xml)])


def _rows(texts: Texts, known: int) -> str:
    """The rows of the sheet of texts for those that came after so many."""
    rows = ""
    for row, cells in groupby(texts.cells(known), key=lambda one: one.row):
        its = (cell(address(row, one.column), Content(one.text, one.formula.removeprefix("="))) for one in cells)
        rows += f'<row r="{row + 1}">{"".join(its)}</row>'
    return rows
