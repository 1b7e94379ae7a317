"""Describes the place of a slot in a returned workbook: where its row went, and what stands in the cells to fill in.

It reads the rows that a map of the sheet names, and decides nothing between them.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import chain

from pipeline.reading.places.fitting import fitted
from pipeline.reading.places.plans import PRINTED, READ
from pipeline.reading.places.sheet_map import SheetMap, cell_at
from pipeline.reading.places.visible_questions import Compared
from pipeline.reading.values.cell_texts import cell_text
from pipeline.reading.values.shown import seen
from pipeline.reading.workbooks.grids import CellValue, NoResult, Sheet, StruckOut
from pipeline.reading.workbooks.metadata import At
from questionnaire.addresses import address
from questionnaire.blanks import is_blank
from questionnaire.declaration.answer_types import Mark, Selection
from questionnaire.declaration.table_block import TableBlock
from questionnaire.layout import Column, Layout, Slot

_NOT_PRINTED = (None,) * len(PRINTED)


@dataclass(frozen=True)
class Place:
    """Where a slot was found, and what stands in the cells a respondent writes in. `row` and `column` count from 0.

    `has_formula` is True for an answer that was calculated, `overwritten` for a computed one whose cell has lost the
    formula it was sent with, although others of its sheet are there. `note` is the comment of the program's own sort
    that is attached to the answer cell, "" without one. `printed` is what the questionnaire shows of the previous
    round: the answer, its code, its number. `in_doubt` is True in a block whose numbers and questions no longer belong
    together.
    """

    slot: Slot
    sheet: str
    row: int
    column: int
    answer: CellValue
    if_none: CellValue = None
    comment: CellValue = None
    confirm: CellValue = None
    printed: tuple[CellValue, ...] = ()
    has_formula: bool = False
    note: str = ""
    in_doubt: bool = False
    overwritten: bool = False

    @property
    def cell(self) -> str:
        """The address of the answer cell, "" where its column is gone."""
        return address(self.row, self.column) if self.column >= 0 else ""

    @property
    def content(self) -> tuple[str, ...]:
        """What people wrote: the answer, the reason why there is none, the comment, the x for the previous answer.

        What stands in the first row of a multiple choice only counts.
        """
        answer = "" if isinstance(self.slot.field.type, Selection) else cell_text(self.answer)
        return answer, cell_text(self.if_none), cell_text(self.comment), cell_text(self.confirm)


@dataclass(frozen=True)
class SectionReading:
    """One section sheet as it came back: where its things are, and the slot that each of its rows is for.

    `copies` are the blocks of it that were copied beside it, with answers of their own.
    """

    sheet: Sheet
    map: SheetMap[Column, Slot]
    compared: Compared = field(default_factory=Compared)
    copies: tuple[SheetMap[Column, Slot], ...] = ()

    @cached_property
    def slots(self) -> Mapping[int, Slot]:
        """The slot of each row."""
        return {**self.map.rows, **self.compared.followed}

    def within(self, part: Layout) -> "SectionReading | None":
        """The same where only a part of the questionnaire is asked; None for a sheet with nothing of it."""
        found = _within(self.map, part)
        copies = tuple(_within(copy, part) for copy in self.copies)
        return SectionReading(self.sheet, found, self.compared.within(part), copies) if found.rows else None

    @property
    def has_order(self) -> bool:
        """True if the rows stand in the order they were sent in, and no key and no question in sight says otherwise."""
        order = [slot.row for _, slot in sorted(self.slots.items())]
        agree = all(self.map.by_key.get(row, slot) is slot for row, slot in self.map.by_number.items())
        return agree and order == sorted(order)

    def places(self) -> Iterator[Place]:
        """The places of the sheet, top down, and those of copies beside it."""
        doubted = self.compared.doubted
        own = ((slot, row, self.map.columns) for row, slot in sorted(self.slots.items()))
        copied = ((slot, row, copy.columns) for copy in self.copies for row, slot in copy.rows.items())
        for slot, row, columns in chain(own, copied):
            place = place_at(slot, self.sheet, row, columns)
            yield replace(place, in_doubt=True) if slot.block.code in doubted else place

    def cells(self) -> Iterator[At]:
        """The cells in which a respondent writes, also those of copies."""
        for found, rows in ((self.map, self.slots), *((copy, copy.rows) for copy in self.copies)):
            columns = [found.columns[column] for column in READ if column in found.columns]
            yield from ((row, column) for row in rows for column in columns)

    @property
    def marks(self) -> frozenset[At]:
        """The answer cells of options, over which people put boxes to tick."""
        answer = self.map.columns[Column.ANSWER]
        return frozenset((row, answer) for row, slot in self.slots.items() if isinstance(slot.field.type, Mark))


def _within(found: SheetMap[Column, Slot], part: Layout) -> SheetMap[Column, Slot]:
    """The rows of a sheet that a part of the questionnaire asks."""
    by_key, by_number = (
        {row: now for row, slot in rows.items() if (now := part.by_key.get(slot.key)) is not None}
        for rows in (found.by_key, found.by_number)
    )
    return replace(found, by_key=by_key, by_number=by_number)


def place_at(slot: Slot, sheet: Sheet, row: int, columns: Mapping[Column, int]) -> Place:
    """The place of a slot in a row of a sheet whose columns are these."""
    cells, answer = sheet.rows[row], columns[Column.ANSWER]
    formulas, computed = sheet.metadata.formulas, slot.is_computed
    counted = isinstance(slot.field.type, Selection) or (computed and (row, answer) in formulas)
    if_none = calculated(sheet, (row, columns.get(Column.IF_NONE, -1)))
    comment = calculated(sheet, (row, columns.get(Column.COMMENT, -1)))
    confirm = calculated(sheet, (row, columns.get(Column.CONFIRM, -1)))
    note = sheet.metadata.notes.get((row, answer), "")
    at = sheet.in_file((row, answer)) if answer >= 0 else (row, answer)
    return Place(
        slot,
        sheet.name,
        *at,
        # The form's own formulas count the options of a choice, and compute: without a result they say nothing.
        _total(sheet, (row, answer))
        if counted and isinstance(slot.block, TableBlock)
        else cell_at(cells, answer)
        if counted
        else _answer(slot, sheet, (row, answer)),
        if_none,
        note if note and is_blank(comment) else comment,
        confirm,
        _printed(cells, columns),
        has_formula=(row, answer) in formulas and not counted,
        note=note,
        overwritten=computed and not counted and bool(formulas),
    )


def _total(sheet: Sheet, at: At) -> CellValue:
    """What the form's own formula of a total shows, None without its result."""
    value = calculated(sheet, at)
    return None if isinstance(value, NoResult) else value


