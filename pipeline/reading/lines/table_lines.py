"""Reads the lines of a return's tables: each is known by the texts printed on it, else by its number, else by its key.

Every line of a table is read, also where it is blank or its row is gone: its lines are given, not added by the
respondent.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from pipeline.findings import Finding
from pipeline.reading.computed import computed_reading, total
from pipeline.reading.lines.list_lines import ReadLine
from pipeline.reading.lines.table_findings import table_findings
from pipeline.reading.places.lines.found_table import WHOLE, FoundTable
from pipeline.reading.places.lines.list_sheets import FoundList
from pipeline.reading.places.place import place_at
from pipeline.reading.reading import Reading
from pipeline.reading.submission import PRINTED
from pipeline.reading.values.cell_texts import cell_text
from pipeline.reading.values.parsed import BLANK, Context, Parsed
from pipeline.reading.values.parsing import parse, with_reason
from questionnaire.blanks import AnswerStatus, is_blank
from questionnaire.declaration.lists.table_block import TableBlock
from questionnaire.layout import REASON, Column, Slot, TableSheet
from questionnaire.rounds.previous_round import cells_before
from questionnaire.rules.evaluate import Line

Reason = tuple[Parsed, str]
"""Why there is no answer, and the text that says so."""


def read_table(
    sheets: Sequence[FoundList],
    context: Context,
    previous: Mapping[str, Sequence[Line]] | None = None,
    is_older: bool = False,
) -> tuple[list[ReadLine], list[Finding]]:
    """The lines of a table, and what is odd about its sheet; a second sheet of it is compared with the first.

    The first is one in which something stands: people copy a sheet, and leave one of the two as it was.
    `previous` are the lines of the respondent in the previous round, by table, None where there was none.
    """
    filled = sorted(sheets, key=lambda sheet: not sheet.says_something) if len(sheets) > 1 else sheets
    first, *others = (
        FoundTable(sheet, sheet.layout, is_older) for sheet in filled if isinstance(sheet.layout, TableSheet)
    )
    lines = list(_lines(first, context))
    copies = [(other, list(_lines(other, context))) for other in others]
    findings = list(table_findings(first, lines, copies))
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
    number, parsed_by = total(block, parts)
    return computed_reading(shown, number, parsed_by=parsed_by)


def _typed(table: FoundTable, context: Context) -> Iterator[ReadLine]:
    whole = _reason(table, table.rows.get(WHOLE), (BLANK, ""), context)
    for line in range(1, table.block.most_lines + 1):
        row = table.rows.get(line)
        own = whole if row is None else _reason(table, row, whole, context)
        cells = {slot.field.code: _reading(table, slot, row, own, context) for slot in table.layout.slots(line, row)}
        yield ReadLine(table.block, line, _once(cells), stated=0 if row is None else table.found.lines.get(row, 0))


def _reason(table: FoundTable, row: int | None, otherwise: Reason, context: Context) -> Reason:
    """The reason why the blank cells of a row, or of the whole table, have no answer; BLANK for none."""
    value = table.value(row, REASON) if row is not None else None
    return otherwise if is_blank(value) else (with_reason(BLANK, value, context), cell_text(value))


def _reading(table: FoundTable, slot: Slot, row: int | None, reason: Reason, context: Context) -> Reading:
    code = slot.field.code
    columns = {Column.ANSWER: table.found.map.columns[code]}
    place = None if row is None else place_at(slot, table.found.sheet, row, columns)
    if code in table.block.dimension_codes:
        label = table.block.coordinates(slot.line)[code]
        return Reading(slot, place, Parsed(AnswerStatus.ANSWERED, label, PRINTED, code=label))
    parsed = parse(slot.field.type, place.answer, None, context) if place else BLANK
    if parsed.status is not AnswerStatus.BLANK:
        return Reading(slot, place, parsed).noting_format()
    return Reading(slot, place, reason[0], if_none=reason[1])


def _once(cells: dict[str, Reading]) -> dict[str, Reading]:
    """The cells of a line; what is wrong with its one reason is reported at the first of them."""
    seen: set[object] = set()
    kept = {}
    for code, cell in cells.items():
        faults = tuple(fault for fault in cell.parsed.faults if not (cell.if_none and (fault.code in seen)))
        seen |= {fault.code for fault in faults} if cell.if_none else set()
        kept[code] = cell._replace(parsed=replace(cell.parsed, faults=faults))
    return kept
