"""Reads the lines of a return's lists: what each cell of a filled line says, and what is odd about the sheets.

A line is what stands in a row, wherever the row went; a row that was inserted and filled in is a line like the others.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from pipeline.findings import Finding, finding
from pipeline.reading.computed import compute_lines
from pipeline.reading.lines.list_lines import ReadLine
from pipeline.reading.lines.marked_lines import counting
from pipeline.reading.lines.table_lines import read_table
from pipeline.reading.places.lines.foreign_cells import calculating, foreign_cells
from pipeline.reading.places.lines.list_sheets import FoundList
from pipeline.reading.places.place import calculated, place_at
from pipeline.reading.places.reports.columns_gone import columns_elsewhere
from pipeline.reading.reading import Reading
from pipeline.reading.values.cell_texts import cell_text
from pipeline.reading.values.parsed import Context
from pipeline.reading.values.parsing import parse
from pipeline.reading.workbooks.grids import CellValue, ErrorText
from questionnaire.addresses import address
from questionnaire.blanks import is_blank
from questionnaire.declaration.answer_types import Coded, Derived
from questionnaire.layout import CONFIRM, Column, Slot, TableSheet
from questionnaire.rounds.previous_round import lines_shown
from questionnaire.rules.evaluate import Evaluator, Line
from questionnaire.rules.rule import Severity

_FEWEST_OF_HEAD = 3
"""So many texts of the form in the cells of one line are its head; the code of an indicator alone may be an answer."""


@dataclass(frozen=True)
class ListLines:
    """All filled lines of a return, and what was found in reading them."""

    lines: tuple[ReadLine, ...]
    findings: tuple[Finding, ...]


def read_lists(
    found: Sequence[FoundList],
    context: Context,
    evaluator: Evaluator,
    previous: Mapping[str, Sequence[Line]] | None = None,
    is_older: bool = False,
) -> ListLines:
    """The lines of all sheets of lists of a return; `is_older` for one of an older edition.

    `evaluator` is that of the respondent without answers.
    `previous` are the lines of the respondent in the previous round, by list, None where there was none.
    """
    by_list: dict[str, list[FoundList]] = defaultdict(list)
    for sheet in found:
        by_list[sheet.layout.block.code].append(sheet)
    lines: list[ReadLine] = []
    findings: list[Finding] = []
    for sheets in by_list.values():
        if isinstance(sheets[0].layout, TableSheet):
            own, noted = read_table(sheets, context, previous, is_older)
            own = compute_lines(evaluator, own, is_older)
            lines += own
            findings += noted
            findings += [note for line in own for cell in line.readings() for note in cell.findings()]
            continue
        own = _lines(sheets, context)
        if previous is not None and any(sheet.layout.prefilled for sheet in sheets):
            block = sheets[0].layout.block
            own, noted = counting(own, lines_shown(block, previous.get(block.code, ())))
            findings += noted
        own, copied = _once(own)
        own = compute_lines(evaluator, own, is_older)
        lines += own
        for sheet in sheets:
            elsewhere = frozenset(line for other in sheets if other is not sheet for line in other.stated)
            findings += _odd(sheet, elsewhere)
        findings += _copied(sheets, copied)
        findings += [note for line in own for cell in line.readings() for note in cell.findings()]
    return ListLines(tuple(lines), tuple(findings))


def _once(lines: Sequence[ReadLine]) -> tuple[list[ReadLine], Counter[str]]:
    """The lines without those that say what a line of an earlier sheet says; these are counted, by sheet."""
    first: dict[tuple[str, ...], ReadLine] = {}
    copied: Counter[str] = Counter()
    kept = []
    for line in lines:
        if first.setdefault(line.content, line).sheet == line.sheet:
            kept.append(line)
        else:
            copied[line.sheet] += 1
    return kept, copied


# --- lines --------------------------------------------------------------------------------------------------


def _lines(sheets: Sequence[FoundList], context: Context) -> list[ReadLine]:
    """The filled lines, top down; one without a number of its own gets the next that no line of the form has."""
    taken: set[int] = set()
    free = sheets[0].layout.block.most_lines
    lines = []
    for sheet in sheets:
        for row in _filled(sheet):
            number = stated = sheet.lines.get(row, 0)
            if not number or number in taken:
                number = free = max((free, *taken)) + 1
            taken.add(number)
            cells = {slot.field.code: _reading(sheet, slot, row, context) for slot in sheet.layout.slots(number, row)}
            at = sheet.map.columns.get(CONFIRM, -1)
            mark_cell = address(row, at) if at >= 0 else ""
            mark = _as_seen(_mark(sheet, row))
            lines.append(ReadLine(sheet.layout.block, number, cells, mark, mark_cell, stated))
    return lines


def _reading(sheet: FoundList, slot: Slot, row: int, context: Context) -> Reading:
    place = place_at(slot, sheet.sheet, row, {Column.ANSWER: sheet.map.columns[slot.field.code]})
    return Reading(slot, place, parse(slot.field.type, place.answer, None, context)).noting_format()


def _filled(sheet: FoundList) -> Iterator[int]:
    """The rows that are lines with content, if only a mark."""
    for row in range(sheet.map.first_row, len(sheet.sheet.rows)):
        if _says_something(sheet, row) and _is_line(sheet, row):
            yield row


def _says_something(sheet: FoundList, row: int) -> bool:
    """True for a row in which somebody filled in a cell of the list, or put a mark; the head may be sorted in."""
    found = [value for value in (*_typed(sheet, row), _mark(sheet, row)) if not is_blank(value)]
    is_head = len(found) >= _FEWEST_OF_HEAD and all(isinstance(v, str) and sheet.texts.is_own(v) for v in found)
    return bool(found) and not is_head


def _typed(sheet: FoundList, row: int) -> Iterator[CellValue]:
    """What somebody wrote in the cells of a line: what the form computes there is none of it, as long as it does."""
    formulas = sheet.sheet.metadata.formulas
    for code, value in _answers(sheet, row).items():
        at = row, sheet.map.columns[code]
        if not isinstance(sheet.layout.block.field(code).type, Derived) or (formulas and at not in formulas):
            yield value


def _as_seen(mark: CellValue) -> str:
    """A mark before a line; in brackets, and thus no mark, where it is crossed out or nobody sees it."""
    return f"[{mark}]" if isinstance(mark, ErrorText) else cell_text(mark)


def _mark(sheet: FoundList, row: int) -> CellValue:
    """What stands in the cell for the x of a line, None where there is no such cell."""
    return calculated(sheet.sheet, (row, sheet.map.columns.get(CONFIRM, -1)))


def _answers(sheet: FoundList, row: int) -> dict[str, CellValue]:
    """What stands in the cells of a line, by field."""
    codes = sheet.layout.block.field_codes
    return {code: calculated(sheet.sheet, (row, sheet.map.columns[code])) for code in codes}


def _is_line(sheet: FoundList, row: int) -> bool:
    """True for a row that says so, and for one in which something is chosen as only a line does."""
    return row in sheet.lines or any(
        isinstance(scalar := sheet.layout.block.field(code).type, Coded)
        and isinstance(value, str)
        and scalar.codelist.find(value) is not None
        for code, value in _answers(sheet, row).items()
        if not is_blank(value)
    )


# --- findings -----------------------------------------------------------------------------------------------


def _copied(sheets: Sequence[FoundList], copied: Mapping[str, int]) -> Iterator[Finding]:
    """That a list stands on further sheets: what they say otherwise counts too."""
    for sheet in sheets[1:]:
        name = sheet.sheet.name
        values = {"sheet": name, "other": sheets[0].sheet.name, "count": copied.get(name, 0)}
        yield finding("list_copied", Severity.WARNING, values, sheet=name)


def _odd(found: FoundList, elsewhere: frozenset[int]) -> Iterator[Finding]:
    """Rows that are gone and not on a copy, columns moved or in doubt, and content that is no line's."""
    name = found.sheet.name
    if gone := found.gone(elsewhere):
        values = {"sheet": name, "count": len(gone), "lines": ", ".join(f"L{line}" for line in gone)}
        yield finding("lines_removed", Severity.INFO, values, sheet=name)
    yield from columns_elsewhere(found)
    yield from _hidden(found)
    yield from _foreign(found, lambda row: _is_line(found, row))


