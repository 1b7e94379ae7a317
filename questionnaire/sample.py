"""Draws answers from the declaration: plausible ones that keep every rule, and ones that break a chosen rule.

Tests and the simulation of a round feed on it; it writes nothing.
"""

import dataclasses
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from random import Random

from questionnaire.blanks import DECLARED, AnswerStatus
from questionnaire.codelists import Codelist
from questionnaire.declaration.answer_types import (
    Derived,
    Mark,
    Numeric,
    Selection,
    SingleChoice,
)
from questionnaire.declaration.blocks import Field, Question
from questionnaire.declaration.form import Indicator, Instrument
from questionnaire.rules.conditions import (
    Always,
    And,
    Compare,
    Condition,
    Filled,
    Length,
    Or,
    Ref,
    Value,
    Valued,
    Within,
    refs,
)
from questionnaire.rules.evaluate import BLANK, Answer, Answers, Evaluator, Lines, Responses
from questionnaire.rules.rule import Rule
from questionnaire.sample_values import SHARE_DECLARED, ValueSampler

Draft = dict[tuple[str, str], Answer]
"""The answers of one submission while they are drawn: (indicator, field) -> answer."""

Kept = frozenset[tuple[str, str]]
"""Questions whose answers are left as they are: (indicator, question)."""

Wanted = tuple[str, str, str]
"""A rule to be broken somewhere: its code, its target, the indicator."""

_REPAIRS = 40
_MENDS = 6
_TRIES = 400
_SHARE_ANSWERED = 0.8
_SHARE_REPEATED = 0.85


