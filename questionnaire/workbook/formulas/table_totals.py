"""Writes the formulas of the cells of a table that nobody fills in: the sums of their parts."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from questionnaire.addresses import column_letter
from questionnaire.declaration.lists.table_block import Cell, Totals
from questionnaire.layout import Slot, TableSheet
from questionnaire.rules.evaluate import DECIMALS
from questionnaire.table_columns import number_column

_MOST_ARGUMENTS = 200


def total(slot: Slot, sheet: TableSheet) -> str:
    """The number of a computed cell: the sum of its parts, or of those that are known; "" where there is none."""
    parts = sheet.block.computed[slot.line, slot.field.code]
    areas = tuple(_areas(parts, sheet))
    value = _over("SUM", areas)
    if not slot.field.type.traits.whole:
        value = f"ROUND({value},{DECIMALS})"
    needed = ">0" if sheet.block.totals_are is Totals.FROM_KNOWN else f"={len(parts)}"
    return f'IF({_over("COUNT", areas)}{needed},{value},"")'


def is_incomplete(slot: Slot, sheet: TableSheet) -> str:
    """True where a computed cell has a number, and one of its parts has none."""
    parts = sheet.block.computed[slot.line, slot.field.code]
    count = _over("COUNT", tuple(_areas(parts, sheet)))
    return f"AND({count}>0,{count}<{len(parts)})"


def _over(function: str, areas: Sequence[str]) -> str:
    """A function over all areas: a call takes no more than 255."""
    calls = (areas[first : first + _MOST_ARGUMENTS] for first in range(0, len(areas), _MOST_ARGUMENTS))
    return "+".join(f"{function}({','.join(some)})" for some in calls)


def _areas(parts: Iterable[Cell], sheet: TableSheet) -> Iterator[str]:
    """The helper cells with the numbers of the parts, those beside and below one another as one area."""
    by_columns: dict[tuple[tuple[int, int], ...], list[int]] = {}
    for line, cells in groupby(sorted(parts), key=lambda cell: cell[0]):
        places = sorted(sheet.columns[number_column(column)] for _, column in cells)
        by_columns.setdefault(tuple(_runs(places)), []).append(sheet.row(line))
    for columns, rows in by_columns.items():
        for top, bottom in _runs(rows):
            for left, right in columns:
                first, last = f"{column_letter(left)}{top + 1}", f"{column_letter(right)}{bottom + 1}"
                yield first if first == last else f"{first}:{last}"


def _runs(numbers: Iterable[int]) -> Iterator[tuple[int, int]]:
    """The first and the last of each row of consecutive numbers, of some in order."""
    found: list[tuple[int, int]] = []
    for number in numbers:
        if found and found[-1][1] == number - 1:
            found[-1] = found[-1][0], number
        else:
            found.append((number, number))
    yield from found
