"""A return as .xlsb: read like any other, with what stands behind its cells, and a note on what was not looked at."""

from __future__ import annotations

import struct

from pipeline.reading.submission import Submission
from pipeline.reading.tidy import tidy
from questionnaire.layout import Column
from tests.pipeline.reading.workbooks.binary_workbook import (
    CROSSED_OUT,
    OWN,
    PERCENT,
    PLAIN,
    RAISED,
    Cell,
    binary_book,
    real,
    record,
    rich,
    row,
    shared,
    sheet,
    typed,
)
from tests.pipeline.returned import SOME, answer_of, book, layout, mini_round, received

TEXTS = (rich("1215", (0, CROSSED_OUT), (2, PLAIN)), rich("81", (1, RAISED)))
TOTAL = ("W01a", "total")
AT = layout().slot(*TOTAL).cell(Column.ANSWER)


def returned(answer: Cell | None = None, after: bytes = b"") -> Submission:
    """The small questionnaire filled in, with another cell for the answer of W01a, and more behind its sheet."""
    slot = layout().slot(*TOTAL)

    def cells(name: str, number: int, values: list[object]) -> list[Cell]:
        own = [
            real(column, value) if isinstance(value, int | float) else typed(column, str(value))
            for column, value in enumerate(values)
            if value not in (None, "") and not ((name, number, column) == ("W", slot.row, Column.ANSWER) and answer)
        ]
        return [*own, answer] if answer and (name, number) == ("W", slot.row) else own

    sheets = {
        name: sheet(*(row(r, *cells(name, r, values)) for r, values in enumerate(rows)), after=after)
        for name, rows in book(SOME).items()
    }
    data = binary_book(sheets, TEXTS)
    return tidy(received(data, "r.xlsb"), data, mini_round(), layout())


def found(submission: Submission) -> list[tuple[str, str, str]]:
    return [(entry.code, str(entry.severity), entry.cell) for entry in submission.findings]


NOTE = ("not_looked_at", "info", "")


def test_xlsb__in_order__is_read_and_one_note_says_what_was_not_looked_at() -> None:
    submission = returned()
    assert found(submission) == [NOTE]
    assert answer_of(submission, *TOTAL)["number"] == 12


def test_xlsb__answers__are_what_their_cells_show() -> None:
    column = int(Column.ANSWER)
    for answer, code in (
        (real(column, 0.12, PERCENT), "percentage"),
        (real(column, 5, OWN), "not_a_number"),
        (shared(column, 0), "struck_out"),
        (shared(column, 1), "footnote_mark"),
        (record(11, struct.pack("<IIB", column, 0, 0x17) + bytes(10)), "error_value"),
        (record(8, struct.pack("<III", column, 0, 0) + bytes(10)), "formula_without_result"),
    ):
        submission = returned(answer)
        assert (code, "error", AT) in found(submission)
        assert answer_of(submission, *TOTAL)["number"] is None


def test_xlsb__with_a_cell_that_the_library_passes_over__is_readable_in_part_only() -> None:
    submission = returned(record(62, struct.pack("<II", Column.ANSWER, 0) + rich("81", (1, RAISED))))
    assert [(entry.code, entry.sheet) for entry in submission.findings] == [("unreadable_in_part", "W")]
