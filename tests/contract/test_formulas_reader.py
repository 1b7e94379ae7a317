"""What the sheet takes an answer for, the reader takes it for: what is in order in the sheet is never sent back."""

from __future__ import annotations

import datetime as dt
from random import Random

from pipeline.reading.values.parsed import Context, Parsed
from pipeline.reading.values.parsing import parse
from pipeline.reading.values.shown import shown
from pipeline.reading.workbooks.grids import CellValue, ErrorText
from questionnaire.blanks import AnswerStatus
from questionnaire.declaration.answer_types import Numeric, Selection
from questionnaire.layout import Layout
from questionnaire.rules.rule import Severity
from tests.contract.bare_workbook import ErrorCell, Raw
from tests.contract.typed_cells import Reading, Typist, read
from tests.given import mini

SUBMISSIONS = 300


def test_reader__cell_that_is_in_order_in_the_sheet__is_read_as_the_sheet_took_it() -> None:
    instrument, layout = mini(), Layout(mini())
    typist, context = Typist(instrument, Random(7)), Context(instrument.missing)
    differences: list[str] = []
    statuses: set[AnswerStatus] = set()
    for submission in (typist.submission() for _ in range(SUBMISSIONS)):
        readings = read(instrument, submission)
        for slot in layout.slots:
            typed, reading = submission[slot.key], readings[slot.block.code, slot.field.code]
            if isinstance(slot.field.type, Selection) or reading.fault:
                continue
            # Formulas see no formats: that a number shows as a day is noticed at the desk alone (docs/adr/0030).
            if isinstance(slot.field.type, Numeric) and isinstance(typed.answer, dt.date):
                continue
            if_none = typed.if_none if slot.field.takes_missing else None
            scalar = slot.field.type
            parsed = parse(scalar, shown(_cell(typed.answer), scalar.number_format), _cell(if_none), context)
            statuses.add(parsed.status)
            if not _same(reading, parsed):
                differences.append(f"{slot.key}: the sheet takes {typed} for {reading.answer}, the reader for {parsed}")
    assert not differences, f"{len(differences)} differences, such as:\n" + "\n".join(differences[:12])
    assert statuses == set(AnswerStatus) - {AnswerStatus.UNREADABLE, AnswerStatus.SKIPPED}


def _same(reading: Reading, parsed: Parsed) -> bool:
    errors = [fault for fault in parsed.faults if fault.severity is Severity.ERROR]
    return (reading.answer.status, reading.answer.value) == (parsed.status, parsed.value) and not errors


def _cell(raw: Raw) -> CellValue:
    """As the library that reads workbooks gives it: every number a float, every day a date."""
    match raw:
        case ErrorCell():
            return ErrorText("#N/A")
        case bool() | str() | None | dt.date():
            return raw
        case _:
            return float(raw)
