"""Works out how much room texts of the previous round take on a section sheet, and which rows must grow for them."""

from collections.abc import Mapping
from functools import lru_cache

from questionnaire.declaration.answer_types import is_text
from questionnaire.layout import SectionSheet
from questionnaire.rules.evaluate import BLANK, Answer, Answers
from questionnaire.workbook.looks.heights import Box, lines_height, row_height
from questionnaire.workbook.looks.section_pages import PREVIOUS_WIDTH

SIZE = 10
"""Of the letters that a previous answer is shown in."""

_MOST_LINES = 12
_TALLEST = lines_height(_MOST_LINES, SIZE)
"""What a row grows to at most: whoever wants to read more of a text finds it whole in the formula bar."""


def taller(section: SectionSheet, answers: Answers, heights: Mapping[int, float]) -> dict[int, float]:
    """The rows that do not show the text of the previous round as they are, and the heights with which they do."""
    texts = {
        slot.row: answers.get((slot.block.code, slot.field.code), BLANK)
        for slot in section.slots
        if is_text(slot.field.type)
    }
    needed = {
        row: min(_needed(str(answer.value)), _TALLEST) for row, answer in texts.items() if answer.value is not None
    }
    return {row: height for row, height in needed.items() if height > heights[row]}


def shows_whole(text: Answer) -> bool:
    """True for a text of which a row shows all."""
    return _needed(str(text.value or "")) <= _TALLEST


# Each text of a respondent is asked about twice.
@lru_cache(maxsize=1024)
def _needed(text: str) -> float:
    return row_height([Box((text,), PREVIOUS_WIDTH, SIZE, indent=1)])
