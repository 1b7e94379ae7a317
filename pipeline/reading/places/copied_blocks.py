"""Finds the blocks of a section sheet that somebody copied to the right of it, with their numbers and questions.

It looks at one sheet at a time and reads no answer.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from pipeline.reading.places.form_texts import FormTexts
from pipeline.reading.places.plans import READ
from pipeline.reading.places.sheet_map import NOWHERE, Marks, SheetMap, cell_at
from pipeline.reading.workbooks.grids import Sheet
from questionnaire.layout import Column, Slot

_FEWEST_ROWS = 2
_COPIED = (Column.QUESTION, *READ)


def copied_blocks(
    sheet: Sheet, marks: Marks[Column, Slot], found: SheetMap[Column, Slot], texts: FormTexts
) -> Iterator[SheetMap[Column, Slot]]:
    """Where things stand in each further column of numbers, for the rows where a number stands beside its question."""
    own = found.columns[Column.NUMBER]
    others = sorted(column for column in marks.numbers if column != own) if found.by_number else []
    for column, following in zip(others, (*others[1:], None), strict=False):
        columns = _columns(marks, found, column, following)
        rows = {
            row: slot
            for row, slot in marks.numbers[column].items()
            if texts.is_label(slot, str(cell_at(sheet.rows[row], columns[Column.QUESTION]) or ""))
        }
        if len(rows) >= _FEWEST_ROWS:
            yield replace(found, columns=columns, by_key={}, by_number=rows, disagreeing=(), without=(), gone=())


def _columns(
    marks: Marks[Column, Slot], found: SheetMap[Column, Slot], number: int, following: int | None
) -> Mapping[Column, int]:
    """The columns of a copy, up to the `following` one: by the headings that came with it, else as far as before."""
    headed = {
        name: at for name, places in marks.headings.items() for _, at in places if _is_within(at, number, following)
    }
    shift = number - found.columns[Column.NUMBER]
    columns = {Column.NUMBER: number, **dict.fromkeys(_COPIED, NOWHERE)}
    for name in _COPIED:
        sent = found.columns.get(name, NOWHERE)
        at = headed.get(name, NOWHERE) if Column.ANSWER in headed else sent + shift if sent >= 0 else NOWHERE
        columns[name] = at if _is_within(at, number, following) else NOWHERE
    return columns


def _is_within(column: int, number: int, following: int | None) -> bool:
    return column > number and (following is None or column < following)
