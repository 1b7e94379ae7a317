"""Finds what stands on the sheet of a list or a table and is neither the form's nor in a cell of one of its lines."""

from collections import Counter
from collections.abc import Callable, Iterator

from pipeline.reading.places.lines.list_sheets import FoundList
from pipeline.reading.workbooks.grids import CellValue, ErrorText
from pipeline.reading.workbooks.metadata import At
from questionnaire.blanks import is_blank
from questionnaire.rounds.identity import MARK


def foreign_cells(found: FoundList, is_line: Callable[[int], bool]) -> Iterator[tuple[int, list[int]]]:
    """The rows with such cells, top down, and the columns of these."""
    own, over = found.own, calculating(found)
    for row, cells in enumerate(found.sheet.rows):
        foreign = [
            column
            for column, value in enumerate(cells)
            if not is_blank(value)
            and (_may_be_foreign(found, own, (row, column), is_line) or _is_typed_over(found, over, (row, column)))
            and not _is_own(found, own, (row, column), value)
        ]
        if foreign:
            yield row, foreign


def _may_be_foreign(found: FoundList, own: frozenset[int], at: At, is_line: Callable[[int], bool]) -> bool:
    """True for cells in which the form has nothing to fill in, nor a text of its own that nothing tells from others."""
    (row, column), formulas = at, found.sheet.metadata.formulas
    if row >= found.map.first_row:
        # What helps with a column stands above the first line, and may have been worded otherwise when it was sent.
        is_guidance = (row, column) in formulas and row < min(found.lines, default=0)
        return not is_guidance and (column not in own or not is_line(row))
    # The head names the round and the respondent: only its formulas tell that from what somebody typed.
    return (row, column) not in formulas if formulas else column not in own


def calculating(found: FoundList) -> frozenset[int]:
    """The columns that hold nothing but results of the form, hidden ones among them."""
    lines, own = found.lines.keys(), found.own - {found.map.columns[code] for code in found.layout.block.field_codes}
    counted = Counter(column for row, column in found.sheet.metadata.formulas if row in lines and column in own)
    return frozenset(column for column, count in counted.items() if 2 * count >= len(lines))


def _is_typed_over(found: FoundList, calculating: frozenset[int], at: At) -> bool:
    """True for what somebody typed into a line where the form had a formula."""
    return at[0] in found.lines and at[1] in calculating and at not in found.sheet.metadata.formulas


def _is_own(found: FoundList, own: frozenset[int], at: At, value: CellValue) -> bool:
    """True for what the form shows, also where other programs or lost sheets left nothing of a formula's result."""
    if isinstance(value, ErrorText) or value == 0:
        return at in found.sheet.metadata.formulas and at[1] in own
    return isinstance(value, str) and (value.startswith(MARK) or found.texts.is_own(value))
