"""Answers of the previous round on the sheets of a section: each respondent's own, whoever came before it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from questionnaire.blanks import AnswerStatus
from questionnaire.declaration.answer_types import Coded
from questionnaire.layout import Layout
from questionnaire.rounds.previous_round import Previous
from questionnaire.rules.evaluate import Answer, Answers
from questionnaire.workbook.package import parts_of
from questionnaire.workbook.template import template
from tests.questionnaire.workbook.written import Written


def _answers(layout: Layout, number: int) -> Answers:
    """To everything that is answered from a list: one of its codes, or a reason why there is none."""
    missing = (AnswerStatus.NOT_AVAILABLE, AnswerStatus.CONFIDENTIAL)
    found = {}
    for place, slot in enumerate(layout.slots):
        if isinstance(slot.field.type, Coded):
            codes = slot.field.type.codelist.value_codes
            given = (*map(Answer, codes), *(Answer(status=status) for status in missing))
            found[slot.block.code, slot.field.code] = given[(place + number) % len(given)]
    return found


def test_answers__of_respondents_after_one_another__are_those_of_a_template_for_each(small: Written) -> None:
    previous = Previous(Path("answers.parquet"), small.round.instrument.edition, "2022–2023")
    layout = Layout(small.round.instrument, prefilled=True)
    answers = {one.code: _answers(layout, number) for number, one in enumerate(small.round.participants)}
    round_ = replace(small.round, previous=previous, previous_answers=answers)
    of_all = template(round_, "fr", layout)
    made = [of_all.questionnaire_for(one) for one in small.round.participants]
    alone = [template(round_, "fr", layout).questionnaire_for(one) for one in small.round.participants]
    assert [parts_of(content) for content in made] == [parts_of(content) for content in alone]
    assert made == alone
    assert len(answers) > 1
