"""Makes an indicator table of the grids of a document: which of them are one, and under which title."""

from __future__ import annotations

import re
import shlex
from collections.abc import Sequence
from dataclasses import dataclass, replace

from questionnaire.addresses import column_letter
from questionnaire.indicator_table.grids.collection import Collection, Piece
from questionnaire.indicator_table.grids.grid import Grid, Shape
from questionnaire.indicator_table.grids.header import FIRST_ROWS, Choices, Header, find_header
from questionnaire.indicator_table.grids.heads import meaning
from questionnaire.indicator_table.grids.layout import Layout, described, layouts_of
from questionnaire.indicator_table.grids.reading import Now, heading_levels, read_rows
from questionnaire.indicator_table.grids.rows import Row, RowKind, is_note, level_of, next_header, rows_of
from questionnaire.indicator_table.identifiers import Split, split_identifier
from questionnaire.indicator_table.lines import normalise
from questionnaire.indicator_table.records import IndicatorTable, IndicatorTableError, Irregularity, State
from questionnaire.indicator_table.vocabulary import examples, plain, starts_with, words_of

_MOST_SHOWN = 6
_REPEATS = 0.8
"""The share of a sheet's indicators that another one has too, if it is a part of that one."""


@dataclass(frozen=True)
class Block:
    """A table within a grid: its columns and rows, and what stands above it."""

    grid: Grid
    layout: Layout
    rows: tuple[Row, ...]
    above: tuple[str, ...]
    goes_on: bool = False
    """It has no heads of its own and continues the table before it."""

    @property
    def texts(self) -> frozenset[str]:
        """The texts in its columns of indicators."""
        cells = (self.grid.rows[row.row][at] for row in self.rows for at in self.layout.indicators)
        return frozenset(normalise(text) for text in cells if text.strip())


def understand(
    source: str, grids: Sequence[Grid], choices: Choices, notes: Sequence[Irregularity] = ()
) -> IndicatorTable:
    """The indicator table that the grids of a document hold.

    Raises IndicatorTableError, which says what was looked for and what was found, where none of them does.
    """
    collected = Collection(source, irregularities=list(notes))
    chosen = _chosen(source, grids, choices)
    blocks = [block for grid in chosen for block in _blocks(source, grid, choices)]
    blocks = [*blocks, *_continued(chosen, blocks)] if blocks else blocks
    if not blocks:
        raise _no_table(source, chosen, choices)
    blocks = sorted(blocks, key=lambda block: (chosen.index(block.grid), block.layout.header.row))
    kept = _without_parts(blocks, collected) if not choices.sheet else blocks
    now = Now()
    for block in kept:
        if not block.goes_on:
            _note_columns(block, collected)
            now = _start(block, kept, collected)
        now = read_rows(block.grid, block.layout, list(block.rows), collected, now)
    table = collected.table()
    if all(indicator.state is State.EMPTY for indicator in table.indicators):
        raise _empty(source, kept)
    return table


def _chosen(source: str, grids: Sequence[Grid], choices: Choices) -> list[Grid]:
    wanted = choices.sheet
    if not wanted:
        return list(grids)
    names = [grid.name for grid in grids]
    found = [grid for grid in grids if plain(grid.name) == plain(wanted)]
    found = found or [grid for grid in grids if plain(wanted) in plain(grid.name)]
    if not found and wanted.isdecimal() and 0 < int(wanted) <= len(grids):
        found = [grids[int(wanted) - 1]]
    if len(found) == 1:
        return found
    what = f"There is no sheet or table “{wanted}”." if not found else f"“{wanted}” names {len(found)} sheets."
    raise IndicatorTableError(source, None, what, f"Use one of: {', '.join(f'“{name}”' for name in names)}.")


def _blocks(source: str, grid: Grid, choices: Choices) -> list[Block]:
    """The indicator tables of a grid, one below the other."""
    blocks: list[Block] = []
    after, start = -1, 0
    while True:
        try:
            header = find_header(grid, choices, after)
            layouts = layouts_of(grid, header, choices) if header else []
        except KeyError as error:
            raise _not_there(source, grid, choices, error.args[0]) from error
        if header is None or not layouts:
            return blocks
        fixed = choices.header_row is not None or choices.columns
        end = len(grid.rows) if fixed else next_header(grid, header)
        above = tuple(_lone_texts(grid, start, header.first))
        last = header.row
        for layout in layouts:
            rows = rows_of(grid, layout, end)
            filled = (row.row for row in rows if any(grid.rows[row.row][at].strip() for at in layout.indicators))
            last = max(last, *filled, last)
            if end < len(grid.rows):
                # What stands below the last indicator is the title of the next table.
                rows = [row for row in rows if row.row <= last or row.kind is RowKind.NOTE]
            blocks.append(Block(grid, layout, tuple(rows), above))
        if end == len(grid.rows):
            return blocks
        after, start = end - 1, last + 1


