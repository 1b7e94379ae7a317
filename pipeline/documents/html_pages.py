"""Owns what an HTML page holds: its headings, paragraphs and lists as lines, and its tables as grids."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from html.parser import HTMLParser

from pipeline.documents.lines import Lines
from pipeline.documents.raised import raised
from questionnaire.indicator_table.document import Document
from questionnaire.indicator_table.grids.grid import Shape, filled

MAX_CELLS = 200_000
_MOST_SPANNED = 1000
_UNSEEN = {"script", "style", "head", "template", "noscript", "svg", "select"}
_BREAKS = {"p", "div", "br", "tr", "ul", "ol", "dl", "dd", "dt", "section", "article", "blockquote", "hr"}
_HEADINGS = {"h1": 1, "h2": 2, "h3": 3, "h4": 4, "h5": 5, "h6": 6}
_DEEPEST = 20


class TooLargeError(Exception):
    """A page with more cells than any indicator table has."""


def html_document(text: str, source: str) -> Document:
    """The document of a page; raises TooLargeError for too many cells."""
    parser = _Parser()
    parser.feed(text)
    parser.close()
    parser.end()
    return parser.lines.document(source)


@dataclass
class _Table:
    """A table while it is read: rows of (text, columns, rows) cells."""

    rows: list[list[tuple[str, int, int]]] = field(default_factory=list)
    caption: str = ""
    cell: list[str] | None = None
    spans: tuple[int, int] = (1, 1)
    inner: int = 0


class _Parser(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.lines = Lines()
        self._tables: list[_Table] = []
        self._text: list[str] = []
        self._unseen: list[str] = []
        self._lists: list[int | None] = []
        self._heading = self._raised = self._cells = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _UNSEEN:
            self._unseen.append(tag)
        if self._unseen:
            return
        if tag == "table" and len(self._tables) < _DEEPEST:
            self._flush()
            self._tables.append(_Table())
        elif tag in ("td", "th") and self._tables:
            self._close_cell()
            self._open_cell(dict(attrs))
        elif tag == "tr" and self._tables:
            self._close_cell()
            self._tables[-1].rows.append([])
        elif tag in _HEADINGS:
            self._flush()
            self._heading = _HEADINGS[tag]
        elif tag in ("ul", "ol"):
            self._flush()
            self._lists.append(0 if tag == "ol" else None)
        elif tag == "li":
            self._flush()
            self._put(self._mark())
        elif tag == "sup":
            self._raised += 1
        elif tag in _BREAKS:
            self._flush()

    def handle_endtag(self, tag: str) -> None:
        if self._unseen:
            if tag == self._unseen[-1]:
                self._unseen.pop()
            return
        if tag == "table" and self._tables:
            self._close_table()
        elif tag in ("td", "th", "tr") and self._tables:
            self._close_cell()
        elif tag == "caption" and self._tables:
            self._tables[-1].caption = " ".join("".join(self._text).split())
            self._text = []
        elif tag in _HEADINGS:
            self._flush()
            self._heading = 0
        elif tag == "sup":
            self._raised = max(0, self._raised - 1)
        elif tag in ("ul", "ol"):
            self._flush()
            if self._lists:
                self._lists.pop()
        elif tag in _BREAKS or tag == "li":
            self._flush()

    def handle_data(self, data: str) -> None:
        if not self._unseen:
            text = " ".join(data.split())
            text = (" " if data[:1].isspace() else "") + text + (" " if data[-1:].isspace() and text else "")
            self._put(raised(text) if self._raised else text)

    def end(self) -> None:
        while self._tables:
            self._close_table()
        self._flush()

    def _put(self, text: str) -> None:
        cell = self._tables[-1].cell if self._tables else None
        (self._text if cell is None else cell).append(text)

    def _flush(self) -> None:
        """End the line that is being written."""
        if self._tables and self._tables[-1].cell is not None:
            self._tables[-1].cell.append("\n")
        elif not self._tables:
            text = "".join(self._text).strip()
            if text:
                self.lines.add(text, self._heading)
            self._text = []

    def _mark(self) -> str:
        if not self._lists or self._lists[-1] is None:
            return "• "
        self._lists[-1] += 1
        return f"{self._lists[-1]}. "

    def _open_cell(self, attributes: dict[str, str | None]) -> None:
        table = self._tables[-1]
        if not table.rows:
            table.rows.append([])
        table.cell = []
        table.spans = _span(attributes.get("colspan")), _span(attributes.get("rowspan"))

    def _close_cell(self) -> None:
        table = self._tables[-1]
        if table.cell is None:
            return
        lines = (" ".join(line.split()) for line in "".join(table.cell).split("\n"))
        text = "\n".join(line for line in lines if line)
        table.rows[-1].append((text, *table.spans))
        table.cell = None
        self._cells += table.spans[0] * table.spans[1]
        if self._cells > MAX_CELLS:
            raise TooLargeError

    def _close_table(self) -> None:
        self._close_cell()
        table = self._tables.pop()
        if self._tables:
            # A table within a cell is one of its own; a page laid out by tables holds it so.
            self._tables[-1].inner += 1
        if any(table.rows) and not table.inner:
            rows, areas = _unfolded([row for row in table.rows if row])
            grid = filled(f"table {len(self.lines.grids) + 1}", Shape.TABLE, rows, areas)
            self.lines.add_grid(replace(grid, titles=(table.caption,) if table.caption else ()))


def _unfolded(table: list[list[tuple[str, int, int]]]) -> tuple[list[list[str]], list[tuple[int, int, int, int]]]:
    """Rows of cells at their columns, and the areas that cells span."""
    rows: list[list[str]] = [[] for _ in table]
    taken: set[tuple[int, int]] = set()
    areas = []
    for number, cells in enumerate(table):
        column = 0
        for text, across, down in cells:
            while (number, column) in taken:
                column += 1
            down = min(down, len(table) - number)
            taken |= {(number + r, column + c) for r in range(down) for c in range(across)}
            rows[number] += [""] * (column - len(rows[number])) + [text]
            if (across, down) != (1, 1):
                areas.append((number, column, number + down - 1, column + across - 1))
            column += across
    width = max((column + 1 for _, column in taken), default=0)
    return [row + [""] * (width - len(row)) for row in rows], areas


def _span(value: str | None) -> int:
    return min(max(int(value), 1), _MOST_SPANNED) if value and value.strip().isdecimal() else 1
