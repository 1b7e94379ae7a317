"""Owns the cells of a worksheet as XML: written fast and short, in forms that the standard has and every program reads.

- A position is written only where it is not the next one (ECMA-376 part 1, 18.3.1.4 and 18.3.1.73: `r` is optional).
- A text stands in its cell (`inlineStr`), not in a table of its own.
- A formula that cells of one column have in common is written once, and the others point to it (18.3.1.40, `shared`).
  It must not refer to other sheets ([MS-XLSB] 2.5.98.98); names it may use.

A questionnaire takes half the room that way, and less time to write.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any
from xml.sax.saxutils import escape

from xlsxwriter.utility import xl_cell_to_rowcol, xl_col_to_name
from xlsxwriter.worksheet import CellStringTuple, Worksheet

_LITERAL = re.compile(r'("[^"]*")')
_ADDRESS = re.compile(r"(?<![\w$.])(\$?[A-Z]{1,3})(\$?)([1-9]\d*)(?![\w(.])")
_OTHER_SHEET = re.compile(r"[\w']!")
_POSITION = re.compile(r'<(row|c)(?: r="([A-Z]*)(\d+)")?(?=[ />])')
_NARROW = 2  # cells of a gap that is filled
_POINTS = 0.75  # of a pixel


class PlainWorksheet(Worksheet):  # type: ignore[misc]  # XlsxWriter publishes no types
    """A worksheet that takes formulas as they are and writes its cells short.

    XlsxWriter searches each formula for thirty functions newer than Excel 2010, a third of its time; ours use none.
    A formula whose first value is None is written without one: every program calculates it when it opens the file.
    """

    def fill_down(
        self, rows: tuple[int, int], column: int, formula: str, look: Any, cached: str | Sequence[str]
    ) -> None:
        """The same formula in all rows of a column, the first and the last given, worded for the first of them.

        `cached` is what it yields at first, in all rows or in each of them.
        """
        first, last = rows
        for row in range(first, last + 1):
            value = cached if isinstance(cached, str) else cached[row - first]
            self.write_formula(row, column, _moved_down(formula, row - first), look, value)

    def _prepare_formula(self, formula: Any, expand_future_functions: bool = False) -> str:  # noqa: ARG002
        return str(formula).removeprefix("=")

    def _write_string(self, row: int, col: int, string: str, cell_format: Any = None) -> int:
        if self._check_dimensions(row, col):
            raise IndexError(f"no program has a row {row + 1}, column {col + 1}")
        self.table[row][col] = CellStringTuple(string, cell_format)
        return 0

    def _write_rows(self) -> None:
        shared = _shared_formulas(self.table)
        following = 0
        for row in sorted({*self.table, *self.row_info}):
            position = "" if row == following else f' r="{row + 1}"'
            cells = "".join(self._cells(row, shared))
            self.fh.write(f"<row{position}{self._row_attributes(row)}>{cells}</row>")
            following = row + 1

    def _row_attributes(self, row: int) -> str:
        info = self.row_info.get(row)
        if info is None:
            return ""
        if info.row_format or info.collapsed:
            raise NotImplementedError("formats of whole rows, and folded rows")
        height = "" if info.height is None else f' ht="{info.height * _POINTS:g}" customHeight="1"'
        hidden = ' hidden="1"' if info.hidden else ""
        return height + hidden + (f' outlineLevel="{info.level}"' if info.level else "")

    def _cells(self, row: int, shared: dict[tuple[int, int], str]) -> Iterator[str]:
        following = 0
        for column, cell in sorted(self.table.get(row, {}).items()):
            formula = shared.get((row, column))
            if formula is None and following < column <= following + _NARROW:
                # Empty cells take less room than a position: they are the same in every row.
                yield "<c/>" * (column - following)
                following = column
            implied = column == following and formula is None
            position = "" if implied else f' r="{xl_col_to_name(column)}{row + 1}"'
            style = f' s="{cell.format._get_xf_index()}"' if cell.format else ""
            kind, content = _content(cell, formula)
            attributes = position + style + (f' t="{kind}"' if kind else "")
            yield f"<c{attributes}>{content}</c>" if content else f"<c{attributes}/>"
            following = column + 1


def addressed(sheet: str) -> str:
    """The same XML of a worksheet with the position of every row and cell written out."""
    row = column = 0

    def placed(found: re.Match[str]) -> str:
        nonlocal row, column
        tag, letters, number = found.groups()
        if tag == "row":
            row, column = int(number or row + 1), 0
            return f'<row r="{row}"'
        column = xl_cell_to_rowcol(letters + number)[1] if letters else column
        column += 1
        return f'<c r="{xl_col_to_name(column - 1)}{row}"'

    return _POSITION.sub(placed, sheet)


def _content(cell: Any, shared: str | None) -> tuple[str, str]:
    """The type of a cell ("" for the usual one, a number) and what stands between its tags."""
    match type(cell).__name__:
        case "Blank":
            return "", ""
        case "Number":
            return "", f"<v>{cell.number:.16G}</v>"
        case "String":
            space = ' xml:space="preserve"' if cell.string != cell.string.strip() else ""
            return "inlineStr", f"<is><t{space}>{escape(cell.string)}</t></is>"
        case "Formula":
            formula = shared or f"<f>{escape(cell.formula)}</f>"
            if cell.value is None:
                return "", formula
            value = escape(cell.value) if isinstance(cell.value, str) else f"{cell.value:.16G}"
            return "str" if cell.value != "" and isinstance(cell.value, str) else "", f"{formula}<v>{value}</v>"
        case other:
            raise NotImplementedError(f"cells of the sort {other}")


def _shared_formulas(table: dict[int, dict[int, Any]]) -> dict[tuple[int, int], str]:
    """The elements of the formulas that cells of a column have in common, by row and column."""
    groups: dict[tuple[int, str], list[int]] = {}
    for row in sorted(table):
        for column, cell in table[row].items():
            formula = getattr(cell, "formula", "")
            if formula and not _OTHER_SHEET.search(_LITERAL.sub("", formula)):
                common = _seen_from(row, formula)
                if common != formula:
                    groups.setdefault((column, common), []).append(row)
    elements: dict[tuple[int, int], str] = {}
    number = 0
    for (column, _), rows in groups.items():
        if len(rows) > 1:
            letter = xl_col_to_name(column)
            area = f"{letter}{rows[0] + 1}:{letter}{rows[-1] + 1}"
            formula = escape(table[rows[0]][column].formula)
            elements[rows[0], column] = f'<f t="shared" ref="{area}" si="{number}">{formula}</f>'
            elements.update(dict.fromkeys(((row, column) for row in rows[1:]), f'<f t="shared" si="{number}"/>'))
            number += 1
    return elements


def _seen_from(row: int, formula: str) -> str:
    """The formula with the rows that move along as distances from a row; the same for cells that may share it."""
    return _with_rows(formula, lambda number: f"[{number - row}]")


def _moved_down(formula: str, rows: int) -> str:
    """The formula as it reads some rows further down."""
    return _with_rows(formula, lambda number: str(number + rows))


def _with_rows(formula: str, told: Callable[[int], str]) -> str:
    """The formula with every row that is not fixed by a dollar sign told otherwise."""
    parts = _LITERAL.split(formula)
    parts[::2] = (
        _ADDRESS.sub(lambda found: found[0] if found[2] else found[1] + told(int(found[3])), part)
        for part in parts[::2]
    )
    return "".join(parts)
