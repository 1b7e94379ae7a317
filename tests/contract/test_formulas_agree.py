"""Every rule, answer type and condition on every sort of cell: recalculated, the sheet says what the evaluator says."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from random import Random

import pytest

from questionnaire.blanks import AnswerStatus, is_blank
from questionnaire.declaration.answer_types import Mark
from questionnaire.layout import Slot
from questionnaire.rules.conditions import Always, Condition
from questionnaire.rules.evaluate import Evaluator
from questionnaire.rules.rule import Rule, Severity, not_relevant
from questionnaire.workbook.formulas.cell_formulas import type_faults
from questionnaire.workbook.formulas.checks import Sign
from tests.contract.bare_workbook import Bench, Sheets, Submission, Typed, saved_grids
from tests.contract.typed_cells import Reading, Typist, read
from tests.engines import Gnumeric, IronCalc
from tests.given import PERIOD, mini
from tests.office import recalculate

WORKBOOKS, PER_WORKBOOK, SPOILED = 4, 32, 5

SHARES = [slice(0, 16), pytest.param(slice(16, None), marks=pytest.mark.wide)]
"""Which submissions the slower programs get."""

SABOTAGES: Mapping[str, Callable[[str], str]] = {
    "limits are off by one": lambda formula: formula.replace(">=", ">"),
    "marks are not seen": lambda formula: formula.replace(',"Y")', ',"N")'),
    "labels are not understood": lambda formula: re.sub(r"\((acopio_[a-z_]+\d+)=", r"(\1_codes=", formula),
    "what is unknown is compared": lambda formula: re.sub(r"ISNUMBER\(\w+\)", "TRUE", formula),
    "values are not told from codes": lambda formula: formula.replace('"*")', '"**")'),
}

Drawn = tuple[Sequence[Submission], Sequence[Sheets]]


@pytest.fixture(scope="module")
def bench() -> Bench:
    return Bench(mini(), PERIOD)


@pytest.fixture(scope="module")
def drawn(bench: Bench, tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Drawn]:
    """The submissions and what the sheets make of them: under "" as written, else by the name of the sabotage."""
    folder = tmp_path_factory.mktemp("formulas")
    random = Random(20260202)
    typist = Typist(bench.instrument, random)
    plan: dict[Path, tuple[str, list[Submission]]] = {}
    for number in range(WORKBOOKS):
        plan[folder / f"as_written_{number}.xlsx"] = ("", [typist.submission() for _ in range(PER_WORKBOOK)])
    for number, name in enumerate(SABOTAGES):
        plan[folder / f"spoiled_{number}.xlsx"] = (name, [typist.submission() for _ in range(SPOILED)])
    for path, (name, submissions) in plan.items():
        bench.write(path, submissions, SABOTAGES.get(name, str))

    found: dict[str, tuple[list[Submission], list[Sheets]]] = {}
    for path, (name, submissions) in plan.items():
        written, seen = found.setdefault(name, ([], []))
        written += submissions
        seen += bench.read(IronCalc().grids(path))
    return found


def test_sheet__every_cell_of_every_submission__says_what_the_evaluator_says(
    bench: Bench, drawn: Mapping[str, Drawn]
) -> None:
    differences = list(_differences(bench, *drawn[""]))
    assert not differences, f"{len(differences)} differences, such as:\n" + "\n".join(differences[:12])


@pytest.mark.libreoffice
@pytest.mark.parametrize("share", SHARES)
def test_libreoffice__some_of_the_same_submissions__says_what_the_evaluator_says(
    bench: Bench, drawn: Mapping[str, Drawn], tmp_path: Path, share: slice
) -> None:
    submissions = drawn[""][0][share]
    (saved,) = recalculate([bench.write(tmp_path / "drawn.xlsx", submissions)], tmp_path / "saved")
    differences = list(_differences(bench, submissions, list(bench.read(saved_grids(saved)))))
    assert not differences, f"{len(differences)} differences, such as:\n" + "\n".join(differences[:12])


@pytest.mark.gnumeric
@pytest.mark.parametrize("share", SHARES)
def test_gnumeric__some_of_the_same_submissions__says_what_the_evaluator_says(
    bench: Bench, drawn: Mapping[str, Drawn], tmp_path: Path, ssconvert: Path, share: slice
) -> None:
    submissions = drawn[""][0][share]
    saved = Gnumeric(ssconvert).save(bench.write(tmp_path / "drawn.xlsx", submissions), tmp_path / "saved.xlsx")
    differences = list(_differences(bench, submissions, list(bench.read(saved_grids(saved)))))
    assert not differences, f"{len(differences)} differences, such as:\n" + "\n".join(differences[:12])


@pytest.mark.parametrize("name", SABOTAGES)
def test_sheet__spoiled_formulas__are_noticed(bench: Bench, drawn: Mapping[str, Drawn], name: str) -> None:
    assert any(_differences(bench, *drawn[name])), f"nothing tells that {name}"


def test_draw__mini_instrument__breaks_and_keeps_every_rule_and_meets_every_remark(
    bench: Bench, drawn: Mapping[str, Drawn]
) -> None:
    verdicts: dict[tuple[str, str], set[bool]] = {}
    remarks: set[str] = set()
    for sheets in drawn[""][1]:
        for slot in bench.layout.slots:
            row = sheets.rows[slot.key]
            remarks |= {row.check[:1], row.fault or ""}
            for rule in bench.instrument.rules_for(slot.block.code, slot.field.code):
                verdicts.setdefault((rule.code, rule.target), set()).add(rule.code in row.broken)
    never = [rule for rule, seen in verdicts.items() if seen != {True, False}]
    assert not never, f"not both broken and kept: {never}"
    keys = {key for slot in bench.layout.slots for _, key in type_faults(slot)}
    assert remarks == {"", *Sign, *keys}


# --- what is expected ---------------------------------------------------------------------------------------


def _differences(bench: Bench, submissions: Sequence[Submission], seen: Sequence[Sheets]) -> Iterator[str]:
    assert len(submissions) == len(seen) > 0
    for number, (submission, sheets) in enumerate(zip(submissions, seen, strict=True)):
        readings = read(bench.instrument, submission)
        answers = {key: r.answer for key, r in readings.items() if r.answer.status is not AnswerStatus.BLANK}
        evaluator = Evaluator(bench.instrument, answers, PERIOD)
        for slot in bench.layout.slots:
            typed = submission[slot.key]
            for what, expected, found in _row(bench, slot, typed, readings, evaluator, sheets):
                if expected != found:
                    yield f"{number} {slot.key}: {what} is {found!r}, not {expected!r}, of {typed}"
        for (indicator, node), value in zip(bench.nodes, sheets.nodes, strict=False):
            if isinstance(node, Condition):
                wanted: object = evaluator.holds(node, indicator)
            else:
                wanted = _or_blank(evaluator.quantity(node, indicator))
            if not _equal(wanted, "" if value is None else value):
                yield f"{number} {indicator}: {node} is {value!r}, not {wanted!r}"


def _row(
    bench: Bench,
    slot: Slot,
    typed: Typed,
    readings: Mapping[tuple[str, str], Reading],
    evaluator: Evaluator,
    sheets: Sheets,
) -> Iterator[tuple[str, object, object]]:
    reading, row = readings[slot.block.code, slot.field.code], sheets.rows[slot.key]
    rules = list(bench.instrument.rules_for(slot.block.code, slot.field.code))
    broken = [rule for rule in rules if evaluator.broken(rule, slot.block.code)]
    idle = not_relevant(slot.question.relevant_when)
    not_needed = (
        reading.answer.status is AnswerStatus.BLANK
        and not isinstance(slot.question.relevant_when, Always)
        and evaluator.holds(idle, slot.block.code)
    )
    yield "an error", (), row.errors
    yield "CODE", reading.code, row.code
    yield "NUMERIC", True, _equal(reading.numeric, row.numeric) or (reading.numeric, row.numeric)
    yield "the fault", reading.fault, row.fault
    yield "not needed", not_needed, row.not_needed
    yield "broken", {rule.code for rule in broken}, set(row.broken)
    yield "the check", _remark(slot, reading, broken, not is_blank(typed.comment), not_needed), row.check


def _remark(slot: Slot, reading: Reading, broken: Sequence[Rule], explained: bool, not_needed: bool) -> str:
    to_do = [rule.code for rule in broken if rule.code in ("required", "unanswered")]
    errors = [rule.code for rule in broken if rule.severity is Severity.ERROR and rule.code not in to_do]
    warnings = [rule.code for rule in broken if rule.severity is Severity.WARNING]
    if reading.fault or errors:
        return f"{Sign.ERROR} {reading.fault or errors[0]}"
    if "required" in to_do:
        return f"{Sign.TO_DO} required"
    if warnings:
        reported = f"{Sign.TO_DO if warnings[0] in to_do else Sign.WARNING} {warnings[0]}"
        return f"{Sign.OK} check_reason_given" if explained else reported
    if isinstance(slot.field.type, Mark):
        return ""
    if not_needed:
        return f"{Sign.NOT_NEEDED} check_not_needed"
    return f"{Sign.OK} check_ok" if reading.code else ""


def _or_blank(number: float | None) -> float | str:
    return "" if number is None else number


def _equal(wanted: object, found: object) -> bool:
    """Equal as texts or truth values; as numbers to the digits a spreadsheet keeps. LibreOffice counts days alike."""
    if isinstance(wanted, bool) or isinstance(found, bool) or isinstance(wanted, str) or isinstance(found, str):
        return wanted is found or (wanted == found and type(wanted) is type(found))
    return found == pytest.approx(wanted, rel=1e-12)
