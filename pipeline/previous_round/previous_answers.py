"""Owns reading what respondents answered in the previous round: its published answers, as the questions of this round.

What has no place in this round is left out: an answer to what is no longer asked, or that could not be given any more.
"""

from dataclasses import replace

from pipeline.previous_round.previous_dataset import VALUES, answer_told, published
from pipeline.previous_round.previous_lines import previous_lines, shown_lines
from pipeline.safe_text import harmless
from questionnaire.blanks import AnswerStatus
from questionnaire.declaration.answer_types import Selection, is_text
from questionnaire.declaration.form import Instrument
from questionnaire.rounds.previous_round import Previous
from questionnaire.rounds.round import Round
from questionnaire.rules.evaluate import Answer, Answers

_COLUMNS = ("respondent", "indicator", "field", *VALUES)

Given = dict[tuple[str, str], Answer]


def with_previous_answers(round_: Round) -> Round:
    """The round with what its respondents answered in the previous one, lists included; itself where it names none.

    Raises DeclarationError where the dataset is not there, is none, or answers nothing that this round asks.
    """
    if round_.previous is None or round_.previous_answers:
        return round_
    last = _previous_answers(round_.previous, round_.instrument)
    if not last:
        what = f"no published answer in it is to a question of edition {round_.previous.edition}"
        raise round_.previous.fault(what, "Name the answers.parquet of the previous round, and its edition")
    return replace(round_, previous_answers=last, previous_lines=previous_lines(round_.previous, round_.instrument))


def with_shown_answers(round_: Round) -> Round:
    """The same with the answers as a workbook may hold them: no text that a program would obey."""
    round_ = with_previous_answers(round_)
    texts = {code for code, field in round_.instrument.fields.items() if is_text(field.type)}
    last = {
        respondent: {
            key: replace(answer, value=harmless(str(answer.value))) if key[1] in texts and answer.value else answer
            for key, answer in answers.items()
        }
        for respondent, answers in round_.previous_answers.items()
    }
    return replace(round_, previous_answers=last, previous_lines=shown_lines(round_))


def _previous_answers(previous: Previous, instrument: Instrument) -> dict[str, Answers]:
    edition = instrument.older_edition(previous.edition)
    asked = {(indicator.code, field.code): field for indicator in instrument.indicators for field in indicator.fields}
    found: dict[str, Given] = {}
    for row in published(previous, previous.answers, _COLUMNS):
        then = row["indicator"], row["field"]
        now = edition.now(*then) if edition else then
        if now in asked and (answer := answer_told(asked[now], row, instrument.missing)) is not None:
            found.setdefault(row["respondent"], {})[now] = answer
    whole = {respondent: _whole(given, instrument) for respondent, given in found.items()}
    return {respondent: given for respondent, given in whole.items() if given}


def _whole(given: Given, instrument: Instrument) -> Given:
    """The answers whose question has one at its head; of a multiple choice, with the options that are still there."""
    kept = Given()
    for indicator in instrument.indicators:
        for question in indicator.questions:
            head, *parts = ((indicator.code, field.code) for field in question.fields)
            answer = given.get(head)
            if answer is None:
                continue
            if isinstance(question.fields[0].type, Selection) and answer.status is AnswerStatus.ANSWERED:
                marked = [field.rpartition(".")[2] for _, field in parts if (indicator.code, field) in given]
                answer = Answer(";".join(marked))
                if not marked:
                    continue
            kept |= {head: answer} | {key: given[key] for key in parts if key in given}
    return kept
