"""Makes the sets of answers for the parity test: valid, broken rule by rule, borderline, and anything people type."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from random import Random
from typing import assert_never

from pipeline.reading.values.parsed import Context, Parsed
from pipeline.reading.values.parsing import parse
from pipeline.reading.values.shown import shown
from pipeline.simulation.fill import FilledWorkbook
from questionnaire.blanks import DECLARED, is_blank
from questionnaire.day_numbers import LAST_DAY, day_of
from questionnaire.declaration.answer_types import (
    Coded,
    Date,
    Derived,
    Numeric,
    Selection,
    Written,
    Year,
)
from questionnaire.declaration.blocks import Field
from questionnaire.declaration.form import Instrument
from questionnaire.layout import Column, Layout, Slot
from questionnaire.rounds.round import Respondent, Round
from questionnaire.rules.conditions import Arithmetic, Compare, Ref, Value, refs
from questionnaire.rules.evaluate import BLANK, Answer, Evaluator
from questionnaire.rules.rule import Rule, Severity
from questionnaire.sample import Draft, Sampler
from questionnaire.sheet_names import tab_names
from questionnaire.workbook.sheets.verdict import SIGN_OFF
from tests.contract.bare_workbook import ErrorCell, Raw, Typed
from tests.contract.typed_cells import UNREADABLE, Reading, Typist
from tests.contract.typed_cells import read as read_plainly
from tests.given import write_questionnaire

SAVED = dt.datetime(2026, 3, 1, 8)
_TRIES = 150
_FRUITLESS = 60
_TRIED_ALONE = 40  # to break a rule and no other takes long
_COMMENTS = ("Checked with the institution.", " ", "\u00a0", "0")


Verdict = Callable[[Evaluator, Rule, str], bool]


def keeps(evaluator: Evaluator, rule: Rule, indicator: str) -> bool:
    """True where a rule applies, and holds."""
    return evaluator.holds(rule.when, indicator) and evaluator.holds(rule.check, indicator)


@dataclass(frozen=True)
class AnswerSet:
    """What one respondent fills in: drawn answers, their choices in `language`, and cells typed over them."""

    name: str
    respondent: str
    language: str
    draft: Draft = field(default_factory=dict)
    typed: Mapping[str, Typed] = field(default_factory=dict)
    signed: bool = False
    marks: Mapping[str, Raw] = field(default_factory=dict)
    """What is typed into the cells that confirm the answers of the previous round, by key of the slot."""


class Desk:
    """Writes the questionnaires of a round once each and fills in answer sets."""

    def __init__(self, round_: Round, folder: Path) -> None:
        self.round, self.folder, self.layout = round_, folder, Layout.of(round_)
        self._written: dict[str, Path] = {}

    def respondent(self, code: str) -> Respondent:
        found = self.round.respondent(code)
        assert found is not None
        return found

    def tabs(self) -> Mapping[str, str]:
        """The names of the sheets of the questionnaires."""
        return tab_names(self.layout)

    def fill(self, entry: AnswerSet) -> Path:
        """The questionnaire of the respondent with the set's answers typed in."""
        book = FilledWorkbook(self._questionnaire(entry.respondent), self.layout, self.tabs(), entry.language)
        book.answer(entry.draft)
        for key, typed in entry.typed.items():
            self._type(book, self.layout.by_key[key], typed)
        for key, mark in entry.marks.items():
            assert not isinstance(mark, ErrorCell)
            book.type(self.layout.by_key[key], mark, Column.CONFIRM)
        if entry.signed:
            book.type_named(SIGN_OFF, "A. Person")
        book.save(self.path(entry), SAVED)
        return self.path(entry)

    def path(self, entry: AnswerSet) -> Path:
        """Where a filled questionnaire stands."""
        return self.folder / f"{entry.name}.xlsx"

    def _questionnaire(self, code: str) -> Path:
        if code not in self._written:
            self.folder.mkdir(exist_ok=True)
            self._written[code] = self.folder / f"questionnaire_{code}.xlsx"
            write_questionnaire(self._written[code], self.round, self.respondent(code), self.layout)
        return self._written[code]

    @staticmethod
    def _type(book: FilledWorkbook, slot: Slot, typed: Typed) -> None:
        columns = {Column.ANSWER: typed.answer, Column.IF_NONE: typed.if_none, Column.COMMENT: typed.comment}
        for column, raw in columns.items():
            if raw is not None:
                assert not isinstance(raw, ErrorCell)
                book.type(slot, raw, column)


