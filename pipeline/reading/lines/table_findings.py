"""Reports what is odd about the sheet of a table: lines, columns, texts and cells that are not as they were sent.

What has one cause is one finding, which names the cells. It reads no answer.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from pipeline.findings import Finding, finding
from pipeline.reading.computed import FROM_KNOWN
from pipeline.reading.lines.list_lines import ReadLine
from pipeline.reading.places.lines.foreign_cells import foreign_cells
from pipeline.reading.places.lines.found_table import WHOLE, FoundTable
from pipeline.reading.places.place import calculated
from pipeline.reading.places.reports.columns_gone import columns_elsewhere
from pipeline.reading.places.reports.other_years import is_of_other_year, other_years
from pipeline.reading.reading import Reading
from pipeline.reading.submission import PRINTED
from pipeline.reading.values.cell_texts import cell_text
from pipeline.reading.workbooks.grids import ErrorText
from pipeline.reading.workbooks.metadata import At
from questionnaire.blanks import AnswerStatus, is_blank
from questionnaire.codelists import Wording, choice_key
from questionnaire.layout import FIRST_LINE, LIST_HEADINGS, REASON
from questionnaire.messages import in_language
from questionnaire.rules.rule import Severity

_NAMED = 10
"""How many of the cells that a finding is about it names; its value names them all."""

_LONGEST = 32_000

Copies = Sequence[tuple[FoundTable, Sequence[ReadLine]]]
"""Further sheets of a table, and the lines of each."""


def table_findings(table: FoundTable, lines: Sequence[ReadLine], copies: Copies) -> Iterator[Finding]:
    """What is odd about the sheet of a table, whose lines were read, and about further sheets of it."""
    if table.found.sheet.is_turned:
        yield finding("table_turned", Severity.WARNING, {"sheet": table.name}, sheet=table.name)
    elif not (table.years_not_asked or table.other_columns):
        yield from columns_elsewhere(table.found)
    yield from _odd(table)
    yield from _relabelled(table)
    yield from _unseen(table)
    yield from _merged(table)
    yield from _foreign(table)
    yield from _blank(table, lines)
    yield from _incomplete(table, lines)
    for other, others in copies:
        yield from _copied(table, other, lines, others)


def _odd(table: FoundTable) -> Iterator[Finding]:
    """Lines that are gone, moved, or there twice; answers where nothing is asked."""
    name, sheet = table.name, {"sheet": table.name}
    there = table.rows.keys() | table.lines_not_asked.keys()
    if gone := [line for line in range(1, table.block.most_lines + 1) if line not in there]:
        yield finding("lines_removed", Severity.WARNING, {**sheet, **_named(gone)}, sheet=name)
    if table.moved and not (table.other_years or table.lines_not_asked):
        cell = table.cell(table.rows[table.moved[0]], table.block.dimensions[0].name)
        yield finding("table_lines_moved", Severity.WARNING, {**sheet, **_named(table.moved)}, sheet=name, cell=cell)
    twice = {
        row: (line, typed)
        for line, (_, *others) in sorted(table.claims.items())
        for row in others
        if (typed := " | ".join(table.typed(row)))
    }
    if twice:
        typed = " ; ".join(typed for _, typed in twice.values())[:_LONGEST]
        cells = [table.cell(row, table.block.dimensions[0].name) for row in twice]
        values = {**sheet, **_named(sorted({line for line, _ in twice.values()})), "cells": _few(cells), "typed": typed}
        yield finding("table_line_twice", Severity.ERROR, values, sheet=name, cell=cells[0], value=typed)
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


# --- texts that are no longer those that were sent ------------------------------------------------------------


@dataclass(frozen=True)
class _Change:
    """A heading, or a text of a line: where it stands, what it says now, and what was sent there.

    `is_slight` is True where what it says holds what was sent, or nothing.
    """

    cell: str
    seen: str
    sent: Wording
    is_slight: bool


def _relabelled(table: FoundTable) -> Iterator[Finding]:
    """Headings and texts of lines that say something else: what stands there may be meant otherwise than it is read."""
    changes = [*_headings(table), *_texts(table)]
    for severity, is_slight in ((Severity.ERROR, False), (Severity.WARNING, True)):
        if found := [change for change in changes if change.is_slight is is_slight]:
            named = {
                language: ", ".join(
                    f"{change.cell} “{change.seen}” (“{in_language(change.sent, language)}”)"
                    for change in found[:_NAMED]
                )
                + (", …" if len(found) > _NAMED else "")
                for language in found[0].sent
            }
            values = {"sheet": table.name, "count": len(found), "changes": named}
            where = {
                "sheet": table.name,
                "cell": found[0].cell,
                "value": " | ".join(change.seen for change in found)[:_LONGEST],
            }
            yield finding("table_relabelled", severity, values, **where)


def _headings(table: FoundTable) -> Iterator[_Change]:
    """The headings of columns whose place only the hidden header, or their order, still says."""
    found, fields = table.found.map, {field.code: field.label for field in table.block.fields}
    row = _heading_row(table)
    for code, label in fields.items():
        at = found.columns[code]
        if at < 0 or code in found.seen:
            continue
        value = calculated(table.found.sheet, (row, at)) if row not in found.rows else None
        seen, is_keyed = cell_text(value), code in found.keyed
        if _says_only(seen, label) or (is_keyed and isinstance(value, ErrorText)):
            continue
        others = [other for key, other in fields.items() if key != code]
        slight = is_keyed and (not seen or _says(seen, label)) and not any(_says(seen, other) for other in others)
        yield _Change(table.found.sheet.address((row, at)), seen, label, slight)


def _heading_row(table: FoundTable) -> int:
    """The row of the headings; where none is known any more, as far above the lines as it was sent."""
    if table.found.map.headings >= 0:
        return table.found.map.headings
    line, row = next(iter(table.rows.items()), (WHOLE, table.found.map.first_row))
    return max(row - line - (FIRST_LINE - LIST_HEADINGS), 0)


def _texts(table: FoundTable) -> Iterator[_Change]:
    """The texts of lines that only their number, or their key, still says which line they are."""
    for line, row in table.rows.items():
        if line == WHOLE or table.shown[row] is not None:
            continue
        codes = table.block.coordinates(line)
        for dimension in table.block.dimensions:
            if table.found.map.columns[dimension.name] < 0:
                continue
            value, label = table.value(row, dimension.name), dimension.codelist[codes[dimension.name]].label
            seen = cell_text(value)
            code = dimension.codelist.find(seen) if seen else None
            # What the form shows by a formula may have lost its source: nobody typed an error.
            if not isinstance(value, ErrorText) and (code is None or code.code != codes[dimension.name]):
                slight = not seen or (code is None and _says(seen, label))
                yield _Change(table.cell(row, dimension.name), seen, label, slight)


def _says_only(seen: str, label: Wording) -> bool:
    return choice_key(seen) in map(choice_key, label.values())


def _says(seen: str, label: Wording) -> bool:
    """True for a text that holds a label, in any language, and more."""
    return any(re.search(rf"\b{re.escape(choice_key(text))}\b", choice_key(seen)) for text in label.values())


# --- cells -----------------------------------------------------------------------------------------------------


def _asked(table: FoundTable) -> Iterator[tuple[str, At]]:
    """The cells of the lines that somebody fills in, row by row, each with its address."""
    columns = [at for name in (*table.block.measured, REASON) if (at := table.found.map.columns[name]) >= 0]
    for row in sorted(table.rows.values()):
        for column in columns:
            yield table.found.sheet.address((row, column)), (row, column)


def _unseen(table: FoundTable) -> Iterator[Finding]:
    """That answers stand in rows or columns that nobody sees; they are read like the others."""
    sheet = table.found.sheet
    unseen = [cell for cell, at in _asked(table) if not sheet.shows(at) and not is_blank(calculated(sheet, at))]
    if unseen:
        values = {"sheet": table.name, "count": len(unseen)}
        yield finding("answers_hidden", Severity.WARNING, values, sheet=table.name, cell=unseen[0])


def _merged(table: FoundTable) -> Iterator[Finding]:
    """That cells to fill in were merged: what stands there is read for the first of them."""
    merged = table.found.sheet.metadata.merged
    if not merged:
        return
    asked = {at: cell for cell, at in _asked(table)}
    covered = table.found.sheet.metadata.covered & asked.keys()
    if covered:
        cells = [asked[at] for at in sorted(covered)]
        yield finding(
            "cells_merged", Severity.WARNING, {"sheet": table.name, "cells": _few(cells)},
            sheet=table.name, cell=cells[0],
        )  # fmt: skip


def _foreign(table: FoundTable) -> Iterator[Finding]:
    """Content that is in no cell of a line: an error where it may be meant as an answer."""
    sheet, name = table.found.sheet, table.name
    cells = {(row, column) for row, columns in foreign_cells(table.found, table.is_line) for column in columns}
    cells = {at for at in cells if not _is_heading(table, at) and not (sheet.is_turned and _is_left(table, at))}
    yield from other_years(table, cells)
    cells = {at for at in cells if not is_of_other_year(table, at)}
    if (whole := table.rows.get(WHOLE)) is not None:
        open_ = {at for code in table.block.measured if (at := table.found.map.columns[code]) >= 0}
        cells |= {(whole, at) for at in open_ if not is_blank(calculated(sheet, (whole, at)))}
    for columns in _together(_added(table, cells)):
        own = sorted(at for at in cells if at[1] in columns)
        cells.difference_update(own)
        typed = _typed(table, own)
        values = {"sheet": name, "count": len(own), "cells": _few([sheet.address(at) for at in own]), "typed": typed}
        yield finding("table_column_added", Severity.ERROR, values, sheet=name, cell=sheet.address(own[0]), value=typed)
    for rows in _together(sorted({row for row, _ in cells})):
        own = sorted(at for at in cells if at[0] in rows)
        typed = _typed(table, own)
        severity = Severity.WARNING if all(_is_remark(table, at) for at in own) else Severity.ERROR
        values = {"sheet": name, "typed": typed}
        yield finding("unplaced", severity, values, sheet=name, cell=sheet.address(own[0]), value=typed)


def _typed(table: FoundTable, cells: Iterable[At]) -> str:
    return " | ".join(cell_text(table.found.sheet.rows[row][column]) for row, column in cells)[:_LONGEST]


def _is_heading(table: FoundTable, at: At) -> bool:
    """True for the heading of a column of the table, whatever it says."""
    columns = (table.found.map.columns[field.code] for field in table.block.fields)
    return at[0] == table.found.map.headings and at[1] in columns


def _is_left(table: FoundTable, at: At) -> bool:
    """True for what the form had in a cell of its own that stayed where it was when the table was turned."""
    if at in table.found.sheet.metadata.formulas:
        return True
    text, layout = cell_text(table.found.sheet.rows[at[0]][at[1]]), table.layout
    codes = {code for dimension in table.block.dimensions for code in dimension.codes}
    lines = range(table.block.most_lines + 1)
    return text in codes or any(text in (layout.key(line), layout.number(line)) for line in lines)


def _added(table: FoundTable, cells: Iterable[At]) -> list[int]:
    """The columns beside those of the table that are filled in, line by line or under a heading of their own."""
    lines, head, own = set(table.rows.values()), table.found.map.headings, table.found.own
    inside = Counter(column for row, column in cells if row in lines and column not in own)
    headed = {column for row, column in cells if row == head}
    return sorted(column for column, count in inside.items() if count > 1 or column in headed)


def _together(places: Sequence[int]) -> Iterator[range]:
    """Runs of rows or of columns that stand side by side."""
    first: int | None = None
    for number, place in enumerate(places):
        first = place if first is None else first
        if place + 1 not in places[number + 1 : number + 2]:
            yield range(first, place + 1)
            first = None


def _is_remark(table: FoundTable, at: At) -> bool:
    """True for what stands above the lines, and for words below them that stand under no column to fill in."""
    value = table.found.sheet.rows[at[0]][at[1]]
    if at[0] < table.found.map.first_row:
        return True
    under = {table.found.map.columns[code] for code in table.block.measured}
    is_below = at[0] > max(table.rows.values(), default=0)
    return is_below and at[1] not in under and isinstance(value, str) and any(map(str.isalpha, value))


def _few(cells: Sequence[str]) -> str:
    """The first of some cells."""
    return ", ".join(cells[:_NAMED]) + (", …" if len(cells) > _NAMED else "")


def _blank(table: FoundTable, lines: Sequence[ReadLine]) -> Iterator[Finding]:
    """One note on all cells neither answered nor said to have no answer, but those of deleted columns."""
    blank = [
        (line.number, reading.place.cell if reading.place else "")
        for line in lines
        for reading in line.cells.values()
        if reading.parsed.status is AnswerStatus.BLANK and not reading.slot.is_computed
        if (line.number, reading.slot.field.code) not in table.years_not_asked
        if reading.slot.field.code not in table.found.map.gone
    ]
    if blank:
        numbers = list(dict.fromkeys(number for number, _ in blank))
        values = {"sheet": table.name, "cells": len(blank), **_named(numbers)}
        where = {
            "indicator": table.block.indicator,
            "sheet": table.name,
            "cell": next((cell for _, cell in blank if cell), ""),
        }
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
