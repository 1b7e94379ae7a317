"""Reads the lines of a return's tables: each is known by the texts printed on it, else by its number, else by its key.

Every line of a table that is there is read, also where it is blank: its lines are given, not added by the respondent.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from pipeline.findings import Finding, finding
from pipeline.reading.computed import FROM_KNOWN, computed_reading
from pipeline.reading.computed import PARSED_BY as COMPUTED
from pipeline.reading.list_lines import ReadLine
from pipeline.reading.places.list_sheets import FoundList
from pipeline.reading.places.place import calculated, place_at
from pipeline.reading.reading import Reading
from pipeline.reading.values.cell_texts import cell_text
from pipeline.reading.values.parsed import BLANK, Context, Parsed
from pipeline.reading.values.parsing import parse, with_reason
from pipeline.reading.workbooks.grids import CellValue
from questionnaire.addresses import address
from questionnaire.blanks import AnswerStatus, is_blank
from questionnaire.codelists import choice_key
from questionnaire.declaration.table_block import TableBlock, Totals
from questionnaire.layout import REASON, Column, Slot, TableSheet
from questionnaire.messages import wording
from questionnaire.rounds.previous_round import cells_before
from questionnaire.rules.evaluate import DECIMALS, Line
from questionnaire.rules.rule import Severity

PRINTED = "printed"
"""The parsing rule of a dimension: nobody answers it."""

Reason = tuple[Parsed, str]
"""Why there is no answer, and the text that says so."""

WHOLE = 0
"""The number of the row whose reason holds for the whole table."""

_WHOLE_TEXTS = frozenset(choice_key(text) for text in wording("workbook", "table_whole").values())


@dataclass(frozen=True)
class FoundTable:
    """The sheet of a table as it came back, and the line that each of its rows is."""

    found: FoundList
    layout: TableSheet

    @property
    def block(self) -> TableBlock:
        return self.layout.block

    @property
    def name(self) -> str:
        """The name of the sheet."""
        return self.found.sheet.name

    @cached_property
    def claims(self) -> Mapping[int, tuple[int, ...]]:
        """The rows that say they are a line, by its number; first the one whose number and texts agree."""
        found: dict[int, list[int]] = defaultdict(list)
        for row in range(self.found.map.first_row, len(self.found.sheet.rows)):
            stated, shown = self.found.lines.get(row), self._shown(row)
            line = stated if shown is None else shown
            if line is not None and line <= self.block.most_lines:
                found[line].append(row)
        return {
            line: tuple(sorted(rows, key=lambda row: (self.found.lines.get(row) != line, row)))
            for line, rows in found.items()
        }

    @cached_property
    def rows(self) -> Mapping[int, int]:
        """The row of each line that is there."""
        return {line: rows[0] for line, rows in sorted(self.claims.items())}

    @property
    def moved(self) -> tuple[int, ...]:
        """The lines whose printed texts stand beside the number of another line."""
        numbers = self.found.map.by_number
        return tuple(line for line, row in self.rows.items() if numbers.get(row, line) != line)

    def value(self, row: int, name: str) -> CellValue:
        """What a cell of a row shows, None where its column is gone."""
        return calculated(self.found.sheet, (row, self.found.map.columns.get(name, -1)))

    def cell(self, row: int, name: str) -> str:
        """The address of a cell, "" where its column is gone."""
        at = self.found.map.columns.get(name, -1)
        return address(row, at) if at >= 0 else ""

    def typed(self, row: int) -> list[str]:
        """What stands in the cells of a row that somebody fills in, and in those where nothing is asked."""
        values = (self.value(row, name) for name in (*self.block.measured, REASON))
        return [cell_text(value) for value in values if not is_blank(value)]

    def is_line(self, row: int) -> bool:
        """True for a row that is a line of the table, or that of the whole table."""
        return any(row in rows for rows in self.claims.values())

    def _shown(self, row: int) -> int | None:
        """The line that the printed texts of a row say it is, in any language; None where they do not."""
        texts = [self.value(row, dimension.name) for dimension in self.block.dimensions]
        first = texts[0]
        if isinstance(first, str) and choice_key(first) in _WHOLE_TEXTS:
            return WHOLE
        codes = [
            dimension.codelist.find(cell_text(text)) if not is_blank(text) else None
            for dimension, text in zip(self.block.dimensions, texts, strict=True)
        ]
        if any(code is None for code in codes):
            return None
        return self.block.line_of(tuple(code.code for code in codes if code is not None)) or None


def read_table(
    sheets: Sequence[FoundList], context: Context, previous: Mapping[str, Sequence[Line]] | None = None
) -> tuple[list[ReadLine], list[Finding]]:
    """The lines of a table, and what is odd about its sheet; a second sheet of it is compared with the first.

    `previous` are the lines of the respondent in the previous round, by table, None where there was none.
    """
    first, *others = (FoundTable(sheet, sheet.layout) for sheet in sheets if isinstance(sheet.layout, TableSheet))
    lines = list(_lines(first, context))
    findings = [*_odd(first), *_blank(first, lines), *_incomplete(first, lines)]
    for other in others:
        findings += _copied(first, other, lines, list(_lines(other, context)))
    if previous is not None:
        lines = list(_compared(first.block, lines, previous.get(first.block.code, ())))
    return lines, findings


def _compared(block: TableBlock, lines: Iterable[ReadLine], previous: Iterable[Line]) -> Iterator[ReadLine]:
    """The lines, each with what its cells held in the previous round."""
    before = cells_before(block, previous)
    for line in lines:
        then = {code: before[line.number, code] for code in line.cells if (line.number, code) in before}
        yield replace(line, previous=then)


def _lines(table: FoundTable, context: Context) -> Iterator[ReadLine]:
    """The lines with their totals worked out, where nobody fills them in."""
    lines = list(_typed(table, context))
    numbers = {(line.number, code): cell.parsed.number for line in lines for code, cell in line.cells.items()}
    for line in lines:
        totals = {
            code: _total(line.cells[code], [numbers.get(part) for part in parts])
            for code in line.cells
            if (parts := table.block.computed.get((line.number, code)))
        }
        yield replace(line, cells={**line.cells, **totals})


def _total(shown: Reading, parts: Sequence[float | None]) -> Reading:
    """The sum of its parts as the table declares it; what its cell shows is compared."""
    block = shown.slot.block
    assert isinstance(block, TableBlock), "only tables have totals"
    known = [part for part in parts if part is not None]
    is_whole = len(known) == len(parts)
    if not known or not (is_whole or block.totals_are is Totals.FROM_KNOWN):
        return computed_reading(shown, None)
    return computed_reading(shown, round(sum(known), DECIMALS), parsed_by=COMPUTED if is_whole else FROM_KNOWN)


def _typed(table: FoundTable, context: Context) -> Iterator[ReadLine]:
    whole = _reason(table, table.rows.get(WHOLE), (BLANK, ""), context)
    for line, row in table.rows.items():
        if line == WHOLE:
            continue
        own = _reason(table, row, whole, context)
        cells = {slot.field.code: _reading(table, slot, row, own, context) for slot in table.layout.slots(line, row)}
        yield ReadLine(table.block, line, _once(cells), stated=table.found.lines.get(row, 0))


def _reason(table: FoundTable, row: int | None, otherwise: Reason, context: Context) -> Reason:
    """The reason why the blank cells of a row, or of the whole table, have no answer; BLANK for none."""
    value = table.value(row, REASON) if row is not None else None
    return otherwise if is_blank(value) else (with_reason(BLANK, value, context), cell_text(value))


def _reading(table: FoundTable, slot: Slot, row: int, reason: Reason, context: Context) -> Reading:
    code = slot.field.code
    place = place_at(slot, table.found.sheet, row, {Column.ANSWER: table.found.map.columns[code]})
    if code in table.block.dimension_codes:
        label = table.block.coordinates(slot.line)[code]
        return Reading(slot, place, Parsed(AnswerStatus.ANSWERED, label, PRINTED, code=label))
    parsed = parse(slot.field.type, place.answer, None, context)
    if parsed.status is not AnswerStatus.BLANK:
        return Reading(slot, place, parsed)
    return Reading(slot, place, reason[0], if_none=reason[1])


def _once(cells: dict[str, Reading]) -> dict[str, Reading]:
    """The cells of a line; what is wrong with its one reason is reported at the first of them."""
    seen: set[object] = set()
    kept = {}
    for code, cell in cells.items():
        faults = tuple(fault for fault in cell.parsed.faults if not (cell.if_none and (fault.code in seen)))
        seen |= {fault.code for fault in faults} if cell.if_none else set()
        kept[code] = replace(cell, parsed=replace(cell.parsed, faults=faults))
    return kept


# --- findings -----------------------------------------------------------------------------------------------


def _odd(table: FoundTable) -> Iterator[Finding]:
    """Lines that are gone, moved, or there twice; answers where nothing is asked."""
    name, sheet = table.name, {"sheet": table.name}
    if gone := [line for line in range(1, table.block.most_lines + 1) if line not in table.rows]:
        yield finding("lines_removed", Severity.WARNING, {**sheet, **_named(gone)}, sheet=name)
    if table.moved:
        cell = table.cell(table.rows[table.moved[0]], table.block.dimensions[0].name)
        yield finding("table_lines_moved", Severity.WARNING, {**sheet, **_named(table.moved)}, sheet=name, cell=cell)
    for line, (_, *others) in table.claims.items():
        for row in others:
            if typed := " | ".join(table.typed(row)):
                values = {**sheet, "line": table.layout.number(line), "typed": typed}
                cell = table.cell(row, table.block.dimensions[0].name)
                yield finding("table_line_twice", Severity.ERROR, values, sheet=name, cell=cell, value=typed)
    yield from _impossible(table)


def _impossible(table: FoundTable) -> Iterator[Finding]:
    """Answers in cells of combinations that cannot occur."""
    for line, row in table.rows.items():
        for column in table.block.measured if line != WHOLE else ():
            value = table.value(row, column)
            if is_blank(value) or value == 0 or table.block.occurs(line, column):
                continue
            values = {"sheet": table.name, "line": table.layout.number(line), "typed": cell_text(value)}
            where = {"indicator": table.block.indicator, "field": f"{table.block.code}.{column}"}
            cell = table.cell(row, column)
            yield finding(
                "cannot_occur", Severity.ERROR, values, **where, sheet=table.name, cell=cell, value=cell_text(value)
            )


def _blank(table: FoundTable, lines: Sequence[ReadLine]) -> Iterator[Finding]:
    """One note on all cells that are neither answered nor said to have no answer."""
    blank = [
        (line.number, reading.place.cell if reading.place else "")
        for line in lines
        for reading in line.cells.values()
        if reading.parsed.status is AnswerStatus.BLANK and not reading.slot.is_computed
    ]
    if blank:
        numbers = list(dict.fromkeys(number for number, _ in blank))
        values = {"sheet": table.name, "cells": len(blank), **_named(numbers)}
        where = {"indicator": table.block.indicator, "sheet": table.name, "cell": blank[0][1]}
        yield finding("cells_blank", Severity.WARNING, values, **where)


def _incomplete(table: FoundTable, lines: Sequence[ReadLine]) -> Iterator[Finding]:
    """One note on all totals of what is known."""
    readings = [reading for line in lines for reading in line.cells.values() if reading.parsed.parsed_by == FROM_KNOWN]
    cells = [reading.place.cell for reading in readings if reading.place]
    if cells:
        values = {"sheet": table.name, "count": len(cells), "cells": ", ".join(cells)}
        where = {"indicator": table.block.indicator, "sheet": table.name, "cell": cells[0]}
        yield finding("totals_from_known", Severity.INFO, values, **where)


def _copied(
    first: FoundTable, other: FoundTable, lines: Sequence[ReadLine], others: Sequence[ReadLine]
) -> Iterator[Finding]:
    """That a table stands on a second sheet too: an error where that says something else."""
    said = {line.number: line.content for line in lines}
    differing = [line.number for line in others if not _says_nothing(line) and said.get(line.number) != line.content]
    values = {"sheet": other.name, "other": first.name, **_named(differing)}
    severity = Severity.ERROR if differing else Severity.INFO
    yield finding("table_copied" if differing else "table_copied_alike", severity, values, sheet=other.name)


def _says_nothing(line: ReadLine) -> bool:
    return all(cell.parsed.status is AnswerStatus.BLANK for cell in line.cells.values() if not _is_printed(cell))


def _is_printed(cell: Reading) -> bool:
    return cell.parsed.parsed_by == PRINTED


def _named(lines: Sequence[int]) -> dict[str, object]:
    """How many lines, and which: runs of them as L3–L8."""
    runs: list[list[int]] = []
    for line in lines:
        if runs and runs[-1][-1] == line - 1:
            runs[-1].append(line)
        else:
            runs.append([line])
    said = (f"L{run[0]}" if len(run) == 1 else f"L{run[0]}–L{run[-1]}" for run in runs)
    return {"count": len(lines), "lines": ", ".join(said)}
