"""Writes the open points on the Check sheet: each with a link to its cell, errors first, then by section and row.

The list has as many lines as anybody works off at a time; what does not fit moves up as the points above are settled.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from questionnaire.addresses import column_letter
from questionnaire.declaration.form import Indicator
from questionnaire.layout import CHECK, LINE, Column, ListSheet, SectionSheet, Slot, TableSheet
from questionnaire.sheet_names import OVERVIEW
from questionnaire.workbook.formulas.checks import Sign
from questionnaire.workbook.formulas.table_checks import blank_lines
from questionnaire.workbook.formulas.tally import OPEN
from questionnaire.workbook.looks import styles
from questionnaire.workbook.looks.heights import Box, row_height
from questionnaire.workbook.sheets import overview
from questionnaire.workbook.sheets.book import Book, quoted
from questionnaire.workbook.texts.texts import LiveText
from questionnaire.workbook.texts.wordings import asked

LINES = 60
"""The points that the list shows at once."""

ON_PAPER = 24
"""Those that are printed, if an untouched questionnaire has no more: a line that shows nothing is printed like any."""

NUMBER, WHERE, QUESTION, LAST_OF_QUESTION, POINT = 1, 2, 3, 5, 6
_GROUP, _PLACE, _ROW, _BEFORE, _SIGN, _OF = range(7, 13)
"""The columns; those with an underscore are hidden.

