"""Works out how much room texts of the previous round take on a section sheet, and which rows must grow for them."""

from collections.abc import Mapping
from functools import lru_cache

from questionnaire.declaration.answer_types import is_text
from questionnaire.layout import Layout, SectionSheet
from questionnaire.rules.evaluate import BLANK, Answer, Answers
from questionnaire.workbook.looks.heights import Box, lines_height, row_height
from questionnaire.workbook.looks.section_pages import PREVIOUS_WIDTH, page_breaks, units

SIZE = 10
"""Of the letters that a previous answer is shown in."""

_MOST_LINES = 12
_TALLEST = lines_height(_MOST_LINES, SIZE)
"""What a row grows to at most: whoever wants to read more of a text finds it whole in the formula bar."""


class Heights:
    """How tall the rows of a section sheet are with texts of the previous round; `usual` are the heights without."""

    def __init__(self, layout: Layout, section: SectionSheet, usual: Mapping[int, float]) -> None:
        self._layout, self._units, self._usual = layout, units(section), usual
        self._texts = {
            (slot.block.code, slot.field.code): slot.row for slot in section.slots if is_text(slot.field.type)
        }

    def taller(self, answers: Answers) -> dict[int, float]:
        """The rows that do not show the text of the previous round as they are, and the heights with which they do."""
        texts = ((row, answers.get(key, BLANK).value) for key, row in self._texts.items())
        needed = {row: min(_needed(str(text)), _TALLEST) for row, text in texts if text is not None}
        return {row: height for row, height in needed.items() if height > self._usual[row]}

    def breaks(self, taller: Mapping[int, float]) -> list[int]:
        """The rows that begin a page if these are as tall."""
        return page_breaks(self._layout, self._units, {**self._usual, **taller})


def shows_whole(text: Answer) -> bool:
    """True for a text of which a row shows all."""
    return _needed(str(text.value or "")) <= _TALLEST


# Each text of a respondent is asked about twice.
@lru_cache(maxsize=1024)
def _needed(text: str) -> float:
    return row_height([Box((text,), PREVIOUS_WIDTH, SIZE, indent=1)])
