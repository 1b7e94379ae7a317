"""Makes the faults that a simulated respondent makes: each changes answers or cells and says what should be found.

A fault is planted so that it gives one finding of one code, in one cell, and nothing else.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from random import Random

from pipeline.simulation.fill import CellValue, FilledWorkbook
from pipeline.simulation.simulated_lines import DrawnLine
from questionnaire.blanks import AnswerStatus
from questionnaire.declaration.answer_types import (
    Date,
    InUnits,
    Money,
    Number,
    Percent,
    SingleChoice,
    Text,
    WholeNumber,
    Year,
)
from questionnaire.layout import Column, Layout, Slot
from questionnaire.messages import in_language
from questionnaire.rules.conditions import references_in
from questionnaire.rules.evaluate import Answer
from questionnaire.rules.rule import AUTOMATIC, Severity
from questionnaire.sample import Draft, Sampler


@dataclass(frozen=True)
class Planted:
    """A finding that a run should make: its code and its cell on its sheet ("" for the file as a whole)."""

    finding: str
    severity: str
    sheet: str = ""
    cell: str = ""
    indicator: str = ""
    field: str = ""


@dataclass
class Scene:
    """One return in the making: its answers, and what is done to the workbook after they are typed.

    `lines` are those of its lists, by list, where they are not just those that go with the answers.
    """

    layout: Layout
    tabs: Mapping[str, str]
    sampler: Sampler
    random: Random
    draft: Draft
    edits: list[Callable[[FilledWorkbook], None]] = field(default_factory=list)
    touched: set[str] = field(default_factory=set)
    lines: dict[str, list[DrawnLine]] = field(default_factory=dict)

    def planted(self, finding: str, severity: Severity, slot: Slot, column: Column = Column.ANSWER) -> Planted:
        """The finding at a slot's cell; the indicator is left alone by later faults."""
        self.touched.add(slot.block.code)
        tab, cell = self.tabs[slot.sheet], slot.cell(column)
        return Planted(finding, str(severity), tab, cell, slot.block.code, slot.field.code)

    def slots(self, *types: type) -> list[Slot]:
        """The answered slots of these scalar types, shuffled, in indicators without a fault."""
        found = [
            slot
            for slot in self.layout.slots
            if isinstance(slot.field.type, types)
            and slot.block.code not in self.touched
            and self.draft.get((slot.block.code, slot.field.code), _NOTHING).value is not None
        ]
        self.random.shuffle(found)
        return found


_NOTHING = Answer(None, AnswerStatus.BLANK)
_CASES = 20
"""In how many indicators a rule is tried before it is left alone."""

_OF_RATIOS = ("ratio_by_zero", "part_exceeds_whole")
_ASKED_OR_FORBIDDEN = (Severity.WARNING, Severity.ERROR)

Fault = Callable[[Scene], Planted]
"""Plants one finding in a scene; LookupError, and a scene as it was, where instrument and answers give no occasion."""


def first_of(faults: Iterable[Fault], scene: Scene) -> Planted | None:
    """Plant the first of these faults that there is an occasion for; None if there is one for none of them."""
    for fault in faults:
        with suppress(LookupError):
            return fault(scene)
    return None


def breaking(code: str) -> Fault:
    """Answers that break the rule of that code, somewhere."""

    def plant(scene: Scene) -> Planted:
        lists = {block.code for block in scene.layout.instrument.lists}
        cases = [
            (rule, indicator)
            for rule in scene.layout.instrument.rules
            if rule.code == code and not rule.lists
            for indicator in rule.blocks
            if indicator not in lists and scene.touched.isdisjoint(scene.sampler.neighbours(indicator, rule))
        ]
        scene.random.shuffle(cases)
        for rule, indicator in cases[:_CASES]:
            changed = scene.sampler.breaking(scene.draft, rule, indicator)
            if changed is not None:
                scene.draft.clear()
                scene.draft.update(changed)
                scene.touched |= {ref.indicator for ref in rule.refs if ref.indicator}
                return scene.planted(code, rule.severity, scene.layout.slot(indicator, rule.target))
        raise LookupError(f"no answers were found that break the rule {code} alone")

    return plant


def explained(code: str) -> Fault:
    """A broken rule of severity warning, with the reason given in the comment beside: it becomes a note."""

    def plant(scene: Scene) -> Planted:
        planted = breaking(code)(scene)
        slot = scene.layout.slot(planted.indicator, planted.field)
        scene.edits.append(lambda book: book.type(slot, "Checked with the institution: this is right.", Column.COMMENT))
        return Planted(**{**planted.__dict__, "severity": str(Severity.INFO)})

    return plant


