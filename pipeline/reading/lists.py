"""Owns reading the lines of a return's rosters: plain columns, one row per cell of a filled line, and the findings.

A line is what stands in a row, wherever the row went; a row that was inserted and filled in is a line like the others.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import assert_never

from pipeline.findings import Finding, finding
from pipeline.reading.list_lines import Line
from pipeline.reading.marked_lines import counting
from pipeline.reading.places.list_sheets import FoundRoster
from pipeline.reading.places.place import calculated
from pipeline.reading.places.sheet_map import cell_at
from pipeline.reading.values.parsing import Context, Parsed, cell_text, parse
from pipeline.reading.workbooks.grids import CellValue, ErrorText, Sheet
from pipeline.reading.workbooks.metadata import At
from questionnaire.blanks import AnswerStatus, is_blank
from questionnaire.declaration.answer_types import Coded, Date, Numeric, Selection, Written
from questionnaire.declaration.lists import Roster, RosterColumn, RosterCount
from questionnaire.layout import column_letter
from questionnaire.list_layout import CONFIRM
from questionnaire.rounds.identity import MARK
from questionnaire.rounds.previous_round import Line as PreviousLine
from questionnaire.rounds.previous_round import lines_shown
from questionnaire.rules.rule import Severity

COLUMNS = (
    "submission", "file", "respondent", "roster", "line", "column", "status", "code", "number", "text", "date",
    "raw", "sheet", "cell", "parsed_by", "change", "previous",
)  # fmt: skip
"""The columns of the tidy table of rosters, in order."""

Cell = Callable[[str, str], tuple[Parsed, str, str, str] | None]
"""Gives for an indicator and a question what was answered, the sheet, the cell and the comment; None if not found."""


@dataclass(frozen=True)
class RosterLines:
    """All filled lines of a return, and what was found in reading them."""

    lines: tuple[Line, ...]
    findings: tuple[Finding, ...]

    def rows(self, submission: str, file: str, respondent: str) -> dict[str, list[object]]:
        """The tidy table as plain columns."""
        rows = [
            (
                submission, file, respondent, line.roster.code, line.number, column, str(cell.status),
                cell.code, cell.number, cell.text, cell.date, cell.raw, line.sheet, line.cell(column), cell.parsed_by,
                *line.compared(column),
            )
            for line in self.lines
            for column, cell in line.cells.items()
        ]  # fmt: skip
        return {name: [row[place] for row in rows] for place, name in enumerate(COLUMNS)}


def read_rosters(
    found: Sequence[FoundRoster],
    context: Context,
    respondent: str,
    parameters: Mapping[str, int],
    last: Mapping[str, Sequence[PreviousLine]] | None = None,
) -> RosterLines:
    """The lines of all roster sheets of a return; `parameters` are the years of the round.

    `last` are the lines of the respondent in the previous round, by roster, None where there was none.
    """
    by_roster: dict[str, list[FoundRoster]] = defaultdict(list)
    for sheet in found:
        by_roster[sheet.layout.roster.code].append(sheet)
    lines: list[Line] = []
    findings: list[Finding] = []
    for sheets in by_roster.values():
        own = _lines(sheets, context)
        if last is not None and any(sheet.layout.prefilled for sheet in sheets):
            roster = sheets[0].layout.roster
            own, noted = counting(own, lines_shown(roster, last.get(roster.code, ())))
            findings += noted
        own, copied = _once(own)
        lines += own
        findings += [note for sheet in sheets for note in _odd(sheet)]
        findings += _copied(sheets, copied)
        for line in own:
            findings += _line_findings(line, respondent, parameters)
        findings += _repeated(own)
    return RosterLines(tuple(lines), tuple(findings))


def count_findings(lines: Iterable[Line], answer: Cell) -> Iterator[Finding]:
    """Where an indicator's own numbers are not those of its lines; no lines at all say nothing."""
    by_indicator: dict[tuple[str, str], list[Line]] = defaultdict(list)
    rosters: dict[str, Roster] = {}
    for line in lines:
        rosters[line.roster.code] = line.roster
        by_indicator[line.roster.code, line.indicator].append(line)
    for (code, indicator), counted in by_indicator.items():
        # A line that does not say whose it is may be anybody's: it is corrected first.
        if not indicator or (code, "") in by_indicator:
            continue
        for count in rosters[code].counts:
            yield from _count_finding(indicator, count, counted, answer)