@dataclass
class Drawing:
    """Draws the answer sets of one round; the same seed gives the same sets."""

    round: Round
    seed: int

    def __post_init__(self) -> None:
        self.random = Random(self.seed)
        instrument, self.parameters = self.round.instrument, self.round.period.parameters
        self.sampler = Sampler(instrument, self.parameters, self.random)
        self.typist = Typist(instrument, self.random)
        self._number = 0

    @property
    def instrument(self) -> Instrument:
        return self.round.instrument

    def valid(self, count: int) -> Iterator[AnswerSet]:
        """Sets without any fault."""
        for _ in range(count):
            yield self._set("valid", self.sampler.valid())

    def breaking_alone(self, rules: Iterable[Rule], indicators: int) -> Iterator[AnswerSet]:
        """One set for each rule at some of its indicators; that rule alone is broken in it."""
        for rule in rules:
            for indicator in rule.blocks[:indicators]:
                # Not every valid draft gives the occasion.
                tried = (self.sampler.breaking(self.sampler.valid(), rule, indicator) for _ in range(_TRIES))
                draft = next((draft for draft in tried if draft is not None), None)
                assert draft is not None, f"{rule.code} at {indicator} cannot be broken alone"
                yield self._set(f"breaking_{rule.code}", draft, self._explained(rule, indicator))

    def breaking_many(self, rules: Iterable[Rule], drafts: Sequence[Draft], alone: int) -> Iterator[AnswerSet]:
        """Sets made from drafts that break all rules, many in each: in the first `alone` sets no other ones."""
        pending, fruitless = on_answers(rules, self.instrument), 0
        while pending:
            draft, broken = self.random.choice(drafts), list[tuple[Rule, str]]()
            self.random.shuffle(pending)
            for rule in pending[:_TRIED_ALONE] if alone > 0 else pending:
                found = self._one_more(draft, rule, broken, alone=alone > 0)
                if found is not None:
                    draft, indicator = found
                    broken.append((rule, indicator))
            pending = [rule for rule in pending if rule not in [done for done, _ in broken]]
            fruitless = 0 if broken else fruitless + 1
            assert fruitless < _FRUITLESS, f"never broken: {[(rule.code, rule.target) for rule in pending]}"
            alone -= 1
            if not broken:
                continue
            typed = [self._explained(rule, indicator) for rule, indicator in broken]
            yield self._set("breaking", draft, {key: each[key] for each in typed for key in each})

    def keeping(self, rules: Iterable[Rule], drafts: Sequence[Draft]) -> Iterator[AnswerSet]:
        """Sets made from drafts in which each of the rules has something to say, and is kept."""
        pending, fruitless = on_answers(rules, self.instrument), 0
        while pending:
            draft, kept = self.random.choice(drafts), list[tuple[Rule, str]]()
            for rule in pending:
                indicator = self.random.choice(rule.blocks)
                found = self._adding_up(draft, rule, indicator) or self._somehow(draft, rule, indicator, keeps)
                if found is not None and all(self._holds(keeps, found, *done) for done in kept):
                    draft = found
                    kept.append((rule, indicator))
            pending = [rule for rule in pending if rule not in [done for done, _ in kept]]
            fruitless = 0 if kept else fruitless + 1
            assert fruitless < _FRUITLESS, f"never kept: {[(rule.code, rule.target) for rule in pending]}"
            if kept:
                yield self._set("keeping", draft)

    def anything(self, count: int) -> Iterator[AnswerSet]:
        """Sets with anything in any cell, save what the reader understands and the sheet asks to correct."""
        for _ in range(count):
            submission = {key: _typable(typed) for key, typed in self.typist.submission().items()}
            readings = read_plainly(self.instrument, submission)
            for indicator in self.instrument.indicators:
                for asked in indicator.fields:
                    key = f"{indicator.code}:{asked.code}"
                    if self._is_understood(asked, submission[key], readings[indicator.code, asked.code]):
                        submission[key] = Typed()
            yield self._set("anything", {}, submission)

    def understood(self, cells: Mapping[str, tuple[Typed, type]], respondent: str) -> Iterator[AnswerSet]:
        """One set per sort of cell that the reader understands and the sheet does not: name -> what is typed where."""
        for name, (typed, scalar) in cells.items():
            draft = self.sampler.valid()
            while not (slots := _answered(draft, Layout(self.instrument), scalar)):
                draft = self.sampler.valid()
            typed_at = {self.random.choice(slots).key: typed}
            yield replace(self._set(f"understood_{name}", draft, typed_at), respondent=respondent)

    def _set(self, name: str, draft: Draft, typed: Mapping[str, Typed] | None = None) -> AnswerSet:
        self._number += 1
        participants = self._participants()
        respondent = participants[self._number % len(participants)]
        language = self.random.choice((respondent.language, *self.round.languages))
        number = f"{self._number:03}_{name}"
        return AnswerSet(number, respondent.code, language, draft, typed or {}, self.random.random() < 0.5)

    def _participants(self) -> list[Respondent]:
        """One for each language."""
        by_language = {entry.language: entry for entry in self.round.participants}
        return list(by_language.values())

    def _explained(self, rule: Rule, indicator: str) -> dict[str, Typed]:
        """At times a reason beside what a warning asks about, now and then one that only seems to be one."""
        if rule.severity is not Severity.WARNING or self.random.random() < 0.5:
            return {}
        return {f"{indicator}:{rule.target}": Typed(comment=self.random.choice(_COMMENTS))}

    # --- breaking -------------------------------------------------------------------------------------------

    def _one_more(
        self, draft: Draft, rule: Rule, broken: Sequence[tuple[Rule, str]], alone: bool
    ) -> tuple[Draft, str] | None:
        """The answers with one more rule broken somewhere, and where; what is broken already stays so."""
        touched = {near for done, indicator in broken for near in _near(done, indicator)} if alone else set[str]()
        free = [code for code in rule.blocks if not touched & _near(rule, code)]
        if not free:
            return None
        indicator = self.random.choice(free)
        found = self.sampler.breaking(draft, rule, indicator) if alone else self._somehow(draft, rule, indicator)
        if found is None:
            return None
        return (found, indicator) if all(self._holds(Evaluator.broken, found, *done) for done in broken) else None

    def _somehow(self, draft: Draft, rule: Rule, indicator: str, wanted: Verdict = Evaluator.broken) -> Draft | None:
        """The answers, changed until they break a rule (or whatever is wanted), whatever else they break."""
        question = self.instrument.questions[self.instrument.fields[rule.target].question]
        looked_at = dict.fromkeys((*refs(question.relevant_when), *rule.refs))
        drawn = tuple(dict.fromkeys(drawn for ref in looked_at for drawn in self._typed(ref)))
        for _ in range(_TRIES):
            changed = dict(draft)
            for ref in drawn:
                self._put(changed, ref, indicator)
            if self._holds(wanted, changed, rule, indicator):
                return changed
        return None

    def _typed(self, ref: Ref) -> tuple[Ref, ...]:
        """What is typed so that a field has an answer: itself or, where it is computed, the answers in its formula."""
        formula = self.instrument.questions[self.instrument.fields[ref.field].question].formula
        return (ref,) if formula is None else refs(formula.value)

    def _adding_up(self, draft: Draft, rule: Rule, indicator: str) -> Draft | None:
        """The answers with a total that is the sum of its parts, as the rule asks; chance alone hardly finds one."""
        match rule.check:
            case Compare("==", Value(total), Arithmetic() as parts):
                changed = dict(draft)
                for ref in refs(parts):
                    changed[ref.indicator or indicator, ref.field] = self.sampler.draw(
                        self.instrument.fields[ref.field]
                    )
                number = Evaluator(self.instrument, changed, self.parameters).quantity(parts, indicator)
                changed[total.indicator or indicator, total.field] = Answer(int(number or 0))
                return changed if self._holds(keeps, changed, rule, indicator) else None
        return None

    def _holds(self, wanted: Verdict, draft: Draft, rule: Rule, indicator: str) -> bool:
        return wanted(Evaluator(self.instrument, draft, self.parameters), rule, indicator)

    def _put(self, draft: Draft, ref: Ref, indicator: str) -> None:
        code, asked = ref.indicator or indicator, self.instrument.fields[ref.field]
        draft.pop((code, ref.field), None)
        if isinstance(asked.type, Selection):
            options = self.instrument.questions[asked.code].fields[1:]
            for option in options:
                draft.pop((code, option.code), None)
            marked = self.random.sample(options, self.random.randint(0, len(options)))
            draft |= {(code, option.code): Answer("Y") for option in marked}
            if marked:
                draft[code, asked.code] = Answer(";".join(option.code.split(".")[1] for option in marked))
        elif (answer := self._any(asked)) is not BLANK:
            draft[code, ref.field] = answer

    def _any(self, asked: Field) -> Answer:
        roll = self.random.random()
        if roll < 0.2:
            return BLANK
        if roll < 0.25 and asked.takes_missing:
            return Answer(None, self.random.choice(DECLARED))
        borderline = self._borderline(asked)
        return Answer(self.random.choice(borderline)) if borderline and roll < 0.6 else self.sampler.draw(asked)

    def _borderline(self, asked: Field) -> Sequence[str | float | dt.date]:
        scalar = asked.type
        match scalar:
            case Numeric(minimum, maximum):
                limits = [
                    self.parameters[limit] if isinstance(limit, str) else limit
                    for limit in (minimum, maximum)
                    if limit is not None
                ]
                near = [limit + step for limit in limits for step in (-1, 0, 1)]
                return [value for value in near if value >= 1000] if isinstance(scalar, Year) else [0, 1, 7, *near]
            case Date():
                return [dt.date(self.parameters["period_end"] + 1, 1, 1), dt.date(1899, 12, 31), dt.date(1900, 3, 1)]
            case Written(longest):
                return ["no", "x" * longest, "x" * (longest + 1), "https://" + "x" * longest]
            case Coded() | Selection() | Derived():
                return []
            case _:
                assert_never(scalar)

    def _is_understood(self, asked: Field, typed: Typed, plain: Reading) -> bool:
        """True where the reader makes more of a cell than the sheet; beside a multiple choice, of the reason for none."""
        if not plain.fault:
            return False
        parsed = reading_of(asked, typed, self.instrument)
        wrong = any(fault.severity is Severity.ERROR for fault in parsed.faults)
        return not wrong or (plain.answer.status is not parsed.status and plain.answer == UNREADABLE)