def _continued(grids: Sequence[Grid], blocks: list[Block]) -> list[Block]:
    """Tables of a document without heads that go on with the columns of the table before them."""
    found: list[Block] = []
    layout: Layout | None = None
    for grid in grids:
        own = [block.layout for block in blocks if block.grid is grid]
        if own:
            layout = own[-1]
        elif layout and grid.shape is Shape.TABLE and grid.width == len(layout.header.heads):
            bare = replace(layout, header=Header(-1, -1, layout.header.heads))
            found.append(Block(grid, bare, tuple(rows_of(grid, bare, len(grid.rows))), (), goes_on=True))
        else:
            layout = None
    return found


def _without_parts(blocks: list[Block], collected: Collection) -> list[Block]:
    """The tables without those whose indicators another sheet has as well, and more."""
    kept: list[Block] = []
    left: dict[str, list[str]] = {}
    for block in blocks:
        others = [other for other in blocks if other.grid is not block.grid and block.texts]
        larger = [other for other in others if _holds(other, block) and len(other.texts) > len(block.texts)]
        same = [other for other in kept if other in others and other.texts == block.texts]
        if larger or same:
            whole = max(larger or same, key=lambda other: len(other.texts)).grid.name
            left.setdefault(whole, []).append(f"“{block.grid.name}”")
        else:
            kept.append(block)
    for whole, names in left.items():
        message = (
            f"Its indicators stand in {', '.join(names)} again, which were not read; --sheet NAME reads one of them."
        )
        collected.note("sheet_not_read", message, place=whole)
    return kept


def _holds(one: Block, other: Block) -> bool:
    return len(one.texts & other.texts) >= _REPEATS * len(other.texts)


def _start(block: Block, blocks: list[Block], collected: Collection) -> Now:
    """The section and objective that one of several tables begins under: by its titles, or the name of its sheet."""
    others = [other for other in blocks if not other.goes_on]
    if len(others) == 1:
        return Now()
    everywhere = [{*other.above, *other.grid.titles} for other in others]
    titles = [text for text in (*block.grid.titles, *block.above) if not all(text in known for known in everywhere)]
    if not titles and block.grid.shape is Shape.SHEET and not _is_default(block.grid.name):
        titles = [block.grid.name]
    levels = heading_levels(list(block.rows), block.layout).values()
    now, objective = Now(), ""
    if titles and block.layout.objective is None and "objective" not in levels:
        split = split_identifier(titles[-1])
        if len(titles) > 1 or (split and level_of(split.label) == "objective"):
            objective = titles.pop()
    if titles and block.layout.section is None and "section" not in levels:
        now.section = collected.section(_title(titles[-1], block, " – ".join(titles[:-1])))
    if objective:
        now.objective = collected.objective(now.section, _title(objective, block))
    return now


def _title(text: str, block: Block, above: str = "") -> Piece:
    split = split_identifier(text) or Split("", text)
    return Piece(text, line=block.grid.numbers[0], place=block.grid.name, split=split, above=above)


def _lone_texts(grid: Grid, start: int, end: int) -> list[str]:
    """The texts that stand alone in a row above the heads, but for notes."""
    found = []
    for row in range(start, max(end, 0)):
        texts = {grid.origin(row, at): text for at, text in enumerate(grid.rows[row]) if text.strip()}
        if len(texts) == 1 and not is_note(text := normalise(next(iter(texts.values())))):
            found.append(text)
    return list(dict.fromkeys(found))


def _is_default(name: str) -> bool:
    words = re.sub(r"\d+$", "", name).strip()
    return bool(starts_with(words, "sheet")) and len(words_of(words)) <= 3


def _note_columns(block: Block, collected: Collection) -> None:
    grid, layout = block.grid, block.layout
    read, unused = described(layout)
    where = f"Heads in {grid.row_address(layout.header.first)}. " if layout.header.first >= 0 else "Without heads. "
    not_used = f" Not used: {'; '.join(unused)}." if unused else ""
    line = grid.numbers[max(layout.header.first, 0)]
    collected.note("columns", f"{where}Read as {'; '.join(read)}.{not_used}", line, grid.name)
    for at in layout.unsure:
        role = next(role for role, column in layout.uses() if column == at)
        message = (
            f"The head of column {column_letter(at)} “{layout.head(at)}” does not say so, but it was read as {role}. "
            f"If it is not one: --map {role}=COLUMN, with the letter or the head of the right one."
        )
        collected.note("column_unsure", message, line, grid.name)
    for at in layout.unused():
        found = meaning(layout.head(at))
        if found and found.role in ("section", "objective") and layout.objective is not None:
            message = (
                f"Column {column_letter(at)} “{layout.head(at)}” names a level too, but was not read: a table has two "
                f"levels. To use it: --map section={column_letter(at)} or --map objective={column_letter(at)}."
            )
            collected.note("level_not_used", message, line, grid.name)
    if block.above:
        texts = "; ".join(f"“{text[:80]}”" for text in block.above[:_MOST_SHOWN])
        collected.note("title", f"Above the heads, not read: {texts}.", line, grid.name)


