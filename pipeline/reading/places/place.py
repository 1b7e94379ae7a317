"""Owns the place of a slot in a returned workbook: where its row went, and what stands in the cells to fill in.

It reads the rows that a map of the sheet names, and decides nothing between them.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from pipeline.reading.places.sheet_map import PRINTED, READ, SheetMap, cell_at
from pipeline.reading.values.parsing import cell_text
from pipeline.reading.values.shown import seen
from pipeline.reading.workbooks.grids import CellValue, NoResult, Sheet, StruckOut
from pipeline.reading.workbooks.metadata import At
from questionnaire.blanks import is_blank
from questionnaire.declaration.answer_types import Mark, Selection
from questionnaire.layout import Column, Slot, column_letter


@dataclass(frozen=True)
class Place:
    """Where a slot was found, and what stands in the cells a respondent writes in. `row` and `column` count from 0.

    `has_formula` is True for an answer that was calculated. `note` is the comment of the program's own sort that is
    attached to the answer cell, "" without one. `printed` is what the questionnaire shows of the previous round: the
    answer, its code, its number.
    """

    slot: Slot
    sheet: str
    row: int
    column: int
    answer: CellValue
    if_none: CellValue
    comment: CellValue
    confirm: CellValue = None
    printed: tuple[CellValue, ...] = ()
    has_formula: bool = False
    note: str = ""

    @property
    def cell(self) -> str:
        """The address of the answer cell."""
        return address(self.row, self.column)

    @property
    def content(self) -> tuple[str, ...]:
        return cell_text(self.answer), cell_text(self.if_none), cell_text(self.comment), cell_text(self.confirm)


@dataclass(frozen=True)
class SectionReading:
    """One section sheet as it came back: where its things are, and the place of each slot that a row of it names."""

    sheet: Sheet
    map: SheetMap
    slots: Mapping[int, Slot] = field(init=False)
    """The slot of each row: by its visible number, else by its hidden key."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "slots", {**self.map.by_key, **self.map.by_number})

    def places(self) -> Iterator[Place]:
        """The places of the sheet, top down."""
        for row, slot in sorted(self.slots.items()):
            yield self._place(slot, row)

    @property
    def marks(self) -> frozenset[At]:
        """The answer cells of options, over which people put boxes to tick."""
        answer = self.map.columns[Column.ANSWER]
        return frozenset((row, answer) for row, slot in self.slots.items() if isinstance(slot.field.type, Mark))

    def _answer(self, slot: Slot, at: At) -> CellValue:
        """What an answer cell shows, or for an option a box over it that is ticked."""
        value = calculated(self.sheet, at)
        is_free = isinstance(slot.field.type, Mark) and is_blank(value)
        boxes = self.sheet.metadata.checkboxes if is_free else ()
        return "☑" if any(box.is_ticked and at in box.cells for box in boxes) else value

    def _place(self, slot: Slot, row: int) -> Place:
        columns, cells = self.map.columns, self.sheet.rows[row]
        answer = columns[Column.ANSWER]
        if_none, comment, confirm = (calculated(self.sheet, (row, columns.get(column, -1))) for column in READ[1:])
        note = self.sheet.metadata.notes.get((row, answer), "")
        return Place(
            slot,
            self.sheet.name,
            row,
            answer,
            # The form's own formula counts the options of a choice; what it says is not read.
            cell_at(cells, answer) if _is_counted(slot) else self._answer(slot, (row, answer)),
            if_none,
            note if note and is_blank(comment) else comment,
            confirm,
            tuple(cell_at(cells, columns.get(column, -1)) for column in PRINTED),
            has_formula=(row, answer) in self.sheet.metadata.formulas and not _is_counted(slot),
            note=note,
        )


def calculated(sheet: Sheet, at: At) -> CellValue:
    """What a cell shows; a formula without its result, or what is crossed out, is content but no answer."""
    row, column = at
    value = cell_at(sheet.rows[row], column) if row < len(sheet.rows) else None
    metadata = sheet.metadata
    if (at in metadata.formulas and value in (None, "")) or (at in metadata.without_result and value == 0):
        return NoResult("=")
    if at in metadata.struck and not is_blank(value):
        return StruckOut(cell_text(value))
    return value if is_blank(value) else seen(value, metadata, at)


def address(row: int, column: int) -> str:
    """The address of a cell whose row and column count from 0."""
    return f"{column_letter(column)}{row + 1}"


def _is_counted(slot: Slot) -> bool:
    return isinstance(slot.field.type, Selection)
