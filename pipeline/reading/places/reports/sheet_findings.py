"""Writes the findings about a section sheet as a whole: what was done to its rows and columns, content of no question.

It reads no answer.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property

from pipeline.findings import Finding, finding
from pipeline.reading.places.beside import Unanswered
from pipeline.reading.places.form_texts import FormTexts
from pipeline.reading.places.place import SectionReading
from pipeline.reading.places.plans import READ
from pipeline.reading.places.sheet_map import NOWHERE, cell_at
from pipeline.reading.values.cell_texts import cell_text
from pipeline.reading.workbooks.grids import CellValue, ErrorText, Sheet
from pipeline.reading.workbooks.metadata import NO_COLUMNS, At, Drawn
from questionnaire.addresses import address
from questionnaire.blanks import is_blank
from questionnaire.declaration.answer_types import Derived, Selection
from questionnaire.layout import Column, Slot
from questionnaire.rounds.identity import MARK
from questionnaire.rules.rule import Severity

_LONGEST = 32_767
"""Characters of a cell, and more cells than so many characters can quote."""

_MANY = 10
"""So many texts of one column written anew are reported together: somebody has reworked the column."""

_SHOWN = (Column.NUMBER, Column.QUESTION, Column.HELP, Column.CHECK)
"""The columns of a question's row in which the form shows texts of its own."""


_HIDDEN = (Column.KEY, Column.CODE, Column.NUMERIC)
"""Those that nobody is meant to see, in which people write all the same."""


