"""Describes the place of a slot in a returned workbook: where its row went, and what stands in the cells to fill in.

It reads the rows that a map of the sheet names, and decides nothing between them.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from types import NoneType
from typing import NamedTuple

from pipeline.reading.places.fitting import fitted, number_in
from pipeline.reading.places.plans import PRINTED, READ
from pipeline.reading.places.sheet_map import NOWHERE, Pick, SheetMap, cell_at, picking
from pipeline.reading.places.visible_questions import Compared
from pipeline.reading.values.cell_texts import cell_text
from pipeline.reading.values.shown import seen, shows_texts
from pipeline.reading.workbooks.grids import CellValue, ErrorText, NoResult, Sheet, StruckOut
from pipeline.reading.workbooks.metadata import NO_COLUMNS, At
from questionnaire.addresses import address
from questionnaire.blanks import is_blank
from questionnaire.declaration.answer_types import Mark, Selection
from questionnaire.declaration.lists.table_block import TableBlock
from questionnaire.layout import Column, Layout, Slot

_NOT_PRINTED = (None,) * len(PRINTED)
_NOTHING = ("", None)
_KEPT, _LONGEST_KEPT = 4096, 64
"""How many rows of a sheet are kept by what stands in them, and the characters of each text."""

_TEXTS = frozenset((str, NoneType))
_BESIDE = (Column.IF_NONE, Column.COMMENT, Column.CONFIRM)


class Place(NamedTuple):
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
    def says_nothing_else(self) -> bool:
        """True where nothing at all stands beside the answer; an error is something, even one without a text."""
        is_bare = self.if_none in _NOTHING and self.comment in _NOTHING and self.confirm in _NOTHING
        return is_bare and not isinstance(self.comment, ErrorText)

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

    `copies` are the blocks of it that were copied beside it, with answers of their own. `kept` are the places of sheets
    that are as this one but for answers; None for a sheet that is not known to be as one before.
    """

    sheet: Sheet
    map: SheetMap[Column, Slot]
    compared: Compared = field(default_factory=Compared)
    copies: tuple[SheetMap[Column, Slot], ...] = ()
    kept: "KeptPlaces | None" = None

    @cached_property
    def slots(self) -> Mapping[int, Slot]:
        """The slot of each row."""
        return {**self.map.rows, **self.compared.followed}

    def within(self, part: Layout) -> "SectionReading | None":
        """The same where only a part of the questionnaire is asked; None for a sheet with nothing of it."""
        found = _within(self.map, part)
        copies = tuple(_within(copy, part) for copy in self.copies)
        return SectionReading(self.sheet, found, self.compared.within(part), copies) if found.rows else None

    @cached_property
    def has_order(self) -> bool:
        """True if the rows stand in the order they were sent in, and no key and no question in sight says otherwise."""
        order = [slot.row for _, slot in sorted(self.slots.items())]
        agree = all(self.map.by_key.get(row, slot) is slot for row, slot in self.map.by_number.items())
        return agree and order == sorted(order)

    def places(self) -> Iterator[Place]:
        """The places of the sheet, top down, and those of copies beside it."""
        written, own = _Written.of(self.map.columns), sorted(self.slots.items())
        if self.kept is not None:
            yield from self.kept.places(own, self.sheet, written, self._place)
            return
        yield from (self._place(slot, row, written) for row, slot in own)
        for copy in self.copies:
            columns = _Written.of(copy.columns)
            yield from (self._place(slot, row, columns) for row, slot in copy.rows.items())

    def _place(self, slot: Slot, row: int, columns: "_Written") -> Place:
        place = _place(slot, self.sheet, row, columns)
        return place._replace(in_doubt=True) if slot.block.code in self.compared.doubted else place

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
    return _place(slot, sheet, row, _Written.of(columns))


class _Written(NamedTuple):
    """The columns of a sheet that people write in, and those that show what was answered before; none is -1."""

    answer: int
    if_none: int
    comment: int
    confirm: int
    printed: tuple[int, ...]

    @classmethod
    def of(cls, columns: Mapping[Column, int]) -> "_Written":
        shows = not columns.keys().isdisjoint(PRINTED)
        printed = tuple(columns.get(column, NOWHERE) for column in PRINTED) if shows else ()
        if_none, comment, confirm = (columns.get(column, NOWHERE) for column in _BESIDE)
        return cls(columns[Column.ANSWER], if_none, comment, confirm, printed)

    @property
    def picking(self) -> Pick:
        """What takes their cells out of a row."""
        own = (self.answer, self.if_none, self.comment, self.confirm, *self.printed)
        return picking(frozenset(own) - {NOWHERE})