def _near(rule: Rule, indicator: str) -> set[str]:
    """The indicators whose answers a rule looks at."""
    return {indicator, *(ref.indicator for ref in rule.refs if ref.indicator)}


def _answered(draft: Draft, layout: Layout, scalar: type) -> list[Slot]:
    """The slots of a type that have a value."""
    return [
        slot
        for slot in layout.slots
        if isinstance(slot.field.type, scalar)
        and draft.get((slot.block.code, slot.field.code), BLANK).value is not None
    ]


def on_answers(rules: Iterable[Rule], instrument: Instrument) -> list[Rule]:
    """The rules that lines of lists have no part in: those are drawn elsewhere (`tests.contract.list_sets`)."""
    asked = {indicator.code for indicator in instrument.indicators}
    return [rule for rule in rules if not rule.lists and asked.issuperset(rule.blocks)]


def reading_of(asked: Field, typed: Typed, instrument: Instrument) -> Parsed:
    """What the reader of returns makes of a cell."""
    if_none = typed.if_none if asked.takes_missing else None
    answer = float(typed.answer) if isinstance(typed.answer, int) else typed.answer
    assert not isinstance(answer, ErrorCell)
    assert not isinstance(if_none, ErrorCell)
    if isinstance(asked.type, Date) and isinstance(answer, float) and 1 <= answer <= LAST_DAY and answer % 1:
        # In a cell for days, a part of a number is a time of day.
        answer = dt.datetime.combine(day_of(int(answer)) or dt.date.min, dt.time(12))
    return parse(asked.type, shown(answer, asked.type.number_format), if_none, Context(instrument.missing))


def _typable(typed: Typed) -> Typed:
    """Without what `FilledWorkbook` does not type: logical values and errors."""
    return Typed(*(_plain(raw) for raw in (typed.answer, typed.if_none, typed.comment)))


def _plain(raw: Raw) -> Raw:
    return None if isinstance(raw, bool | ErrorCell) else raw


def is_empty(entry: AnswerSet) -> bool:
    """True for a set that would be an empty return."""
    return not (entry.draft or entry.marks) and all(
        is_blank(typed.answer) and is_blank(typed.if_none) for typed in entry.typed.values()
    )