def _count_finding(indicator: str, count: RosterCount, lines: Sequence[Line], answer: Cell) -> Iterator[Finding]:
    given = answer(indicator, count.question)
    if given is None or given[0].status is not AnswerStatus.ANSWERED:
        return
    if count.column and any(line.cells[count.column].code is None for line in lines):
        return
    number = sum(not count.column or line.cells[count.column].code == count.code for line in lines)
    parsed, sheet, cell, comment = given
    if parsed.number != number:
        explained = not is_blank(comment)
        yield finding(
            "roster_count",
            Severity.INFO if explained else Severity.WARNING,
            {"lines": number, "typed": parsed.raw, "table": lines[0].sheet},
            indicator=indicator, field=count.question, sheet=sheet, cell=cell, value=parsed.raw,
            explanation=comment if explained else "",
        )  # fmt: skip


def _once(lines: Sequence[Line]) -> tuple[list[Line], Counter[str]]:
    """The lines without those that say what a line of an earlier sheet says; these are counted, by sheet."""
    first: dict[tuple[str, ...], Line] = {}
    copied: Counter[str] = Counter()
    kept = []
    for line in lines:
        if first.setdefault(line.content, line).sheet == line.sheet:
            kept.append(line)
        else:
            copied[line.sheet] += 1
    return kept, copied


# --- lines --------------------------------------------------------------------------------------------------


def _lines(sheets: Sequence[FoundRoster], context: Context) -> list[Line]:
    """The filled lines, top down; one without a number of its own gets the next that no line of the form has."""
    taken: set[int] = set()
    free = sheets[0].layout.roster.lines
    lines = []
    for sheet in sheets:
        roster = sheet.layout.roster
        names = (CONFIRM, *(column.code for column in roster.columns))
        columns = {name: sheet.columns[name] for name in names if name in sheet.columns}
        for row in _filled(sheet):
            number = stated = sheet.lines.get(row, 0)
            if not number or number in taken:
                number = free = max((free, *taken)) + 1
            taken.add(number)
            parsed = {
                column.code: _parsed(column, sheet.sheet, (row, columns[column.code]), context)
                for column in roster.columns
            }
            mark = cell_text(_mark(sheet, row))
            lines.append(Line(roster, number, sheet.sheet.name, row, columns, parsed, mark, stated))
    return lines


def _parsed(column: RosterColumn, sheet: Sheet, at: At, context: Context) -> Parsed:
    return parse(column.type, calculated(sheet, at), None, context, sheet.metadata.number_format(at))


def _filled(sheet: FoundRoster) -> Iterator[int]:
    """The rows that are lines with content, if only a mark."""
    for row in range(sheet.first_row, len(sheet.sheet.rows)):
        values = (*(value for _, value in _answers(sheet, row)), _mark(sheet, row))
        if any(not is_blank(value) for value in values) and _is_line(sheet, row):
            yield row


def _mark(sheet: FoundRoster, row: int) -> CellValue:
    """What stands in the cell for the x of a line, None where there is no such cell."""
    return cell_at(sheet.sheet.rows[row], sheet.columns.get(CONFIRM, -1))


def _answers(sheet: FoundRoster, row: int) -> Iterator[tuple[RosterColumn, CellValue]]:
    for column in sheet.layout.roster.columns:
        yield column, calculated(sheet.sheet, (row, sheet.columns[column.code]))


def _is_line(sheet: FoundRoster, row: int) -> bool:
    """True for a row that says so, and for one in which something is chosen as only a line does."""
    return row in sheet.lines or any(
        isinstance(column.type, Coded) and isinstance(value, str) and column.type.codelist.find(value) is not None
        for column, value in _answers(sheet, row)
        if not is_blank(value)
    )


# --- findings -----------------------------------------------------------------------------------------------


def _copied(sheets: Sequence[FoundRoster], copied: Mapping[str, int]) -> Iterator[Finding]:
    """That a roster stands on further sheets: what they say otherwise counts too."""
    for sheet in sheets[1:]:
        name = sheet.sheet.name
        values = {"sheet": name, "other": sheets[0].sheet.name, "count": copied.get(name, 0)}
        yield finding("roster_copied", Severity.WARNING, values, sheet=name)


