"""Reads what the questions of a return say: each question's cells read together, from their places to its answer."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache

from pipeline.reading.confirming import PARSED_BY as CONFIRMED
from pipeline.reading.confirming import confirm, contradict
from pipeline.reading.places.beside import reads_as_answer
from pipeline.reading.places.place import Place
from pipeline.reading.reading import Reading
from pipeline.reading.values.cell_texts import cell_text
from pipeline.reading.values.parsed import BLANK, Context, Fault, Parsed
from pipeline.reading.values.parsing import parse, selected, unit_faults
from pipeline.reading.workbooks.grids import CellValue, ErrorText
from questionnaire.blanks import AnswerStatus, is_blank
from questionnaire.declaration.answer_types import Derived, InUnits, Mark, Selection, Text, WebReference
from questionnaire.declaration.blocks import Question
from questionnaire.declaration.form import Indicator
from questionnaire.layout import Layout, Slot
from questionnaire.rules.evaluate import Answers
from questionnaire.rules.rule import Severity

_BESIDE = "answer_in_comment"
_KEPT, _LONGEST_KEPT = 16_384, 64
"""How many texts are known by what they are read as, and their characters."""

Readings = Mapping[tuple[str, str], Reading]
"""What the slots of a return say, by (indicator, field), in the order of the layout."""


def read_questions(
    layout: Layout, places: Mapping[str, tuple[Place, ...]], context: Context, previous: Answers
) -> Readings:
    """What every slot of the sections says; `previous` are the respondent's answers of the previous round."""
    readings: dict[tuple[str, str], Reading] = {}
    known = _known(layout, context)
    for questions in _asked(layout):
        block: list[Reading] = []
        for question, slots in questions:
            read = [_reading(slot, places.get(slot.key, ()), context, known) for slot in slots]
            block += _question(question, read, context, previous)
        for reading in _with_texts_beside(block):
            readings[reading.key] = reading
    return readings


@lru_cache(maxsize=64)
def _asked(layout: Layout) -> tuple[tuple[tuple[Question, tuple[Slot, ...]], ...], ...]:
    """The questions of each indicator with their slots."""
    return tuple(
        tuple(
            (question, tuple(layout.slot(indicator.code, field.code) for field in question.fields))
            for question in indicator.questions
        )
        for indicator in layout.instrument.indicators
    )


@lru_cache(maxsize=64)
def _known(_: Layout, _context: Context) -> dict[tuple[str, str, CellValue], Parsed]:
    """What texts were read as before that answer a question by themselves: most are choices, the same in many returns.

    By the key of the slot, the text and what stands for a reason why there is none.
    """
    return {}


def _question(question: Question, read: Sequence[Reading], context: Context, previous: Answers) -> tuple[Reading, ...]:
    """The readings of one question, put together: what confirms it, what its parts say of its head."""
    place = read[0].place
    is_marked = place is not None and not is_blank(place.confirm) and not isinstance(question.type, Derived)
    found = confirm(read, previous, context) if is_marked else tuple(read)
    if isinstance(found[0].slot.field.type, Selection):
        found = (_selection(found, context), *found[1:])
    elif isinstance(question.type, InUnits):
        faults = unit_faults(found[0].parsed, found[1].parsed, question.type)
        found = (found[0].noting(*faults), *found[1:])
    return contradict(found, previous) if is_marked else found


def _reading(
    slot: Slot, places: Sequence[Place], context: Context, known: dict[tuple[str, str, CellValue], Parsed]
) -> Reading:
    if len(places) > 1:
        return _contradicting(slot, places)
    if not places:
        return _of(slot, None, BLANK)
    place = places[0]
    if place.answer == "" and place.says_nothing_else:
        return _of(slot, place, BLANK)
    if place.in_doubt and (read := _doubted(slot, place)):
        return read
    comment, unseen = _comment(place)
    if place.answer == "" and place.if_none == "":
        beside = _answers_beside(slot, comment, context) if is_blank(place.confirm) else ()
        return _of(slot, place, BLANK, comment=comment, faults=(*beside, *unseen))
    answer, if_none = place.answer, place.if_none
    if type(answer) is str and (if_none is None or type(if_none) is str):
        if (parsed := known.get((slot.key, answer, if_none))) is None:
            parsed = parse(slot.field.type, answer, if_none, context)
            if len(known) < _KEPT and len(answer) + len(if_none or "") <= _LONGEST_KEPT:
                known[slot.key, answer, if_none] = parsed
        return _of(slot, place, parsed, if_none=cell_text(if_none), comment=comment, faults=unseen)
    parsed = parse(slot.field.type, answer, if_none, context)
    read = _of(slot, place, parsed, if_none=cell_text(place.if_none), comment=comment, faults=unseen)
    return read.noting_format()


