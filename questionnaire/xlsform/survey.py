"""Makes the rows of a form from the declaration: a group per section and indicator, a repeat per list.

What keeps a return out of the dataset is a constraint here; what only asks is a note below its question. A question
without an answer is followed by one for the reason.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import assert_never

from questionnaire.codelists import Codelist, Wording
from questionnaire.declaration.answer_types import (
    Coded,
    Date,
    Derived,
    Mark,
    Numeric,
    Selection,
    Written,
)
from questionnaire.declaration.blocks import Block, Field, ListBlock, Question
from questionnaire.declaration.bounds import bounds
from questionnaire.declaration.form import Indicator, Section
from questionnaire.declaration.references import ReferenceItem
from questionnaire.messages import filled, filled_in_all, finding_wording, in_language, wording
from questionnaire.rounds.reference_texts import reference_text
from questionnaire.rounds.round import Round
from questionnaire.rules.conditions import Condition
from questionnaire.rules.rule import AUTOMATIC, Rule, Severity
from questionnaire.xlsform.names import RESPONDENT, Names
from questionnaire.xlsform.numbers import plain_number
from questionnaire.xlsform.paths import NotInFormsError, Paths

_BESIDE = (
    "unanswered", "required", "not_relevant", "currency_required", "unit_required", "line_incomplete", "too_many_lines",
)  # fmt: skip
"""The rules that a form keeps by itself: it asks what is due, and nothing else."""

_FORMAL = ("too_long", "web_address")
"""Rules on how a text is written: a form does not take one that breaks them."""


@dataclass(frozen=True)
class Row:
    """One row of the sheet `survey`; texts by language, everything else as it stands in its column."""

    type: str
    name: str
    label: Wording = field(default_factory=dict)
    hint: Wording = field(default_factory=dict)
    relevant: str = ""
    required: str = ""
    constraint: str = ""
    constraint_message: Wording = field(default_factory=dict)
    calculation: str = ""
    appearance: str = ""


@dataclass
class Survey:
    """The rows of a round's form, and what of the declaration no form can hold, by the words for why."""

    round: Round
    names: Names
    left_out: dict[str, list[str]] = field(default_factory=dict)

    def rows(self) -> Iterator[Row]:
        """All rows, in order."""
        yield Row(f"select_one {RESPONDENT}", RESPONDENT, wording("xlsform", "respondent"), required="yes")
        for section in self.round.instrument.sections:
            yield from self._section(section)
        for block in self.round.instrument.lists:
            name = self.names.of_block(block.code)
            yield Row("begin_repeat", name, block.label, block.help)
            yield from self._questions(block)
            yield Row("end_repeat", name)

    def _section(self, section: Section) -> Iterator[Row]:
        yield Row("begin_group", self.names.of_section(section.code), section.label)
        for indicator in section.indicators:
            name = self.names.of_block(indicator.code)
            yield Row("begin_group", name, self._said("{code} – {text}", code=indicator.code, text=indicator.text))
            yield from self._questions(indicator)
            yield Row("end_group", name)
        yield Row("end_group", self.names.of_section(section.code))

    def _questions(self, block: Block) -> Iterator[Row]:
        paths = Paths(self.round.instrument, self.names, block, self.round.period.parameters)
        for question in block.questions:
            yield from self._references(block, question, self._when(paths, question.relevant_when))
            for asked in question.fields:
                if not isinstance(asked.type, Mark):
                    yield from self._field(paths, block, question, asked)

    def _references(self, block: Block, question: Question, relevant: str) -> Iterator[Row]:
        """A note for each reference value beside a question that is the same for all: a form does not know for whom."""
        for item in self.round.instrument.references:
            said = {one: self._same_for_all(item, one) for one in self.round.languages}
            if item.code in question.references and all(said.values()):
                yield Row("note", self.names.of_note(item.code, block.code), said, relevant=relevant)

    def _same_for_all(self, item: ReferenceItem, language: str) -> str:
        texts = {reference_text(item, self.round, one.code, language) for one in self.round.participants}
        return texts.pop() if len(texts) == 1 else ""

    def _field(self, paths: Paths, block: Block, question: Question, asked: Field) -> Iterator[Row]:
        name = self.names.of_field(block.code, asked.code)
        relevant = self._when(paths, question.relevant_when)
        if question.formula is not None:
            try:
                calculation = paths.quantity(question.formula.value)
            except NotInFormsError as error:
                self.left_out.setdefault(str(error), []).append(asked.code)
                return
            yield Row("calculate", name, calculation=calculation)
            shown = self._said("{label} – {value}", label=question.label, value=wording("xlsform", "computed"))
            quoted = {language: text.replace("{value}", f"${{{name}}}") for language, text in shown.items()}
            yield Row("note", f"{name}-shown", quoted, relevant=relevant)
            # Nobody types what is computed: what is wrong with it is said below it.
            constraints, notes = self._rules(paths, block, asked, question)
            yield from self._notes(block, [*constraints, *notes])
            return
        constraints, notes = self._rules(paths, block, asked, question)
        is_line = isinstance(block, ListBlock)
        has_reason = asked.takes_missing and not is_line
        label = wording("workbook", f"part_{asked.asks_unit}") if asked.asks_unit else asked.label
        yield Row(
            _type(asked),
            name,
            label,
            self._hint(block, question, asked),
            relevant,
            "" if has_reason or not asked.is_first else self._due(paths, question),
            " and ".join(f"not({broken})" for broken, _ in constraints),
            self._joined([self._message(rule) for _, rule in constraints]),
        )
        if has_reason:
            yield self._reason(paths, block, question, asked, relevant)
        yield from self._notes(block, notes)

    def _notes(self, block: Block, rules: list[tuple[str, Rule]]) -> Iterator[Row]:
        """What is said where a rule is broken that keeps nobody from going on."""
        for broken, rule in rules:
            yield Row("note", self.names.of_note(rule.code, block.code), self._message(rule), relevant=broken)

    def _reason(self, paths: Paths, block: Block, question: Question, asked: Field, relevant: str) -> Row:
        name = self.names.of_field(block.code, asked.code)
        when = f"${{{name}}} = ''" + (f" and ({relevant})" if relevant else "")
        codelist, label = self.round.instrument.missing.name, wording("xlsform", "reason")
        due = self._due(paths, question)
        return Row(f"select_one {codelist}", self.names.of_reason(block, asked), label, {}, when, due)

    def _due(self, paths: Paths, question: Question) -> str:
        """When an answer is due, as the column `required` has it."""
        if question.required_when is None:
            return ""
        return self._when(paths, question.required_when) or "yes"

    def _rules(
        self, paths: Paths, block: Block, asked: Field, question: Question
    ) -> tuple[list[tuple[str, Rule]], list[tuple[str, Rule]]]:
        """What makes the rules about a field broken: of those that keep a return out, and of those that ask."""
        targets = [asked.code]
        if isinstance(asked.type, Selection):
            targets += [part.code for part in question.fields if isinstance(part.type, Mark)]
        constraints: list[tuple[str, Rule]] = []
        notes: list[tuple[str, Rule]] = []
        for rule in (rule for target in targets for rule in self.round.instrument.rules_for(block.code, target)):
            if rule.code in _BESIDE or rule.severity is Severity.INFO:
                continue
            try:
                broken = paths.broken(rule)
            except NotInFormsError as error:
                self.left_out.setdefault(str(error), []).append(rule.code)
                continue
            keeps_out = rule.severity is Severity.ERROR or rule.code in _FORMAL
            (constraints if keeps_out else notes).append((broken, rule))
        return constraints, notes

    def _when(self, paths: Paths, condition: Condition) -> str:
        found = paths.condition(condition)
        return "" if found == "true()" else found

    # --- texts ----------------------------------------------------------------------------------------------

    def _message(self, rule: Rule) -> Wording:
        limits = bounds(rule.limits, self.round.period.parameters)
        shown = {name: "" if limit is None else plain_number(limit) for name, limit in limits.items()}
        if rule.code in AUTOMATIC:
            return filled_in_all(finding_wording(rule.code).short, **shown)
        return self._said("{message} {remedy}", message=rule.message, remedy=rule.remedy)

    def _hint(self, block: Block, question: Question, asked: Field) -> Wording:
        if asked.asks_unit:
            return {}
        usual = filled_in_all(wording("workbook", asked.type.traits.help), max=_longest(asked))
        said: Wording = question.help if any(question.help.values()) else usual
        if isinstance(block, Indicator) and question.code == self.round.instrument.level:
            said = self._levels(block) or said
        unit = asked.unit
        return self._said("{unit}. {help}", unit=unit, help=said) if unit else said

    def _levels(self, indicator: Indicator) -> Wording:
        scale = self.round.instrument.level_scale
        anchors = indicator.indicator_type.anchors
        if scale is None or not anchors:
            return {}
        codes = [code.code for code in scale.ranked]
        return {
            language: " ".join((
                in_language(wording("xlsform", "levels"), language),
                *(f"{code}: {text}" for code, text in zip(codes, anchors.get(language, ()), strict=False)),
            ))
            for language in anchors
        }  # fmt: skip

    def _said(self, pattern: str, **values: object) -> Wording:
        return {language: filled(pattern, language, self._known(values, language)) for language in self.round.languages}

    def _known(self, values: Mapping[str, object], language: str) -> dict[str, object]:
        official = self.round.instrument.official_language
        return {
            name: in_language(value, language, official) if isinstance(value, Mapping) else value
            for name, value in values.items()
        }

    def _joined(self, messages: list[Wording]) -> Wording:
        return (
            {
                language: " / ".join(dict.fromkeys(in_language(message, language) for message in messages))
                for language in self.round.languages
            }
            if messages
            else {}
        )


def _longest(asked: Field) -> int | str:
    return asked.type.max_length if isinstance(asked.type, Written) else ""


def _type(asked: Field) -> str:
    match asked.type:
        case Selection(codelist):
            return f"select_multiple {codelist.name}"
        case Coded(codelist):
            return f"select_one {codelist.name}"
        case Numeric():
            return "integer" if asked.type.traits.whole else "decimal"
        case Date():
            return "date"
        case Written():
            return "text"
        case Derived():
            return "calculate"
        case _:
            assert_never(asked.type)


def choice_lists(rows: list[Row], round_: Round) -> Iterator[tuple[str, Codelist]]:
    """The code lists that these rows offer, each once and by its name; those of a list's columns too."""
    instrument = round_.instrument
    known = {
        field.type.codelist.name: field.type.codelist
        for block in instrument.blocks.values()
        for field in block.fields
        if isinstance(field.type, Coded | Selection)
    } | {instrument.missing.name: instrument.missing}
    offered = dict.fromkeys(row.type.partition(" ")[2] for row in rows if row.type.startswith("select_"))
    return ((name, known[name]) for name in offered if name != RESPONDENT)