def mistyped(finding: str, severity: Severity, text: CellValue, *types: type) -> Fault:
    """Something typed into a cell that its type cannot take: the answer cannot be read, nothing else changes."""

    def plant(scene: Scene) -> Planted:
        for slot in scene.slots(*types):
            key = (slot.block.code, slot.field.code)
            changed = {**scene.draft, key: Answer(None, AnswerStatus.UNREADABLE)}
            if not list(scene.sampler.broken(changed, (slot.block.code,))):
                del scene.draft[key]
                scene.edits.append(lambda book, slot=slot: book.type(slot, text))  # type: ignore[misc]
                return scene.planted(finding, severity, slot)
        raise LookupError(f"no answer was found to mistype for {finding}")

    return plant


def both_answered(scene: Scene) -> Planted:
    """A value, and beside it a reason for having none."""
    for slot in scene.slots(WholeNumber, Year, Text, Date):
        if slot.field.takes_missing and not isinstance(slot.question.type, InUnits):
            label = in_language(scene.layout.instrument.missing.codes[0].label, scene.sampler.language)
            scene.edits.append(lambda book, slot=slot: book.type(slot, label, Column.IF_NONE))  # type: ignore[misc]  # noqa: B023
            return scene.planted("conflict", Severity.ERROR, slot)
    raise LookupError("no answer was found to contradict")


def number_as_text(scene: Scene) -> Planted:
    """A number typed as text with a space between thousands, as many people write it."""
    for slot in scene.slots(WholeNumber):
        key = (slot.block.code, slot.field.code)
        changed = {**scene.draft, key: Answer(1234)}
        if not list(scene.sampler.broken(changed, (slot.block.code,))):
            scene.draft[key] = Answer(1234)
            scene.edits.append(lambda book, slot=slot: book.type(slot, "1 234"))  # type: ignore[misc]
            return scene.planted("number_from_text", Severity.INFO, slot)
    raise LookupError("no count was found to type as text")


# Every fault that a cell can have, by name. The rules named here are those that follow from the declaration itself;
# `rule_faults` adds those an instrument writes.
CELL_FAULTS: Mapping[str, Fault] = {
    "text in a number cell": mistyped("not_a_number", Severity.ERROR, "plusieurs", WholeNumber, Number, Percent, Money),
    "decimals in a count": mistyped("not_whole", Severity.ERROR, 3.7, WholeNumber),
    "unknown choice": mistyped("unknown_choice", Severity.ERROR, "peut-être", SingleChoice),
    "no year": mistyped("not_a_year", Severity.ERROR, "l’an dernier", Year),
    "value and reason for none": both_answered,
    "out of range": breaking("range"),
    "negative count": breaking("below_minimum"),
    "required and blank": breaking("required"),
    "answer where none is expected": breaking("not_relevant"),
    "question left unanswered": breaking("unanswered"),
    "no web address": breaking("web_address"),
    "text too long": breaking("too_long"),
    "number typed as text": number_as_text,
}


ERRORS = tuple(
    CELL_FAULTS[name]
    for name in (
        "required and blank", "text in a number cell", "unknown choice", "out of range", "no year",
        "answer where none is expected", "value and reason for none",
    )
)  # fmt: skip
"""Faults that keep a return out, the most usual first."""


PLAIN = (
    mistyped("not_a_number", Severity.ERROR, "abc", WholeNumber, Number, Percent, Money),
    CELL_FAULTS["unknown choice"],
    CELL_FAULTS["question left unanswered"],
)
"""Faults that explain themselves to whoever sees their first round."""


def explained_warnings(layout: Layout) -> Iterator[Fault]:
    """Warnings of the instrument, each with its reason given, those that nobody wrote first."""
    warnings = dict.fromkeys(rule.code for rule in layout.instrument.rules if rule.severity is Severity.WARNING)
    yield from map(explained, sorted(warnings, key=lambda code: (code != "web_address", code not in AUTOMATIC)))


def computed_faults(layout: Layout) -> tuple[dict[str, Fault], ...]:
    """Faults of ratios and of what is held against reference values: those that ask, and those that forbid."""
    rules = [rule for rule in layout.instrument.rules if not rule.lists]
    codes = {rule.code: rule.severity for rule in rules if rule.code in _OF_RATIOS or references_in(rule.check)}
    groups = ([code for code, given in codes.items() if given is severity] for severity in _ASKED_OR_FORBIDDEN)
    return tuple({code: breaking(code) for code in group} for group in groups if group)


def rule_faults(layout: Layout, severity: Severity) -> dict[str, Fault]:
    """One fault for each rule that the instrument itself writes, of that severity."""
    written = {rule.code for rule in layout.instrument.rules if rule.severity is severity} - set(AUTOMATIC)
    # By the digits last, so that the first few come from all over the rule book: E04a, E08a, E10, not E04a, E04b, E04c.
    codes = sorted(written, key=lambda code: (code[-1:].islower() and code[-1:] != "a", code))
    return {f"rule {code}": breaking(code) for code in codes}
