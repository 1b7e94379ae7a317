"""What the sheet of a list says of a line, recalculated, is what the pipeline finds of it: line by line, sign by sign."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from math import isnan
from pathlib import Path
from random import Random

import pytest

from pipeline.consolidation.batch import read_batch
from pipeline.findings import Finding
from pipeline.receiving.receive import receive_file
from pipeline.simulation.fill import CellValue, FilledWorkbook, typed
from questionnaire.addresses import column_letter
from questionnaire.blanks import AnswerStatus
from questionnaire.declaration.answer_types import is_text
from questionnaire.declaration.blocks import Field
from questionnaire.layout import CHECK, Column, Layout
from questionnaire.rules.evaluate import Answer, Responses
from questionnaire.rules.rule import Severity
from questionnaire.sheet_names import tab_names
from questionnaire.workbook.formulas.checks import Sign
from questionnaire.workbook.formulas.rule_formulas import TO_DO
from tests.contract.list_sets import COMPUTED, LINES, drawn, listing_round
from tests.given import write_questionnaire
from tests.office import AS_IT_IS, calculated

pytestmark = pytest.mark.libreoffice

SETS = 60
_OVERWRITTEN = 10
"""In every so many of them, something is typed over a formula."""


def _typed(field: Field, answer: Answer) -> CellValue:
    """What is typed for an answer; something that cannot be read, where it was not."""
    if answer.status is AnswerStatus.UNREADABLE:
        return "x" * 9 if not is_text(field.type) else "#N/A"
    if answer.value is None:
        return "CF"
    return typed(field.type, answer, "en")


def _sign(found: Sequence[Finding]) -> str:
    """How the check has to begin beside a line or an answer with these findings."""
    errors = {entry.code for entry in found if entry.severity is Severity.ERROR}
    if errors:
        return Sign.TO_DO if errors <= set(TO_DO) else Sign.ERROR
    return Sign.WARNING if any(entry.severity is Severity.WARNING for entry in found) else Sign.OK


def _filled(sent: Path, target: Path, layout: Layout, responses: Responses, overwritten: float | None) -> Path:
    """A return; where it is given, that number is typed over the formula of a computed question."""
    listed = layout.lists[0]
    book = FilledWorkbook(sent, layout, tab_names(layout, "en"), "en")
    book.answer(responses.answers)
    for number, line in responses.lines["projects"].items():
        for slot in listed.slots(number):
            if slot.field.code in line:
                book.type_at(listed.code, slot.cell(Column.ANSWER), _typed(slot.field, line[slot.field.code]))
    if overwritten is not None:
        book.type(layout.slot("F01", "free_projects"), overwritten)
    book.save(target, dt.datetime(2026, 3, 1, 8))
    return target


def test_lines__of_many_drawn_lists__sheet_and_pipeline_say_the_same(tmp_path: Path, uno_python: Path) -> None:
    round_ = listing_round(tmp_path)
    layout, random = Layout.of(round_), Random(20261128)
    listed, sent = layout.lists[0], tmp_path / "AAA.xlsx"
    write_questionnaire(sent, round_, round_.participants[0], layout)
    # An unreadable text cannot be distinguished from a readable one: what is drawn for names is always read.
    sets = [_readable_names(drawn(random, "AAA")) for _ in range(SETS)]
    paths = [
        _filled(sent, tmp_path / f"{n:03}.xlsx", layout, responses, n / _OVERWRITTEN if n % _OVERWRITTEN == 0 else None)
        for n, responses in enumerate(sets)
    ]
    batch = read_batch(round_, [receive_file(path) for path in paths])
    steps = calculated(uno_python, [(path, [AS_IT_IS]) for path in paths])
    tabs = tab_names(layout, "en")
    differing, seen = [], set()
    for path, responses, (step,) in zip(paths, sets, steps, strict=True):
        own = [entry for entry in batch.findings if entry.file == path.name]
        for number in range(1, LINES + 1):
            row = listed.row(number)
            said = str(step.sheets[tabs[listed.code]][row][listed.columns[CHECK]] or "")
            at = [e for e in own if e.sheet == tabs[listed.code] and e.cell.lstrip(_LETTERS) == str(row + 1)]
            expected = _sign(at) if number in responses.lines["projects"] else ""
            seen.add(expected)
            if said[:1] != expected:
                differing.append(f"{path.name} L{number}: {said!r}, found {[e.code for e in at]}")
        numbers = batch.answers.loc[batch.answers["file"] == path.name].set_index(["block", "field"])["number"]
        for key in ((block, field) for block in ("W01a", "F01") for field in ("total", "urban", *COMPUTED)):
            slot = layout.slot(*key)
            if key[1] in COMPUTED:
                computed = None if isnan(numbers[key]) else numbers[key]
                seen.add("computed" if computed is not None else "not computed")
                cells = step.sheets[tabs[slot.sheet]][slot.row]
                typed_over = any(e.code == "computed_overwritten" for e in own) and slot.key == "F01:free_projects"
                shown = {cells[Column.NUMERIC], cells[Column.NUMERIC if typed_over else Column.ANSWER]}
                if {None if value == "" else value for value in shown} != {computed}:
                    differing.append(f"{path.name} {slot.key}: {shown}, computed {computed!r}")
            said = str(step.sheets[tabs[slot.sheet]][slot.row][Column.CHECK] or "")
            at = [e for e in own if (e.indicator, e.field) == key]
            if key in responses.answers or at:
                seen.add(f"{_sign(at)} at an answer")
                if said[:1] != _sign(at):
                    differing.append(f"{path.name} {slot.key}: {said!r}, found {[e.code for e in at]}")
    assert differing == []
    assert seen >= {"", *map(str, (Sign.ERROR, Sign.TO_DO, Sign.WARNING, Sign.OK))}
    assert seen >= {f"{Sign.WARNING} at an answer", "computed", "not computed"}
    assert {"computed_overwritten"} == {e.code for e in batch.findings if e.code.startswith("computed")}


_LETTERS = "".join(column_letter(column) for column in range(26))


def _readable_names(responses: Responses) -> Responses:
    lines = {
        number: {
            code: Answer("Utopia") if code == "name" and answer.status is AnswerStatus.UNREADABLE else answer
            for code, answer in line.items()
        }
        for number, line in responses.lines["projects"].items()
    }
    return Responses(responses.answers, {"projects": lines}, responses.respondent)
