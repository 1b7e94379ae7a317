"""Declares the block, lines × fields: what is asked together, once (of an indicator) or line by line (in a list).

A third sort, fixed lines given by code lists (a table), has its place here: see docs/adr/0029.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from questionnaire.codelists import Codelist, Wording
from questionnaire.declaration.answer_types import (
    CURRENCY,
    UNIT,
    AnswerType,
    Derived,
    Mark,
    ScalarType,
    SingleChoice,
    YesNo,
    parts,
)
from questionnaire.declaration.units import USUAL, UnitOfMeasure
from questionnaire.indicator_table.identifiers import safe_name
from questionnaire.rules.conditions import Always, Condition, Formula
from questionnaire.rules.substitution import formula_for

PERSONS = "persons"
"""What a number discloses that counts persons: those from 1 to 4 are for the secretariat alone."""


@dataclass(frozen=True)
class Field:
    """One cell's worth of a question: `n_total`, `policy_areas.HEALTH`, `allocated.currency`; in a list, its column.

    `reason_beside` is False where no cell beside the answer takes the reason why there is none. `discloses` is PERSONS
    where its number counts persons. `sums` is False where adding it up over respondents would say nothing. `unit_in` is
    the field that holds the unit of its number, "" where that is not chosen. `converted_from` is the question whose
    number it is in another unit.
    """

    code: str
    question: str
    type: ScalarType
    label: Wording
    reason_beside: bool = True
    discloses: str = ""
    sums: bool = True
    measured_in: UnitOfMeasure = USUAL
    unit_in: str = ""
    converted_from: str = ""

    @property
    def unit(self) -> Wording:
        """What its numbers count, in words, with their multiplier."""
        return self.measured_in.shown

    @property
    def is_first(self) -> bool:
        """True for the field that stands for its question: it carries the declared missing status."""
        return self.code == self.question

    @property
    def asks_unit(self) -> str:
        """CURRENCY or UNIT for the cell with the unit of a number: its row asks for that, in words of the form."""
        return self.code.rpartition(".")[2] if isinstance(self.type, SingleChoice) and not self.is_first else ""

    @property
    def takes_missing(self) -> bool:
        """True if the field's row offers a declared missing status beside the answer.

        A scale that has such codes of its own needs no second place for them, and nobody is asked for what is computed.
        """
        declares = isinstance(self.type, SingleChoice) and self.type.codelist.declares
        return self.is_first and self.reason_beside and not declares and not isinstance(self.type, Derived)


@dataclass(frozen=True)
class Question:
    """What is asked, once for all blocks that ask it. `others_only`: the respondent itself is no answer.

    `formula` is what the value of a computed question follows from, None for every other one. `references` are the
    items of the reference values that are shown beside it, `measured_in` is the unit of its number. `converted_from` is
    the question whose number it is in another unit, `unit_in` the question with the unit of its number, where that is
    chosen in one of its own: of a list in the same line, of a table about its indicator; or the field with the currency
    of an amount, in which another number is.
    """

    code: str
    type: AnswerType
    label: Wording
    help: Wording
    relevant_when: Condition
    required_when: Condition | None
    reason_beside: bool = True
    others_only: bool = False
    discloses: str = ""
    sums: bool = True
    formula: Formula | None = None
    references: tuple[str, ...] = ()
    measured_in: UnitOfMeasure = USUAL
    converted_from: str = ""
    unit_in: str = ""

    def about(self, indicator: str) -> "Question":
        """The question as it is put about an indicator, whose lines its formula counts."""
        return self if self.formula is None else replace(self, formula=formula_for(self.formula, indicator))

    @cached_property
    def fields(self) -> tuple[Field, ...]:
        """The question's cells in reading order; the first has the question's own code."""
        return tuple(
            Field(
                f"{self.code}.{suffix}" if suffix else self.code,
                self.code,
                scalar,
                self._label(suffix, scalar),
                self.reason_beside,
                self.discloses,
                self.sums,
                USUAL if suffix else self.measured_in,
                "" if suffix else self._field_of_unit,
                self.converted_from,
            )
            for suffix, scalar in parts(self.type)
        )

    @property
    def _field_of_unit(self) -> str:
        """The field with the unit of its number, where one is chosen."""
        return self.unit_in or next(
            (f"{self.code}.{suffix}" for suffix, _ in parts(self.type) if suffix in (CURRENCY, UNIT)), ""
        )

    def _label(self, suffix: str, scalar: ScalarType) -> Wording:
        if isinstance(scalar, Mark):
            return self.type.codelist[suffix].label  # type: ignore[union-attr]
        return self.label


@dataclass(frozen=True)
class Block:
    """Questions that are asked together: each line answers all of them."""

    code: str
    questions: tuple[Question, ...]

    @cached_property
    def name(self) -> str:
        """What it is called where a program takes no other signs than letters, digits and underscores."""
        return safe_name(self.code)

    @cached_property
    def fields(self) -> tuple[Field, ...]:
        return tuple(field for question in self.questions for field in question.fields)

    @cached_property
    def field_codes(self) -> frozenset[str]:
        return frozenset(field.code for field in self.fields)

    def field(self, code: str) -> Field:
        """The field of that code; KeyError if the block does not ask it."""
        return self._by_code[code]

    @cached_property
    def _by_code(self) -> Mapping[str, Field]:
        return {field.code: field for field in self.fields}

    @cached_property
    def computed_questions(self) -> Mapping[str, Question]:
        """The questions that nobody answers, by code, in their order."""
        return {question.code: question for question in self.questions if question.formula is not None}

    @cached_property
    def given_fields(self) -> tuple[Field, ...]:
        """The fields that say something: what is computed follows from them."""
        return tuple(field for field in self.fields if field.question not in self.computed_questions)


@dataclass(frozen=True)
class CountedQuestion:
    """A question of indicators whose number is that of their lines: of all, or of those where `field` holds `code`."""

    question: str
    field: str = ""
    code: str = ""


@dataclass(frozen=True)
class BilateralConsistency:
    """Which lines the respondent named in the field `partner` should have too, naming this one in turn.

    They are those where `field` holds `code`.
    """

    partner: str
    field: str
    code: str


@dataclass(frozen=True)
class ListBlock(Block):
    """A block of open lines, such as the agreements of a state: as many as there are, `most_lines` on the form.

    `indicator_field` is the field that says for which indicator a line counts.
    """

    label: Wording
    help: Wording
    most_lines: int
    indicator_field: str
    counts: tuple[CountedQuestion, ...] = ()
    bilateral: BilateralConsistency | None = None

    @property
    def indicators(self) -> tuple[str, ...]:
        """The codes of the indicators that lines may count for."""
        chosen = self.field(self.indicator_field).type
        assert isinstance(chosen, SingleChoice), "the field of the indicators is a choice"
        return chosen.codelist.value_codes

    @property
    def key(self) -> frozenset[str]:
        """The fields that tell one line from another between rounds: what every line must choose."""
        choices = (item for item in self.questions if isinstance(item.type, SingleChoice | YesNo))
        chosen = (item.code for item in choices if isinstance(item.required_when, Always))
        return frozenset((self.indicator_field, *chosen))

    def only(self, indicators: frozenset[str]) -> "ListBlock | None":
        """The list for some of its indicators; None if it has none of them."""
        asked = next(question for question in self.questions if question.code == self.indicator_field)
        assert isinstance(asked.type, SingleChoice), "the field of the indicators is a choice"
        kept = tuple(code for code in asked.type.codelist.codes if code.code in indicators)
        if not kept:
            return None
        limited = replace(asked, type=SingleChoice(Codelist(asked.type.codelist.name, kept)))
        return replace(self, questions=tuple(limited if item is asked else item for item in self.questions))
