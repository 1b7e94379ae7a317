"""Measures what a questionnaire asks of whoever fills it in: its indicators, its questions, the hours they take."""

from collections.abc import Iterable
from dataclasses import dataclass

from questionnaire.declaration.form import Indicator
from questionnaire.declaration.lists.table_block import TableBlock
from questionnaire.workbook.formulas.checks import Sign
from questionnaire.workbook.sheets.book import Book

MINUTES = 2
"""What a question takes somebody who knows the answer or whom to ask: an assumption, and said to be one."""


@dataclass(frozen=True)
class Burden:
    """How many indicators; the questions due whatever is answered (`least`), and all that can arise (`most`).

    A line of a table is one question.
    """

    indicators: int
    least: int
    most: int

    @property
    def hours(self) -> tuple[int, int]:
        """From and to how many hours, begun ones in full."""
        return -(-self.least * MINUTES // 60), -(-self.most * MINUTES // 60)


def burden(book: Book, indicators: Iterable[Indicator]) -> Burden:
    """What these indicators ask of whoever starts with an empty questionnaire."""
    asked = tuple(indicators)
    slots = [slot for indicator in asked for slot in book.slots_of(indicator) if slot.field.is_first]
    due = sum(book.check(slot).cached.startswith(Sign.TO_DO) for slot in slots)
    codes = {indicator.code for indicator in asked}
    tables = (block for block in book.layout.instrument.lists if isinstance(block, TableBlock))
    lines = sum(len(block.typed_lines) for block in tables if block.indicator in codes)
    return Burden(len(asked), due + lines, len(slots) + lines)
