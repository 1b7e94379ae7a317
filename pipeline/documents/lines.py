"""Owns collecting the lines of a document in which headings, list items and tables follow each other."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from questionnaire.indicator_table.document import Document
from questionnaire.indicator_table.grids.grid import Grid
from questionnaire.indicator_table.lines import normalise

_MOST_WORDS = 15


@dataclass
class Lines:
    """The lines and grids found so far. Each grid gets a number, and the headings above it as titles.

    A document without headings may have a short line above each table instead.
    """

    lines: list[str] = field(default_factory=list)
    headings: dict[int, int] = field(default_factory=dict)
    grids: list[Grid] = field(default_factory=list)
    _open: dict[int, str] = field(default_factory=dict)
    _last: str = ""

    def add(self, text: str, heading: int = 0) -> None:
        """A line or paragraph; `heading` is its level, 0 for none."""
        for line in text.split("\n"):
            self.lines.append(line)
            shown = normalise(line)
            if heading and shown:
                self.headings[len(self.lines)] = heading
                self._open = {level: title for level, title in self._open.items() if level < heading} | {heading: shown}
            elif shown:
                self._last = shown if _is_title(shown) else ""

    def add_grid(self, grid: Grid) -> None:
        """A table, perhaps with a title of its own."""
        titles = [*(title for _, title in sorted(self._open.items())), *grid.titles]
        self.grids.append(replace(grid, titles=tuple(titles or filter(None, [self._last]))))
        self._last = ""
        self.lines.append("")

    def document(self, source: str) -> Document:
        return Document(source, tuple(self.grids), "\n".join(self.lines), self.headings)


def _is_title(line: str) -> bool:
    return len(line.split()) <= _MOST_WORDS and not line.endswith((".", ";", ","))
