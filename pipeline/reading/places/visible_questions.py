"""Compares the question that each row shows with the one its number says, and settles which of the two is followed.

It looks at one section sheet at a time and reads no answer. Who sorts or pastes the visible columns alone leaves the
numbers behind: what the respondent answered is the question in sight.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from pipeline.reading.places.form_texts import FormTexts
from pipeline.reading.places.sheet_map import SheetMap, cell_at
from pipeline.reading.workbooks.grids import Sheet
from questionnaire.layout import Column, Layout, Slot


@dataclass(frozen=True)
class Compared:
    """What the visible questions say otherwise than the numbers.

    `followed` are the rows of blocks in which each question stands once, by another number: the slots whose questions
    they show. `doubted` are the blocks that show questions of others, or not each question once: nobody can say which
    of their answers is whose.
    """

    followed: Mapping[int, Slot] = field(default_factory=dict)
    doubted: frozenset[str] = frozenset()

    def within(self, part: Layout) -> "Compared":
        """The same where only a part of the questionnaire is asked."""
        now = {row: part.by_key.get(slot.key) for row, slot in self.followed.items()}
        return Compared({row: slot for row, slot in now.items() if slot is not None}, self.doubted)


def compare(sheet: Sheet, found: SheetMap[Column, Slot], texts: FormTexts) -> Compared:
    """Compare the questions in sight with what the rows of a sheet are for; a row that shows none says nothing.

    Nor does one that has kept the key alone of a question which stands in sight with its number elsewhere: cells were
    inserted beside the hidden columns.
    """
    column, rows = found.columns[Column.QUESTION], found.rows
    shown = {row: cell_at(sheet.rows[row], column) for row in rows}
    if left := found.by_key.keys() - found.by_number.keys():
        asked_elsewhere = {slot.key for row, slot in found.by_number.items() if texts.is_label(slot, str(shown[row]))}
        rows = {row: slot for row, slot in rows.items() if row not in left or slot.key not in asked_elsewhere}
    displaced = {
        slot.block.code
        for row, slot in rows.items()
        if isinstance(text := shown[row], str) and text and not texts.is_label(slot, text) and texts.is_of_form(text)
    }
    doubted = set(_heads_of_others(sheet, found, texts))
    followed: dict[int, Slot] = {}
    for code, block in _blocks(rows, displaced - doubted).items():
        asked = {row: texts.asked_by(slot, str(shown[row] or "")) for row, slot in block.items()}
        shows = [slots[0].row for slots in asked.values() if len(slots) == 1]
        if sorted(shows) == sorted({slot.row for slot in block.values()}) and len(shows) == len(block):
            followed |= {row: slot for row, (slot,) in asked.items() if slot is not block[row]}
        else:
            doubted.add(code)
    return Compared(followed, frozenset(doubted))


def _blocks(rows: Mapping[int, Slot], codes: set[str]) -> Mapping[str, dict[int, Slot]]:
    """The rows of these blocks."""
    blocks: dict[str, dict[int, Slot]] = defaultdict(dict)
    for row, slot in rows.items():
        if slot.block.code in codes:
            blocks[slot.block.code][row] = slot
    return blocks


def _heads_of_others(sheet: Sheet, found: SheetMap[Column, Slot], texts: FormTexts) -> Iterator[str]:
    """The blocks whose head shows another text of the form than their own, as where whole blocks changed places."""
    number, question = found.columns[Column.NUMBER], found.columns[Column.QUESTION]
    for row in range(found.first_row, len(sheet.rows)):
        cells = sheet.rows[row]
        code = cell_at(cells, number)
        if not (isinstance(code, str) and texts.is_indicator(code)):
            continue
        text = cell_at(cells, question)
        if isinstance(text, str) and text and texts.heads_other(code, text):
            yield code
