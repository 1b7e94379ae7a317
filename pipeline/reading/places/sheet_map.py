"""Owns where the columns and rows of a section sheet went: which column holds answers, which row holds which slot.

It looks at one sheet at a time, whatever its name, and reads no answer.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field

from pipeline.reading.places.form_texts import FormTexts
from pipeline.reading.workbooks.grids import CellValue, Sheet
from questionnaire.codelists import choice_key
from questionnaire.layout import Column, Layout, Slot
from questionnaire.rounds.identity import MARK, Identity, find_identity

READ = (Column.ANSWER, Column.IF_NONE, Column.COMMENT, Column.CONFIRM)
"""The columns a respondent writes in; not every questionnaire has the last."""

PRINTED = (Column.PREVIOUS, Column.PREVIOUS_CODE, Column.PREVIOUS_NUMERIC)
"""The columns that say what was answered in the previous round."""

_HEADING_ROWS = 40
_FEWEST_HEADINGS = 3
_FEWEST_KEYS = 2


@dataclass
class Marks:
    """The texts of one sheet that say what stands where, each with its row and column."""

    identities: list[tuple[int, int, Identity]] = field(default_factory=list)
    header: dict[Column, list[tuple[int, int]]] = field(default_factory=lambda: defaultdict(list))
    headings: dict[Column, list[tuple[int, int]]] = field(default_factory=lambda: defaultdict(list))
    keys: dict[int, dict[int, Slot]] = field(default_factory=lambda: defaultdict(dict))
    numbers: dict[int, dict[int, Slot]] = field(default_factory=lambda: defaultdict(dict))


@dataclass(frozen=True)
class SheetMap:
    """Where things stand on a section sheet, rows and columns counted from 0.

    `by_key` and `by_number` give the slot of a row; `disagreeing` are columns that hidden header and visible heading
    place differently; `first_row` is the first below the head. `without` says what was lost: header, keys, numbers.
    """

    columns: Mapping[Column, int]
    by_key: Mapping[int, Slot]
    by_number: Mapping[int, Slot]
    first_row: int
    disagreeing: tuple[Column, ...]
    without: tuple[str, ...]

    @property
    def has_order(self) -> bool:
        """True if the rows stand in the order they were sent in, and no hidden key says otherwise."""
        order = [slot.row for _, slot in sorted({**self.by_key, **self.by_number}.items())]
        agree = all(self.by_key.get(row, slot) is slot for row, slot in self.by_number.items())
        return agree and order == sorted(order)


def find_marks(sheet: Sheet, layout: Layout, texts: FormTexts) -> Marks:
    """Every text of a sheet that says where something stands, in one pass."""
    marks = Marks()
    by_key, by_number, header_keys = layout.by_key, layout.by_number, texts.header_keys
    for r, row in enumerate(sheet.rows):
        for c, value in enumerate(row):
            if not isinstance(value, str) or not value:
                continue
            text = value.strip()
            if text in by_key:
                marks.keys[c][r] = by_key[text]
            elif text in by_number:
                marks.numbers[c][r] = by_number[text]
            elif text.startswith(MARK):
                _note_own(marks, r, c, text, header_keys)
    if marks.keys or marks.numbers:
        _find_headings(marks, sheet, texts)
    return marks


def _note_own(marks: Marks, row: int, column: int, text: str, header_keys: Mapping[str, Column]) -> None:
    if text in header_keys:
        marks.header[header_keys[text]].append((row, column))
    elif identity := find_identity(text):
        marks.identities.append((row, column, identity))


def _find_headings(marks: Marks, sheet: Sheet, texts: FormTexts) -> None:
    """The row with the most different headings, if there are enough of them and one is that of the answers."""
    best: dict[Column, list[tuple[int, int]]] = {}
    for r, row in enumerate(sheet.rows[:_HEADING_ROWS]):
        found: dict[Column, list[tuple[int, int]]] = defaultdict(list)
        for c, value in enumerate(row):
            # Below the heading of the previous answers stands what period they are of.
            heading = choice_key(value.partition("\n")[0]) if isinstance(value, str) and value else ""
            if heading and (column := texts.headings.get(heading)) is not None:
                found[column].append((r, c))
        if len(found) > len(best):
            best = found
    if len(best) >= _FEWEST_HEADINGS and Column.ANSWER in best:
        marks.headings = best


def map_sheet(sheet: Sheet, marks: Marks, texts: FormTexts) -> SheetMap | None:
    """Where things stand on a section sheet; None for a sheet that is none."""
    hidden, visible = _single(marks.header), _single(marks.headings)
    key_column = _fullest(marks.keys, hidden.get(Column.KEY))
    number_column = _fullest(marks.numbers, visible.get(Column.NUMBER, hidden.get(Column.NUMBER)))
    by_key = marks.keys.get(key_column, {})
    by_number = marks.numbers.get(number_column, {})
    if not by_key and not by_number:
        return None
    # Without a number column the key column serves to count from.
    anchor = number_column - Column.NUMBER if by_number else key_column - Column.KEY
    columns = {
        column: visible.get(column, hidden.get(column, anchor + column))
        for column in Column
        if column in texts.columns or column in visible or column in hidden
    }
    columns |= {Column.KEY: key_column if by_key else columns[Column.KEY]}
    columns |= {Column.NUMBER: number_column if by_number else columns[Column.NUMBER]}
    known = Column.ANSWER in hidden or Column.ANSWER in visible
    if not known and len(by_key) < _FEWEST_KEYS and not _asked(sheet, by_number, columns[Column.QUESTION], texts):
        return None
    without = [
        name
        for name, there in (("header", bool(hidden)), ("keys", bool(by_key)), ("numbers", bool(by_number)))
        if not there
    ]
    placed = [places[0][0] for places in (*marks.header.values(), *marks.headings.values())]
    placed += [row for row, _, _ in marks.identities]
    first_slot = min((*by_key, *by_number))
    return SheetMap(
        columns,
        by_key,
        by_number,
        first_row=max((row + 1 for row in placed if row < first_slot), default=first_slot),
        disagreeing=tuple(column for column in READ if hidden.get(column) != visible.get(column, hidden.get(column))
                          and column in hidden),
        without=tuple(without),
    )  # fmt: skip


def cell_at(row: list[CellValue], column: int) -> CellValue:
    """The cell of a row, None beyond its end."""
    return row[column] if 0 <= column < len(row) else None


def _single(found: Mapping[Column, list[tuple[int, int]]]) -> dict[Column, int]:
    """The columns whose text stands once: one that stands twice proves nothing."""
    return {column: places[0][1] for column, places in found.items() if len({c for _, c in places}) == 1}


def _fullest(found: Mapping[int, Mapping[int, Slot]], preferred: int | None) -> int:
    """The column where most slots are named; the preferred one if it names any."""
    if preferred is not None and found.get(preferred):
        return preferred
    return max(found, key=lambda column: (len(found[column]), -column), default=0)


def _asked(sheet: Sheet, by_number: Mapping[int, Slot], column: int, texts: FormTexts) -> bool:
    """True if most numbers stand beside their question: other sheets may list numbers too."""
    votes = Counter(texts.asks(slot, str(cell_at(sheet.rows[row], column) or "")) for row, slot in by_number.items())
    return votes[True] > votes[False]