GROUP, PLACE and ROW say where the point of a line stands: 0 if there is none. BEFORE, SIGN and OF have a line for each
group, that is the points of one sign in one place: how many stand before it in the list, its sign, its place.
"""

_CHECKS, _NUMBERS, _QUESTIONS = "acopio_point_checks", "acopio_point_numbers", "acopio_point_questions"
_FURTHER = "acopio_point_further"
_ENDS = "first", "last"
_CODES, _TEXTS = "acopio_point_codes", "acopio_point_texts"
_MUTED = replace(styles.CELL, size=9.5, ink=styles.MUTED)


@dataclass(frozen=True)
class _Further:
    """A column that says more of what a row asks: of a table, another dimension; `rows` are the first and the last.

    Without them it is the whole column: nothing else stands there.
    """

    column: int
    rows: tuple[int, int] | None = None


@dataclass(frozen=True)
class _Place:
    """A sheet with checks: the columns of its checks, its numbers, its questions, and the one that links lead to."""

    tab: str
    last: int
    checks: int
    numbers: int
    questions: int
    target: int
    further: tuple[_Further, ...] = ()

    def area(self, column: int) -> str:
        """A whole column, so that a row can be looked up by its own number."""
        letter = column_letter(column)
        return f"{quoted(self.tab)}!${letter}$1:${letter}${self.last + 1}"

    @property
    def link(self) -> str:
        return f"#{quoted(self.tab)}!{column_letter(self.target)}"


@dataclass(frozen=True)
class _Opened:
    """A point of a questionnaire that nobody has touched: its row, and what each column of the list shows of it."""

    row: int
    number: str
    where: str
    question: str
    said: str


class OpenPoints:
    """Writes the list below a row. `counts` are the cells that count the points of each sign, place by place."""

    def __init__(self, book: Book, sheet: Any, top: int, counts: Mapping[Sign, Sequence[str]]) -> None:
        self._book, self._sheet, self._top, self._counts = book, sheet, top, counts
        self._sections, self._lists = book.layout.sheets, book.layout.own_sheets
        self._places = [*map(self._section, self._sections), *map(self._list, self._lists)]
        self._opened = [list(self._untouched(sign, place)) for sign in OPEN for place in range(len(self._places))]
        self.first = top + 2
        self.last = self.first + LINES - 1
        self.printed = min(LINES, max(ON_PAPER, sum(map(len, self._opened))))

    def write(self, widths: Mapping[int, float]) -> None:
        """The heading, the lines, the helpers; `widths` are those of the columns."""
        book, sheet = self._book, self._sheet
        sheet.set_column(_GROUP, _OF, 8, None, {"hidden": True})
        book.put(sheet, self._top, NUMBER, book.texts.say("checks_open_points", lines=LINES), styles.PART_HEADING)
        sheet.set_row(self._top, 28)
        if self.printed < LINES:
            note = book.texts.say("checks_on_paper", lines=self.printed)
            shown = LiveText(f'IF({self._total}>{self.printed},{note.expression},"")', "", ())
            book.put_across(sheet, self._top, (QUESTION, POINT), shown, styles.SUBTITLE)
        names = {NUMBER: "column_number", WHERE: "checks_indicator", POINT: "checks_what_to_do"}
        for column, name in names.items():
            book.put(sheet, self._top + 1, column, book.texts.say(name), styles.HEADING)
        across = QUESTION, LAST_OF_QUESTION
        book.put_across(sheet, self._top + 1, across, book.texts.say("column_question"), styles.HEADING)
        sheet.set_row(self._top + 1, 24)
        self._names()
        self._groups()
        said = tuple(text for slot in book.layout.slots for text in book.check(slot).every)
        about = tuple(text for item in book.layout.instrument.indicators for text in book.texts.add(item.text).every)
        boxes = (
            Box(said, widths[POINT], styles.CELL.size, indent=1, bold=True),
            Box(about, widths[WHERE], _MUTED.size, indent=1),
        )
        height = row_height(boxes, 28)
        opened = [(group, slot) for group, slots in enumerate(self._opened, 1) for slot in slots]
        for line in range(LINES):
            group, slot = opened[line] if line < len(opened) else (0, None)
            self._line(self.first + line, group, slot)
            sheet.set_row(self.first + line, height)

    @property
    def _total(self) -> str:
        """How many points there are."""
        return "+".join(cell for cells in self._counts.values() for cell in cells)

    # --- places and groups ----------------------------------------------------------------------------------

    def _section(self, section: SectionSheet) -> _Place:
        last, tab = section.rows[-1].row, self._book.tabs[section.code]
        further = tuple(
            _Further(column, (table.first, table.last)) for table in section.tables for column in _further(table)
        )
        return _Place(tab, last, Column.CHECK, Column.NUMBER, Column.QUESTION, Column.ANSWER, further)

    def _list(self, sheet: ListSheet) -> _Place:
        """A line of a list has no question: what is entered first on it says which one it is."""
        places = sheet.columns
        first = places[sheet.block.fields[0].code]
        further = tuple(map(_Further, _further(sheet)))
        return _Place(self._book.tabs[sheet.code], sheet.last, places[CHECK], places[LINE], first, first, further)

    def _names(self) -> None:
        """Name what the lines look up: formulas with names can be shared by all lines, those with sheets cannot."""
        book, last = self._book, overview.last_row(self._book.layout.instrument)
        for place, item in enumerate(self._places, 1):
            for name, column in ((_CHECKS, item.checks), (_NUMBERS, item.numbers), (_QUESTIONS, item.questions)):
                book.workbook.define_name(f"{name}_{place}", f"={item.area(column)}")
            for number, further in enumerate(item.further):
                name = f"{_FURTHER}_{place}_{number}"
                book.workbook.define_name(name, f"={item.area(further.column)}")
                for end, row in zip(_ENDS, further.rows or (), strict=False):
                    where = f"${column_letter(further.column)}${row + 1}"
                    book.workbook.define_name(f"{name}_{end}", f"={quoted(item.tab)}!{where}")
        for name, column in ((_CODES, overview.CODE), (_TEXTS, overview.TEXT)):
            area = f"{book.address(OVERVIEW, 0, column)}:${column_letter(column)}${last + 1}"
            book.workbook.define_name(name, f"={area}")

    def _groups(self) -> None:
        row, before, cached = self.first, "0", 0
        counted = [(sign, place, cell) for sign in OPEN for place, cell in enumerate(self._counts[sign], 1)]
        for (sign, place, cell), opened in zip(counted, self._opened, strict=True):
            self._sheet.write_formula(row, _BEFORE, f"={before}", None, cached)
            self._sheet.write_string(row, _SIGN, sign)
            self._sheet.write_number(row, _OF, place)
            before, cached = f"{column_letter(_BEFORE)}{row + 1}+{cell}", cached + len(opened)
            row += 1

    def _all(self, column: int) -> str:
        """One of the columns of the groups."""
        letter, groups = column_letter(column), len(OPEN) * len(self._places)
        return f"${letter}${self.first + 1}:${letter}${self.first + groups}"

    # --- lines ----------------------------------------------------------------------------------------------

    def _line(self, row: int, first_group: int, opened: _Opened | None) -> None:
        """One line; it shows first the point of an untouched questionnaire that is given, of the group given."""
        self._helpers(row, first_group, opened)
        sheet, book = self._sheet, self._book
        place, found = f"${column_letter(_PLACE)}{row + 1}", f"${column_letter(_ROW)}{row + 1}"
        checks, numbers, questions = (self._of_place(place, name) for name in (_CHECKS, _NUMBERS, _QUESTIONS))
        links = ",".join(f'"{item.link}"' for item in self._places)
        jump = f"HYPERLINK(CHOOSE({place},{links})&{found},INDEX({numbers},{found}))"
        self._show(row, NUMBER, found, LiveText(jump, opened.number if opened else "", ()), styles.JUMP)
        self._show(row, WHERE, found, self._where(place, f"${column_letter(NUMBER)}{row + 1}", opened), _MUTED)
        sheet.merge_range(row, QUESTION, row, LAST_OF_QUESTION, "", book.styles(styles.CELL))
        first = opened.question if opened else ""
        asked_there = f'INDEX({questions},{found})&""{self._further(place, found)}'
        self._show(row, QUESTION, found, LiveText(asked_there, first, ()), styles.CELL)
        said = opened.said if opened else ""
        self._show(row, POINT, found, LiveText(f"INDEX({checks},{found})", said, ()), styles.CELL)

    def _further(self, place: str, found: str) -> str:
        """What else the row of a table says that it is about, to be joined to its first dimension."""
        if not any(item.further for item in self._places):
            return ""
        said = []
        for number, item in enumerate(self._places, 1):
            texts = (self._further_text(f"{_FURTHER}_{number}_{at}", found, one) for at, one in enumerate(item.further))
            said.append("&".join(texts) or '""')
        return f"&CHOOSE({place},{','.join(said)})"

    @staticmethod
    def _further_text(name: str, found: str, further: _Further) -> str:
        """One of these texts; in a row that is none of its table something else may stand in the column."""
        text = f"INDEX({name},{found})"
        if further.rows is None:
            return f'IF({text}="",""," – "&{text})'
        first, last = (f"ROW({name}_{end})" for end in _ENDS)
        return f'IFERROR(IF(OR({found}<{first},{found}>{last}),""," – "&{text}),"")'

    def _helpers(self, row: int, first_group: int, opened: _Opened | None) -> None:
        """Where the point of a line stands: in its group the next one below that of the line above."""
        sheet, nth = self._sheet, row - self.first + 1
        group, place = f"${column_letter(_GROUP)}{row + 1}", f"${column_letter(_PLACE)}{row + 1}"
        # BEFORE never falls: its numbers below that of this point are those of its group and of all groups above.
        counted = f'=IF({nth}>{self._total},0,COUNTIF({self._all(_BEFORE)},"<{nth}"))'
        sheet.write_formula(row, _GROUP, counted, None, first_group)
        first_place = (first_group - 1) % len(self._places) + 1 if first_group else 0
        sheet.write_formula(row, _PLACE, f"=IF({group}=0,0,INDEX({self._all(_OF)},{group}))", None, first_place)
        above = f"IF({group}=${column_letter(_GROUP)}{row},${column_letter(_ROW)}{row},0)"
        sign, checks = f"INDEX({self._all(_SIGN)},{group})", self._of_place(place, _CHECKS)
        # Of what could tell the first character of many cells, COUNTIF and MATCH alone do it in every program.
        found = f'{above}+MATCH({sign}&"*",OFFSET({checks},{above},0),0)'
        sheet.write_formula(row, _ROW, f"=IF({group}=0,0,{found})", None, opened.row + 1 if opened else 0)

    def _show(self, row: int, column: int, found: str, text: LiveText, look: styles.Look) -> None:
        nothing = f'"{Sign.OK} "&{self._book.texts.say("check_ok").expression}'
        empty = nothing if (row, column) == (self.first, POINT) else '""'
        shown = f"=IF({found}=0,{empty},{text.expression})"
        self._sheet.write_formula(row, column, shown, self._book.styles(look), text.cached)

    def _where(self, place: str, number: str, opened: _Opened | None) -> LiveText:
        """The text of the indicator; of a list, what it is a list of."""
        texts = self._book.texts
        expression = f'INDEX({_TEXTS},MATCH(LEFT({number},FIND("-",{number})-1),{_CODES},0))'
        if self._lists:
            labels = ",".join(texts.add(sheet.block.label).expression for sheet in self._lists)
            sections = len(self._sections)
            expression = f"IF({place}>{sections},CHOOSE({place}-{sections},{labels}),{expression})"
        return LiveText(expression, opened.where if opened else "", ())

    def _of_place(self, place: str, name: str) -> str:
        """One of the named columns, of the place that a cell gives."""
        return f"CHOOSE({place},{','.join(f'{name}_{number}' for number in range(1, len(self._places) + 1))})"

    def _untouched(self, sign: Sign, place: int) -> Iterator[_Opened]:
        """The points of one group in a questionnaire that nobody has touched; of a list, that a table is blank."""
        sections = len(self._sections)
        if place >= sections:
            yield from self._blank(self._lists[place - sections], sign)
            return
        section = self._sections[place]
        points = [point for slot in section.slots if (point := self._of_slot(slot, sign)) is not None]
        points += (point for table in section.tables for point in self._blank(table, sign))
        yield from sorted(points, key=lambda point: point.row)

    def _of_slot(self, slot: Slot, sign: Sign) -> _Opened | None:
        texts, said = self._book.texts, self._book.check(slot).cached
        if not said.startswith(sign):
            return None
        about, question = texts.add(slot.indicator.text).cached, asked(slot.field, texts).cached
        return _Opened(slot.row, slot.number, about, question, said)

    def _blank(self, sheet: ListSheet, sign: Sign) -> Iterator[_Opened]:
        """That a table is blank, of a list nothing; where a table stands among questions, its indicator is named."""
        texts = self._book.texts
        if not isinstance(sheet, TableSheet) or sign is not Sign.TO_DO:
            return
        blocks = self._book.layout.instrument.blocks
        indicator = blocks[sheet.block.indicator]
        about = indicator.text if sheet.section and isinstance(indicator, Indicator) else sheet.block.label
        said, whole = blank_lines(sheet, texts).cached, texts.say("table_whole").cached
        yield _Opened(sheet.whole, sheet.number(0), texts.add(about).cached, whole, said)


def _further(sheet: ListSheet) -> Iterator[int]:
    """The columns of the dimensions of a table behind the first, which stands where questions do; none of a list."""
    for dimension in sheet.block.dimensions[1:] if isinstance(sheet, TableSheet) else ():
        yield sheet.columns[dimension.name]
