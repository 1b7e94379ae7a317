"""Finds the row of column heads in a grid, and the head of every column; never what the columns hold."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from questionnaire.indicator_table.grids.grid import Grid, column_position
from questionnaire.indicator_table.grids.heads import Meaning, meaning
from questionnaire.indicator_table.lines import normalise
from questionnaire.indicator_table.vocabulary import words_of

FIRST_ROWS = 20
"""Among so many rows that hold something the heads are looked for."""
ROLES = (
    "section", "objective", "indicator", "unit", "source", "frequency", "baseline", "target", "responsible",
    "disaggregation", "definition", "type", "code", "section_code", "objective_code", "letter",
)  # fmt: skip
"""What a person may say a column is; `code` is the identifier of the indicator."""
SURE = 13
"""The score of a row that has a head for indicators and one for something else."""
_SHORT = 6


@dataclass(frozen=True)
class Choices:
    """What a person said about a document: which sheet, in which row the heads stand, which column is what.

    `header_row` is the row as the document counts it, 0 for none; `columns` names by role the head of a column, or
    its letter.
    """

    sheet: str = ""
    header_row: int | None = None
    columns: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Header:
    """The heads of a grid: `row` is the last row they stand in (-1 for none), `first` the first."""

    row: int
    first: int
    heads: tuple[str, ...]


def find_header(grid: Grid, choices: Choices, after: int = -1) -> Header | None:
    """The heads that stand below the row `after`, or None.

    Raises KeyError with the row that was asked for and is not there.
    """
    if choices.header_row is not None:
        if choices.header_row == 0:
            return Header(-1, -1, ("",) * grid.width)
        if choices.header_row not in grid.numbers:
            raise KeyError(choices.header_row)
        return _header_at(grid, grid.numbers.index(choices.header_row))
    rows = [row for row in range(after + 1, len(grid.rows)) if any(map(str.strip, grid.rows[row]))]
    if choices.columns:
        named = next((row for row in rows[:FIRST_ROWS] if _names_columns(grid, row, choices)), None)
        if named is not None:
            return _header_at(grid, named)
    scores = {row: score(grid, row) for row in rows[:FIRST_ROWS]}
    best = next((row for row, points in scores.items() if points >= SURE), None)
    if best is None:
        best = max(scores, key=lambda row: (scores[row], -row), default=None)
    return _header_at(grid, best) if best is not None and scores[best] else None


def score(grid: Grid, row: int) -> int:
    """How much a row looks like column heads; 0 for a row that does not."""
    cells = {grid.origin(row, column): text for column, text in enumerate(grid.rows[row]) if text.strip()}
    meanings = {at: found for at, text in cells.items() if not _is_numbered(text) and (found := meaning(text))}
    named = {at for at, found in meanings.items() if found.role == "indicator" and _is_head(found, cells[at])}
    stand_in = {at for at, found in meanings.items() if found.role == "measure" or found.of == "indicator"}
    others = {found.role for at, found in meanings.items() if at not in named | stand_in}
    if not named and not (stand_in and others):
        return 0
    if len(cells) == 1:
        return int(_is_single_column(grid) and meanings[next(iter(cells))].exact)
    # A row of a table may hold one cell that reads like a head; heads are short, all of them.
    long = sum(len(words_of(text)) > 2 * _SHORT for text in cells.values())
    return max(0, 10 * bool(named) + 3 * len(others) + sum(found.exact for found in meanings.values()) - 10 * long)


def column_named(heads: tuple[str, ...], wanted: str) -> int | None:
    """The column with this head, else whose head begins so, else that this letter calls; None if there is none."""
    words = words_of(wanted)
    known = [words_of(head) for head in heads]
    if words and words in known:
        return known.index(words)
    begins = [at for at, head in enumerate(known) if words and head[: len(words)] == words]
    if len(begins) == 1:
        return begins[0]
    if wanted.isalpha() and len(wanted) <= 2 and column_position(wanted) < len(heads):
        return column_position(wanted)
    return None


def _is_numbered(text: str) -> bool:
    """Whether a text is one of several, such as “Indicator 1”, and so no head."""
    return any(word.isdecimal() and len(word) < 4 for word in words_of(text))


def _is_head(found: Meaning, text: str) -> bool:
    return found.exact or len(words_of(text)) <= _SHORT


def _is_single_column(grid: Grid) -> bool:
    return len({column for cells in grid.rows for column, text in enumerate(cells) if text.strip()}) == 1


def _names_columns(grid: Grid, row: int, choices: Choices) -> bool:
    heads = tuple(grid.rows[row])
    by_letter = [name for name in choices.columns.values() if name.isalpha() and len(name) <= 2]
    if len(by_letter) == len(choices.columns):
        return False
    return all(column_named(heads, name) is not None for name in choices.columns.values())


def _header_at(grid: Grid, row: int) -> Header:
    last, below = _second_line(grid, row)
    heads = []
    for column in range(grid.width):
        own = normalise(grid.rows[row][column])
        under = below.get(column, "")
        if not own and under:
            own = next((text for c in range(column, -1, -1) if (text := normalise(grid.rows[row][c]))), "")
        if not own:
            own = _above(grid, row, column)
        heads.append(f"{own} {under}" if under and under != own else own)
    return Header(last, row, tuple(heads))


def _second_line(grid: Grid, row: int) -> tuple[int, dict[int, str]]:
    """The last row of the heads, and what a second line of them says, such as “Value” and “Year” under “Baseline”."""
    after = row + 1
    if after >= len(grid.rows):
        return row, {}
    found: dict[int, str] = {}
    shared = False
    for column, text in enumerate(grid.rows[after]):
        if not text.strip() or grid.origin(after, column)[0] <= row:
            continue
        head = grid.rows[row][column]
        begins = grid.origin(row, column)[1] == column
        own = meaning(head) if head.strip() and begins else None
        names_level = own is not None and own.role in ("indicator", "section", "objective")
        if len(words_of(text)) > 4 or (names_level and not (_is_spread(grid, row, column) and meaning(text))):
            return row, {}
        spread = not head.strip() or not begins
        shared = shared or spread
        found[column] = normalise(text)
    return (after, found) if shared and len(found) > 1 else (row, {})


def _is_spread(grid: Grid, row: int, column: int) -> bool:
    """Whether the cell is merged with the next one, as “Objective” is over “No.” and “Name”."""
    return column + 1 < grid.width and grid.origin(row, column + 1) == (row, column)


def _above(grid: Grid, row: int, column: int) -> str:
    """The nearest text above that reads like a head, for a column that has none in the row of heads."""
    for above in range(row - 1, -1, -1):
        text = grid.rows[above][column]
        found = meaning(text) if text.strip() else None
        if found and found.exact and not _is_title(grid, above):
            return normalise(text)
    return ""


def _is_title(grid: Grid, row: int) -> bool:
    """Whether a row holds one text across the whole table."""
    return len({grid.origin(row, column) for column in range(grid.width) if grid.rows[row][column].strip()}) == 1 and (
        grid.origin(row, grid.width - 1)[1] != grid.width - 1 or grid.width == 1
    )