def _foreign(found: FoundList, is_line: Callable[[int], bool]) -> Iterator[Finding]:
    """Content that the form did not print and no line has: an error where it may be meant as an answer.

    So may be what stands beside a line in which nothing stands.
    """
    name, results = found.sheet.name, calculating(found)
    for row, foreign in foreign_cells(found, is_line):
        typed = " | ".join(cell_text(found.sheet.rows[row][column]) for column in foreign)
        where = {"sheet": name, "cell": address(row, foreign[0]), "value": typed}
        is_beside = not results.isdisjoint(foreign) and any(map(is_blank, _answers(found, row).values()))
        meant = is_beside or (_may_be_line(found, row) and not (is_line(row) and _says_something(found, row)))
        yield finding(
            "unplaced", Severity.ERROR if meant else Severity.WARNING, {"sheet": name, "typed": typed}, **where
        )


def _hidden(found: FoundList) -> Iterator[Finding]:
    """That lines stand in rows or columns that nobody sees; they are read like the others."""
    columns = [column for field in found.layout.block.fields if (column := found.map.columns[field.code]) >= 0]
    unseen = [
        (row, column)
        for row in _filled(found)
        for column in columns
        if not found.sheet.shows((row, column)) and not is_blank(calculated(found.sheet, (row, column)))
    ]
    if unseen:
        values = {"sheet": found.sheet.name, "count": len(unseen)}
        where = {"sheet": found.sheet.name, "cell": address(*unseen[0])}
        yield finding("answers_hidden", Severity.WARNING, values, **where)


def _may_be_line(found: FoundList, row: int) -> bool:
    """True for a row among the lines or below them: what stands there may be meant as one."""
    first = found.map.first_row if found.sheet.metadata.formulas else min(found.lines, default=found.map.first_row)
    return row >= first
