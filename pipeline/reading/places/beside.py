"""Decides whether what stands beside an unanswered question, in no cell for an answer, may be its answer."""

from collections.abc import Collection, Mapping
from functools import cached_property

from pipeline.reading.places.place import Place
from pipeline.reading.values.cell_texts import cell_text
from pipeline.reading.values.parsed import Context
from pipeline.reading.values.parsing import parse
from pipeline.reading.values.yes_texts import is_marked
from pipeline.reading.workbooks.grids import CellValue
from questionnaire.blanks import AnswerStatus, is_blank
from questionnaire.declaration.answer_types import Mark, Selection, Text, WebReference
from questionnaire.layout import Layout, Slot
from questionnaire.rules.evaluate import WEB_PREFIXES


class Unanswered:
    """The questions of a return without an answer in its place; `places` are those of all slots, by their keys."""

    def __init__(self, places: Mapping[str, Collection[Place]], layout: Layout) -> None:
        self._context, self._places = Context(layout.instrument.missing), places

    @cached_property
    def _blank(self) -> frozenset[str]:
        """The keys of the slots of which no place says anything."""
        return frozenset(key for key, found in self._places.items() if not any(map(_says_something, found)))

    @cached_property
    def _said(self) -> frozenset[tuple[str, str]]:
        """The questions that are answered by some place."""
        answered = ((key, found) for key, some in self._places.items() for found in some)
        return frozenset(_question(found.slot) for key, found in answered if key not in self._blank)

    def __contains__(self, slot: Slot) -> bool:
        # The options marked below answer the first row of a multiple choice.
        is_marked_below = isinstance(slot.field.type, Selection) and _question(slot) in self._said
        return slot.key in self._blank and not is_marked_below

    def may_be(self, slot: Slot, value: CellValue, *, among_texts: bool) -> bool:
        """True for a value that may answer the slot; `among_texts` where people reword what the form says."""
        if slot not in self:
            return False
        if isinstance(slot.field.type, Mark) and _question(slot) in self._said:
            return bool(is_marked(cell_text(value)))
        return reads_as_answer(slot, value, self._context) if among_texts else any(map(str.isalnum, cell_text(value)))


def reads_as_answer(slot: Slot, value: CellValue, context: Context) -> bool:
    """True for a value that could hardly be anything but an answer to the slot: a free text could."""
    scalar = slot.field.type
    if isinstance(scalar, WebReference):
        return cell_text(value).startswith(WEB_PREFIXES)
    if isinstance(scalar, Selection | Text):
        return False
    return parse(scalar, value, None, context).status not in (AnswerStatus.UNREADABLE, AnswerStatus.BLANK)


def _question(slot: Slot) -> tuple[str, str]:
    return slot.block.code, slot.question.code


def _says_something(place: Place) -> bool:
    if not (is_blank(place.if_none) and is_blank(place.confirm)):
        return True
    # What stands in the first row of a multiple choice only counts.
    return not is_blank(place.answer) and not isinstance(place.slot.field.type, Selection)