def _not_there(source: str, grid: Grid, choices: Choices, missing: object) -> IndicatorTableError:
    if missing == choices.header_row:
        what = f"{grid.name or 'The table'} has no row {missing}."
        return IndicatorTableError(source, None, what, f"Its rows are {grid.numbers[0]} to {grid.numbers[-1]}.")
    place = grid.name or "the table"
    remedy = f"Use a head or a letter of these. {_heads_found(grid, choices)}"
    return IndicatorTableError(source, None, f"No column of {place} is headed “{missing}”.", remedy)


def _no_table(source: str, grids: Sequence[Grid], choices: Choices) -> IndicatorTableError:
    if not any(text.strip() for grid in grids for cells in grid.rows for text in cells):
        return IndicatorTableError(source, None, "The document is empty.", "Give the file that holds the table.")
    written = [grid for grid in grids if any(text.strip() for cells in grid.rows for text in cells)]
    found = " ".join(_heads_found(grid, choices) for grid in written[:_MOST_SHOWN])
    what = (
        f"None of the first {FIRST_ROWS} rows has a column head for indicators. "
        f"Looked for: {examples('indicator')}, in French, Spanish, English and Portuguese, beside heads such as "
        f"{examples('objective')}. Found: {found}"
    )
    headed = next((grid for grid in written if _likely_heads(grid, choices) is not None), written[0])
    return IndicatorTableError(source, None, what, _how_to_map(headed, choices))


def _heads_found(grid: Grid, choices: Choices) -> str:
    row = _likely_heads(grid, choices)
    if row is None:
        return f"{grid.name or 'the table'} has no row with two texts."
    cells = [
        f"{column_letter(at)} “{normalise(text)[:40]}”"
        for at, text in enumerate(grid.rows[row])
        if text.strip() and grid.origin(row, at) == (row, at)
    ]
    return f"{grid.row_address(row)}: {', '.join(cells[:12])}."


def _likely_heads(grid: Grid, choices: Choices) -> int | None:
    """The row that most likely holds the heads: the first with the most texts that are neither long nor numbers."""
    if choices.header_row in grid.numbers:
        return grid.numbers.index(choices.header_row)
    counts = {}
    for row in range(min(len(grid.rows), FIRST_ROWS)):
        texts = {grid.origin(row, at): text for at, text in enumerate(grid.rows[row]) if text.strip()}
        counts[row] = sum(len(words_of(text)) < 8 and not text.strip().isdigit() for text in texts.values())
    best = max(counts, key=lambda row: (counts[row], -row), default=None)
    return best if best is not None and counts[best] > 1 else None


def _how_to_map(grid: Grid, choices: Choices) -> str:
    row = _likely_heads(grid, choices)
    if row is None:
        return (
            "An indicator table has columns with heads, such as “Objective” and “Indicator”, and an indicator in each "
            "row. If the table stands in another file or sheet, give that one."
        )
    columns = [
        at for at in range(grid.width) if any(grid.rows[below][at].strip() for below in range(row + 1, len(grid.rows)))
    ]
    wordy = sorted(columns, key=lambda at: -_words_below(grid, row, at))[:2]
    last = max(wordy, default=0)
    first = f"objective={column_letter(min(wordy))}," if len(wordy) > 1 else ""
    sheet = f" --sheet {shlex.quote(grid.name)}" if grid.name else ""
    heads = 0 if _is_entry(grid, row) else grid.numbers[row]
    return (
        "If it is an indicator table, say in which row its heads stand (0: in none) and what its columns are, such as: "
        f"acopio table FILE{sheet} --header-row {heads} --map {first}indicator={column_letter(last)}"
    )


def _is_entry(grid: Grid, row: int) -> bool:
    """Whether a row is rather an entry than heads: it begins with an identifier, or its texts come again below."""
    again = (
        any(normalise(cells[at]) == normalise(text) for cells in grid.rows[row + 1 :])
        for at, text in enumerate(grid.rows[row])
        if text.strip()
    )
    numbered = (split for text in grid.rows[row] if (split := split_identifier(text)))
    return any(again) or any(split.code for split in numbered)


def _words_below(grid: Grid, row: int, column: int) -> float:
    texts = [text for cells in grid.rows[row + 1 :] if (text := cells[column].strip())]
    return sum(len(text.split()) for text in texts) / len(texts) if texts else 0


def _empty(source: str, blocks: list[Block]) -> IndicatorTableError:
    layout, grid = blocks[0].layout, blocks[0].grid
    head, column = layout.head(layout.indicators[0]), column_letter(layout.indicators[0])
    what = (
        f"No indicator was found: heads stand in {grid.row_address(layout.header.first)}, but column {column} “{head}” "
        f"holds none below them. The file looks like an empty template."
    )
    remedy = (
        "Give the file that was filled in; if the indicators stand in another column, name it: --map indicator=COLUMN."
    )
    return IndicatorTableError(source, None, what, remedy)