class SheetFindings:
    """What is odd about one section sheet; `taken` are cells on it that were found to be answers by their names."""

    def __init__(self, reading: SectionReading, texts: FormTexts, taken: frozenset[At], unanswered: Unanswered) -> None:
        self._unanswered, self._copies = unanswered, reading.copies
        self._sheet, self._map, self._slots = reading.sheet, reading.map, reading.slots
        self._has_order, self._followed = reading.has_order, reading.compared.followed
        copied = {(row, column) for copy in reading.copies for row in copy.rows for column in copy.columns.values()}
        self._texts, self._taken = texts, taken | copied

    def all(self) -> Iterator[Finding]:
        """Everything, from the sheet as a whole to single cells."""
        yield from self._rows()
        yield from self._columns()
        yield from self._behind_cells()
        yield from attached_comments(self._sheet, self._slots)
        yield from self._unplaced()

    # --- rows and columns -----------------------------------------------------------------------------------

    def _rows(self) -> Iterator[Finding]:
        if followed := self._followed:
            yield self._note("questions_moved", Severity.WARNING, min(followed), Column.QUESTION, count=len(followed))
        rows = [
            row
            for row, slot in sorted(self._map.by_number.items())
            if (key := self._map.by_key.get(row)) is not None and key is not slot
        ]
        if rows:
            yield self._note("rows_moved", Severity.WARNING, rows[0], Column.NUMBER, count=len(rows))
            return
        unmarked = sorted(set(self._map.by_key) ^ set(self._map.by_number))
        if unmarked and self._map.by_key and self._map.by_number:
            yield self._note("rows_marked_less", Severity.INFO, unmarked[0], Column.NUMBER, count=len(unmarked))
        if followed:
            return
        if not self._has_order:
            yield self._note("rows_sorted", Severity.INFO, min(self._slots), Column.NUMBER)
        elif inserted := self._inserted():
            yield self._note(
                "rows_inserted", Severity.INFO, inserted[0][0], Column.NUMBER, count=sum(n for _, n in inserted)
            )

    def _inserted(self) -> list[tuple[int, int]]:
        """Each row before which rows came in, and how many; rows that are gone make up for none."""
        found, shift = [], 0
        for row, slot in sorted(self._slots.items()):
            if row - slot.row > shift:
                found.append((row, row - slot.row - shift))
            shift = row - slot.row
        return found

    def _columns(self) -> Iterator[Finding]:
        for copy in self._copies:
            cell = address(min(copy.rows), copy.columns[Column.NUMBER])
            values = {"sheet": self._sheet.name, "count": len(copy.rows)}
            yield finding("block_copied", Severity.WARNING, values, sheet=self._sheet.name, cell=cell)
        for code in self._map.without:
            yield self._note(f"{code}_lost", Severity.INFO)
        head = max(self._map.first_row - 1, 0)
        if disagreeing := [column for column in READ if column in self._map.disagreeing]:
            yield self._note("columns_disagree", Severity.WARNING, head, disagreeing[0])
            return
        shifts = {
            column: self._map.columns[column] - self._map.sent[column]
            for column in (*_SHOWN, *READ)
            if self._map.columns.get(column, -1) >= 0
        }
        expected = -1 if "keys" in self._map.without and set(shifts.values()) == {-1} else 0
        moved = [column for column, shift in shifts.items() if shift != expected]
        if moved:
            yield self._note("columns_moved", Severity.INFO, head, min(moved))

    # --- behind the cells -----------------------------------------------------------------------------------

    def _behind_cells(self) -> Iterator[Finding]:
        answer, asked = self._map.columns[Column.ANSWER], sorted(self._slots)
        hidden = sorted(self._sheet.metadata.hidden_rows & self._slots.keys())
        unseen = [row for row in self._perhaps_unseen(asked) if self._says_unseen(row)]
        if unseen:
            yield self._note("answers_hidden", Severity.WARNING, unseen[0], Column.ANSWER, count=len(unseen))
        elif hidden:
            yield self._note("rows_hidden", Severity.INFO, hidden[0], Column.ANSWER, count=len(hidden))
        for first, left, last, right in self._sheet.metadata.merged:
            rows = asked[bisect_left(asked, first) : bisect_right(asked, last)]
            if len(rows) > 1 and left <= answer <= right:
                numbers = ", ".join(self._slots[row].number for row in rows)
                yield self._note("answers_merged", Severity.WARNING, rows[0], Column.ANSWER, numbers=numbers)

    def _perhaps_unseen(self, asked: Sequence[int]) -> Sequence[int]:
        """The rows in which something may be hidden."""
        widths = (self._sheet.metadata.width(self._map.columns[column]) for column in (Column.ANSWER, Column.IF_NONE))
        if not self._sheet.is_visible or 0 in widths:
            return asked
        return [row for row in asked if row in self._sheet.metadata.hidden_rows]

    def _says_unseen(self, row: int) -> bool:
        """True for a question whose answer, or the reason why there is none, stands in a hidden row or column."""
        # The form writes itself what stands in the first row of a choice of several, and in a computed question.
        is_own = isinstance(self._slots[row].field.type, Selection | Derived)
        written = (Column.IF_NONE,) if is_own else (Column.ANSWER, Column.IF_NONE)
        cells = self._sheet.rows[row]
        return any(
            not is_blank(cell_at(cells, column))
            for column in (self._map.columns.get(name, -1) for name in written)
            if column >= 0 and not self._sheet.shows((row, column))
        )

    # --- content of no question -----------------------------------------------------------------------------

    def _unplaced(self) -> Iterator[Finding]:
        """Content that no slot explains: in rows of no slot, and beside the cells to fill in.

        In the row of a question without an answer it may be the answer, and is an error; so is what may be a line of a
        list or table in which nothing stands.
        """
        found = ((row, self._foreign_in(row, cells)) for row, cells in enumerate(self._sheet.rows))
        rows = {row: columns for row, columns in found if columns}
        for column in self._reworded:
            here = (row for row in self._slots if column in rows.get(row, ()))
            overwritten = [row for row in here if not self._may_answer(row, column)]
            if len(overwritten) >= _MANY:
                yield self._overwritten(sorted(overwritten), column)
                rows |= {row: [other for other in rows[row] if other != column] for row in overwritten}
        for row, columns in rows.items():
            if columns:
                typed = " | ".join(cell_text(self._sheet.rows[row][column]) for column in columns)
                where = {"sheet": self._sheet.name, "cell": address(row, columns[0]), "value": typed}
                is_line = self._unanswered.may_be_line(self._sheet.rows[row][column] for column in columns)
                severity = Severity.ERROR if is_line else Severity.WARNING
                if not is_line and any(self._may_answer(row, column) for column in columns):
                    slot, severity = self._slots[row], Severity.ERROR
                    where |= {"indicator": slot.block.code, "field": slot.field.code}
                yield finding("unplaced", severity, {"typed": typed}, **where)

    def _may_answer(self, row: int, column: int) -> bool:
        """True for content beside a question without an answer that may be it."""
        slot, value = self._slots.get(row), cell_at(self._sheet.rows[row], column)
        return slot is not None and self._unanswered.may_be(slot, value, among_texts=column in self._reworded)

    @cached_property
    def _reworded(self) -> tuple[int, ...]:
        """The columns in which people write the texts of the form anew."""
        return tuple(self._map.columns[column] for column in (Column.NUMBER, Column.QUESTION, Column.HELP))

    def _overwritten(self, rows: Sequence[int], column: int) -> Finding:
        """One finding for a whole column of texts that somebody wrote anew, such as a translation by hand."""
        texts = [cell_text(self._sheet.rows[row][column]) for row in rows]
        typed = " | ".join(f"{address(row, column)}: {text}" for row, text in zip(rows, texts, strict=True))
        values = {"sheet": self._sheet.name, "count": len(rows), "typed": texts[0]}
        where = {"sheet": self._sheet.name, "cell": address(rows[0], column), "value": typed[:_LONGEST]}
        return finding("texts_overwritten", Severity.WARNING, values, **where)

    def _foreign_in(self, row: int, cells: Sequence[CellValue]) -> list[int]:
        """The columns of a row in which something foreign stands; most cells are empty, or what the form calculates."""
        calculated = (
            self._sheet.metadata.calculated.get(row, NO_COLUMNS) & self._own if row in self._slots else NO_COLUMNS
        )
        return [
            column
            for column in self._looked_at(row, cells)
            if column < len(cells)
            and (value := cells[column]) != ""
            and value is not None
            and column not in calculated
            and self._is_foreign(row, column)
        ]

    def _looked_at(self, row: int, cells: Sequence[CellValue]) -> Iterable[int]:
        if row in self._slots:
            is_named = row in self._map.by_number and row in self._map.by_key
            return self._beside_answers[is_named]
        if row < self._map.first_row:
            # The head names the round and the respondent: only its formulas distinguish that from what somebody typed.
            return range(len(cells)) if self._sheet.metadata.formulas else self._beside
        if any(isinstance(value, str) and value and self._texts.is_own(value) for value in cells):
            return self._beside_or_open
        return range(len(cells))

    @cached_property
    def _own(self) -> frozenset[int]:
        """The columns of the form. Whatever a formula gives there in the row of a question is its own."""
        return frozenset(self._map.columns.values())

    @cached_property
    def _beside(self) -> Sequence[int]:
        """All other columns."""
        return [column for column in range(max(map(len, self._sheet.rows), default=0)) if column not in self._own]

    @cached_property
    def _beside_or_open(self) -> Sequence[int]:
        """Those, and the columns that a respondent writes in."""
        return sorted({*self._beside, *self._at(READ)} - {NOWHERE})

    @cached_property
    def _beside_answers(self) -> Mapping[bool, Sequence[int]]:
        """The columns in the row of a question that nobody is to write in; True: without its number and its key."""
        shown = {*self._beside, *self._at((*_SHOWN, *_HIDDEN)) - self._at(READ)} - {NOWHERE}
        named = self._at((Column.NUMBER, Column.KEY)) - self._at((Column.CODE, Column.NUMERIC))
        return {False: sorted(shown), True: sorted(shown - named)}

    def _at(self, columns: Iterable[Column]) -> set[int]:
        return {self._map.columns[column] for column in columns if column in self._map.columns}

    def _is_foreign(self, row: int, column: int) -> bool:
        value = cell_at(self._sheet.rows[row], column)
        if is_blank(value) or (row, column) in self._taken or self._is_own_formula(row, column, value):
            return False
        slot, columns = self._slots.get(row), self._map.columns
        if slot is not None and column in (columns[Column.CODE], columns[Column.NUMERIC]):
            return self._is_typed(slot, value)
        if not isinstance(value, str):
            return True
        is_number = column == columns[Column.NUMBER] and row in self._map.by_number
        is_asked = slot is not None and column == columns[Column.QUESTION] and self._texts.is_label(slot, value)
        is_key = column == columns[Column.KEY] and row in self._map.by_key
        return not (is_number or is_key or is_asked or value.startswith(MARK) or self._texts.is_own(value))

    def _is_typed(self, slot: Slot, value: CellValue) -> bool:
        """True for what is no result of the form in a column that holds nothing but its results."""
        # Where only values are left, results stand beside answers, as long as these were not sorted.
        beside_nothing = self._sheet.metadata.is_seen and self._has_order and slot in self._unanswered
        return value != 0 and (self._calculates or beside_nothing)

    @cached_property
    def _calculates(self) -> bool:
        """True if the form's formulas are still there."""
        formulas, column = self._sheet.metadata.formulas, self._map.columns[Column.CODE]
        return 2 * sum((row, column) in formulas for row in self._slots) > len(self._slots)

    def _is_own_formula(self, row: int, column: int, value: CellValue) -> bool:
        """True for what the form calculates, also where other programs or lost sheets left nothing of its result."""
        if (row, column) not in self._sheet.metadata.formulas or column not in self._map.columns.values():
            return False
        in_form = row in self._slots or row < self._map.first_row
        return in_form or isinstance(value, ErrorText) or value == 0

    def _note(
        self, code: str, severity: Severity, row: int | None = None, column: Column = Column.KEY, **values: object
    ) -> Finding:
        cell = "" if row is None else address(row, max(self._map.columns[column], 0))
        values = {"sheet": self._sheet.name, **values}
        return finding(code, severity, values, sheet=self._sheet.name, cell=cell)


