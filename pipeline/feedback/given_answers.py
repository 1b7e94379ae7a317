"""Puts the answers of a return into the cells of today's questionnaire, as the respondent would have typed them."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pipeline.safe_text import shown
from questionnaire.blanks import DECLARED, AnswerStatus
from questionnaire.cell_texts import beginning
from questionnaire.codelists import Codelist
from questionnaire.day_numbers import day_number
from questionnaire.declaration.answer_types import Coded, Date, Derived, Numeric, ScalarType, Selection
from questionnaire.layout import CONFIRM, REASON, Column, Layout, ListSheet, Slot, TableSheet
from questionnaire.messages import in_language
from questionnaire.rules.answer_cells import CONFIRM_MARK, listed
from questionnaire.rules.evaluate import Answer

At = tuple[int, int]
Value = str | float
Row = Mapping[str, Any]
"""A row of the tidy table of answers."""

CONFIRMED = "confirmed"
"""What the column `change` says of an answer of the previous round that was confirmed by an x."""

_NUMBER = re.compile(r"-?\d{1,15}(\.\d{1,15})?", re.ASCII)


@dataclass(frozen=True)
class GivenAnswers:
    """What stands where: values by sheet and place, and the place of each line of a list, by list and line.

    `without_room` are the lines for which the sheet of a list has no row left.
    """

    cells: Mapping[str, Mapping[At, Value]]
    lines: Mapping[tuple[str, int], int]
    without_room: tuple[tuple[str, int], ...] = ()


def given_answers(
    layout: Layout, language: str, rows: Iterable[Row], faulty: frozenset[tuple[str, str]] = frozenset()
) -> GivenAnswers:
    """The cells that the rows of one return fill.

    At the questions of `faulty` (block, field) a reason stays where it was typed, at all others it is chosen as it is
    understood.
    """
    cells: dict[str, dict[At, Value]] = defaultdict(dict)
    of_lists: dict[str, dict[int, list[Row]]] = defaultdict(lambda: defaultdict(list))
    lists = {sheet.block.code: sheet for sheet in layout.lists}
    for row in rows:
        if row["block"] in lists:
            of_lists[row["block"]][int(row["line"])].append(row)
        elif (slot := layout.by_key.get(f"{row['block']}:{row['field']}")) is not None:
            for column, value in _in_section(layout, slot, row, language, (row["block"], row["field"]) in faulty):
                cells[slot.sheet][slot.row, slot.columns[column]] = _writable(value)
    lines: dict[tuple[str, int], int] = {}
    without_room = []
    for code, by_line in of_lists.items():
        places = _rooms(lists[code], by_line)
        for line, its in by_line.items():
            if line not in places:
                without_room.append((code, line))
                continue
            lines[code, line] = places[line]
            of_line = _line_of_table if isinstance(lists[code], TableSheet) else _line
            for at, value in of_line(lists[code], places[line], its, language):
                cells[lists[code].code][at] = _writable(value)
    return GivenAnswers(cells, lines, tuple(without_room))


def _rooms(sheet: ListSheet, lines: Iterable[int]) -> dict[int, int]:
    """The line of the sheet that each line of the return takes: its own, else the next that is free."""
    most = sheet.block.most_lines
    rooms = {line: line for line in lines if line <= most}
    free = iter(sorted(set(range(1, most + 1)) - rooms.keys()))
    for line in sorted(lines):
        if line > most and (room := next(free, None)) is not None:
            rooms[line] = room
    return rooms


def _in_section(layout: Layout, slot: Slot, row: Row, language: str, faulty: bool) -> Iterator[tuple[Column, Value]]:
    scalar, missing = slot.field.type, layout.instrument.missing
    if row["comment"]:
        yield Column.COMMENT, row["comment"]
    if isinstance(scalar, Selection | Derived):
        if row["if_none"]:
            yield Column.IF_NONE, row["if_none"]
        return
    if layout.prefilled and row["change"] == CONFIRMED and not (row["raw"] or row["if_none"]):
        yield Column.CONFIRM, CONFIRM_MARK
        return
    reason = _reason(slot, row, missing, language)
    if reason is not None and not faulty:
        yield reason
        return
    if (value := _typed(scalar, row, language)) is not None:
        yield Column.ANSWER, value
    if row["if_none"]:
        yield Column.IF_NONE, row["if_none"]


def _reason(slot: Slot, row: Row, missing: Codelist, language: str) -> tuple[Column, Value] | None:
    """Where and in which words a reason for no answer is chosen; None for anything else."""
    if row["status"] not in DECLARED:
        return None
    found = listed(slot.field, Answer(None, AnswerStatus(row["status"])), missing)
    if found is None:
        return None
    codelist, code = found
    own = isinstance(slot.field.type, Coded) and codelist == slot.field.type.codelist
    return Column.ANSWER if own else Column.IF_NONE, in_language(code.label, language)


def _line(sheet: ListSheet, line: int, rows: Iterable[Row], language: str) -> Iterator[tuple[At, Value]]:
    at = sheet.row(line)
    if sheet.prefilled:
        yield (at, sheet.columns[CONFIRM]), CONFIRM_MARK
    for row in rows:
        scalar = sheet.block.field(row["field"]).type
        if not isinstance(scalar, Derived) and (value := _typed(scalar, row, language)) is not None:
            yield (at, sheet.columns[row["field"]]), value


def _line_of_table(sheet: ListSheet, line: int, rows: Iterable[Row], language: str) -> Iterator[tuple[At, Value]]:
    """The cells of a line of a table but those that are printed; a reason of the whole line stands in each of them."""
    assert isinstance(sheet, TableSheet), "only tables have printed lines"
    printed = sheet.block.dimension_codes
    asked = [row for row in rows if row["field"] not in printed and sheet.block.is_typed(line, row["field"])]
    for row in asked:
        if not row["raw"] and row["if_none"] and row["status"] not in DECLARED:
            yield (sheet.row(line), sheet.columns[REASON]), row["if_none"]
    typed = [row if row["raw"] or row["status"] not in DECLARED else {**row, "raw": row["if_none"]} for row in asked]
    yield from _line(sheet, line, typed, language)


def _typed(scalar: ScalarType, row: Row, language: str) -> Value | None:
    """What the respondent types or picks to say the same; what was not understood stays as it was typed."""
    if row["status"] != AnswerStatus.ANSWERED:
        return _as_typed(scalar, row["raw"])
    if isinstance(scalar, Coded) and row["code"] in scalar.codelist.value_codes:
        return in_language(scalar.codelist[row["code"]].label, language)
    if isinstance(scalar, Numeric) and row["number"] is not None:
        return float(scalar.in_cell(row["number"]))
    if isinstance(scalar, Date) and row["date"] is not None:
        return float(day_number(row["date"]))
    return row["text"] or _as_typed(scalar, row["raw"])


def _as_typed(scalar: ScalarType, raw: str) -> Value | None:
    """A text as it was typed; of a number a program's own number, so that the sheet judges it as it did before."""
    return float(raw) if isinstance(scalar, Numeric) and _NUMBER.fullmatch(raw) else raw or None


def _writable(value: Value) -> Value:
    return beginning(shown(value)) if isinstance(value, str) else value