@dataclass(frozen=True)
class Sampler:
    """Draws answers for one instrument; the same `random` state gives the same answers.

    `previous` are the respondent's answers of the previous round: most of them are given again. `lines` are those of
    lists that are drawn before the answers, because something is computed from them; without any, they have none.
    `respondent` is whose answers they are.
    """

    instrument: Instrument
    parameters: Mapping[str, int]
    random: Random
    language: str = "en"
    previous: Answers = dataclasses.field(default_factory=dict)
    lines: Lines = dataclasses.field(default_factory=dict)
    respondent: str = ""

    def valid(self) -> Draft:
        """A whole questionnaire's answers that break no rule; at worst, one that compares with the previous ones."""
        draft: Draft = {}
        for indicator in self.instrument.indicators:
            self._draw_indicator(draft, indicator)
            self._repair_near(draft, indicator.code)
        for _ in range(_REPAIRS):
            before = self._state(draft)
            wrong = dict.fromkeys(code for _, code in self.broken(draft))
            if not wrong:
                return draft
            for code in wrong:
                self._repair_near(draft, code)
            if self._state(draft) == before:
                break
        for give_up in (self._as_in_previous_round, self._nothing_done):
            for code in dict.fromkeys(code for _, code in self.broken(draft)):
                give_up(draft, self.instrument.indicator(code))
        left = [f"{rule.code} at {code}" for rule, code in self.broken(draft) if not rule.previous_refs]
        if left:
            raise RuntimeError(
                f"no answers were found that keep {', '.join(left)}: do these rules contradict each other?"
            )
        return draft

    def _evaluator(self, draft: Draft) -> Evaluator:
        return Evaluator(self.instrument, Responses(draft, self.lines, self.respondent), self.parameters, self.previous)

    def _repair_near(self, draft: Draft, indicator: str) -> None:
        # Two rules may want two numbers of one answer: it goes to and fro, and where two rounds lead back to where
        # they began, all others would.
        for _ in range(_REPAIRS // 2):
            before = self._state(draft)
            for _ in range(2):
                broken = list(self.broken(draft, (indicator,)))
                if not broken:
                    return
                for rule, code in broken:
                    self._mend(draft, rule, code, frozenset())
            if self._state(draft) == before:
                return

    def _state(self, draft: Draft) -> tuple[Draft, object]:
        """All that decides what is drawn and changed next."""
        return dict(draft), self.random.getstate()

    def breaking(self, draft: Draft, rule: Rule, indicator: str) -> Draft | None:
        """The answers, changed so that they break this rule and no other; None if no such change was found."""
        near = self.neighbours(indicator, rule)
        wanted = (rule.code, rule.target, indicator)
        question = self.instrument.questions[self.instrument.fields[rule.target].question]
        looked_at = dict.fromkeys((*refs(question.relevant_when), *rule.refs))
        drawn = tuple(ref for ref in looked_at if not isinstance(self.instrument.fields[ref.field].type, Derived))
        for attempt in range(_TRIES):
            changed = dict(draft)
            if attempt % 2:  # every other time from a clean slate: fewer answers, fewer other rules to break
                changed = {key: answer for key, answer in draft.items() if key[0] not in near}
            for ref in drawn:
                if attempt % 2 or self.random.random() < 0.7:
                    self._set(changed, ref.indicator or indicator, ref.field, self._any(ref))
            # Most draws break nothing: only of the others all rules near are asked.
            if self._breaks(changed, wanted) and self._mend_others(changed, near, wanted, drawn):
                return changed
        return None

    def _breaks(self, draft: Draft, wanted: Wanted) -> bool:
        evaluator, indicator = self._evaluator(draft), wanted[2]
        rules = (rule for rule, code in self._cases_near[indicator] if (rule.code, rule.target, code) == wanted)
        return any(evaluator.broken(rule, indicator) for rule in rules)

    def neighbours(self, indicator: str, rule: Rule) -> tuple[str, ...]:
        """The indicators whose answers may change while a rule is being broken: those it looks at, and theirs."""
        own = dict.fromkeys((indicator, *(ref.indicator for ref in rule.refs if ref.indicator)))
        cases = [case for code in own for case in self._cases_near[code]]
        theirs = (name for other, code in cases for name in (code, *(ref.indicator for ref in other.refs)) if name)
        return tuple(dict.fromkeys((*own, *theirs)))

    def _mend_others(self, draft: Draft, near: tuple[str, ...], wanted: Wanted, drawn: tuple[Ref, ...]) -> bool:
        """Change answers that were not drawn until the wanted rule alone is broken; False if that does not come off."""
        kept = frozenset((*(self._question_of(ref, wanted[2]) for ref in drawn), *self._beyond(near)))
        for _ in range(_MENDS):
            broken = {(rule.code, rule.target, code): rule for rule, code in self.broken(draft, near)}
            if wanted not in broken:
                return False
            if len(broken) == 1:
                return True
            for (_, target, code), rule in broken.items():
                if (rule.code, target, code) != wanted:
                    self._mend(draft, rule, code, kept)
        return False

    def _beyond(self, near: tuple[str, ...]) -> Iterator[tuple[str, str]]:
        """The questions of other indicators that rules near these look at: a change there would not be noticed."""
        for code in near:
            for rule, at in self._cases_near[code]:
                for ref in (Ref(rule.target), *rule.refs):
                    if (ref.indicator or at) not in near:
                        yield self._question_of(ref, at)

    def _mend(self, draft: Draft, rule: Rule, indicator: str, kept: Kept) -> None:
        """Change an answer so that a broken rule is kept, leaving the questions in `kept` alone."""
        evaluator = self._evaluator(draft)
        if not evaluator.broken(rule, indicator):
            return
        target = Ref(rule.target)
        if rule.code == "not_relevant" and self._is_free(target, indicator, kept):
            self._set(draft, indicator, rule.target, BLANK)
        elif rule.quotes_previous and self._is_free(target, indicator, kept):
            self._repeat(draft, indicator, self.instrument.questions[self._question_of(target, indicator)[1]])
        elif rule.code == "not_relevant" or not self._satisfy(draft, rule.check, indicator, evaluator, kept):
            self._clear_one(draft, rule, indicator, kept)

    def _question_of(self, ref: Ref, indicator: str) -> tuple[str, str]:
        return ref.indicator or indicator, self.instrument.fields[ref.field].question

    def broken(self, draft: Draft, near: tuple[str, ...] = ("",)) -> Iterator[tuple[Rule, str]]:
        """The rules that the answers break, with the indicator.

        `near` asks only for the rules that look at answers to one of these indicators.
        """
        evaluator = self._evaluator(draft)
        cases = {(id(rule), code): rule for indicator in near for rule, code in self._cases_near[indicator]}
        yield from ((rule, code) for (_, code), rule in cases.items() if evaluator.broken(rule, code))

    @cached_property
    def _cases_near(self) -> dict[str, list[tuple[Rule, str]]]:
        """Every (rule, indicator) by each indicator it looks at, and all of them under ""."""
        cases: dict[str, list[tuple[Rule, str]]] = {"": []}
        indicators = {indicator.code for indicator in self.instrument.indicators}
        # Other lines are drawn by others, to go with the answers.
        known = self.lines.keys() | self.instrument.lists_computed_from
        for rule in (rule for rule in self.instrument.rules if known.issuperset(rule.lists)):
            for code in (code for code in rule.blocks if code in indicators):
                for near in {"", code, *(ref.indicator for ref in rule.refs)}:
                    cases.setdefault(near, []).append((rule, code))
        return cases

    # --- drawing --------------------------------------------------------------------------------------------

    def _draw_indicator(self, draft: Draft, indicator: Indicator) -> None:
        evaluator = self._evaluator(draft)
        for question in indicator.questions:
            is_computed = isinstance(question.type, Derived)
            if is_computed or not evaluator.holds(question.relevant_when, indicator.code):
                continue
            needed = question.required_when is not None and evaluator.holds(question.required_when, indicator.code)
            if needed or self.random.random() < _SHARE_ANSWERED:
                self._draw_question(draft, indicator, question)

    def _draw_question(self, draft: Draft, indicator: Indicator, question: Question) -> None:
        if (indicator.code, question.code) in self.previous and self.random.random() < _SHARE_REPEATED:
            self._repeat(draft, indicator.code, question)
            return
        first = question.fields[0]
        if first.takes_missing and self.random.random() < SHARE_DECLARED:
            draft[indicator.code, first.code] = self._declared(self.instrument.missing)
            return
        for field in question.fields:
            if isinstance(field.type, Mark) and self.random.random() < 0.5:
                continue
            self._set(draft, indicator.code, field.code, self.draw(field))
        if isinstance(first.type, Selection) and (indicator.code, first.code) not in draft:
            self._set(draft, indicator.code, question.fields[1].code, Answer("Y"))

    def _repeat(self, draft: Draft, indicator: str, question: Question) -> None:
        """Give the previous answer to a question again, if it is one that is given."""
        if isinstance(question.type, Derived):
            return
        for field in question.fields:
            draft.pop((indicator, field.code), None)
            if (indicator, field.code) in self.previous:
                draft[indicator, field.code] = self.previous[indicator, field.code]

    def _declared(self, codelist: Codelist) -> Answer:
        """One of the reasons for no answer that a code list offers."""
        return Answer(None, self.random.choice([code.missing for code in codelist if code.missing]))

    def draw(self, field: Field) -> Answer:
        """A plausible answer to one field."""
        return self.values.plausible(field.type)

    @cached_property
    def values(self) -> ValueSampler:
        """Draws the value of one answer."""
        return ValueSampler(self.parameters, self.random, self.language)

    # --- changing -------------------------------------------------------------------------------------------

    def _set(self, draft: Draft, indicator: str, field: str, answer: Answer) -> None:
        """Put an answer, and keep the head of a multiple choice in step with its options."""
        if isinstance(self.instrument.fields[field].type, Selection):
            self._set_selection(draft, indicator, field, answer)
            return
        if answer.status is AnswerStatus.BLANK or (answer.value is None and answer.status is AnswerStatus.ANSWERED):
            draft.pop((indicator, field), None)
        else:
            draft[indicator, field] = answer
        question = self.instrument.questions[self.instrument.fields[field].question]
        if isinstance(question.fields[0].type, Selection):
            marked = [option.code for option in question.fields[1:] if (indicator, option.code) in draft]
            codes = ";".join(code.split(".")[1] for code in marked)
            draft.pop((indicator, question.code), None)
            if marked:
                draft[indicator, question.code] = Answer(codes)

    def _set_selection(self, draft: Draft, indicator: str, field: str, answer: Answer) -> None:
        options = self.instrument.questions[field].fields[1:]
        for option in options:
            draft.pop((indicator, option.code), None)
        draft.pop((indicator, field), None)
        if answer.status in DECLARED:
            draft[indicator, field] = answer
        elif answer.status is AnswerStatus.ANSWERED:
            self._set(draft, indicator, self.random.choice(options).code, Answer("Y"))

    def _any(self, ref: Ref) -> Answer:
        """Some answer, plausible or not: blank, declared, zero, too large, too small."""
        field = self.instrument.fields[ref.field]
        roll = self.random.random()
        if roll < 0.15:
            return BLANK
        if roll < 0.2 and field.takes_missing:
            return self._declared(self.instrument.missing)
        return self.values.odd(field.type, roll)

    def _satisfy(self, draft: Draft, check: Condition, indicator: str, evaluator: Evaluator, kept: Kept) -> bool:
        """Change an answer so that a check holds; False if this kind of check is not mended that way."""
        match check:
            case And(items) | Or(items):
                return any(
                    self._satisfy(draft, item, indicator, evaluator, kept)
                    for item in items
                    if not evaluator.holds(item, indicator)
                )
            case Filled(ref) | Valued(ref) | Compare(_, Length(ref), _) if self._is_free(ref, indicator, kept):
                code = ref.indicator or indicator
                self._set(draft, code, ref.field, self._given(ref.field))
                return True
            case Compare(sign, Value(ref), right) if self._is_free(ref, indicator, kept):
                wanted = evaluator.quantity(right, indicator)
                return wanted is not None and self._set_number(draft, ref, indicator, sign, wanted)
            case Within(pairs):
                wrong = [left for left, right in pairs if not evaluator.holds(Valued(right), indicator)]
                for ref in wrong:
                    if self._is_free(ref, indicator, kept):
                        self._set(draft, ref.indicator or indicator, ref.field, BLANK)
                return bool(wrong)
        return False

    def _is_free(self, ref: Ref, indicator: str, kept: Kept) -> bool:
        is_given = not isinstance(self.instrument.fields[ref.field].type, Derived)
        return is_given and not ref.previous and self._question_of(ref, indicator) not in kept

    def _given(self, field: str) -> Answer:
        """A plausible answer; to the head of a multiple choice, that some option is marked."""
        declared = self.instrument.fields[field]
        return Answer("") if isinstance(declared.type, Selection) else self.draw(declared)

    def _set_number(self, draft: Draft, ref: Ref, indicator: str, sign: str, wanted: float) -> bool:
        scalar = self.instrument.fields[ref.field].type
        value = self.values.compared(scalar, sign, wanted) if isinstance(scalar, Numeric) else None
        if value is not None:
            self._set(draft, ref.indicator or indicator, ref.field, Answer(value))
        return value is not None

    def _clear_one(self, draft: Draft, rule: Rule, indicator: str, kept: Kept) -> None:
        """Blank one of the answers a broken rule looks at, but never a level: everything hangs on it."""
        level, free = self.instrument.level, [ref for ref in rule.refs if self._is_free(ref, indicator, kept)]
        filled = [ref for ref in free if (ref.indicator or indicator, ref.field) in draft and ref.field != level]
        if filled:
            ref = self.random.choice(filled)
            self._set(draft, ref.indicator or indicator, ref.field, BLANK)
        elif levels := [ref for ref in free if ref.field == level]:
            ref = self.random.choice(levels)
            self._set(draft, ref.indicator or indicator, ref.field, self.draw(self.instrument.fields[ref.field]))

    def _as_in_previous_round(self, draft: Draft, indicator: Indicator) -> None:
        """All the previous answers again, where there are any."""
        if any((indicator.code, field.code) in self.previous for field in indicator.fields):
            for question in indicator.questions:
                self._repeat(draft, indicator.code, question)

    def _nothing_done(self, draft: Draft, indicator: Indicator) -> None:
        """The barest consistent answer: the lowest level, and a reason for none where one must be given."""
        for field in indicator.fields:
            draft.pop((indicator.code, field.code), None)
        scale = self.instrument.level_scale
        if scale is not None and self.instrument.level in indicator.field_codes:
            draft[indicator.code, self.instrument.level] = Answer(scale.ranked[0].code)
        evaluator = self._evaluator(draft)
        for question in indicator.questions:
            needed = isinstance(question.required_when, Always) and (indicator.code, question.code) not in draft
            if needed and evaluator.holds(question.relevant_when, indicator.code):
                own = question.type.codelist if isinstance(question.type, SingleChoice) else None
                offered = own if own is not None and own.declares else self.instrument.missing
                draft[indicator.code, question.code] = self._declared(offered)
