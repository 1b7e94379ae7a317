"""Decides what an x before a line of a list means for a return, and what it means that there is none.

The lines of the previous round stand in the cells of the sheet; each counts only with an x. What still says the same
comes from the dataset of that round; a line that says something else counts as it stands, and is reported.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from pipeline.findings import Finding
from pipeline.reading.confirming import confirmed, is_same, previous_text
from pipeline.reading.lines.list_lines import ReadLine
from questionnaire.blanks import visible_text
from questionnaire.rules.answer_cells import CONFIRM_MARK as X
from questionnaire.rules.evaluate import Line
from questionnaire.rules.rule import Severity
from questionnaire.table_columns import line_number


@dataclass(frozen=True)
class _Judged:
    """What becomes of a line: the line as it counts, None if it does not; whether it waits for its x; what is noted."""

    line: ReadLine | None = None
    waits: bool = False
    findings: tuple[Finding, ...] = ()


def counting(lines: Sequence[ReadLine], previous: Sequence[Line]) -> tuple[list[ReadLine], list[Finding]]:
    """Those of the lines that count, each with what it said before, and what is to be reported of the others.

    `previous` are the lines that the sheet was sent with, its line 1 first.
    """
    judged = [_judged(line, previous) for line in lines]
    kept = [entry.line for entry in judged if entry.line is not None]
    findings = [found for entry in judged for found in entry.findings]
    waiting = [line for line, entry in zip(lines, judged, strict=True) if entry.waits]
    if waiting and not kept and not findings:
        findings.append(waiting[0].note("lines_unconfirmed", Severity.WARNING, {"lines": len(waiting)}))
    return kept, findings


def _judged(line: ReadLine, previous: Sequence[Line]) -> _Judged:
    """`own` is the previous line that stood in this row, `same` the one that it says what the other said."""
    own = previous[line.stated - 1] if 0 < line.stated <= len(previous) else None
    same = next((then for then in (own, *previous) if then is not None and _says(line, then)), None)
    mark = visible_text(line.mark).lower()
    if mark == X:
        return _with_mark(line, own, same, previous)
    noted = (line.note("line_mark", Severity.ERROR, {"typed": line.mark}),) if mark else ()
    if line.is_empty:
        return _Judged(findings=noted)
    if not mark and same is not None and (same is own or not line.stated):
        return _Judged(waits=True)
    if own is None:
        moved = _moved(line, own, same, previous)
        return _Judged(replace(line, previous=same or {}), findings=(*noted, *moved))
    unmarked = line.note("line_unmarked", Severity.ERROR, {"previous": _spelled(own)})
    return _Judged(_carried(line, own), findings=noted or (unmarked,))


def _with_mark(line: ReadLine, own: Line | None, same: Line | None, previous: Sequence[Line]) -> _Judged:
    if line.is_empty:
        return _Judged(findings=(line.note("line_mark_alone", Severity.ERROR),))
    if same is not None:
        return _Judged(_carried(line, same), findings=_moved(line, own, same, previous))
    if own is None:
        return _Judged(replace(line, previous={}))
    changed = line.note("line_changed", Severity.INFO, {"previous": _spelled(own)})
    return _Judged(_carried(line, own), findings=(changed,))


def _says(line: ReadLine, then: Line) -> bool:
    """True for a line that says what one of the previous round said."""
    return all(is_same(cell.parsed, then.get(code)) for code, cell in line.given.items())


def _carried(line: ReadLine, then: Line) -> ReadLine:
    """The line with the cells that still say what they were sent with as the dataset has them."""
    same = {
        code: replace(confirmed(cell.slot.field.type, then[code]), raw=cell.parsed.raw)
        for code, cell in line.given.items()
        if code in then and is_same(cell.parsed, then[code])
    }
    return replace(line.saying(same), previous=then)


def _moved(line: ReadLine, own: Line | None, same: Line | None, previous: Sequence[Line]) -> tuple[Finding, ...]:
    """A note where a line says what another one of the previous round said than the one that stood in its row."""
    if same is None or not line.stated or own is same:
        return ()
    other = next(number for number, entry in enumerate(previous, 1) if entry is same)
    return (line.note("line_moved", Severity.WARNING, {"other": line_number(other)}),)


def _spelled(line: Line) -> str:
    return " | ".join(text for answer in line.values() if (text := previous_text(answer)))
