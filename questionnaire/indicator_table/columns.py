"""Owns indicator tables with a row of column heads and cells separated by a comma, semicolon, bar or TAB.

It turns rows into the same tokens as the line grammar; it never assembles them.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator

from questionnaire.indicator_table.lines import (
    Kind,
    Token,
    indicator,
    is_indicator_head,
    is_objective_head,
    normalise,
    numbered,
    split_lines,
)
from questionnaire.indicator_table.records import IndicatorTableError

_NUMBER_HEAD = re.compile(r"n[o°ºr]?\.?|num\.?|number|n[uú]m[eé]ro|#", re.IGNORECASE)
_SECTION_HEAD = re.compile(r"section|secci[oó]n|sec?[cç][aã]o", re.IGNORECASE)
_LETTER_HEAD = re.compile(r"letter|lettre|letra", re.IGNORECASE)
_QUOTE = "Put each text that holds the separator between double quotes, and close every quote."
_PRINTED_NUMBER = re.compile(r"[1-9]\d{0,2}(?:\.[1-9]\d{0,2}){0,3}")


def column_tokens(text: str, source: str) -> list[Token] | None:
    """The tokens of a table in columns, or None if the first line is no row of column heads.

    Raises IndicatorTableError if a row has more cells than there are heads, or an objective has no number.
    """
    lines = split_lines(text)
    first = next((position for position, line in enumerate(lines) if line.strip()), 0)
    for delimiter in ",;|\t":
        columns = _columns(lines[first].split(delimiter), delimiter)
        if columns:
            head = Token(first + 1, Kind.COLUMN_HEAD, lines[first], normalise(lines[first]))
            body = "\n".join(lines[first + 1 :])
            return [head, *_row_tokens(body, delimiter, columns, first + 2, source)]
    return None


def _columns(heads: list[str], delimiter: str) -> dict[str, int]:
    """Where each known column stands; {} unless both columns of texts are there.

    A table of only two columns separated by TAB is left to the line grammar, which reads it with its numbers.
    """
    names = [normalise(head.strip('" ')) for head in heads]
    columns: dict[str, int] = {"width": len(names)}
    for position, name in enumerate(names):
        for role, fits in (
            ("objective", is_objective_head(name)),
            ("indicator", is_indicator_head(name)),
            ("number", bool(_NUMBER_HEAD.fullmatch(name))),
            ("section", bool(_SECTION_HEAD.fullmatch(name))),
            ("letter", bool(_LETTER_HEAD.fullmatch(name))),
        ):
            if fits:
                columns.setdefault(role, position)
    complete = {"objective", "indicator"} <= columns.keys() and (delimiter != "\t" or "number" in columns)
    return columns if complete else {}


def _row_tokens(body: str, delimiter: str, columns: dict[str, int], line: int, source: str) -> Iterator[Token]:
    section = objective = ("", "")
    for row_line, row in _rows(body, delimiter, line, source):
        if len(row) > columns["width"]:
            what = f"The row has {len(row)} cells, but there are {columns['width']} column heads."
            raise IndicatorTableError(source, row_line, what, _QUOTE)
        cells = {name: row[at] if at < len(row) else "" for name, at in columns.items() if name != "width"}
        heading = normalise(cells.get("section", ""))
        if heading and heading != section[1]:
            section, objective = ("", heading), ("", "")
            yield Token(row_line, Kind.HEADING, cells["section"], heading)
        key = normalise(cells.get("number", "")), normalise(cells["objective"])
        if any(key) and key != objective:
            objective = key
            yield _objective(row_line, key[0], cells["objective"], source)
        if cells["indicator"].strip():
            yield _indicator(row_line, cells)


def _rows(body: str, delimiter: str, line: int, source: str) -> Iterator[tuple[int, list[str]]]:
    """The rows that hold something, each with the line it starts on."""
    rows = csv.reader(io.StringIO(body, newline=""), delimiter=delimiter, strict=True)
    start = line
    try:
        for row in rows:
            if any(cell.strip() for cell in row):
                yield start, row
            start = line + rows.line_num
    except csv.Error as error:
        raise IndicatorTableError(source, start, f"The row cannot be read ({error}).", _QUOTE) from error


def _objective(line: int, number: str, cell: str, source: str) -> Token:
    mark = number.rstrip(".)")
    if _PRINTED_NUMBER.fullmatch(mark):
        return Token(line, Kind.NUMBER, cell, normalise(cell), mark, " ")
    token = None if number else numbered(line, cell)
    if token is None:
        seen = f"The number of the objective is {number!r}." if number else "The objective has no number."
        raise IndicatorTableError(source, line, seen, "Number every objective: 1, 2, 3 or 1.1, 1.2.")
    return token


def _indicator(line: int, cells: dict[str, str]) -> Token:
    cell = cells["indicator"]
    letter = normalise(cells.get("letter", "")).strip("().").lower()
    if letter:
        return Token(line, Kind.INDICATOR, cell, normalise(cell), letter, " ", tabbed=True)
    return indicator(line, cell)
