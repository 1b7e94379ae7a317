"""Owns what a Markdown text holds: its headings, paragraphs and lists as lines, and its tables as grids."""

from __future__ import annotations

import re
from dataclasses import replace

from pipeline.documents.html_pages import html_document
from pipeline.documents.lines import Lines
from questionnaire.indicator_table.document import Document
from questionnaire.indicator_table.grids.grid import Grid, Shape, filled
from questionnaire.indicator_table.lines import split_lines

_RULE = re.compile(r"\s*\|?\s*:?-{2,}:?\s*(?:\|\s*:?-{2,}:?\s*)*\|?\s*|\s*\|\s*:?-+:?\s*\|\s*")
_HEADING = re.compile(r" {0,3}(#{1,6})\s+(.*?)\s*#*\s*")
_TABLE = re.compile(r"<table[\s>]", re.IGNORECASE)
_CELL = re.compile(r"(?<!\\)\|")
_BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)
_LINK = re.compile(r"!?\[([^\[\]]*)\]\([^()\s]*(?:\s\"[^\"]*\")?\)")
_STRONG = re.compile(r"(\*\*|__)(?=\S)(.+?)(?<=\S)\1")
_WEAK = re.compile(r"(?<![\w*])([*_])(?=[^\s*_])(.+?)(?<=[^\s*_])\1(?![\w*])")
_CODE = re.compile(r"`([^`]+)`")
_FOOTNOTE = re.compile(r"\[\^([^\[\]\s]+)\](?!:)")
_ESCAPE = re.compile(r"\\([\\`*_{}\[\]()#+\-.!|<>])")
_STRUCK = re.compile(r"~~(?=\S)(.+?)(?<=\S)~~")


def is_markdown(text: str) -> bool:
    """Whether a text has a table as Markdown writes it: heads, and a row of dashes below."""
    lines = split_lines(text)
    return any(_is_rule(line) and "|" in lines[at - 1] for at, line in enumerate(lines) if at)


def markdown_document(text: str, source: str) -> Document:
    """The document of a Markdown text."""
    lines = Lines()
    rows = split_lines(text)
    at = _after_front_matter(rows)
    lines.lines += [""] * at
    while at < len(rows):
        if at + 1 < len(rows) and "|" in rows[at] and _is_rule(rows[at + 1]):
            end = at + 2
            while end < len(rows) and "|" in rows[end]:
                end += 1
            lines.add_grid(_grid(rows, at, end, f"table {len(lines.grids) + 1}"))
            lines.lines += [""] * (end - at - 1)
            at = end
            continue
        if _TABLE.search(rows[at]):
            end = next((n for n in range(at, len(rows)) if "</table>" in rows[n].lower()), len(rows) - 1) + 1
            for grid in html_document("\n".join(rows[at:end]), source).grids:
                lines.add_grid(replace(grid, name=f"table {len(lines.grids) + 1}"))
            lines.lines += [""] * (end - at - 1)
            at = end
            continue
        heading = _HEADING.fullmatch(rows[at])
        lines.add(plain(heading[2]) if heading else plain(rows[at]), len(heading[1]) if heading else 0)
        at += 1
    return lines.document(source)


def _after_front_matter(rows: list[str]) -> int:
    """The first row after what programs write about a text above it, between two lines of dashes."""
    if rows[0].strip() != "---":
        return 0
    return next((at + 1 for at, row in enumerate(rows[1:], 1) if row.strip() == "---"), 0)


def plain(text: str) -> str:
    """A text without the signs by which Markdown says how to show it."""
    text = _CODE.sub(r"\1", _LINK.sub(r"\1", text))
    for _ in range(2):
        text = _WEAK.sub(r"\2", _STRONG.sub(r"\2", text))
    return _ESCAPE.sub(r"\1", _FOOTNOTE.sub(r" [\1]", _STRUCK.sub(r"\1", text)))


def _grid(rows: list[str], start: int, end: int, name: str) -> Grid:
    numbers = [start, *range(start + 2, end)]
    struck = set()
    cells = []
    for number, row in enumerate(numbers):
        texts = [_BREAK.sub("\n", cell).strip() for cell in _cells(rows[row])]
        struck |= {(number, at) for at, text in enumerate(texts) if _STRUCK.fullmatch(text)}
        cells.append([plain(text) for text in texts])
    grid = filled(name, Shape.TEXT, cells, [])
    return replace(grid, numbers=tuple(row + 1 for row in numbers), struck=frozenset(struck))


def _cells(line: str) -> list[str]:
    bare = line.strip().removeprefix("|")
    if bare.endswith("|") and not bare.endswith("\\|"):
        bare = bare[:-1]
    return _CELL.split(bare)


def _is_rule(line: str) -> bool:
    return "-" in line and _RULE.fullmatch(line) is not None
