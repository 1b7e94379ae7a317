"""Owns collecting the lines of a document in which headings, list items and tables follow each other."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from questionnaire.indicator_table.document import Document
from questionnaire.indicator_table.grids.grid import Grid
from questionnaire.indicator_table.lines import normalise

_LONGEST_TITLE = 200


@dataclass
class Lines:
    """The lines and grids found so far. Each grid gets the heading or short line above it as title, and a number."""

    lines: list[str] = field(default_factory=list)
    headings: dict[int, int] = field(default_factory=dict)
    grids: list[Grid] = field(default_factory=list)
    _title: str = ""

    def add(self, text: str, heading: int = 0) -> None:
        """A line or paragraph; `heading` is its level, 0 for none."""
        for line in text.split("\n"):
            self.lines.append(line)
            shown = normalise(line)
            if heading and shown:
                self.headings[len(self.lines)] = heading
            if shown:
                self._title = shown if heading or len(shown) <= _LONGEST_TITLE else ""

    def add_grid(self, grid: Grid) -> None:
        """A table; what stands above it is its title unless it has one."""
        self.grids.append(replace(grid, title=grid.title or self._title))
        self._title = ""
        self.lines.append("")

    def document(self, source: str) -> Document:
        return Document(source, tuple(self.grids), "\n".join(self.lines), self.headings)