def _odd(found: FoundRoster) -> Iterator[Finding]:
    """Rows that are gone, columns in doubt, and content that is no line's."""
    name = found.sheet.name
    if found.gone:
        values = {"sheet": name, "count": len(found.gone), "lines": ", ".join(f"L{line}" for line in found.gone)}
        yield finding("roster_rows_removed", Severity.INFO, values, sheet=name)
    if found.disagreeing:
        cell = f"{column_letter(found.columns[found.disagreeing[0]])}{found.first_row}"
        yield finding("columns_disagree", Severity.WARNING, {"sheet": name}, sheet=name, cell=cell)
    for row, cells in enumerate(found.sheet.rows):
        foreign = [
            column
            for column, value in enumerate(cells)
            if _may_be_foreign(found, row, column) and not is_blank(value) and not _is_own(found, (row, column), value)
        ]
        if foreign:
            typed = " | ".join(cell_text(cells[column]) for column in foreign)
            cell = f"{column_letter(foreign[0])}{row + 1}"
            values = {"sheet": name, "typed": typed}
            yield finding("unplaced", Severity.WARNING, values, sheet=name, cell=cell, value=typed)


def _may_be_foreign(found: FoundRoster, row: int, column: int) -> bool:
    """True for cells in which the form has nothing to fill in, nor a text of its own that nothing tells from others."""
    if row >= found.first_row:
        return column not in found.own or not _is_line(found, row)
    # The head names the round and the respondent: only its formulas tell that from what somebody typed.
    formulas = found.sheet.metadata.formulas
    return (row, column) not in formulas if formulas else column not in found.own


def _is_own(found: FoundRoster, at: At, value: CellValue) -> bool:
    """True for what the form shows, also where other programs or lost sheets left nothing of a formula's result."""
    if isinstance(value, ErrorText) or value == 0:
        return at in found.sheet.metadata.formulas and at[1] in found.own
    return isinstance(value, str) and (value.startswith(MARK) or found.texts.is_own(value))


def _line_findings(line: Line, respondent: str, parameters: Mapping[str, int]) -> Iterator[Finding]:
    for column in line.roster.columns:
        cell = line.cells[column.code]
        for fault in cell.faults:
            yield line.note(fault.code, fault.severity, column.code, fault.values)
        yield from _limit_findings(line, column, parameters)
        if column.others_only and cell.code == respondent:
            yield line.note("roster_self", Severity.ERROR, column.code, {"typed": cell.raw})
        if cell.status is AnswerStatus.BLANK and _is_needed(line, column):
            yield line.note("roster_incomplete", Severity.ERROR, column.code)


def _is_needed(line: Line, column: RosterColumn) -> bool:
    if column.required_with is None:
        return column.required
    other, code = column.required_with
    return column.required or line.cells[other].code == code


def _limit_findings(line: Line, column: RosterColumn, parameters: Mapping[str, int]) -> Iterator[Finding]:
    cell, scalar = line.cells[column.code], column.type
    match scalar:
        case Written(longest):
            if cell.text is not None and len(cell.text) > longest:
                yield line.note("too_long", Severity.WARNING, column.code, {"maximum": longest})
        case Numeric(minimum, maximum):
            low, high = (parameters[limit] if isinstance(limit, str) else limit for limit in (minimum, maximum))
            low = low or 0
            if cell.number is not None and (cell.number < low or (high is not None and cell.number > high)):
                code = "below_minimum" if high is None else "range"
                yield line.note(code, Severity.ERROR, column.code, {"minimum": low, "maximum": high})
        case Coded() | Date() | Selection():
            pass
        case _:
            assert_never(scalar)


def _repeated(lines: Sequence[Line]) -> Iterator[Finding]:
    """Each line that says exactly what an earlier one says."""
    first: dict[tuple[str, ...], Line] = {}
    for line in lines:
        earlier = first.setdefault(line.content, line)
        if earlier is not line:
            values = {"other": f"L{earlier.number}"}
            yield line.note("roster_repeated", Severity.WARNING, line.roster.indicator_column, values)
