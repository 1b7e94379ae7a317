"""Decides whether what stands beside an unanswered question, in no cell for an answer, may be its answer."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cached_property

from pipeline.reading.places.lines.list_sheets import FoundList
from pipeline.reading.places.place import Place
from pipeline.reading.values.cell_texts import cell_text
from pipeline.reading.values.parsed import Context
from pipeline.reading.values.parsing import parse
from pipeline.reading.values.yes_texts import is_marked
from pipeline.reading.workbooks.grids import CellValue
from questionnaire.blanks import AnswerStatus, is_blank
from questionnaire.declaration.answer_types import Coded, Mark, Selection, Text, WebReference
from questionnaire.declaration.blocks import ListBlock
from questionnaire.layout import Layout, Slot
from questionnaire.rules.evaluate import WEB_PREFIXES

_FEWEST_CHOICES = 2
"""One label beside other words may stand anywhere."""


class Unanswered:
    """The questions of a return without an answer in its place, and its lists and tables without any content.

    `places` are those of all slots, by their keys; `lists` the sheets on which lists and tables were found.
    """

    def __init__(
        self, places: Mapping[str, Collection[Place]], layout: Layout, lists: Collection[FoundList] = ()
    ) -> None:
        self._context, self._places = Context(layout.instrument.missing), places
        self._layout, self._lists = layout, lists

    @cached_property
    def _blank(self) -> frozenset[str]:
        """The keys of the slots of which no place says anything."""
        return frozenset(key for key, found in self._places.items() if not any(map(_says_something, found)))

    @cached_property
    def _said(self) -> frozenset[tuple[str, str]]:
        """The questions that are answered by some place."""
        answered = ((key, found) for key, some in self._places.items() for found in some)
        return frozenset(_question(found.slot) for key, found in answered if key not in self._blank)

    @cached_property
    def silent(self) -> tuple[ListBlock, ...]:
        """The lists and tables in which nobody filled in anything, on any sheet."""
        said = {found.layout.block.code for found in self._lists if found.says_something}
        return tuple(sheet.block for sheet in self._layout.lists if sheet.block.code not in said)

    def may_be_line(self, values: Iterable[CellValue]) -> bool:
        """True for values of one row that may be a line of a list or table without content: its choices, and more."""
        texts = [text for value in values if (text := cell_text(value))]
        return any(_is_line_of(block, texts) for block in self.silent)

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


def _is_line_of(block: ListBlock, texts: Sequence[str]) -> bool:
    """True for texts that choose from two of the lists of a block, or from the only one, and say something else."""
    codelists = [field.type.codelist for field in block.fields if isinstance(field.type, Coded)]
    chosen = sum(any(codelist.find(text) is not None for text in texts) for codelist in codelists)
    enough = min(_FEWEST_CHOICES, len(codelists))
    return 0 < enough <= chosen and len(texts) > enough


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
