"""Declares an instrument: its sections, indicators, questions and fields, and checks that they are consistent.

It is made by `questionnaire.declaration.instrument` from a folder and read by every derivation; it never changes.
"""

import dataclasses
import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import assert_never

from questionnaire.codelists import Code, Codelist, Wording
from questionnaire.declaration.answer_types import Coded, Date, Derived, Numeric, Selection, SingleChoice, Written
from questionnaire.declaration.blocks import Block, Field, ListBlock, Question
from questionnaire.declaration.earlier.editions import Edition
from questionnaire.declaration.earlier.wordings_before import WordingBefore
from questionnaire.declaration.references import ReferenceItem
from questionnaire.rules.conditions import lists_in
from questionnaire.rules.rule import Rule

INDICATORS = "indicators"
"""The name of the wide table of all indicators; no list has it."""


@dataclass(frozen=True)
class IndicatorType:
    """What an indicator observes (a law, a service, a training), and what each level means for it, lowest first."""

    code: str
    label: Wording
    anchors: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class Indicator(Block):
    """One outcome indicator with the objective it belongs to: a block of one line."""

    section: str
    objective_number: str
    objective: Wording
    text: Wording
    help: Wording
    indicator_type: IndicatorType
    met_from_level: int | None
    objective_line: int = 0
    line: int = 0


@dataclass(frozen=True)
class Section:
    """A part of the indicator table, with its indicators in order."""

    code: str
    label: Wording
    indicators: tuple[Indicator, ...]