def attached_comments(sheet: Sheet, slots: Mapping[int, Slot]) -> Iterator[Finding]:
    """Every comment of the program's own sort on a sheet; `slots` gives the question of a row."""
    for (row, column), text in sorted(sheet.metadata.notes.items()):
        slot = slots.get(row)
        where = {"indicator": slot.block.code, "field": slot.field.code} if slot else {}
        yield finding(
            "cell_comment", Severity.INFO, {"typed": text},
            sheet=sheet.name, cell=address(row, column), value=text, **where,
        )  # fmt: skip


def drawn_over(
    sheet: Sheet, slots: Mapping[int, Slot], unanswered: Unanswered, is_over_lines: Callable[[Drawn], bool]
) -> Iterator[Finding]:
    """Every text in a box over the cells of a sheet, and one finding for all its pictures and embedded files.

    Over a list or a table in which nothing stands (`is_over_lines`) they may be its answers, as a text may be over a
    question without one: that is an error. `slots` gives the question of a row.
    """
    usual = {drawn: Severity.ERROR if is_over_lines(drawn) else Severity.WARNING for drawn in sheet.metadata.drawn}
    for drawn in sheet.metadata.drawn:
        if drawn.text:
            slot = slots.get(drawn.at[0]) if drawn.at else None
            is_answer = slot is not None and unanswered.may_be(slot, drawn.text, among_texts=True)
            yield finding(
                "text_box", Severity.ERROR if is_answer else usual[drawn], {"typed": drawn.text, "sheet": sheet.name},
                sheet=sheet.name, cell=address(*drawn.at) if drawn.at else "", value=drawn.text,
            )  # fmt: skip
    pictures = [drawn for drawn in sheet.metadata.drawn if not drawn.text]
    if pictures:
        cells = [address(*drawn.at) for drawn in pictures if drawn.at]
        values = {"sheet": sheet.name, "count": len(pictures)}
        where = {
            "sheet": sheet.name,
            "cell": next(iter(cells), ""),
            "value": ", ".join(dict.fromkeys(cells))[:_LONGEST],
        }
        severity = Severity.ERROR if any(usual[drawn] is Severity.ERROR for drawn in pictures) else Severity.WARNING
        yield finding("pictures_found", severity, values, **where)


def remarks_on(sheet: Sheet, texts: FormTexts, entered: frozenset[At]) -> Iterator[Finding]:
    """What was typed on a sheet of the form that asks no question, line by line, beside what was `entered` as asked.

    Only the formulas of the form distinguish its own cells from others: a sheet without any has no findings.
    """
    formulas = sheet.metadata.formulas
    for row, cells in enumerate(sheet.rows if formulas else ()):
        found = [
            column
            for column, value in enumerate(cells)
            if isinstance(value, str)
            and value
            and (row, column) not in formulas
            and (row, column) not in entered
            and any(map(str.isalnum, value))
            and not (value.startswith(MARK) or value in texts.listed or texts.is_own(value))
        ]
        if found:
            typed = " | ".join(cell_text(cells[column]) for column in found)
            where = {"sheet": sheet.name, "cell": address(row, found[0]), "value": typed}
            yield finding("unplaced", Severity.WARNING, {"typed": typed}, **where)
