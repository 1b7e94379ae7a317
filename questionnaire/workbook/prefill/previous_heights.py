"""Owns making room for the texts of the previous round in a sheet already written: taller rows, and so other pages."""

import re
from collections.abc import Mapping

from questionnaire.declaration.answer_types import is_text
from questionnaire.layout import Column, Layout, SectionSheet
from questionnaire.rules.evaluate import BLANK, Answer, Answers
from questionnaire.workbook.looks.heights import Box, lines_height, row_height
from questionnaire.workbook.looks.section_pages import WIDTHS, page_breaks

SIZE = 10
"""Of the letters that a last answer is shown in."""

_MOST_LINES = 12
_TALLEST = lines_height(_MOST_LINES, SIZE)
"""What a row grows to at most: whoever wants to read more of a text finds it whole in the formula bar."""

_ROW = re.compile(r'<row(?: r="(\d+)")?(?: ht="([\d.]+)")?')
_BREAKS = re.compile(r"<rowBreaks .*?</rowBreaks>")
_BEFORE_BREAKS = "</headerFooter>"  # in the order of the elements of a worksheet (ECMA-376 part 1, 18.3.1.99)


def with_room(part: str, layout: Layout, section: SectionSheet, answers: Answers) -> str:
    """The XML of a section sheet in which the last texts of a respondent show."""
    fitted, heights = with_heights(part, _tall(section, answers))
    return part if fitted == part else _paged(fitted, page_breaks(layout, section, heights))


def with_heights(part: str, tall: Mapping[int, float]) -> tuple[str, Mapping[int, float]]:
    """The XML of a sheet with some rows as tall as this at least, and the heights of all rows that have one."""
    heights: dict[int, float] = {}
    row = -1

    def fitted(found: re.Match[str]) -> str:
        nonlocal row
        number, height = found.groups()
        row = int(number) - 1 if number else row + 1
        if not height:
            return found[0]
        heights[row] = max(float(height), tall.get(row, 0))
        return found[0].replace(f' ht="{height}"', f' ht="{heights[row]:g}"')

    return _ROW.sub(fitted, part), heights


def shows_whole(text: Answer) -> bool:
    """True for a text of which a row shows all."""
    return _needed(text) <= _TALLEST


def _needed(answer: Answer) -> float:
    return row_height([Box((str(answer.value or ""),), WIDTHS[Column.PREVIOUS], SIZE, indent=1)])


def _tall(section: SectionSheet, answers: Answers) -> dict[int, float]:
    """The height of each row that shows a text."""
    texts = {
        slot.row: answers.get((slot.block.code, slot.field.code), BLANK)
        for slot in section.slots
        if is_text(slot.field.type)
    }
    return {row: min(_needed(answer), _TALLEST) for row, answer in texts.items() if answer.value is not None}


def _paged(part: str, rows: list[int]) -> str:
    breaks = "".join(f'<brk id="{row}" max="16383" man="1"/>' for row in rows)
    breaks = f'<rowBreaks count="{len(rows)}" manualBreakCount="{len(rows)}">{breaks}</rowBreaks>' if rows else ""
    return _BREAKS.sub("", part).replace(_BEFORE_BREAKS, _BEFORE_BREAKS + breaks)