@dataclass(frozen=True)
class Instrument:
    """The whole declaration: what is asked, how it is answered and how it is checked.

    `level` is the code of the question whose code is the level of an indicator, "" in an instrument without levels.
    `fingerprint` is the SHA-256 of the folder it was read from: two instruments with the same one are the same.
    `comparisons` are the rules that look at the previous round; `with_comparisons` makes rules of them like all others.
    `references` are the figures about respondents that a round may bring, `reference_values` those that it brings, by
    respondent and item.
    """

    name: str
    edition: str
    title: Wording
    official_language: str
    languages: tuple[str, ...]
    unofficial: Wording
    sections: tuple[Section, ...]
    codelists: Mapping[str, Codelist]
    rules: tuple[Rule, ...]
    fingerprint: str
    lists: tuple[ListBlock, ...] = ()
    editions: tuple[Edition, ...] = ()
    wordings_before: tuple[WordingBefore, ...] = ()
    comparisons: tuple[Rule, ...] = ()
    level: str = ""
    references: tuple[ReferenceItem, ...] = ()
    reference_values: Mapping[str, Mapping[str, float]] = dataclasses.field(default_factory=dict)

    @cached_property
    def structure(self) -> str:
        """SHA-256 of what decides which cell holds which answer: indicators, their fields in order, types, codes.

        Wordings do not count: a misprint mended after the questionnaires went out leaves the returns readable.
        """
        lines = [
            f"{block.code}:{field.code}:{field.type.traits.name}:{','.join(code.code for code in _codes(field))}"
            for block in self.indicators
            for field in block.fields
        ]
        for block in self.lists:
            lines.append(f"{block.code}:{block.most_lines}")
            for field in block.fields:
                codes = ",".join(code.code for code in _codes(field) if code.missing is None)
                lines.append(f"{block.code}.{field.code}:{field.type.traits.name}:{codes}")
        return hashlib.sha256("".join(f"{line}\n" for line in lines).encode()).hexdigest()

    @cached_property
    def indicators(self) -> tuple[Indicator, ...]:
        return tuple(indicator for section in self.sections for indicator in section.indicators)

    @cached_property
    def _by_code(self) -> dict[str, Indicator]:
        return {indicator.code: indicator for indicator in self.indicators}

    def indicator(self, code: str) -> Indicator:
        """The indicator of that code; KeyError if there is none."""
        return self._by_code[code]

    @cached_property
    def blocks(self) -> Mapping[str, Block]:
        """Everything that is asked, indicators first, by code."""
        return {block.code: block for block in (*self.indicators, *self.lists)}

    @cached_property
    def tables(self) -> Mapping[str, tuple[Block, ...]]:
        """The blocks whose answers stand in one wide table, by its name: all indicators, and each list alone."""
        return {INDICATORS: self.indicators} | {block.code: (block,) for block in self.lists}

    def field(self, block: str, code: str) -> Field:
        """A field of a block; KeyError if there is none."""
        return self.blocks[block].field(code)

    def older_edition(self, name: str) -> Edition | None:
        """What an older edition called things; None for an edition that the instrument does not map."""
        return next((edition for edition in self.editions if edition.name == name), None)

    @cached_property
    def questions(self) -> Mapping[str, Question]:
        """Every question asked anywhere, by code, in the order first met."""
        return {question.code: question for indicator in self.indicators for question in indicator.questions}

    @cached_property
    def fields(self) -> Mapping[str, Field]:
        """Every field of any question, by code: the columns of the wide dataset."""
        return {field.code: field for question in self.questions.values() for field in question.fields}

    @cached_property
    def computed(self) -> Mapping[tuple[str, str], Question]:
        """The computed questions as they are put about each indicator, by the codes of both."""
        return {
            (indicator.code, question.code): question
            for indicator in self.indicators
            for question in indicator.questions
            if question.formula is not None
        }

    @cached_property
    def computed_columns(self) -> Mapping[tuple[str, str], Question]:
        """The computed columns of lists and tables, by the codes of both; each follows from columns before it."""
        return {(block.code, code): asked for block in self.lists for code, asked in block.computed_questions.items()}

    @cached_property
    def lists_computed_from(self) -> frozenset[str]:
        """The lists whose lines computed questions count or add up."""
        formulas = (question.formula for question in self.computed.values() if question.formula)
        return frozenset(code for formula in formulas for code in lists_in(formula.value))

    @property
    def level_scale(self) -> Codelist | None:
        """The ordered code list of the levels; None where no indicator has a level."""
        asked = self.questions.get(self.level)
        return asked.type.codelist if asked is not None and isinstance(asked.type, SingleChoice) else None

    @property
    def missing(self) -> Codelist:
        """The codes a respondent may choose instead of a value."""
        return self.codelists["missing"]

    def rules_for(self, block: str, field: str) -> Iterator[Rule]:
        """The rules whose findings name this field of this block, in the order of the declaration."""
        return (rule for rule in self._rules_by_target.get(field, ()) if block in rule.blocks)

    @cached_property
    def _rules_by_target(self) -> dict[str, list[Rule]]:
        targets: dict[str, list[Rule]] = {}
        for rule in self.rules:
            targets.setdefault(rule.target, []).append(rule)
        return targets

    def with_comparisons(self) -> "Instrument":
        """The instrument as a round uses it that follows another one."""
        return replace(self, rules=(*self.rules, *self.comparisons), comparisons=())

    @property
    def as_printed(self) -> "Instrument":
        """What of the instrument a reading depends on: of rules, no more than the texts that stand in workbooks."""
        return replace(self, rules=tuple(rule.as_printed for rule in self.rules), comparisons=(), fingerprint="")

    def only(self, indicators: frozenset[str]) -> "Instrument":
        """The part of the instrument with these indicators; rules that look outside of it are left out."""
        sections = tuple(
            replace(section, indicators=kept)
            for section in self.sections
            if (kept := tuple(indicator for indicator in section.indicators if indicator.code in indicators))
        )
        lists = tuple(part for block in self.lists if (part := block.only(indicators)) is not None)
        asked = indicators | {block.code for block in lists}
        rules, comparisons = (_rules_within(rules, asked) for rules in (self.rules, self.comparisons))
        return replace(self, sections=sections, rules=rules, lists=lists, comparisons=comparisons)


def _rules_within(rules: tuple[Rule, ...], asked: frozenset[str]) -> tuple[Rule, ...]:
    """The rules that look at nothing beyond these blocks, for those of them they apply to."""
    return tuple(
        replace(rule, blocks=kept)
        for rule in rules
        if all(not ref.indicator or ref.indicator in asked for ref in (*rule.refs, *rule.previous_refs))
        and asked.issuperset(rule.lists)
        and (kept := tuple(code for code in rule.blocks if code in asked))
    )


def _codes(field: Field) -> tuple[Code, ...]:
    """The codes that decide what the cell of a field may hold."""
    match field.type:
        case Coded(codelist) | Selection(codelist):
            return codelist.codes
        case Numeric() | Date() | Written() | Derived():
            return ()
        case _:
            assert_never(field.type)
