"""Owns the declaration itself: instrument, section, indicator, question and field, and their consistency.

It is made by `questionnaire.declaration.instrument` from a folder and read by every derivation; it never changes.
"""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from questionnaire.codelists import Codelist, Wording
from questionnaire.declaration.answer_types import AnswerType, Mark, ScalarType, SingleChoice, parts
from questionnaire.declaration.editions import Edition
from questionnaire.declaration.lists import Roster
from questionnaire.rules.conditions import Condition
from questionnaire.rules.rule import Rule


@dataclass(frozen=True)
class Field:
    """One cell's worth of a question: `n_total`, `policy_areas.HEALTH`, `allocated.currency`."""

    code: str
    question: str
    type: ScalarType
    label: Wording

    @property
    def is_first(self) -> bool:
        """True for the field that stands for its question: it carries the declared missing status."""
        return self.code == self.question

    @property
    def takes_missing(self) -> bool:
        """True if the field's row offers a declared missing status beside the answer.

        A scale that has such codes of its own needs no second place for them.
        """
        return self.is_first and not (isinstance(self.type, SingleChoice) and self.type.codelist.declares)


@dataclass(frozen=True)
class Question:
    """What is asked, once for all indicators that ask it."""

    code: str
    type: AnswerType
    label: Wording
    help: Wording
    relevant_when: Condition
    required_when: Condition | None

    @cached_property
    def fields(self) -> tuple[Field, ...]:
        """The question's cells in reading order; the first has the question's own code."""
        return tuple(
            Field(f"{self.code}.{suffix}" if suffix else self.code, self.code, scalar, self._label(suffix, scalar))
            for suffix, scalar in parts(self.type)
        )

    def _label(self, suffix: str, scalar: ScalarType) -> Wording:
        if isinstance(scalar, Mark):
            return self.type.codelist[suffix].label  # type: ignore[union-attr]
        return self.label


@dataclass(frozen=True)
class Kind:
    """What sort of thing an indicator observes, and what each level of the status scale means for it."""

    code: str
    label: Wording
    anchors: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class Indicator:
    """One outcome indicator with the objective it belongs to and the questions asked about it."""

    code: str
    section: str
    objective_number: str
    objective: Wording
    text: Wording
    help: Wording
    kind: Kind
    met_from_status: int | None
    questions: tuple[Question, ...]
    objective_line: int = 0
    line: int = 0

    @cached_property
    def fields(self) -> tuple[Field, ...]:
        return tuple(field for question in self.questions for field in question.fields)

    @cached_property
    def field_codes(self) -> frozenset[str]:
        return frozenset(field.code for field in self.fields)


@dataclass(frozen=True)
class Section:
    """A part of the indicator table, with its indicators in order."""

    code: str
    label: Wording
    indicators: tuple[Indicator, ...]


@dataclass(frozen=True)
class Instrument:
    """The whole declaration: what is asked, how it is answered and how it is checked.

    `fingerprint` is the SHA-256 of the folder it was read from: two instruments with the same one are the same.
    `comparisons` are the rules that look at the previous round; `with_comparisons` makes rules of them like all others.
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
    rosters: tuple[Roster, ...] = ()
    editions: tuple[Edition, ...] = ()
    comparisons: tuple[Rule, ...] = ()

    @cached_property
    def structure(self) -> str:
        """SHA-256 of what decides which cell holds which answer: indicators, their fields in order, types, codes.

        Wordings do not count: a misprint mended after the questionnaires went out leaves the returns readable.
        """
        digest = hashlib.sha256()
        for indicator in self.indicators:
            for field in indicator.fields:
                codes = getattr(field.type, "codelist", None)
                listed = ",".join(code.code for code in codes.codes) if isinstance(codes, Codelist) else ""
                digest.update(f"{indicator.code}:{field.code}:{field.type.traits.name}:{listed}\n".encode())
        for roster in self.rosters:
            digest.update(f"{roster.structure}\n".encode())
        return digest.hexdigest()

    @cached_property
    def indicators(self) -> tuple[Indicator, ...]:
        return tuple(indicator for section in self.sections for indicator in section.indicators)

    @cached_property
    def _by_code(self) -> dict[str, Indicator]:
        return {indicator.code: indicator for indicator in self.indicators}

    def indicator(self, code: str) -> Indicator:
        """The indicator of that code; KeyError if there is none."""
        return self._by_code[code]

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

    @property
    def missing(self) -> Codelist:
        """The codes a respondent may choose instead of a value."""
        return self.codelists["missing"]

    def rules_for(self, indicator: str, field: str) -> Iterator[Rule]:
        """The rules whose findings name this field of this indicator, in the order of the declaration."""
        return (rule for rule in self._rules_by_target.get(field, ()) if indicator in rule.indicators)

    @cached_property
    def _rules_by_target(self) -> dict[str, list[Rule]]:
        targets: dict[str, list[Rule]] = {}
        for rule in self.rules:
            targets.setdefault(rule.target, []).append(rule)
        return targets

    def with_comparisons(self) -> "Instrument":
        """The instrument as a round uses it that follows another one."""
        return replace(self, rules=(*self.rules, *self.comparisons), comparisons=())

    def only(self, indicators: frozenset[str]) -> "Instrument":
        """The part of the instrument with these indicators; rules that look outside of it are left out."""
        sections = tuple(
            replace(section, indicators=kept)
            for section in self.sections
            if (kept := tuple(indicator for indicator in section.indicators if indicator.code in indicators))
        )
        rules, comparisons = (_rules_within(rules, indicators) for rules in (self.rules, self.comparisons))
        rosters = tuple(part for roster in self.rosters if (part := roster.only(indicators)) is not None)
        return replace(self, sections=sections, rules=rules, rosters=rosters, comparisons=comparisons)


def _rules_within(rules: tuple[Rule, ...], indicators: frozenset[str]) -> tuple[Rule, ...]:
    """The rules that look at nothing beyond these indicators, for those of them they apply to."""
    return tuple(
        replace(rule, indicators=kept)
        for rule in rules
        if all(not ref.indicator or ref.indicator in indicators for ref in (*rule.refs, *rule.previous_refs))
        and (kept := tuple(code for code in rule.indicators if code in indicators))
    )
