"""Reads the rows of a grid, whose columns are known, into sections, objectives and indicators."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from string import ascii_lowercase

from questionnaire.indicator_table.grids.cell_lists import Item, indicators_of, lines_of
from questionnaire.indicator_table.grids.collection import Collection, FoundIndicator, Piece
from questionnaire.indicator_table.grids.grid import At, Grid
from questionnaire.indicator_table.grids.layout import Layout
from questionnaire.indicator_table.grids.rows import Row, RowKind, level_of
from questionnaire.indicator_table.identifiers import Split, is_below, split_identifier
from questionnaire.indicator_table.lines import normalise
from questionnaire.indicator_table.marks import state_of
from questionnaire.indicator_table.records import Attribute

_DOUBTS = {
    "lines": "The lines of the cell were read as {count} indicators.",
    "above": "The cell was read as {count} indicators: what stands above its list is one of them.",
    "kept": "The list in the cell was read as part of one indicator.",
}


@dataclass
class Now:
    """The section and objective that the next indicator belongs to."""

    section: int | None = None
    objective: int | None = None


def read_rows(grid: Grid, layout: Layout, rows: list[Row], collected: Collection, now: Now) -> Now:
    """Add what the rows of a grid say, under the section and objective given; returns those that hold at its end."""
    reading = _Reading(grid, layout, collected, now)
    reading.read(rows)
    return reading.now


class _Reading:
    def __init__(self, grid: Grid, layout: Layout, collected: Collection, now: Now) -> None:
        self._grid, self._layout, self._collected = grid, layout, collected
        self.now = now
        self._last: FoundIndicator | None = None
        self._of: dict[At, list[FoundIndicator]] = {}
        self._middle = ""
        self._repeated: list[str] = []

    def read(self, rows: list[Row]) -> None:
        levels = heading_levels(rows, self._layout)
        last_entry = max((row.row for row in rows if row.kind is RowKind.ENTRY), default=-1)
        for row in rows:
            if row.kind is RowKind.NOTE or (row.kind is RowKind.HEADING and row.row > last_entry):
                self._left_out(row)
            elif row.kind is RowKind.HEADING:
                self._open(row, levels[row.row])
            elif row.kind is RowKind.ENTRY:
                self._entry(row.row)
        if self._repeated:
            message = "Rows that repeat the indicator above them were read as more values of it: "
            self._collected.note("rows_continued", message + _listed(self._repeated), place=self._grid.name)

    def _left_out(self, row: Row) -> None:
        text = next(text for text in self._grid.rows[row.row] if text.strip())
        kind = "notes" if row.kind is RowKind.NOTE else "text_left_out"
        self._note(kind, f"“{_short(text)}” was left out.", row.row, 0)

    def _open(self, row: Row, level: str) -> None:
        piece = self._piece(row.heading.text if row.heading else "", row.at)
        piece.split = row.heading
        piece.verbatim = self._grid.rows[row.at[0]][row.at[1]]
        self._last = None
        if row.at[1] in self._layout.indicators and self._grid.origin(row.row, row.at[1] + 1) != row.at:
            message = f"“{_short(piece.text)}” was read as a heading, though it stands in the column of indicators."
            self._note("heading_among_indicators", message, *row.at)
        if level == "section":
            self.now = Now(self._collected.section(piece))
        else:
            self.now.objective = self._collected.objective(self.now.section, piece)

    def _entry(self, row: int) -> None:
        self._levels(row)
        new = False
        for column in self._layout.indicators:
            origin = self._grid.origin(row, column)
            if self._grid.rows[row][column].strip() or self._code(row, "indicator"):
                new = True
                if origin in self._of:
                    self._continue(row, self._of[origin])
                elif origin == (row, column):
                    self._of[origin] = self._indicators(row, column)
        if not new and self._last is not None:
            self._continue(row, [self._last])

    def _levels(self, row: int) -> None:
        """Take up the section and objective that a row names; what it leaves blank stays as it was."""
        layout, now = self._layout, self.now
        section = self._level_piece(row, "section", layout.section)
        if section and not (now.section is not None and _repeats(section, self._collected.sections[now.section])):
            position = self._collected.section(section)
            if position != now.section:
                self.now = now = Now(position)
                self._last, self._middle = None, ""
        objective = self._objective(row)
        if objective and not (
            now.objective is not None and _repeats(objective, self._collected.objectives[now.objective][1])
        ):
            position = self._collected.objective(now.section, objective)
            if position != now.objective:
                now.objective, self._last = position, None

    def _objective(self, row: int) -> Piece | None:
        """The objective that a row names, under the heading between the levels; alone, that heading stands for it."""
        middle = "" if self._layout.middle is None else normalise(self._grid.rows[row][self._layout.middle])
        is_new = bool(middle) and middle != self._middle
        self._middle = middle or self._middle
        objective = self._level_piece(row, "objective", self._layout.objective)
        if objective:
            objective.above = self._middle
        elif is_new and self._layout.middle is not None:
            objective = self._piece(middle, (row, self._layout.middle))
        return objective

    def _level_piece(self, row: int, level: str, column: int | None) -> Piece | None:
        if column is None:
            return None
        code, text = self._code(row, level), self._grid.rows[row][column]
        if not text.strip() and not code:
            return None
        piece = self._piece(text, (row, column))
        piece.code = code
        return piece

    def _code(self, row: int, level: str) -> str:
        column = self._layout.codes.get(level)
        return "" if column is None else self._grid.rows[row][column].strip()

    def _indicators(self, row: int, column: int) -> list[FoundIndicator]:
        text = self._grid.rows[row][column]
        code = self._code(row, "indicator")
        if not code and state_of(text) in ("empty", "pending"):
            if normalise(text):
                message = f"“{_short(text)}” stands in the place of an indicator; none was read. Is there one to ask?"
                self._note("no_indicator", message, row, column)
            return []
        beside = [len(lines_of(cell)) for at, cell in enumerate(self._grid.rows[row]) if at != column]
        cell = indicators_of(text, beside)
        items = cell.items or (Item("", ""),)
        if len(items) > 1 and not cell.doubt:
            message = f"The cell holds {len(items)} indicators; each was read as one of its own."
            self._note("several_in_cell", message, row, column)
        elif cell.doubt:
            self._note(f"cell_{cell.doubt}", _DOUBTS[cell.doubt].format(count=len(items)), row, column)
        codes = _shared(code, len(items)) or self._codes(code, items, (row, column))
        values = self._values(row, column, len(items))
        found = [self._add(item, codes[n], (row, column), values[n]) for n, item in enumerate(items)]
        self._last = found[-1]
        return found

    def _codes(self, code: str, items: tuple[Item, ...], at: At) -> list[str]:
        """The identifiers of the indicators of a cell that share one: 5a, 5b, by their letters if they have some."""
        if len(items) == 1 or not code:
            return [code] * len(items)
        own = [split.code if (split := split_identifier(item.text)) else "" for item in items]
        if all(is_below(mine, code) for mine in own):
            return own
        letters = all(len(mine) == 1 and mine.isalpha() for mine in own)
        codes = [f"{code}{mine if letters else ascii_lowercase[n % 26] * (n // 26 + 1)}" for n, mine in enumerate(own)]
        if not letters:
            message = f"The indicators of the cell share the identifier {code}; they were called {', '.join(codes)}."
            self._note("identifier_shared", message, *at)
        return codes

    def _add(self, item: Item, code: str, at: At, values: list[Attribute]) -> FoundIndicator:
        piece = self._piece(item.text, at)
        piece.code, piece.verbatim, piece.is_code_uncertain = code, item.verbatim, self._layout.is_code_uncertain
        last = self._last
        if last and _same(last.piece, piece) and last.objective == self.now.objective:
            self._repeated.append(piece.place)
            last.attributes += values
            return last
        letter = (
            "" if self._layout.letter is None else self._grid.rows[at[0]][self._layout.letter].strip("(). ").lower()
        )
        values = values + [Attribute(role, head, normalise(text), piece.place) for role, head, text in item.attributes]
        struck = at in self._grid.struck
        found = FoundIndicator(piece, self.now.section, self.now.objective, letter, values, struck)
        self._collected.indicators.append(found)
        return found

    def _values(self, row: int, column: int, count: int) -> list[list[Attribute]]:
        """The attributes of each of the indicators of a cell: by line where a cell has as many, else for all."""
        found: list[list[Attribute]] = [[] for _ in range(count)]
        if len(self._layout.indicators) > 1:
            head = self._layout.head(column)
            found = [[Attribute("type", head, head)] for _ in range(count)]
        for role, at in self._layout.attributes:
            text = self._grid.rows[row][at]
            shares = _shared(text, count) or [normalise(text)] * count
            if count > 1 and len(lines_of(text)) not in (0, 1, count):
                message = f"The cell has {len(lines_of(text))} lines for {count} indicators; each was given all of it."
                self._note("values_together", message, row, at)
            for values, share in zip(found, shares, strict=True):
                if share:
                    head = self._layout.head_of(role, at)
                    values.append(Attribute(role, head, normalise(share), self._grid.address(row, at)))
        return found

    def _continue(self, row: int, indicators: list[FoundIndicator]) -> None:
        """Add what a row says of indicators that stand in a row above."""
        for role, at in self._layout.attributes:
            text = normalise(self._grid.rows[row][at])
            if text and not self._grid.repeats_above(row, at):
                place = self._grid.address(row, at)
                for indicator in indicators:
                    indicator.attributes.append(Attribute(role, self._layout.head_of(role, at), text, place))

    def _piece(self, text: str, at: At) -> Piece:
        origin = self._grid.origin(*at)
        return Piece(text, line=self._grid.numbers[origin[0]], place=self._grid.address(*at))

    def _note(self, kind: str, message: str, row: int, column: int) -> None:
        self._collected.note(kind, message, self._grid.numbers[row], self._grid.address(row, column))


def heading_levels(rows: list[Row], layout: Layout) -> dict[int, str]:
    """What each heading is, section or objective, by the words and identifiers it begins with, else by its place."""
    entries = [row for row in rows if row.kind in (RowKind.HEADING, RowKind.ENTRY)]
    headings = [row for row in entries if row.kind is RowKind.HEADING]
    if layout.objective is not None:
        return {row.row: "section" for row in headings}
    if layout.section is not None:
        return {row.row: "objective" for row in headings}
    upper = {row.row: after.heading for row, after in pairwise(entries) if row.kind is after.kind is RowKind.HEADING}
    levels: dict[int, str] = {}
    code = ""
    for row in headings:
        heading, below = row.heading or Split("", ""), upper.get(row.row)
        level = level_of(heading.label)
        if level == "objective" and below and level_of(below.label) == "objective":
            # “Outcome 1” over “Output 1.1”.
            level = "section"
        elif level not in ("section", "objective"):
            level = "objective" if is_below(heading.code, code) or (upper and not below) else "section"
        code = heading.code if level == "section" else code
        levels[row.row] = level
    return levels


def _repeats(piece: Piece, current: Piece) -> bool:
    """Whether a row only repeats the identifier of what it goes on with."""
    return not piece.text.strip() and normalise(piece.code) == normalise(current.code)


def _same(one: Piece, other: Piece) -> bool:
    return (one.code, normalise(one.text)) == (other.code, normalise(other.text))


def _shared(text: str, count: int) -> list[str] | None:
    """The lines of a cell, if it has as many as there are indicators."""
    lines = lines_of(text)
    return lines if count > 1 and len(lines) == count else None


def _short(text: str, most: int = 90) -> str:
    shown = normalise(text)
    return shown if len(shown) <= most else shown[: most - 1] + "…"


def _listed(places: list[str], most: int = 8) -> str:
    return ", ".join(places[:most]) + (f" and {len(places) - most} more" if len(places) > most else "")
