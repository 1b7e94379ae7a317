"""What the sheet of a list says of a line, recalculated, is what the pipeline finds of it: line by line, sign by sign."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import isnan
from pathlib import Path
from random import Random

import pytest

from pipeline.findings import Finding
from pipeline.receiving.receive import receive_file
from pipeline.simulation.fill import CellValue, FilledWorkbook, typed
from pipeline.validation.batch import Batch, read_batch
from questionnaire.addresses import column_letter
from questionnaire.blanks import AnswerStatus
from questionnaire.declaration.answer_types import is_text
from questionnaire.declaration.blocks import Field
from questionnaire.layout import CHECK, Column, Layout, Slot
from questionnaire.rules.evaluate import Answer, Responses
from questionnaire.rules.rule import Severity
from questionnaire.sheet_names import tab_names
from questionnaire.workbook.formulas.checks import Sign
from questionnaire.workbook.formulas.rule_formulas import TO_DO
from tests.contract.list_sets import COMPUTED, LINES, drawn, listing_round
from tests.contract.list_sets import listing as listing_instrument
from tests.engines import Engine, IronCalc, engine_named, in_other_programs
from tests.given import write_questionnaire
from tests.office import AS_IT_IS, Calculated

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
    book = FilledWorkbook(sent, layout, tab_names(layout), "en")
    book.answer(responses.answers)
    for number, line in responses.lines["projects"].items():
        for slot in listed.slots(number):
            if slot.field.code in line:
                book.type_at(listed.code, slot.cell(Column.ANSWER), _typed(slot.field, line[slot.field.code]))
    if overwritten is not None:
        book.type(layout.slot("F01", "free_projects"), overwritten)
    book.save(target, dt.datetime(2026, 3, 1, 8))
    return target


@dataclass(frozen=True)
class Listing:
    """Drawn lists typed into questionnaires, and what the pipeline found in them."""

    layout: Layout
    sets: Mapping[Path, Responses]
    batch: Batch

    def differing(self, engine: Engine, every: int) -> tuple[list[str], set[str]]:
        """Of one of so many sets: where the sheets say something else than the pipeline; what was met."""
        paths = list(self.sets)[::every]
        reported = engine.calculated([(path, [AS_IT_IS]) for path in paths])
        differing, seen = list[str](), set[str]()
        for path, (step,) in zip(paths, reported, strict=True):
            for where, said, found in (
                *self._lines(path, step),
                *self._computed(path, step),
                *self._answers(path, step),
            ):
                seen.add(found)
                if said != found:
                    differing.append(f"{path.name} {where}: {said!r}, found {found!r}")
        return differing, seen

    def _lines(self, path: Path, step: Calculated) -> Iterator[tuple[str, str, str]]:
        listed = self.layout.lists[0]
        tab = _TABS[listed.code]
        for number in range(1, LINES + 1):
            row = listed.row(number)
            said = str(step.sheets[tab][row][listed.columns[CHECK]] or "")
            at = [e for e in self._found(path) if e.sheet == tab and e.cell.lstrip(_LETTERS) == str(row + 1)]
            yield f"L{number}", said[:1], _sign(at) if number in self.sets[path].lines["projects"] else ""

    def _answers(self, path: Path, step: Calculated) -> Iterator[tuple[str, str, str]]:
        for slot in self._slots():
            key = (slot.block.code, slot.field.code)
            at = [e for e in self._found(path) if (e.indicator, e.field) == key]
            if key in self.sets[path].answers or at:
                said = str(step.sheets[_TABS[slot.sheet]][slot.row][Column.CHECK] or "")
                yield slot.key, f"{said[:1]} at an answer", f"{_sign(at)} at an answer"

    def _computed(self, path: Path, step: Calculated) -> Iterator[tuple[str, str, str]]:
        answers = self.batch.answers
        numbers = answers.loc[answers["file"] == path.name].set_index(["block", "field"])["number"]
        overwritten = any(e.code == "computed_overwritten" for e in self._found(path))
        for slot in self._slots():
            if slot.field.code in COMPUTED:
                number = numbers[slot.block.code, slot.field.code]
                found = "not computed" if isnan(number) else f"computed {number}"
                typed_over = overwritten and slot.key == "F01:free_projects"
                cells = step.sheets[_TABS[slot.sheet]][slot.row]
                for column in (Column.NUMERIC, Column.NUMERIC if typed_over else Column.ANSWER):
                    yield slot.key, f"computed {cells[column]}" if cells[column] != "" else "not computed", found

    def _slots(self) -> Iterator[Slot]:
        for block in ("W01a", "F01"):
            yield from (self.layout.slot(block, field) for field in ("total", "urban", *COMPUTED))

    def _found(self, path: Path) -> list[Finding]:
        return [entry for entry in self.batch.findings if entry.file == path.name]


@pytest.fixture(scope="module")
def listing(tmp_path_factory: pytest.TempPathFactory) -> Listing:
    """As many drawn lists as it takes to meet everything."""
    folder = tmp_path_factory.mktemp("lists")
    round_ = listing_round(folder)
    layout, random, sent = Layout.of(round_), Random(20261128), folder / "AAA.xlsx"
    write_questionnaire(sent, round_, round_.participants[0], layout)
    sets = {}
    for number in range(SETS):
        # An unreadable text cannot be distinguished from a readable one: what is drawn for names is always read.
        responses = _readable_names(drawn(random, "AAA"))
        overwritten = number / _OVERWRITTEN if number % _OVERWRITTEN == 0 else None
        sets[_filled(sent, folder / f"{number:03}.xlsx", layout, responses, overwritten)] = responses
    return Listing(layout, sets, read_batch(round_, [receive_file(path) for path in sets]))


def test_lines__of_many_drawn_lists__sheet_and_pipeline_say_the_same(listing: Listing) -> None:
    differing, seen = listing.differing(IronCalc(), every=1)
    assert differing == []
    assert seen >= {"", *map(str, (Sign.ERROR, Sign.TO_DO, Sign.WARNING, Sign.OK))}
    assert seen >= {f"{Sign.WARNING} at an answer", "not computed", "computed 0.0", "computed 1.0"}
    assert {"computed_overwritten"} == {e.code for e in listing.batch.findings if e.code.startswith("computed")}


@pytest.mark.parametrize(("engine", "every"), [*in_other_programs(7), *in_other_programs(1, wide=True)])
def test_lines__in_other_programs__sheet_and_pipeline_say_the_same(
    listing: Listing, request: pytest.FixtureRequest, engine: str, every: int
) -> None:
    differing, seen = listing.differing(engine_named(engine, request), every)
    assert differing == []
    assert seen >= {"", str(Sign.ERROR), str(Sign.WARNING), "not computed"}


_TABS = tab_names(Layout(listing_instrument()))
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
