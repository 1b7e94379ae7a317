"""Reads a workbook of an older edition as one of today: its keys and numbers become those of today, row by row.

It reads no answer. What the instrument no longer asks, and rows whose key and number do not belong together, are taken
out and reported with their text; nothing is placed by a number alone, since a number only says the old order.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from pipeline.findings import Finding, finding
from pipeline.reading.places.lines.list_sheets import not_asked_then
from pipeline.reading.places.locate import Located
from pipeline.reading.places.place import Place
from pipeline.reading.places.plans import READ
from pipeline.reading.places.sheet_map import cell_at
from pipeline.reading.values.cell_texts import cell_text
from pipeline.reading.workbooks.grids import CellValue, Sheet, Workbook
from questionnaire.addresses import column_letter
from questionnaire.blanks import is_blank
from questionnaire.declaration.answer_types import CURRENCY, UNIT, Derived, Selection
from questionnaire.declaration.earlier.editions import Edition
from questionnaire.indicator_table.identifiers import CODE
from questionnaire.layout import Column, Layout, Slot
from questionnaire.rounds.identity import MARK
from questionnaire.rounds.round import Round
from questionnaire.rules.rule import Severity
from questionnaire.sheet_names import LISTS_SHEET, TEXTS_SHEET
from questionnaire.table_columns import column_key

_KEY = re.compile(rf"({CODE.pattern}):(\w+(?:\.\w+)?)")
_NUMBER = re.compile(rf"({CODE.pattern})-(\d+)(?:\.(\d+))?")


@dataclass(frozen=True)
class _Row:
    """A row of an older section sheet: what it asked, and under which number; `field` is "" without a key."""

    row: int
    indicator: str
    field: str
    number: tuple[str, int, int] | None


@dataclass
class _OlderSheet:
    """A section sheet of an older edition: where its columns are, and its rows with a key or a number."""

    sheet: Sheet
    columns: Mapping[Column, int]
    rows: list[_Row] = field(default_factory=list)


def migrate(workbook: Workbook, edition: Edition, layout: Layout) -> tuple[Workbook, tuple[Finding, ...]]:
    """The workbook with the keys and numbers of today's layout, and what has no place in it.

    Defined names, which are those of the older edition, are left out. Sheets of lists keep their keys: they name lines.
    """
    sheets: list[Sheet] = []
    findings: list[Finding] = []
    for sheet in workbook.sheets:
        rows = [list(row) for row in sheet.rows]
        if sheet.name not in (LISTS_SHEET, TEXTS_SHEET) and not _is_list(sheet, layout):
            findings += _translate(_older_sheet(sheet), rows, edition, layout)
        sheets.append(replace(sheet, rows=rows))
    metadata = replace(workbook.metadata, names={})
    return replace(workbook, sheets=tuple(sheets), metadata=metadata), tuple(findings)


def migrated(located: Located, left: Sequence[Finding], edition: Edition, round_: Round, layout: Layout) -> Located:
    """What was located in a migrated workbook, with what became of its answers, and without what is no news of it.

    What today's edition asks in addition is counted, not missed; `left` is what has no place in it.
    """
    # Against today's layout nobody can say whether a row was deleted, inserted or not asked.
    not_asked = {f"{one.layout.block.code}.{code}" for one in located.lists for code in not_asked_then(one)}
    kept = (
        found
        for found in located.findings
        if not found.traits.layout_only and not (found.code == "column_gone" and found.field in not_asked)
    )
    return replace(located, findings=(_summary(edition, round_, layout, located, len(left)), *left, *kept))


def _summary(edition: Edition, round_: Round, layout: Layout, located: Located, left: int) -> Finding:
    """What became of the answers; an error that asks for the rest, unless the round takes this edition as it is."""
    slots = [layout.by_key[key] for key in located.places]
    asked = [slot for slot in layout.slots if not isinstance(slot.field.type, Derived)]
    carried = sum(_is_answered(slot, located.places[slot.key][0]) for slot in slots)
    values = {
        "found": edition.name, "expected": round_.instrument.edition, "carried": carried, "left": left,
        "new": sum(slot.key not in located.places for slot in asked),
    }  # fmt: skip
    if not slots:
        return finding("other_edition", Severity.BLOCKER, values, value=edition.name)
    severity = Severity.INFO if edition.name in round_.older_editions else Severity.ERROR
    return finding("edition_migrated", severity, values, value=edition.name)


def _is_answered(slot: Slot, place: Place) -> bool:
    """True if something stands in the row; what stands in the first one of a multiple choice only counts."""
    answer, *others = place.content
    return any(others) or bool(answer and not isinstance(slot.field.type, Selection))


def _is_list(sheet: Sheet, layout: Layout) -> bool:
    """True for the sheet of a list that there is today too: its keys are numbers of lines, agreements:1."""
    listed = {block.code for block in layout.instrument.lists}
    keys = (_KEY.fullmatch(_text(cell)) for row in sheet.rows for cell in row)
    return any(key is not None and key[1] in listed and key[2].isdigit() for key in keys)


def _older_sheet(sheet: Sheet) -> _OlderSheet:
    """Where things stand on a sheet; a sheet without keys and without the hidden header has no rows to read."""
    keys: dict[int, int] = defaultdict(int)
    header: dict[str, int] = {}
    for row in sheet.rows:
        for column, value in enumerate(row):
            if isinstance(value, str) and value.startswith(MARK):
                header.setdefault(value, column)
            elif isinstance(value, str) and _KEY.fullmatch(value.strip()):
                keys[column] += 1
    fullest = max(keys, key=lambda column: (keys[column], -column), default=-1)
    at = header.get(column_key(Column.KEY), fullest)
    has_header = column_key(Column.ANSWER) in header
    columns = {column: header.get(column_key(column), -1 if has_header else at + column) for column in Column}
    older = _OlderSheet(sheet, columns | {Column.KEY: at})
    if keys or has_header:
        older.rows += _rows(older)
    return older


def _rows(older: _OlderSheet) -> Iterator[_Row]:
    for position, cells in enumerate(older.sheet.rows):
        key = _KEY.fullmatch(_text(cell_at(cells, older.columns[Column.KEY])))
        found = _NUMBER.fullmatch(_text(cell_at(cells, older.columns[Column.NUMBER])))
        number = (found[1], int(found[2]), int(found[3] or 0)) if found else None
        if key and not key[0].startswith(MARK):
            yield _Row(position, key[1], key[2], number)
        elif number:
            yield _Row(position, number[0], "", number)


def _text(value: CellValue) -> str:
    return value.strip() if isinstance(value, str) else ""


def _translate(older: _OlderSheet, rows: list[list[CellValue]], edition: Edition, layout: Layout) -> Iterator[Finding]:
    """Put the keys and numbers of today into the rows, and take out what has no place today."""
    in_order = set(_in_order(older))
    placed: set[int] = set()
    taken: set[int] = set()
    for row in older.rows:
        now = edition.now(row.indicator, row.field)
        slot = layout.by_key.get(":".join(now)) if now else None
        is_clear = row.field and row.indicator in in_order
        if slot is not None and is_clear:
            _put(rows[row.row], older.columns[Column.KEY], slot.key)
            _put(rows[row.row], older.columns[Column.NUMBER], slot.number)
            placed.add(row.row)
            continue
        taken.add(row.row)
        if is_clear:
            yield from _left_out(older, row, "no_longer_asked", Severity.WARNING, edition)
        else:
            yield from _left_out(older, row, "edition_row_unclear", Severity.ERROR, edition)
    for position in (*taken, *_furniture(older)):
        # What stands beside the questionnaire's own columns is left, to be reported like anywhere else.
        for column in older.columns.values():
            _put(rows[position], column, "")
    for position, cells in enumerate(rows):
        if position not in placed:
            # An old number or key would be taken for the row that has it today.
            rows[position] = [
                "" if _text(cell) in layout.by_number or _text(cell) in layout.by_key else cell for cell in cells
            ]


def _in_order(older: _OlderSheet) -> Iterator[str]:
    """The indicators whose numbers run on from 1 beside their own keys, or that have none at all.

    Sorting, or moving cells without their keys, breaks that order: no key of the indicator can be trusted.
    """
    blocks: dict[str, list[_Row]] = defaultdict(list)
    for row in older.rows:
        blocks[row.indicator].append(row)
    for indicator, block in blocks.items():
        numbers = [row.number for row in block]
        if not any(numbers):
            yield indicator
            continue
        major, minor = 0, 0
        for number in numbers:
            if number not in ((indicator, major + 1, 0), (indicator, major, minor + 1)) or number is None:
                break
            major, minor = number[1:]
        else:
            yield indicator


def _left_out(older: _OlderSheet, row: _Row, code: str, severity: Severity, edition: Edition) -> Iterator[Finding]:
    """What a respondent wrote in a row that has no place today; nothing for one without an answer."""
    columns = [column for column in READ if column is not Column.ANSWER or not _is_count(older, row)]
    written = [cell_text(value) for value in _written(older, row.row, columns)]
    if not written:
        return
    typed = " | ".join(written)
    values = {
        "edition": edition.name, "typed": typed, "key": f"{row.indicator}:{row.field}",
        "question": cell_text(cell_at(older.sheet.rows[row.row], older.columns[Column.QUESTION])),
    }  # fmt: skip
    cell = f"{column_letter(older.columns[Column.ANSWER])}{row.row + 1}"
    yield finding(code, severity, values, sheet=older.sheet.name, cell=cell, value=typed)


def _is_count(older: _OlderSheet, row: _Row) -> bool:
    """True for the first row of a multiple choice, which counts the options marked below it by a formula."""
    parts = {other.field for other in older.rows if other.field.startswith(f"{row.field}.")}
    counted = (row.row, older.columns[Column.ANSWER]) in older.sheet.metadata.formulas
    # The unit of a number, as the currency of an amount, is a part of it too; a number is typed.
    return counted and bool(parts - {f"{row.field}.{CURRENCY}", f"{row.field}.{UNIT}"})


def _furniture(older: _OlderSheet) -> Iterator[int]:
    """The rows above each block that say its indicator and objective, in the old words, if nobody wrote in them."""
    indicators, keyed = {row.indicator for row in older.rows}, {row.row for row in older.rows}
    for position, cells in enumerate(older.sheet.rows):
        if position in keyed or cell_text(cell_at(cells, older.columns[Column.NUMBER])) not in indicators:
            continue
        for band in (position, position + 1):
            if band not in keyed and band < len(older.sheet.rows) and not _written(older, band):
                yield band


def _written(older: _OlderSheet, position: int, columns: Sequence[Column] = READ) -> list[CellValue]:
    """What stands in the cells of a row that a respondent writes in."""
    values = (cell_at(older.sheet.rows[position], older.columns[column]) for column in columns)
    return [value for value in values if not is_blank(value)]


def _put(row: list[CellValue], column: int, text: str) -> None:
    """Put a text into a row; a column that is gone from the sheet takes none."""
    if column < 0:
        return
    row.extend([""] * (column + 1 - len(row)))
    row[column] = text
