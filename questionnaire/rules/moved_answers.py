"""Decides what an answer to an older edition says today, where its value has become the answer to another question."""

from collections.abc import Mapping

from questionnaire.blanks import AnswerStatus
from questionnaire.declaration.blocks import Block
from questionnaire.declaration.earlier.editions import Edition
from questionnaire.declaration.earlier.moved_values import ANY
from questionnaire.rules.evaluate import Answer


def moved_answers(edition: Edition, block: Block, field: str, answer: Answer) -> Mapping[str, Answer]:
    """What the answer to a field says today, by question; nothing where its value has not moved, or cannot.

    A number that had one unit then stays, and answers besides in which unit it is.
    """
    value = answer.value
    text = f"{value:g}" if isinstance(value, int | float) else str(value)
    becomes, kept = edition.moved.get((field, text), {}), dict[str, Answer]()
    if not becomes and value is not None:
        becomes, kept = edition.moved.get((field, ANY), {}), {field: answer}
    if not becomes or not block.field_codes.issuperset(becomes):
        return {}
    return kept | {
        question: Answer(None, said) if isinstance(said, AnswerStatus) else Answer(said)
        for question, said in becomes.items()
    }
