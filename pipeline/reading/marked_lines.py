"""Owns what an x before a line of a roster means for a return, and what it means that there is none.

The lines of the previous round stand in the cells of the sheet; each counts only with an x. What still says the same
comes from the dataset of that round; one that says something else counts as it stands, and is told.
"""

from collections.abc import Sequence
from dataclasses import replace

from pipeline.findings import Finding
from pipeline.reading.confirming import confirmed, is_same, previous_text
from pipeline.reading.list_lines import Line
from questionnaire.blanks import visible_text
from questionnaire.list_layout import CONFIRM, RosterSheet
from questionnaire.rounds.previous_round import Line as PreviousLine
from questionnaire.rules.answer_cells import CONFIRM_MARK as X
from questionnaire.rules.rule import Severity


def counting(lines: Sequence[Line], last: Sequence[PreviousLine]) -> tuple[list[Line], list[Finding]]:
    """Those of the lines that count, each with what it said before, and what is to be said of the others.

    `last` are the lines that the sheet was sent with, its line 1 first.
    """
    kept: list[Line] = []
    waiting: list[Line] = []
    findings: list[Finding] = []
    for line in lines:
        own = last[line.stated - 1] if 0 < line.stated <= len(last) else None
        same = next((then for then in (own, *last) if then is not None and _says(line, then)), None)
        mark = visible_text(line.mark).lower()
        if mark not in ("", X):
            findings.append(line.note("roster_mark", Severity.ERROR, CONFIRM, {"typed": line.mark}))
        if line.is_empty:
            if mark == X:
                findings.append(line.note("roster_mark_alone", Severity.ERROR, CONFIRM))
        elif mark == "" and same is not None and (same is own or not line.stated):
            waiting.append(line)
        elif same is not None and (mark == X or own is None):
            kept.append(_carried(line, same) if mark == X else replace(line, last=same))
            if line.stated and own is not same:
                findings.append(_moved(line, same, last))
        else:
            kept.append(replace(line, last={}) if own is None else _carried(line, own))
            if own is not None and mark == "":
                findings.append(line.note("roster_unmarked", Severity.ERROR, CONFIRM, {"previous": _told(own)}))
            elif own is not None and mark == X:
                findings.append(line.note("roster_changed", Severity.INFO, CONFIRM, {"previous": _told(own)}))
    if waiting and not kept and not findings:
        told = {"lines": len(waiting)}
        findings.append(waiting[0].note("roster_unconfirmed", Severity.WARNING, CONFIRM, told))
    return kept, findings


def _says(line: Line, then: PreviousLine) -> bool:
    """True for a line that says what one of the previous round said."""
    return all(is_same(cell, then.get(column)) for column, cell in line.cells.items())


def _carried(line: Line, then: PreviousLine) -> Line:
    """The line with the cells that still say what they were sent with as the dataset has them."""
    cells = {
        column: replace(confirmed(line.roster.column(column).type, then[column]), raw=cell.raw)
        if column in then and is_same(cell, then[column])
        else cell
        for column, cell in line.cells.items()
    }
    return replace(line, cells=cells, last=then)


def _moved(line: Line, then: PreviousLine, last: Sequence[PreviousLine]) -> Finding:
    other = next(number for number, entry in enumerate(last, 1) if entry is then)
    return line.note("roster_moved", Severity.WARNING, CONFIRM, {"other": RosterSheet.number(other)})


def _told(line: PreviousLine) -> str:
    return " | ".join(text for answer in line.values() if (text := previous_text(answer)))