def _comment(place: Place) -> tuple[str, tuple[Fault, ...]]:
    """The comment beside an answer; one that is crossed out, hidden or an error is none, and is reported."""
    if isinstance(place.comment, ErrorText):
        return "", (Fault("comment_unseen", Severity.WARNING, {"typed": str(place.comment)}),)
    return cell_text(place.comment), ()


def _of(
    slot: Slot,
    place: Place | None,
    parsed: Parsed,
    *,
    if_none: str = "",
    comment: str = "",
    faults: tuple[Fault, ...] = (),
) -> Reading:
    assert isinstance(slot.block, Indicator), "the questions of sections are about indicators"
    return Reading(slot, place, parsed, if_none, comment, faults, slot.block.code)


def _answers_beside(slot: Slot, comment: str, context: Context) -> tuple[Fault, ...]:
    """What to say of a comment where no answer is given: it may be the answer, and surely where it reads as one."""
    if not comment or isinstance(slot.field.type, Selection | Derived):
        return ()
    # Programs begin a note with the name of who wrote it, on a line of its own.
    if any(reads_as_answer(slot, text, context) for text in (comment, comment.rpartition(":\n")[2])):
        return (Fault(_BESIDE, Severity.ERROR, {"typed": comment}),)
    is_free = isinstance(slot.field.type, Text | WebReference)
    return (Fault(_BESIDE, Severity.INFO, {"typed": comment}),) if is_free else ()


def _with_texts_beside(block: Sequence[Reading]) -> Iterable[Reading]:
    """The readings of a block: where one answer stands in the comment column, so do the texts."""
    return _with_moved_texts(block) if any(reading.faults for reading in block) else block


def _with_moved_texts(block: Sequence[Reading]) -> Iterator[Reading]:
    moved = any(fault.code == _BESIDE and fault.severity is Severity.ERROR for read in block for fault in read.faults)
    for reading in block:
        faults = (replace(f, severity=Severity.ERROR) if f.code == _BESIDE else f for f in reading.faults)
        yield reading._replace(faults=tuple(faults)) if moved and reading.faults else reading


def _contradicting(slot: Slot, places: Sequence[Place]) -> Reading:
    """A slot that stands in several rows with different content: none of them is chosen, all are kept as text."""
    raw, if_none, comment, confirmed = (
        " | ".join(filter(None, texts)) for texts in zip(*(place.content for place in places), strict=True)
    )
    parsed = Parsed(AnswerStatus.UNREADABLE, raw or confirmed)
    return _of(slot, places[0], parsed, if_none=if_none, comment=comment)


def _doubted(slot: Slot, place: Place) -> Reading | None:
    """What stands in a row of which nobody can say what it answers is kept as text; None for a row with nothing."""
    given, if_none, comment, confirmed = place.content
    typed = " | ".join(filter(None, (given, if_none, confirmed)))
    if not typed:
        return None
    fault = Fault("question_differs", Severity.ERROR, {"number": slot.number, "typed": typed})
    parsed = Parsed(AnswerStatus.UNREADABLE, typed, faults=(fault,))
    # No x beside it confirms anything.
    return _of(slot, place._replace(confirm=None), parsed, if_none=if_none, comment=comment)


def _selection(question: Sequence[Reading], context: Context) -> Reading:
    """The head of a multiple choice with the codes marked below it."""
    head, *parts = question
    if head.place is None or head.parsed.raw or head.parsed.parsed_by == CONFIRMED:
        return head
    marked = [
        reading.slot.field.code.rpartition(".")[2]
        for reading in parts
        if isinstance(reading.slot.field.type, Mark) and reading.parsed.status is AnswerStatus.ANSWERED
    ]
    found = head._replace(parsed=selected(marked, head.place.if_none, context))
    typed = head.place.answer
    if isinstance(typed, str) and any(sign.isalpha() for sign in typed):
        return found.noting(Fault("choice_in_head", Severity.WARNING, {"typed": typed}))
    return found
