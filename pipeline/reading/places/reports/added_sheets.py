"""Reports the sheets of a workbook that are none of the questionnaire's: answers may stand there all the same.

It reads no answer.
"""

from collections.abc import Iterator, Mapping, Sequence

from pipeline.findings import Finding, finding
from pipeline.reading.places.beside import Unanswered
from pipeline.reading.places.form_texts import FormTexts
from pipeline.reading.places.place import Place
from pipeline.reading.values.cell_texts import cell_text
from pipeline.reading.workbooks.grids import CellValue, Sheet
from pipeline.reading.workbooks.metadata import At
from questionnaire.addresses import address
from questionnaire.blanks import is_blank
from questionnaire.declaration.answer_types import Derived, Selection
from questionnaire.declaration.lists.table_block import TableBlock
from questionnaire.layout import Layout
from questionnaire.rules.rule import Severity

_LONGEST = 32_767
"""Characters of a cell, and more cells than so many characters can quote."""

_FEWEST_QUESTIONS = 3
"""So many questions of the form on a sheet are no coincidence: somebody works there on the questionnaire."""

_FEWEST_NUMBERS = 6
"""So many numbers may be those of a table, however short."""

_Filled = Sequence[tuple[int, int, CellValue]]
"""Cells with something in them: row, column, value."""


class AddedSheets:
    """The added sheets of a return; `places` are those of the slots of `layout`."""

    def __init__(
        self, layout: Layout, texts: FormTexts, places: Mapping[str, Sequence[Place]], unanswered: Unanswered
    ) -> None:
        self._layout, self._texts, self._places, self._unanswered = layout, texts, places, unanswered

    def findings(self, sheet: Sheet, taken: frozenset[At]) -> Iterator[Finding]:
        """A sheet with content; a copy of one of the form's is only noted. It is an error where it may hold answers.

        `taken` are cells on it that were found to be answers by their names.
        """
        filled = [
            (r, c, value)
            for r, row in enumerate(sheet.rows)
            for c, value in enumerate(row)
            if not is_blank(value) and (r, c) not in taken
        ]
        foreign = [entry for entry in filled if not (isinstance(entry[2], str) and self._texts.is_own(entry[2]))]
        if foreign:
            severity = Severity.WARNING if 2 * len(foreign) > len(filled) else Severity.INFO
            if self._may_answer_questions(sheet, foreign) or self._may_be_lines(sheet, foreign):
                severity = Severity.ERROR
            row, column, first = foreign[0]
            values = {"sheet": sheet.name, "count": len(foreign), "typed": cell_text(first)}
            # All of it is quoted, as far as one cell of a spreadsheet can hold it; beyond that the file itself is kept.
            typed = " | ".join(cell_text(value) for _, _, value in foreign[:_LONGEST])[:_LONGEST]
            yield finding("sheet_added", severity, values, sheet=sheet.name, cell=address(row, column), value=typed)

    def _may_answer_questions(self, sheet: Sheet, foreign: _Filled) -> bool:
        """True for a sheet with questions of the form on which stands what no answer says, while some have none."""
        questions = sum(map(self._texts.is_question, sheet.words))
        if questions < _FEWEST_QUESTIONS or not self._has_silent_block():
            return False
        said = {cell_text(place.answer) for places in self._places.values() for place in places}
        texts = [text for *_, value in foreign if (text := cell_text(value)) not in self._layout.by_number]
        return 2 * sum(text not in said for text in texts) > len(texts)

    def _has_silent_block(self) -> bool:
        """True if there is an indicator about which nothing is said, nor why there is nothing."""
        said = {
            slot.block.code
            for slot in self._layout.slots
            if not isinstance(slot.field.type, Selection | Derived)
            and slot.key in self._places
            and slot not in self._unanswered
        }
        return any(slot.block.code not in said for slot in self._layout.slots)

    def _may_be_lines(self, sheet: Sheet, foreign: _Filled) -> bool:
        """True for lines of a list or table without content, or for as many numbers as such a table has lines."""
        numbers = sum(isinstance(value, int | float) and not isinstance(value, bool) for *_, value in foreign)
        tables = [block for block in self._unanswered.silent if isinstance(block, TableBlock)]
        if any(numbers >= max(block.most_lines, _FEWEST_NUMBERS) for block in tables):
            return True
        return any(self._unanswered.may_be_line(cells) for cells in sheet.rows)
