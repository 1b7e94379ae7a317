"""Decides which blank fields were not to be answered, since other answers made them idle."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from questionnaire.declaration.form import Indicator, Instrument
from questionnaire.layout import Layout
from questionnaire.rounds.round import Round
from questionnaire.rules.conditions import (
    Always,
    And,
    CodeIn,
    Compare,
    Condition,
    Constant,
    Filled,
    Given,
    Not,
    Or,
    Value,
    Valued,
    refs,
    walk,
)
from questionnaire.rules.evaluate import Answer, Answers, Evaluator
from questionnaire.rules.rule import not_relevant

Key = tuple[str, str]

_OF_ANSWERS = Always | And | Or | Not | Compare | CodeIn | Filled | Valued | Value | Given | Constant
"""The nodes that say the same wherever the same answers are given."""

_MOST_KEPT, _LONGEST_KEPT = 256, 64


@dataclass(frozen=True, eq=False)
class _Gates:
    """The conditions under which some fields of an indicator are not asked, each with these fields.

    `asked` are the fields that the conditions hang on, None where they hang on more than answers. `known` are the
    fields that were idle by what was answered there: most returns answer there alike.
    """

    indicator: str
    gates: tuple[tuple[Condition, tuple[Key, ...]], ...]
    asked: tuple[Key, ...] | None
    known: dict[tuple[Answer | None, ...], tuple[Key, ...]] = field(default_factory=dict)

    def idle(self, answers: Answers, evaluator: Evaluator) -> Sequence[Key]:
        """The fields that are not asked."""
        if self.asked is None:
            return self._idle(evaluator)
        given = tuple([answers.get(key) for key in self.asked])
        if (found := self.known.get(given)) is None:
            found = self._idle(evaluator)
            if len(self.known) < _MOST_KEPT and all(map(_is_short, given)):
                self.known[given] = found
        return found

    def _idle(self, evaluator: Evaluator) -> tuple[Key, ...]:
        return tuple(key for when, keys in self.gates if evaluator.holds(when, self.indicator) for key in keys)


def skipped(layout: Layout, answers: Answers, round_: Round) -> frozenset[Key]:
    """The blank fields that other answers made idle."""
    evaluator = Evaluator(layout.instrument, answers, round_.period.parameters)
    return frozenset(key for gates in _gated(layout) for key in gates.idle(answers, evaluator) if key not in answers)


@lru_cache(maxsize=64)
def _gated(layout: Layout) -> tuple[_Gates, ...]:
    """What is asked of each indicator under conditions."""
    instrument = layout.instrument
    return tuple(gates for indicator in instrument.indicators if (gates := _gates(indicator, instrument)).gates)


def _gates(indicator: Indicator, instrument: Instrument) -> _Gates:
    found: list[tuple[Condition, tuple[Key, ...]]] = []
    questions = [question for question in indicator.questions if not isinstance(question.relevant_when, Always)]
    while questions:
        when = questions[0].relevant_when
        same = [each for each in questions if each.relevant_when == when]
        keys = tuple((indicator.code, of_question.code) for each in same for of_question in each.fields)
        found.append((not_relevant(when), keys))
        questions = [each for each in questions if each.relevant_when != when]
    nodes = [node for when, _ in found for node in walk(when)]
    looked_at = dict.fromkeys(ref for when, _ in found for ref in refs(when))
    asked = tuple((ref.indicator or indicator.code, ref.field) for ref in looked_at)
    hangs_on_more = (
        any(ref.previous for ref in looked_at)
        or not instrument.computed.keys().isdisjoint(asked)
        or not all(isinstance(node, _OF_ANSWERS) for node in nodes)
    )
    return _Gates(indicator.code, tuple(found), None if hangs_on_more else asked)


def _is_short(answer: Answer | None) -> bool:
    return answer is None or not isinstance(answer.value, str) or len(answer.value) <= _LONGEST_KEPT
