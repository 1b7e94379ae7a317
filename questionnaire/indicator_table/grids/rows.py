"""Tells the rows below the heads of a grid apart: entries, headings over them, heads again, notes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from questionnaire.indicator_table.grids.grid import At, Grid
from questionnaire.indicator_table.grids.header import SURE, Header, score
from questionnaire.indicator_table.grids.layout import Layout
from questionnaire.indicator_table.identifiers import Split, bare_code, is_below, looks_like_code, split_identifier
from questionnaire.indicator_table.lines import is_capitals, normalise
from questionnaire.indicator_table.vocabulary import matches, starts_with, words_of

_LONGEST_NOTE_MARK = 4
_FOOTNOTE = re.compile(r"\s*\d{1,2}\s+(?=\D)")


class RowKind(StrEnum):
    """What a row is."""

    ENTRY = "entry"
    HEADING = "heading"
    HEAD = "head"
    NOTE = "note"


@dataclass(frozen=True)
class Row:
    """A row of a grid; a heading has its text split, and the cell it stands in."""

    row: int
    kind: RowKind
    heading: Split | None = None
    at: At = (0, 0)


def rows_of(grid: Grid, layout: Layout, end: int) -> list[Row]:
    """The rows between the heads and the row `end` that hold something new."""
    reader = _Rows(grid, layout, end)
    return list(reader.read())


def next_header(grid: Grid, header: Header) -> int:
    """The row below in which other heads begin; the number of rows if there is none."""
    heads = {normalise(text) for text in grid.rows[header.first]} if header.first >= 0 else set()
    for row in range(header.row + 1, len(grid.rows)):
        texts = {normalise(text) for text in grid.rows[row] if text.strip()}
        if texts and not texts <= heads and score(grid, row) >= SURE:
            return row
    return len(grid.rows)


def is_note(text: str) -> bool:
    """Whether a text is a source or a note below or above a table."""
    shown = text.strip()
    first = words_of(shown)[:1]
    if starts_with(shown, "note") and (":" in shown[:20] or "." in shown[:8] or len(words_of(shown)) == len(first)):
        return True
    mark = shown[:_LONGEST_NOTE_MARK].split(" ", 1)[0].strip("()[]/.")
    return bool(mark) and (set(mark) <= set("*†‡§") or mark[0] in "¹²³⁴⁵⁶⁷⁸⁹ᵃᵇᶜ")


class _Rows:
    def __init__(self, grid: Grid, layout: Layout, end: int) -> None:
        self._grid, self._layout, self._end = grid, layout, end
        header = layout.header
        self._heads = {normalise(text) for text in grid.rows[header.first]} if header.first >= 0 else set()
        self._start = header.row + 1
        self._entries = [
            row for row in range(self._start, end) if any(grid.rows[row][at].strip() for at in layout.indicators)
        ]
        self._beside = [at for at in range(grid.width) if self._is_mostly_filled(at)]
        texts = [grid.rows[row][layout.indicators[0]] for row in self._entries]
        self._shouts = 2 * sum(map(is_capitals, texts)) > len(texts)

    def read(self) -> Iterator[Row]:
        below = max(self._entries, default=self._end)
        for row in range(self._start, self._end):
            new = self._new(row)
            if not new:
                continue
            texts = list(new.values())
            if row > below and len(texts) == 1 and (_FOOTNOTE.match(texts[0]) or not any(self._new(row - 1))):
                yield Row(row, RowKind.NOTE)
                below = row - 1
                continue
            if len(texts) > 1 and {normalise(text) for text in texts} <= self._heads:
                yield Row(row, RowKind.HEAD)
            elif (len(texts) == 1 and is_note(texts[0])) or self._is_total(row, new):
                yield Row(row, RowKind.NOTE)
            elif found := self._heading(row, new):
                yield found
            else:
                yield Row(row, RowKind.ENTRY)

    def _new(self, row: int) -> dict[At, str]:
        """The cells of a row that hold something and do not only continue a cell above."""
        found = {}
        for column, text in enumerate(self._grid.rows[row]):
            at = self._grid.origin(row, column)
            if text.strip() and at[0] == row:
                found[at] = text
        return found

    def _is_total(self, row: int, new: dict[At, str]) -> bool:
        """Whether a row without an indicator only adds up those above it, such as “Total primary education”."""
        (at, first), layout = next(iter(new.items())), self._layout
        levels = {layout.section, layout.middle, layout.objective} - {None}
        wide = self._grid.origin(row, min(at[1] + 1, self._grid.width - 1)) == at
        return at[1] in levels and not wide and row not in self._entries and bool(starts_with(first, "total"))

    def _heading(self, row: int, new: dict[At, str]) -> Row | None:
        layout = self._layout
        texts = {at: text for at, text in new.items() if not looks_like_code(text)}
        codes = {at: text for at, text in new.items() if at not in texts}
        if len(texts) != 1 or len(codes) > 1:
            return None
        (at, text), code = next(iter(texts.items())), next(iter(codes.values()), "")
        column = at[1]
        if codes and min(codes)[1] > column:
            return None
        wide = self._grid.origin(row, min(column + 1, self._grid.width - 1)) == at and column + 1 < self._grid.width
        known = column in {layout.section, layout.objective, *(used for _, used in layout.attributes)}
        if column in layout.indicators and not wide:
            if not self._stands_over(row, text, code):
                return None
        elif (known and not wide and not self._names_section(column, text)) or (
            column not in layout.indicators and column > max(layout.indicators) and not wide
        ):
            return None
        split = split_identifier(text, weak=True)
        heading = Split(bare_code(code), text) if code else split or Split("", text)
        return Row(row, RowKind.HEADING, heading, at)

    def _names_section(self, column: int, text: str) -> bool:
        """Whether a text in the column of objectives is a heading over them: "Goal 1. ...", and 1.1 comes next."""
        if column != self._layout.objective or self._layout.section is not None:
            return False
        split = split_identifier(text)
        if split and split.label and level_of(split.label) == "section":
            return True
        if split is None:
            return is_capitals(text) and not self._shouts
        return self._is_above(column, split.code)

    def _is_above(self, column: int, code: str) -> bool:
        """Whether the next text of the column has an identifier below this one."""
        texts = (text for cells in self._grid.rows for text in [cells[column]])
        following = [split for text in texts if (split := split_identifier(text))]
        at = next((n for n, split in enumerate(following) if split.code == code), len(following))
        return any(is_below(split.code, code) for split in following[at + 1 : at + 2])

    def _stands_over(self, row: int, text: str, code: str) -> bool:
        """Whether a text in the column of indicators is a heading: nothing stands beside it, unlike the others."""
        split = split_identifier(text)
        if split and level_of(split.label) in ("section", "objective"):
            return True
        if any(self._grid.rows[row][at].strip() for _, at in self._layout.attributes):
            return False
        if self._beside and is_capitals(text) and not self._shouts:
            return True
        number = code or (split.code if split else "")
        after = next((later for later in self._entries if later > row), None)
        if not number or after is None:
            return False
        below = [self._grid.rows[after][at] for at in (*self._layout.codes.values(), *self._layout.indicators)]
        next_codes = [found.code for cell in below if (found := split_identifier(cell))]
        alike = not self._beside or any(found.isdigit() == number.isdigit() for found in next_codes)
        return any(is_below(found, number) for found in next_codes) or (bool(next_codes) and not alike)

    def _is_mostly_filled(self, at: int) -> bool:
        layout = self._layout
        if at in (*layout.indicators, layout.section, layout.objective, *layout.codes.values()):
            return False
        filled = sum(bool(self._grid.rows[row][at].strip()) for row in self._entries)
        return 10 * filled >= 4 * len(self._entries) > 0


def level_of(label: str) -> str:
    """The level that a word before an identifier names: section, objective (a target is one), indicator, or ""."""
    found = matches(words_of(label), ("indicator", "section", "objective", "target"))
    groups = {match.group for match in found}
    if "indicator" in groups:
        return "indicator"
    if groups & {"objective", "target"}:
        return "objective"
    return "section" if groups else ""
