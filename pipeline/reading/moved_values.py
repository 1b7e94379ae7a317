"""Puts what was typed into a questionnaire of an older edition under the question that asks for it today."""

from pipeline.reading.questions import Readings
from pipeline.reading.reading import Reading
from pipeline.reading.values.parsed import BLANK, Fault, Parsed
from questionnaire.blanks import AnswerStatus
from questionnaire.declaration.earlier.editions import Edition
from questionnaire.rules.evaluate import Answer
from questionnaire.rules.moved_answers import moved_answers
from questionnaire.rules.rule import Severity

PARSED_BY = "edition"
"""The parsing rule of an answer that a value of an older edition gives."""


def move_values(readings: Readings, edition: Edition) -> Readings:
    """The readings with each value of then as the answers that it is today, and where it was typed nothing else.

    What the return itself answers is not overwritten.
    """
    moved = dict(readings)
    for (block, field), reading in readings.items():
        becomes = moved_answers(edition, reading.slot.block, field, reading.answer)
        if not becomes:
            continue
        said = ", ".join(f"{question} = {_text(answer)}" for question, answer in becomes.items())
        values = {"typed": reading.parsed.raw, "edition": edition.name, "field": field, "said": said}
        left = reading if field in becomes and becomes[field] == reading.answer else reading._replace(parsed=BLANK)
        moved[block, field] = left.noting(Fault("value_moved", Severity.INFO, values))
        for question, answer in becomes.items():
            target = moved[block, question]
            if target.parsed.status is AnswerStatus.BLANK:
                moved[block, question] = _answered(target, answer, reading)
    return moved


def _answered(target: Reading, answer: Answer, source: Reading) -> Reading:
    """A question answered by what stands in the cells of another, which are named as its own."""
    code = answer.value if isinstance(answer.value, str) else None
    number = answer.value if isinstance(answer.value, float) else None
    parsed = Parsed(answer.status, source.parsed.raw, PARSED_BY, code=code, number=number)
    return target._replace(place=source.place, parsed=parsed, comment=target.comment or source.comment)


def _text(answer: Answer) -> str:
    return str(answer.status) if answer.value is None else f"{answer.value}"