def _printed(cells: list[CellValue], columns: Mapping[Column, int]) -> tuple[CellValue, ...]:
    if columns.keys().isdisjoint(PRINTED):
        return _NOT_PRINTED
    return tuple(cell_at(cells, columns.get(column, -1)) for column in PRINTED)


def _answer(slot: Slot, sheet: Sheet, at: At) -> CellValue:
    """What an answer cell shows, or for an option a box over it that is ticked."""
    value = calculated(sheet, at)
    is_free = isinstance(slot.field.type, Mark) and is_blank(value)
    boxes = sheet.metadata.checkboxes if is_free else ()
    return "☑" if any(box.is_ticked and at in box.cells for box in boxes) else value


def calculated(sheet: Sheet, at: At) -> CellValue:
    """What a cell shows; a formula without its result, or what is crossed out, is content but no answer."""
    row, column = at
    value = cell_at(sheet.rows[row], column) if row < len(sheet.rows) else None
    metadata = sheet.metadata
    if value is None or value == "":
        return NoResult("=") if at in metadata.formulas else value
    if at in metadata.without_result and value == 0:
        return NoResult("=")
    if at in metadata.struck and not is_blank(value):
        return StruckOut(cell_text(value))
    return value if is_blank(value) else fitted(seen(value, metadata, at), metadata, at)