class KeptPlaces:
    """The places of the rows of one section sheet by the texts in them, for sheets that are else the same.

    Most people choose from lists, or leave a row as it is. Only rows with short texts, or with nothing, are kept.
    """

    def __init__(self) -> None:
        self._places: dict[tuple[int, tuple[CellValue, ...]], Place] = {}

    def places(
        self,
        rows: Iterable[tuple[int, Slot]],
        sheet: Sheet,
        columns: _Written,
        make: Callable[[Slot, int, _Written], Place],
    ) -> Iterator[Place]:
        """The place of each of these rows; `make` makes those that are new."""
        pick = columns.picking
        for row, slot in rows:
            cells = pick(sheet.rows[row])
            place = self._places.get((row, cells))
            if place is None:
                place = make(slot, row, columns)
                self._keep(row, cells, place)
            yield place

    def _keep(self, row: int, cells: tuple[CellValue, ...], place: Place) -> None:
        """Keep a place by its texts: a number is equal to another sort of value, which is read otherwise."""
        if _TEXTS.issuperset(map(type, cells)) and all(len(str(text)) <= _LONGEST_KEPT for text in cells):
            if len(self._places) >= _KEPT:
                self._places.clear()
            self._places[row, cells] = place


def _place(slot: Slot, sheet: Sheet, row: int, columns: _Written) -> Place:
    cells, answer, metadata = sheet.rows[row], columns.answer, sheet.metadata
    formulas = metadata.calculated.get(row, NO_COLUMNS)
    has_formula = answer in formulas
    counted = isinstance(slot.field.type, Selection) or (has_formula and slot.is_computed)
    # The form's own formulas count the options of a choice, and compute: without a result they say nothing.
    if not counted:
        value = _answer(slot, sheet, cells, (row, answer), formulas)
    elif isinstance(slot.block, TableBlock):
        value = _total(sheet, (row, answer))
    else:
        value = cell_at(cells, answer)
    comment = _held(sheet, cells, (row, columns.comment), formulas)
    note = metadata.notes.get((row, answer), "") if metadata.notes else ""
    at = sheet.in_file((row, answer)) if sheet.is_turned and answer >= 0 else (row, answer)
    return Place(
        slot,
        sheet.name,
        *at,
        value,
        _held(sheet, cells, (row, columns.if_none), formulas),
        note if note and is_blank(comment) else comment,
        _held(sheet, cells, (row, columns.confirm), formulas),
        tuple([cell_at(cells, column) for column in columns.printed]) if columns.printed else _NOT_PRINTED,
        has_formula=has_formula and not counted,
        note=note,
        overwritten=not counted and bool(metadata.formulas) and slot.is_computed,
    )


def _held(sheet: Sheet, cells: list[CellValue], at: At, formulas: frozenset[int]) -> CellValue:
    """What a cell of a row with formulas in these columns shows, as `calculated`; most have nothing in them."""
    column = at[1]
    value = cells[column] if 0 <= column < len(cells) else None
    return value if (value is None or value == "") and column not in formulas else calculated(sheet, at)


def _total(sheet: Sheet, at: At) -> CellValue:
    """What the form's own formula of a total shows, None without its result."""
    value = calculated(sheet, at)
    return None if isinstance(value, NoResult) else value


def _answer(slot: Slot, sheet: Sheet, cells: list[CellValue], at: At, formulas: frozenset[int]) -> CellValue:
    """What an answer cell shows, or for an option a box over it that is ticked."""
    value, boxes = _held(sheet, cells, at, formulas), sheet.metadata.checkboxes
    if not boxes or not isinstance(slot.field.type, Mark) or not is_blank(value):
        return value
    return "☑" if any(box.is_ticked and at in box.cells for box in boxes) else value


def calculated(sheet: Sheet, at: At) -> CellValue:
    """What a cell shows; a formula without its result, or what is crossed out, is content but no answer."""
    row, column = at
    value = cell_at(sheet.rows[row], column) if row < len(sheet.rows) else None
    metadata = sheet.metadata
    if value is None or value == "":
        return NoResult("=") if at in metadata.formulas else value
    if type(value) is str and value[0] != "=" and metadata.is_bare(at):
        # So are nearly all texts of nearly all returns.
        code = metadata.number_formats.get(at, "")
        if not code or shows_texts(code):
            return value
    is_of_its_own = at not in metadata.formulas and at not in metadata.merging and not metadata.hides_zeros
    if type(value) is float and is_of_its_own and metadata.is_bare(at):
        return number_in(value, metadata.number_formats.get(at, ""), metadata.width(column))
    if at in metadata.without_result and value == 0:
        return NoResult("=")
    if at in metadata.struck and not is_blank(value):
        return StruckOut(cell_text(value))
    return value if is_blank(value) else fitted(seen(value, metadata, at), metadata, at)
